/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build.c - makes a server: an address space with its program, a stack, letters and whatever
 * else it is to see, capabilities for those it may call, and a thread. All of it out of pages that
 * are the server's for good: to start it again they are recalled and built anew.
 */
#include "elf.h"
#include "root.h"

struct archive_entry {
    const char *name, *start, *end;
};

/* Where a server may have something: a table of pages for each. */
static const uint32_t windows[] = {0,       STACK_BASE, LETTERS, FIRST_INFO,
                                   ARCHIVE, DEVICE,     SCRATCH};

enum {
    WINDOWS = sizeof(windows) / sizeof(windows[0]),
    OBJECTS = 3,   /* the space, its root, the thread */
    DMA_PAGES = 3, /* of the disk's driver */
    UART_PAGE = 0,
    UART_IRQ = 10,
    /* The pager's further slots: it makes processes' capabilities out of these. */
    MEM_TO_PROC = S_FREE,
    MEM_TO_MEM,
    MEM_TO_ROOT,
    MEM_TO_NULL,
};

static uint32_t letters_page, info_page;
static uint32_t next_page; /* of the server that is being built */

/* Pointers in the archive are the kernel's. */
static const void *in_archive(const void *p)
{
    return (const char *)p - info->archive_address + ARCHIVE;
}

static const struct elf_header *find_file(const char *name)
{
    const struct archive_entry *e = in_archive((const void *)info->archive_table);

    for (; e->name; e++)
        if (strcmp(in_archive(e->name), name) == 0)
            return in_archive(e->start);
    root_give_up("a server's file is missing");
}

static uint32_t pages_of(uint32_t bytes)
{
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
}

static const struct elf_segment *segments(const struct elf_header *h)
{
    return (const void *)((const char *)h + h->phoff);
}

static uint32_t count_pages(const struct elf_header *h)
{
    uint32_t n = OBJECTS + WINDOWS + STACK_PAGES;

    for (uint32_t i = 0; i < h->phnum; i++)
        if (segments(h)[i].type == ELF_PT_LOAD)
            n += pages_of(segments(h)[i].memsz);
    return n;
}

static void share_information(void)
{
    struct first_info *copy = (struct first_info *)SCRATCH;

    info_page = root_take(1);
    root_must(kcall_map(FIRST_SELF, SCRATCH, FIRST_MEMORY, info_page, RIGHT_READ | RIGHT_WRITE),
              "information");
    memcpy(copy, info, sizeof(*copy));
    for (uint32_t i = 0; i < SERVERS; i++) {
        struct server *s = &servers[i];

        s->pages = count_pages(find_file(s->name)) + (i == SERVER_BLOCK ? DMA_PAGES : 0);
        s->first_page = root_take(s->pages);
        s->memory_slot = OBJECT_SLOT + 4 * i;
        root_must(kcall_cap_part(FIRST_SELF, s->memory_slot, FIRST_MEMORY, s->first_page,
                                 s->pages, RIGHT_ALL),
                  "memory");
    }
    letters_page = root_take(LETTER_COUNT);
    copy->memory_pages = info->memory_pages - root_take(0);
    root_must(kcall_unmap(FIRST_SELF, SCRATCH), "information");
}

void root_share(void)
{
    share_information();
    root_must(kcall_cap_part(FIRST_SELF, LETTERS_SLOT, FIRST_MEMORY, letters_page, LETTER_COUNT,
                             RIGHT_ALL),
              "letters");
    root_must(kcall_cap_part(FIRST_SELF, POOL_SLOT, FIRST_MEMORY, root_take(0),
                             info->memory_pages - root_take(0), RIGHT_ALL),
              "memory of processes");
}

/* A new page with these bytes, then zeros. */
static void add_page(struct server *s, uint32_t va, const char *from, uint32_t n,
                     uint32_t rights)
{
    char *scratch = (char *)SCRATCH;

    root_must(
        kcall_map(FIRST_SELF, SCRATCH, s->memory_slot, next_page, RIGHT_READ | RIGHT_WRITE),
        "scratch");
    memcpy(scratch, from, n);
    memset(scratch + n, 0, PAGE_BYTES - n);
    root_must(kcall_map(s->space_slot, va, s->memory_slot, next_page++, rights), "page");
    root_must(kcall_unmap(FIRST_SELF, SCRATCH), "scratch");
}

