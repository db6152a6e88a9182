/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages.h - memory of VMs in a file: pages that are not zero, each once, and an index for each VM.
 * What frames are is left to tools/travel/recording_file.h.
 */
#ifndef PZ_TOOLS_SNAPSHOT_PAGES_H
#define PZ_TOOLS_SNAPSHOT_PAGES_H

#include <stdio.h>

#include "tools/host/host.h"
#include "tools/travel/travel.h"

#define PAGES_GROUP 64u /* in one frame */

/* A page of a VM, and where its bytes are: the number of a page in the file. */
struct pages_row {
    uint32_t page; /* guest-physical, from the beginning of its RAM */
    uint32_t stored;
};

struct pages_rows {
    struct pages_row *at;
    size_t count;
};

/* What is stored, on its way into a file. */
struct pages {
    const uint8_t **stored; /* by number; in machine memory */
    uint32_t *next;         /* by number: another of the same hash, plus 1 */
    uint32_t *heads;        /* by hash: a number plus 1 */
    uint32_t count, room;   /* stored; for how many there is room, a power of two */
    struct pages_rows *vms;
    unsigned vm_count;
};

/* False: no memory. To be closed whatever comes back. */
bool pages_gather(struct pages *pages, struct machine *machine) PZ_MUST_CHECK;
void pages_close(struct pages *pages);

/* The frames of all of them. False: errno says why. */
bool pages_write(const struct pages *pages, FILE *file) PZ_MUST_CHECK;
bool pages_write_index(const struct pages *pages, FILE *file) PZ_MUST_CHECK;

/* What is stored, read. */
struct pages_stored {
    uint8_t *bytes;
    uint32_t count;
};

/* All frames of so many pages. To be freed whatever comes back. */
enum pz_err pages_open(struct pages_stored *stored, struct frames *frames,
                       uint64_t count) PZ_MUST_CHECK;
void pages_free(struct pages_stored *stored);

/* By the next index, a VM's memory: what is not in it is zero. `count` grows by its rows. */
enum pz_err pages_restore(const struct pages_stored *stored, struct frames *frames,
                          struct vm *vm, uint64_t *count) PZ_MUST_CHECK;

#endif
