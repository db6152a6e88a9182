/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * process.c - the table of processes: who is whose child, how each ends, who waits for whom.
 */
#include "proc.h"

enum { CAUSES = 16 };

static int32_t last_pid;

struct process *process_new(void)
{
    struct process *p = processes;

    while (p < processes + MAX_PROCESSES && p->state != FREE)
        p++;
    if (p == processes + MAX_PROCESSES)
        return NULL;
    *p = (struct process){.pid = ++last_pid, .state = LIVE};
    p->group = p->pid;
    return p;
}

struct process *process_find(int32_t pid)
{
    for (struct process *p = processes; p < processes + MAX_PROCESSES; p++)
        if (p->state != FREE && p->pid == pid)
            return p;
    return NULL;
}

int32_t process_fork(struct process *p)
{
    struct process *child = process_new();
    int32_t pid = child ? child->pid : 0;
    int32_t error;

    if (!child)
        return -EAGAIN;
    error = server_call(S_MEM, MEM_FORK, index_of(p), index_of(child), 0, 0);
    if (error < 0) {
        child->state = FREE;
        return error;
    }
    *child = *p;
    child->pid = pid;
    child->parent = p->pid;
    files_inherit(child);
    return pid;
}

static void free_process(struct process *p)
{
    p->state = FREE;
}

/* The first zombie among its children; *any: has it a child at all? */
static struct process *find_zombie(const struct process *p, bool *any)
{
    *any = false;
    for (struct process *c = processes; c < processes + MAX_PROCESSES; c++) {
        if (c->state == FREE || c->parent != p->pid)
            continue;
        *any = true;
        if (c->state == ZOMBIE)
            return c;
    }
    return NULL;
}

/* What wait() gives now; LATER if it has to wait. */
static int32_t try_wait(const struct process *p, uint32_t flags, uint32_t *status)
{
    bool any;
    struct process *child = find_zombie(p, &any);

    if (!any)
        return -ECHILD;
    if (!child)
        return flags & WAIT_NOHANG ? 0 : LATER;
    if (flags & WAIT_PEEK)
        return -EFAULT;
    *status = child->status;
    free_process(child);
    return child->pid;
}

int32_t process_wait(struct process *p, uint32_t flags, uint32_t *status)
{
    int32_t result;

    if (flags & ~(uint32_t)(WAIT_NOHANG | WAIT_PEEK))
        return -EINVAL;
    result = try_wait(p, flags, status);
    p->flags = flags;
    return result == LATER ? block(p, CHILD) : result;
}

static void tell_parent(int32_t pid)
{
    struct process *p = process_find(pid);
    uint32_t status = 0;
    int32_t result;

    if (!p || p->state != LIVE || p->blocked != CHILD)
        return;
    result = try_wait(p, p->flags, &status);
    if (result != LATER)
        answer(p, result, status);
}

/* Init inherits them, and hears of those that have ended. */
static void leave_children(const struct process *p)
{
    for (struct process *c = processes; c < processes + MAX_PROCESSES; c++)
        if (c->state != FREE && c->parent == p->pid)
            c->parent = 1;
}

void process_end(struct process *p, uint32_t status)
{
    if (p->blocked == CONSOLE)
        server_call(S_CON, CON_CANCEL, index_of(p), 0, 0, 0);
    p->state = ZOMBIE;
    p->status = status;
    files_close_all(p);
    server_call(S_MEM, MEM_FREE, index_of(p), 0, 0, 0);
    kcall_cap_drop(S_SELF, CLIENT_SLOT + index_of(p));
    leave_children(p);
    tell_parent(p->parent);
    tell_parent(1);
}

int32_t process_kill(struct process *p, int32_t pid)
{
    struct process *victim = pid > 0 ? process_find(pid) : NULL;

    if (!victim || victim->state != LIVE)
        return -ESRCH;
    if (pid == 1)
        return -EPERM;
    process_end(victim, STATUS_KILLED);
    return victim == p ? NO_ANSWER : 0;
}

void process_kill_group(int32_t group)
{
    for (struct process *p = processes; p < processes + MAX_PROCESSES; p++)
        if (p->state == LIVE && p->group == group && p->pid != 1)
            process_end(p, STATUS_KILLED);
}

static uint32_t state_of(const struct process *p, const struct process *asks)
{
    if (p->state == ZOMBIE)
        return STATE_ZOMBIE;
    if (p == asks)
        return STATE_RUNNING;
    return p->blocked == NOTHING ? STATE_READY : STATE_SLEEPING;
}

int32_t process_info(const struct process *asks, uint32_t slot)
{
    const struct process *p = &processes[slot];
    struct procinfo i;

    if (slot >= MAX_PROCESSES)
        return -EINVAL;
    if (p->state == FREE)
        return -ENOENT;
    i = (struct procinfo){.pid = p->pid,
                          .parent = p->parent,
                          .group = p->group,
                          .state = state_of(p, asks),
                          .pages = (uint32_t)server_call(S_MEM, MEM_PAGES, slot, 0, 0, 0)};
    copy_name(i.name, p->name, NAME_SIZE);
    memcpy(letter(index_of(asks)), &i, sizeof(i));
    return 0;
}

static const char *cause_name(uint32_t cause)
{
    static const char *const names[CAUSES] = {
        "misaligned fetch",        "fetch access fault",
        "illegal instruction",     "breakpoint",
        "misaligned load",         "load access fault",
        "misaligned store",        "store access fault",
        [12] = "fetch page fault", [13] = "load page fault",
        [15] = "store page fault"};
    const char *name = cause < CAUSES ? names[cause] : NULL;

    return name ? name : "unknown trap";
}

void process_bury(void)
{
    for (;;) {
        struct message m = {.tag = MEM_NEXT_DEATH};
        struct process *p;

        if (ipc_call(&m, S_MEM) < 0 || m.word[0] >= MAX_PROCESSES)
            return;
        p = &processes[m.word[0]];
        if (p->state != LIVE)
            continue;
        if (m.word[1] >= 12)
            say("pid %d (%s): %s at 0x%08x pc 0x%08x: killed\n", p->pid, p->name,
                m.word[4] ? "out of memory" : cause_name(m.word[1]), m.word[2], m.word[3]);
        else
            say("pid %d (%s): %s pc 0x%08x: killed\n", p->pid, p->name, cause_name(m.word[1]),
                m.word[3]);
        process_end(p, STATUS_KILLED);
    }
}

/* `init`, with the boot arguments; the console is its input and its output. */
void process_start_first(const char *command)
{
    char args[sizeof("init") + COMMAND_SIZE] = "init";
    uint32_t size = sizeof("init");
    struct process *p = process_new();

    copy_name(args + size, command, COMMAND_SIZE);
    size += strlen(args + size) + 1;
    for (int i = 0; i < 3; i++)
        files_open_console(p);
    if (load_program(p, "init", args, 2, size) != NO_ANSWER)
        say("micro: init cannot be started\n");
}
