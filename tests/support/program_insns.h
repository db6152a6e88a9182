/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * program_insns.h - the instructions of a random program. Shared by the two files that make one;
 * tests use program.h.
 */
#ifndef PZ_TESTS_SUPPORT_PROGRAM_INSNS_H
#define PZ_TESTS_SUPPORT_PROGRAM_INSNS_H

#include "tests/support/program.h"
#include "tests/support/random.h"

#define REGISTER_CODE 28  /* the address of an item */
#define REGISTER_PLACE 29 /* these two are for rewriting code alone: where, and */
#define REGISTER_ALIAS 30 /* the first item in the writable mapping */

void program_choose_insns(struct program *program, struct rng *rng);

/* An instruction that may stand anywhere in the program, of the length of `like`. */
uint32_t program_random_insn(const struct program *program, struct rng *rng, uint32_t like);

/* An item that may be jumped to: not inside a group. */
unsigned program_entry_item(const struct program *program, struct rng *rng);

/* An item that is in no group: it may be overwritten. */
unsigned program_plain_item(const struct program *program, struct rng *rng);

#endif
