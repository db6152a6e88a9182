/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slice.c - the CPU, as a vector of slices. Each slot is bound to an environment; the kernel goes
 * through them in order, and through nothing else: there are no priorities, and who wants more
 * takes more slots, or is given slices by others. An environment may be told that its slice is
 * over, and has a grace to save what it wants to keep; if it overstays that, it loses slices.
 */
#include "kernel.h"
#include "sbi.h"

enum { SLICES_PER_SECOND = 100, GRACE_PART = 8, PENALTY = 2 };

static struct env *slot[SLOTS];
static uint32_t at, high; /* the one that runs; above all that are bound */
static uint32_t length;   /* of a slice, in ticks of time */

void slice_init(uint32_t timebase)
{
    length = timebase / SLICES_PER_SECOND;
    slot[0] = &envs[0];
    high = 1;
    info->group[BOOT_GROUP].slices = 1;
    csr_write(scounteren, 2); /* libraries read the time by themselves */
    csr_write(sie, SIE_STIE);
}

int32_t call_slice_alloc(const uint32_t *a)
{
    struct env *e = env_bound(a[0]);
    struct group_info *g = e ? &info->group[e->group] : NULL;
    uint32_t i = 0;

    if (!e)
        return -EPERM;
    if (a[1] != NONE && a[1] >= SLOTS)
        return -EINVAL;
    if (g->slices >= g->slices_limit)
        return -ENOMEM;
    while (a[1] == NONE && i < SLOTS && slot[i])
        i++;
    i = a[1] == NONE ? i : a[1];
    if (i == SLOTS || slot[i])
        return -EAGAIN;
    slot[i] = e;
    high = i >= high ? i + 1 : high;
    g->slices++;
    return (int32_t)i;
}

static void free_slot(uint32_t i)
{
    info->group[slot[i]->group].slices--;
    slot[i] = NULL;
    while (high > 0 && !slot[high - 1])
        high--;
}

int32_t call_slice_free(const uint32_t *a)
{
    if (a[0] >= SLOTS || !slot[a[0]] || !env_bound(slot[a[0]]->name))
        return -EPERM;
    free_slot(a[0]);
    return 0;
}

void slice_drop(const struct env *e)
{
    for (uint32_t i = 0; i < high; i++)
        if (slot[i] == e)
            free_slot(i);
}

static bool can_run(struct env *e, uint64_t now)
{
    if (e->state == ENV_SLEEPING && now >= e->deadline)
        e->state = ENV_READY;
    return e->state == ENV_READY;
}

/* A slot is good for whoever its environment has called, and waits for. */
static struct env *next(uint64_t now)
{
    for (uint32_t i = 0; i < high; i++) {
        struct env *e;

        at = at + 1 < high ? at + 1 : 0;
        e = slot[at];
        while (e && e->state == ENV_CALLING)
            e = e->callee;
        if (!e || !can_run(e, now))
            continue;
        if (e->excess == 0)
            return e;
        e->excess--;
    }
    return NULL;
}

static bool any_ready(void)
{
    for (uint32_t i = 0; i < high; i++)
        if (slot[i] && slot[i]->state == ENV_READY)
            return true;
    return false;
}

/* Who sleeps longest for ever does not keep the machine on. */
static void idle(void)
{
    uint64_t first = UINT64_MAX;

    for (uint32_t i = 0; i < high; i++)
        if (slot[i] && slot[i]->state == ENV_SLEEPING && slot[i]->deadline < first)
            first = slot[i]->deadline;
    if (first == UINT64_MAX)
        panic("nobody will ever run again");
    sbi_set_timer(first);
    while (read_time() < first)
        wfi();
}

static void begin(struct env *e)
{
    if (e != current || csr_read(satp) != e->satp) {
        csr_write(satp, e->satp);
        sfence_vma_all();
    }
    current = e;
}

static void schedule(void)
{
    struct env *e;

    while (!(e = next(read_time())))
        if (!any_ready())
            idle();
    begin(e);
    e->grace = false;
    sbi_set_timer(read_time() + length);
}

/* Neither the timer nor the grace begins anew: slices that are given away grow no longer. */
void slice_run(struct env *e)
{
    begin(e);
}

/* A library that has asked for it gets a word first, and a part of a slice to act on it. */
void slice_over(void)
{
    if (!current->grace && current->save->wants & WANTS_SLICE_END &&
        env_upcall(current, CAUSE_SLICE_END, 0)) {
        current->grace = true;
        sbi_set_timer(read_time() + length / GRACE_PART);
        return;
    }
    if (current->grace)
        current->excess += PENALTY;
    schedule();
}

struct save *slice_resume(void)
{
    revoke_check();
    if (current->state != ENV_READY)
        schedule();
    return current->save;
}

int32_t call_yield(const uint32_t *a)
{
    struct env *e = a[0] == NONE ? NULL : env_find(a[0]);

    if (a[0] != NONE && !e)
        return -ESRCH;
    if (e && can_run(e, read_time()))
        slice_run(e);
    else
        schedule();
    return 0;
}

int32_t call_sleep(const uint32_t *a)
{
    if (current->woken) {
        current->woken = false;
        return 0;
    }
    current->deadline = (uint64_t)a[1] << 32 | a[0];
    current->state = ENV_SLEEPING;
    return 0;
}
