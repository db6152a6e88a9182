/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * refuse.c - runs a program on a host that refuses it memory for code, as hardened ones do:
 *
 *     refuse [remap] [memfd] [exec] [both] -- PROGRAM [word...]
 *
 * `remap`: no memory is mapped again; `memfd`: no files without a name; `exec`: no shared memory
 * that can be executed, and none that becomes so; `both`: none that can be written and executed.
 * By seccomp filters, which ask no rights.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define LOAD(field)                                                                            \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offsetof(struct seccomp_data, field))
#define CALL LOAD(nr)
#define ARGUMENT(n) LOAD(args[n])
/* Go on where it holds, else skip so many. */
#define IS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (skip))
#define HAS(bits, skip) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, (skip))
#define REFUSE(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static struct sock_filter remap[] = {CALL, IS(SYS_mremap, 1), REFUSE(EPERM), ALLOW};
static struct sock_filter memfd[] = {CALL, IS(SYS_memfd_create, 1), REFUSE(EPERM), ALLOW};
static struct sock_filter exec_later[] = {
    CALL, IS(SYS_mprotect, 3), ARGUMENT(2), HAS(PROT_EXEC, 1), REFUSE(EACCES), ALLOW};
static struct sock_filter exec_shared[] = {
    CALL,        IS(SYS_mmap, 5),    ARGUMENT(2),    HAS(PROT_EXEC, 3),
    ARGUMENT(3), HAS(MAP_SHARED, 1), REFUSE(EACCES), ALLOW};
static struct sock_filter both[] = {
    CALL, IS(SYS_mmap, 4), ARGUMENT(2), HAS(PROT_EXEC, 2), HAS(PROT_WRITE, 1), REFUSE(EACCES),
    ALLOW};

#define FILTER(word, rules)                                                                    \
    {                                                                                          \
        word, rules, sizeof(rules) / sizeof(rules)[0]                                          \
    }
static const struct {
    const char *word;
    struct sock_filter *rules;
    unsigned short count;
} filters[] = {
    FILTER("remap", remap),      FILTER("memfd", memfd), FILTER("exec", exec_later),
    FILTER("exec", exec_shared), FILTER("both", both),
};

static void install(const char *word)
{
    for (unsigned i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        struct sock_fprog program = {.len = filters[i].count, .filter = filters[i].rules};

        if (!strcmp(filters[i].word, word) &&
            (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
             prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)))
            _exit(77); /* this host has no filters */
    }
}

int main(int argc, char **argv)
{
    int first = 1;

    while (first < argc && strcmp(argv[first], "--"))
        install(argv[first++]);
    if (first + 1 >= argc) {
        fputs("usage: refuse [remap] [memfd] [exec] [both] -- PROGRAM [word...]\n", stderr);
        return 2;
    }
    execv(argv[first + 1], argv + first + 1);
    perror(argv[first + 1]);
    return 126;
}
