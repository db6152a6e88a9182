/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result.h - the input and output of an assembly.
 */
#ifndef PZ_TOOLS_ASM_RESULT_H
#define PZ_TOOLS_ASM_RESULT_H

#include <stddef.h>
#include <stdint.h>

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

#endif
