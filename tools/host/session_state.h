/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_state.h - the state of a session: consoles, which VM has the keyboard, and what runs
 * behind struct session_ops: the monitor (tools/run/run.c) or the bare computer (tools/run/bare.c).
 */
#ifndef PZ_TOOLS_HOST_SESSION_STATE_H
#define PZ_TOOLS_HOST_SESSION_STATE_H

#include "tools/host/consoles.h"
#include "tools/host/input.h"

enum session_step {
    SESSION_RAN,
    SESSION_WAITING, /* nothing to do before session_ops.wake() */
    SESSION_DONE,
};

struct session_ops {
    /* Run a little, no machine's `time` beyond the horizon if it can be helped. */
    enum session_step (*step)(void *machine, uint64_t horizon);

    /* When waiting: the `time` at which something goes on, or UINT64_MAX. */
    uint64_t (*wake)(void *machine);

    /*
     * While nothing runs: wait up to `ms` for something other than a key. False: nothing of the
     * sort can come. May be NULL.
     */
    bool (*attend)(void *machine, int ms);

    /* The same, for what Ctrl-A asks for. May be NULL. */
    bool (*pause)(void *machine, unsigned vm); /* or go on again; is it paused now? */
    void (*stats)(void *machine, FILE *out);
    void (*map)(void *machine, FILE *out);
};

struct session;

/* The first exception that a guest took, if it had printed nothing by then. */
struct session_fault {
    bool seen;
    bool paging; /* addresses were virtual */
    uint32_t cause, tval, pc;
    uint64_t retired;
};

/* One console. */
struct session_port {
    bool printed; /* anything at all */
    struct session_fault fault;
    struct session *session;
    unsigned vm;
    struct input input;
    bool ended;                   /* keys_ended() */
    uint64_t bytes_out, bytes_in; /* printed and typed, so far */
};

/* Who else sees what guests print. */
struct session_tap {
    void (*out)(void *owner, unsigned vm, const uint8_t *bytes,
                uint32_t len); /* NULL: nobody */
    void *owner;
};

struct session {
    const struct session_ops *ops;
    void *machine;
    struct consoles consoles;
    struct session_tap tap;
    struct session_port *ports;
    unsigned count;
    unsigned focus;   /* whose console the keyboard is */
    bool interactive; /* the keyboard is ours */
    bool paced;
    bool prefixed; /* Ctrl-A was the last key */
    bool quit;
    uint64_t start, last_look; /* host time */
    uint64_t resumed;          /* guests' time at the start, if they were restored then */
    struct nets *nets;         /* NULL: none */
};

#endif
