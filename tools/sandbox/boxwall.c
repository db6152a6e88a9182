/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boxwall.c - the filter allows what is needed to load a shared object, read guests and run
 * them; any other system call raises SIGSYS. Files can be opened only for reading.
 */
#include "tools/sandbox/boxwall.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/resource.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED 1
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* A sanitizer reserves terabytes of address space. */
#define LIMIT_MEMORY (!SANITIZED)

/*
 * In the sandbox the leak checker cannot start its helper; it asks this function whether to
 * run.
 */
static bool walled;
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return walled;
}

#define DESCRIPTORS 64u

static bool limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard)
{
    const struct rlimit limits = {soft, hard};

    return !setrlimit(resource, &limits);
}

bool boxwall_limit(const struct box_limits *limits)
{
    return limit(RLIMIT_CPU, limits->seconds, limits->seconds + 1) &&
           limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_FSIZE, 0, 0) &&
           limit(RLIMIT_NOFILE, DESCRIPTORS, DESCRIPTORS) &&
           (!LIMIT_MEMORY || limit(RLIMIT_AS, limits->memory << 20, limits->memory << 20));
}

#if PZ_HAVE_SECCOMP
#include <seccomp.h>

bool boxwall_filters(void)
{
    return true;
}

static const int allowed[] = {
    SCMP_SYS(read),           SCMP_SYS(pread64),      SCMP_SYS(lseek),
    SCMP_SYS(close),          SCMP_SYS(fstat),        SCMP_SYS(newfstatat),
    SCMP_SYS(stat),           SCMP_SYS(statx),        SCMP_SYS(access),
    SCMP_SYS(faccessat),      SCMP_SYS(faccessat2),   SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),     SCMP_SYS(getcwd),       SCMP_SYS(mmap),
    SCMP_SYS(munmap),         SCMP_SYS(mprotect),     SCMP_SYS(mremap),
    SCMP_SYS(madvise),        SCMP_SYS(brk),          SCMP_SYS(exit),
    SCMP_SYS(exit_group),     SCMP_SYS(getpid),       SCMP_SYS(gettid),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
    SCMP_SYS(clock_gettime),  SCMP_SYS(getrandom),    SCMP_SYS(futex),
    SCMP_SYS(sysinfo),        SCMP_SYS(sched_yield),  SCMP_SYS(sched_getaffinity),
    SCMP_SYS(chdir),
};

static bool allow_opening(scmp_filter_ctx filter)
{
    const scmp_datum_t changes = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;

    return !seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                             SCMP_A2(SCMP_CMP_MASKED_EQ, changes, 0)) &&
           !seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                             SCMP_A1(SCMP_CMP_MASKED_EQ, changes, 0));
}

static bool allow_writing(scmp_filter_ctx filter, int descriptor)
{
    return !seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                             SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)descriptor, 0)) &&
           !seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(writev), 1,
                             SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)descriptor, 0));
}

/* Limits may be read: sanitizers ask for the stack's. */
static bool allow_asking(scmp_filter_ctx filter)
{
    return !seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(getrlimit), 0) &&
           !seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
                             SCMP_A2(SCMP_CMP_EQ, 0, 0));
}

/* abort() and raise(): a signal to itself. */
static bool allow_raising(scmp_filter_ctx filter)
{
    return !seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                             SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
}

/* The monitor: it waits for a process, and its guest may have a disk to read. */
static bool allow_monitor(scmp_filter_ctx filter)
{
    static const int calls[] = {SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(wait4),
                                SCMP_SYS(flock), SCMP_SYS(preadv)};

    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0))
            return false;
    return true;
}

static bool add_rules(scmp_filter_ctx filter, const int *outs, unsigned count)
{
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0))
            return false;
    for (unsigned i = 0; i < count; i++)
        if (!allow_writing(filter, outs[i]))
            return false;
    return allow_opening(filter) && allow_raising(filter) && allow_asking(filter);
}

bool boxwall_filter(const int *outs, unsigned count, bool monitor)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
    bool loaded = filter && add_rules(filter, outs, count) &&
                  (!monitor || allow_monitor(filter)) && !seccomp_load(filter);

    seccomp_release(filter);
    return loaded;
}

static const int denied[] = {
    SCMP_SYS(creat),     SCMP_SYS(unlink),         SCMP_SYS(unlinkat),
    SCMP_SYS(rename),    SCMP_SYS(renameat),       SCMP_SYS(renameat2),
    SCMP_SYS(mkdir),     SCMP_SYS(mkdirat),        SCMP_SYS(rmdir),
    SCMP_SYS(link),      SCMP_SYS(linkat),         SCMP_SYS(symlink),
    SCMP_SYS(symlinkat), SCMP_SYS(truncate),       SCMP_SYS(ftruncate),
    SCMP_SYS(chmod),     SCMP_SYS(fchmod),         SCMP_SYS(fchmodat),
    SCMP_SYS(chown),     SCMP_SYS(fchown),         SCMP_SYS(lchown),
    SCMP_SYS(fchownat),  SCMP_SYS(mknod),          SCMP_SYS(mknodat),
    SCMP_SYS(mount),     SCMP_SYS(umount2),        SCMP_SYS(execve),
    SCMP_SYS(execveat),  SCMP_SYS(fork),           SCMP_SYS(vfork),
    SCMP_SYS(clone),     SCMP_SYS(clone3),         SCMP_SYS(ptrace),
    SCMP_SYS(kill),      SCMP_SYS(tkill),          SCMP_SYS(socket),
    SCMP_SYS(openat2),   SCMP_SYS(io_uring_setup), SCMP_SYS(process_vm_writev),
    SCMP_SYS(setxattr),  SCMP_SYS(fsetxattr),      SCMP_SYS(utimensat),
    SCMP_SYS(bpf),
};

static bool deny(scmp_filter_ctx filter)
{
    static const scmp_datum_t changes[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC};

    for (size_t i = 0; i < sizeof denied / sizeof denied[0]; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), denied[i], 0))
            return false;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat), 1,
                             SCMP_A2(SCMP_CMP_MASKED_EQ, changes[i], changes[i])) ||
            seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(open), 1,
                             SCMP_A1(SCMP_CMP_MASKED_EQ, changes[i], changes[i])))
            return false;
    return true;
}

bool boxwall_restrain(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    bool loaded = filter && deny(filter) && !seccomp_load(filter);

    walled = loaded;
    seccomp_release(filter);
    return loaded;
}

static const int no_compilers[] = {
    SCMP_SYS(socket),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(setsid),
    SCMP_SYS(setpgid),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(chown),
    SCMP_SYS(fchownat),
    SCMP_SYS(setxattr),
    SCMP_SYS(utimensat),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(swapon),
};

bool boxwall_compiler(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    bool loaded = filter;

    for (size_t i = 0; loaded && i < sizeof no_compilers / sizeof no_compilers[0]; i++)
        loaded = !seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), no_compilers[i], 0);
    loaded = loaded && !seccomp_load(filter);
    seccomp_release(filter);
    return loaded;
}

void boxwall_name(int number, char *name, size_t room)
{
    char *found = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);

    snprintf(name, room, "%s", found ? found : "a system call that has no name");
    free(found);
}
#else
bool boxwall_filters(void)
{
    return false;
}

bool boxwall_filter(const int *outs, unsigned count, bool monitor)
{
    (void)outs, (void)count, (void)monitor;
    return true;
}

bool boxwall_restrain(void)
{
    return true;
}

bool boxwall_compiler(void)
{
    return true;
}

void boxwall_name(int number, char *name, size_t room)
{
    snprintf(name, room, "system call %d", number);
}
#endif
