/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stored.h - the pages of a snapshot, in its file and in those that it is based on, group by group;
 * and for each group, whose pages they are.
 */
#ifndef PZ_TOOLS_SNAPSHOT_STORED_H
#define PZ_TOOLS_SNAPSHOT_STORED_H

#include "tools/snapshot/format.h"

/* A page of a VM. */
struct stored_row {
    uint32_t stored; /* its number */
    uint32_t page;
    uint16_t vm;
    bool used;
};

struct stored {
    struct snapshot_file *file;
    uint32_t groups;         /* in all files */
    struct stored_row *rows; /* in order of their groups */
    uint32_t *first;         /* of each group: its first row; and behind the last one's rows */
};

/* To be closed whatever comes back. */
enum pz_err stored_open(struct stored *store, struct snapshot_file *file,
                        struct problem *problem) PZ_MUST_CHECK;
void stored_close(struct stored *store);

/* The group that a page is in. */
uint32_t stored_group(const struct stored *store, uint32_t stored);

/*
 * Read a group, checked: its pages one after the other, of which the first has the number `*first`.
 * To be freed whatever comes back.
 */
enum pz_err stored_read(const struct stored *store, uint32_t group, struct frame *frame,
                        uint32_t *first, struct problem *problem) PZ_MUST_CHECK;

/* The same: each of its rows, with its bytes. */
enum pz_err stored_each(const struct stored *store, uint32_t group,
                        void (*each)(void *owner, const struct stored_row *row,
                                     const uint8_t *bytes),
                        void *owner, struct problem *problem) PZ_MUST_CHECK;

#endif
