/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * insn.c - the rows of insns.def, and what can be derived from a single row. Decoding is left to
 * decode.c.
 */
#include "isa/insn.h"

#include "isa/attribute.h"

static const struct insn_desc insn_table[INSN_COUNT] = {
#define INSN(id, name, match, mask, format, privilege, sensitivity, decides)                   \
    [INSN_##id] = {                                                                            \
        PZ_NAME(name),     match, mask, FORMAT_##format, INSN_##privilege, INSN_##sensitivity, \
        DECIDES_##decides,                                                                     \
    },
#include "isa/insns.def"
#undef INSN
};

const struct insn_desc *insn_desc(enum insn_id id)
{
    return &insn_table[id];
}

unsigned insn_width(const struct insn *insn)
{
    switch (insn->id) {
    case INSN_lb:
    case INSN_lbu:
    case INSN_sb: return 1;
    case INSN_lh:
    case INSN_lhu:
    case INSN_sh: return 2;
    default: return 4;
    }
}
