/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lacking.c - the common calls that are no system calls of mini: its only clock is uptime, it
 * handles all faults itself, and it is in one piece. Programs that do not call them do not
 * have them.
 */
#include "common/sys.h"

enum { PER_SECOND = 1000 };

int clock(struct clockinfo *info)
{
    info->now = (uint32_t)uptime();
    info->per_second = PER_SECOND;
    return 0;
}

int protect(void *start, uint32_t pages, int rights)
{
    (void)start;
    (void)pages;
    (void)rights;
    return -ENOSYS;
}

int on_fault(void (*handler)(void *address))
{
    (void)handler;
    return -ENOSYS;
}

int crash(const char *part)
{
    (void)part;
    return -ENOSYS;
}

int part(uint32_t slot, char name[NAME_SIZE])
{
    (void)slot;
    (void)name;
    return -ENOSYS;
}
