/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - start-up: finds the machine, and makes the first program, `root` of the archive, which
 * gets capabilities for all that there is. The only place where the kernel takes memory by
 * itself: the pages after its image, until root has what it needs.
 */
#include "elf.h"
#include "fdt.h"
#include "kernel.h"
#include "panic.h"
#include "sbi.h"
#include "string.h"

enum {
    COUNTERS_ALL = 7,
    TICKS_PER_SECOND = 1000 / TICK_MS,
    TOP = PRIORITIES - 1,
    STACK_PAGES = 2
};
enum { DEVICE_PAGE = 0x10000, DEVICE_PAGES = 9 }; /* the UART, and eight of virtio */

struct archive_entry {
    const char *name, *start, *end;
};

extern const struct archive_entry archive[];
extern char archive_start[], archive_end[];

struct thread *kernel_main(uint32_t dtb, uint32_t base); /* called by boot.S */

uint32_t phys_base;
static uint32_t next_page;

static void *boot_page(uint32_t kind)
{
    if (next_page >= page_count)
        panic("not enough memory");
    pages[next_page].kind = (uint8_t)kind;
    return memset(page_address(next_page++), 0, PAGE_SIZE);
}

/* Below is what the kernel keeps: its image, and `pages`, which come right after it. */
static void init_pages(uint32_t ram_end)
{
    page_count = (ram_end - phys_base) / PAGE_SIZE;
    pages = (struct page *)(void *)image_end;
    next_page = page_number(image_end) + page_round_up(page_count * sizeof(*pages)) / PAGE_SIZE;
    if (next_page >= page_count)
        panic("not enough memory");
    memset(pages, 0, page_count * sizeof(*pages));
    for (uint32_t n = 0; n < next_page; n++)
        if (page_address(n) < (void *)archive_start || page_address(n) >= (void *)archive_end)
            pages[n].kind = PAGE_KERNEL;
}

static void map_new(struct space *s, uint32_t va, const void *from, uint32_t n, uint32_t rights)
{
    char *page;

    if (!(s->root[va >> SUPERPAGE_SHIFT] & PTE_V))
        space_add_table(s, va, page_number(boot_page(PAGE_FRAME)));
    page = boot_page(PAGE_FRAME);
    memcpy(page, from, n);
    if (space_map(s, va, page_number(page), false, rights) < 0)
        panic("root: cannot be mapped");
}

static void load_segment(struct space *s, const char *file, const struct elf_segment *g)
{
    uint32_t rights = RIGHT_READ | (g->flags & ELF_PF_W ? RIGHT_WRITE : 0) |
                      (g->flags & ELF_PF_X ? RIGHT_EXECUTE : 0);

    for (uint32_t done = 0; done < g->memsz; done += PAGE_SIZE) {
        uint32_t left = done < g->filesz ? g->filesz - done : 0;

        map_new(s, g->vaddr + done, file + g->offset + done,
                left < PAGE_SIZE ? left : PAGE_SIZE, rights);
    }
}

/* Root is part of our own image: it is believed to be as it should. Gives its entry. */
static uint32_t load_root(struct space *s)
{
    const struct archive_entry *e = archive;
    const struct elf_header *h;
    const struct elf_segment *g;

    while (e->name && strcmp(e->name, "root") != 0)
        e++;
    if (!e->name)
        panic("no root in the archive");
    h = (const void *)e->start;
    g = (const void *)(e->start + h->phoff);
    for (uint32_t i = 0; i < h->phnum; i++)
        if (g[i].type == ELF_PT_LOAD)
            load_segment(s, e->start, &g[i]);
    return h->entry;
}

static void give(struct space *s, uint32_t slot, uint32_t type, uint32_t object, uint32_t badge)
{
    s->caps[slot] = (struct cap){
        .type = (uint8_t)type, .rights = RIGHT_ALL, .object = object, .badge = badge};
}

static void give_all(struct space *s, struct thread *t, struct first_info *info)
{
    uint32_t archive_page = page_number(archive_start);

    info->memory_pages = page_count - next_page;
    info->memory_page = virt_to_phys(page_address(next_page)) / PAGE_SIZE;
    info->archive_pages = page_number(archive_end) - archive_page;
    info->archive_address = (uint32_t)archive_start;
    info->archive_table = (uint32_t)archive;
    info->device_page = DEVICE_PAGE;
    cap_set(&s->caps[FIRST_SELF], CAP_SPACE, s, 0);
    cap_set(&s->caps[FIRST_THREAD], CAP_THREAD, t, 0);
    give(s, FIRST_MEMORY, CAP_MEMORY, next_page, info->memory_pages);
    give(s, FIRST_ARCHIVE, CAP_MEMORY, archive_page, info->archive_pages);
    s->caps[FIRST_ARCHIVE].rights = RIGHT_READ;
    give(s, FIRST_DEVICES, CAP_DEVICE, DEVICE_PAGE, DEVICE_PAGES);
    give(s, FIRST_IRQS, CAP_IRQ, IRQS, 0);
    give(s, FIRST_CONTROL, CAP_CONTROL, 0, 0);
}

static struct thread *make_root(const struct machine *m)
{
    struct space *s = boot_page(PAGE_SPACE);
    struct thread *t = boot_page(PAGE_THREAD);
    struct first_info info = {.timebase = m->timebase,
                              .interval = m->timebase / TICKS_PER_SECOND};

    object_make_space(s, boot_page(PAGE_ROOT));
    object_make_thread(t, s, TOP);
    t->x[0] = load_root(s);
    memcpy(info.command, m->bootargs, COMMAND_SIZE);
    for (uint32_t i = 1; i <= STACK_PAGES; i++)
        map_new(s, FIRST_INFO - i * PAGE_SIZE, NULL, 0, RIGHT_READ | RIGHT_WRITE);
    t->x[REG_SP] = FIRST_INFO;
    map_new(s, FIRST_INFO, &info, sizeof(info), RIGHT_READ);
    give_all(s, t, page_address(next_page - 1)); /* the page that was mapped: now it is known */
    t->state = READY;
    return t;
}

static uint32_t usable_end(const struct machine *m)
{
    uint32_t window = (MAX_SUPERPAGES - 1) * (uint32_t)SUPERPAGE_SIZE;
    uint32_t above = m->ram_size - (phys_base - m->ram_base);

    if (phys_base < m->ram_base || phys_base - m->ram_base >= m->ram_size)
        panic("the kernel is not in memory");
    return phys_base + (above < window ? above : window);
}

struct thread *kernel_main(uint32_t dtb, uint32_t base)
{
    static struct machine machine;

    phys_base = base;
    sbi_init();
    fdt_read(phys_to_virt(dtb), &machine);
    init_pages(usable_end(&machine));
    space_init(usable_end(&machine));
    csr_write(scounteren, COUNTERS_ALL);
    current = make_root(&machine);
    irq_init(machine.timebase / TICKS_PER_SECOND);
    csr_clear(sstatus, SSTATUS_SPP);
    csr_set(sstatus, SSTATUS_SPIE);
    space_enter(current->space);
    return current;
}
