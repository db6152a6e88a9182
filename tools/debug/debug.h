/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debug.h - the debugger: a machine that stands still, points that stop it, and the commands
 * that look at it and move it. Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_DEBUG_DEBUG_H
#define PZ_TOOLS_DEBUG_DEBUG_H

#include "tools/debug/arguments.h"
#include "tools/debug/commands.h"
#include "tools/debug/debugger.h"
#include "tools/debug/expr.h"
#include "tools/debug/line.h"
#include "tools/debug/memory.h"
#include "tools/debug/run.h"
#include "tools/debug/say.h"
#include "tools/debug/source.h"
#include "tools/debug/state.h"
#include "tools/debug/steps.h"
#include "tools/debug/typed.h"
#include "tools/debug/words.h"

#endif
