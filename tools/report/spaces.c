/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spaces.c - page tables, as they are at the end: the guest's (gva to gpa), as regions with the
 * same rights; the monitor's pmap (gpa to mpa) and shadow tables (gva to mpa), in figures. Guests
 * may have put anything into theirs: two levels are read, and nothing is followed further.
 */
#include <inttypes.h>

#include "tools/report/parts.h"

#define REGIONS 24u /* that are shown */
#define RIGHTS (PTE_R | PTE_W | PTE_X | PTE_U)

/* What a guest's table maps. */
struct region {
    uint32_t first, rights;
    uint64_t gpa, size;
};

struct space {
    struct vm *vm;
    uint64_t pages;
    uint32_t superpages, tables, regions;
    struct region list[REGIONS];
    struct region now; /* grows; size 0: none */
};

static void end_region(struct space *space)
{
    if (!space->now.size)
        return;
    if (space->regions < REGIONS)
        space->list[space->regions] = space->now;
    space->regions++;
    space->now.size = 0;
}

static void add_leaf(struct space *space, uint32_t va, uint32_t pte, uint32_t size)
{
    struct region *now = &space->now;
    uint32_t rights = pte & RIGHTS;

    if (!now->size || now->rights != rights || now->first + now->size != va) {
        end_region(space);
        *now = (struct region){va, rights, (uint64_t)PTE_PPN(pte) << PAGE_SHIFT, 0};
    }
    now->size += size;
    space->pages += size >> PAGE_SHIFT;
    space->superpages += size > PAGE_SIZE;
}

static bool is_leaf(uint32_t pte)
{
    return (pte & PTE_V) && (pte & (PTE_R | PTE_X));
}

/* False: the table is not in the guest's memory. */
static bool read_table(struct space *space, uint64_t pa, uint32_t entries[SV32_ENTRIES])
{
    const uint8_t *bytes = phys_host(&space->vm->phys, pa, false);

    for (unsigned i = 0; bytes && i < SV32_ENTRIES; i++)
        entries[i] = load_le32(bytes + 4 * i);
    space->tables += bytes != NULL;
    return bytes != NULL;
}

static void read_space(struct space *space, struct vm *vm, uint32_t satp)
{
    uint32_t root[SV32_ENTRIES], table[SV32_ENTRIES];

    *space = (struct space){.vm = vm};
    if (!read_table(space, (uint64_t)(satp & SATP_PPN) << PAGE_SHIFT, root))
        return;
    for (uint32_t i = 0; i < SV32_ENTRIES; i++) {
        bool inner = (root[i] & PTE_V) && !is_leaf(root[i]);

        if (is_leaf(root[i]))
            add_leaf(space, i << 22, root[i], 1u << 22);
        if (!inner || !read_table(space, (uint64_t)PTE_PPN(root[i]) << PAGE_SHIFT, table))
            continue;
        for (uint32_t k = 0; k < SV32_ENTRIES; k++)
            if (is_leaf(table[k]))
                add_leaf(space, i << 22 | k << PAGE_SHIFT, table[k], PAGE_SIZE);
    }
    end_region(space);
}

/* ---- Writing ---- */

static void write_regions(FILE *out, const struct space *space, const char *caption)
{
    struct page_table table;

    page_table(&table, out, caption, "ccrlc", "virtual from\tto\tsize\trights\tphysical from");
    for (uint32_t i = 0; i < space->regions && i < REGIONS; i++) {
        const struct region *region = &space->list[i];
        char size[TEXT_NUMBER];

        page_cell(&table, "0x%08" PRIx32, region->first);
        page_cell(&table, "0x%08" PRIx32, (uint32_t)(region->first + region->size - 1));
        page_cell(&table, "%s", text_size(region->size, size));
        page_cell(&table, "%s%s%s%s", region->rights & PTE_R ? "r" : "-",
                  region->rights & PTE_W ? "w" : "-", region->rights & PTE_X ? "x" : "-",
                  region->rights & PTE_U ? ", user" : "");
        page_cell(&table, "0x%08" PRIx64, region->gpa);
    }
    page_table_end(&table);
    if (space->regions > REGIONS)
        page_note(out, "%" PRIu32 " regions more are left out.", space->regions - REGIONS);
}

