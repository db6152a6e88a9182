/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disasm_host.h - text of x86-64 instructions, by Capstone. We have no table of our own for
 * those: without Capstone there are only bytes.
 */
#ifndef PZ_TOOLS_SHOW_DISASM_HOST_H
#define PZ_TOOLS_SHOW_DISASM_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISASM_HOST_TEXT 160

struct disasm_host {
    size_t capstone; /* Capstone's handle; 0: there is none */
};

void disasm_host_open(struct disasm_host *disasm);
void disasm_host_close(struct disasm_host *disasm);

/*
 * The first instruction of `len` bytes; `at` is the address that jumps are told relative to.
 * Returns its length. Where it cannot be told, the text is "" and some bytes are taken.
 */
unsigned disasm_host_text(const struct disasm_host *disasm, const uint8_t *bytes, size_t len,
                          uint64_t at, char text[DISASM_HOST_TEXT]);

#endif
