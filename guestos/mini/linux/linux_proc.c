/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linux_proc.c - processes, signals and time. A child has a copy of its parent's memory, vfork's
 * too. Threads there are none. Of signals there are those that end a process, whoever sends them;
 * handlers are noted, and never called; what is ignored is.
 */
#include "../kernel/copy.h"
#include "../kernel/cpu.h"
#include "../kernel/exec.h"
#include "../kernel/exit.h"
#include "../kernel/fork.h"
#include "../kernel/memlayout.h"
#include "../kernel/page.h"
#include "../kernel/sched.h"
#include "../kernel/syscall.h"
#include "../kernel/timer.h"
#include "linux.h"
#include "string.h"

enum {
    CLONE_VM = 0x100,
    CLONE_VFORK = 0x4000,
    CLONE_THREAD = 0x10000,
    SIGNAL_MASK = 0xff,
    SIGKILL = 9,
    SIGCHLD = 17,
    SIGCONT = 18,
    SIGSTOP = 19,
    SIGTTOU = 22,
    SIGURG = 23,
    SIGWINCH = 28,
    IGNORE = 1,
    WAIT_NO_HANG = 1,
    WAIT_ALL = 0,
    WAIT_PID = 1,
    CHILD_EXITED = 1,
    CHILD_KILLED = 2,
    UMASK = 022,
    BELOW_STACK = 256,
};

/* (flags, stack, ...): with a stack of its own, as posix_spawn's children have. */
int32_t linux_clone(const uint32_t *arg)
{
    struct trapframe *tf = proc_trapframe(current);
    uint32_t sp = tf->x[REG_SP];
    int32_t result;

    if (arg[0] & CLONE_THREAD || (arg[0] & CLONE_VM && !(arg[0] & CLONE_VFORK)))
        return linux_lacks("clone of a thread", 220);
    if (arg[1])
        tf->x[REG_SP] = arg[1];
    result = fork_process();
    tf->x[REG_SP] = sp;
    return result;
}

/* Strings of an array that a null pointer ends. */
static int fetch(struct exec_args *to, uint32_t array)
{
    int error = 0;

    for (; array && error == 0; array += sizeof(uint32_t)) {
        uint32_t va;
        int32_t n;

        error = copy_from_user(&va, array, sizeof(va));
        if (error < 0 || va == 0)
            break;
        if (to->count == MAX_ARGS || to->used == ARGS_SIZE)
            return -E2BIG;
        n = copy_string_from_user(to->text + to->used, va, ARGS_SIZE - to->used);
        if (n < 0)
            return n == -ENAMETOOLONG ? -E2BIG : n;
        to->used += (uint32_t)n + 1;
        to->count++;
    }
    return error;
}

static int exec_with(struct exec_args *args, struct exec_args *env, const uint32_t *arg)
{
    struct linux_state *s = linux_current();
    char name[NAME_SIZE];
    bool is_root;
    int error = linux_path(arg[0], name, &is_root);

    if (error == 0)
        error = fetch(args, arg[1]);
    if (error == 0)
        error = fetch(env, arg[2]);
    if (error < 0)
        return error;
    memcpy(s->env, env->text, env->used);
    s->env_size = env->used;
    return is_root ? -LINUX_EISDIR : exec_program(current, name, args);
}

int32_t linux_execve(const uint32_t *arg)
{
    struct exec_args *args = page_alloc_zeroed(), *env = page_alloc_zeroed();
    int error = args && env ? exec_with(args, env, arg) : -ENOMEM;

    if (args)
        page_free(args);
    if (env)
        page_free(env);
    return error;
}

static bool is_child(int number)
{
    bool found = false;

    sched_lock();
    for (uint32_t i = 0; i < MAX_PROCESSES; i++) {
        const struct proc *p = &procs[i];

        found |= p->state != STATE_UNUSED && p->parent == current && box_pid(p) == number;
    }
    sched_unlock();
    return found;
}

static int take_kept(struct linux_state *s, int wanted, int *status)
{
    for (uint32_t i = 0; i < LINUX_KEPT; i++) {
        int pid = s->kept_pid[i];

        if (pid && (wanted < 0 || pid == wanted)) {
            *status = s->kept_status[i];
            s->kept_pid[i] = 0;
            return pid;
        }
    }
    return 0;
}

static void keep(struct linux_state *s, int pid, int status)
{
    for (uint32_t i = 0; i < LINUX_KEPT; i++) {
        if (!s->kept_pid[i]) {
            s->kept_pid[i] = pid;
            s->kept_status[i] = status;
            return;
        }
    }
}

/*
 * mini waits for any child. If it is not the one, its status is kept until somebody asks. The
 * status comes by the program's memory: below its stack, where nothing is that has to stay.
 */
