/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rows.c - one instruction, by its row. Arithmetic is a table, because WebAssembly's instructions
 * are much the same; its shifts take their count modulo 32 as well. A load or store looks its page
 * up in the space's table:
 *
 *     va    = rs1 + imm
 *     entry = space + (va >> 12) % PREDECODE_TLB * 16
 *     if (entry->load != (va & (page | width - 1)))   misaligned, or not in the table
 *         if (!wasm_fill(va)) leave
 *     rd    = *(va + entry->addend)
 */
#include "isa/engine/wasm/internal.h"

/* ---- Registers ---- */

void rows_get(struct region *region, unsigned reg)
{
    struct emit *e = &region->e;

    if (reg == 0) {
        emit_const(e, 0);
    } else if (region->cached >> reg & 1) {
        emit_op_n(e, OP_LOCAL_GET, LOCAL_X + reg);
    } else {
        emit_op_n(e, OP_LOCAL_GET, LOCAL_HART);
        emit_memory(e, OP_I32_LOAD, 2, (uint32_t)offsetof(struct hart, x) + 4 * reg);
        emit_op_n(e, OP_LOCAL_TEE, LOCAL_X + reg);
        region->cached |= 1u << reg;
    }
}

/* From the stack. */
void rows_set(struct region *region, unsigned reg)
{
    if (reg == 0) {
        emit_op(&region->e, OP_DROP);
        return;
    }
    emit_op_n(&region->e, OP_LOCAL_SET, LOCAL_X + reg);
    region->cached |= 1u << reg;
    region->dirty |= 1u << reg;
}

/* Before code that may or may not run: what it gets must be there already. */
void rows_have_local(struct region *region, unsigned reg)
{
    rows_get(region, reg);
    emit_op(&region->e, OP_DROP);
}

/* The address of the current instruction, plus `offset`. */
static void get_pc(struct region *region, uint32_t offset)
{
    emit_op_n(&region->e, OP_LOCAL_GET, LOCAL_PAGE);
    emit_const(&region->e, region->at + offset);
    emit_op(&region->e, OP_I32_ADD);
}

static void get_rs1_imm(struct region *region, const struct insn *insn)
{
    rows_get(region, insn->rs1);
    if (!insn->imm)
        return;
    emit_const(&region->e, (uint32_t)insn->imm);
    emit_op(&region->e, OP_I32_ADD);
}

/* ---- Arithmetic ---- */

/* 0: the row has no instruction of WebAssembly of its own. */
static const uint8_t row_ops[INSN_COUNT] = {
    [INSN_add] = OP_I32_ADD,     [INSN_addi] = OP_I32_ADD,     [INSN_sub] = OP_I32_SUB,
    [INSN_and] = OP_I32_AND,     [INSN_andi] = OP_I32_AND,     [INSN_or] = OP_I32_OR,
    [INSN_ori] = OP_I32_OR,      [INSN_xor] = OP_I32_XOR,      [INSN_xori] = OP_I32_XOR,
    [INSN_sll] = OP_I32_SHL,     [INSN_slli] = OP_I32_SHL,     [INSN_srl] = OP_I32_SHR_U,
    [INSN_srli] = OP_I32_SHR_U,  [INSN_sra] = OP_I32_SHR_S,    [INSN_srai] = OP_I32_SHR_S,
    [INSN_slt] = OP_I32_LT_S,    [INSN_slti] = OP_I32_LT_S,    [INSN_sltu] = OP_I32_LT_U,
    [INSN_sltiu] = OP_I32_LT_U,  [INSN_mul] = OP_I32_MUL,      [INSN_div] = OP_I32_DIV_S,
    [INSN_divu] = OP_I32_DIV_U,  [INSN_rem] = OP_I32_REM_S,    [INSN_remu] = OP_I32_REM_U,
    [INSN_beq] = OP_I32_EQ,      [INSN_bne] = OP_I32_NE,       [INSN_blt] = OP_I32_LT_S,
    [INSN_bge] = OP_I32_GE_S,    [INSN_bltu] = OP_I32_LT_U,    [INSN_bgeu] = OP_I32_GE_U,
    [INSN_lb] = OP_I32_LOAD8_S,  [INSN_lh] = OP_I32_LOAD16_S,  [INSN_lw] = OP_I32_LOAD,
    [INSN_lbu] = OP_I32_LOAD8_U, [INSN_lhu] = OP_I32_LOAD16_U, [INSN_sb] = OP_I32_STORE8,
    [INSN_sh] = OP_I32_STORE16,  [INSN_sw] = OP_I32_STORE,
};

static enum emit_op op_of(const struct insn *insn)
{
    return (enum emit_op)row_ops[insn->id];
}

/* The upper half of a product of 64 bits. */
static void emit_mulh(struct region *region, const struct insn *insn)
{
    struct emit *e = &region->e;

    rows_get(region, insn->rs1);
    emit_op(e, insn->id == INSN_mulhu ? OP_I64_EXTEND_I32_U : OP_I64_EXTEND_I32_S);
    rows_get(region, insn->rs2);
    emit_op(e, insn->id == INSN_mulh ? OP_I64_EXTEND_I32_S : OP_I64_EXTEND_I32_U);
    emit_op(e, OP_I64_MUL);
    emit_op(e, OP_I64_CONST);
    emit_signed(e, 32);
    emit_op(e, OP_I64_SHR_S);
    emit_op(e, OP_I32_WRAP_I64);
}

