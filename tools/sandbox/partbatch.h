/* SPDX-License-Identifier: GPL-2.0-or-later */
/* partbatch.h - what a batch of updates that is a student's may write: entries of its array. */
#ifndef PZ_TOOLS_SANDBOX_PARTBATCH_H
#define PZ_TOOLS_SANDBOX_PARTBATCH_H

#include "vmm/para_batch.h"

/* A batch, and what its array has when the call begins. */
struct partbatch {
    struct para_batch *asked;
    struct para_update updates[PARA_UPDATES_MOST];
    uint32_t count; /* of those that are in RAM */
};

void partbatch_begin(struct partbatch *batch, struct para_batch *asked);

/*
 * Does an entry say so? It may have done when the call began, or do so by now, for a batch that
 * reads its array again.
 */
bool partbatch_has(const struct partbatch *batch, uint64_t pa, uint32_t value);

#endif
