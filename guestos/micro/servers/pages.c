/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages.c - the pages of the pager's memory: free, shared, held back; and what a process may do
 * with its own. Page n of us is page n - 1 of the memory capability, so that 0 can be none.
 */
#include "mem.h"

enum { MAX_PAGES = 32768 };

static uint16_t refs[MAX_PAGES + 1];
uint16_t next_of[MAX_PAGES + 1];
static uint16_t free_list;
static uint32_t total, free_count, held;
static uint16_t in_window[2];

void mem_init(uint32_t pages)
{
    total = pages < MAX_PAGES ? pages : MAX_PAGES;
    for (uint32_t n = total; n > 0; n--)
        page_free((uint16_t)n);
}

uint32_t mem_total(void)
{
    return total;
}

uint32_t mem_available(void)
{
    return free_count - held;
}

uint16_t page_take(void)
{
    uint16_t page = free_list;

    if (mem_available() == 0)
        return 0;
    free_list = next_of[page];
    next_of[page] = 0;
    free_count--;
    return page;
}

void page_free(uint16_t page)
{
    next_of[page] = free_list;
    free_list = page;
    free_count++;
}

void page_share(uint16_t page)
{
    refs[page]++;
}

void page_drop(uint16_t page)
{
    if (--refs[page] == 0)
        page_free(page);
}

char *page_window(uint16_t page, uint32_t which)
{
    uint32_t va = MEM_SCRATCH + which * PAGE_BYTES;

    if (in_window[which] != page)
        kcall_map(S_SELF, va, S_MEMORY, page - 1u, RIGHT_READ | RIGHT_WRITE);
    in_window[which] = page;
    return (char *)va;
}

/* The kernel takes no page for itself that somebody sees. */
void page_windows_close(void)
{
    for (uint32_t i = 0; i < 2; i++) {
        if (in_window[i])
            kcall_unmap(S_SELF, MEM_SCRATCH + i * PAGE_BYTES);
        in_window[i] = 0;
    }
}

int32_t page_object(uint32_t type, uint16_t page, uint32_t slot, uint32_t argument,
                    uint32_t handler)
{
    enum { PRIORITY_OF_PROCESSES = 2 };

    page_windows_close();
    return kcall_make(type, S_MEMORY, page - 1u, slot, argument, handler,
                      PRIORITY_OF_PROCESSES);
}

static int32_t add_table(struct image *im, uint32_t va)
{
    uint16_t page = page_take();

    if (!page)
        return -ENOMEM;
    page_windows_close();
    kcall_map_table(im->slot, va, S_MEMORY, page - 1u);
    next_of[page] = im->own;
    im->own = page;
    return 0;
}

int32_t image_map(struct image *im, uint32_t va, uint16_t page, uint32_t rights)
{
    int32_t error = kcall_map(im->slot, va, S_MEMORY, page - 1u, rights);

    if (error != -ENOENT)
        return error;
    error = add_table(im, va);
    return error < 0 ? error : kcall_map(im->slot, va, S_MEMORY, page - 1u, rights);
}

static uint32_t round_up(uint32_t n)
{
    return (n + PAGE_BYTES - 1) & ~(uint32_t)(PAGE_BYTES - 1);
}

static bool is_stack(uint32_t va)
{
    return va >= STACK_BASE && va < STACK_TOP;
}

static bool is_demand_zero(const struct task *t, uint32_t va)
{
    return (va >= t->heap_start && va < round_up(t->heap_end)) || is_stack(va);
}

static bool is_writable(const struct task *t, uint32_t va)
{
    return (va >= t->writable && va < round_up(t->heap_end)) || is_stack(va);
}

static int32_t add_zero_page(struct task *t, uint32_t va)
{
    uint16_t page = page_take();
    int32_t error;

    if (!page)
        return -ENOMEM;
    memset(page_window(page, 0), 0, PAGE_BYTES);
    error = image_map(&t->image, va, page, RIGHT_READ | RIGHT_WRITE);
    if (error < 0)
        page_free(page);
    else
        page_share(page);
    return error;
}

