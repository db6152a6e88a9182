/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.c - the table of open files, and the way to what stands behind each.
 */
#include "posix.h"
#include "string.h"

enum { LARGEST_TRANSFER = INT32_MAX };

static const char console_name[] = "console";

struct file *file_new(uint32_t kind)
{
    for (struct file *f = shared->file; f < shared->file + MAX_FILES; f++) {
        if (f->holders)
            continue;
        *f = (struct file){.holders = 1, .kind = kind, .readable = true, .writable = true};
        return f;
    }
    return NULL;
}

static int32_t open_node(const char *name, uint32_t flags, struct file *f)
{
    int32_t error = node_open(name, flags, &f->node);

    if (error < 0) {
        f->holders = 0;
        return error;
    }
    f->readable = flags & O_READ;
    f->writable = flags & O_WRITE;
    f->offset = flags & O_APPEND ? f->node->size : 0;
    return 0;
}

int32_t file_open(const char *name, uint32_t flags, struct file **out)
{
    bool console = strcmp(*name == '/' ? name + 1 : name, console_name) == 0;

    if (flags & ~(uint32_t)(O_READ | O_WRITE | O_CREATE | O_TRUNC | O_APPEND) ||
        !(flags & (O_READ | O_WRITE)))
        return -EINVAL;
    *out = file_new(console ? KIND_CONSOLE : KIND_FILE);
    if (!*out)
        return -ENFILE;
    return console ? 0 : open_node(name, flags, *out);
}

void file_close(struct file *f)
{
    if (--f->holders > 0)
        return;
    if (f->kind == KIND_PIPE)
        pipe_close(f->pipe, f->writable);
    else if (f->kind == KIND_FILE)
        node_close(f->node);
}

int32_t file_read(struct file *f, uint32_t va, uint32_t n)
{
    int32_t got;

    if (!f->readable)
        return -EBADF;
    if (n > LARGEST_TRANSFER)
        return -EINVAL;
    if (f->kind == KIND_CONSOLE)
        return console_read(va, n);
    if (f->kind == KIND_PIPE)
        return pipe_read(f->pipe, va, n);
    got = node_read_to_user(f->node, f->offset, va, n);
    f->offset += got > 0 ? (uint32_t)got : 0;
    return got;
}

int32_t file_write(struct file *f, uint32_t va, uint32_t n)
{
    int32_t put;

    if (!f->writable)
        return -EBADF;
    if (n > LARGEST_TRANSFER)
        return -EINVAL;
    if (f->kind == KIND_CONSOLE)
        return console_write(va, n);
    if (f->kind == KIND_PIPE)
        return pipe_write(f->pipe, va, n);
    put = node_write(f->node, f->offset, va, n);
    f->offset += put > 0 ? (uint32_t)put : 0;
    return put;
}

void file_stat(const struct file *f, struct fileinfo *out)
{
    *out = (struct fileinfo){.kind = f->kind};
    if (f->kind == KIND_FILE)
        node_stat(f->node, out);
    else
        copy_name(out->name, f->kind == KIND_PIPE ? "pipe" : console_name, NAME_SIZE);
}
