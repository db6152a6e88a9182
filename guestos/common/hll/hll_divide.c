/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll_divide.c - arithmetic that a 32-bit compiler would take from its library, which a program
 * that brings all of its code does not have.
 */
#include "hll_module.h"

static uint32_t leading_zeros(uint64_t a)
{
    return a ? (uint32_t)__builtin_clzll(a) : 64;
}

/* By subtraction, one bit of the quotient at a time; both in one word is one instruction. */
uint64_t hll_divide(uint64_t a, uint64_t b, bool rest)
{
    uint64_t quotient = 0;

    if (a >> 32 == 0 && b >> 32 == 0)
        return rest ? (uint32_t)a % (uint32_t)b : (uint32_t)a / (uint32_t)b;
    for (uint32_t shift = leading_zeros(b) + 1; a >= b && shift > 0; shift--) {
        uint64_t part = b << (shift - 1);

        if (a >= part) {
            a -= part;
            quotient |= 1ull << (shift - 1);
        }
    }
    return rest ? a : quotient;
}

uint64_t hll_divide_signed(uint64_t a, uint64_t b, bool rest)
{
    bool a_minus = a >> 63, b_minus = b >> 63;
    uint64_t result = hll_divide(a_minus ? -a : a, b_minus ? -b : b, rest);

    return (rest ? a_minus : a_minus != b_minus) ? -result : result;
}

uint32_t hll_popcount(uint32_t a)
{
    a -= a >> 1 & 0x55555555;
    a = (a & 0x33333333) + (a >> 2 & 0x33333333);
    return ((a + (a >> 4)) & 0x0f0f0f0f) * 0x01010101 >> 24;
}
