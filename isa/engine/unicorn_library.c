/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unicorn_library.c - see unicorn_library.h. PZ_UNICORN_FILE is its name, with the version. */
#include "isa/engine/unicorn_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

struct unicorn_library unicorn_library;

static const struct function {
    const char *name;
    size_t offset;
} functions[] = {
#define UNICORN_LIBRARY_ROW(name) {"uc_" #name, offsetof(struct unicorn_library, name)},
    UNICORN_LIBRARY(UNICORN_LIBRARY_ROW)
#undef UNICORN_LIBRARY_ROW
};

/* It is never unloaded, so that it is loaded only once. */
bool unicorn_library_load(void)
{
    void *library = dlopen(PZ_UNICORN_FILE, RTLD_NOW | RTLD_LOCAL);

    for (size_t i = 0; library && i < sizeof functions / sizeof functions[0]; i++) {
        void *function = dlsym(library, functions[i].name);

        if (!function)
            return false;
        memcpy((char *)&unicorn_library + functions[i].offset, &function, sizeof function);
    }
    return library != NULL;
}
