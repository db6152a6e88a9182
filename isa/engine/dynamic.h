/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dynamic.h - a library that is opened by name when it is first needed: its functions go into a
 * table of pointers. Which they are, and what follows if there is no such library, is the caller's.
 * For hosts with dlopen() only.
 */
#ifndef PZ_ISA_ENGINE_DYNAMIC_H
#define PZ_ISA_ENGINE_DYNAMIC_H

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

struct dynamic_function {
    const char *name;
    size_t offset; /* of its pointer in the table */
};

/*
 * NULL: all are there. Otherwise the name of a function that is not, or `file` if it cannot be
 * opened. It is never closed, so that it is opened only once.
 */
static inline const char *dynamic_load(const char *file,
                                       const struct dynamic_function *functions, size_t count,
                                       void *table)
{
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);

    if (!library)
        return file;
    for (size_t i = 0; i < count; i++) {
        void *function = dlsym(library, functions[i].name);

        if (!function)
            return functions[i].name;
        memcpy((char *)table + functions[i].offset, &function, sizeof function);
    }
    return NULL;
}

#endif
