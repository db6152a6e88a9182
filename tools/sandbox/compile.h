/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compile.h - what students write, made into what can run: a C file into a shared object with
 * parts of the monitor, an assembly file into a guest. The compilers are the host's; what they say
 * is passed on as they say it.
 */
#ifndef PZ_TOOLS_SANDBOX_COMPILE_H
#define PZ_TOOLS_SANDBOX_COMPILE_H

#include <jansson.h>
#include <stddef.h>

#include "tools/base/base.h"

#define COMPILE_SAID (16u << 10) /* bytes of a compiler's output that are kept */

/* What came of one file. */
struct compiled {
    bool built;
    char *said; /* by the compiler, "" for nothing; to be freed */
};

/*
 * `source` into the shared object `output`. Names in `forbid` (a JSON array, or NULL) may not occur
 * in it. A source that does not compile is no failure of this function: `built` is false then.
 */
enum pz_err compile_part(const char *source, const char *output, const json_t *forbid,
                         struct compiled *compiled, struct problem *problem) PZ_MUST_CHECK;

/* `source` into the guest `output`. */
enum pz_err compile_guest(const char *source, const char *output, struct compiled *compiled,
                          struct problem *problem) PZ_MUST_CHECK;

#endif
