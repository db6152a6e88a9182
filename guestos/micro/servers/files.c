/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * files.c - descriptors, and what they lead to: a file of the file server's, an end of a pipe, the
 * console, or the disk, which is a file by the name of `disk` if there is one. What open() made,
 * descriptors share: dup and fork give another one for it.
 */
#include "proc.h"

enum {
    MAX_OPEN = 96,
    KIND_DISK = 100,
    OPEN_FLAGS = O_READ | O_WRITE | O_CREATE | O_TRUNC | O_APPEND
};

struct open {
    uint32_t refs; /* 0: free */
    uint32_t kind, flags;
    uint32_t handle, offset; /* KIND_FILE */
    struct pipe *pipe;       /* KIND_PIPE */
};

static struct open opens[MAX_OPEN];

static struct open *new_open(uint32_t kind, uint32_t flags)
{
    for (struct open *o = opens; o < opens + MAX_OPEN; o++)
        if (o->refs == 0) {
            *o = (struct open){.refs = 1, .kind = kind, .flags = flags};
            return o;
        }
    return NULL;
}

static int32_t free_fd(const struct process *p)
{
    for (int32_t fd = 0; fd < MAX_FDS; fd++)
        if (!p->fds[fd])
            return fd;
    return -EMFILE;
}

static struct open *find(const struct process *p, uint32_t fd)
{
    return fd < MAX_FDS ? p->fds[fd] : NULL;
}

static void drop(struct open *o)
{
    if (--o->refs > 0)
        return;
    if (o->kind == KIND_FILE)
        server_call(S_FS, FS_CLOSE, o->handle, 0, 0, 0);
    else if (o->kind == KIND_PIPE)
        pipe_close(o->pipe, o->flags & O_WRITE);
}

static bool is_name(const struct process *p, const char *wanted)
{
    const char *name = letter(index_of(p));

    return strncmp(name + (*name == '/'), wanted, strlen(wanted) + 1) == 0;
}

static uint32_t kind_of(const struct process *p)
{
    if (is_name(p, "console"))
        return KIND_CONSOLE;
    if (is_name(p, "disk") && server_call(S_DISK, DISK_SIZE, 0, 0, 0, 0) >= 0)
        return KIND_DISK;
    return KIND_FILE;
}

/* The name is in the letter. Nothing is made or emptied unless there is a descriptor for it. */
int32_t files_open(struct process *p, uint32_t flags)
{
    uint32_t kind = kind_of(p);
    int32_t fd = free_fd(p);
    struct open *o;
    int32_t handle = 0;

    if (flags & ~(uint32_t)OPEN_FLAGS || !(flags & (O_READ | O_WRITE)))
        return -EINVAL;
    if (fd < 0)
        return fd;
    o = new_open(kind, flags);
    if (!o)
        return -ENFILE;
    if (kind == KIND_FILE)
        handle = server_call(S_FS, FS_OPEN, index_of(p), flags, 0, 0);
    if (handle < 0) {
        o->refs = 0;
        return handle;
    }
    o->handle = (uint32_t)handle;
    p->fds[fd] = o;
    return fd;
}

int32_t files_open_console(struct process *p)
{
    int32_t fd = free_fd(p);

    p->fds[fd] = new_open(KIND_CONSOLE, O_READ | O_WRITE);
    return fd;
}

int32_t files_close(struct process *p, uint32_t fd)
{
    struct open *o = find(p, fd);

    if (!o)
        return -EBADF;
    p->fds[fd] = NULL;
    drop(o);
    return 0;
}

/* The console gets the right to answer, and we can go on. */
static int32_t read_console(struct process *p, uint32_t n)
{
    struct message m = {
        .tag = CON_READ | TAG_CAP | TAG_GRANT, .word = {index_of(p), n}, .item = S_REPLY};

    p->blocked = CONSOLE;
    ipc_send(&m, S_CON);
    return LATER;
}

