/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server.c - serves the page and its sessions. */
#include "tools/web/command.h"

enum pz_err command_serve(const struct options *options, struct problem *problem)
{
    (void)options;
    return problem_set(
        problem, PZ_HOST,
        "this pz was built without libwebsockets: --stdio speaks the protocol on "
        "standard input and output");
}
