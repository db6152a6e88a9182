/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arguments.h - what commands are told: values of expressions, addresses, counts, places.
 */
#ifndef PZ_TOOLS_DEBUG_ARGUMENTS_H
#define PZ_TOOLS_DEBUG_ARGUMENTS_H

#include "tools/debug/state.h"

/* An address or FILE:LINE, all of `text`. */
enum pz_err debug_place(struct debug *debug, const char *text, uint32_t *address,
                        struct problem *problem) PZ_MUST_CHECK;

/* An expression of the selected VM's, all of `text`; its value here. */
enum pz_err debug_compile(const struct debug *debug, const char *text, struct debug_expr *expr,
                          struct problem *problem) PZ_MUST_CHECK;
enum pz_err debug_value(const struct debug *debug, const struct debug_expr *expr,
                        uint64_t *value, struct problem *problem) PZ_MUST_CHECK;

/* Both. */
enum pz_err debug_evaluate(const struct debug *debug, const char *text, uint64_t *value,
                           struct problem *problem) PZ_MUST_CHECK;

/* The same for an address of 32 bits; for a count from 1, where nothing is 1. */
enum pz_err debug_address(const struct debug *debug, const char *text, uint32_t *address,
                          struct problem *problem) PZ_MUST_CHECK;
enum pz_err debug_count(const struct debug *debug, const char *text, uint64_t *count,
                        struct problem *problem) PZ_MUST_CHECK;

#endif
