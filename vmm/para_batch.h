/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * para_batch.h - the hypercall `update` with what it needs: a guest's memory, where its array is,
 * and how translations are dropped.
 */
#ifndef PZ_VMM_PARA_BATCH_H
#define PZ_VMM_PARA_BATCH_H

#include "isa/phys.h"
#include "vmm/board/sbi_call.h"
#include "vmm/para_interface.h"

struct para_batch {
    struct phys *phys; /* the guest's memory */
    uint64_t array;    /* guest-physical: of struct para_update... */
    uint32_t count;    /* ...so many, says the guest */
    void (*fence)(struct para_batch *batch, enum para_fence what, uint32_t va);
    void *owner;
};

#endif
