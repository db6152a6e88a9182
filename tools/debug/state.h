/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - the debugger: a machine stopped between two instructions, what is known of it, and how
 * commands inspect it. Commands write text and data, whether a person, a script or gdb asks.
 * Opening is left to debugger.h, moving to run.h and the timeline, when to stop to points.h, and
 * what the monitor did to record.h.
 */
#ifndef PZ_TOOLS_DEBUG_STATE_H
#define PZ_TOOLS_DEBUG_STATE_H

#include <signal.h>
#include <stdio.h>

#include "tools/base/base.h"
#include "tools/debug/levels.h"
#include "tools/debug/log.h"
#include "tools/debug/plan.h"
#include "tools/debug/record.h"
#include "tools/host/host.h"
#include "tools/show/show.h"
#include "tools/travel/travel.h"

#define DEBUG_SOURCE_PATH 1024u

/* Why the machine stopped. */
enum debug_stop {
    DEBUG_STEPPED, /* it went as far as it was told to */
    DEBUG_POINT,   /* at a breakpoint, catchpoint or watchpoint: debug.hit */
    DEBUG_SIGNAL,  /* Ctrl-C */
    DEBUG_WAITING, /* every VM is paused */
    DEBUG_ENDED,   /* forwards: no VM is alive */
    DEBUG_BEGAN,   /* backwards: the beginning came first */
    DEBUG_DIVERGED,
};

struct debug {
    const struct options *options; /* with a recording: those that it brings */
    struct timeline *timeline;
    struct machine *machine; /* the timeline's */
    struct consoles consoles;
    struct input *inputs; /* of each VM */
    struct disasm disasm;
    bool live;    /* a person sits at it */
    bool midline; /* the console's last line has no end yet */

    unsigned vm;          /* the one that commands speak of */
    unsigned cpu;         /* of its CPUs, and 1; 0: the one that has its turn */
    unsigned level;       /* of the machines inside it; 0: the VM itself */
    struct levels levels; /* those, when the level was chosen */
    struct debug_record record;
    unsigned frame; /* of its stack, as bt counts: whose local variables are known */
    struct trace_event translated; /* told last, if nothing was since; `vm` 0: it was an exit */
    unsigned inside;               /* steps of the record that `into` has shown; 0: outside */
    struct debug_log log;
    struct debug_source *source;         /* source.h */
    uint64_t listed_at;                  /* what had retired when `list` said where it was */
    char listed_path[DEBUG_SOURCE_PATH]; /* where `list` goes on */
    uint32_t listed_line;                /* 0: it has not begun */
    struct debug_points points;
    struct debug_plan plan;  /* of the run under way, or the last */
    struct debug_point *hit; /* with DEBUG_POINT; NULL when it has been deleted */
    enum debug_stop stop;

    FILE *out;             /* text of the command that runs */
    json_t *data;          /* its result for programs: an object */
    uint32_t next_address; /* where `x` and `dis` go on */
    char next_format;
    bool quit;
};

/* "(pz vm0 supervisor 1,234) " */
#define DEBUG_PROMPT 128u
void debug_prompt(const struct debug *debug, char text[DEBUG_PROMPT]);

/*
 * The VM that commands speak of; its state, or inside an exit what it was at that step. With a
 * level selected, the hart is that level's.
 */
struct vm *debug_vm(const struct debug *debug);
const struct vcpu *debug_cpu(const struct debug *debug);
const struct hart *debug_hart(const struct debug *debug);
struct debug_scope debug_scope(const struct debug *debug);
const struct symbols *debug_symbols(const struct debug *debug);

/* Commands speak of the VM itself again, as it is now. */
void debug_look_at_vm(struct debug *debug);

/* Whose names and source lines are meant (source.h): the VM's, or the selected level's. */
unsigned debug_self(const struct debug *debug);

/* Memory of the VM, or of the selected level. */
struct phys debug_memory(const struct debug *debug);
bool debug_read(const struct debug *debug, uint32_t satp, uint32_t gva, void *buffer,
                uint32_t len) PZ_MUST_CHECK;

/* "supervisor" or "user". */
const char *debug_mode(unsigned mode);

/* The text of an instruction. */
const char *debug_insn(const struct debug *debug, uint32_t raw, uint32_t pc,
                       char text[DISASM_TEXT]);

/* The instruction's bits at a gva as the selected VM sees it. False: none is there. */
bool debug_fetch(const struct debug *debug, uint32_t va, uint32_t *raw) PZ_MUST_CHECK;

#endif
