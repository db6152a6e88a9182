/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zoo.h - every kind of machine that runs here, as a tree.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_ZOO_ZOO_H
#define PZ_TOOLS_ZOO_ZOO_H

#include "tools/host/host.h"

/* The verb. */
enum pz_err command_zoo(const struct options *options, struct problem *problem);

#endif
