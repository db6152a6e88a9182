/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * decode.h - decodes bits into an instruction and its operands. exec_*.c executes instructions,
 * tools/show/disasm.c prints them.
 */
#ifndef PZ_ISA_DECODE_H
#define PZ_ISA_DECODE_H

#include "isa/insn.h"

/*
 * Decode the instruction in `raw`; the upper half is ignored if the lower is compressed. Its id
 * is INSN_ILLEGAL if the bits are not an instruction.
 */
struct insn decode_insn(uint32_t raw);

#endif