static void load_segment(struct server *s, const char *file, const struct elf_segment *g)
{
    uint32_t rights = RIGHT_READ | (g->flags & ELF_PF_W ? RIGHT_WRITE : 0) |
                      (g->flags & ELF_PF_X ? RIGHT_EXECUTE : 0);

    for (uint32_t done = 0; done < g->memsz; done += PAGE_BYTES) {
        uint32_t left = done < g->filesz ? g->filesz - done : 0;

        add_page(s, g->vaddr + done, file + g->offset + done,
                 left < PAGE_BYTES ? left : PAGE_BYTES, rights);
    }
}

static void load(struct server *s, const struct elf_header *h)
{
    for (uint32_t i = 0; i < h->phnum; i++)
        if (segments(h)[i].type == ELF_PT_LOAD)
            load_segment(s, (const char *)h, &segments(h)[i]);
    for (uint32_t i = 1; i <= STACK_PAGES; i++)
        add_page(s, STACK_TOP - i * PAGE_BYTES, NULL, 0, RIGHT_READ | RIGHT_WRITE);
}

static void show(struct server *s, uint32_t va, uint32_t slot, uint32_t first, uint32_t pages,
                 uint32_t rights)
{
    for (uint32_t i = 0; i < pages; i++)
        root_must(kcall_map(s->space_slot, va + i * PAGE_BYTES, slot, first + i, rights),
                  "window");
}

static void give(struct server *s, uint32_t slot, uint32_t from, uint32_t badge,
                 uint32_t rights)
{
    root_must(kcall_cap_copy(s->space_slot, slot, from, badge, rights), "capability");
}

static void bind(uint32_t irq, uint32_t server, uint32_t bits)
{
    root_must(kcall_cap_copy(FIRST_SELF, BUILD_SLOT, ENDPOINT_SLOT + server, bits, RIGHT_SEND),
              "interrupt");
    root_must(kcall_irq_bind(FIRST_IRQS, irq, BUILD_SLOT), "interrupt");
}

static void equip_con(struct server *s)
{
    show(s, DEVICE, FIRST_DEVICES, UART_PAGE, 1, RIGHT_READ | RIGHT_WRITE);
    give(s, S_IRQ, FIRST_IRQS, UART_IRQ, RIGHT_MANAGE);
    give(s, S_PROC, ENDPOINT_SLOT + SERVER_PROC, SIGNAL_INTERRUPT, RIGHT_SEND);
    bind(UART_IRQ, SERVER_CON, SIGNAL_DEVICE);
}

/* Which of the virtio devices is a disk: its page, from 1 up, and so its interrupt; 0: none. */
static uint32_t find_disk(void)
{
    enum { SLOTS_OF_VIRTIO = 8, MAGIC = 0x74726976, ID = 2, BLOCK_DEVICE = 2 };
    const volatile uint32_t *regs = (const volatile uint32_t *)SCRATCH;
    uint32_t found = 0;

    for (uint32_t i = 1; i <= SLOTS_OF_VIRTIO && !found; i++) {
        root_must(kcall_map(FIRST_SELF, SCRATCH, FIRST_DEVICES, i, RIGHT_READ), "device");
        if (regs[0] == MAGIC && regs[ID] == BLOCK_DEVICE)
            found = i;
    }
    root_must(kcall_unmap(FIRST_SELF, SCRATCH), "device");
    return found;
}

/* Its registers, its interrupt, and memory of which it knows where it is. */
static void equip_block(struct server *s)
{
    uint32_t device = find_disk();

    s->argument[0] = device;
    s->argument[1] = info->memory_page + s->first_page + next_page;
    for (uint32_t i = 1; i <= DMA_PAGES; i++)
        add_page(s, DEVICE + i * PAGE_BYTES, NULL, 0, RIGHT_READ | RIGHT_WRITE);
    if (!device)
        return;
    show(s, DEVICE, FIRST_DEVICES, device, 1, RIGHT_READ | RIGHT_WRITE);
    give(s, S_IRQ, FIRST_IRQS, device, RIGHT_MANAGE);
    bind(device, SERVER_BLOCK, SIGNAL_DEVICE);
}

