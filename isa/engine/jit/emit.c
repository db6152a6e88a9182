/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * emit.c - x86-64 encodings (Intel SDM volume 2). An instruction is
 *
 *   [66] [REX 0100WRXB] opcode [ModRM mod:reg:rm] [SIB scale:index:base] [disp] [imm]
 *
 * encode() writes all of it but the immediate, and up to EMIT_BEYOND bytes behind it, which do not
 * count. What to emit is decided by the translator.
 */
#include "isa/engine/jit/emit.h"

#include <string.h>

#include "isa/attribute.h"

/* What an encoding needs beyond its opcode and operands. */
#define WIDE 1u     /* REX.W: 64-bit operands */
#define BYTE_REG 2u /* `reg` is a byte register: spl..dil exist only with a REX prefix */
#define BYTE_RM 4u  /* so is `rm` */
#define HALF 8u     /* 66: 16-bit operands */

static void put8(struct emit *e, unsigned value)
{
    *e->at++ = (uint8_t)value;
}

static void put16(struct emit *e, uint16_t value)
{
    memcpy(e->at, &value, sizeof value);
    e->at += sizeof value;
}

static void put32(struct emit *e, uint32_t value)
{
    memcpy(e->at, &value, sizeof value);
    e->at += sizeof value;
}

static bool fits8(int32_t value)
{
    return value == (int8_t)value;
}

/* The opcode as its bytes lie in memory. Above 0xff it is of the two-byte map, 0x0f first. */
static PZ_IN_LINE uint64_t opcode_bytes(unsigned opcode)
{
    return opcode > 0xff ? opcode >> 8 | (opcode & 0xff) << 8 : opcode;
}

static PZ_IN_LINE bool needs_rex(unsigned flags, unsigned reg, struct host_rm rm)
{
    return (flags & BYTE_REG && reg >= RSP) ||
           (flags & BYTE_RM && !rm.memory && rm.base >= RSP);
}

/*
 * REX, opcode and ModRM as one number; `more` are further bits of REX. It writes more bytes than
 * that, which is quicker than as many as there are: the next ones replace them. Returns their end.
 */
static PZ_IN_LINE uint8_t *put_head(uint8_t *at, unsigned flags, unsigned opcode, unsigned reg,
                                    struct host_rm rm, unsigned modrm, unsigned more)
{
    unsigned length = opcode > 0xff ? 3 : 2;
    unsigned rex = (flags & WIDE ? 8u : 0) | (reg >> 3) << 2 | rm.base >> 3 | more;
    uint64_t bytes = opcode_bytes(opcode);

    bytes |= (uint64_t)(modrm | (reg & 7) << 3) << 8 * (length - 1);
    if (rex || needs_rex(flags, reg, rm)) {
        bytes = bytes << 8 | 0x40 | rex;
        length++;
    }
    memcpy(at, &bytes, sizeof bytes);
    return at + length;
}

/* rbp and r13 as a base have no form without displacement. */
static PZ_IN_LINE unsigned mod_of(struct host_rm rm)
{
    if (rm.disp == 0 && (rm.base & 7) != RBP)
        return 0;
    return fits8(rm.disp) ? 1 : 2;
}

/* rsp and r12 as a base have no form without SIB. */
static PZ_IN_LINE uint8_t *put_memory(uint8_t *at, unsigned flags, unsigned opcode,
                                      unsigned reg, struct host_rm rm)
{
    unsigned mod = mod_of(rm), base = rm.base & 7;

    if (rm.index == RSP && base != RSP) {
        at = put_head(at, flags, opcode, reg, rm, mod << 6 | base, 0);
    } else {
        at = put_head(at, flags, opcode, reg, rm, mod << 6 | RSP, (rm.index >> 3) << 1);
        *at++ = (uint8_t)(rm.scale << 6 | (rm.index & 7u) << 3 | base);
    }
    memcpy(at, &rm.disp, sizeof rm.disp);
    return at + (mod == 2 ? 4 : mod);
}

