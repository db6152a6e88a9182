/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user.h - what a program can use: the system calls (usys.S) and a small library (ulib.c).
 * Structures, flags and error numbers are in common/abi.h; strings in string.h.
 */
#ifndef COMMON_USER_H
#define COMMON_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/abi.h"
#include "string.h"

/* System calls. Each gives a negative error number when it fails: -ENOENT and so on. */
_Noreturn void exit(int status);
int fork(void);
int exec(const char *path, char *const argv[]);
int wait(int *status, int flags);
int kill(int pid);
int getpid(void);
int sleep(uint32_t ms);
int uptime(void); /* in ms */
int procinfo(uint32_t slot, struct procinfo *info);
int newgroup(void);
int foreground(int group);
int poweroff(int failed);
void *sbrk(int n); /* see is_error() */
int meminfo(struct meminfo *info);
int hold(uint32_t pages);
int open(const char *path, int flags);
int close(int fd);
int read(int fd, void *buffer, uint32_t n);
int write(int fd, const void *buffer, uint32_t n);
int dup(int fd);
int pipe(int fds[2]);
int unlink(const char *path);
int readdir(uint32_t slot, struct fileinfo *info);
int stat(int fd, struct fileinfo *info);

/* Is this result of sbrk an error number? */
static inline bool is_error(const void *p)
{
    return (uintptr_t)p > (uintptr_t)-4096;
}

/* The library. */
void printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void dprintf(int fd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *error_text(int error); /* takes -ENOENT, gives "no such file" */

/* All n bytes, unless an error comes first. */
int write_all(int fd, const void *buffer, uint32_t n);

/* A line without its newline, cut to size - 1; its length, or -1 at the end of the file. */
int read_line(int fd, char *line, uint32_t size);

/* A decimal number that is all of s; or false. */
bool parse_number(const char *s, uint32_t *n);

/* A program's only argument, a number: `fallback` if there is none; exits if it is bad. */
uint32_t number_argument(int argc, char **argv, uint32_t fallback);

#endif