/* The last one that has a shared page needs no copy. */
static int32_t make_writable(struct task *t, uint32_t va, uint16_t page)
{
    uint16_t copy;

    if (refs[page] == 1)
        return image_map(&t->image, va, page, RIGHT_READ | RIGHT_WRITE);
    copy = page_take();
    if (!copy)
        return -ENOMEM;
    memcpy(page_window(copy, 0), page_window(page, 1), PAGE_BYTES);
    page_share(copy);
    page_drop(page);
    return image_map(&t->image, va, copy, RIGHT_READ | RIGHT_WRITE);
}

/* The page at va, if there is one. */
static bool find_page(const struct task *t, uint32_t va, struct mapping *found)
{
    uint32_t start = va & ~(uint32_t)(PAGE_BYTES - 1);

    return kcall_next_mapping(t->image.slot, start, start + PAGE_BYTES, S_MEMORY, found) == 0;
}

int32_t mem_resolve(struct task *t, uint32_t va, uint32_t right)
{
    struct mapping m;

    va &= ~(uint32_t)(PAGE_BYTES - 1);
    if (!find_page(t, va, &m))
        return right != RIGHT_EXECUTE && is_demand_zero(t, va) ? add_zero_page(t, va) : -EFAULT;
    if (m.rights & right)
        return 0;
    if (right != RIGHT_WRITE || !is_writable(t, va))
        return -EFAULT;
    return make_writable(t, va, (uint16_t)(m.page + 1));
}

bool mem_is_protected(const struct task *t, uint32_t va)
{
    return va >= t->protected_from && va < t->protected_to;
}

static void give_back(struct task *t, uint32_t from, uint32_t to)
{
    struct mapping m;

    while (kcall_next_mapping(t->image.slot, from, to, S_MEMORY, &m) == 0) {
        kcall_unmap(t->image.slot, m.va);
        page_drop((uint16_t)(m.page + 1));
        from = m.va + PAGE_BYTES;
    }
}

int32_t mem_sbrk(struct task *t, int32_t n)
{
    uint32_t old = t->heap_end, end = old + (uint32_t)n;

    if (n < 0) {
        if (end < t->heap_start || end > old)
            return -EINVAL;
        give_back(t, round_up(end), round_up(old));
    } else if (end < old || end > HEAP_LIMIT ||
               (round_up(end) - round_up(old)) / PAGE_BYTES > mem_available()) {
        return -ENOMEM;
    }
    t->heap_end = end;
    return (int32_t)old;
}

int32_t mem_hold(struct task *t, uint32_t pages)
{
    if (pages > mem_available() + t->held)
        return -ENOMEM;
    held += pages - t->held;
    t->held = pages;
    return 0;
}

void mem_release_held(struct task *t)
{
    held -= t->held;
    t->held = 0;
}

static void take_right(struct task *t, uint32_t from, uint32_t to)
{
    struct mapping m;

    t->protected_from = from;
    t->protected_to = to;
    while (kcall_next_mapping(t->image.slot, from, to, S_MEMORY, &m) == 0) {
        kcall_map(t->image.slot, m.va, S_MEMORY, m.page, RIGHT_READ);
        from = m.va + PAGE_BYTES;
    }
}

static int32_t give_right(struct task *t, uint32_t from, uint32_t to)
{
    int32_t error = 0;

    if (from <= t->protected_from && to >= t->protected_to)
        t->protected_to = t->protected_from;
    for (uint32_t va = from; va < to && error == 0; va += PAGE_BYTES)
        error = mem_resolve(t, va, RIGHT_WRITE);
    return error;
}

/* One range of a process is protected: the last that was asked for. */
int32_t mem_protect(struct task *t, uint32_t va, uint32_t pages, uint32_t rights)
{
    uint32_t end = va + pages * PAGE_BYTES;

    if (va % PAGE_BYTES || va < t->heap_start || va > t->heap_end ||
        pages > (round_up(t->heap_end) - va) / PAGE_BYTES)
        return -EINVAL;
    if (rights == PROT_READ)
        take_right(t, va, end);
    else if (rights == (PROT_READ | PROT_WRITE))
        return give_right(t, va, end);
    else
        return -EINVAL;
    return 0;
}
