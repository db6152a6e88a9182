/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unwind.c - reads prologues: "addi sp, sp, -size" and "sw ra, slot(sp)" between a function's
 * start and where it is now. A function that has done neither has its caller in ra. At its "ret"
 * it has undone both.
 */
#include "tools/show/unwind.h"

#include "isa/decode.h"

#define PROLOGUE_MOST 24u
enum { RA = 1, SP = 2 };

struct frame {
    int32_t size;
    int32_t slot; /* where ra was saved, from sp; negative: it was not */
};

static bool is_return(struct peek *peek, uint32_t pc)
{
    struct insn insn;
    uint32_t raw;

    if (!peek_insn(peek, pc, &raw))
        return false;
    insn = decode_insn(raw);
    return insn.id == INSN_jalr && insn.rd == 0 && insn.rs1 == RA;
}

static struct frame read_prologue(struct peek *peek, uint32_t start, uint32_t pc)
{
    struct frame frame = {0, -1};
    uint32_t at = start, raw;

    for (unsigned i = 0; i < PROLOGUE_MOST && at < pc && peek_insn(peek, at, &raw); i++) {
        struct insn insn = decode_insn(raw);

        if (insn.id == INSN_addi && insn.rd == SP && insn.rs1 == SP && insn.imm < 0 &&
            !frame.size)
            frame.size = -insn.imm;
        if (insn.id == INSN_sw && insn.rs1 == SP && insn.rs2 == RA && frame.slot < 0)
            frame.slot = insn.imm;
        at += insn.len;
    }
    return frame;
}

/* What called the handler of traps is no function. */
static bool is_handler(const struct peek *peek, uint32_t start, uint32_t pc)
{
    uint32_t handler = peek->hart->stvec & ~3u;

    return peek->hart->mode == HART_SUPERVISOR && start <= handler && handler <= pc;
}

/* Is it a return address: after code that has a name, and that the hart could run? */
static bool is_code(struct peek *peek, const struct symbols *symbols, uint32_t ra)
{
    uint32_t offset;

    return ra >= 2 && symbols_find(symbols, ra - 2, &offset) && symbols_runs(symbols, ra - 2) &&
           peek_at(peek, ra - 2, ACCESS_FETCH);
}

/* Without ra saved, only the innermost has a caller; and not itself: that ra is an old one. */
static bool has_caller(const struct symbols *symbols, uint32_t start, uint32_t ra, bool inner)
{
    uint32_t offset = 0;

    return inner && (!symbols_find(symbols, ra - 2, &offset) || ra - 2 - offset != start);
}

unsigned unwind(struct peek *peek, const struct symbols *symbols, uint32_t frames[UNWIND_MOST])
{
    const struct hart *hart = peek->hart;
    uint32_t at = hart->pc, sp = hart->x[SP], ra = hart->x[RA], offset;
    unsigned count = 0;

    while (count < UNWIND_MOST) {
        struct frame frame = {0, -1};
        bool inner = count == 0;

        frames[count++] = at;
        if (!symbols_find(symbols, at, &offset) || is_handler(peek, at - offset, at))
            break;
        if (!inner || !is_return(peek, at))
            frame = read_prologue(peek, at - offset, at);
        if (frame.slot >= 0 && !peek_word(peek, sp + (uint32_t)frame.slot, &ra))
            break;
        if (frame.slot < 0 && !has_caller(symbols, at - offset, ra, inner))
            break;
        if (!is_code(peek, symbols, ra))
            break;
        sp += (uint32_t)frame.size;
        at = ra - 2; /* within the call, whatever its length */
    }
    return count;
}
