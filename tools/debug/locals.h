/* SPDX-License-Identifier: GPL-2.0-or-later */
/* locals.h - the local variables of the selected frame, by the kernel's debug information. */
#ifndef PZ_TOOLS_DEBUG_LOCALS_H
#define PZ_TOOLS_DEBUG_LOCALS_H

#include "tools/debug/state.h"

/* Names in expressions, with the locals of the selected frame as they are now. */
struct debug_names debug_names_here(struct debug *debug);

/* Show all of them. */
enum pz_err debug_info_locals(struct debug *debug, struct problem *problem) PZ_MUST_CHECK;

#endif
