/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dynamic.h - opens a library by name when it is first needed, and puts its functions into a table
 * of pointers. The caller defines the table, and handles a missing library. For hosts with dlopen()
 * only.
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
 * Load all functions of the table. NULL: success; else the name of a missing function, or `file` if
 * it cannot be opened. The library is never closed, so open it only once.
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
