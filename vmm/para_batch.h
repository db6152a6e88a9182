/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * para_batch.h - the arguments of the hypercall `update`: the guest's memory, its array, and how to
 * drop translations.
 */
#ifndef PZ_VMM_PARA_BATCH_H
#define PZ_VMM_PARA_BATCH_H

#include "isa/phys.h"
#include "vmm/board/sbi_call.h"
#include "vmm/para_interface.h"

struct para_batch {
    struct phys *phys; /* the guest's memory */
    uint64_t array;    /* guest-physical address of struct para_update[count] */
    uint32_t count;    /* as the guest passed it */
    void (*fence)(struct para_batch *batch, enum para_fence what, uint32_t va);
    void *owner;
};

#endif
