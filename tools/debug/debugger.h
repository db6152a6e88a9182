/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debugger.h - the debugger: a machine that stands still between two instructions, and commands
 * that look at it and move it. Moving is run.h's and the timeline's; when to stop is
 * points.h's; what the monitor did is record.h's. Commands write text and data, and
 * know nothing of who asked: a person, a script, gdb.
 */
#ifndef PZ_TOOLS_DEBUG_DEBUGGER_H
#define PZ_TOOLS_DEBUG_DEBUGGER_H

#include <signal.h>
#include <stdio.h>

#include "tools/base/base.h"
#include "tools/debug/log.h"
#include "tools/debug/points.h"
#include "tools/debug/record.h"
#include "tools/host/host.h"
#include "tools/show/show.h"
#include "tools/travel/travel.h"

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

    unsigned vm; /* the one that commands speak of */
    struct debug_record record;
    unsigned inside; /* steps of the record that `into` has shown; 0: outside */
    struct debug_log log;
    struct debug_source *source; /* source.h */
    uint64_t listed_at;          /* what had retired when `list` said where it was */
    struct debug_points points;
    struct debug_point *hit; /* with DEBUG_POINT; NULL when it has been deleted */
    enum debug_stop stop;

    FILE *out;             /* text of the command that runs */
    json_t *data;          /* its result for programs: an object */
    uint32_t next_address; /* where `x` and `dis` go on */
    char next_format;
    bool quit;
};

/* To be closed whatever comes back; must not move. */
enum pz_err debug_open(struct debug *debug, const struct options *options, bool live,
                       struct problem *problem) PZ_MUST_CHECK;
void debug_close(struct debug *debug);

/*
 * The machine was changed by hand: its history begins here, and what was noted of the past is of
 * another run.
 */
enum pz_err debug_edited(struct debug *debug, struct problem *problem) PZ_MUST_CHECK;

/*
 * Run one line. What it says goes to debug->out, which must be set, its data to debug->data.
 * Empty lines and comments do nothing.
 */
enum pz_err debug_execute(struct debug *debug, const char *line,
                          struct problem *problem) PZ_MUST_CHECK;

/* Names that can follow `line`'s last word, for completion: the k-th, or NULL. */
const char *debug_completion(const struct debug *debug, const char *line, const char *word,
                             unsigned k);

#define DEBUG_SOURCE_PATH 1024u

/* "(pz vm0 supervisor 1,234) " */
#define DEBUG_PROMPT 80
void debug_prompt(const struct debug *debug, char text[DEBUG_PROMPT]);

/* The VM that commands speak of; its state, or inside an exit what it was at that step. */
struct vm *debug_vm(const struct debug *debug);
const struct hart *debug_hart(const struct debug *debug);
struct debug_scope debug_scope(const struct debug *debug);
const struct symbols *debug_symbols(const struct debug *debug);

/* "supervisor" or "user". */
const char *debug_mode(unsigned mode);

/* " (name+0x10)" for a kernel's address; "" where there is none, and in user mode. */
#define DEBUG_NAME 80
const char *debug_name(const struct debug *debug, unsigned vm, unsigned mode, uint32_t address,
                       char text[DEBUG_NAME]);

/* The text of an instruction. */
const char *debug_insn(const struct debug *debug, uint32_t raw, uint32_t pc,
                       char text[DISASM_TEXT]);

/* The instruction's bits at a gva as the selected VM sees it. False: none is there. */
bool debug_fetch(const struct debug *debug, uint32_t va, uint32_t *raw) PZ_MUST_CHECK;

/* Where the selected VM stands, with the instruction there. */
void debug_say_place(struct debug *debug);

/* Why the machine stopped, and where. */
void debug_say_stop(struct debug *debug);

/* An address or FILE:LINE, all of `text`. */
enum pz_err debug_place(struct debug *debug, const char *text, uint32_t *address,
                        struct problem *problem) PZ_MUST_CHECK;

/* An expression's value, all of `text`. */
enum pz_err debug_evaluate(const struct debug *debug, const char *text, uint64_t *value,
                           struct problem *problem) PZ_MUST_CHECK;

/* The same for an address of 32 bits; for a count from 1, where nothing is 1. */
enum pz_err debug_address(const struct debug *debug, const char *text, uint32_t *address,
                          struct problem *problem) PZ_MUST_CHECK;
enum pz_err debug_count(const struct debug *debug, const char *text, uint64_t *count,
                        struct problem *problem) PZ_MUST_CHECK;

#endif
