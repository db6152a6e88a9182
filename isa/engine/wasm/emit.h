/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * emit.h - the bytes of a WebAssembly module (WebAssembly Core Specification 2.0, chapter 5):
 * LEB128 numbers, instructions, sections. What they are for is left to region.c and rows.c.
 */
#ifndef PZ_ISA_ENGINE_WASM_EMIT_H
#define PZ_ISA_ENGINE_WASM_EMIT_H

#include <stdbool.h>
#include <stdint.h>

/* Where bytes go. What does not fit is left out, and `full` says so. */
struct emit {
    uint8_t *at, *end;
    bool full;
};

/* Those that are used, by their names in the specification (5.4). */
enum emit_op {
    OP_UNREACHABLE = 0x00,
    OP_BLOCK = 0x02,
    OP_LOOP = 0x03,
    OP_IF = 0x04,
    OP_ELSE = 0x05,
    OP_END = 0x0b,
    OP_BR = 0x0c,
    OP_BR_IF = 0x0d,
    OP_BR_TABLE = 0x0e,
    OP_RETURN = 0x0f,
    OP_CALL_INDIRECT = 0x11,
    OP_DROP = 0x1a,
    OP_SELECT = 0x1b,
    OP_LOCAL_GET = 0x20,
    OP_LOCAL_SET = 0x21,
    OP_LOCAL_TEE = 0x22,
    OP_I32_LOAD = 0x28,
    OP_I32_LOAD8_S = 0x2c,
    OP_I32_LOAD8_U = 0x2d,
    OP_I32_LOAD16_S = 0x2e,
    OP_I32_LOAD16_U = 0x2f,
    OP_I32_STORE = 0x36,
    OP_I32_STORE8 = 0x3a,
    OP_I32_STORE16 = 0x3b,
    OP_I32_CONST = 0x41,
    OP_I64_CONST = 0x42,
    OP_I32_EQZ = 0x45,
    OP_I32_EQ = 0x46,
    OP_I32_NE = 0x47,
    OP_I32_LT_S = 0x48,
    OP_I32_LT_U = 0x49,
    OP_I32_GT_S = 0x4a,
    OP_I32_GT_U = 0x4b,
    OP_I32_GE_S = 0x4e,
    OP_I32_GE_U = 0x4f,
    OP_I32_ADD = 0x6a,
    OP_I32_SUB = 0x6b,
    OP_I32_MUL = 0x6c,
    OP_I32_DIV_S = 0x6d,
    OP_I32_DIV_U = 0x6e,
    OP_I32_REM_S = 0x6f,
    OP_I32_REM_U = 0x70,
    OP_I32_AND = 0x71,
    OP_I32_OR = 0x72,
    OP_I32_XOR = 0x73,
    OP_I32_SHL = 0x74,
    OP_I32_SHR_S = 0x75,
    OP_I32_SHR_U = 0x76,
    OP_I64_MUL = 0x7e,
    OP_I64_SHR_S = 0x87,
    OP_I32_WRAP_I64 = 0xa7,
    OP_I64_EXTEND_I32_S = 0xac,
    OP_I64_EXTEND_I32_U = 0xad,
};

/* Types of values and of blocks. */
enum { TYPE_I32 = 0x7f, TYPE_NONE = 0x40, TYPE_FUNC = 0x60, TYPE_FUNCREF = 0x70 };

void emit_byte(struct emit *e, unsigned byte);
void emit_unsigned(struct emit *e, uint32_t value);
void emit_signed(struct emit *e, int32_t value);
void emit_name(struct emit *e, const char *name);

/* An instruction, with a number if it has one. */
static inline void emit_op(struct emit *e, enum emit_op op)
{
    emit_byte(e, op);
}

static inline void emit_op_n(struct emit *e, enum emit_op op, uint32_t number)
{
    emit_byte(e, op);
    emit_unsigned(e, number);
}

void emit_const(struct emit *e, uint32_t value);

/* A load or store of `1 << align` bytes at the address on the stack, plus `offset`. */
void emit_memory(struct emit *e, enum emit_op op, unsigned align, uint32_t offset);

/* Something that begins with its length: begin, then end with what beginning gave. */
uint8_t *emit_begin(struct emit *e);
void emit_end(struct emit *e, uint8_t *begin);

#endif
