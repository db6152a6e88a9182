/* SPDX-License-Identifier: GPL-2.0-or-later */
/* partbatch.c - looks at the array in the guest's memory. */
#include "tools/sandbox/partbatch.h"

/*
 * As much of the array as is in memory, and the first element in any case: reading too far is a
 * mistake, which the checks find, but not an attack.
 */
static uint32_t read_array(const struct para_batch *asked, struct para_update *updates)
{
    uint32_t n = 0;

    while (n < PARA_UPDATES_MOST && (!n || n < asked->count) &&
           phys_read(asked->phys, asked->array + n * sizeof *updates, &updates[n],
                     sizeof *updates))
        n++;
    return n;
}

void partbatch_begin(struct partbatch *batch, struct para_batch *asked)
{
    batch->asked = asked;
    batch->count = read_array(asked, batch->updates);
}

static bool is_there(const struct para_update *updates, uint32_t count, uint64_t pa,
                     uint32_t value)
{
    for (uint32_t i = 0; i < count; i++)
        if (updates[i].address == pa && updates[i].value == value)
            return true;
    return false;
}

bool partbatch_has(const struct partbatch *batch, uint64_t pa, uint32_t value)
{
    struct para_update now[PARA_UPDATES_MOST];

    return is_there(batch->updates, batch->count, pa, value) ||
           is_there(now, read_array(batch->asked, now), pa, value);
}
