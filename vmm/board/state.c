/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.c - reads and writes struct members by their field descriptions. Little-endian, like
 * the host.
 */
#include "vmm/board/state.h"

#include <string.h>

uint64_t state_get(const void *at, const struct state_field *field, unsigned i)
{
    uint64_t value = 0;

    memcpy(&value, (const uint8_t *)at + field->offset + i * field->width, field->width);
    return value;
}

void state_set(void *at, const struct state_field *field, unsigned i, uint64_t value)
{
    if (field->flag)
        value = value != 0;
    memcpy((uint8_t *)at + field->offset + i * field->width, &value, field->width);
}