static void write_space(FILE *out, struct vm *vm, unsigned k, uint32_t satp, const char *whose)
{
    struct space space;
    char caption[96], pages[TEXT_NUMBER];

    read_space(&space, vm, satp);
    snprintf(caption, sizeof caption, "vm%u: %s, satp 0x%08" PRIx32, k, whose, satp);
    write_regions(out, &space, caption);
    page_note(out, "%s pages mapped by %" PRIu32 " tables, %" PRIu32 " entries for 4 MiB.",
              text_grouped(space.pages, pages), space.tables, space.superpages);
}

static void write_guest(FILE *out, const struct gather *gather, unsigned k)
{
    struct vm *vm = &gather->machine->vms[k];
    uint32_t satp = vm->cpu->hart.satp, user = gather->user_satps[k];

    if (satp & SATP_SV32)
        write_space(out, vm, k, satp, "the guest\u2019s table in use");
    else
        page_say(out, "The guest has translation off: virtual addresses are physical ones.");
    if ((user & SATP_SV32) && user != satp)
        write_space(out, vm, k, user, "that of the program that called the kernel last");
}

static uint64_t live_entries(const struct shadow *shadow)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < shadow->root_count; i++)
        sum += shadow->roots[i].used ? shadow->roots[i].live : 0;
    return sum;
}

static void write_memory(FILE *out, const struct gather *gather, unsigned k)
{
    const struct machine *machine = gather->machine;
    char size[TEXT_NUMBER];

    page_fact(out, "RAM", "%s from 0x%08" PRIx64,
              text_size(machine->vms[k].config.ram_size, size),
              machine->vms[k].config.ram_base);
    page_fact(out, "Pages of it that were touched", "%" PRIu32,
              machine_pages(machine, k, PAGE_GUEST));
    if (machine->vmm.share.on)
        page_fact(out, "Pages of it that are shared", "%" PRIu32,
                  machine_pages(machine, k, PAGE_SHARED));
    page_fact(out, "Tables of the pmap", "%" PRIu32 " pages",
              machine_pages(machine, k, PAGE_PMAP));
}

/* With hardware assistance the CPU walks both tables itself. */
static void write_shadow(FILE *out, struct vm *vm)
{
    const struct shadow *shadow = &vm->shadow;
    unsigned stale = 0, wrong;
    char fills[TEXT_NUMBER], drops[TEXT_NUMBER];

    if (vm->config.monitor == VM_ASSIST) {
        page_fact(out, "Shadow", "none: the CPU walks the guest\u2019s table and the pmap");
        return;
    }
    wrong = vm_shadow_check(vm, &stale);
    page_fact(out, "Shadow tables",
              "%" PRIu32 " leaf tables, %" PRIu64 " valid entries, policy %s", shadow->tables,
              live_entries(shadow), options_shadow_name(shadow->policy));
    page_fact(out, "Shadow entries so far", "%s made, %s dropped, %" PRIu64 " tables evicted",
              text_grouped(shadow->fills, fills), text_grouped(shadow->drops, drops),
              shadow->evictions);
    page_fact(out, "Compared with the guest\u2019s",
              "%u entries with a page or a right that the "
              "guest has not%s; %u older than the guest\u2019s, as in a TLB",
              wrong, wrong ? ": the monitor is wrong" : "", stale);
}

void spaces_write(FILE *out, struct gather *gather)
{
    unsigned shown = run_page_shown(out, gather);

    for (unsigned k = 0; k < shown; k++) {
        struct vm *vm = &gather->machine->vms[k];

        fprintf(out, "<h3>vm%u</h3>\n", k);
        if (machine_released(gather->machine, k)) {
            page_say(out, "Its memory has been given back.");
            continue;
        }
        page_facts(out);
        write_memory(out, gather, k);
        write_shadow(out, vm);
        page_facts_end(out);
        write_guest(out, gather, k);
    }
}
