/* SPDX-License-Identifier: GPL-2.0-or-later */
/* emit.c - encodings; see emit.h. Nothing here knows what a module is for. */
#include "isa/engine/wasm/emit.h"

#include <string.h>

#define LEB_WIDEST 5u /* bytes of a number of 32 bits */

void emit_byte(struct emit *e, unsigned byte)
{
    if (e->at == e->end)
        e->full = true;
    else
        *e->at++ = (uint8_t)byte;
}

void emit_unsigned(struct emit *e, uint32_t value)
{
    for (; value >= 0x80; value >>= 7)
        emit_byte(e, (value & 0x7f) | 0x80);
    emit_byte(e, value);
}

void emit_signed(struct emit *e, int32_t value)
{
    for (; value < -0x40 || value >= 0x40; value >>= 7)
        emit_byte(e, ((uint32_t)value & 0x7f) | 0x80);
    emit_byte(e, (uint32_t)value & 0x7f);
}

void emit_name(struct emit *e, const char *name)
{
    uint32_t len = 0;

    while (name[len])
        len++;
    emit_unsigned(e, len);
    for (uint32_t i = 0; i < len; i++)
        emit_byte(e, (uint8_t)name[i]);
}

void emit_const(struct emit *e, uint32_t value)
{
    emit_byte(e, OP_I32_CONST);
    emit_signed(e, (int32_t)value);
}

void emit_memory(struct emit *e, enum emit_op op, unsigned align, uint32_t offset)
{
    emit_byte(e, op);
    emit_unsigned(e, align);
    emit_unsigned(e, offset);
}

/* The length takes the most bytes a number can: it is not known before the end. */
uint8_t *emit_begin(struct emit *e)
{
    uint8_t *begin = e->at;

    for (unsigned i = 0; i < LEB_WIDEST; i++)
        emit_byte(e, 0);
    return begin;
}

void emit_end(struct emit *e, uint8_t *begin)
{
    uint32_t len;

    if (e->full)
        return;
    len = (uint32_t)(e->at - begin) - LEB_WIDEST;
    for (unsigned i = 0; i < LEB_WIDEST - 1; i++, len >>= 7)
        begin[i] = (uint8_t)((len & 0x7f) | 0x80);
    begin[LEB_WIDEST - 1] = (uint8_t)len;
}
