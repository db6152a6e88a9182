/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * native.c - what the compiler calls when the programs are compiled for the computer itself: the
 * same division that the machine does.
 */
#include "../hll_module.h"

uint64_t __umoddi3(uint64_t a, uint64_t b);

uint64_t __umoddi3(uint64_t a, uint64_t b)
{
    return hll_divide(a, b, true);
}
