/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * partproc.h - parts of the monitor that somebody else has written, in a process of their own. The
 * monitor, its guests and the verdict stay in this process; each call of a part is a message to the
 * other one, with copies of what the part gets and may change (partwire.h).
 *
 *     this process                          the part's process
 *     monitor, guests, verdict    <---->    the student's code
 *     machine memory: read, write           the same pages at the same addresses: read only
 *
 * The other process sees the monitor and machine memory, since parts follow pointers into both.
 * What it writes there is its own copy, which is thrown away after the call; what comes back is
 * what parts.h gives the part to change: a hart, the answer, a VM's waking, pages of the pmap.
 * That is checked before it is used. So a part can answer wrongly, but write neither a guest's
 * memory nor the monitor's, print for a guest, end one, or say how a check came out.
 */
#ifndef PZ_TOOLS_SANDBOX_PARTPROC_H
#define PZ_TOOLS_SANDBOX_PARTPROC_H

#include <jansson.h>

#include "tools/base/base.h"
#include "tools/host/host.h"
#include "tools/sandbox/box.h"

#define PARTPROC_MEMORY_MB 256u /* of address space, in both processes */

/* How the part's process came to its end; the check goes no further. */
struct partproc_end {
    enum box_end end; /* BOX_FORGED: it said what no part may say; `where` says what */
    int signal, status;
    char where[BOX_WHERE];
};

/*
 * Before this process goes behind its wall: make the memory that both see, and start the other
 * process, which waits. One at a time. `limits` are those of the part's process.
 */
bool partproc_start(const char *object, const struct box_limits *limits) PZ_MUST_CHECK;

/* Where this process may write besides: for boxwall_filter(). */
int partproc_descriptor(void);

/* The machine's memory has to lie there: for struct options. */
struct machine_memory *partproc_memory(void);

/* Called instead of going on when the part's process has ended; it may not return. */
typedef void partproc_ended(void *owner, const struct partproc_end *end);

/* Load the file. The parts are the monitor's own, but for those that the file has. */
enum pz_err partproc_load(const struct vmm_parts **parts, partproc_ended *ended, void *owner,
                          struct problem *problem) PZ_MUST_CHECK;
bool partproc_has(const char *name);

/* The machine is about to be made in this `vmm`: whose pages and pmaps parts are told of. */
void partproc_serve(struct vmm *vmm);

/* Milliseconds of CPU that the part's process has used so far. */
uint64_t partproc_cpu_ms(void);

#endif
