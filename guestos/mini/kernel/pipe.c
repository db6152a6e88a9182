/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipe.c - pipes. Each lives in one page. read and written count all bytes that ever passed, so
 * their difference is what is inside now, and either modulo PIPE_SIZE is a place in the ring.
 * Readers sleep on &read, writers on &written.
 */
#include "pipe.h"

#include <stddef.h>

#include "copy.h"
#include "file.h"
#include "page.h"
#include "proc.h"
#include "riscv.h"

struct pipe {
    uint32_t read, written;
    bool reader, writer; /* which ends are open */
    char data[PIPE_SIZE];
};

_Static_assert(sizeof(struct pipe) <= PAGE_SIZE, "a pipe is one page");
_Static_assert((PIPE_SIZE & (PIPE_SIZE - 1)) == 0, "the counters may wrap");

static void set_end(struct file *f, struct pipe *p, bool writer)
{
    f->kind = KIND_PIPE;
    f->pipe = p;
    f->writable = writer;
    f->readable = !writer;
}

static void abandon(struct file *f)
{
    if (f)
        f->holders = 0;
}

int pipe_open(struct file **reader, struct file **writer)
{
    struct pipe *p = page_alloc_zeroed();

    if (!p)
        return -ENOMEM;
    *reader = file_alloc();
    *writer = file_alloc();
    if (!*reader || !*writer) {
        abandon(*reader);
        abandon(*writer);
        page_free(p);
        return -ENFILE;
    }
    p->reader = true;
    p->writer = true;
    set_end(*reader, p, false);
    set_end(*writer, p, true);
    return 0;
}

void pipe_close(struct pipe *p, bool writer)
{
    if (writer)
        p->writer = false;
    else
        p->reader = false;
    sched_wakeup(&p->read);
    sched_wakeup(&p->written);
    if (!p->reader && !p->writer)
        page_free(p);
}

static uint32_t least(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Move bytes until n are done, the pipe is empty, or user memory refuses. */
static int32_t take(struct pipe *p, uint32_t va, uint32_t n)
{
    uint32_t done = 0;

    while (done < n && p->read != p->written) {
        uint32_t at = p->read % PIPE_SIZE;
        uint32_t part = least(n - done, p->written - p->read, PIPE_SIZE - at);
        int error = copy_to_user(va + done, p->data + at, part);

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
    while (p->read == p->written && p->writer) {
        if (current->killed)
            return -EINTR;
        sched_sleep(&p->read);
    }
    got = take(p, va, n);
    sched_wakeup(&p->written);
    return got;
}

static int wait_for_room(struct pipe *p)
{
    while (p->reader && p->written - p->read == PIPE_SIZE) {
        if (current->killed)
            return -EINTR;
        sched_wakeup(&p->read);
        sched_sleep(&p->written);
    }
    return p->reader ? 0 : -EPIPE;
}

int32_t pipe_write(struct pipe *p, uint32_t va, uint32_t n)
{
    uint32_t done = 0;
    int error = 0;

    while (done < n && error == 0) {
        uint32_t at;
        uint32_t part;

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
    sched_wakeup(&p->read);
    return done || error == 0 ? (int32_t)done : error;
}
