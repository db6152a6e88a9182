/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * syscall.c - from the number in a7 to its handler.
 */
#include "syscall.h"

#include <stddef.h>

#include "common/abi.h"

static int32_t (*const handlers[])(const uint32_t *arg) = {
#define SYSCALL(number, name) [number] = sys_##name,
#include "mini/syscalls.def"
#undef SYSCALL
};

enum { HANDLERS = sizeof(handlers) / sizeof(handlers[0]) };

/* exec replaces the registers: its result must not land in the new program's a0. */
void syscall(struct trapframe *tf)
{
    uint32_t number = tf->x[REG_A7];
    uint32_t pc = tf->sepc;
    int32_t result = -ENOSYS;

    if (number < HANDLERS && handlers[number])
        result = handlers[number](&tf->x[REG_A0]);
    if (tf->sepc == pc)
        tf->x[REG_A0] = (uint32_t)result;
}
