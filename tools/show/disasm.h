/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disasm.h - text of an instruction for people: by Capstone with its aliases ("ret", "li") where
 * pz is built with it, else by our own table (format.h). Our table alone decides
 * which bits are an instruction, so that the text never names one that PZ32 does not have. Never
 * prints and never fails.
 */
#ifndef PZ_TOOLS_SHOW_DISASM_H
#define PZ_TOOLS_SHOW_DISASM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISASM_TEXT 64 /* bytes that hold every text */

struct disasm {
    size_t capstone;   /* Capstone's handle; 0: our own table is used */
    uint32_t variants; /* of the instruction set (isa/variant.h): set by who shows its code */
};

/* Without Capstone, or if it fails to open, our own table is used: see disasm_backend(). */
void disasm_open(struct disasm *disasm, bool want_capstone);
void disasm_close(struct disasm *disasm);

/* Of the library in use. False: there is none. */
bool disasm_capstone_version(unsigned *major, unsigned *minor);

/* "capstone" or "table". */
const char *disasm_backend(const struct disasm *disasm);

/*
 * The instruction in `raw` (the upper half is ignored when the lower is compressed) at `pc`;
 * branches and jumps name the address that they go to. Data is ".word 0x..." or ".half 0x...".
 * Returns the instruction's length, 2 or 4 bytes. The text is cut to `size`, and terminated.
 */
unsigned disasm_text(const struct disasm *disasm, uint32_t raw, uint32_t pc, char *text,
                     size_t size);

#endif
