/* SPDX-License-Identifier: GPL-2.0-or-later */
/* samples.c - enumerates encodings by their fields. Knows nothing of which are instructions. */
#include "tests/support/samples.h"

#include <stddef.h>

/* rd and rs1: zero, the link registers, equal and different ones, and the widest numbers. */
static const struct {
    uint8_t rd, rs1;
} pairs[] = {{11, 10}, {0, 0}, {10, 0}, {0, 1}, {1, 5}, {31, 31}};

#define PAIRS (sizeof pairs / sizeof pairs[0])

/* A number's fixed place in the choice (xorshift-multiply), so that every run is the same. */
static uint32_t scramble(uint32_t n)
{
    n = (n ^ n >> 16) * 0x7feb352du;
    n = (n ^ n >> 15) * 0x846ca68bu;
    return n ^ n >> 16;
}

/* The field values counted through: rs2 in bits 4..0, funct7 11..5, funct3 14..12, major above. */
static uint32_t encoding(uint32_t count, size_t pair)
{
    uint32_t rs2 = count & 31, funct7 = count >> 5 & 127, funct3 = count >> 12 & 7;

    return count >> 15 << 2 | 3 | (uint32_t)pairs[pair].rd << 7 | funct3 << 12 |
           (uint32_t)pairs[pair].rs1 << 15 | rs2 << 20 | funct7 << 25;
}

/* The major opcodes of PZ32; of the others one pair is enough to see that they are not. */
static size_t pairs_worth(uint32_t major)
{
    const uint32_t base = 1u << 0x00 | 1u << 0x03 | 1u << 0x04 | 1u << 0x05 | 1u << 0x08 |
                          1u << 0x0b | 1u << 0x0c | 1u << 0x0d | 1u << 0x18 | 1u << 0x19 |
                          1u << 0x1b | 1u << 0x1c;

    return base >> major & 1 ? PAIRS : 1;
}

void samples_wide(unsigned one_in, sample_visit *visit, void *context)
{
    for (uint32_t count = 0; count < 1u << 20; count++)
        for (size_t pair = 0; pair < pairs_worth(count >> 15); pair++) {
            uint32_t raw = encoding(count, pair);

            if (one_in <= 1 || scramble(raw) % one_in == 0)
                visit(context, raw);
        }
}

void samples_csr(sample_visit *visit, void *context)
{
    static const uint8_t funct3[] = {1, 2, 3, 5, 6, 7};

    for (uint32_t number = 0; number < 4096; number++)
        for (size_t op = 0; op < sizeof funct3; op++)
            for (size_t pair = 0; pair < PAIRS; pair++)
                visit(context, 0x73 | (uint32_t)pairs[pair].rd << 7 |
                                   (uint32_t)funct3[op] << 12 |
                                   (uint32_t)pairs[pair].rs1 << 15 | number << 20);
}

void samples_compressed(sample_visit *visit, void *context)
{
    for (uint32_t raw = 0; raw < 65536; raw++)
        if ((raw & 3) != 3)
            visit(context, raw);
}
