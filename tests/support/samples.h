/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * samples.h - a dense sample of every instruction encoding, for the tests that compare our
 * decoder and its texts with other people's. What to do with each is the visitor's business.
 */
#ifndef PZ_TESTS_SUPPORT_SAMPLES_H
#define PZ_TESTS_SUPPORT_SAMPLES_H

#include <stdint.h>

typedef void sample_visit(void *context, uint32_t raw);

/*
 * 32-bit encodings: all major opcodes, funct3, funct7 and rs2 values, each with several rd and
 * rs1. With `one_in` > 1 a fixed pseudo-random choice of them: all of them are 2 million.
 */
void samples_wide(unsigned one_in, sample_visit *visit, void *context);

/* All 4096 CSR numbers with the six CSR instructions, with zero and other operands. */
void samples_csr(sample_visit *visit, void *context);

/* All compressed encodings: those of 65536 whose low bits are not 11. */
void samples_compressed(sample_visit *visit, void *context);

#endif
