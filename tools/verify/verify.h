/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify.h - compares two runs that must be equal, side by side, and finds the first place where
 * they differ. Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_VERIFY_VERIFY_H
#define PZ_TOOLS_VERIFY_VERIFY_H

#include "tools/host/host.h"
#include "tools/verify/lockstep.h"

/* The verbs. */
enum pz_err command_verify(const struct options *options, struct problem *problem);

#endif
