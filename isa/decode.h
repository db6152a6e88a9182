/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * decode.h - from bits to an instruction and its operands. What the instruction does is in
 * exec_*.c; how it is printed in tools/show/disasm.c.
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
