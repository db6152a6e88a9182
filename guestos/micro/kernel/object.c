/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * object.c - makes objects out of pages that a program gives, and destroys them: the page is the
 * giver's again.
 */
#include "kernel.h"
#include "string.h"

struct page *pages;
uint32_t page_count;

static void end_life(const void *object)
{
    struct page *p = &pages[page_number(object)];

    p->kind = PAGE_FRAME;
    p->generation++;
}

/* Page `index` of the memory in a slot, empty and for the kernel alone; NULL if it may not be. */
static void *take_page(uint32_t slot, uint32_t index, uint32_t kind)
{
    struct cap *memory = cap_find(current->space, slot, CAP_MEMORY, RIGHT_MEMORY);
    uint32_t n = memory ? memory->object + index : 0;

    if (!memory || index >= memory->badge || pages[n].kind != PAGE_FRAME || pages[n].maps != 0)
        return NULL;
    pages[n].kind = (uint8_t)kind;
    return memset(page_address(n), 0, PAGE_SIZE);
}

void object_make_thread(struct thread *t, struct space *s, uint32_t priority)
{
    t->space = s;
    t->priority = (uint8_t)priority;
    s->threads++;
}

void object_make_space(struct space *s, uint32_t *root)
{
    s->root = root;
    space_empty(s);
}

/* a: type, memory, page, slot, then space, handler's endpoint, priority. */
static void *make_thread(const uint32_t *a)
{
    struct cap *space = cap_find(current->space, a[4], CAP_SPACE, RIGHT_MANAGE);
    struct cap *handler = cap_find(current->space, a[5], CAP_ENDPOINT, RIGHT_SEND);
    struct thread *t;

    if (!space || (a[5] && !handler) || a[6] > current->priority)
        return NULL;
    t = take_page(a[1], a[2], PAGE_THREAD);
    if (!t)
        return NULL;
    object_make_thread(t, (struct space *)space->object, a[6]);
    if (handler)
        t->handler = *handler;
    return t;
}

/* The second page, a[4], is for the root of its page table. */
static void *make_space(const uint32_t *a)
{
    struct space *s = take_page(a[1], a[2], PAGE_SPACE);
    uint32_t *root = s ? take_page(a[1], a[4], PAGE_ROOT) : NULL;

    if (root)
        object_make_space(s, root);
    else if (s)
        end_life(s);
    return root ? s : NULL;
}

int32_t sys_make(const uint32_t *a, uint32_t *more)
{
    struct cap *to = cap_slot(current->space, a[3]);
    void *object = NULL;

    (void)more;
    if (!to)
        return -EINVAL;
    switch (a[0]) {
    case CAP_THREAD: object = make_thread(a); break;
    case CAP_SPACE: object = make_space(a); break;
    case CAP_ENDPOINT: object = take_page(a[1], a[2], PAGE_ENDPOINT); break;
    }
    if (!object)
        return -EINVAL;
    cap_clear(to);
    cap_set(to, a[0], object, 0);
    return 0;
}

static void destroy_thread(struct thread *t)
{
    sched_remove(t);
    t->space->threads--;
    end_life(t);
}

static void destroy_endpoint(struct endpoint *e)
{
    while (e->senders.first)
        ipc_abandon(e->senders.first, -EINVAL);
    while (e->receivers.first)
        ipc_abandon(e->receivers.first, -EINVAL);
    end_life(e);
}

static void destroy_space(struct space *s)
{
    for (uint32_t i = 0; i < SLOTS; i++)
        cap_clear(&s->caps[i]);
    space_empty(s);
    end_life(s->root);
    end_life(s);
}

/* A space has to be without threads: false. */
static bool destroy(void *object, uint32_t kind)
{
    if (kind == PAGE_SPACE && ((struct space *)object)->threads > 0)
        return false;
    switch (kind) {
    case PAGE_THREAD: destroy_thread(object); break;
    case PAGE_ENDPOINT: destroy_endpoint(object); break;
    case PAGE_SPACE: destroy_space(object); break;
    }
    return true;
}

int32_t sys_destroy(const uint32_t *a, uint32_t *more)
{
    struct cap *c = cap_slot(current->space, a[0]);
    uint32_t kind;

    (void)more;
    if (!c || !(c->rights & RIGHT_MANAGE) || !cap_is_live(c) ||
        (c->type != CAP_THREAD && c->type != CAP_SPACE && c->type != CAP_ENDPOINT))
        return -EINVAL;
    kind = pages[page_number((void *)c->object)].kind;
    return destroy((void *)c->object, kind) ? 0 : -EAGAIN;
}

/* Whatever was made of this memory ends: its threads first, so that spaces are without. */
int32_t sys_recall(const uint32_t *a, uint32_t *more)
{
    struct cap *m = cap_find(current->space, a[0], CAP_MEMORY, RIGHT_MANAGE | RIGHT_MEMORY);

    (void)more;
    if (!m)
        return -EINVAL;
    for (uint32_t n = m->object; n < m->object + m->badge; n++)
        if (pages[n].kind == PAGE_THREAD)
            destroy(page_address(n), PAGE_THREAD);
    for (uint32_t n = m->object; n < m->object + m->badge; n++)
        destroy(page_address(n), pages[n].kind);
    return 0;
}
