/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * atomic.c - LR, SC and the AMOs. One hart runs at a time, and interrupts come between blocks,
 * so plain loads and stores suffice. The reservation is in the hart (isa/hart.h).
 */
#include "isa/engine/jit/translate.h"

static struct host_rm reservation(size_t field)
{
    return rm_mem(HART_REG, (int32_t)(offsetof(struct hart, reservation) + field) - HART_BIAS);
}

#define RESERVED_VALID reservation(offsetof(struct reservation, valid))
#define RESERVED_VA reservation(offsetof(struct reservation, va))
#define RESERVED_VALUE reservation(offsetof(struct reservation, value))

void translate_lr(struct batch *b, const struct insn *insn)
{
    struct host_rm from;
    struct stub *stub, *spin;
    unsigned va;

    from = locate(b, insn, offsetof(struct space, load), 4, &va, &stub);
    emit_mov(&b->e, SIZE32, RDX, from);
    spin = exit_stub(b, STUB_LR, b->pc);
    spin->va = (uint8_t)va;
    emit_extend(&b->e, EXTEND_ZERO8, RCX, RESERVED_VALID);
    emit_test(&b->e, SIZE32, RCX, RCX);
    spin->site[0] = emit_jcc(&b->e, COND_NE);
    spin->back = b->e.at;
    emit_store(&b->e, SIZE32, RESERVED_VA, va);
    emit_store(&b->e, SIZE32, RESERVED_VALUE, RDX);
    emit_store_imm8(&b->e, RESERVED_VALID, true);
    put(b, insn->rd, RDX);
    stub->back = b->e.at;
}

/* The three checks of the reservation; returns where their failure jumps are. */
static void check_reservation(struct emit *e, struct host_rm memory, unsigned va,
                              uint8_t *fail[3])
{
    emit_extend(e, EXTEND_ZERO8, RDX, RESERVED_VALID);
    emit_test(e, SIZE32, RDX, RDX);
    fail[0] = emit_jcc_short(e, COND_E);
    emit_alu(e, SIZE32, ALU_CMP, va, RESERVED_VA);
    fail[1] = emit_jcc_short(e, COND_NE);
    emit_mov(e, SIZE32, RDX, RESERVED_VALUE);
    emit_alu(e, SIZE32, ALU_CMP, RDX, memory);
    fail[2] = emit_jcc_short(e, COND_NE);
}

void translate_sc(struct batch *b, const struct insn *insn)
{
    uint8_t *fail[3], *done;
    struct host_rm to;
    struct stub *stub;
    unsigned va;

    to = locate(b, insn, offsetof(struct space, store), 4, &va, &stub);
    check_reservation(&b->e, to, va, fail);
    emit_store(&b->e, SIZE32, to, get_reg(b, insn->rs2, RDX));
    emit_mov_imm(&b->e, RAX, 0);
    done = emit_jmp_short(&b->e);
    for (unsigned i = 0; i < 3; i++)
        emit_target_short(fail[i], b->e.at);
    emit_mov_imm(&b->e, RAX, 1);
    emit_target_short(done, b->e.at);
    emit_store_imm8(&b->e, RESERVED_VALID, false);
    put(b, insn->rd, RAX);
    stub->back = b->e.at;
}

/* The word's host address in rcx, its old value in eax. */
static struct stub *load_old(struct batch *b, const struct insn *insn)
{
    struct host_rm at;
    struct stub *stub;
    unsigned va;

    at = locate(b, insn, offsetof(struct space, store), 4, &va, &stub);
    emit_lea(&b->e, SIZE64, RCX, at);
    emit_mov(&b->e, SIZE32, RAX, rm_mem(RCX, 0));
    return stub;
}

/* Store the new value, in `reg`; rd gets the old one. If they are equal, the hart may spin. */
static void store_new(struct batch *b, const struct insn *insn, unsigned reg, struct stub *stub)
{
    struct stub *spin = exit_stub(b, STUB_AMO, b->pc);

    emit_alu(&b->e, SIZE32, ALU_CMP, RAX, rm_reg(reg));
    spin->site[0] = emit_jcc(&b->e, COND_E);
    emit_store(&b->e, SIZE32, rm_mem(RCX, 0), reg);
    spin->back = b->e.at;
    put(b, insn->rd, RAX);
    stub->back = b->e.at;
}

static enum host_alu operation(enum insn_id id)
{
    switch (id) {
    case INSN_amoadd_w: return ALU_ADD;
    case INSN_amoxor_w: return ALU_XOR;
    case INSN_amoand_w: return ALU_AND;
    default: return ALU_OR;
    }
}

void translate_amo(struct batch *b, const struct insn *insn)
{
    struct stub *stub = load_old(b, insn);
    enum insn_id id = (enum insn_id)insn->id;

    if (id == INSN_amoswap_w) {
        store_new(b, insn, get_reg(b, insn->rs2, RDX), stub);
        return;
    }
    emit_mov(&b->e, SIZE32, RDX, rm_reg(RAX));
    emit_alu(&b->e, SIZE32, operation(id), RDX, rm_guest(b, insn->rs2));
    store_new(b, insn, RDX, stub);
}

/* The condition, after comparing the old value with the operand, for the operand to replace it. */
static enum host_cond replaces(enum insn_id id)
{
    switch (id) {
    case INSN_amomin_w: return COND_GE;
    case INSN_amomax_w: return COND_LE;
    case INSN_amominu_w: return COND_AE;
    default: return COND_BE;
    }
}

void translate_amo_minmax(struct batch *b, const struct insn *insn)
{
    struct stub *stub = load_old(b, insn);

    emit_mov(&b->e, SIZE32, RDX, rm_reg(RAX));
    emit_alu(&b->e, SIZE32, ALU_CMP, RAX, rm_guest(b, insn->rs2));
    emit_cmov(&b->e, replaces((enum insn_id)insn->id), RDX, rm_guest(b, insn->rs2));
    store_new(b, insn, RDX, stub);
}

/*
 * The slow path of an instruction that may be spinning: if that has to end the run, run.c executes
 * it, as PAUSE. rcx is free, and an AMO that changes nothing need not store.
 */
void atomic_spins(struct batch *b, const struct stub *stub)
{
    if (stub->kind == STUB_LR) {
        emit_alu(&b->e, SIZE32, ALU_CMP, stub->va, RESERVED_VA);
        emit_target(emit_jcc(&b->e, COND_NE), stub->back);
        emit_alu(&b->e, SIZE32, ALU_CMP, RDX, RESERVED_VALUE);
        emit_target(emit_jcc(&b->e, COND_NE), stub->back);
    }
    emit_mov_imm64(&b->e, RCX, (uint64_t)(uintptr_t)&b->jit->engine.pauses);
    emit_extend(&b->e, EXTEND_ZERO8, RCX, rm_mem(RCX, 0));
    emit_test(&b->e, SIZE32, RCX, RCX);
    emit_target(emit_jcc(&b->e, COND_E), stub->back);
}
