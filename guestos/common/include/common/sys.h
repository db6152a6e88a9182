/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys.h - the calls that the common programs make, and so what a system has to provide to run
 * them. Errors, flags, limits and structures are in abi.h. What a call does with good arguments
 * and with bad ones is in mini/README.md, and usertests checks it.
 *
 * To port the programs to a system:
 *   - define each function below, in whatever way: a stub for a system call, a library that
 *     sends messages to servers, the work itself;
 *   - have each program start in main(argc, argv), and end it with what main returns;
 *   - link it with programs/ulib.c, lib/string.c and lib/format.c;
 *   - provide as files the programs by their names, and those of files/; `console` opens the
 *     terminal, and descriptors 0, 1 and 2 are open to it in the first program;
 *   - start `init` with the boot arguments as argv[1].
 *
 * A call that is marked "may be lacking" gives -ENOSYS in a system that has no such thing, and
 * the system's README says so. Programs that use it say that it is lacking, and go on without.
 */
#ifndef COMMON_SYS_H
#define COMMON_SYS_H

#include <stddef.h>
#include <stdint.h>

#include "common/abi.h"

/* Each gives a negative error number when it fails: -ENOENT and so on. */

/* Processes. */
_Noreturn void exit(int status);
int fork(void); /* may be lacking */
int exec(const char *path, char *const argv[]);
int wait(int *status, int flags);
int kill(int pid);
int getpid(void);
int procinfo(uint32_t slot, struct procinfo *info);
int newgroup(void);
int foreground(int group);
int poweroff(int failed);

/* Memory. sbrk's result is checked by is_error() of user.h. */
void *sbrk(int n);
int meminfo(struct meminfo *info);
int hold(uint32_t pages); /* may be lacking */

/* Files and pipes. */
int open(const char *path, int flags);
int close(int fd);
int read(int fd, void *buffer, uint32_t n);
int write(int fd, const void *buffer, uint32_t n);
int dup(int fd);
int pipe(int fds[2]);
int unlink(const char *path);
int readdir(uint32_t slot, struct fileinfo *info);
int stat(int fd, struct fileinfo *info);

/* Time. */
int sleep(uint32_t ms);
int uptime(void); /* in ms */

/* The finest clock that a program has here: what it shows, and how often it ticks. 0. */
int clock(struct clockinfo *info);

/*
 * Page faults handled by the program itself (after Appel & Li, 1991). protect() gives whole pages
 * of the heap these rights: PROT_READ, with or without PROT_WRITE. handler is called with the
 * address when a page is written to against its rights, and the write is tried again when it
 * returns. May be lacking, both together.
 */
int protect(void *start, uint32_t pages, int rights);
int on_fault(void (*handler)(void *address));

/*
 * Kill one part of the system by its name, as a fault in it would. 0 when it is dead; what goes
 * on without it, and who starts it again, is what there is to see. -ENOENT: no such part. May
 * be lacking: a system all in one piece has no part to kill.
 */
int crash(const char *part);

/* The name of part number `slot`; -EINVAL when there are no more. May be lacking, as crash(). */
int part(uint32_t slot, char name[NAME_SIZE]);

#endif
