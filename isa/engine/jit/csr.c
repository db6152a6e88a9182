/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csr.c - accesses of a virtual supervisor to CSRs, in place: loads and stores of fields of the
 * hart, at the offsets and with the masks of isa/csr.c. An access that exec_in_place() would refuse
 * takes the slow path, which leaves the block with the hart unchanged. Only views that are
 * `in_place` have this code, so it need not check the mode.
 *
 *   eax  the old value     edx  the new one     ecx  scratch
 */
#include "isa/csr.h"

#include "isa/engine/jit/translate.h"

#define MAPPING_OF_SSTATUS (SSTATUS_SUM | SSTATUS_MXR)

static struct host_rm rm_hart(size_t offset)
{
    return rm_mem(HART_REG, (int32_t)offset - HART_BIAS);
}

/* What an access does with its operand. */
enum operation { SWAP, SET, CLEAR };

static enum operation operation_of(const struct insn *insn)
{
    switch (insn->id) {
    case INSN_csrrw:
    case INSN_csrrwi: return SWAP;
    case INSN_csrrs:
    case INSN_csrrsi: return SET;
    default: return CLEAR;
    }
}

static bool is_immediate(const struct insn *insn)
{
    return insn_desc((enum insn_id)insn->id)->format == FORMAT_CSRI;
}

/* Decided by the number of rs1, or the immediate, not by a value: Unprivileged ISA 9.1. */
static bool writes(const struct insn *insn)
{
    return operation_of(insn) == SWAP || insn->rs1;
}

/* The operand, without bits that a write cannot change, goes to edx. */
static void get_operand(struct batch *b, const struct insn *insn, uint32_t writable)
{
    if (is_immediate(insn)) {
        emit_mov_imm(&b->e, RDX, insn->rs1 & writable);
        return;
    }
    get_into(b, RDX, insn->rs1);
    if (writable != UINT32_MAX)
        emit_alu_imm(&b->e, SIZE32, ALU_AND, rm_reg(RDX), (int32_t)writable);
}

/* Compute the CSR's new value in edx from the operand there and the old value in eax. */
static void make_value(struct batch *b, const struct insn *insn, uint32_t writable)
{
    get_operand(b, insn, writable);
    switch (operation_of(insn)) {
    case SET: emit_alu(&b->e, SIZE32, ALU_OR, RDX, rm_reg(RAX)); break;
    case CLEAR:
        emit_unary(&b->e, UNARY_NOT, rm_reg(RDX));
        emit_alu(&b->e, SIZE32, ALU_AND, RDX, rm_reg(RAX));
        break;
    case SWAP:
        if (writable == UINT32_MAX)
            break;
        emit_mov(&b->e, SIZE32, RCX, rm_reg(RAX));
        emit_alu_imm(&b->e, SIZE32, ALU_AND, rm_reg(RCX), (int32_t)~writable);
        emit_alu(&b->e, SIZE32, ALU_OR, RDX, rm_reg(RCX));
        break;
    }
}

/* Take the slow path if the new value changes the mapping. */
static void check_mapping(struct batch *b, enum csr_id id, struct stub *stub)
{
    emit_mov(&b->e, SIZE32, RCX, rm_reg(RAX));
    emit_alu(&b->e, SIZE32, ALU_XOR, RCX, rm_reg(RDX));
    if (id == CSR_sstatus)
        emit_alu_imm(&b->e, SIZE32, ALU_AND, rm_reg(RCX), (int32_t)MAPPING_OF_SSTATUS);
    stub->site[0] = emit_jcc(&b->e, COND_NE);
}

static void load_or_new(struct batch *b, unsigned reg, enum csr_id id, enum csr_id written)
{
    if (id == written)
        emit_mov(&b->e, SIZE32, reg, rm_reg(RDX));
    else
        emit_mov(&b->e, SIZE32, reg, rm_hart(csr_place(id)->offset));
}

/* Take the slow path if the new value makes an interrupt deliverable: SIE, and sip & sie. */
static void check_interrupts(struct batch *b, enum csr_id id, struct stub *stub)
{
    uint8_t *masked;

    load_or_new(b, RCX, CSR_sstatus, id);
    emit_test_imm8(&b->e, RCX, SSTATUS_SIE);
    masked = emit_jcc_short(&b->e, COND_E);
    load_or_new(b, RCX, CSR_sie, id);
    if (id == CSR_sip)
        emit_alu(&b->e, SIZE32, ALU_AND, RCX, rm_reg(RDX));
    else
        emit_alu(&b->e, SIZE32, ALU_AND, RCX, rm_hart(csr_place(CSR_sip)->offset));
    stub->site[1] = emit_jcc(&b->e, COND_NE);
    emit_target_short(masked, b->e.at);
}

static void check(struct batch *b, const struct insn *insn)
{
    struct stub *stub = exit_stub(b, STUB_SYSTEM, b->pc);

    stub->raw = insn->raw;
    if (insn->decides & DECIDES_MAPPING)
        check_mapping(b, (enum csr_id)insn->csr, stub);
    if (insn->decides & DECIDES_INTERRUPTS)
        check_interrupts(b, (enum csr_id)insn->csr, stub);
}

static void count_translated(struct batch *b)
{
    emit_alu_imm(&b->e, SIZE64, ALU_ADD, rm_space(offsetof(struct space, translated)), 1);
}

static bool has_high_half(enum csr_id id)
{
    return id == CSR_cycleh || id == CSR_timeh || id == CSR_instreth;
}

/*
 * Computed from the budget. That is exact only for the last instruction that a block has charged,
 * so the block ends with it.
 */
static void read_counter(struct batch *b, const struct insn *insn)
{
    emit_mov_imm64(&b->e, RAX, (uint64_t)(uintptr_t)&b->jit->end);
    emit_mov(&b->e, SIZE64, RAX, rm_mem(RAX, 0));
    emit_alu(&b->e, SIZE64, ALU_SUB, RAX, rm_reg(LEFT_REG));
    emit_alu_imm(&b->e, SIZE64, ALU_SUB, rm_reg(RAX), 1);
    if (insn->csr == CSR_time || insn->csr == CSR_timeh)
        emit_alu(&b->e, SIZE64, ALU_ADD, RAX, rm_hart(offsetof(struct hart, skipped)));
    if (has_high_half((enum csr_id)insn->csr))
        emit_shift_imm(&b->e, SIZE64, SHIFT_SHR, rm_reg(RAX), 32);
    else
        emit_mov(&b->e, SIZE32, RAX, rm_reg(RAX));
    put(b, insn->rd, RAX);
    count_translated(b);
    exit_end_at(b, b->pc + insn->len);
}

bool csr_is_translated(const struct view *view, const struct insn *insn)
{
    return view->in_place && insn->csr != CSR_NONE && insn->privilege == INSN_SUPER &&
           !(writes(insn) && csr_read_only((uint32_t)insn->imm));
}

void translate_csr(struct batch *b, const struct insn *insn)
{
    const struct csr_place *place = csr_place((enum csr_id)insn->csr);

    if (csr_counts((enum csr_id)insn->csr)) {
        read_counter(b, insn);
        return;
    }
    emit_mov(&b->e, SIZE32, RAX, rm_hart(place->offset));
    if (writes(insn)) {
        make_value(b, insn, place->writable);
        if (insn->decides)
            check(b, insn);
        emit_store(&b->e, SIZE32, rm_hart(place->offset), RDX);
    }
    put(b, insn->rd, RAX);
    count_translated(b);
}
