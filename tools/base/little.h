/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * little.h - numbers in files: little-endian, whatever the host is.
 */
#ifndef PZ_TOOLS_BASE_LITTLE_H
#define PZ_TOOLS_BASE_LITTLE_H

#include <stdint.h>

static inline void little_put32(uint8_t *p, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> 8 * i);
}

static inline void little_put64(uint8_t *p, uint64_t value)
{
    little_put32(p, (uint32_t)value);
    little_put32(p + 4, (uint32_t)(value >> 32));
}

static inline uint32_t little_get32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t little_get64(const uint8_t *p)
{
    return little_get32(p) | (uint64_t)little_get32(p + 4) << 32;
}

#endif
