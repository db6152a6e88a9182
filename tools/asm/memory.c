/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory.c - small memory of an assembly, freed all at once, and its diagnostics. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/asm/state.h"

void *asm_take(struct assembly *a, size_t size)
{
    struct asm_block *block;

    if (a->memory + size > ASM_MEMORY_MOST) {
        if (!a->over)
            asm_wrong(a, "the program is too large");
        a->over = true;
        return NULL;
    }
    block = calloc(1, sizeof *block + size);
    if (!block) {
        a->no_memory = a->over = true;
        return NULL;
    }
    a->memory += size + ASM_BLOCK;
    block->next = a->blocks;
    a->blocks = block;
    return block->bytes;
}

char *asm_copy(struct assembly *a, const char *text, size_t len)
{
    char *copy = asm_take(a, len + 1);

    if (copy)
        memcpy(copy, text, len);
    return copy;
}

void asm_free(struct assembly *a)
{
    struct asm_block *block = a->blocks, *next;

    for (; block; block = next) {
        next = block->next;
        free(block);
    }
    for (unsigned i = 0; i < a->section_count; i++)
        free(a->sections[i].bytes);
}

bool asm_wrong(struct assembly *a, const char *format, ...)
{
    struct asm_output *output = a->output;
    struct asm_diagnostic *diagnostic;
    va_list arguments;

    if (output->count == ASM_DIAGNOSTICS_MOST) {
        a->over = true;
        return false;
    }
    diagnostic = &output->diagnostics[output->count++];
    (void)!snprintf(diagnostic->file, sizeof diagnostic->file, "%s", a->place.file);
    diagnostic->line = a->place.line;
    diagnostic->column = a->place.column;
    va_start(arguments, format);
    (void)!vsnprintf(diagnostic->text, sizeof diagnostic->text, format, arguments);
    va_end(arguments);
    return false;
}
