/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unwind.h - backtraces: the stack of a hart, without frame pointers and without debugging
 * information, from what each function's first instructions have done with sp and ra.
 */
#ifndef PZ_TOOLS_SHOW_UNWIND_H
#define PZ_TOOLS_SHOW_UNWIND_H

#include "tools/host/host.h"
#include "tools/show/peek.h"

#define UNWIND_MOST 64u

/*
 * The addresses, from pc outwards, UNWIND_MOST at the most; how many. A caller's is of its call.
 * It ends where a function has no name, and at the trap handler.
 */
unsigned unwind(struct peek *peek, const struct symbols *symbols, uint32_t frames[UNWIND_MOST]);

#endif
