/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands.h - the debugger's commands: a table with each one's name, abbreviation and
 * help, and the functions behind it, which are in the file that their kind is.
 */
#ifndef PZ_TOOLS_DEBUG_COMMANDS_H
#define PZ_TOOLS_DEBUG_COMMANDS_H

#include "tools/debug/state.h"

/* `words` is what follows the name, without blanks at its ends. */
typedef enum pz_err debug_function(struct debug *debug, const char *words,
                                   struct problem *problem);

struct debug_command {
    const char *name, *shorthand; /* "" for none */
    const char *group;            /* a heading in the list, at its first command */
    const char *usage, *help;
    const char *example; /* a line that could be typed */
    debug_function *run;
};

/* move.c */
debug_function debug_step, debug_trap, debug_back, debug_goto_count, debug_continue,
    debug_until, debug_bisect, debug_finish, debug_reverse;
/* stops.c */
debug_function debug_break, debug_catch, debug_watch, debug_delete, debug_info, debug_who;
/* views.c */
debug_function debug_regs, debug_csrs, debug_examine, debug_dis, debug_print;
/* stack.c */
debug_function debug_backtrace, debug_select_frame;
/* tables.c */
debug_function debug_page_table, debug_map, debug_traps, debug_vms, debug_select, debug_cpus,
    debug_select_cpu, debug_stats, debug_type, debug_hash;
/* levelviews.c */
debug_function debug_levels, debug_select_level;
/* into.c, why.c */
debug_function debug_into, debug_why;
/* list.c */
debug_function debug_list, debug_program;

/*
 * Run one line. What it says goes to debug->out, which must be set, its data to debug->data.
 * Empty lines and comments do nothing.
 */
enum pz_err debug_execute(struct debug *debug, const char *line,
                          struct problem *problem) PZ_MUST_CHECK;

/* Does the line begin with a command's name? */
bool debug_is_command(const char *line) PZ_MUST_CHECK;

/* The k-th command, in the order of help; NULL: there are fewer. */
const struct debug_command *debug_command_at(unsigned k);

/* Names that can follow `line`'s last word, for completion: the k-th, or NULL. */
const char *debug_completion(const struct debug *debug, const char *line, const char *word,
                             unsigned k);

#endif
