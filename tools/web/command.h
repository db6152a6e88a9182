/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command.h - the two ways in which `pz web` serves a session. */
#ifndef PZ_TOOLS_WEB_COMMAND_H
#define PZ_TOOLS_WEB_COMMAND_H

#include "tools/host/host.h"

/* One session on standard input and output: a request a line, an answer a line. */
enum pz_err command_stdio(struct problem *problem) PZ_MUST_CHECK;

/* The page, and a session for each that comes with the token. */
enum pz_err command_serve(const struct options *options, struct problem *problem) PZ_MUST_CHECK;

#endif
