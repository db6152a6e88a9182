/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linux_io.c - reading and writing, in one piece or several, and where in a file.
 */
#include "../kernel/copy.h"
#include "../kernel/exit.h"
#include "../kernel/file.h"
#include "../kernel/ramfs.h"
#include "linux.h"

enum { SEEK_SET, SEEK_CUR, SEEK_END };

struct vector {
    uint32_t at, n;
};

enum { MAX_VECTORS = 1024 };

/* A signal ends who writes to a pipe that nobody reads, unless he has something to do about it. */
static int32_t write_file(struct file *f, uint32_t va, uint32_t n)
{
    enum { SIGPIPE = 13 };
    int32_t done = file_write(f, va, n);

    if (done == -EPIPE && linux_current()->handler[SIGPIPE] == 0)
        exit_process(STATUS_KILLED | SIGPIPE);
    return done;
}

static int32_t transfer(uint32_t fd, uint32_t va, uint32_t n, bool writes)
{
    struct file *f = linux_file(fd);

    if (!f)
        return -EBADF;
    if (linux_current()->directory[fd] == LINUX_NULL)
        return writes ? (int32_t)n : 0;
    if (linux_current()->directory[fd])
        return writes ? -EBADF : -LINUX_EISDIR;
    return writes ? write_file(f, va, n) : file_read(f, va, n);
}

int32_t linux_read(const uint32_t *arg)
{
    return transfer(arg[0], arg[1], arg[2], false);
}

int32_t linux_write(const uint32_t *arg)
{
    return transfer(arg[0], arg[1], arg[2], true);
}

/* Until one piece is not moved whole. */
static int32_t transfer_all(const uint32_t *arg, bool writes)
{
    int32_t all = 0;

    if (arg[2] > MAX_VECTORS)
        return -EINVAL;
    for (uint32_t i = 0; i < arg[2]; i++) {
        struct vector v;
        int32_t done = copy_from_user(&v, arg[1] + i * sizeof(v), sizeof(v));

        if (done == 0 && v.n > 0)
            done = transfer(arg[0], v.at, v.n, writes);
        if (done < 0)
            return all ? all : done;
        all += done;
        if ((uint32_t)done < v.n)
            break;
    }
    return all;
}

int32_t linux_readv(const uint32_t *arg)
{
    return transfer_all(arg, false);
}

int32_t linux_writev(const uint32_t *arg)
{
    return transfer_all(arg, true);
}

/* The 64-bit offset is in two registers, the low word first; no file here is so large. */
int32_t linux_pread64(const uint32_t *arg)
{
    struct file *f = linux_file(arg[0]);

    if (!f || !f->readable)
        return -EBADF;
    if (f->kind != KIND_FILE)
        return -LINUX_ESPIPE;
    return arg[4] ? 0 : ramfs_read_to_user(f->node, arg[3], arg[1], arg[2]);
}

/* (fd, high, low, *result, whence) */
int32_t linux_llseek(const uint32_t *arg)
{
    struct file *f = linux_file(arg[0]);
    int64_t offset = (int64_t)((uint64_t)arg[1] << 32 | arg[2]);

    if (!f)
        return -EBADF;
    if (linux_current()->directory[arg[0]]) {
        if (linux_current()->directory[arg[0]] != LINUX_NULL)
            linux_current()->directory[arg[0]] = 1;
        offset = 0;
    } else if (f->kind != KIND_FILE) {
        return -LINUX_ESPIPE;
    } else {
        offset += arg[4] == SEEK_CUR ? f->offset : arg[4] == SEEK_END ? ramfs_size(f->node) : 0;
        if (arg[4] > SEEK_END || offset < 0 || offset > INT32_MAX)
            return -EINVAL;
        f->offset = (uint32_t)offset;
    }
    return copy_to_user(arg[3], &offset, sizeof(offset));
}
