/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pagefile.c - written with pwrite(), so that a full disk is an error and not a signal; read
 * through a mapping, which shows what was written.
 */
#define _GNU_SOURCE
#include "tools/host/pagefile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

#define FOLDER "/var/tmp" /* /tmp is often in memory */

/* Its name is gone at once. */
static int open_in(const char *folder)
{
    char path[PATH_MAX];
    int fd;

    if ((size_t)snprintf(path, sizeof path, "%s/pz-pages-XXXXXX", folder) >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        (void)!unlink(path);
    return fd;
}

enum pz_err pagefile_open(struct pagefile *file, unsigned vms, uint64_t ram,
                          struct problem *problem)
{
    const char *folder = getenv("TMPDIR");
    void *bytes = MAP_FAILED;

    folder = folder && *folder ? folder : FOLDER;
    *file = (struct pagefile){.fd = open_in(folder), .vm_size = ram, .size = vms * ram};
    if (file->fd >= 0 && !ftruncate(file->fd, (off_t)file->size))
        bytes = mmap(NULL, file->size, PROT_READ, MAP_SHARED | MAP_NORESERVE, file->fd, 0);
    if (bytes == MAP_FAILED)
        return problem_set(problem, PZ_HOST,
                           "no file for guests' pages in %.200s: %s: name another folder in "
                           "TMPDIR, or leave out --machine-memory",
                           folder, strerror(errno));
    file->bytes = bytes;
    return PZ_OK;
}

void pagefile_close(struct pagefile *file)
{
    if (file->bytes)
        munmap((void *)(uintptr_t)file->bytes, file->size);
    if (file->size && file->fd >= 0)
        close(file->fd);
    *file = (struct pagefile){.fd = -1};
}

static uint64_t place(const struct pagefile *file, unsigned vm, uint32_t page)
{
    return vm * file->vm_size + (uint64_t)page * PAGE_SIZE;
}

static bool write_page(void *owner, unsigned vm, uint32_t page, const uint8_t *bytes)
{
    struct pagefile *file = owner;
    uint64_t at = place(file, vm, page);

    if (pwrite(file->fd, bytes, PAGE_SIZE, (off_t)at) == PAGE_SIZE)
        return true;
    if (!file->failed)
        fprintf(stderr, "pz: the file for guests' pages cannot be written: %s\n",
                strerror(errno));
    file->failed = true;
    return false;
}

static const uint8_t *read_page(void *owner, unsigned vm, uint32_t page)
{
    const struct pagefile *file = owner;

    return file->bytes + place(file, vm, page);
}

struct paging_store pagefile_store(struct pagefile *file)
{
    return (struct paging_store){write_page, read_page, file};
}
