/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * perfmap.h - names for translated code, where Linux perf looks for them: /tmp/perf-PID.map, a
 * line for each stretch of host code with its address, its length and a name. Lines are in the
 * order of translation; after the cache was emptied, the later ones describe the later code.
 */
#ifndef PZ_TOOLS_RUN_PERFMAP_H
#define PZ_TOOLS_RUN_PERFMAP_H

#include <stdio.h>

#include "tools/host/host.h"
#include "tools/show/show.h"

#define PERFMAP_NAME 192

struct perfmap {
    FILE *file; /* NULL: nothing is written */
    char path[48];
    const struct options *options;
    struct jit *jit;
    struct programs *programs;
    struct machine *machine; /* one of them, the other NULL */
    struct machine_bare *bare;
    const uint8_t *end;      /* of the last block */
    char last[PERFMAP_NAME]; /* its name */
    int error;               /* errno of the first failure */
};

/* Does nothing unless --perf-map was given. To be closed whatever comes back; must not move. */
enum pz_err perfmap_open(struct perfmap *map, const struct options *options,
                         const struct engines_one *engine,
                         struct problem *problem) PZ_MUST_CHECK;

/* Whose code it is, and the names of it. */
enum pz_err perfmap_machine(struct perfmap *map, struct machine *machine,
                            struct problem *problem) PZ_MUST_CHECK;
enum pz_err perfmap_bare(struct perfmap *map, struct machine_bare *bare,
                         struct problem *problem) PZ_MUST_CHECK;

/* Before the engine goes. Everything is in the file now, or a problem says why not. */
enum pz_err perfmap_close(struct perfmap *map, struct problem *problem) PZ_MUST_CHECK;

#endif
