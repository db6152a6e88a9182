/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alu.c - register arithmetic. Operands that are known constants become immediates, and known
 * results become moves: lui+addi, auipc+jalr and x0 need no special cases.
 */
#include "isa/engine/jit/translate.h"

/* ---- Folding: as isa/exec computes, for operands known at translation ---- */

static uint32_t fold_arith(enum insn_id id, uint32_t a, uint32_t b)
{
    switch (id) {
    case INSN_addi:
    case INSN_add: return a + b;
    case INSN_sub: return a - b;
    case INSN_xori:
    case INSN_xor: return a ^ b;
    case INSN_ori:
    case INSN_or: return a | b;
    default: return a & b;
    }
}

/* ---- add sub and or xor, and their immediate forms ---- */

static enum host_alu arith_op(enum insn_id id)
{
    switch (id) {
    case INSN_addi:
    case INSN_add: return ALU_ADD;
    case INSN_sub: return ALU_SUB;
    case INSN_xori:
    case INSN_xor: return ALU_XOR;
    case INSN_ori:
    case INSN_or: return ALU_OR;
    default: return ALU_AND;
    }
}

static bool has_immediate(const struct insn *insn)
{
    enum insn_format format = (enum insn_format)insn_desc((enum insn_id)insn->id)->format;

    return format == FORMAT_I || format == FORMAT_SHIFT;
}

/* The low bits known of a sum. */
static uint8_t low_plus(unsigned low, uint32_t imm)
{
    return (uint8_t)(LOW_KNOWN(LOW_MASK(low)) | ((LOW_VALUE(low) + imm) & LOW_MASK(low)));
}

/* rd = rs1 op imm, where rs1 is not known. */
static void arith_imm(struct batch *b, enum host_alu op, unsigned rd, unsigned rs1,
                      uint32_t imm)
{
    unsigned to = put_reg(b, rd, RAX), low = b->low[rs1];

    if (op == ALU_SUB) {
        op = ALU_ADD;
        imm = -imm;
    }
    if (op == ALU_ADD && imm && b->host[rs1] && b->host[rs1] != to) {
        emit_lea(&b->e, SIZE32, to, rm_mem(b->host[rs1], (int32_t)imm));
    } else if (op == ALU_AND && imm == UINT8_MAX) {
        emit_extend(&b->e, EXTEND_ZERO8, to, rm_guest(b, rs1));
    } else {
        get_into(b, to, rs1);
        if (op == ALU_XOR && imm == UINT32_MAX)
            emit_unary(&b->e, UNARY_NOT, rm_reg(to));
        else if (imm || op == ALU_AND)
            emit_alu_imm(&b->e, SIZE32, op, rm_reg(to), (int32_t)imm);
    }
    put(b, rd, to);
    if (op == ALU_ADD)
        b->low[rd] = low_plus(low, imm);
}

/* rd = rs1 op rs2; only rs1 may be known. */
static void arith_reg(struct batch *b, enum host_alu op, unsigned rd, unsigned rs1,
                      unsigned rs2)
{
    unsigned to = put_reg(b, rd, RAX);

    if ((rd == rs2 || (rs2 == b->carried && to == RAX)) && op != ALU_SUB) {
        unsigned first = rs1;

        rs1 = rs2;
        rs2 = first;
    }
    if (op == ALU_ADD && to != b->host[rs1] && b->host[rs1] && b->host[rs2]) {
        emit_lea(&b->e, SIZE32, to, rm_index(b->host[rs1], b->host[rs2], 0, 0));
        put(b, rd, to);
        return;
    }
    if (rd == rs2 && rd != rs1) /* rs1 would overwrite it */
        to = RAX;
    get_into(b, to, rs1);
    emit_alu(&b->e, SIZE32, op, to, rm_guest(b, rs2));
    put(b, rd, to);
}

void translate_arith(struct batch *b, const struct insn *insn)
{
    enum insn_id id = (enum insn_id)insn->id;
    enum host_alu op = arith_op(id);
    bool constant = has_immediate(insn) || is_known(b, insn->rs2);
    uint32_t value = has_immediate(insn) ? (uint32_t)insn->imm : b->value[insn->rs2];

    if (insn->rd == 0)
        return;
    if (constant && is_known(b, insn->rs1))
        put_constant(b, insn->rd, fold_arith(id, b->value[insn->rs1], value));
    else if (constant)
        arith_imm(b, op, insn->rd, insn->rs1, value);
    else if (is_known(b, insn->rs1) && op != ALU_SUB)
        arith_imm(b, op, insn->rd, insn->rs2, b->value[insn->rs1]);
    else
        arith_reg(b, op, insn->rd, insn->rs1, insn->rs2);
}

