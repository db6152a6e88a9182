/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - a run as its user sees it: consoles on the output, scripts or the keyboard as
 * input, Ctrl-A commands, pace and signals.
 */
#ifndef PZ_TOOLS_HOST_SESSION_H
#define PZ_TOOLS_HOST_SESSION_H

#include "tools/host/options.h"
#include "tools/host/session_state.h"
#include "vmm/board/board.h"

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
