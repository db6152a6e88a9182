/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * revoke.c - visible revocation: a group is told how many pages it is to give back, and chooses
 * which. After the deadline the abort protocol takes pages by force: it breaks every binding of
 * each, and notes its name in the group's repossession vector.
 */
#include "kernel.h"

static uint64_t deadline[GROUPS]; /* 0: nothing is asked for */
static uint32_t pending;          /* of how many groups something is */

int32_t call_revoke(const uint32_t *a)
{
    struct group_info *g = &info->group[a[0] % GROUPS];

    if (a[0] >= GROUPS || !g->alive || a[0] == BOOT_GROUP || g->parent != current->group)
        return -EPERM;
    if (a[1] > g->pages_limit || deadline[a[0]])
        return -EINVAL;
    g->revoke_target = g->pages_limit - a[1];
    deadline[a[0]] = read_time() + a[2];
    pending++;
    for (struct env *e = envs; e < envs + ENVS; e++)
        e->told_to_revoke |= e->state != ENV_FREE && e->group == a[0];
    return 0;
}

/* Everywhere: in the tables of every environment, its own group's or not. */
static void repossess(struct group_info *g, struct page *p)
{
    for (struct env *e = envs; e < envs + ENVS; e++)
        if (e->state != ENV_FREE)
            space_strip(e->root, p);
    p->held = 0;
    p->shared_rights = 0;
    g->taken[g->repossessed++ % REPOSSESSED] = page_name(p);
    page_settle(p);
}

/* Tables, roots and save pages are last: without them the group is nothing. It ends instead. */
static void take_pages(uint32_t group)
{
    struct group_info *g = &info->group[group];

    for (uint32_t i = info->pages; i > 0 && g->pages > g->revoke_target; i--) {
        struct page *p = page_of(phys_base / PAGE_SIZE + i - 1);

        if (p->type == PAGE_USER && p->group == group)
            repossess(g, p);
    }
    sfence_vma_all();
    if (g->pages > g->revoke_target)
        group_finish(group, 1);
}

void revoke_forget(uint32_t group)
{
    pending -= deadline[group] != 0;
    deadline[group] = 0;
}

static void settle(uint32_t group)
{
    struct group_info *g = &info->group[group];

    revoke_forget(group);
    group_shrink(group, g->pages_limit - g->revoke_target);
    if (g->pages > g->revoke_target)
        take_pages(group);
}

/* One that does not listen yet, or is in an upcall, is told later, until the deadline. */
static void tell(struct env *e)
{
    struct group_info *g = &info->group[e->group];
    uint32_t n = g->pages > g->revoke_target ? g->pages - g->revoke_target : 0;

    if (!deadline[e->group] ||
        (e->save->wants & WANTS_REVOKE && env_upcall(e, CAUSE_REVOKE, n)))
        e->told_to_revoke = false;
}

void revoke_check(void)
{
    if (!pending)
        return;
    for (uint32_t i = 1; i < GROUPS; i++)
        if (deadline[i] && read_time() >= deadline[i])
            settle(i);
    if (current->state == ENV_READY && current->told_to_revoke)
        tell(current);
}
