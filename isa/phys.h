/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * phys.h - physical memory as a hart sees it: RAM and devices. Flat for a bare machine, assembled
 * page by page for a guest; page-table walks and instructions cannot tell the difference.
 * Values are little-endian, on a little-endian host.
 */
#ifndef PZ_ISA_PHYS_H
#define PZ_ISA_PHYS_H

#include <string.h>

#include "isa/hart.h"

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096u
#define PAGE_MASK (PAGE_SIZE - 1)

/* What an access is for: it selects the permission asked for and the cause of its fault. */
enum access { ACCESS_FETCH, ACCESS_LOAD, ACCESS_STORE };

struct phys {
    /* Flat RAM: [base, base + size), at `ram` in the host. size is 0 if there is none. */
    uint8_t *ram;
    uint64_t base, size;

    /*
     * The host's view of a page outside flat RAM, or NULL if it is not memory. `pa` is
     * page-aligned, at most 34 bits. With `store` the page is about to be written.
     */
    uint8_t *(*page)(struct phys *phys, uint64_t pa, bool store);

    /* Bytes of RAM were written other than by the hart's own instructions. May be NULL. */
    void (*wrote)(struct phys *phys, uint64_t pa, uint32_t len);

    /*
     * A device access, naturally aligned, 1, 2 or 4 bytes; zero-extended. False: no device
     * there, or not for this width. May be NULL.
     */
    bool (*io)(struct phys *phys, uint64_t pa, unsigned width, bool store, uint32_t *value);

    void *owner; /* whatever the callbacks need */
};

/* The host's view of the memory at pa, valid to the end of its page; NULL if it is not RAM. */
static inline uint8_t *phys_host(struct phys *phys, uint64_t pa, bool store)
{
    if (pa - phys->base < phys->size)
        return phys->ram + (pa - phys->base);
    if (phys->page) {
        uint8_t *page = phys->page(phys, pa & ~(uint64_t)PAGE_MASK, store);
        return page ? page + (pa & PAGE_MASK) : NULL;
    }
    return NULL;
}

/*
 * The only way for the board and the monitor to access guest memory: any address, any length,
 * across pages, checked before anything is copied. False, and nothing done, if any byte is not RAM.
 */
bool phys_read(struct phys *phys, uint64_t pa, void *buffer, uint32_t len) PZ_MUST_CHECK;
bool phys_write(struct phys *phys, uint64_t pa, const void *buffer, uint32_t len) PZ_MUST_CHECK;

/* Are all the bytes RAM? With `store` they are about to be written. */
bool phys_is_ram(struct phys *phys, uint64_t pa, uint32_t len, bool store);

/* Of a range that ends at `end`: where the piece that begins at `pa` leaves its page, or ends. */
static inline uint64_t phys_piece_end(uint64_t pa, uint64_t end)
{
    uint64_t next = (pa | PAGE_MASK) + 1;

    return next < end ? next : end;
}

/* Are these bytes, one at least, all zero? */
static inline bool phys_is_zero(const uint8_t *bytes, uint32_t len)
{
    return !bytes[0] && !memcmp(bytes, bytes + 1, len - 1);
}

static inline uint32_t load_le32(const uint8_t *p)
{
    uint32_t value;

    memcpy(&value, p, sizeof value);
    return value;
}

static inline void store_le32(uint8_t *p, uint32_t value)
{
    memcpy(p, &value, sizeof value);
}

#endif
