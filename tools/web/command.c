/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command.c - `pz web`: a session on standard input and output, or a server for pages. */
#include "tools/web/command.h"

#include "tools/web/web.h"

enum pz_err command_web(const struct options *options, struct problem *problem)
{
    if (options->stdio && options->port)
        return problem_set(problem, PZ_USAGE, "--stdio opens no port");
    return options->stdio ? command_stdio(problem) : command_serve(options, problem);
}

#if !PZ_HAVE_WEBSOCKETS
enum pz_err command_serve(const struct options *options, struct problem *problem)
{
    (void)options;
    return problem_set(
        problem, PZ_HOST,
        "this pz was built without libwebsockets: --stdio speaks the protocol on "
        "standard input and output");
}
#endif