static bool divides(const struct insn *insn)
{
    return insn->id == INSN_div || insn->id == INSN_rem || insn->id == INSN_divu ||
           insn->id == INSN_remu;
}

/* What it is instead, where WebAssembly's division traps: by 0. */
static void emit_by_zero(struct region *region, const struct insn *insn)
{
    if (insn->id == INSN_div || insn->id == INSN_divu)
        emit_const(&region->e, UINT32_MAX);
    else
        rows_get(region, insn->rs1);
}

/* The same by -1, where the quotient may overflow. */
static void emit_by_minus_one(struct region *region, const struct insn *insn)
{
    emit_const(&region->e, 0);
    if (insn->id == INSN_rem)
        return;
    rows_get(region, insn->rs1);
    emit_op(&region->e, OP_I32_SUB);
}

/* Both operands are in locals when the first branch is taken. */
static void emit_division(struct region *region, const struct insn *insn)
{
    bool is_signed = insn->id == INSN_div || insn->id == INSN_rem;
    struct emit *e = &region->e;

    rows_have_local(region, insn->rs1);
    rows_get(region, insn->rs2);
    emit_op(e, OP_I32_EQZ);
    emit_op_n(e, OP_IF, TYPE_I32);
    emit_by_zero(region, insn);
    emit_op(e, OP_ELSE);
    if (is_signed) {
        rows_get(region, insn->rs2);
        emit_const(e, UINT32_MAX);
        emit_op(e, OP_I32_EQ);
        emit_op_n(e, OP_IF, TYPE_I32);
        emit_by_minus_one(region, insn);
        emit_op(e, OP_ELSE);
    }
    rows_get(region, insn->rs1);
    rows_get(region, insn->rs2);
    emit_op(e, op_of(insn));
    emit_op(e, OP_END);
    if (is_signed)
        emit_op(e, OP_END);
}

static bool emit_register(struct region *region, const struct insn *insn)
{
    if (!insn->rd)
        return true;
    if (insn->id == INSN_mulh || insn->id == INSN_mulhsu || insn->id == INSN_mulhu) {
        emit_mulh(region, insn);
    } else if (divides(insn)) {
        emit_division(region, insn);
    } else {
        rows_get(region, insn->rs1);
        rows_get(region, insn->rs2);
        emit_op(&region->e, op_of(insn));
    }
    rows_set(region, insn->rd);
    return true;
}

static bool emit_immediate(struct region *region, const struct insn *insn)
{
    if (!insn->rd)
        return true;
    rows_get(region, insn->rs1);
    if (insn->imm || insn->id != INSN_addi) {
        emit_const(&region->e, (uint32_t)insn->imm);
        emit_op(&region->e, op_of(insn));
    }
    rows_set(region, insn->rd);
    return true;
}

static bool emit_upper(struct region *region, const struct insn *insn)
{
    if (!insn->rd)
        return true;
    if (insn->id == INSN_lui)
        emit_const(&region->e, (uint32_t)insn->imm);
    else
        get_pc(region, (uint32_t)insn->imm);
    rows_set(region, insn->rd);
    return true;
}

/* ---- Loads and stores ---- */

/* The entry for LOCAL_VA, in LOCAL_ENTRY. */
static void find_entry(struct emit *e)
{
    _Static_assert(sizeof(struct predecode_entry) == 16, "of the shift below");
    _Static_assert(offsetof(struct predecode_space, entries) == 0,
                   "the space begins with them");
    emit_op_n(e, OP_LOCAL_GET, LOCAL_VA);
    emit_const(e, PAGE_SHIFT - 4);
    emit_op(e, OP_I32_SHR_U);
    emit_const(e, (PREDECODE_TLB - 1) << 4);
    emit_op(e, OP_I32_AND);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_SPACE);
    emit_op(e, OP_I32_ADD);
    emit_op_n(e, OP_LOCAL_TEE, LOCAL_ENTRY);
}

static void call_fill(struct region *region, enum access access, unsigned width)
{
    struct emit *e = &region->e;

    emit_const(e, (uint32_t)(uintptr_t)region->predecode);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_VA);
    emit_const(e, access);
    emit_const(e, width);
    emit_const(e, region->fill);
    emit_op_n(e, OP_CALL_INDIRECT, MODULE_TYPE_FILL);
    emit_unsigned(e, 0); /* the table */
}

