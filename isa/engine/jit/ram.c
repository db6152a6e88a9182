/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ram.c - RAM that can be mapped twice. Only memory that processes could share can be. Ours begins
 * as private memory, which costs less where it is touched first; when code has been found that runs
 * for long, shared memory with the same contents takes its place, at the same addresses.
 */
#define _GNU_SOURCE /* mremap */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/mman.h>

#include "isa/engine/jit/internal.h"

/* One page in /proc/self/pagemap. */
#define PAGE_PRESENT (1ull << 63)
#define PAGE_SWAPPED (1ull << 62)
#define CHUNK 512u

bool ram_is_shared(const struct jit *jit)
{
    void *twice = mremap(jit->engine.phys.ram, 0, PAGE_SIZE, MREMAP_MAYMOVE);

    if (twice == MAP_FAILED)
        return false;
    (void)munmap(twice, PAGE_SIZE);
    return true;
}

/* Is it all private memory with nothing behind it? Clones have pages of a file in theirs. */
static bool is_private(uint64_t begin, uint64_t end)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    uint64_t from, to, covered = 0;
    char rights[8], line[512];
    bool plain = maps != NULL;
    unsigned long inode;
    int rest;

    while (plain && fgets(line, sizeof line, maps)) {
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*x %*x:%*x %lu %n", &from, &to, rights,
                   &inode, &rest) != 4 ||
            to <= begin || from >= end)
            continue;
        plain = !inode && !strcmp(rights, "rw-p") && !line[rest];
        covered += (to < end ? to : end) - (from > begin ? from : begin);
    }
    if (maps)
        (void)fclose(maps);
    return plain && covered == end - begin;
}

/* Copies the pages that have been touched. */
static bool copy_touched(uint8_t *to, const uint8_t *from, uint64_t pages)
{
    uint64_t entry[CHUNK], first = (uint64_t)(uintptr_t)from >> PAGE_SHIFT;
    int map = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    bool whole = map >= 0;

    for (uint64_t at = 0; whole && at < pages; at += CHUNK) {
        uint64_t count = pages - at < CHUNK ? pages - at : CHUNK;
        ssize_t bytes = (ssize_t)(count * sizeof entry[0]);

        whole =
            pread(map, entry, (size_t)bytes, (off_t)((first + at) * sizeof entry[0])) == bytes;
        for (uint64_t i = 0; whole && i < count; i++)
            if (entry[i] & (PAGE_PRESENT | PAGE_SWAPPED))
                memcpy(to + (at + i) * PAGE_SIZE, from + (at + i) * PAGE_SIZE, PAGE_SIZE);
    }
    if (map >= 0)
        (void)close(map);
    return whole;
}

/* No process that is started from now on has any of it. */
bool ram_share(struct jit *jit)
{
    uint8_t *ram = jit->engine.phys.ram;
    size_t size = (size_t)jit->engine.phys.size;
    uint64_t begin = (uint64_t)(uintptr_t)ram;
    void *memory;

    if (!is_private(begin, begin + size))
        return false;
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    if (!madvise(memory, size, MADV_DONTFORK) &&
        copy_touched(memory, ram, size >> PAGE_SHIFT) &&
        mremap(memory, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, ram) != MAP_FAILED)
        return true;
    (void)munmap(memory, size);
    return false;
}
