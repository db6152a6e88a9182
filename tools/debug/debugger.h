/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debugger.h - opening and closing a debugger. Then: commands by commands.h, moves by run.h.
 */
#ifndef PZ_TOOLS_DEBUG_DEBUGGER_H
#define PZ_TOOLS_DEBUG_DEBUGGER_H

#include "tools/debug/state.h"

/*
 * What is recorded decides what runs, the command line how it is shown. The recording must stay
 * as long as the options.
 */
struct options debug_recorded_options(const struct options *options,
                                      const struct recording *recording);

/* To be closed whatever comes back; must not move. */
enum pz_err debug_open(struct debug *debug, const struct options *options, bool live,
                       struct problem *problem) PZ_MUST_CHECK;
void debug_close(struct debug *debug);

/*
 * The machine was changed by hand: its history begins here, and what was noted of the past is of
 * another run.
 */
enum pz_err debug_edited(struct debug *debug, struct problem *problem) PZ_MUST_CHECK;

#endif