/* In line, because what callers know of flags and opcode leaves little of it. */
static PZ_IN_LINE void encode(struct emit *e, unsigned flags, unsigned opcode, unsigned reg,
                              struct host_rm rm)
{
    uint8_t *at = e->at;

    if (flags & HALF)
        *at++ = 0x66;
    if (rm.memory)
        e->at = put_memory(at, flags, opcode, reg, rm);
    else
        e->at = put_head(at, flags, opcode, reg, rm, 0xc0 | (rm.base & 7), 0);
}

static unsigned wide(enum host_size size)
{
    return size == SIZE64 ? WIDE : 0;
}

/* ---- Moves ---- */

void emit_mov(struct emit *e, enum host_size size, unsigned reg, struct host_rm rm)
{
    encode(e, wide(size), 0x8b, reg, rm);
}

void emit_store(struct emit *e, enum host_size size, struct host_rm rm, unsigned reg)
{
    encode(e, wide(size), 0x89, reg, rm);
}

void emit_store8(struct emit *e, struct host_rm rm, unsigned reg)
{
    encode(e, BYTE_REG, 0x88, reg, rm);
}

void emit_store16(struct emit *e, struct host_rm rm, unsigned reg)
{
    encode(e, HALF, 0x89, reg, rm);
}

void emit_store_imm(struct emit *e, struct host_rm rm, uint32_t imm)
{
    encode(e, 0, 0xc7, 0, rm);
    put32(e, imm);
}

void emit_store_imm8(struct emit *e, struct host_rm rm, uint8_t imm)
{
    encode(e, BYTE_RM, 0xc6, 0, rm);
    put8(e, imm);
}

void emit_store_imm16(struct emit *e, struct host_rm rm, uint16_t imm)
{
    encode(e, HALF, 0xc7, 0, rm);
    put16(e, imm);
}

void emit_mov_imm(struct emit *e, unsigned reg, uint32_t imm)
{
    if (reg >= R8)
        put8(e, 0x41);
    put8(e, 0xb8 | (reg & 7));
    put32(e, imm);
}

void emit_mov_imm64(struct emit *e, unsigned reg, uint64_t imm)
{
    put8(e, 0x48 | (reg >> 3));
    put8(e, 0xb8 | (reg & 7));
    put32(e, (uint32_t)imm);
    put32(e, (uint32_t)(imm >> 32));
}

void emit_extend(struct emit *e, enum host_extend kind, unsigned reg, struct host_rm rm)
{
    bool byte = kind == EXTEND_ZERO8 || kind == EXTEND_SIGN8;

    encode(e, byte ? BYTE_RM : 0, 0x0f00u | kind, reg, rm);
}

void emit_movsxd(struct emit *e, unsigned reg, struct host_rm rm)
{
    encode(e, WIDE, 0x63, reg, rm);
}

void emit_lea(struct emit *e, enum host_size size, unsigned reg, struct host_rm rm)
{
    encode(e, wide(size), 0x8d, reg, rm);
}

/* ---- Arithmetic ---- */

void emit_alu(struct emit *e, enum host_size size, enum host_alu op, unsigned reg,
              struct host_rm rm)
{
    encode(e, wide(size), (unsigned)op << 3 | 3, reg, rm);
}

void emit_alu_store(struct emit *e, enum host_size size, enum host_alu op, struct host_rm rm,
                    unsigned reg)
{
    encode(e, wide(size), (unsigned)op << 3 | 1, reg, rm);
}

void emit_alu_imm(struct emit *e, enum host_size size, enum host_alu op, struct host_rm rm,
                  int32_t imm)
{
    if (fits8(imm)) {
        encode(e, wide(size), 0x83, op, rm);
        put8(e, (unsigned)imm & 0xff);
    } else {
        encode(e, wide(size), 0x81, op, rm);
        put32(e, (uint32_t)imm);
    }
}

void emit_test(struct emit *e, enum host_size size, unsigned a, unsigned b)
{
    encode(e, wide(size), 0x85, b, rm_reg(a));
}

void emit_test_imm8(struct emit *e, unsigned reg, uint8_t imm)
{
    encode(e, BYTE_RM, 0xf6, 0, rm_reg(reg));
    put8(e, imm);
}