int32_t files_read(struct process *p, uint32_t fd, uint32_t n)
{
    struct open *o = find(p, fd);
    int32_t got;

    if (!o || !(o->flags & O_READ))
        return -EBADF;
    if (n == 0 || n > PAGE_BYTES)
        return n == 0 ? 0 : -EINVAL;
    if (o->kind == KIND_CONSOLE)
        return read_console(p, n);
    if (o->kind == KIND_PIPE)
        return pipe_read(p, o->pipe, n);
    if (o->kind == KIND_DISK)
        got = server_call(S_DISK, DISK_READ, o->offset, index_of(p), n, 0);
    else
        got = server_call(S_FS, FS_READ, o->handle, o->offset, index_of(p), n);
    if (got > 0)
        o->offset += (uint32_t)got;
    return got;
}

static int32_t write_disk(struct open *o, uint32_t client, uint32_t n)
{
    int32_t done = server_call(S_DISK, DISK_WRITE, o->offset, client, n, 0);

    if (done > 0)
        o->offset += (uint32_t)done;
    return done;
}

static int32_t write_file(struct open *o, uint32_t client, uint32_t n)
{
    struct message m = {
        .tag = FS_WRITE,
        .word = {o->handle, o->flags & O_APPEND ? UINT32_MAX : o->offset, client, n}};
    int32_t error = ipc_call(&m, S_FS);
    int32_t done = error < 0 ? error : (int32_t)m.word[0];

    if (done > 0)
        o->offset = m.word[1] + (uint32_t)done;
    return done;
}

int32_t files_write(struct process *p, uint32_t fd, uint32_t n)
{
    struct open *o = find(p, fd);

    if (!o || !(o->flags & O_WRITE))
        return -EBADF;
    if (n == 0 || n > PAGE_BYTES)
        return n == 0 ? 0 : -EINVAL;
    if (o->kind == KIND_CONSOLE)
        return server_call(S_CON, CON_WRITE, index_of(p), 0, n, 0) < 0 ? -EINTR : (int32_t)n;
    if (o->kind == KIND_PIPE)
        return pipe_write(p, o->pipe, n);
    if (o->kind == KIND_DISK)
        return write_disk(o, index_of(p), n);
    return write_file(o, index_of(p), n);
}

int32_t files_dup(struct process *p, uint32_t fd)
{
    struct open *o = find(p, fd);
    int32_t copy = free_fd(p);

    if (!o)
        return -EBADF;
    if (copy < 0)
        return copy;
    o->refs++;
    p->fds[copy] = o;
    return copy;
}

/* Both ends, or neither. */
int32_t files_pipe(struct process *p, uint32_t *second)
{
    int32_t first = free_fd(p), last = MAX_FDS;
    struct open *out = NULL, *in = NULL;
    struct pipe *q;

    for (int32_t fd = MAX_FDS - 1; fd > first; fd--)
        if (!p->fds[fd])
            last = fd;
    if (first < 0 || last == MAX_FDS)
        return -EMFILE;
    out = new_open(KIND_PIPE, O_READ);
    in = out ? new_open(KIND_PIPE, O_WRITE) : NULL;
    q = in ? pipe_new() : NULL;
    if (!q) {
        if (out)
            out->refs = 0;
        if (in)
            in->refs = 0;
        return -ENFILE;
    }
    out->pipe = in->pipe = q;
    p->fds[first] = out;
    p->fds[last] = in;
    *second = (uint32_t)last;
    return first;
}

int32_t files_stat(const struct process *p, uint32_t fd)
{
    struct open *o = find(p, fd);
    struct fileinfo f = {0};

    if (!o)
        return -EBADF;
    if (o->kind == KIND_FILE)
        return server_call(S_FS, FS_STAT, o->handle, index_of(p), 0, 0);
    f.kind = o->kind == KIND_DISK ? KIND_FILE : o->kind;
    if (o->kind == KIND_DISK) {
        copy_name(f.name, "disk", NAME_SIZE);
        f.size = (uint32_t)server_call(S_DISK, DISK_SIZE, 0, 0, 0, 0);
    }
    memcpy(letter(index_of(p)), &f, sizeof(f));
    return 0;
}

void files_inherit(struct process *p)
{
    for (int fd = 0; fd < MAX_FDS; fd++)
        if (p->fds[fd])
            p->fds[fd]->refs++;
}

void files_close_all(struct process *p)
{
    for (uint32_t fd = 0; fd < MAX_FDS; fd++)
        files_close(p, fd);
}
