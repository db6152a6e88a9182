/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump_insns.c - prints a dense sample of encodings with our own texts, for
 * tests/cli/isa/isa_llvm_mc.sh to hold against LLVM:
 *
 *   <hex> TAB <i: an instruction, x: none> TAB <text> TAB <the expansion's hex, if compressed>
 */
#include <inttypes.h>
#include <stdio.h>

#include "isa/decode.h"
#include "tests/support/samples.h"
#include "tools/show/format.h"

/* One in so many of the wide encodings: enough for all operands of all rows, and quick. */
#define ONE_IN 4

static void dump(void *context, uint32_t raw)
{
    struct insn insn = decode_insn(raw);
    char text[FORMAT_TEXT];

    (void)context;
    format_insn(&insn, text, sizeof text);
    printf("%0*" PRIx32 "\t%c\t%s\t", insn.len * 2, raw, insn.id == INSN_ILLEGAL ? 'x' : 'i',
           text);
    if (insn.len == 2)
        printf("%08" PRIx32, insn.bits);
    printf("\n");
}

int main(void)
{
    samples_wide(ONE_IN, dump, NULL);
    samples_csr(dump, NULL);
    samples_compressed(dump, NULL);
    return ferror(stdout) != 0;
}
