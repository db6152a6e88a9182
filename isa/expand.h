/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expand.h - compressed instructions: the 32-bit instruction that each expands to. Only decode.c,
 * and code that examines decoding itself, needs to know about them.
 */
#ifndef PZ_ISA_EXPAND_H
#define PZ_ISA_EXPAND_H

#include <stdint.h>

/* The 32-bit form of a compressed instruction; 0, which is not an instruction, if it has none. */
uint32_t expand_insn(uint16_t parcel);

#endif
