/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest.c - the copy is a memory file, named by /proc: nothing to tidy up in a directory.
 */
#define _GNU_SOURCE
#include "tools/bench/guest.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

#include "isa/phys.h"
#include "tools/host/host.h"

#define GUEST_MOST (4u << 20)
#define PARAMS_OFFSET 4u /* from the entry point: magic, count */
#define PARAMS_MAGIC 0x4e425a50u

static enum pz_err find_count(struct bench_guest *guest, struct problem *problem)
{
    const struct elf *elf = &guest->elf;

    for (unsigned i = 0; i < elf->count; i++) {
        const struct elf_segment *segment = &elf->segments[i];
        uint32_t offset = elf->entry - segment->pa + PARAMS_OFFSET;

        if (segment->len < 8 || offset > segment->len - 8)
            continue;
        if (load_le32(segment->bytes + offset) != PARAMS_MAGIC)
            continue;
        guest->at = (size_t)(segment->bytes - guest->file.bytes) + offset + 4;
        return PZ_OK;
    }
    return problem_set(problem, PZ_USAGE,
                       "is not a guest of pz bench: build the target 'guests'");
}

static enum pz_err make_copy(struct bench_guest *guest, struct problem *problem)
{
    guest->fd = memfd_create("pz-bench-guest", 0); /* QEMU inherits it */
    if (guest->fd < 0)
        return problem_set(problem, PZ_HOST, "a memory file: %s", strerror(errno));
    if (pwrite(guest->fd, guest->file.bytes, guest->file.len, 0) != (ssize_t)guest->file.len)
        return problem_set(problem, PZ_HOST, "a memory file: %s", strerror(errno));
    snprintf(guest->path, sizeof guest->path, "/proc/self/fd/%d", guest->fd);
    return PZ_OK;
}

enum pz_err bench_guest_open(struct bench_guest *guest, const char *name, const char *suffix,
                             struct problem *problem)
{
    const struct elf_place anywhere = {{0, 1ull << 32}, ELF_NO_LOAD};
    char file[64], path[PATH_MAX];
    enum pz_err err;

    *guest = (struct bench_guest){.fd = -1};
    snprintf(file, sizeof file, "bench_%s%s.elf", name, suffix);
    err = guests_find(file, path, sizeof path, problem);
    if (err)
        return err;
    err = file_read(path, GUEST_MOST, &guest->file, problem);
    if (!err)
        err = elf_parse(guest->file.bytes, guest->file.len, anywhere, &guest->elf, problem);
    if (!err)
        err = find_count(guest, problem);
    if (!err)
        err = make_copy(guest, problem);
    if (err)
        problem_prefix(problem, path);
    return err;
}

void bench_guest_close(struct bench_guest *guest)
{
    if (guest->fd >= 0)
        close(guest->fd);
    file_free(&guest->file);
    guest->fd = -1;
}

enum pz_err bench_guest_set(struct bench_guest *guest, uint32_t count, struct problem *problem)
{
    uint8_t bytes[4];

    store_le32(bytes, count);
    memcpy(guest->file.bytes + guest->at, bytes, sizeof bytes);
    if (pwrite(guest->fd, bytes, sizeof bytes, (off_t)guest->at) != sizeof bytes)
        return problem_set(problem, PZ_HOST, "a memory file: %s", strerror(errno));
    return PZ_OK;
}
