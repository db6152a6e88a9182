/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shift.c - 64-bit shifts for RV32, which gcc calls for and U-Boot takes from libgcc: Debian's
 * compiler for RISC-V has that for RV64 only. The calls are gcc's (libgcc, "Integer library
 * routines"); what is shifted by is less than 64.
 */
#include <stdint.h>

uint64_t __ashldi3(uint64_t value, int by);
uint64_t __lshrdi3(uint64_t value, int by);

static uint64_t join(uint32_t high, uint32_t low)
{
    union {
        uint32_t half[2];
        uint64_t whole;
    } value = {{low, high}};

    return value.whole;
}

static uint32_t high_of(uint64_t value)
{
    union {
        uint64_t whole;
        uint32_t half[2];
    } halves = {value};

    return halves.half[1];
}

uint64_t __ashldi3(uint64_t value, int by)
{
    uint32_t low = (uint32_t)value, high = high_of(value);

    if (by >= 32)
        return join(low << (by - 32), 0);
    return by ? join(high << by | low >> (32 - by), low << by) : value;
}

uint64_t __lshrdi3(uint64_t value, int by)
{
    uint32_t low = (uint32_t)value, high = high_of(value);

    if (by >= 32)
        return join(0, high >> (by - 32));
    return by ? join(high >> by, low >> by | high << (32 - by)) : value;
}
