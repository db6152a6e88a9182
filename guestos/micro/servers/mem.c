/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem.c - the pager. All memory of processes is ours: we make their address spaces and threads,
 * and answer their page faults. Heap and stack pages appear, zeroed, when first touched; pages that
 * parent and child share are copied when first written. What processes there are, the process
 * server decides; here they are slots.
 *
 * What is mapped where is not written down twice: the kernel tells (next_mapping). Of each page we
 * keep how many processes have it; a page is writable, or would be if it were not shared, if its
 * address is in the part of the program that is.
 */
#include "mem.h"

struct task tasks[MAX_PROCESSES];
struct death deaths[MAX_PROCESSES];
uint32_t death_count;

void server_main(void);

/* Told of by NEXT_DEATH: the process server ends it. It does not run any more. */
static void tell_death(uint32_t who, uint32_t cause, const struct message *m, uint32_t why)
{
    if (death_count < MAX_PROCESSES)
        deaths[death_count++] = (struct death){who, cause, m->word[0], m->word[1], why};
    kcall_thread_stop(tasks[who].thread_slot);
    kcall_signal(S_PROC);
}

static uint32_t right_of(uint32_t cause)
{
    switch (cause) {
    case CAUSE_FETCH: return RIGHT_EXECUTE;
    case CAUSE_LOAD: return RIGHT_READ;
    default: return RIGHT_WRITE;
    }
}

/* The program opens the page itself: it goes on in its handler. */
static bool hand_over(const struct task *t, uint32_t cause, struct message *m)
{
    if (!t->handler || cause != CAUSE_STORE || !mem_is_protected(t, m->word[0]))
        return false;
    m->tag = FAULT_GO_ON;
    m->word[0] = t->handler;
    return true;
}

/* The program only tries whether it can have the page: it is told that it cannot. */
static bool tell_short(const struct task *t, int32_t error, struct message *m)
{
    if (error != -ENOMEM || m->word[1] - t->touch >= t->touch_size)
        return false;
    m->tag = FAULT_GO_ON;
    m->word[0] = t->touch + t->touch_size;
    return true;
}

static bool fault(uint32_t who, struct message *m)
{
    uint32_t cause = m->tag & TAG_LABEL;
    struct task *t = &tasks[who];
    int32_t error;

    if (cause != CAUSE_FETCH && cause != CAUSE_LOAD && cause != CAUSE_STORE) {
        tell_death(who, cause, m, 0);
        return false;
    }
    if (hand_over(t, cause, m))
        return true;
    error = mem_resolve(t, m->word[0], right_of(cause));
    if (tell_short(t, error, m))
        return true;
    if (error < 0) {
        tell_death(who, cause, m, error == -ENOMEM);
        return false;
    }
    m->tag = FAULT_RETRY;
    return true;
}

static int32_t tell_info(struct message *m)
{
    m->word[1] = mem_total();
    m->word[2] = mem_available();
    return 0;
}

static int32_t from_process(uint32_t who, struct message *m)
{
    struct task *t = &tasks[who];

    switch (m->tag & TAG_LABEL) {
    case MEM_SBRK: return mem_sbrk(t, (int32_t)m->word[0]);
    case MEM_INFO: return tell_info(m);
    case MEM_HOLD: return mem_hold(t, m->word[0]);
    case MEM_PROTECT: return mem_protect(t, m->word[0], m->word[1], m->word[2]);
    case MEM_ON_FAULT: t->handler = m->word[0]; return 0;
    case MEM_ON_SHORT:
        t->touch = m->word[0];
        t->touch_size = m->word[1];
        return 0;
    default: return -ENOSYS;
    }
}

static int32_t next_death(struct message *m)
{
    struct death d = deaths[0];

    if (death_count == 0)
        return -ENOENT;
    memmove(deaths, deaths + 1, --death_count * sizeof(d));
    m->word[1] = d.cause;
    m->word[2] = d.address;
    m->word[3] = d.pc;
    m->word[4] = d.short_of_memory;
    return (int32_t)d.who;
}

static int32_t from_process_server(struct message *m)
{
    const uint32_t *w = m->word;
    uint32_t label = m->tag & TAG_LABEL;

    if (label == MEM_NEXT_DEATH)
        return next_death(m);
    if (label == MEM_INFO)
        return tell_info(m);
    if (w[0] >= MAX_PROCESSES)
        return -EINVAL;
    switch (label) {
    case MEM_FORK: return w[1] < MAX_PROCESSES ? task_fork(w[0], w[1]) : -EINVAL;
    case MEM_PAGE: return task_load(w[0], w[1], w[2]);
    case MEM_COMMIT: return task_commit(w[0], w);
    case MEM_FREE: return task_free(w[0]);
    case MEM_ABORT: return task_abort(w[0]);
    case MEM_PAGES: return task_pages(w[0]);
    default: return -ENOSYS;
    }
}

static bool handle(struct message *m)
{
    uint32_t who = m->badge - 1;
    int32_t result = -EPERM;

    if (m->tag & (uint32_t)TAG_FAULT)
        return who < MAX_PROCESSES && fault(who, m);
    if (who < MAX_PROCESSES)
        result = from_process(who, m);
    else if (m->badge == BADGE_PROC)
        result = from_process_server(m);
    m->tag = 0;
    m->word[0] = (uint32_t)result;
    return true;
}

void server_main(void)
{
    mem_init(info->memory_pages);
    server_loop(handle, 0);
}
