/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boxwall.h - what a boxed process may still do: resource limits, and where libseccomp was there
 * when pz was built, a filter of system calls.
 */
#ifndef PZ_TOOLS_SANDBOX_BOXWALL_H
#define PZ_TOOLS_SANDBOX_BOXWALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa/hart.h"

struct box_limits {
    uint64_t seconds; /* of CPU */
    uint64_t memory;  /* MiB of address space */
};

/* Is there a filter of system calls? Without one, only resource limits hold. */
bool boxwall_filters(void);

/* For this process, from now on. False: the host refused. */
bool boxwall_limit(const struct box_limits *limits) PZ_MUST_CHECK;

/*
 * The filter; `outs` are the descriptors that may be written. As the `monitor` the process
 * may also wait for another's words and end, and read its guest's disk.
 */
bool boxwall_filter(const int *outs, unsigned count, bool monitor) PZ_MUST_CHECK;

/*
 * For a process that goes on with its own work but has student code in it: from now on it changes
 * no files, starts no programs and opens no connections. The terminal stays its own.
 */
bool boxwall_restrain(void) PZ_MUST_CHECK;

/*
 * For a process that becomes a compiler: no network, no tracing, no mounting, none of the kernel's
 * larger doors. What it may see of files is left to filewall.h.
 */
bool boxwall_compiler(void) PZ_MUST_CHECK;

/* The name of a system call: "openat". */
void boxwall_name(int number, char *name, size_t room);

#endif
