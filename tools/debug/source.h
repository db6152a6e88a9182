/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.h - what the debugger knows of the programs that run: names, source lines and
 * stack frames of each kernel, and of the user programs that it was told of (`program FILE`). Read
 * when it is first asked for.
 */
#ifndef PZ_TOOLS_DEBUG_SOURCE_H
#define PZ_TOOLS_DEBUG_SOURCE_H

#include <limits.h>

#include "tools/debug/expr.h"
#include "tools/debug/state.h"
#include "tools/show/show.h"

enum pz_err debug_source_open(struct debug *debug, struct problem *problem) PZ_MUST_CHECK;
void debug_source_close(struct debug *debug);

/* The ELF file that runs in user mode in a VM; what was known of another before goes. */
enum pz_err debug_source_load(struct debug *debug, unsigned vm, const char *path,
                              struct problem *problem) PZ_MUST_CHECK;

/* The kernel of a level that does not run type 1, of whichever VM. */
enum pz_err debug_source_load_level(struct debug *debug, unsigned level, const char *path,
                                    struct problem *problem) PZ_MUST_CHECK;

/* Of what runs in a mode in `who`, a VM or what debug_self() gives; empty: nothing is known. */
const struct symbols *debug_source_symbols(const struct debug *debug, unsigned who,
                                           unsigned mode);
const struct lines *debug_source_lines(const struct debug *debug, unsigned who, unsigned mode);

/* C's types of a kernel. */
const struct types *debug_source_types(const struct debug *debug, unsigned who);

/* What names mean in expressions: those of the selected VM's kernel. */
struct debug_names debug_source_names(const struct debug *debug);

/* Where a source file is here, by the path that the selected VM's debug information has. */
bool debug_source_path(const struct debug *debug, const char *name,
                       char path[PATH_MAX]) PZ_MUST_CHECK;

/* " at trap.c:12", or "" where the line is not known. */
#define DEBUG_LINE 80
const char *debug_line(const struct debug *debug, unsigned who, unsigned mode, uint32_t address,
                       char text[DEBUG_LINE]);

/* The same for programs: "file" and "line", in an object. */
void debug_json_line(const struct debug *debug, json_t *object, unsigned who, unsigned mode,
                     uint32_t address);

#endif
