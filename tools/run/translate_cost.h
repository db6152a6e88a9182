/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * translate_cost.h - a guest from cold to hot: what its translation has cost so far, against an
 * interpreter that translates nothing.
 */
#ifndef PZ_TOOLS_RUN_TRANSLATE_COST_H
#define PZ_TOOLS_RUN_TRANSLATE_COST_H

#include "tools/host/host.h"

/* `pz translate --cost`. */
enum pz_err translate_cost(const struct options *options,
                           struct problem *problem) PZ_MUST_CHECK;

#endif
