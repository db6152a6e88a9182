/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format.c - text of instructions by enum insn_format: one small function a format. Names come
 * from insns.def and csrs.def; which bits are an instruction is left to decode.c.
 */
#include "tools/show/format.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "isa/csr.h"

static const char *const reg_names[32] = {
    "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
    "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

const char *format_reg(unsigned number)
{
    return reg_names[number & 31];
}

/* One instruction being written. */
struct writer {
    const struct insn *insn;
    const uint32_t *pc; /* NULL: distances rather than targets */
    char *text;
    size_t size;
    int length; /* of the whole, whether or not it fits */
};

__attribute__((format(printf, 2, 3))) static void put(struct writer *w, const char *format, ...)
{
    size_t used = (size_t)w->length < w->size ? (size_t)w->length : w->size;
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(w->size > used ? w->text + used : NULL, w->size - used, format, args);
    va_end(args);
    if (n > 0)
        w->length += n;
}

static const char *rd(const struct writer *w)
{
    return format_reg(w->insn->rd);
}

static const char *rs1(const struct writer *w)
{
    return format_reg(w->insn->rs1);
}

static const char *rs2(const struct writer *w)
{
    return format_reg(w->insn->rs2);
}

static void put_target(struct writer *w)
{
    if (w->pc)
        put(w, "0x%" PRIx32, *w->pc + (uint32_t)w->insn->imm);
    else
        put(w, "%" PRId32, w->insn->imm);
}

/* Bits 26 (aq) and 25 (rl) of an atomic instruction are part of its name. */
static const char *ordering(const struct insn *insn)
{
    static const char *const suffix[4] = {"", ".rl", ".aq", ".aqrl"};

    return suffix[(insn->bits >> 25) & 3];
}

/* A fence's set: device input, output, memory reads, writes. */
static void put_fence_set(struct writer *w, unsigned set)
{
    static const char letters[] = "iorw";

    for (unsigned i = 0; i < 4; i++)
        if (set & (8u >> i))
            put(w, "%c", letters[i]);
    if (!set)
        put(w, "0");
}

/* A CSR that PZ32 does not have goes by its number: the access is an instruction all the same. */
static void put_csr(struct writer *w)
{
    enum csr_id id = csr_find((uint32_t)w->insn->imm);

    if (id == CSR_NONE)
        put(w, " %s, %" PRId32, rd(w), w->insn->imm);
    else
        put(w, " %s, %s", rd(w), csr_desc(id)->name);
}

static void put_fence(struct writer *w)
{
    put(w, " ");
    put_fence_set(w, (w->insn->bits >> 24) & 15);
    put(w, ", ");
    put_fence_set(w, (w->insn->bits >> 20) & 15);
}

static void put_branch(struct writer *w)
{
    put(w, " %s, %s, ", rs1(w), rs2(w));
    put_target(w);
}

static void put_jump(struct writer *w)
{
    put(w, " %s, ", rd(w));
    put_target(w);
}

static void put_atomic(struct writer *w, bool store)
{
    put(w, "%s %s, ", ordering(w->insn), rd(w));
    if (store)
        put(w, "%s, ", rs2(w));
    put(w, "(%s)", rs1(w));
}

static void put_operands(struct writer *w, enum insn_format format)
{
    const struct insn *insn = w->insn;

    switch (format) {
    case FORMAT_R: put(w, " %s, %s, %s", rd(w), rs1(w), rs2(w)); break;
    case FORMAT_I:
    case FORMAT_SHIFT: put(w, " %s, %s, %" PRId32, rd(w), rs1(w), insn->imm); break;
    case FORMAT_LOAD:
    case FORMAT_JALR: put(w, " %s, %" PRId32 "(%s)", rd(w), insn->imm, rs1(w)); break;
    case FORMAT_STORE: put(w, " %s, %" PRId32 "(%s)", rs2(w), insn->imm, rs1(w)); break;
    case FORMAT_B: put_branch(w); break;
    case FORMAT_U: put(w, " %s, %" PRIu32, rd(w), (uint32_t)insn->imm >> 12); break;
    case FORMAT_J: put_jump(w); break;
    case FORMAT_CSR: put_csr(w), put(w, ", %s", rs1(w)); break;
    case FORMAT_CSRI: put_csr(w), put(w, ", %u", insn->rs1); break;
    case FORMAT_AMO: put_atomic(w, true); break;
    case FORMAT_LR: put_atomic(w, false); break;
    case FORMAT_FENCE: put_fence(w); break;
    case FORMAT_SFENCE: put(w, " %s, %s", rs1(w), rs2(w)); break;
    case FORMAT_NONE: break;
    }
}

static int format_with(const struct insn *insn, const uint32_t *pc, char *text, size_t size)
{
    struct writer w = {.insn = insn, .pc = pc, .text = text, .size = size};

    if (insn->id == INSN_ILLEGAL) {
        put(&w, insn->len == 2 ? ".half 0x%04" PRIx32 : ".word 0x%08" PRIx32, insn->raw);
    } else if (insn_is_pause(insn)) {
        put(&w, "pause");
    } else {
        const struct insn_desc *desc = insn_desc((enum insn_id)insn->id);

        put(&w, "%s", desc->name);
        put_operands(&w, (enum insn_format)desc->format);
    }
    return w.length;
}

int format_insn(const struct insn *insn, char *text, size_t size)
{
    return format_with(insn, NULL, text, size);
}

int format_insn_at(const struct insn *insn, uint32_t pc, char *text, size_t size)
{
    return format_with(insn, &pc, text, size);
}
