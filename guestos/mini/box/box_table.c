/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box_table.c - the boxes, and which process is in which: a child is where its parent is. A slot of
 * the process table is told from what it was before by its pid, which is never used again.
 */
#include "../kernel/page.h"
#include "../kernel/panic.h"
#include "../kernel/sched.h"
#include "../linux/linux.h"
#include "box.h"
#include "string.h"

enum { INSIDE_FIRST = 1, KEPT_FREE_PAGES = 256, KEPT_FREE_SLOTS = 16, KEPT_FREE_FILES = 24 };

struct member {
    int pid;    /* 0: nobody yet */
    int number; /* inside */
    struct box *box;
};

struct box boxes[MAX_BOXES];
static struct spinlock life = SPINLOCK(LOCK_FILE);
static struct member members[MAX_PROCESSES];

void WRAP(sched_make_ready)(struct proc *p);
void REAL(sched_make_ready)(struct proc *p);
void WRAP(sched_leave)(void);
void REAL(sched_leave)(void);

void box_lock(void)
{
    spin_lock(&life);
}

void box_unlock(void)
{
    spin_unlock(&life);
}

static struct member *member_of(const struct proc *p)
{
    return &members[p - procs];
}

struct box *box_of(const struct proc *p)
{
    const struct member *m = p ? member_of(p) : NULL;

    return m && m->pid == p->pid ? m->box : NULL;
}

struct box *box_current(void)
{
    return box_of(current);
}

int box_pid(const struct proc *p)
{
    return box_of(p) ? member_of(p)->number : p->pid;
}

static void join(struct proc *p, struct box *b)
{
    *member_of(p) = (struct member){.pid = p->pid, .box = b};
    if (b) {
        member_of(p)->number = b->next_pid++;
        b->started++;
    }
}

/* Called with the scheduler's lock. Who becomes ready for the first time is a child of ours. */
void WRAP(sched_make_ready)(struct proc *p)
{
    if (member_of(p)->pid != p->pid) {
        join(p, box_current());
        linux_fork(current, p);
    }
    REAL(sched_make_ready)(p);
}

/* A child that is being made is its parent's already: it counts. */
static bool counts_for(const struct proc *p, const struct box *b)
{
    return p->state != STATE_UNUSED && p->state != STATE_NEW && box_of(p) == b;
}

uint32_t box_processes(const struct box *b)
{
    uint32_t n = 0;

    sched_lock();
    for (uint32_t i = 0; i < MAX_PROCESSES; i++)
        n += counts_for(&procs[i], b);
    sched_unlock();
    return n;
}

struct box *box_by_number(uint32_t n)
{
    return n > 0 && n < MAX_BOXES && boxes[n].used ? &boxes[n] : NULL;
}

/* What all boxes may have together must be there: limits are promises to the others, too. */
static bool fits(const struct boxconfig *c)
{
    uint32_t pages = c->pages, processes = c->processes, files = c->files;

    for (uint32_t i = 1; i < MAX_BOXES; i++) {
        pages += boxes[i].used ? boxes[i].config.pages : 0;
        processes += boxes[i].used ? boxes[i].config.processes : 0;
        files += boxes[i].used ? boxes[i].config.files : 0;
    }
    return pages + KEPT_FREE_PAGES <= page_total() &&
           processes + KEPT_FREE_SLOTS <= MAX_PROCESSES &&
           files + KEPT_FREE_FILES <= BOX_OPEN_FILES;
}

static struct box *find_unused(void)
{
    for (uint32_t i = 1; i < MAX_BOXES; i++)
        if (!boxes[i].used)
            return &boxes[i];
    return NULL;
}

int box_create(const struct boxconfig *config)
{
    struct box *b = find_unused();
    int error;

    if (config->pages > page_total() || config->processes > MAX_PROCESSES ||
        config->files > BOX_OPEN_FILES || config->cpu > MAX_CPUS * BOX_CPU_WHOLE)
        return -EINVAL;
    if (!b)
        return -ENOSPC;
    if (!fits(config))
        return -ENOMEM;
    *b = (struct box){.config = *config, .next_pid = INSIDE_FIRST};
    error = box_files_start(b);
    if (error < 0)
        return error;
    b->used = true;
    return (int)(b - boxes);
}

/* The first process brings its descriptors 0 to 2, and nothing else. */
int box_enter(struct box *b)
{
    if (b->next_pid != INSIDE_FIRST)
        return -EAGAIN;
    sched_lock();
    join(current, b);
    sched_unlock();
    return 0;
}

/* As proc.c does it. */
static void kill_locked(const struct box *b)
{
    for (uint32_t i = 0; i < MAX_PROCESSES; i++) {
        struct proc *p = &procs[i];

        if (!counts_for(p, b) || p->state == STATE_ZOMBIE)
            continue;
        p->killed = true;
        if (p->state == STATE_SLEEPING)
            sched_make_ready(p);
        else if (p->state == STATE_RUNNING && p != current)
            cpu_interrupt(p->cpu);
    }
}

void box_kill(struct box *b)
{
    sched_lock();
    kill_locked(b);
    sched_unlock();
}

/* With the scheduler's lock. When its first process ends a box ends. */
void WRAP(sched_leave)(void)
{
    const struct box *b = box_current();

    if (b && current->state == STATE_ZOMBIE && box_pid(current) == INSIDE_FIRST)
        kill_locked(b);
    REAL(sched_leave)();
}

/* Without processes nobody uses its files, so all of its pages come back. */
int box_remove(struct box *b)
{
    if (box_processes(b) > 0)
        return -EAGAIN;
    box_files_end(b);
    if (b->pages != 0)
        panic("box %s is gone, but not %u of its pages", b->config.name, b->pages);
    *b = (struct box){0};
    return 0;
}
