/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages.h - memory of VMs on its way into a file: pages that are not zero, each once, those in use
 * first, and an index for each VM. A page that the base of the file has at its place is not stored
 * again. What frames are is left to tools/travel/recording_file.h, reading to stored.h.
 */
#ifndef PZ_TOOLS_SNAPSHOT_PAGES_H
#define PZ_TOOLS_SNAPSHOT_PAGES_H

#include <stdio.h>

#include "tools/snapshot/format.h"

/* What is stored, on its way into a file. */
struct pages {
    const uint8_t **stored; /* by number; in machine memory */
    uint32_t *next;         /* by number: another of the same hash, plus 1 */
    uint32_t *heads;        /* by hash: a number plus 1 */
    uint32_t count, room;   /* stored; for how many there is room, a power of two */
    uint32_t **numbers;     /* by VM and page: where it is stored, plus 1; 0: not here */
    uint32_t **based;       /* the same, in the base */
    struct pages_rows *vms;
    unsigned vm_count;
    size_t *places; /* of each group in the file, when they are written */
};

/*
 * All pages of a machine; `base` NULL: there is none. The machine has its memory (pmap_settle()).
 * To be closed whatever comes back.
 */
enum pz_err pages_gather(struct pages *pages, struct machine *machine,
                         struct snapshot_file *base, struct problem *problem) PZ_MUST_CHECK;
void pages_close(struct pages *pages);

/* The frames of all of them. False: errno says why. */
bool pages_write(struct pages *pages, FILE *file) PZ_MUST_CHECK;

/* The index of a VM, as bytes of the file, to be freed; NULL: no memory. */
uint8_t *pages_index(const struct pages *pages, unsigned vm, size_t *len);

#endif
