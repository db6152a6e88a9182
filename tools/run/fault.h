/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.h - --fault: one instruction of a guest is overwritten by one that there is not, at an
 * exact count of its instructions, and the guest goes on. To see what of a system survives.
 */
#ifndef PZ_TOOLS_RUN_FAULT_H
#define PZ_TOOLS_RUN_FAULT_H

#include <jansson.h>

#include "tools/host/host.h"
#include "tools/show/show.h"

struct fault {
    uint64_t at;               /* no earlier than with so many instructions retired; 0: never */
    bool user;                 /* in user mode; else of the kernel */
    struct programs *programs; /* the one that it is to be of; NULL: any */
    bool done;
    uint64_t retired; /* when it was done, */
    uint32_t pc;      /* and where */
};

enum pz_err fault_open(struct fault *fault, const struct options *options,
                       struct problem *problem) PZ_MUST_CHECK;
void fault_close(struct fault *fault);

/* How many instructions until fault_try() has to be called; 0: no more. */
uint64_t fault_cut(const struct fault *fault, uint64_t retired);

/*
 * The hart's next instruction, if it is time, and it is one of those asked for. `peek` is of the
 * same hart; `phys` is written.
 */
void fault_try(struct fault *fault, uint64_t retired, struct peek peek, struct phys *phys);

/* What was done, if anything: for people, or in the document. */
void fault_tell(const struct fault *fault);
void fault_put(const struct fault *fault, json_t *document);

/* It is a failure if there was no such instruction. */
enum pz_err fault_check(const struct fault *fault, struct problem *problem) PZ_MUST_CHECK;

#endif
