/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nested.h - monitors of type 1 inside each other, and a guest in the innermost. */
#ifndef PZ_TOOLS_TYPE1_NESTED_H
#define PZ_TOOLS_TYPE1_NESTED_H

#include "tools/host/host.h"
#include "tools/show/show.h"

#define NESTED_LEVELS (OPTIONS_DEPTH_MOST + 1)

/* One depth: `depth` monitors of type 1 between the outermost and the guest. */
struct nested {
    unsigned depth;
    bool quiet;                  /* no progress is shown at a terminal */
    struct console_text printed; /* by all levels */
    char *guest;                 /* the part that the guest printed */
    uint64_t retired, ns;
    uint64_t exits[NESTED_LEVELS];  /* of each level's monitor: 0 is the outermost */
    struct trace_counters counters; /* of the outermost */
    enum vm_end end;
    bool no_memory;
};

/* Run with the given `depth` and `quiet`; fills in the rest. To be freed, whatever the result. */
enum pz_err nested_run(struct nested *nested, const struct options *options,
                       const struct engines_kind *kind, struct problem *problem) PZ_MUST_CHECK;
void nested_free(struct nested *nested);

#endif
