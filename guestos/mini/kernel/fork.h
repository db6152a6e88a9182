/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fork.h - how processes come to be.
 */
#ifndef MINI_FORK_H
#define MINI_FORK_H

/* The first process, with the boot arguments as its only argument. */
void fork_init(const char *bootargs);

/* A copy of the current process: the child's pid, -EAGAIN (no slot), -ENOMEM. The child gets 0. */
int fork_process(void);

#endif
