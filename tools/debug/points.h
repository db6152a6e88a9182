/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * points.h - breakpoints (a place), catchpoints (something the monitor does) and watchpoints (a
 * value that changes); "points" means all three. They are checked between instructions; nothing
 * is written to guest memory, so no guest can ever see one.
 */
#ifndef PZ_TOOLS_DEBUG_POINTS_H
#define PZ_TOOLS_DEBUG_POINTS_H

#include "tools/debug/expr.h"
#include "tools/debug/log.h"
#include "tools/debug/process.h"
#include "tools/show/show.h"

#define DEBUG_POINTS 4096u
#define DEBUG_WATCHES 64u /* of them, that watch something */
#define DEBUG_ANY (-1)
#define DEBUG_WATCH_MOST 8u /* bytes of memory that one watchpoint covers */

enum debug_point_kind { DEBUG_BREAK, DEBUG_CATCH, DEBUG_WATCH };

enum debug_catch {
    DEBUG_CATCH_TRAP,   /* the CPU trapped; `value` a cause */
    DEBUG_CATCH_INJECT, /* the guest's own handler was entered; `value` a cause */
    DEBUG_CATCH_CSR, /* an instruction that names a CSR came to the monitor; `value` its id */
    DEBUG_CATCH_SWITCH, /* a VM got the CPU */
    DEBUG_CATCH_END,    /* the VM has ended, in whatever way */
    DEBUG_CATCH_ACTION, /* `value` is an enum trace_action */
};

enum debug_watch { DEBUG_WATCH_GVA, DEBUG_WATCH_GPA, DEBUG_WATCH_PTE, DEBUG_WATCH_EXPR };

/* Conditions that every kind can have. */
struct debug_where {
    int vm, mode; /* or DEBUG_ANY */
    bool in_space, at_retired, conditional, in_process;
    uint32_t satp;
    uint64_t retired;
    struct debug_expr condition;
    char process[DEBUG_PROCESS]; /* the name, and where the current one's is */
    struct debug_expr process_name;
};

struct debug_point {
    unsigned number; /* 0: free */
    uint8_t kind;    /* enum debug_point_kind */
    uint8_t what;    /* enum debug_catch or debug_watch */
    struct debug_where where;
    char text[DEBUG_EXPR_TEXT]; /* what was asked for, for people */
    uint64_t hits;

    bool has_address; /* DEBUG_BREAK; without, it is where the conditions begin to hold */
    uint32_t address;

    int64_t value; /* DEBUG_CATCH; or DEBUG_ANY */

    /* DEBUG_WATCH */
    uint64_t place;
    uint32_t satp, len; /* of a gva or page-table entry: the address space that it is in */
    struct debug_expr expr;
    bool known, was_known; /* has a value now; had one before the change */
    uint64_t now, was;
    uint32_t pc, by; /* the next instruction's; of the one that made the change */
    uint8_t mode, by_mode;
    uint8_t cpu;  /* whose turn it was when it was last asked; */
    bool by_turn; /* it changed because another's had begun, whatever `by` is */

    uint8_t held[VMM_VMS]; /* DEBUG_BREAK without an address: the conditions held already */
};

struct debug_points {
    struct debug_point *at[DEBUG_POINTS]; /* their memory remains when they are deleted */
    unsigned used;                        /* all beyond are free */
    unsigned last_number;
    bool each;    /* check after each instruction: slow, the reference for tests */
    bool indexed; /* what follows is up to date */
    struct {
        uint32_t address;
        uint16_t number;    /* in at[] */
    } breaks[DEBUG_POINTS]; /* those with an address, by it */
    uint16_t others[DEBUG_POINTS];
    uint16_t steady[DEBUG_POINTS]; /* of the others: those that only exits can change */
    unsigned break_count, other_count, steady_count;
};

/* What a point is read from a command's words with. */
struct debug_context {
    struct debug_names names;
    const struct lines *lines, *user_lines; /* of kernel and user program; or NULL */
    struct vm *vm; /* the selected one: points are its own if they do not say otherwise */
    unsigned vms;
};

/*
 * "ADDRESS|SYMBOL [vm N|any] [mode user|supervisor] [satp V] [retired N] [process NAME] [if
 * EXPR]"
 */
enum pz_err debug_points_break(struct debug_points *points, const struct debug_context *context,
                               const char *words, const struct debug_point **made,
                               struct problem *problem) PZ_MUST_CHECK;

/* "trap [CAUSE]", "inject [CAUSE]", "csr [NAME]", "switch", or an action's name; conditions */
enum pz_err debug_points_catch(struct debug_points *points, const struct debug_context *context,
                               const char *words, const struct debug_point **made,
                               struct problem *problem) PZ_MUST_CHECK;

/* "[gpa] ADDRESS [len N]", "csr NAME", "reg NAME", "pte ADDRESS", "value EXPR"; conditions */
enum pz_err debug_points_watch(struct debug_points *points, const struct debug_context *context,
                               const char *words, const struct debug_point **made,
                               struct problem *problem) PZ_MUST_CHECK;

void debug_points_close(struct debug_points *points);

/* Number 0: all. False: there is none. */
bool debug_points_delete(struct debug_points *points, unsigned number) PZ_MUST_CHECK;

/* Before the machine moves: record the values that points watch. */
void debug_points_begin(struct debug_points *points, struct vm *vms, unsigned count);

/* Must any be checked between instructions; at each event; after each exit? */
bool debug_points_want_insns(const struct debug_points *points);
bool debug_points_want_events(const struct debug_points *points);
bool debug_points_want_exits(const struct debug_points *points);

/*
 * How many instructions of this VM can run before a point must be checked, if no event comes first;
 * 1: check after the next. With a plan (plan.h), points that the engine stops at do not count.
 */
uint64_t debug_points_quiet(const struct debug_points *points, const struct vm *vm);

/* After an exit: would a point that only exits can change stop the run? Nothing is recorded. */
bool debug_points_exit(const struct debug_points *points, struct vm *vm);

/* Between instructions, and at events: the point that stops the run, or NULL. */
struct debug_point *debug_points_insn(struct debug_points *points, struct vm *vm);
struct debug_point *debug_points_event(struct debug_points *points, struct vm *vm,
                                       const struct trace_event *event);

/* "breakpoint", "catchpoint", "watchpoint". */
const char *debug_point_kind_name(unsigned kind);

#endif
