/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * web.h - the lab in a browser: its session protocol (docs/web.md), and `pz web`, which serves it.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_WEB_WEB_H
#define PZ_TOOLS_WEB_WEB_H

#include "tools/host/host.h"
#include "tools/web/session.h"

/* The command. */
enum pz_err command_web(const struct options *options, struct problem *problem);

#endif