void emit_shift_imm(struct emit *e, enum host_size size, enum host_shift op, struct host_rm rm,
                    uint8_t count)
{
    encode(e, wide(size), 0xc1, op, rm);
    put8(e, count);
}

void emit_shift_cl(struct emit *e, enum host_shift op, struct host_rm rm)
{
    encode(e, 0, 0xd3, op, rm);
}

void emit_unary(struct emit *e, enum host_unary op, struct host_rm rm)
{
    encode(e, 0, 0xf7, op, rm);
}

void emit_imul(struct emit *e, enum host_size size, unsigned reg, struct host_rm rm)
{
    encode(e, wide(size), 0x0faf, reg, rm);
}

void emit_imul_imm(struct emit *e, unsigned reg, struct host_rm rm, int32_t imm)
{
    encode(e, 0, fits8(imm) ? 0x6b : 0x69, reg, rm);
    if (fits8(imm))
        put8(e, (unsigned)imm & 0xff);
    else
        put32(e, (uint32_t)imm);
}

void emit_cdq(struct emit *e)
{
    put8(e, 0x99);
}

void emit_setcc(struct emit *e, enum host_cond cond, unsigned reg)
{
    encode(e, BYTE_RM, 0x0f90u | cond, 0, rm_reg(reg));
}

void emit_cmov(struct emit *e, enum host_cond cond, unsigned reg, struct host_rm rm)
{
    encode(e, 0, 0x0f40u | cond, reg, rm);
}

/* ---- Jumps ---- */

static uint8_t *displacement(struct emit *e)
{
    put32(e, 0);
    return e->at - 4;
}

uint8_t *emit_jcc(struct emit *e, enum host_cond cond)
{
    put8(e, 0x0f);
    put8(e, 0x80u | cond);
    return displacement(e);
}

uint8_t *emit_jmp(struct emit *e)
{
    put8(e, 0xe9);
    return displacement(e);
}

uint8_t *emit_call(struct emit *e)
{
    put8(e, 0xe8);
    return displacement(e);
}

uint8_t *emit_jcc_short(struct emit *e, enum host_cond cond)
{
    put8(e, 0x70u | cond);
    put8(e, 0);
    return e->at - 1;
}

uint8_t *emit_jmp_short(struct emit *e)
{
    put8(e, 0xeb);
    put8(e, 0);
    return e->at - 1;
}

void emit_target(uint8_t *site, const uint8_t *target)
{
    int32_t distance = (int32_t)(target - (site + 4));

    memcpy(site, &distance, sizeof distance);
}

void emit_target_short(uint8_t *site, const uint8_t *target)
{
    *site = (uint8_t)(target - (site + 1));
}

void emit_jmp_rm(struct emit *e, struct host_rm rm)
{
    encode(e, 0, 0xff, 4, rm);
}

void emit_call_rm(struct emit *e, struct host_rm rm)
{
    encode(e, 0, 0xff, 2, rm);
}

void emit_push(struct emit *e, unsigned reg)
{
    if (reg >= R8)
        put8(e, 0x41);
    put8(e, 0x50 | (reg & 7));
}

void emit_pop(struct emit *e, unsigned reg)
{
    if (reg >= R8)
        put8(e, 0x41);
    put8(e, 0x58 | (reg & 7));
}

void emit_ret(struct emit *e)
{
    put8(e, 0xc3);
}

void emit_align(struct emit *e, uint32_t bytes)
{
    /* As the manufacturers recommend them. */
    static const uint8_t nop[][9] = {
        {0x90},
        {0x66, 0x90},
        {0x0f, 0x1f, 0x00},
        {0x0f, 0x1f, 0x40, 0x00},
        {0x0f, 0x1f, 0x44, 0x00, 0x00},
        {0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00},
        {0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00},
        {0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
        {0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
    };
    uint32_t left = -(uint32_t)(uintptr_t)e->at % bytes;

    while (left) {
        uint32_t len = left < 9 ? left : 9;

        memcpy(e->at, nop[len - 1], len);
        e->at += len;
        left -= len;
    }
}
