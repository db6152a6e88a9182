/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * phys.c - copies to and from physical memory; the whole range is checked before any byte is
 * copied. The callbacks of struct phys know where the memory is and who owns it.
 */
#include "isa/phys.h"

#define PHYS_LIMIT (1ull << 34) /* Sv32 physical addresses have 34 bits */

/* Bytes from pa to the end of its page, at most len. */
static uint32_t piece(uint64_t pa, uint32_t len)
{
    uint32_t room = PAGE_SIZE - (uint32_t)(pa & PAGE_MASK);

    return len < room ? len : room;
}

bool phys_is_ram(struct phys *phys, uint64_t pa, uint32_t len, bool store)
{
    if (pa >= PHYS_LIMIT || len > PHYS_LIMIT - pa)
        return false;
    for (uint32_t n; len; pa += n, len -= n) {
        n = piece(pa, len);
        if (!phys_host(phys, pa, store))
            return false;
    }
    return true;
}

/* What lies in one page is checked where it is copied. */
static bool is_checked(struct phys *phys, uint64_t pa, uint32_t len, bool store)
{
    return len == piece(pa, len) ? pa < PHYS_LIMIT : phys_is_ram(phys, pa, len, store);
}

bool phys_read(struct phys *phys, uint64_t pa, void *buffer, uint32_t len)
{
    uint8_t *to = buffer;

    if (!is_checked(phys, pa, len, false))
        return false;
    for (uint32_t n; len; pa += n, to += n, len -= n) {
        const uint8_t *from = phys_host(phys, pa, false);

        n = piece(pa, len);
        if (!from)
            return false;
        memcpy(to, from, n);
    }
    return true;
}

bool phys_write(struct phys *phys, uint64_t pa, const void *buffer, uint32_t len)
{
    const uint8_t *from = buffer;

    if (!is_checked(phys, pa, len, true))
        return false;
    for (uint32_t n; len; pa += n, from += n, len -= n) {
        uint8_t *to = phys_host(phys, pa, true);

        n = piece(pa, len);
        if (!to)
            return false;
        memcpy(to, from, n);
        if (phys->wrote)
            phys->wrote(phys, pa, n);
    }
    return true;
}