static void equip_fs(struct server *s)
{
    show(s, ARCHIVE, FIRST_ARCHIVE, 0, info->archive_pages, RIGHT_READ);
}

static void equip_mem(struct server *s)
{
    give(s, S_MEMORY, POOL_SLOT, 0, RIGHT_ALL);
    give(s, S_PLACE, LETTERS_SLOT, 0, RIGHT_ALL);
    give(s, S_PROC, ENDPOINT_SLOT + SERVER_PROC, SIGNAL_DEATH, RIGHT_SEND);
    give(s, MEM_TO_PROC, ENDPOINT_SLOT + SERVER_PROC, 0, RIGHT_SEND);
    give(s, MEM_TO_MEM, ENDPOINT_SLOT + SERVER_MEM, 0, RIGHT_SEND);
    give(s, MEM_TO_ROOT, ROOT_SLOT, 0, RIGHT_SEND);
    give(s, MEM_TO_NULL, ENDPOINT_SLOT + SERVER_NOTHING, 0, RIGHT_SEND);
}

static void equip_proc(struct server *s)
{
    give(s, S_MEM, ENDPOINT_SLOT + SERVER_MEM, BADGE_PROC, RIGHT_SEND);
    give(s, S_FS, ENDPOINT_SLOT + SERVER_FS, BADGE_PROC, RIGHT_SEND);
    give(s, S_CON, ENDPOINT_SLOT + SERVER_CON, BADGE_PROC, RIGHT_SEND);
    give(s, S_DISK, ENDPOINT_SLOT + SERVER_BLOCK, BADGE_PROC, RIGHT_SEND);
    give(s, S_CONTROL, FIRST_CONTROL, 0, RIGHT_MANAGE);
    bind(IRQ_TICK, SERVER_PROC, SIGNAL_TICK);
}

static void (*const equip[SERVERS])(struct server *s) = {
    [SERVER_CON] = equip_con, [SERVER_FS] = equip_fs,     [SERVER_BLOCK] = equip_block,
    [SERVER_MEM] = equip_mem, [SERVER_PROC] = equip_proc,
};

static void make_space(struct server *s)
{
    uint32_t m = s->memory_slot;

    s->space_slot = m + 1;
    root_must(kcall_make(CAP_SPACE, m, 0, s->space_slot, 1, 0, 0), "space");
    next_page = 2;
    for (uint32_t i = 0; i < WINDOWS; i++)
        root_must(kcall_map_table(s->space_slot, windows[i], m, next_page++), "table");
    show(s, LETTERS, LETTERS_SLOT, 0, LETTER_COUNT, RIGHT_READ | RIGHT_WRITE);
    show(s, FIRST_INFO, FIRST_MEMORY, info_page, 1, RIGHT_READ);
    give(s, S_SELF, s->space_slot, 0, RIGHT_MANAGE);
}

static void start_thread(struct server *s, uint32_t entry)
{
    uint32_t number = (uint32_t)(s - servers);

    s->thread_slot = s->memory_slot + 2;
    root_must(
        kcall_cap_copy(FIRST_SELF, HANDLER_SLOT, ROOT_SLOT, BADGE_SERVER + number, RIGHT_SEND),
        "handler");
    root_must(kcall_make(CAP_THREAD, s->memory_slot, next_page++, s->thread_slot, s->space_slot,
                         HANDLER_SLOT, s->priority),
              "thread");
    root_must(
        kcall_thread_set(s->thread_slot, 0, entry, STACK_TOP, s->argument[0], s->argument[1]),
        "thread");
}

void root_start(struct server *s)
{
    const struct elf_header *h = find_file(s->name);
    uint32_t number = (uint32_t)(s - servers);

    root_must(kcall_recall(s->memory_slot), "recall");
    make_space(s);
    load(s, h);
    give(s, S_OWN, ENDPOINT_SLOT + number, 0, RIGHT_RECEIVE);
    s->argument[0] = servers[SERVER_MEM].deaths + servers[SERVER_PROC].deaths;
    s->argument[1] = s->deaths;
    if (equip[number])
        equip[number](s);
    if (s->pages < next_page + 1)
        root_give_up("a server is larger than it should be");
    start_thread(s, h->entry);
}
