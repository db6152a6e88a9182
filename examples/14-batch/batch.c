/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * batch.c - your work: the hypercall that updates many page-table entries. README.md describes the
 * task. This starter trusts its guest, and does the first entry alone.
 */
#include "vmm/parts.h"

/*
 * What you can use (vmm/para_batch.h, vmm/para_interface.h, isa/phys.h):
 *
 *   batch->array, ->count    where the array is, guest-physical, and how many elements it has:
 *                            what the guest says, and it may say anything
 *   struct para_update       an element: address, value, fence
 *   PARA_UPDATES_MOST        elements of one call, at most
 *   PARA_UPDATE_FENCE, PARA_UPDATE_RESERVED
 *                            bits of `fence`: an enum para_fence; and those that must be zero. The
 *                            rest, bits 31..12, is the page's virtual address
 *   phys_read(batch->phys, pa, &bytes, length), phys_write(...)
 *                            the guest's memory, any address and length: false, and nothing done,
 *                            if not all of it is RAM
 *   batch->fence(batch, what, va)
 *                            drops what the CPU may have kept of the guest's tables
 *   sbi_failure(error)       a result: SBI_INVALID_PARAM, SBI_INVALID_ADDRESS; value 0
 *
 * The result is what the guest gets in a0 (`error`, SBI_SUCCESS if all went well) and a1 (`value`:
 * how many entries have been done, also if there was an error).
 */
struct sbi_result part_para_update(struct para_batch *batch)
{
    struct para_update one;

    if (!phys_read(batch->phys, batch->array, &one, sizeof one))
        return sbi_failure(SBI_INVALID_ADDRESS);
    (void)!phys_write(batch->phys, one.address, &one.value, sizeof one.value);
    batch->fence(batch, PARA_FENCE_ALL, 0);
    return (struct sbi_result){SBI_SUCCESS, 1};
}
