/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expand.h - compressed instructions: what 32-bit instruction each is short for. Only decode.c,
 * and what looks at decoding itself, has to know that there are any.
 */
#ifndef PZ_ISA_EXPAND_H
#define PZ_ISA_EXPAND_H

#include <stdint.h>

/* The 32-bit form of a compressed instruction, or 0 (which is no instruction) for none. */
uint32_t expand_insn(uint16_t parcel);

#endif
