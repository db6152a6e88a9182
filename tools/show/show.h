/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show.h - output for people: disassembly, symbols and source lines of addresses, tables of a run.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_SHOW_SHOW_H
#define PZ_TOOLS_SHOW_SHOW_H

#include "tools/show/disasm.h"
#include "tools/show/early.h"
#include "tools/show/exits.h"
#include "tools/show/format.h"
#include "tools/show/lines.h"
#include "tools/show/listing.h"
#include "tools/show/map.h"
#include "tools/show/outcome.h"
#include "tools/show/programs.h"
#include "tools/show/report.h"
#include "tools/show/svg.h"
#include "tools/show/types.h"
#include "tools/show/unwind.h"

#endif