static int wait_child(int wanted, bool now, int *status)
{
    struct linux_state *s = linux_current();
    uint32_t arg[2] = {(proc_trapframe(current)->x[REG_SP] - BELOW_STACK) & ~15u,
                       now ? WAIT_NOHANG : 0};
    int pid = take_kept(s, wanted, status);

    if (pid)
        return pid;
    if (wanted >= 0 && !is_child(wanted))
        return -ECHILD;
    for (;;) {
        int error;

        pid = sys_wait(arg);
        if (pid <= 0)
            return pid;
        error = copy_from_user(status, arg[0], sizeof(*status));
        if (error < 0 || wanted < 0 || pid == wanted)
            return error < 0 ? error : pid;
        keep(s, pid, *status);
    }
}

/* What another ended by is not kept: SIGKILL. Who ends himself says it (linux_kill). */
static int signal_of(int status)
{
    return status & STATUS_EXIT_MASK ? status & STATUS_EXIT_MASK : SIGKILL;
}

/* (pid, *status, options, *usage) */
int32_t linux_wait4(const uint32_t *arg)
{
    int wanted = (int)arg[0], status = 0;
    int pid = wait_child(wanted > 0 ? wanted : -1, arg[2] & WAIT_NO_HANG, &status), error = 0;

    status = status & STATUS_KILLED ? signal_of(status) : (status & STATUS_EXIT_MASK) << 8;
    if (pid > 0 && arg[1])
        error = copy_to_user(arg[1], &status, sizeof(status));
    return error < 0 ? error : pid;
}

struct siginfo {
    int32_t signal, error, code, pid, uid, status, rest[26];
};

/* (which, pid, *siginfo, options, *usage): 0, and who it was in siginfo. */
int32_t linux_waitid(const uint32_t *arg)
{
    struct siginfo info = {0};
    int status = 0, pid;

    if (arg[0] > WAIT_PID)
        return linux_lacks("waitid for a group", 95), -EINVAL;
    pid = wait_child(arg[0] == WAIT_PID ? (int)arg[1] : -1, arg[3] & WAIT_NO_HANG, &status);
    if (pid < 0)
        return pid;
    if (pid > 0) {
        info.signal = SIGCHLD;
        info.code = status & STATUS_KILLED ? CHILD_KILLED : CHILD_EXITED;
        info.pid = pid;
        info.status = status & STATUS_KILLED ? signal_of(status) : status & STATUS_EXIT_MASK;
    }
    return arg[2] ? copy_to_user(arg[2], &info, sizeof(info)) : 0;
}

static bool is_ignored(int pid, uint32_t signal)
{
    bool ignored =
        signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH;

    sched_lock();
    for (uint32_t i = 0; i < MAX_PROCESSES; i++) {
        const struct linux_state *s = linux_state(&procs[i]);

        if (procs[i].pid == pid && s && signal != SIGKILL)
            ignored |= s->handler[signal] == IGNORE;
    }
    sched_unlock();
    return ignored;
}

int32_t linux_kill(const uint32_t *arg)
{
    int pid = (int)arg[0] > 0 ? box_find(box_current(), (int)arg[0]) : 0;

    if ((int)arg[0] <= 0)
        return linux_lacks("kill of a group", 129), -EPERM;
    if (!pid)
        return -ESRCH;
    if (arg[1] >= LINUX_SIGNALS)
        return -EINVAL;
    if (arg[1] >= SIGSTOP && arg[1] <= SIGTTOU)
        return linux_lacks("kill: a signal that stops", 129), -EINVAL;
    if (arg[1] == 0 || is_ignored(pid, arg[1]))
        return 0;
    if (pid == current->pid && pid != INIT_PID)
        exit_process(STATUS_KILLED | (int)arg[1]);
    return sys_kill(arg);
}

/* (process, thread, signal): a process is one thread. */
int32_t linux_tgkill(const uint32_t *arg)
{
    const uint32_t to[] = {arg[0], arg[2]};

    return linux_kill(to);
}

struct sigaction {
    uint32_t handler, flags, mask[2];
};

int32_t linux_rt_sigaction(const uint32_t *arg)
{
    struct linux_state *s = linux_current();
    struct sigaction action, old = {0};
    int error = 0;

    if (arg[0] == 0 || arg[0] > 64)
        return -EINVAL;
    if (arg[0] < LINUX_SIGNALS)
        old.handler = s->handler[arg[0]];
    if (arg[1])
        error = copy_from_user(&action, arg[1], sizeof(action));
    if (error == 0 && arg[2])
        error = copy_to_user(arg[2], &old, sizeof(old));
    if (error == 0 && arg[1] && arg[0] < LINUX_SIGNALS)
        s->handler[arg[0]] = action.handler;
    return error;
}

/* (how, *set, *old, size): SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK. */
int32_t linux_rt_sigprocmask(const uint32_t *arg)
{
    struct linux_state *s = linux_current();
    uint32_t set[2], old[2] = {s->mask[0], s->mask[1]};
    int error = arg[1] ? copy_from_user(set, arg[1], sizeof(set)) : 0;

    if (error == 0 && arg[1] && arg[0] > 2)
        error = -EINVAL;
    for (int i = 0; i < 2 && error == 0 && arg[1]; i++)
        s->mask[i] = arg[0] == 0 ? old[i] | set[i] : arg[0] == 1 ? old[i] & ~set[i] : set[i];
    if (error == 0 && arg[2])
        error = copy_to_user(arg[2], old, sizeof(old));
    return error;
}

