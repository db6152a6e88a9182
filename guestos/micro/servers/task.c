/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * task.c - tasks: an address space with a thread, each made of pages that the pager has.
 */
#include "mem.h"

enum { SLOTS_OF_TASK = 3 }; /* a space, another that exec builds, the thread */

static uint32_t thread_slot_of(uint32_t who)
{
    return TASK_SLOT + who * SLOTS_OF_TASK;
}

/* The slot for a space that the task does not use. */
static uint32_t spare_slot(uint32_t who)
{
    uint32_t first = thread_slot_of(who) + 1;

    return tasks[who].image.slot == first ? first + 1 : first;
}

static void free_list_of(uint16_t page)
{
    while (page) {
        uint16_t next = next_of[page];

        page_free(page);
        page = next;
    }
}

/* What is mapped, first; then what it was made of. */
static void image_free(struct image *im)
{
    struct mapping m = {0};
    uint32_t va = 0;

    if (!im->slot)
        return;
    while (kcall_next_mapping(im->slot, va, STACK_TOP, S_MEMORY, &m) == 0) {
        page_drop((uint16_t)(m.page + 1));
        va = m.va + PAGE_BYTES;
    }
    kcall_destroy(im->slot);
    free_list_of(im->own);
    *im = (struct image){0};
}

static int32_t image_new(struct image *im, uint32_t slot)
{
    uint16_t space = page_take();
    uint16_t root = space ? page_take() : 0;

    if (!root) {
        if (space)
            page_free(space);
        return -ENOMEM;
    }
    next_of[space] = root;
    next_of[root] = 0;
    im->own = space;
    im->slot = slot;
    return page_object(CAP_SPACE, space, slot, root - 1u, 0);
}

/* The letter, and whom a process may call. */
static int32_t equip(const struct image *im, uint32_t who)
{
    uint32_t badge = who + 1;

    kcall_cap_copy(im->slot, P_PROC, MEM_TO_PROC, badge, RIGHT_SEND);
    kcall_cap_copy(im->slot, P_MEM, MEM_TO_MEM, badge, RIGHT_SEND);
    kcall_cap_copy(im->slot, P_ROOT, MEM_TO_ROOT, badge, RIGHT_SEND);
    kcall_cap_copy(im->slot, P_NULL, MEM_TO_NULL, badge, RIGHT_SEND);
    return kcall_map(im->slot, LETTER, S_PLACE, who, RIGHT_READ | RIGHT_WRITE);
}

/* It does not run yet. */
static int32_t make_thread(struct task *t, uint32_t who, uint32_t space)
{
    uint16_t page = page_take();

    if (!page)
        return -ENOMEM;
    kcall_cap_copy(S_SELF, MEM_HANDLER, MEM_TO_MEM, who + 1, RIGHT_SEND);
    page_object(CAP_THREAD, page, thread_slot_of(who), space, MEM_HANDLER);
    t->thread_slot = thread_slot_of(who);
    t->thread_page = page;
    return 0;
}

/* The next page of a program: what is in the process server's letter. */
int32_t task_load(uint32_t who, uint32_t va, uint32_t rights)
{
    struct task *t = &tasks[who];
    int32_t error = t->next.slot ? 0 : image_new(&t->next, spare_slot(who));
    uint16_t page = error < 0 ? 0 : page_take();

    if (!page)
        return -ENOMEM;
    memcpy(page_window(page, 0), letter(LETTER_PROC), PAGE_BYTES);
    error = image_map(&t->next, va, page, rights);
    if (error < 0)
        page_free(page);
    else
        page_share(page);
    return error;
}

/* The task is what was loaded, from here on. w: who, entry, sp, argc, where data begin, end. */
int32_t task_commit(uint32_t who, const uint32_t *w)
{
    struct task *t = &tasks[who];
    struct image old = t->image;

    if (!t->next.slot || (!t->thread_slot && make_thread(t, who, t->next.slot) < 0) ||
        equip(&t->next, who) < 0)
        return -ENOMEM;
    kcall_thread_set(t->thread_slot, t->next.slot, w[1], w[2], w[3], w[2]);
    t->image = t->next;
    t->next = (struct image){0};
    t->writable = w[4];
    t->heap_start = t->heap_end = w[5];
    t->handler = 0;
    t->touch = t->touch_size = 0;
    t->protected_from = t->protected_to = 0;
    image_free(&old);
    return 0;
}

int32_t task_abort(uint32_t who)
{
    image_free(&tasks[who].next);
    return 0;
}

/* Both have each page now, and neither may write to it. */
static int32_t share_pages(struct image *from, struct image *to)
{
    struct mapping m = {0};
    int32_t error = 0;

    for (uint32_t va = 0; error == 0; va = m.va + PAGE_BYTES) {
        uint16_t page;

        if (kcall_next_mapping(from->slot, va, STACK_TOP, S_MEMORY, &m) < 0)
            return 0;
        page = (uint16_t)(m.page + 1);
        error = image_map(to, m.va, page, m.rights & ~(uint32_t)RIGHT_WRITE);
        if (error < 0)
            break;
        page_share(page);
        if (m.rights & RIGHT_WRITE)
            kcall_map(from->slot, m.va, S_MEMORY, m.page, m.rights & ~(uint32_t)RIGHT_WRITE);
    }
    return error;
}

static int32_t make_child(uint32_t parent, uint32_t child)
{
    struct task *p = &tasks[parent], *c = &tasks[child];
    int32_t error = image_new(&c->image, thread_slot_of(child) + 1);

    if (error == 0)
        error = share_pages(&p->image, &c->image);
    if (error == 0)
        error = equip(&c->image, child);
    if (error == 0)
        error = make_thread(c, child, c->image.slot);
    return error;
}

int32_t task_fork(uint32_t parent, uint32_t child)
{
    struct task *p = &tasks[parent], *c = &tasks[child];

    if (!p->thread_slot || c->thread_slot)
        return -EINVAL;
    *c = *p;
    c->image = c->next = (struct image){0};
    c->thread_slot = 0;
    c->held = 0;
    if (make_child(parent, child) < 0) {
        image_free(&c->image);
        return -ENOMEM;
    }
    kcall_thread_copy(c->thread_slot, p->thread_slot, 0);
    return 0;
}

static void forget_deaths(uint32_t who)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < death_count; i++)
        if (deaths[i].who != who)
            deaths[kept++] = deaths[i];
    death_count = kept;
}

int32_t task_free(uint32_t who)
{
    struct task *t = &tasks[who];

    if (t->thread_slot) {
        kcall_destroy(t->thread_slot);
        page_free(t->thread_page);
    }
    image_free(&t->image);
    image_free(&t->next);
    mem_release_held(t);
    forget_deaths(who);
    *t = (struct task){0};
    return 0;
}

int32_t task_pages(uint32_t who)
{
    struct mapping m = {0};
    int32_t n = 0;

    for (uint32_t va = 0;
         tasks[who].image.slot &&
         kcall_next_mapping(tasks[who].image.slot, va, STACK_TOP, S_MEMORY, &m) == 0;
         va = m.va + PAGE_BYTES)
        n++;
    return n;
}