/* ---- Shifts ---- */

static enum host_shift shift_op(enum insn_id id)
{
    switch (id) {
    case INSN_slli:
    case INSN_sll: return SHIFT_SHL;
    case INSN_srli:
    case INSN_srl: return SHIFT_SHR;
    default: return SHIFT_SAR;
    }
}

static uint32_t fold_shift(enum host_shift op, uint32_t a, uint32_t count)
{
    if (op == SHIFT_SHL)
        return a << count;
    return op == SHIFT_SHR ? a >> count : (uint32_t)((int32_t)a >> count);
}

static void shift_imm(struct batch *b, const struct insn *insn, enum host_shift op,
                      uint32_t count)
{
    unsigned to = put_reg(b, insn->rd, RAX);

    if (is_known(b, insn->rs1)) {
        put_constant(b, insn->rd, fold_shift(op, b->value[insn->rs1], count));
        return;
    }
    get_into(b, to, insn->rs1);
    if (count)
        emit_shift_imm(&b->e, SIZE32, op, rm_reg(to), (uint8_t)count);
    put(b, insn->rd, to);
}

void translate_shift(struct batch *b, const struct insn *insn)
{
    enum host_shift op = shift_op((enum insn_id)insn->id);
    unsigned to = put_reg(b, insn->rd, RAX);

    if (insn->rd == 0)
        return;
    if (has_immediate(insn)) {
        shift_imm(b, insn, op, (uint32_t)insn->imm);
    } else if (is_known(b, insn->rs2)) {
        shift_imm(b, insn, op, b->value[insn->rs2] & 31);
    } else {
        get_into(b, RCX, insn->rs2); /* x86 masks the count by 31 as well */
        get_into(b, to, insn->rs1);
        emit_shift_cl(&b->e, op, rm_reg(to));
        put(b, insn->rd, to);
    }
}

/* ---- slt and its variants ---- */

/* Compare for it; returns the condition for 1. */
static enum host_cond set_compare(struct batch *b, const struct insn *insn, bool constant,
                                  uint32_t value)
{
    bool is_signed = insn->id == INSN_slti || insn->id == INSN_slt;
    unsigned zero = !is_signed && insn->rs1 == 0 ? insn->rs2 : 0;

    if (zero) { /* snez */
        emit_alu_imm(&b->e, SIZE32, ALU_CMP, rm_guest(b, zero), 0);
        return COND_NE;
    }
    if (constant)
        emit_alu_imm(&b->e, SIZE32, ALU_CMP, rm_guest(b, insn->rs1), (int32_t)value);
    else
        registers_compare(b, insn->rs1, insn->rs2);
    return is_signed ? COND_L : COND_B;
}

void translate_set(struct batch *b, const struct insn *insn)
{
    bool is_signed = insn->id == INSN_slti || insn->id == INSN_slt;
    bool constant = has_immediate(insn) || is_known(b, insn->rs2);
    uint32_t value = has_immediate(insn) ? (uint32_t)insn->imm : b->value[insn->rs2];
    unsigned to = put_reg(b, insn->rd, RAX);
    enum host_cond cond;

    if (insn->rd == 0)
        return;
    if (constant && is_known(b, insn->rs1)) {
        uint32_t a = b->value[insn->rs1];

        put_constant(b, insn->rd, is_signed ? (int32_t)a < (int32_t)value : a < value);
        return;
    }
    if (b->host[insn->rd] && insn->rd != insn->rs1 && (constant || insn->rd != insn->rs2)) {
        emit_alu(&b->e, SIZE32, ALU_XOR, to, rm_reg(to)); /* before the flags */
        cond = set_compare(b, insn, constant, value);
        emit_setcc(&b->e, cond, to);
    } else {
        cond = set_compare(b, insn, constant, value);
        emit_setcc(&b->e, cond, RAX);
        emit_extend(&b->e, EXTEND_ZERO8, to, rm_reg(RAX));
    }
    put(b, insn->rd, to);
}

/* ---- Multiplication ---- */

void translate_mul(struct batch *b, const struct insn *insn)
{
    unsigned to = put_reg(b, insn->rd, RAX), from = insn->rs1, by = insn->rs2;

    if (insn->rd == 0)
        return;
    if (is_known(b, from) || insn->rd == by) {
        from = insn->rs2;
        by = insn->rs1;
    }
    if (is_known(b, by)) {
        get_into(b, RAX, from);
        emit_imul_imm(&b->e, to, rm_reg(RAX), (int32_t)b->value[by]);
    } else {
        get_into(b, to, from);
        emit_imul(&b->e, SIZE32, to, rm_guest(b, by));
    }
    put(b, insn->rd, to);
}

