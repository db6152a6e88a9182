/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format.h - the text of a decoded instruction, made from our own tables: the assembler's
 * canonical syntax, no aliases, compressed instructions as their expansions. An assembler
 * turns it back into the same instruction. Nothing is printed here, only written into
 * the caller's buffer; friendlier text is left to disasm.h.
 */
#ifndef PZ_TOOLS_SHOW_FORMAT_H
#define PZ_TOOLS_SHOW_FORMAT_H

#include <stddef.h>

#include "isa/insn.h"

#define FORMAT_TEXT 48 /* bytes that hold every text of format_insn() */

/*
 * Branches and jumps name their distance, as the assembler wants it: "beq a0, zero, -8". What is
 * no instruction of PZ32 is data: ".word 0x00000000", ".half 0x0000". As snprintf(), truncates
 * and returns the length of the whole.
 */
int format_insn(const struct insn *insn, char *text, size_t size);

/* The same, with the address that a branch or jump at `pc` goes to in the distance's place. */
int format_insn_at(const struct insn *insn, uint32_t pc, char *text, size_t size);

/* The ABI name of register 0 to 31: "zero", "ra", "sp"... */
const char *format_reg(unsigned number);

#endif
