/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong1.c - reads each element when it comes to it. */
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
    struct para_update updates[PARA_UPDATES_MOST];
    struct sbi_result result = {SBI_SUCCESS, 0};

    if (batch->count > PARA_UPDATES_MOST)
        return sbi_failure(SBI_INVALID_PARAM);
    if (!phys_read(batch->phys, batch->array, updates,
                   batch->count * (uint32_t)sizeof updates[0]))
        return sbi_failure(SBI_INVALID_ADDRESS);
    while (result.value < batch->count) {
        if (!phys_read(batch->phys, batch->array + 16 * result.value, updates, 16))
            return (struct sbi_result){SBI_INVALID_ADDRESS, result.value};
        result.error = update(batch, &updates[0]);
        if (result.error)
            break;
        result.value++;
    }
    return result;
}
