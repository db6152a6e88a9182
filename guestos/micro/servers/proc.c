/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proc.c - the process server: what processes ask for. Files are the file server's, memory is the
 * pager's, the terminal is the console's: we know who may ask them for what, and ask them in a
 * process's name. All the rest, processes, descriptors, pipes and sleeping, is here.
 */
#include "proc.h"

#include <stdarg.h>

#include "format.h"

struct process processes[MAX_PROCESSES];

static uint32_t ticks;
static uint64_t next_tick;
static int32_t foreground;

int32_t block(struct process *p, enum blocked why)
{
    kcall_cap_copy(S_SELF, CLIENT_SLOT + index_of(p), S_REPLY, 0, RIGHT_ALL);
    p->blocked = why;
    return LATER;
}

void answer(struct process *p, int32_t result, uint32_t word)
{
    struct message m = {.word = {(uint32_t)result, word}};

    p->blocked = NOTHING;
    ipc_reply(&m, CLIENT_SLOT + index_of(p));
}

static void flush(struct sink *s)
{
    server_call(S_CON, CON_WRITE, LETTER_PROC, 0, s->used, 0);
    s->used = 0;
}

void say(const char *fmt, ...)
{
    struct sink s = {.buffer = letter(LETTER_PROC), .size = PAGE_BYTES, .flush = flush};
    va_list args;

    va_start(args, fmt);
    format(&s, fmt, args);
    va_end(args);
}

/* Signals may have been too late, or two in one: the time is what counts. */
static void count_ticks(void)
{
    uint64_t now = read_time();

    for (; next_tick <= now; next_tick += info->interval)
        ticks++;
}

static void wake_sleepers(void)
{
    count_ticks();
    for (struct process *p = processes; p < processes + MAX_PROCESSES; p++)
        if (p->state == LIVE && p->blocked == CLOCK && (int32_t)(ticks - p->wake_at) >= 0)
            answer(p, 0, 0);
}

/* One tick more than asked: the current one is already partly over. */
static int32_t sleep(struct process *p, uint32_t ms)
{
    uint32_t wanted = ms / TICK_MS + (ms % TICK_MS != 0) + (ms != 0);

    if (ms == 0)
        return 0;
    count_ticks();
    p->wake_at = ticks + (wanted < INT32_MAX ? wanted : INT32_MAX);
    return block(p, CLOCK);
}

static void interrupt(void)
{
    if (foreground)
        process_kill_group(foreground);
    else
        server_call(S_CON, CON_NEWLINE, 0, 0, 0, 0);
}

static int32_t set_foreground(int32_t group)
{
    if (group < 0)
        return -EINVAL;
    foreground = group;
    return 0;
}

static int32_t power_off(uint32_t failed)
{
    if (failed > 1)
        return -EINVAL;
    kcall_control(S_CONTROL, failed ? CONTROL_FAIL : CONTROL_POWER_OFF, 0, 0, 0, 0);
    return 0;
}

/* The arguments are copied before anybody looks at them: the letter may change. */
static int32_t exec(struct process *p, uint32_t count, uint32_t size)
{
    static char args[ARGS_SIZE];
    char name[NAME_SIZE];

    if (size > ARGS_SIZE)
        return -E2BIG;
    memcpy(name, letter(index_of(p)), NAME_SIZE);
    name[NAME_SIZE - 1] = '\0';
    memcpy(args, letter(index_of(p)) + ARGS_AT, size);
    return load_program(p, name, args, count, size);
}

static int32_t uptime(void)
{
    count_ticks();
    return (int32_t)(ticks * TICK_MS);
}

static int32_t of_processes(struct process *p, struct message *m)
{
    const uint32_t *w = m->word;

    switch (m->tag & TAG_LABEL) {
    case PROC_EXIT: process_end(p, w[0] & STATUS_EXIT_MASK); return NO_ANSWER;
    case PROC_FORK: return process_fork(p);
    case PROC_EXEC: return exec(p, w[0], w[1]);
    case PROC_WAIT: return process_wait(p, w[0], &m->word[1]);
    case PROC_KILL: return process_kill(p, (int32_t)w[0]);
    case PROC_GETPID: return p->pid;
    case PROC_SLEEP: return sleep(p, w[0]);
    case PROC_UPTIME: return uptime();
    case PROC_INFO: return process_info(p, w[0]);
    case PROC_NEWGROUP: p->group = p->pid; return p->pid;
    case PROC_FOREGROUND: return set_foreground((int32_t)w[0]);
    case PROC_TIMEBASE: return (int32_t)info->timebase;
    case PROC_POWEROFF: return power_off(w[0]);
    default: return -ENOSYS;
    }
}

static int32_t of_files(struct process *p, struct message *m)
{
    const uint32_t *w = m->word;
    uint32_t client = index_of(p);

    switch (m->tag & TAG_LABEL) {
    case PROC_OPEN: return files_open(p, w[0]);
    case PROC_CLOSE: return files_close(p, w[0]);
    case PROC_READ: return files_read(p, w[0], w[1]);
    case PROC_WRITE: return files_write(p, w[0], w[1]);
    case PROC_DUP: return files_dup(p, w[0]);
    case PROC_PIPE: return files_pipe(p, &m->word[1]);
    case PROC_UNLINK: return server_call(S_FS, FS_UNLINK, client, 0, 0, 0);
    case PROC_READDIR: return server_call(S_FS, FS_DIR, w[0], client, 0, 0);
    default: return files_stat(p, w[0]);
    }
}

static void signals(uint32_t bits)
{
    if (bits & SIGNAL_DEATH)
        process_bury();
    if (bits & SIGNAL_TICK)
        wake_sleepers();
    if (bits & SIGNAL_INTERRUPT)
        interrupt();
}

static bool handle(struct message *m)
{
    uint32_t who = m->badge - 1;
    struct process *p = &processes[who];
    uint32_t label = m->tag & TAG_LABEL;
    int32_t result;

    if (m->tag & TAG_SIGNAL) {
        signals(m->word[0]);
        return false;
    }
    if (who >= MAX_PROCESSES || p->state != LIVE)
        return false;
    p->blocked = NOTHING;
    if (label >= PROC_OPEN && label < PROC_CALLS)
        result = of_files(p, m);
    else
        result = of_processes(p, m);
    m->tag = 0;
    m->word[0] = (uint32_t)result;
    return result != NO_ANSWER && result != LATER;
}

/* lives: how often processes were lost. Then a shell is to see what is left. */
void server_main(uint32_t lives)
{
    next_tick = read_time() + info->interval;
    server_call(S_FS, FS_RESET, 0, 0, 0, 0);
    server_call(S_CON, CON_RESET, 0, 0, 0, 0);
    if (lives == 0)
        say("micro: %u pages for processes, %u processes at most\n", info->memory_pages,
            MAX_PROCESSES);
    process_start_first(lives == 0 ? info->command : "");
    server_loop(handle, 0);
}
