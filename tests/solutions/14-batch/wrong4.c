/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong4.c - the count is taken from the guest, and so is the length of the batch. */
#include "vmm/parts.h"

static enum sbi_error update(struct para_batch *batch, const struct para_update *one)
{
    if (one->address % 4 || one->fence & PARA_UPDATE_RESERVED)
        return SBI_INVALID_PARAM;
    if (!phys_write(batch->phys, one->address, &one->value, 4))
        return SBI_INVALID_ADDRESS;
    batch->fence(batch, (enum para_fence)(one->fence & PARA_UPDATE_FENCE),
                 one->fence & ~PAGE_MASK);
    return SBI_SUCCESS;
}

struct sbi_result part_para_update(struct para_batch *batch)
{
    struct para_update one;
    struct sbi_result result = {SBI_SUCCESS, 0};

    while (result.value < batch->count) {
        result.error = SBI_INVALID_ADDRESS;
        if (phys_read(batch->phys, batch->array + 16 * result.value, &one, sizeof one))
            result.error = update(batch, &one);
        if (result.error)
            break;
        result.value++;
    }
    return result;
}
