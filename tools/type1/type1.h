/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * type1.h - machines for the type 1 monitor, and that monitor inside itself.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_TYPE1_TYPE1_H
#define PZ_TOOLS_TYPE1_TYPE1_H

#include "tools/host/host.h"
#include "tools/type1/nested.h"

/* The commands. */
enum pz_err command_nest(const struct options *options, struct problem *problem);
enum pz_err command_image(const struct options *options, struct problem *problem);

#endif
