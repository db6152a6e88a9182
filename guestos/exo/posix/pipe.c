/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipe.c - pipes: one page, which both sides map. Bytes go through it; the kernel sees none.
 */
#include "posix.h"
#include "string.h"

struct pipe {
    uint32_t read, written; /* all bytes that ever passed */
    bool reader, writer;    /* which ends are open */
    char data[PIPE_SIZE];
};

static struct file *end(struct pipe *p, bool writer)
{
    struct file *f = file_new(KIND_PIPE);

    if (f) {
        f->pipe = p;
        f->writable = writer;
        f->readable = !writer;
    }
    return f;
}

int32_t pipe_open(struct file **ends)
{
    struct pipe *p = cache_page(NULL);

    if (!p)
        return -ENOMEM;
    ends[0] = end(p, false);
    ends[1] = end(p, true);
    if (ends[0] && ends[1]) {
        p->reader = p->writer = true;
        return 0;
    }
    if (ends[0])
        ends[0]->holders = 0;
    cache_free(p);
    return -ENFILE;
}

void pipe_close(struct pipe *p, bool writer)
{
    if (writer)
        p->writer = false;
    else
        p->reader = false;
    proc_wakeup(&p->read);
    proc_wakeup(&p->written);
    if (!p->reader && !p->writer)
        cache_free(p);
}

static uint32_t least(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

static int32_t take(struct pipe *p, uint32_t va, uint32_t n)
{
    uint32_t done = 0;

    while (done < n && p->read != p->written) {
        uint32_t at = p->read % PIPE_SIZE;
        uint32_t part = least(n - done, p->written - p->read, PIPE_SIZE - at);
        int32_t error = copy_to_user(va + done, p->data + at, part);

        if (error < 0)
            return done ? (int32_t)done : error;
        p->read += part;
        done += part;
    }
    return (int32_t)done;
}

int32_t pipe_read(struct pipe *p, uint32_t va, uint32_t n)
{
    int32_t got;

    if (n == 0)
        return 0;
    while (p->read == p->written && p->writer)
        proc_sleep(&p->read, UINT64_MAX);
    got = take(p, va, n);
    proc_wakeup(&p->written);
    return got;
}

static int32_t wait_for_room(struct pipe *p)
{
    while (p->reader && p->written - p->read == PIPE_SIZE) {
        proc_wakeup(&p->read);
        proc_sleep(&p->written, UINT64_MAX);
    }
    return p->reader ? 0 : -EPIPE;
}

int32_t pipe_write(struct pipe *p, uint32_t va, uint32_t n)
{
    uint32_t done = 0;
    int32_t error = 0;

    while (done < n && error == 0) {
        uint32_t at, part;

        error = wait_for_room(p);
        if (error < 0)
            break;
        at = p->written % PIPE_SIZE;
        part = least(n - done, PIPE_SIZE - (p->written - p->read), PIPE_SIZE - at);
        error = copy_from_user(p->data + at, va + done, part);
        if (error == 0) {
            p->written += part;
            done += part;
        }
    }
    proc_wakeup(&p->read);
    return done || error == 0 ? (int32_t)done : error;
}
