/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - a run as its user sees it: consoles on the output, scripts or the keyboard as
 * input, Ctrl-A commands, pace and signals. What runs is behind struct session_ops: the monitor
 * (run.c) or the bare computer (barerun.c).
 */
#ifndef PZ_TOOLS_HOST_SESSION_H
#define PZ_TOOLS_HOST_SESSION_H

#include "tools/host/consoles.h"
#include "tools/host/input.h"
#include "tools/host/options.h"
#include "vmm/board/board.h"

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

    /* The same, for what Ctrl-A asks for. May be NULL. */
    bool (*pause)(void *machine, unsigned vm); /* or go on again; is it paused now? */
    void (*stats)(void *machine, FILE *out);
    void (*map)(void *machine, FILE *out);
};

struct session;

/* One console. */
struct session_port {
    struct session *session;
    unsigned vm;
    struct input input;
    bool ended; /* keys_ended() */
};

struct session {
    const struct session_ops *ops;
    void *machine;
    struct consoles consoles;
    struct session_port *ports;
    unsigned count;
    unsigned focus;   /* whose console the keyboard is */
    bool interactive; /* the keyboard is ours */
    bool paced;
    bool prefixed; /* Ctrl-A was the last key */
    bool quit;
    uint64_t start, last_look; /* host time */
};

/* Consoles and inputs for `count` machines. To be closed whatever comes back; must not move. */
enum pz_err session_open(struct session *session, const struct options *options, unsigned count,
                         struct problem *problem) PZ_MUST_CHECK;
void session_close(struct session *session);

/* What a board needs to talk to console `vm`. */
struct board_host session_board(struct session *session, unsigned vm);

/* Run until everything has ended, or the user, a signal or a failure to write stops it. */
enum pz_err session_run(struct session *session, const struct session_ops *ops, void *machine,
                        struct problem *problem) PZ_MUST_CHECK;

/* Host time since the run began, in ns. */
uint64_t session_elapsed(const struct session *session);

#endif
