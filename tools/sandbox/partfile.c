/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * partfile.c - looks for part_NAME() of every row of parts.def, and for the writable data that
 * these functions keep.
 */
#define _GNU_SOURCE
#include "tools/sandbox/partfile.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Store the address that dlsym() gives as a function's, which C has no cast for. */
static bool take(struct partfile *file, const char *symbol, void *function, size_t size)
{
    void *address = dlsym(file->handle, symbol);

    if (!address)
        return false;
    memcpy(function, &address, size);
    file->found++;
    return true;
}

/* ---- Static variables ---- */

/* A range of addresses. */
struct range {
    uintptr_t start, end;
};

/* A search among the loaded objects, for the one at `base`. */
struct search {
    uintptr_t base;
    struct range data, fixed; /* what is writable; and of it, read-only after relocation */
    bool threads;             /* has thread-local variables */
};

static void note_segment(struct search *search, const ElfW(Phdr) * segment)
{
    uintptr_t start = search->base + segment->p_vaddr, end = start + segment->p_memsz;

    if (segment->p_type == PT_GNU_RELRO)
        search->fixed = (struct range){start, end};
    if (segment->p_type == PT_TLS)
        search->threads = true;
    if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_W))
        return;
    if (!search->data.end || start < search->data.start)
        search->data.start = start;
    if (end > search->data.end)
        search->data.end = end;
}

static int note_object(struct dl_phdr_info *info, size_t size, void *owner)
{
    struct search *search = owner;

    (void)size;
    if (info->dlpi_addr != search->base)
        return 0;
    for (unsigned i = 0; i < info->dlpi_phnum; i++)
        note_segment(search, &info->dlpi_phdr[i]);
    return 1;
}

/* Linkers put what is read-only after relocation first, and fill its last page. */
static enum pz_err find_data(struct partfile *file, struct problem *problem)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    struct link_map *map;
    struct search search = {0};

    if (dlinfo(file->handle, RTLD_DI_LINKMAP, &map))
        return problem_set(problem, PZ_HOST, "cannot be inspected: %s", dlerror());
    search.base = map->l_addr;
    (void)dl_iterate_phdr(note_object, &search);
    if (search.threads)
        return problem_set(problem, PZ_USAGE,
                           "has thread-local variables, which no checkpoint can keep: make "
                           "them static");
    search.fixed.end &= ~(page - 1);
    if (search.fixed.end > search.data.start)
        search.data.start = search.fixed.end;
    if (search.data.end > search.data.start) {
        file->parts.data = (void *)search.data.start;
        file->parts.data_size = search.data.end - search.data.start;
    }
    return PZ_OK;
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
    return find_data(file, problem);
}

void partfile_close(struct partfile *file)
{
    if (file->handle)
        dlclose(file->handle);
    file->handle = NULL;
}

bool partfile_has(const struct partfile *file, const char *name)
{
    char symbol[64];

    snprintf(symbol, sizeof symbol, "part_%s", name);
    return dlsym(file->handle, symbol);
}

uint64_t partfile_parts(const struct partfile *file)
{
    static const char *const names[] = {
#define PART(name, type, arguments) #name,
#include "vmm/parts.def"
#undef PART
    };
    uint64_t found = 0;

    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        found |= (uint64_t)partfile_has(file, names[i]) << i;
    return found;
}
