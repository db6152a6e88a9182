/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * asm.h - an assembler of PZ32, made from isa/insns.def: source text becomes an executable ELF
 * file, laid out as a micro-guest (tests/guest/guest.ld). Other directories include only this
 * header of this one.
 */
#ifndef PZ_TOOLS_ASM_ASM_H
#define PZ_TOOLS_ASM_ASM_H

#include "tools/asm/result.h"
#include "tools/host/host.h"

/* False: no memory. With mistakes it is true, and there is no program. */
bool asm_assemble(const struct asm_input *input, struct asm_output *output) PZ_MUST_CHECK;

/* A source file's text, to be freed. */
enum pz_err asm_read(const char *path, char **text, struct problem *problem) PZ_MUST_CHECK;

/* The program, if there is one, into a file. */
enum pz_err asm_save(const char *path, const struct asm_output *output,
                     struct problem *problem) PZ_MUST_CHECK;

/*
 * An included file as programs find it: beside the source, in `folder`, or among what all guests
 * share (tests/guest). To be freed.
 */
char *asm_find_include(const char *folder, const char *name);

/* The verb. */
enum pz_err command_asm(const struct options *options, struct problem *problem);

#endif
