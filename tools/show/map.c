/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * map.c - inspects and draws the mappings; `pz map` itself is run/map.c. No side effects: no
 * page is attached, no A or D bit set.
 */
#include "tools/show/map.h"

#include <inttypes.h>

#include "isa/csr.h"
#include "tools/base/base.h"
#include "tools/show/report.h"

static uint8_t *host_of(const struct machine *machine, struct mpa mpa)
{
    return allocate_host(&machine->vmm.allocator, mpa);
}

/* From a guest-physical address on, the way is the monitor's. */
static void follow(struct map_row *row, struct machine *machine, struct vm *vm, uint64_t gpa)
{
    row->gpa = (struct gpa){gpa};
    row->mpa = pmap_lookup(&vm->pmap, row->gpa);
    row->mapped = row->mpa.v != 0;
    if (row->mapped)
        memcpy(row->bytes, host_of(machine, row->mpa), MAP_BYTES);
}

static bool probe(struct sv32_space *space, uint32_t va, struct sv32_walk *walk)
{
    return sv32_probe(space, va, ACCESS_FETCH, walk) == SV32_OK ||
           sv32_probe(space, va, ACCESS_LOAD, walk) == SV32_OK;
}

static void look_at_program(struct map_row *row, struct machine *machine, struct vm *vm,
                            uint32_t user_satp)
{
    struct sv32_space space = vm_space(vm);
    struct sv32_walk walk;

    space.mode = HART_USER;
    space.satp = user_satp ? user_satp : space.satp;
    if ((space.satp & SATP_SV32) && probe(&space, 0, &walk))
        follow(row, machine, vm, walk.pa);
}

/* Where the kernel was linked to see the page that RAM begins with. */
static uint32_t kernel_va(const struct image *image, uint64_t ram_base)
{
    const struct elf_segment *first = &image->elf.segments[0];

    for (unsigned i = 1; i < image->elf.count; i++)
        if (image->elf.segments[i].pa < first->pa)
            first = &image->elf.segments[i];
    return first->va - (first->pa - (uint32_t)ram_base);
}

static void look_at_kernel(struct map_row *row, struct machine *machine, struct vm *vm,
                           const struct image *image)
{
    struct sv32_space space = vm_space(vm);
    struct sv32_walk walk;

    space.mode = HART_SUPERVISOR;
    row->gva.v = kernel_va(image, vm->config.ram_base);
    if (!(space.satp & SATP_SV32))
        row->gva.v = (uint32_t)vm->config.ram_base;
    if (probe(&space, row->gva.v, &walk))
        follow(row, machine, vm, walk.pa);
}

void map_look(struct map_vm *map, struct machine *machine, unsigned k, uint32_t user_satp)
{
    struct vm *vm = &machine->vms[k];

    *map = (struct map_vm){0};
    if (machine_released(machine, k))
        return;
    look_at_program(&map->rows[MAP_PROGRAM], machine, vm, user_satp);
    look_at_kernel(&map->rows[MAP_KERNEL], machine, vm, machine_image(machine, k));
}

bool map_same_bytes(struct machine *machine)
{
    struct map_vm first, other;

    map_look(&first, machine, 0, 0);
    for (unsigned k = 1; k < machine->count; k++) {
        map_look(&other, machine, k, 0);
        if (!first.rows[MAP_KERNEL].mapped || !other.rows[MAP_KERNEL].mapped ||
            memcmp(host_of(machine, first.rows[MAP_KERNEL].mpa),
                   host_of(machine, other.rows[MAP_KERNEL].mpa), PAGE_SIZE))
            return false;
    }
    return true;
}

/* ---- Drawing ---- */

static const char *arrow(void)
{
    return text_utf8() ? "\u2500\u2500\u25b6" : "-->";
}

static void bytes_text(const struct map_row *row, char text[3 * MAP_BYTES + 1])
{
    for (unsigned i = 0; i < MAP_BYTES; i++)
        snprintf(text + 3 * i, 4, "%02x ", row->bytes[i]);
}

static void add_row(struct table *table, const char *vm, const char *who,
                    const struct map_row *row)
{
    char bytes[3 * MAP_BYTES + 1];

    if (!row->mapped) {
        table_add(table, "%s\t%s\t0x%08" PRIx32 "\t \tnot mapped now", vm, who, row->gva.v);
        return;
    }
    bytes_text(row, bytes);
    table_add(table, "%s\t%s\t0x%08" PRIx32 "\t%s\t0x%08" PRIx64 "\t%s\t0x%08" PRIx32 "\t%s",
              vm, who, row->gva.v, arrow(), row->gpa.v, arrow(), row->mpa.v, bytes);
}

