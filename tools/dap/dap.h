/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dap.h - the debugger for editors, by the Debug Adapter Protocol.
 * Other rooms include this header and no other of this folder.
 */
#ifndef PZ_TOOLS_DAP_DAP_H
#define PZ_TOOLS_DAP_DAP_H

#include "tools/host/host.h"

/* The command. */
enum pz_err command_dap(const struct options *options, struct problem *problem);

#endif
