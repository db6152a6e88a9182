/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare.h - the same guest under every technique of virtualisation, side by side.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_COMPARE_COMPARE_H
#define PZ_TOOLS_COMPARE_COMPARE_H

#include "tools/host/host.h"

/* The verb. */
enum pz_err command_compare(const struct options *options, struct problem *problem);

#endif