void rows_locate(struct region *region, const struct insn *insn, enum access access)
{
    unsigned width = insn_width(insn);
    struct emit *e = &region->e;

    get_rs1_imm(region, insn);
    emit_op_n(e, OP_LOCAL_SET, LOCAL_VA);
    find_entry(e);
    emit_memory(e, OP_I32_LOAD, 2,
                access == ACCESS_STORE ? (uint32_t)offsetof(struct predecode_entry, store)
                                       : (uint32_t)offsetof(struct predecode_entry, load));
    emit_op_n(e, OP_LOCAL_GET, LOCAL_VA);
    emit_const(e, ~PAGE_MASK | (width - 1));
    emit_op(e, OP_I32_AND);
    emit_op(e, OP_I32_NE);
    emit_op_n(e, OP_IF, TYPE_NONE);
    call_fill(region, access, width);
    emit_op(e, OP_I32_EQZ);
    emit_op_n(e, OP_IF, TYPE_NONE);
    region_interpret(region);
    emit_op(e, OP_END);
    emit_op(e, OP_END);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_ENTRY);
    emit_memory(e, OP_I32_LOAD, 2, (uint32_t)offsetof(struct predecode_entry, addend));
    emit_op_n(e, OP_LOCAL_GET, LOCAL_VA);
    emit_op(e, OP_I32_ADD);
}

static bool emit_load(struct region *region, const struct insn *insn)
{
    rows_locate(region, insn, ACCESS_LOAD);
    emit_memory(&region->e, op_of(insn), 0, 0);
    rows_set(region, insn->rd);
    return true;
}

static bool emit_store(struct region *region, const struct insn *insn)
{
    rows_locate(region, insn, ACCESS_STORE);
    rows_get(region, insn->rs2);
    emit_memory(&region->e, op_of(insn), 0, 0);
    return true;
}

/* ---- Jumps ---- */

static bool emit_branch(struct region *region, const struct insn *insn)
{
    region_flush(region);
    rows_get(region, insn->rs1);
    rows_get(region, insn->rs2);
    emit_op(&region->e, op_of(insn));
    region_branch(region, (int32_t)region->at + insn->imm);
    return true;
}

static void link(struct region *region, const struct insn *insn)
{
    if (!insn->rd)
        return;
    get_pc(region, insn->len);
    rows_set(region, insn->rd);
}

static bool emit_jump(struct region *region, const struct insn *insn)
{
    link(region, insn);
    region_flush(region);
    region_jump(region, (int32_t)region->at + insn->imm);
    return false;
}

static bool emit_jump_indirect(struct region *region, const struct insn *insn)
{
    get_rs1_imm(region, insn);
    emit_const(&region->e, ~1u);
    emit_op(&region->e, OP_I32_AND);
    emit_op_n(&region->e, OP_LOCAL_SET, LOCAL_VA);
    link(region, insn);
    region_flush(region);
    region_jump_indirect(region);
    return false;
}

/* ---- Others ---- */

/* Runs by the specification, on the hart's own registers. */
static bool emit_csr(struct region *region, const struct insn *insn)
{
    struct emit *e = &region->e;

    region_flush(region);
    emit_const(e, (uint32_t)(uintptr_t)region->predecode);
    emit_const(e, (uint32_t)(uintptr_t)insn);
    region_get_left(region);
    emit_const(e, region->csr);
    emit_op_n(e, OP_CALL_INDIRECT, MODULE_TYPE_CSR);
    emit_unsigned(e, 0); /* the table */
    emit_op(e, OP_I32_EQZ);
    emit_op_n(e, OP_IF, TYPE_NONE);
    region_interpret(region);
    emit_op(e, OP_END);
    region->cached &= ~(1u << insn->rd);
    return true;
}

/* One hart, in order, has nothing to do for it. */
static bool emit_fence(struct region *region, const struct insn *insn)
{
    (void)region, (void)insn;
    return true;
}

/* Atomic instructions end the run where the engine is to notice that a hart spins. */
bool rows_have(const struct region *region, const struct insn *insn)
{
    if (insn->id == INSN_ILLEGAL)
        return false;
    switch (insn_desc((enum insn_id)insn->id)->format) {
    case FORMAT_LR:
    case FORMAT_AMO: return !region->predecode->engine.pauses;
    case FORMAT_CSR:
    case FORMAT_CSRI: return insn->csr != CSR_NONE && !csr_decides((enum csr_id)insn->csr);
    default: return predecode_code_op(insn) >= PREDECODE_ROW;
    }
}

bool rows_emit(struct region *region, const struct insn *insn)
{
    switch (insn_desc((enum insn_id)insn->id)->format) {
    case FORMAT_R: return emit_register(region, insn);
    case FORMAT_I:
    case FORMAT_SHIFT: return emit_immediate(region, insn);
    case FORMAT_U: return emit_upper(region, insn);
    case FORMAT_LOAD: return emit_load(region, insn);
    case FORMAT_STORE: return emit_store(region, insn);
    case FORMAT_B: return emit_branch(region, insn);
    case FORMAT_J: return emit_jump(region, insn);
    case FORMAT_JALR: return emit_jump_indirect(region, insn);
    case FORMAT_LR:
    case FORMAT_AMO: return atomic_emit(region, insn);
    case FORMAT_CSR:
    case FORMAT_CSRI: return emit_csr(region, insn);
    default: return emit_fence(region, insn);
    }
}
