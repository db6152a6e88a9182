/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * through.c - loads and stores of code that has been found to run for long: through the window of
 * the space (window.c), whose pages the host's MMU finds. One instruction is enough:
 *
 *     mov  rd, [r14 + rs1 + imm]
 *
 * It needs no check: the window has every address there is, and room at both ends for what imm adds
 * to it. Misaligned accesses are those of the host. Where it faults nothing has changed, and the
 * instruction's slow path does it.
 */
#include "isa/engine/jit/translate.h"

bool through_window(const struct batch *b)
{
    return b->view->windowed && !b->jit->planted;
}

/* The operand for the access at imm(rs1); rax may be part of it. */
static struct host_rm seen(struct batch *b, const struct insn *insn)
{
    unsigned base = b->host[insn->rs1];

    if (is_known(b, insn->rs1)) {
        uint32_t va = b->value[insn->rs1] + (uint32_t)insn->imm;

        if (va <= INT32_MAX)
            return rm_mem(SPACE_REG, (int32_t)va);
        emit_mov_imm(&b->e, RAX, va);
        b->carried = 0;
        return rm_index(SPACE_REG, RAX, 0, 0);
    }
    if (!base) {
        get_into(b, RAX, insn->rs1);
        base = RAX;
    }
    return rm_index(SPACE_REG, base, 0, insn->imm);
}

static struct stub *unseen(struct batch *b, const struct insn *insn)
{
    struct stub *stub = exit_stub(b, STUB_UNSEEN, b->pc);

    stub->raw = insn->raw;
    stub->loaded = b->e.at;
    return stub;
}

void through_load(struct batch *b, const struct insn *insn)
{
    unsigned to = put_reg(b, insn->rd, RAX);
    struct host_rm from = seen(b, insn);
    struct stub *stub = unseen(b, insn);

    access_load(&b->e, insn, to, from);
    put(b, insn->rd, to);
    stub->carries = b->produced;
    stub->back = b->e.at;
}

void through_store(struct batch *b, const struct insn *insn)
{
    struct host_rm to = seen(b, insn);
    bool known = is_known(b, insn->rs2);
    unsigned reg = known ? 0 : get_reg(b, insn->rs2, to.index == RAX ? RDX : RAX);
    struct stub *stub = unseen(b, insn);

    if (known)
        access_store_constant(&b->e, insn, to, b->value[insn->rs2]);
    else
        access_store(&b->e, insn, to, reg);
    stub->back = b->e.at;
}
