/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * travel.h - a timeline for a test: made from words of a command line, with scripts typed at its
 * consoles, and runs of it compared.
 */
#ifndef PZ_TESTS_SUPPORT_TRAVEL_H
#define PZ_TESTS_SUPPORT_TRAVEL_H

#include "tools/travel/recording.h"
#include "tools/travel/timeline.h"

#define TRAVEL_VMS 4u

struct travel {
    struct options options;
    struct timeline *timeline;
    const char *scripts[TRAVEL_VMS]; /* what is typed, NULL for nothing */
    size_t typed[TRAVEL_VMS];
    uint64_t printed; /* bytes that came out, each once */
};

/* How it is kept. */
struct travel_how {
    uint64_t mem, interval; /* 0: the default */
};

/* A run of `pz run` with these words (the last NULL). Aborts the test if there is none. */
void travel_open(struct travel *travel, const char *const *words, const char *const *scripts,
                 struct travel_how how);
void travel_close(struct travel *travel);

/* A point of the run and what its state was. */
struct travel_mark {
    struct timeline_position at;
    uint64_t hash;
};

struct travel_mark travel_mark(struct travel *travel);

#endif
