/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server_library.c - see server_library.h. PZ_WEBSOCKETS_FILE is its name, with the version. */
#include "tools/web/server_library.h"

#include <dlfcn.h>
#include <string.h>

struct server_library ws;

static const struct function {
    const char *name;
    size_t offset;
} functions[] = {
#define SERVER_LIBRARY_ROW(name) {"lws_" #name, offsetof(struct server_library, name)},
    SERVER_LIBRARY(SERVER_LIBRARY_ROW)
#undef SERVER_LIBRARY_ROW
};

enum pz_err server_library_load(struct problem *problem)
{
    void *library = dlopen(PZ_WEBSOCKETS_FILE, RTLD_NOW | RTLD_LOCAL);

    for (size_t i = 0; library && i < sizeof functions / sizeof functions[0]; i++) {
        void *function = dlsym(library, functions[i].name);

        if (!function)
            return problem_set(problem, PZ_HOST, PZ_WEBSOCKETS_FILE " has no %s",
                               functions[i].name);
        memcpy((char *)&ws + functions[i].offset, &function, sizeof function);
    }
    if (!library)
        return problem_set(problem, PZ_HOST,
                           "the server needs " PZ_WEBSOCKETS_FILE
                           ": install libwebsockets, or use --stdio");
    return PZ_OK;
}
