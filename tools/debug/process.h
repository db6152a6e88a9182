/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * process.h - which of a guest kernel's processes runs: where the kernels that are known keep its
 * name. That takes C's types of the kernel.
 */
#ifndef PZ_TOOLS_DEBUG_PROCESS_H
#define PZ_TOOLS_DEBUG_PROCESS_H

#include "tools/debug/expr.h"

#define DEBUG_PROCESS 32u /* bytes of a name */

/* The expression whose value is the address of the current process's name. */
enum pz_err debug_process_compile(struct debug_expr *expr, const struct debug_names *names,
                                  struct problem *problem) PZ_MUST_CHECK;

/* Is it this one? If its memory is not there, or no process runs, it is not. */
bool debug_process_is(const struct debug_expr *expr, const struct debug_scope *scope,
                      const char *name);

#endif
