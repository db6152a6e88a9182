/* SPDX-License-Identifier: GPL-2.0-or-later */
/* disasm_host.c - asks Capstone; a build without it, or its x86 part, has bytes only. */
#include "tools/show/disasm_host.h"

#include <stdio.h>

#define BYTES_AT_ONCE 8u

#if PZ_HAVE_CAPSTONE
#include "tools/show/capstone_library.h"

void disasm_host_open(struct disasm_host *disasm)
{
    csh handle;

    disasm->capstone = 0;
    if (capstone_library_load() && !capstone_library.open(CS_ARCH_X86, CS_MODE_64, &handle))
        disasm->capstone = handle;
}

void disasm_host_close(struct disasm_host *disasm)
{
    csh closing = disasm->capstone;

    if (disasm->capstone)
        capstone_library.close(&closing);
    disasm->capstone = 0;
}

static unsigned capstone_text(const struct disasm_host *disasm, const uint8_t *bytes,
                              size_t len, uint64_t at, char text[DISASM_HOST_TEXT])
{
    cs_insn *found;
    unsigned size;

    if (!disasm->capstone ||
        capstone_library.disasm(disasm->capstone, bytes, len, at, 1, &found) != 1)
        return 0;
    size = found->size;
    snprintf(text, DISASM_HOST_TEXT, "%.31s%s%.120s", found->mnemonic,
             found->op_str[0] ? " " : "", found->op_str);
    capstone_library.free(found, 1);
    return size;
}
#else
void disasm_host_open(struct disasm_host *disasm)
{
    disasm->capstone = 0;
}

void disasm_host_close(struct disasm_host *disasm)
{
    (void)disasm;
}

static unsigned capstone_text(const struct disasm_host *disasm, const uint8_t *bytes,
                              size_t len, uint64_t at, char text[DISASM_HOST_TEXT])
{
    (void)disasm, (void)bytes, (void)len, (void)at, (void)text;
    return 0;
}
#endif

unsigned disasm_host_text(const struct disasm_host *disasm, const uint8_t *bytes, size_t len,
                          uint64_t at, char text[DISASM_HOST_TEXT])
{
    unsigned size = capstone_text(disasm, bytes, len, at, text);

    if (size)
        return size;
    text[0] = '\0';
    return (unsigned)(len < BYTES_AT_ONCE ? len : BYTES_AT_ONCE);
}
