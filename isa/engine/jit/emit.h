/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * emit.h - the x86-64 encoder: one function for each form of instruction that the translator
 * uses, appending bytes at `at`. It knows nothing of PZ32; tests/unit/engine/test_jit_emit.c
 * checks each form with a disassembler. The caller ensures that there is room, and for EMIT_BEYOND
 * bytes more.
 */
#ifndef PZ_ISA_ENGINE_JIT_EMIT_H
#define PZ_ISA_ENGINE_JIT_EMIT_H

#include <stdbool.h>
#include <stdint.h>

enum host_reg {
    RAX,
    RCX,
    RDX,
    RBX,
    RSP,
    RBP,
    RSI,
    RDI,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
    HOST_REGS,
};

/* Condition codes, as jcc, setcc and cmovcc encode them; the lowest bit negates. */
enum host_cond {
    COND_B = 2,
    COND_AE = 3,
    COND_E = 4,
    COND_NE = 5,
    COND_BE = 6,
    COND_A = 7,
    COND_S = 8,
    COND_NS = 9,
    COND_L = 12,
    COND_GE = 13,
    COND_LE = 14,
    COND_G = 15,
};

/* Two-operand arithmetic; the value is the /digit of the immediate forms. */
enum host_alu { ALU_ADD, ALU_OR, ALU_ADC, ALU_SBB, ALU_AND, ALU_SUB, ALU_XOR, ALU_CMP };
enum host_shift { SHIFT_ROR = 1, SHIFT_SHL = 4, SHIFT_SHR = 5, SHIFT_SAR = 7 };
/* One-operand group F7: eax and edx are implied by the multiplications and divisions. */
enum host_unary { UNARY_NOT = 2, UNARY_NEG, UNARY_MUL, UNARY_IMUL, UNARY_DIV, UNARY_IDIV };
/* Loads of less than a register. */
enum host_extend { EXTEND_ZERO8 = 0xb6, EXTEND_ZERO16, EXTEND_SIGN8 = 0xbe, EXTEND_SIGN16 };

/* Operand sizes: of 32 bits, the upper half of the destination becomes zero. */
enum host_size { SIZE32, SIZE64 };

/* "r/m": a register, or memory at base + index * scale + disp. */
struct host_rm {
    bool memory;
    uint8_t base;  /* or the register */
    uint8_t index; /* RSP for none */
    uint8_t scale; /* 0 to 3: log2 */
    int32_t disp;
};

struct emit {
    uint8_t *at;
};

#define EMIT_BEYOND 8u /* bytes behind an instruction that may be overwritten */

static inline struct host_rm rm_reg(unsigned reg)
{
    return (struct host_rm){.base = (uint8_t)reg};
}

static inline struct host_rm rm_mem(unsigned base, int32_t disp)
{
    return (struct host_rm){.memory = true, .base = (uint8_t)base, .index = RSP, .disp = disp};
}

static inline struct host_rm rm_index(unsigned base, unsigned index, unsigned scale,
                                      int32_t disp)
{
    return (struct host_rm){.memory = true,
                            .base = (uint8_t)base,
                            .index = (uint8_t)index,
                            .scale = (uint8_t)scale,
                            .disp = disp};
}

void emit_mov(struct emit *e, enum host_size size, unsigned reg, struct host_rm rm);
void emit_store(struct emit *e, enum host_size size, struct host_rm rm, unsigned reg);
void emit_store8(struct emit *e, struct host_rm rm, unsigned reg);
void emit_store16(struct emit *e, struct host_rm rm, unsigned reg);
void emit_store_imm(struct emit *e, struct host_rm rm, uint32_t imm);
void emit_store_imm8(struct emit *e, struct host_rm rm, uint8_t imm);
void emit_store_imm16(struct emit *e, struct host_rm rm, uint16_t imm);
void emit_mov_imm(struct emit *e, unsigned reg, uint32_t imm);
void emit_mov_imm64(struct emit *e, unsigned reg, uint64_t imm);
void emit_extend(struct emit *e, enum host_extend kind, unsigned reg, struct host_rm rm);
void emit_movsxd(struct emit *e, unsigned reg, struct host_rm rm);
void emit_lea(struct emit *e, enum host_size size, unsigned reg, struct host_rm rm);

void emit_alu(struct emit *e, enum host_size size, enum host_alu op, unsigned reg,
              struct host_rm rm);
void emit_alu_store(struct emit *e, enum host_size size, enum host_alu op, struct host_rm rm,
                    unsigned reg);
void emit_alu_imm(struct emit *e, enum host_size size, enum host_alu op, struct host_rm rm,
                  int32_t imm);
void emit_test(struct emit *e, enum host_size size, unsigned a, unsigned b);
void emit_test_imm8(struct emit *e, unsigned reg, uint8_t imm);
void emit_shift_imm(struct emit *e, enum host_size size, enum host_shift op, struct host_rm rm,
                    uint8_t count);
void emit_shift_cl(struct emit *e, enum host_shift op, struct host_rm rm);
void emit_unary(struct emit *e, enum host_unary op, struct host_rm rm);
void emit_imul(struct emit *e, enum host_size size, unsigned reg, struct host_rm rm);
void emit_imul_imm(struct emit *e, unsigned reg, struct host_rm rm, int32_t imm);
void emit_cdq(struct emit *e);
void emit_setcc(struct emit *e, enum host_cond cond, unsigned reg);
void emit_cmov(struct emit *e, enum host_cond cond, unsigned reg, struct host_rm rm);

/* Jumps return the address of their displacement, for emit_target(). */
uint8_t *emit_jcc(struct emit *e, enum host_cond cond);
uint8_t *emit_jmp(struct emit *e);
uint8_t *emit_call(struct emit *e);
uint8_t *emit_jcc_short(struct emit *e, enum host_cond cond);
uint8_t *emit_jmp_short(struct emit *e);
void emit_target(uint8_t *site, const uint8_t *target);
void emit_target_short(uint8_t *site, const uint8_t *target);

void emit_jmp_rm(struct emit *e, struct host_rm rm);
void emit_call_rm(struct emit *e, struct host_rm rm);
void emit_push(struct emit *e, unsigned reg);
void emit_pop(struct emit *e, unsigned reg);
void emit_ret(struct emit *e);
/* Nothing, up to an address that is a multiple of `bytes`, a power of two. */
void emit_align(struct emit *e, uint32_t bytes);

#endif
