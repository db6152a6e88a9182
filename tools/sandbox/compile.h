/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compile.h - what students write, made into what can run: a C file into a shared object with
 * parts of the monitor, or into a program of a system that is a guest; an assembly file into a
 * guest. The compilers are the host's; what they say is passed on as they say it.
 */
#ifndef PZ_TOOLS_SANDBOX_COMPILE_H
#define PZ_TOOLS_SANDBOX_COMPILE_H

#include <jansson.h>
#include <stddef.h>

#include "tools/base/base.h"
#include "tools/sandbox/compilejob.h"

/*
 * `source` into the shared object `output`. Names in `forbid` (a JSON array, or NULL) may not occur
 * in it. A source that does not compile is no failure of this function: `built` is false then.
 */
enum pz_err compile_part(const char *source, const char *output, const json_t *forbid,
                         struct compiled *compiled, struct problem *problem) PZ_MUST_CHECK;

/* `source` into the guest `output`. */
enum pz_err compile_guest(const char *source, const char *output, struct compiled *compiled,
                          struct problem *problem) PZ_MUST_CHECK;

/*
 * `source`, a C file, into a program of a system ("micro", "exo"), and that into the guest
 * `output`, which is the system with the program in it.
 */
enum pz_err compile_system(const char *system, const char *source, const char *output,
                           struct compiled *compiled, struct problem *problem) PZ_MUST_CHECK;

/* Is there such a system? */
bool compile_has_system(const char *system);

#endif