static void draw_ways(FILE *out, struct machine *machine, const uint32_t *user_satps,
                      unsigned width)
{
    struct table table;

    table_init(&table, "llllllll");
    table_add(&table, "VM\twho\tvirtual\t \tphysical\t \tmachine\tfirst bytes there");
    for (unsigned k = 0; k < machine->count; k++) {
        struct map_vm map;
        char name[16];

        map_look(&map, machine, k, user_satps ? user_satps[k] : 0);
        snprintf(name, sizeof name, "vm%u", k);
        add_row(&table, name, "program", &map.rows[MAP_PROGRAM]);
        add_row(&table, " ", "kernel", &map.rows[MAP_KERNEL]);
    }
    table_print(&table, out, 2, width);
}

#define STRIP_MOST 4u /* lines of the drawing of memory */

struct map_owner map_owner(const struct machine *machine, uint32_t number)
{
    const struct page *page =
        allocate_info(&machine->vmm.allocator, (struct mpa){number << PAGE_SHIFT});

    switch ((enum page_kind)page->kind) {
    case PAGE_FREE: return (struct map_owner){MAP_USE_FREE, 0};
    case PAGE_RESERVED: return (struct map_owner){MAP_USE_ASIDE, 0};
    case PAGE_MONITOR:
    case PAGE_SHARE_TABLE: return (struct map_owner){MAP_USE_MONITOR, 0};
    case PAGE_SHARED: return (struct map_owner){MAP_USE_SHARED, 0};
    case PAGE_GUEST: return (struct map_owner){MAP_USE_RAM, page->owner - 1u};
    default: return (struct map_owner){MAP_USE_TABLES, page->owner ? page->owner - 1u : 0};
    }
}

static bool in_use(struct map_owner owner)
{
    return owner.use != MAP_USE_FREE && owner.use != MAP_USE_ASIDE;
}

/* One for `count` pages: that of the first that is in use, if any is. */
struct map_owner map_owner_of(const struct machine *machine, uint32_t first, uint32_t count)
{
    struct map_owner owner = map_owner(machine, first);

    for (uint32_t i = 1; i < count && !in_use(owner); i++)
        owner = map_owner(machine, first + i);
    return owner;
}

uint32_t map_used(const struct machine *machine)
{
    const struct allocator *allocator = &machine->vmm.allocator;

    return allocator->fresh < allocator->count ? allocator->fresh : allocator->count;
}

/* A character for it. */
static char letter_of(struct map_owner owner)
{
    static const char letters[MAP_USES] = {
        [MAP_USE_FREE] = '.',   [MAP_USE_ASIDE] = '-',  [MAP_USE_MONITOR] = 'M',
        [MAP_USE_SHARED] = '=', [MAP_USE_TABLES] = 's', [MAP_USE_RAM] = '#'};

    return owner.use == MAP_USE_RAM && owner.vm < 10 ? (char)('0' + owner.vm)
                                                     : letters[owner.use];
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Machine memory as far as it was ever used, one letter for each `step` pages. */
static void draw_strip(FILE *out, const struct machine *machine, unsigned columns)
{
    uint32_t used = map_used(machine);
    uint32_t step = used / (STRIP_MOST * columns) + 1;

    fprintf(out, "\n  Machine memory, a letter for %" PRIu32 " page%s:\n", step,
            step == 1 ? "" : "s");
    for (uint32_t at = 0; at < used; at += step) {
        if (at % (step * columns) == 0)
            fprintf(out, "%s  0x%08" PRIx32 " ", at ? "\n" : "", at << PAGE_SHIFT);
        fputc(letter_of(map_owner_of(machine, at, smaller(step, used - at))), out);
    }
    fprintf(out,
            "\n  M monitor, 0 1 2.. RAM of vm0, vm1, vm2.., %ss shadow tables and the like, "
            "- set aside, . free\n",
            machine->vmm.share.on ? "= shared, " : "");
}

static void draw_moral(FILE *out, struct machine *machine)
{
    if (machine->count < 2)
        return;
    if (map_same_bytes(machine))
        fputs("\n  The kernels' pages hold the same bytes at different places: "
              "each VM has a page 0 of its own.\n",
              out);
    else
        fputs("\n  Each VM has a page 0 of its own.\n", out);
}

void map_draw(FILE *out, struct machine *machine, const uint32_t *user_satps, unsigned width)
{
    unsigned columns = width && width < 80 ? (width > 24 ? width - 14 : 10) : 64;

    fputs("Who has page 0?\n", out);
    draw_ways(out, machine, user_satps, width);
    draw_moral(out, machine);
    draw_strip(out, machine, columns);
    report_moving(out, machine, "\n  ");
}
