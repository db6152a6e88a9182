/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec.h - a program's arguments on their way from one address space to another.
 */
#ifndef MINI_EXEC_H
#define MINI_EXEC_H

#include <stdbool.h>
#include <stdint.h>

#include "common/abi.h"

struct proc;

enum { ARGS_SIZE = 1024 };

struct exec_args {
    uint32_t count;
    uint32_t used;        /* bytes of text, terminating zeros included */
    char text[ARGS_SIZE]; /* the arguments, one after the other */
};

/* False when there is no room for it. */
bool exec_args_add(struct exec_args *args, const char *arg);

/*
 * Load a program into p and make it start there. On an error p is as it was. The file is not
 * trusted: -ENOENT, -ENOEXEC, -ENOMEM.
 */
int exec_program(struct proc *p, const char *path, const struct exec_args *args);

#endif
