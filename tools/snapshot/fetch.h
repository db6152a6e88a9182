/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch.h - the memory of a restored machine: pages come out of the file when they are attached,
 * each with the rest of its group, and those first that were in use.
 */
#ifndef PZ_TOOLS_SNAPSHOT_FETCH_H
#define PZ_TOOLS_SNAPSHOT_FETCH_H

#include "tools/snapshot/stored.h"

#define FETCH_KEPT 8u

/* A group that was read for one of its pages: others are likely to be wanted next. */
struct fetch_group {
    uint32_t group, first; /* the group's number, plus 1; 0: none. Its first page's */
    struct frame frame;
};

struct fetch {
    struct stored store;
    struct machine *machine;
    uint32_t **pending; /* by VM and page: its number in the files, plus 1; 0: nothing comes */
    unsigned count;     /* VMs: the machine may be gone before this is closed */
    struct pmap_source source;
    struct stored_row wanted; /* a page that was touched... */
    uint8_t *bytes;           /* ...which has been attached here */
    struct fetch_group kept[FETCH_KEPT];
    unsigned next;   /* of these, the one that gives way */
    bool *seen;      /* by group: it was read before */
    enum pz_err err; /* the first that went wrong */
    struct problem problem;
};

/* The VMs of the machine, which have nothing in their memory, get it of the file. */
enum pz_err fetch_open(struct fetch *fetch, struct snapshot_file *file, struct machine *machine,
                       struct problem *problem) PZ_MUST_CHECK;

/* The machine is gone, or has all. */
void fetch_close(struct fetch *fetch);

/* All that is still to come; or only what was in use, as far as that takes no time. */
enum pz_err fetch_all(struct fetch *fetch, struct problem *problem) PZ_MUST_CHECK;
enum pz_err fetch_used(struct fetch *fetch, struct problem *problem) PZ_MUST_CHECK;

#endif
