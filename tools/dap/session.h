/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - a session of an editor's with the debugger: what was agreed on and is going on, the
 * requests, and what all of them share. Threads are CPUs, those of VM 0 first. While guests run,
 * messages are looked at between two instructions; moving is the main loop's (server.c).
 */
#ifndef PZ_TOOLS_DAP_SESSION_H
#define PZ_TOOLS_DAP_SESSION_H

#include <signal.h>

#include "tools/dap/wire.h"
#include "tools/debug/debug.h"

/* Which of the client's lists a breakpoint is in. */
enum dap_list { DAP_SOURCE, DAP_FUNCTION, DAP_INSTRUCTION, DAP_EXCEPTION, DAP_DATA };

/* A breakpoint's share in the debugger's points: one that is set in several kernels has several. */
struct dap_point {
    enum dap_list list;
    char *source;    /* DAP_SOURCE: the path that the client gave; else NULL */
    unsigned id;     /* the client's */
    unsigned number; /* the debugger's */
};

/* What to do after the answer has been sent. */
enum dap_move {
    DAP_STAY,
    DAP_CONTINUE,
    DAP_REVERSE,
    DAP_STEP_IN,
    DAP_NEXT,
    DAP_STEP_OUT,
    DAP_STEP_BACK,
};

struct dap {
    struct wire wire;
    int64_t seq;
    struct debug *debug; /* NULL: nothing is launched yet */
    struct options options;
    bool has_options;
    json_t *launch; /* the request's arguments: options are words of it */
    struct recording recording;
    bool recorded;

    bool first_line_0;  /* the client counts lines from 0 */
    bool stop_on_entry; /* else guests run once all is configured */
    bool configured;
    bool
        running; /* between the answer to a request that moves and the event that it has stopped */
    bool pause;               /* wanted */
    bool over;                /* nothing more is wanted */
    bool broken;              /* because what came could not be understood */
    bool ended;               /* it was told that the run has come to its end */
    bool started, terminated; /* guests may have run; it was told that all is over */
    bool moved;               /* a command has moved the machine: to be told */
    int speaker; /* whose line is not finished in the editor's console; -1: nobody's */
    enum dap_move move;
    bool by_line; /* the move goes by source lines, not by instructions */

    struct dap_point *points;
    unsigned count, room, last_id;
};

/* Answer a request: fill in `body`, or say what is wrong. */
typedef enum pz_err dap_function(struct dap *dap, const json_t *arguments, json_t *body,
                                 struct problem *problem);

/* launch.c */
dap_function dap_initialize, dap_launch, dap_configuration_done, dap_disconnect, dap_terminate;
/* points.c */
dap_function dap_set_source, dap_set_functions, dap_set_instructions, dap_set_exceptions,
    dap_data_info, dap_set_data;
/* threads.c */
dap_function dap_threads;
/* stack.c */
dap_function dap_stack_trace, dap_scopes, dap_variables;
/* memory.c */
dap_function dap_disassemble, dap_read_memory;
/* evaluate.c */
dap_function dap_evaluate;
/* move.c */
dap_function dap_continue, dap_next, dap_step_in, dap_step_out, dap_step_back,
    dap_reverse_continue, dap_pause;

/* ---- session.c ---- */

/* Take and answer one message. False: none is there. */
bool dap_serve_one(struct dap *dap);

void dap_event(struct dap *dap, const char *event, json_t *body);

/* Text for the user: "console", "stdout", "important". */
void dap_say(struct dap *dap, const char *category, const char *text);

/* What the guests have printed since. */
void dap_say_consoles(struct dap *dap);

/*
 * Arguments. Numbers: false: it is missing, no integer, or out of the range, and the problem says
 * so. Texts: NULL: it is missing or no text.
 */
bool dap_number(const json_t *arguments, const char *name, int64_t least, int64_t most,
                int64_t *number, struct problem *problem) PZ_MUST_CHECK;
bool dap_number_or(const json_t *arguments, const char *name, int64_t least, int64_t most,
                   int64_t otherwise, int64_t *number, struct problem *problem) PZ_MUST_CHECK;
const char *dap_text(const json_t *arguments, const char *name);

/* "0x1234", what the client was given as a reference to memory, with the offset beside it. */
enum pz_err dap_address(const json_t *arguments, const char *name, int64_t *address,
                        struct problem *problem) PZ_MUST_CHECK;

/* A command of the debugger's: its text, to be freed, and its data. */
enum pz_err dap_command(struct dap *dap, const char *line, char **text, json_t **data,
                        struct problem *problem) PZ_MUST_CHECK;

/* {name, path} of a file of debug information, or NULL for no memory. */
json_t *dap_source(struct dap *dap, const char *file);

/* ---- threads.c ---- */

/*
 * Threads are CPUs, of all VMs, numbered from 0 here and from 1 for the client: those of VM 0,
 * those of VM 1 and so on. With one CPU each, a thread is a VM.
 */
unsigned dap_thread_cpus(const struct dap *dap); /* of each VM */
unsigned dap_thread_count(const struct dap *dap);

/* Select a thread's VM and CPU; the one that is selected. */
void dap_thread_select(struct dap *dap, unsigned thread);
unsigned dap_thread_selected(const struct dap *dap);

/* The thread that a request is about becomes the selected one. */
enum pz_err dap_thread(struct dap *dap, const json_t *arguments,
                       struct problem *problem) PZ_MUST_CHECK;

/* The same for the thread of a stack's frame. */
#define DAP_FRAMES_MOST 4096 /* ids of one thread's frames */
enum pz_err dap_thread_of_frame(struct dap *dap, const json_t *arguments,
                                struct problem *problem) PZ_MUST_CHECK;

/* ---- move.c ---- */

/* Make the move that was asked for, and tell how it ended. */
void dap_go(struct dap *dap);

/* Tell that the machine has stopped, and why. */
void dap_tell_stop(struct dap *dap, const char *reason);

/* ---- points.c ---- */

/* Why the point that was hit stops, for the event, and the client's number for it, 0 for none. */
const char *dap_point_reason(const struct dap *dap, unsigned number, unsigned *id);
void dap_points_close(struct dap *dap);

/* ---- server.c ---- */

/* Guests run from now on, until false: interrupt them when a message comes; with `output`, when
 * something was printed too. */
void dap_interruptible(struct dap *dap, bool running, bool output);

#endif
