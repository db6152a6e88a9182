/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * syscall.h - system calls. Each handler gets the program's a0..a5 and gives what goes into a0.
 */
#ifndef MINI_SYSCALL_H
#define MINI_SYSCALL_H

#include <stdint.h>

#include "trapframe.h"

void syscall(struct trapframe *tf);

/* sys_exit, sys_fork, ...: in sysproc.c, sysmem.c and sysfile.c. */
#define SYSCALL(number, name) int32_t sys_##name(const uint32_t *arg);
#include "mini/syscalls.def"
#undef SYSCALL

#endif
