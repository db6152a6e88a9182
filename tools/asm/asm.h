/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * asm.h - an assembler of PZ32, made from isa/insns.def: source text becomes an executable ELF file,
 * laid out as a micro-guest (tests/guest/guest.ld). Other directories include only this header of
 * this one.
 */
#ifndef PZ_TOOLS_ASM_ASM_H
#define PZ_TOOLS_ASM_ASM_H

#include "tools/host/host.h"

#define ASM_NAME 64u
#define ASM_DIAGNOSTIC 160u
#define ASM_DIAGNOSTICS_MOST 50u

/* A mistake in the source. */
struct asm_diagnostic {
    char file[ASM_NAME];
    unsigned line, column; /* from 1 */
    char text[ASM_DIAGNOSTIC];
};

struct asm_input {
    const char *name; /* of the source, for messages */
    const char *text; /* all of it; ends with a zero byte */
    uint32_t base;    /* where the program begins */
    /* The text of an included file, to be freed; NULL: there is none. */
    char *(*include)(void *owner, const char *name);
    void *owner;
};

struct asm_output {
    uint8_t *elf; /* to be freed; NULL: there are diagnostics, the first in the source first */
    size_t len;
    struct asm_diagnostic diagnostics[ASM_DIAGNOSTICS_MOST];
    unsigned count;
};

/* False: no memory. With mistakes it is true, and there is no program. */
bool asm_assemble(const struct asm_input *input, struct asm_output *output) PZ_MUST_CHECK;

/*
 * An included file as programs find it: beside the source, in `folder`, or among what all guests
 * share (tests/guest). To be freed.
 */
char *asm_find_include(const char *folder, const char *name);

/* The verb. */
enum pz_err command_asm(const struct options *options, struct problem *problem);

#endif
