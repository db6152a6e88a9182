/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server_library.c - see server_library.h. PZ_WEBSOCKETS_FILE is its name, with the version. */
#include "tools/web/server_library.h"

#include "isa/engine/dynamic.h"

struct server_library ws;

static const struct dynamic_function functions[] = {
#define SERVER_LIBRARY_ROW(name) {"lws_" #name, offsetof(struct server_library, name)},
    SERVER_LIBRARY(SERVER_LIBRARY_ROW)
#undef SERVER_LIBRARY_ROW
};

enum pz_err server_library_load(struct problem *problem)
{
    const char *missing = dynamic_load(PZ_WEBSOCKETS_FILE, functions,
                                       sizeof functions / sizeof functions[0], &ws);

    if (!missing)
        return PZ_OK;
    if (strcmp(missing, PZ_WEBSOCKETS_FILE))
        return problem_set(problem, PZ_HOST, PZ_WEBSOCKETS_FILE " has no %s", missing);
    return problem_set(problem, PZ_HOST,
                       "the server needs " PZ_WEBSOCKETS_FILE
                       ": install libwebsockets, or use --stdio");
}
