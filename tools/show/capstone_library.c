/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capstone_library.c - see capstone_library.h. PZ_CAPSTONE_FILE is its name, with the version;
 * where there is none, pz is linked with it.
 */
#include "tools/show/capstone_library.h"

#if defined(PZ_CAPSTONE_FILE)
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

struct capstone_library capstone_library;

static const struct function {
    const char *name;
    size_t offset;
} functions[] = {
#define CAPSTONE_LIBRARY_ROW(name) {"cs_" #name, offsetof(struct capstone_library, name)},
    CAPSTONE_LIBRARY(CAPSTONE_LIBRARY_ROW)
#undef CAPSTONE_LIBRARY_ROW
};

/* It is never unloaded, so that it is loaded only once. */
bool capstone_library_load(void)
{
    void *library = dlopen(PZ_CAPSTONE_FILE, RTLD_NOW | RTLD_LOCAL);

    for (size_t i = 0; library && i < sizeof functions / sizeof functions[0]; i++) {
        void *function = dlsym(library, functions[i].name);

        if (!function)
            return false;
        memcpy((char *)&capstone_library + functions[i].offset, &function, sizeof function);
    }
    return library != NULL;
}
#else
struct capstone_library capstone_library = {
#define CAPSTONE_LIBRARY_ROW(name) .name = cs_##name,
    CAPSTONE_LIBRARY(CAPSTONE_LIBRARY_ROW)
#undef CAPSTONE_LIBRARY_ROW
};

bool capstone_library_load(void)
{
    return true;
}
#endif