/* The upper half of the product of two signed or two unsigned numbers. */
void translate_mulh(struct batch *b, const struct insn *insn)
{
    if (insn->rd == 0)
        return;
    get_into(b, RCX, insn->rs2);
    get_into(b, RAX, insn->rs1);
    emit_unary(&b->e, insn->id == INSN_mulh ? UNARY_IMUL : UNARY_MUL, rm_reg(RCX));
    put(b, insn->rd, RDX);
}

void translate_mulhsu(struct batch *b, const struct insn *insn)
{
    if (insn->rd == 0)
        return;
    get_into(b, RCX, insn->rs2);
    get_into(b, RAX, insn->rs1);
    emit_movsxd(&b->e, RAX, rm_reg(RAX));
    emit_imul(&b->e, SIZE64, RAX, rm_reg(RCX));
    emit_shift_imm(&b->e, SIZE64, SHIFT_SHR, rm_reg(RAX), 32);
    put(b, insn->rd, RAX);
}

/* ---- Division: by zero and overflow are values, on x86 faults ---- */

static void divide(struct emit *e, bool is_signed)
{
    if (is_signed)
        emit_cdq(e);
    else
        emit_alu(e, SIZE32, ALU_XOR, RDX, rm_reg(RDX));
    emit_unary(e, is_signed ? UNARY_IDIV : UNARY_DIV, rm_reg(RCX));
}

/* eax / -1 = -eax, remainder 0: true for the most negative number, too. */
static uint8_t *divide_by_minus_one(struct emit *e)
{
    uint8_t *other, *done;

    emit_alu_imm(e, SIZE32, ALU_CMP, rm_reg(RCX), -1);
    other = emit_jcc_short(e, COND_NE);
    emit_unary(e, UNARY_NEG, rm_reg(RAX));
    emit_alu(e, SIZE32, ALU_XOR, RDX, rm_reg(RDX));
    done = emit_jmp_short(e);
    emit_target_short(other, e->at);
    return done;
}

/* x / 0 has all bits set, remainder x. */
static uint8_t *divide_by_zero(struct emit *e)
{
    uint8_t *other, *done;

    emit_test(e, SIZE32, RCX, RCX);
    other = emit_jcc_short(e, COND_NE);
    emit_mov(e, SIZE32, RDX, rm_reg(RAX));
    emit_mov_imm(e, RAX, UINT32_MAX);
    done = emit_jmp_short(e);
    emit_target_short(other, e->at);
    return done;
}

void translate_div(struct batch *b, const struct insn *insn)
{
    bool is_signed = insn->id == INSN_div || insn->id == INSN_rem;
    bool quotient = insn->id == INSN_div || insn->id == INSN_divu;
    uint8_t *zero, *minus_one = NULL;

    if (insn->rd == 0)
        return;
    get_into(b, RCX, insn->rs2);
    get_into(b, RAX, insn->rs1);
    zero = divide_by_zero(&b->e);
    if (is_signed)
        minus_one = divide_by_minus_one(&b->e);
    divide(&b->e, is_signed);
    emit_target_short(zero, b->e.at);
    if (minus_one)
        emit_target_short(minus_one, b->e.at);
    put(b, insn->rd, quotient ? RAX : RDX);
}

/* ---- Constants ---- */

void translate_lui(struct batch *b, const struct insn *insn)
{
    put_constant(b, insn->rd, (uint32_t)insn->imm);
}

void translate_auipc(struct batch *b, const struct insn *insn)
{
    put_constant(b, insn->rd, b->pc + (uint32_t)insn->imm);
}

/*
 * FENCE and FENCE.I do nothing: one hart runs at a time, in order, and stores to code are
 * noticed at once.
 */
void translate_nothing(struct batch *b, const struct insn *insn)
{
    (void)b, (void)insn;
}

/*
 * PAUSE is the exception: if it has to end the run, run.c executes it. The code checks that each
 * time, so that it can be shared by harts for which it must and others.
 */
void translate_fence(struct batch *b, const struct insn *insn)
{
    if (!insn_is_pause(insn))
        return;
    emit_mov_imm64(&b->e, RAX, (uint64_t)(uintptr_t)&b->jit->engine.pauses);
    emit_extend(&b->e, EXTEND_ZERO8, RAX, rm_mem(RAX, 0));
    emit_test(&b->e, SIZE32, RAX, RAX);
    exit_stub(b, STUB_STEP, b->pc)->site[0] = emit_jcc(&b->e, COND_NE);
}
