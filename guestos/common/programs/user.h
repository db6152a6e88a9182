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

#include "common/sys.h"
#include "string.h"

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

/*
 * How long something took: measure_start(), then it, then measure_report("null call", n) prints
 * how long it was, and how long each of n times. Of a clock that ticks slowly, do much.
 */
void measure_start(void);
void measure_report(const char *what, uint32_t n);

#endif
