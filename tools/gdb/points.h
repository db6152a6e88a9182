/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * points.h - gdb's breakpoints and watchpoints. Its breakpoints are the debugger's for as long
 * as a run lasts; its watchpoints look at each instruction that is about to access memory, as a
 * CPU's would. Nothing is planted in a guest's memory.
 */
#ifndef PZ_TOOLS_GDB_POINTS_H
#define PZ_TOOLS_GDB_POINTS_H

#include "tools/debug/debug.h"

#define GDB_POINTS 1024u
#define GDB_WATCH_MOST 4096u /* bytes that one watchpoint covers */

/* As the protocol numbers them. */
enum gdb_point_type {
    GDB_POINT_SOFTWARE,
    GDB_POINT_HARDWARE,
    GDB_POINT_WRITE,
    GDB_POINT_READ,
    GDB_POINT_ACCESS,
    GDB_POINT_TYPES,
};

struct gdb_point {
    bool used;
    uint8_t type; /* enum gdb_point_type */
    uint32_t address, len;
    unsigned number; /* the debugger's, while guests run */
};

struct gdb_points {
    struct gdb_point at[GDB_POINTS];
    /* Where they apply, all of them: DEBUG_ANY or one VM; one mode; one address space. */
    struct debug_where where;
};

/* An access that a watchpoint waits for. */
struct gdb_access {
    const struct gdb_point *point; /* NULL: none */
    uint32_t address;              /* the first that the watchpoint covers */
};

/* None, and no conditions. */
void gdb_points_clear(struct gdb_points *points);

/* False: there is no room. What is there already is not added again. */
bool gdb_points_add(struct gdb_points *points, struct gdb_point point);

/* What is not there is no error. */
void gdb_points_remove(struct gdb_points *points, struct gdb_point point);

/* Before a run, and behind it. False: there is no room among the debugger's own. */
bool gdb_points_plant(struct gdb_points *points, struct debug *debug);
void gdb_points_lift(struct gdb_points *points, struct debug *debug);

/*
 * The memory that the watchpoints watch, for struct debug_goal; returns how many. At each such
 * access call gdb_points_watch().
 */
unsigned gdb_points_watches(const struct gdb_points *points,
                            struct vmm_watch watches[GDB_POINTS]);

/*
 * The access that the next instruction of this VM makes. That is the moment at which a RISC-V
 * CPU's watchpoints stop it, and gdb counts on it: it steps on by itself, and looks for a change.
 */
struct gdb_access gdb_points_watch(const struct gdb_points *points, struct vm *vm);

/* The breakpoint that a debugger's point stands for, NULL for none of ours. */
const struct gdb_point *gdb_points_of(const struct gdb_points *points,
                                      const struct debug_point *hit);

#endif
