/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * env.c - environments and groups. An environment is a root table, a save page and a place in
 * the scheduler; a group is the set of those that trust each other, and what is bound to it.
 */
#include "kernel.h"
#include "string.h"

enum { NAME_SHIFT = 8, REG_A0 = 10, REG_SP = 2, REG_T0 = 5, REG_T1 = 6 };

struct env *current;
struct env envs[ENVS];
struct exo_info *info;

static struct {
    uint32_t status;
    bool ended;             /* and nobody has asked yet */
    uint32_t pages, slices; /* what it was given */
} groups[GROUPS];

/* Name 0 is SELF, so the generations begin with 1. */
void env_init(void)
{
    for (uint32_t i = 0; i < ENVS; i++)
        envs[i].name = 1u << NAME_SHIFT | i;
}

struct env *env_find(uint32_t name)
{
    struct env *e = name == SELF ? current : &envs[name % ENVS];

    return e->state != ENV_FREE && (name == SELF || e->name == name) ? e : NULL;
}

static bool over(uint32_t group)
{
    return group == current->group || info->group[group].parent == current->group;
}

struct env *env_bound(uint32_t name)
{
    struct env *e = env_find(name);

    return e && over(e->group) ? e : NULL;
}

/* The exception path of entry.S, for what is found out in C. False: it cannot be told. */
bool env_upcall(struct env *e, uint32_t cause, uint32_t value)
{
    struct save *s = e->save;

    if (!s->handler || s->upcall)
        return false;
    s->frame_pc = s->pc;
    s->frame_sp = s->x[REG_SP];
    s->frame_t0 = s->x[REG_T0];
    s->frame_t1 = s->x[REG_T1];
    s->cause = cause;
    s->value = value;
    s->upcall = 1;
    s->pc = s->handler;
    return true;
}

static struct env *take(uint32_t group, struct page *root, struct page *save)
{
    struct env *e = envs;

    while (e < envs + ENVS && e->state != ENV_FREE)
        e++;
    if (e == envs + ENVS)
        return NULL;
    *e = (struct env){.name = e->name, .group = group, .state = ENV_NEW};
    e->save = page_address(save);
    e->root = page_address(root);
    e->satp = SATP_SV32 | page_name(root);
    root->type = PAGE_ROOT;
    save->type = PAGE_SAVE;
    root->held = save->held = 0;
    root->installs = save->installs = 1;
    space_start(e->root);
    info->group[group].environments++;
    return e;
}

/* The number of environments of a group is bounded by its slices. */
int32_t call_env_create(const uint32_t *a)
{
    struct page *root = page_of(a[0]), *save = page_of(a[1]);
    uint32_t group = a[2] == NONE ? current->group : a[2];
    struct group_info *g = &info->group[group % GROUPS];
    struct env *e;

    if (group >= GROUPS || !g->alive || !over(group))
        return -EPERM;
    if (root == save || !page_plain(root, current->group) || root->maps ||
        !page_plain(save, current->group))
        return -EPERM;
    if (g->environments >= g->slices_limit)
        return -EAGAIN;
    if (group != current->group && g->pages + 2 > g->pages_limit)
        return -ENOMEM;
    e = take(group, root, save);
    if (!e)
        return -EAGAIN;
    page_move(root, group);
    page_move(save, group);
    e->creator = current->name;
    return (int32_t)e->name;
}

int32_t call_env_start(const uint32_t *a)
{
    struct env *e = env_bound(a[0]);

    if (!e)
        return -EPERM;
    if (e->state != ENV_NEW)
        return -EINVAL;
    e->state = ENV_READY;
    return 0;
}

int32_t call_env_status(const uint32_t *a)
{
    return env_find(a[0]) ? 0 : -ESRCH;
}

static void settle(void *address)
{
    struct page *p = page_of(virt_to_phys(address) >> PAGE_SHIFT);

    p->type = PAGE_USER;
    p->installs = 0;
    page_settle(p);
}

void env_wake(struct env *e)
{
    e->woken = true;
    if (e->state == ENV_SLEEPING)
        e->state = ENV_READY;
}

int32_t call_wake(const uint32_t *a)
{
    struct env *e = env_find(a[0]);

    if (!e)
        return -ESRCH;
    if (!over(e->group) && info->group[current->group].parent != e->group)
        return -EPERM;
    env_wake(e);
    return 0;
}

/* Whoever waits for its reply waits no longer. */
static void break_calls(struct env *e)
{
    if (e->state == ENV_CALLING)
        e->callee->caller = NULL;
    if (e->caller) {
        e->caller->save->x[REG_A0] = (uint32_t)-ESRCH;
        e->caller->state = ENV_READY;
    }
}

void env_end(struct env *e)
{
    struct env *creator = env_find(e->creator);

    if (e == current)
        space_leave();
    break_calls(e);
    slice_drop(e);
    filter_forget(e);
    space_clear(e->root);
    settle(e->root);
    settle(e->save);
    info->group[e->group].environments--;
    e->state = ENV_FREE;
    e->name += 1u << NAME_SHIFT;
    if (e->name < 1u << NAME_SHIFT)
        e->name += 1u << NAME_SHIFT;
    if (creator)
        env_wake(creator);
}

int32_t call_env_destroy(const uint32_t *a)
{
    struct env *e = env_bound(a[0]);
    uint32_t group;

    if (!e)
        return -EPERM;
    group = e->group;
    env_end(e);
    if (info->group[group].environments == 0)
        group_finish(group, 1);
    return 0;
}

