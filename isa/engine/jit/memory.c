/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.c - loads and stores. The fast path adds a page's distance, read from the space's
 * table, to the guest's address:
 *
 *     lea  eax, [rs1 + imm]
 *     mov  ecx, eax
 *     shr  ecx, 12
 *     mov  rcx, [r14 + rcx * 8 + table]
 *     test al, width - 1;  jne slow      misaligned
 *     test rcx, rcx;       je slow       not in the table
 *     mov  rd, [rcx + rax]
 *
 * The slow path runs the instruction by isa/exec (helpers.c), which fills the table.
 */
#include "isa/engine/jit/translate.h"

struct access_shape {
    unsigned width;
    enum host_extend extend; /* of loads of less than a word */
};

static struct access_shape shape(enum insn_id id)
{
    switch (id) {
    case INSN_lb: return (struct access_shape){1, EXTEND_SIGN8};
    case INSN_lbu: return (struct access_shape){1, EXTEND_ZERO8};
    case INSN_lh: return (struct access_shape){2, EXTEND_SIGN16};
    case INSN_lhu: return (struct access_shape){2, EXTEND_ZERO16};
    case INSN_sb: return (struct access_shape){.width = 1};
    case INSN_sh: return (struct access_shape){.width = 2};
    default: return (struct access_shape){.width = 4};
    }
}

/* The virtual address, in a host register that is only read. */
static unsigned address(struct batch *b, const struct insn *insn)
{
    unsigned base = host_of_guest[insn->rs1];

    if (is_known(b, insn->rs1)) {
        emit_mov_imm(&b->e, RAX, b->value[insn->rs1] + (uint32_t)insn->imm);
        return RAX;
    }
    if (base && !insn->imm)
        return base;
    if (base) {
        emit_lea(&b->e, SIZE32, RAX, rm_mem(base, insn->imm));
        return RAX;
    }
    get_into(b, RAX, insn->rs1);
    if (insn->imm)
        emit_alu_imm(&b->e, SIZE32, ALU_ADD, rm_reg(RAX), insn->imm);
    return RAX;
}

/*
 * The operand for the access, after the checks, whose jumps go to a stub. May use rcx.
 */
static struct host_rm locate(struct batch *b, const struct insn *insn, size_t table,
                             unsigned width, struct stub **stub)
{
    unsigned va = address(b, insn);

    *stub = add_stub(b, STUB_INSN, b->pc);
    (*stub)->raw = insn->raw;
    emit_mov(&b->e, SIZE32, RCX, rm_reg(va));
    emit_shift_imm(&b->e, SIZE32, SHIFT_SHR, rm_reg(RCX), PAGE_SHIFT);
    emit_mov(&b->e, SIZE64, RCX, rm_index(SPACE_REG, RCX, 3, (int32_t)table));
    if (width > 1) {
        emit_test_imm8(&b->e, va, (uint8_t)(width - 1));
        (*stub)->site[1] = emit_jcc(&b->e, COND_NE);
    }
    emit_test(&b->e, SIZE64, RCX, RCX);
    (*stub)->site[0] = emit_jcc(&b->e, COND_E);
    return rm_index(RCX, va, 0, 0);
}

void translate_load(struct batch *b, const struct insn *insn)
{
    struct access_shape s = shape((enum insn_id)insn->id);
    unsigned to = put_reg(insn->rd, RAX);
    struct host_rm from;
    struct stub *stub;

    from = locate(b, insn, offsetof(struct space, load), s.width, &stub);
    if (s.width == 4)
        emit_mov(&b->e, SIZE32, to, from);
    else
        emit_extend(&b->e, s.extend, to, from);
    put(b, insn->rd, to);
    stub->back = b->e.at;
}

static void store_reg(struct emit *e, unsigned width, struct host_rm to, unsigned reg)
{
    if (width == 1)
        emit_store8(e, to, reg);
    else if (width == 2)
        emit_store16(e, to, reg);
    else
        emit_store(e, SIZE32, to, reg);
}

static void store_constant(struct emit *e, unsigned width, struct host_rm to, uint32_t value)
{
    if (width == 1)
        emit_store_imm8(e, to, (uint8_t)value);
    else if (width == 2)
        emit_store_imm16(e, to, (uint16_t)value);
    else
        emit_store_imm(e, to, value);
}

void translate_store(struct batch *b, const struct insn *insn)
{
    struct access_shape s = shape((enum insn_id)insn->id);
    struct host_rm to;
    struct stub *stub;

    to = locate(b, insn, offsetof(struct space, store), s.width, &stub);
    if (is_known(b, insn->rs2))
        store_constant(&b->e, s.width, to, b->value[insn->rs2]);
    else
        store_reg(&b->e, s.width, to, get_reg(b, insn->rs2, RDX));
    stub->back = b->e.at;
}
