/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stack.h - the frames of call stacks, with the registers that are known of each. */
#ifndef PZ_TOOLS_DEBUG_STACK_H
#define PZ_TOOLS_DEBUG_STACK_H

#include "tools/debug/state.h"

struct debug_frame {
    unsigned mode;
    uint32_t satp, pc;
    uint32_t place; /* the address to look up: of the call, not of the instruction after it */
    bool called;    /* pc is a return address */
    uint32_t x[32];
    uint32_t known; /* bit n: x[n] is what it is there */
};

/* The frame that `bt` gives this number. False: there is none. The machine does not move. */
bool debug_frame_find(struct debug *debug, unsigned number, struct debug_frame *frame);

/* DWARF's CFA: what sp was before the call. False: it is not known. */
bool debug_frame_cfa(const struct debug *debug, const struct debug_frame *frame, uint32_t *cfa);

#endif
