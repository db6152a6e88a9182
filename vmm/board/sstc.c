/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sstc.c - emulates the six CSR instructions on stimecmp and stimecmph, the halves of the timer's
 * deadline. The trap holds the instruction's bits.
 */
#include "vmm/board/sstc.h"

#include "vmm/board/timer.h"

#define OPCODE_SYSTEM 0x73u
#define STIMECMP 0x14du
#define STIMECMPH 0x15du

enum { FUNCT3_WRITE = 1, FUNCT3_SET = 2, FUNCT3_CLEAR = 3, FUNCT3_IMMEDIATE = 4 };

static uint32_t funct3(uint32_t bits)
{
    return bits >> 12 & 7;
}

bool sstc_serves(const struct hart *hart, const struct trap *trap)
{
    uint32_t csr = trap->tval >> 20;

    return trap->cause == CAUSE_ILLEGAL_INSN && hart->mode == HART_SUPERVISOR &&
           (trap->tval & 0x7f) == OPCODE_SYSTEM && funct3(trap->tval) & 3 &&
           (csr == STIMECMP || csr == STIMECMPH);
}

/* The new value of the register. */
static uint32_t written(const struct hart *hart, uint32_t bits, uint32_t old)
{
    uint32_t rs1 = bits >> 15 & 31;
    uint32_t operand = funct3(bits) & FUNCT3_IMMEDIATE ? rs1 : hart->x[rs1];

    switch (funct3(bits) & 3) {
    case FUNCT3_SET: return old | operand;
    case FUNCT3_CLEAR: return old & ~operand;
    default: return operand;
    }
}

void sstc_serve(struct board *board, struct hart *hart, const struct trap *trap)
{
    uint32_t bits = trap->tval, rd = bits >> 7 & 31;
    unsigned shift = bits >> 20 == STIMECMPH ? 32 : 0;
    uint32_t old = (uint32_t)(board->deadline >> shift);
    uint64_t kept = board->deadline & ~((uint64_t)UINT32_MAX << shift);

    timer_set(board, kept | (uint64_t)written(hart, bits, old) << shift);
    if (rd)
        hart->x[rd] = old;
    hart->pc += 4;
    hart->reservation.valid = false;
}
