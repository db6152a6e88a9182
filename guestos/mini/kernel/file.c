/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.c - the table of open files, and the way from a file to what stands behind it: the
 * console, a pipe, or a node of the file system.
 */
#include "file.h"

#include <stddef.h>

#include "console.h"
#include "pipe.h"
#include "ramfs.h"
#include "string.h"

enum { MAX_FILES = 96, LARGEST_TRANSFER = INT32_MAX };

static const char console_name[] = "console";
static struct spinlock lock = SPINLOCK(LOCK_FILES);
static struct file table[MAX_FILES];

static struct file *find_unused(void)
{
    for (struct file *f = table; f < table + MAX_FILES; f++)
        if (f->holders == 0)
            return f;
    return NULL;
}

struct file *file_alloc(void)
{
    struct file *f;

    spin_lock(&lock);
    f = find_unused();
    if (f)
        *f = (struct file){.holders = 1, .lock = SPINLOCK(LOCK_FILE)};
    spin_unlock(&lock);
    return f;
}

struct file *file_open_console(void)
{
    struct file *f = file_alloc();

    if (f) {
        f->kind = KIND_CONSOLE;
        f->readable = true;
        f->writable = true;
    }
    return f;
}

static int open_node(const char *name, uint32_t flags, struct file *f)
{
    int error = ramfs_open(name, flags, &f->node);

    if (error < 0)
        return error;
    f->kind = KIND_FILE;
    f->readable = flags & O_READ;
    f->writable = flags & O_WRITE;
    f->offset = flags & O_APPEND ? ramfs_size(f->node) : 0;
    return 0;
}

int file_open(const char *name, uint32_t flags, struct file **out)
{
    int error;

    if (flags & ~(uint32_t)(O_READ | O_WRITE | O_CREATE | O_TRUNC | O_APPEND) ||
        !(flags & (O_READ | O_WRITE)))
        return -EINVAL;
    if (strcmp(*name == '/' ? name + 1 : name, console_name) == 0) {
        *out = file_open_console();
        return *out ? 0 : -ENFILE;
    }
    *out = file_alloc();
    if (!*out)
        return -ENFILE;
    error = open_node(name, flags, *out);
    if (error < 0)
        file_close(*out);
    return error;
}

static void set_end(struct file *f, struct pipe *p, bool writer)
{
    f->kind = KIND_PIPE;
    f->pipe = p;
    f->writable = writer;
    f->readable = !writer;
}

/* Of the files, the one that there is; it has no kind yet, so nothing stands behind it. */
static int no_pipe(struct file *reader, struct file *writer, int error)
{
    file_close(reader);
    file_close(writer);
    return error;
}

int file_open_pipe(struct file **reader, struct file **writer)
{
    struct pipe *p;

    *reader = file_alloc();
    *writer = file_alloc();
    if (!*reader || !*writer)
        return no_pipe(*reader, *writer, -ENFILE);
    p = pipe_new();
    if (!p)
        return no_pipe(*reader, *writer, -ENOMEM);
    set_end(*reader, p, false);
    set_end(*writer, p, true);
    return 0;
}

struct file *file_share(struct file *f)
{
    if (f) {
        spin_lock(&lock);
        f->holders++;
        spin_unlock(&lock);
    }
    return f;
}

/* Its entry may be another file as soon as the lock is given back: we keep what it was. */
void file_close(struct file *f)
{
    struct file was;

    if (!f)
        return;
    spin_lock(&lock);
    f->holders--;
    was = *f;
    spin_unlock(&lock);
    if (was.holders == 0 && was.kind == KIND_PIPE)
        pipe_close(was.pipe, was.writable);
    if (was.holders == 0 && was.kind == KIND_FILE)
        ramfs_close(was.node);
}

/* Of two who read or write at once, through one file, the second goes on after the first. */
static int32_t node_read(struct file *f, uint32_t va, uint32_t n)
{
    int32_t got;

    spin_lock(&f->lock);
    got = ramfs_read_to_user(f->node, f->offset, va, n);
    if (got > 0)
        f->offset += (uint32_t)got;
    spin_unlock(&f->lock);
    return got;
}

static int32_t node_write(struct file *f, uint32_t va, uint32_t n)
{
    int32_t put;

    spin_lock(&f->lock);
    put = ramfs_write_from_user(f->node, f->offset, va, n);
    if (put > 0)
        f->offset += (uint32_t)put;
    spin_unlock(&f->lock);
    return put;
}

int32_t file_read(struct file *f, uint32_t va, uint32_t n)
{
    if (!f->readable)
        return -EBADF;
    if (n > LARGEST_TRANSFER)
        return -EINVAL;
    switch (f->kind) {
    case KIND_CONSOLE: return console_read(va, n);
    case KIND_PIPE: return pipe_read(f->pipe, va, n);
    default: return node_read(f, va, n);
    }
}

int32_t file_write(struct file *f, uint32_t va, uint32_t n)
{
    if (!f->writable)
        return -EBADF;
    if (n > LARGEST_TRANSFER)
        return -EINVAL;
    switch (f->kind) {
    case KIND_CONSOLE: return console_write(va, n);
    case KIND_PIPE: return pipe_write(f->pipe, va, n);
    default: return node_write(f, va, n);
    }
}

void file_stat(const struct file *f, struct fileinfo *info)
{
    *info = (struct fileinfo){.kind = f->kind};
    if (f->kind == KIND_FILE)
        ramfs_stat(f->node, info);
    else
        copy_name(info->name, f->kind == KIND_PIPE ? "pipe" : console_name, NAME_SIZE);
}
