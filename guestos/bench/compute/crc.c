/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crc.c - CRC-32 (IEEE 802.3) of 64 KiB, by table: a chain of dependent loads.
 */
#include "user.h"

enum { LENGTH = 65536, TABLE = 256 };

#define POLYNOMIAL 0xedb88320u

static uint8_t bytes[LENGTH];
static uint32_t table[TABLE];

void compute_setup(void)
{
    uint32_t state = 3;

    for (uint32_t i = 0; i < TABLE; i++) {
        uint32_t crc = i;

        for (unsigned bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
        table[i] = crc;
    }
    for (unsigned i = 0; i < LENGTH; i++)
        bytes[i] = (uint8_t)next_random(&state);
}

uint32_t compute_once(void)
{
    uint32_t crc = ~0u;

    for (unsigned i = 0; i < LENGTH; i++)
        crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 0xff];
    return ~crc;
}
