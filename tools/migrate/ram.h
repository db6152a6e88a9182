/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ram.h - memory on its way: which pages of each VM are meant, and messages that hold some of them.
 *
 *    message:  vm  count  count * page number, bit 31 set for a page of zeros  the other pages
 *
 * Numbers have 32 bits, little-endian; pages are counted from the beginning of the VM's RAM.
 */
#ifndef PZ_TOOLS_MIGRATE_RAM_H
#define PZ_TOOLS_MIGRATE_RAM_H

#include "tools/host/host.h"
#include "tools/travel/travel.h"
#include "vmm/dirty.h"

#define RAM_GROUP 64u /* pages in a message at the most */
#define RAM_MESSAGE (8 + RAM_GROUP * (4 + PAGE_SIZE))

/* A set of pages of all VMs. */
struct ram_set {
    unsigned vms;
    uint64_t **bits; /* of each VM: dirty_words() words */
    uint64_t *words;
    uint64_t count; /* pages in it */
    unsigned vm;    /* where ram_next() goes on */
    uint64_t word;
};

/* An empty one. False: no memory. To be freed either way. */
bool ram_open(struct ram_set *set, const struct machine *machine) PZ_MUST_CHECK;
void ram_close(struct ram_set *set);

bool ram_has(const struct ram_set *set, unsigned vm, uint64_t page);
void ram_remove(struct ram_set *set, unsigned vm, uint64_t page);

/* Count what was put into its bits directly. */
void ram_count(struct ram_set *set);

/*
 * Take up to RAM_GROUP pages of one VM out of the set, and put them into a message of RAM_MESSAGE
 * bytes. Its length; 0: the set is empty.
 */
size_t ram_gather(struct ram_set *set, const struct machine *machine, uint8_t *message);

/* The same with one page. */
size_t ram_gather_one(struct ram_set *set, const struct machine *machine, unsigned vm,
                      uint64_t page, uint8_t *message);

/*
 * A message that has come: its pages are the VM's. With `missing` only those that are in that set,
 * and they leave it. False: it makes no sense, or there is no machine memory left.
 */
bool ram_put(struct ram_set *missing, struct machine *machine, const uint8_t *message,
             size_t len) PZ_MUST_CHECK;

/* A whole set as bytes, to be freed; NULL: no memory. And back: false: it makes no sense. */
uint8_t *ram_pack(const struct ram_set *set, size_t *len);
bool ram_unpack(struct ram_set *set, const struct machine *machine, const uint8_t *bytes,
                size_t len) PZ_MUST_CHECK;

#endif
