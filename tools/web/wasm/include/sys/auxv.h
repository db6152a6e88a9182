/* SPDX-License-Identifier: GPL-2.0-or-later */
/* auxv.h - what a program is told at its start: here only its own name. */
#ifndef PZ_WASM_AUXV_H
#define PZ_WASM_AUXV_H

#define AT_EXECFN 31

unsigned long getauxval(unsigned long type);

#endif