/* Nobody else can wait, or wake us. */
int32_t linux_futex_time64(const uint32_t *arg)
{
    enum { COMMANDS = 127, FUTEX_WAKE = 1 };

    return (arg[1] & COMMANDS) == FUTEX_WAKE ? 0 : -EAGAIN;
}

int32_t linux_sched_yield(const uint32_t *arg)
{
    (void)arg;
    sched_yield();
    return 0;
}

/* (pid, size, *mask): all that run, for whoever is asked about; how many bytes say it. */
int32_t linux_sched_getaffinity(const uint32_t *arg)
{
    const uint32_t mask = (1u << cpu_count) - 1;
    int32_t error = arg[1] < sizeof(mask) ? -EINVAL : copy_to_user(arg[2], &mask, sizeof(mask));

    return error < 0 ? error : (int32_t)sizeof(mask);
}

/* (magic, magic, what): in a box the box ends, as by mini's own call. */
int32_t linux_reboot(const uint32_t *arg)
{
    enum { MAGIC = (int32_t)0xfee1dead, HALT = (int32_t)0xcdef0123, POWER_OFF = 0x4321fedc };
    const uint32_t well = 0;

    if ((int32_t)arg[0] != MAGIC)
        return -EINVAL;
    if ((int32_t)arg[2] != HALT && (int32_t)arg[2] != POWER_OFF)
        return linux_lacks("reboot: only to power off", 142), -EINVAL;
    return sys_poweroff(&well);
}

int32_t linux_getpid(const uint32_t *arg)
{
    (void)arg;
    return box_pid(current);
}

/* 0: one that the box does not see. */
int32_t linux_getppid(const uint32_t *arg)
{
    int pid = 0;

    (void)arg;
    sched_lock();
    if (current->parent && box_of(current->parent) == box_current())
        pid = box_pid(current->parent);
    sched_unlock();
    return pid;
}

int32_t linux_getpgid(const uint32_t *arg)
{
    (void)arg;
    return box_current() ? box_pid(current) : current->group;
}

/* Only for the caller itself, with itself as the leader. */
int32_t linux_setpgid(const uint32_t *arg)
{
    uint32_t me = (uint32_t)box_pid(current);

    if ((arg[0] && arg[0] != me) || (arg[1] && arg[1] != me))
        return -EPERM;
    sys_newgroup(arg);
    return 0;
}

int32_t linux_uname(const uint32_t *arg)
{
    enum { FIELD = 65 };
    static const char *const texts[] = {"Linux",   "mini", "6.1.0", "mini's personality",
                                        "riscv32", ""};
    char field[FIELD];
    int error = 0;

    for (uint32_t i = 0; i < 6 && error == 0; i++) {
        memset(field, 0, sizeof(field));
        copy_name(field, texts[i], sizeof(field));
        error = copy_to_user(arg[0] + i * FIELD, field, sizeof(field));
    }
    return error;
}

/* (pid, resource, *new, *old) */
int32_t linux_prlimit64(const uint32_t *arg)
{
    enum { STACK = 3, FILES = 7 };
    uint64_t limit = arg[1] == STACK   ? LINUX_STACK_SIZE
                     : arg[1] == FILES ? MAX_FDS
                                       : UINT64_MAX;
    const uint64_t both[] = {limit, limit};

    if (arg[2])
        return -EPERM;
    return arg[3] ? copy_to_user(arg[3], both, sizeof(both)) : 0;
}

int32_t linux_sysinfo(const uint32_t *arg)
{
    const uint32_t info[16] = {
        [0] = timer_uptime_ms() / 1000, /* s */
        [4] = page_total(),
        [5] = page_available(),
        [10] = box_processes(box_current()),
        [13] = PAGE_SIZE, /* what a unit of memory is */
    };

    return copy_to_user(arg[0], info, sizeof(info));
}

/* All clocks begin at boot, and tick as mini's. */
int32_t linux_clock_gettime64(const uint32_t *arg)
{
    uint32_t ms = timer_uptime_ms();
    const int64_t time[] = {ms / 1000, ms % 1000 * 1000000};

    return copy_to_user(arg[1], time, sizeof(time));
}

/* (clock, flags, *time, *rest): a relative time. */
int32_t linux_clock_nanosleep_time64(const uint32_t *arg)
{
    uint32_t time[4];
    int error = copy_from_user(time, arg[2], sizeof(time));

    if (error < 0)
        return error;
    if (arg[1])
        return linux_lacks("clock_nanosleep until a time", 407), -EINVAL;
    if (time[1] || time[3] || time[2] > 999999999 || time[0] > INT32_MAX / 1000)
        return -EINVAL;
    return timer_sleep_ms(time[0] * 1000 + time[2] / 1000000);
}