/* An exception that its library has not taken. */
void env_fault(uint32_t cause)
{
    uint32_t group = current->group;

    printk("exo: environment %u of group %u: trap %u, address 0x%08x, pc 0x%08x: ended\n",
           current->name % ENVS, group, cause, csr_read(stval), current->save->pc);
    env_end(current);
    if (info->group[group].environments == 0)
        group_finish(group, 1);
}

static void give_group_pages(uint32_t group, uint32_t heir)
{
    for (uint32_t i = 0; i < info->pages; i++) {
        struct page *p = page_of(phys_base / PAGE_SIZE + i);

        if (p->group != group || p->type == PAGE_FREE || p->type == PAGE_KERNEL)
            continue;
        p->held = 0;
        if (p->maps) { /* another group maps what was shared: it is the heir's until then */
            info->group[heir].pages++;
            info->group[group].pages--;
            p->group = (uint8_t)heir;
        }
        page_settle(p);
    }
}

static void end_environments(uint32_t group)
{
    for (struct env *e = envs; e < envs + ENVS; e++)
        if (e->state != ENV_FREE && e->group == group)
            env_end(e);
}

/* The groups that it made end with it; what they were given goes back through it. */
void group_finish(uint32_t group, uint32_t status)
{
    struct group_info *g = &info->group[group];

    if (group == BOOT_GROUP)
        panic("the first library has ended");
    for (uint32_t child = 1; child < GROUPS; child++)
        if (info->group[child].alive && info->group[child].parent == group)
            group_finish(child, status);
    end_environments(group);
    give_group_pages(group, g->parent);
    disk_forget(group);
    console_forget(group);
    revoke_forget(group);
    g->alive = 0;
    groups[group].ended = true;
    groups[group].status = status;
    for (struct env *e = envs; e < envs + ENVS; e++)
        if (e->state != ENV_FREE && e->group == g->parent)
            env_wake(e);
}

/* So much of what it was given is its parent's again. */
void group_shrink(uint32_t group, uint32_t n)
{
    struct group_info *g = &info->group[group];

    g->pages_limit -= n;
    groups[group].pages -= n;
    info->group[g->parent].pages_limit += n;
}

int32_t call_group_end(const uint32_t *a)
{
    group_finish(current->group, a[0]);
    return 0;
}

int32_t call_group_create(const uint32_t *a)
{
    struct group_info *mine = &info->group[current->group];
    uint32_t i = 1;

    while (i < GROUPS && (info->group[i].alive || groups[i].ended))
        i++;
    if (i == GROUPS)
        return -EAGAIN;
    if (mine->pages > mine->pages_limit || a[0] > mine->pages_limit - mine->pages ||
        mine->slices > mine->slices_limit || a[1] > mine->slices_limit - mine->slices)
        return -ENOMEM;
    mine->pages_limit -= a[0];
    mine->slices_limit -= a[1];
    groups[i].pages = a[0];
    groups[i].slices = a[1];
    info->group[i] = (struct group_info){
        .alive = 1, .parent = current->group, .pages_limit = a[0], .slices_limit = a[1]};
    return (int32_t)i;
}

int32_t call_group_status(const uint32_t *a)
{
    struct group_info *g = &info->group[a[0] % GROUPS];

    if (a[0] >= GROUPS || a[0] == BOOT_GROUP || g->parent != current->group)
        return -EPERM;
    if (g->alive)
        return -EAGAIN;
    if (!groups[a[0]].ended)
        return -EINVAL;
    groups[a[0]].ended = false;
    g->parent = BOOT_GROUP;
    info->group[current->group].pages_limit += groups[a[0]].pages;
    info->group[current->group].slices_limit += groups[a[0]].slices;
    return (int32_t)(groups[a[0]].status & INT32_MAX);
}

static struct page *boot_page(void)
{
    int32_t error;
    struct page *p = page_take(BOOT_GROUP, NONE, 0, &error);

    if (!p)
        panic("not enough memory for the first library");
    return p;
}

static void boot_map(struct env *e, uint32_t va, struct page *p, uint32_t bits)
{
    const uint32_t a[] = {e->name, va, 0};

    if (space_set(e, va, p, bits) == 0)
        return;
    if (call_map_table((uint32_t[]){a[0], va, page_name(boot_page())}) != 0 ||
        space_set(e, va, p, bits) != 0)
        panic("cannot map the first library");
}

/* The first file of the archive is the first library: its text, to be run where it lies. */
void env_make_first(void)
{
    struct page *save = boot_page(), *root = boot_page();
    struct env *e = take(BOOT_GROUP, root, save);
    const struct archive_file *file = (const void *)exo_archive;
    uint32_t text = info->archive_page + file->offset / PAGE_SIZE;

    current = e;
    for (uint32_t i = 0; i * PAGE_SIZE < file->size; i++)
        boot_map(e, BOOT_TEXT + i * PAGE_SIZE, page_of(text + i), MAP_R | MAP_X);
    for (uint32_t i = 0; i < info->archive_pages; i++)
        boot_map(e, BOOT_ARCHIVE + i * PAGE_SIZE, page_of(info->archive_page + i), MAP_R);
    boot_map(e, BOOT_STACK - PAGE_SIZE, boot_page(), MAP_R | MAP_W);
    boot_map(e, BOOT_SAVE, save, MAP_R | MAP_W);
    boot_map(e, BOOT_INFO, page_of(info->info_page), MAP_R);
    e->save->pc = BOOT_TEXT;
    e->save->x[REG_SP] = BOOT_STACK;
    e->state = ENV_READY;
}
