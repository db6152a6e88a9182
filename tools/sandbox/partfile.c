/* SPDX-License-Identifier: GPL-2.0-or-later */
/* partfile.c - looks for part_NAME() of every row of parts.def. */
#define _GNU_SOURCE
#include "tools/sandbox/partfile.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* A function's address from dlsym(), without a cast that C does not know. */
static bool take(struct partfile *file, const char *symbol, void *function, size_t size)
{
    void *address = dlsym(file->handle, symbol);

    if (!address)
        return false;
    memcpy(function, &address, size);
    file->found++;
    return true;
}

enum pz_err partfile_open(struct partfile *file, const char *path, struct problem *problem)
{
    *file = (struct partfile){.parts = vmm_parts_own};
    file->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!file->handle)
        return problem_set(problem, PZ_USAGE, "cannot be loaded: %s", dlerror());
#define PART(name, type, arguments)                                                            \
    (void)take(file, "part_" #name, &file->parts.name, sizeof file->parts.name);
#include "vmm/parts.def"
#undef PART
    if (!file->found)
        return problem_set(problem, PZ_USAGE, "has no function part_NAME() of vmm/parts.h");
    return PZ_OK;
}

void partfile_close(struct partfile *file)
{
    if (file->handle)
        dlclose(file->handle);
    file->handle = NULL;
}

bool partfile_known(const char *name)
{
#define PART(part, type, arguments)                                                            \
    if (!strcmp(name, #part))                                                                  \
        return true;
#include "vmm/parts.def"
#undef PART
    return false;
}

bool partfile_has(const struct partfile *file, const char *name)
{
    char symbol[64];

    snprintf(symbol, sizeof symbol, "part_%s", name);
    return dlsym(file->handle, symbol);
}
