/* SPDX-License-Identifier: GPL-2.0-or-later */
/* typed.h - `print` of what has a C type: variables, members, what a pointer points to. */
#ifndef PZ_TOOLS_DEBUG_TYPED_H
#define PZ_TOOLS_DEBUG_TYPED_H

#include "tools/debug/expr.h"
#include "tools/debug/state.h"

/* Has the whole expression a C type? A symbol alone is its variable, if the kernel has it. */
bool debug_typed(const struct debug *debug, struct debug_expr *expr);

enum pz_err debug_print_typed(struct debug *debug, const struct debug_expr *expr,
                              struct problem *problem) PZ_MUST_CHECK;

/* A local variable, in a line or, if it has members, more. */
void debug_say_typed(struct debug *debug, const struct debug_local *local);

#endif
