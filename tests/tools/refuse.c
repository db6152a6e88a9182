/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * refuse.c - runs a program on a host that refuses it memory for code, as hardened ones do:
 *
 *     refuse memfd|shared|all PROGRAM [word...]
 *
 * `memfd`: no anonymous files; `shared`: no shared memory that can be executed; `all`: neither,
 * nor memory that can be both written and executed. By a seccomp filter, which asks no rights.
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
#define LOAD_ARGUMENT(n)                                                                       \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS,                                                         \
             (unsigned)(offsetof(struct seccomp_data, args) + 8u * (n)))
#define SKIP_UNLESS(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (count))
#define SKIP_UNLESS_SET(bits, count) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, (count))
#define MASK(bits) BPF_STMT(BPF_ALU | BPF_AND | BPF_K, (bits))
#define REFUSE(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static struct sock_filter memfd_rules[] = {LOAD(nr), SKIP_UNLESS(SYS_memfd_create, 1),
                                           REFUSE(EPERM), ALLOW};

static struct sock_filter shared_rules[] = {LOAD(nr),         SKIP_UNLESS(SYS_mmap, 5),
                                            LOAD_ARGUMENT(2), SKIP_UNLESS_SET(PROT_EXEC, 3),
                                            LOAD_ARGUMENT(3), SKIP_UNLESS_SET(MAP_SHARED, 1),
                                            REFUSE(EACCES),   ALLOW};

static struct sock_filter both_rules[] = {LOAD(nr),
                                          SKIP_UNLESS(SYS_mmap, 4),
                                          LOAD_ARGUMENT(2),
                                          MASK(PROT_EXEC | PROT_WRITE),
                                          SKIP_UNLESS(PROT_EXEC | PROT_WRITE, 1),
                                          REFUSE(EACCES),
                                          ALLOW};

static void install(struct sock_filter *rules, size_t count)
{
    struct sock_fprog program = {.len = (unsigned short)count, .filter = rules};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        _exit(77); /* this host has no filters: the test is skipped, and says so */
}

#define INSTALL(rules) install(rules, sizeof(rules) / sizeof(rules)[0])

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: refuse memfd|shared|all PROGRAM [word...]\n", stderr);
        return 2;
    }
    if (strcmp(argv[1], "shared"))
        INSTALL(memfd_rules);
    if (strcmp(argv[1], "memfd"))
        INSTALL(shared_rules);
    if (!strcmp(argv[1], "all"))
        INSTALL(both_rules);
    execv(argv[2], argv + 2);
    perror(argv[2]);
    return 126;
}
