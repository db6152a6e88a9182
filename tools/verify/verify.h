/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify.h - two runs that have to be the same, side by side, and the first place where they
 * are not. Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_VERIFY_VERIFY_H
#define PZ_TOOLS_VERIFY_VERIFY_H

#include "tools/host/host.h"
#include "tools/verify/lockstep.h"

/* The verbs. */
enum pz_err command_verify(const struct options *options, struct problem *problem);

#endif
