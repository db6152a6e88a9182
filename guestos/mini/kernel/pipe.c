/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipe.c - pipes. Each lives in one page. read and written count all bytes that ever passed, so
 * their difference is what is inside now, and either modulo PIPE_SIZE is a place in the ring.
 * A pipe's lock protects all of it. Readers sleep on &read, writers on &written.
 */
#include "pipe.h"

#include <stddef.h>

#include "common/abi.h"
#include "copy.h"
#include "page.h"
#include "riscv.h"
#include "sched.h"
#include "spin.h"

struct pipe {
    struct spinlock lock;
    uint32_t read, written;
    bool reader, writer; /* which ends are open */
    char data[PIPE_SIZE];
};

_Static_assert(sizeof(struct pipe) <= PAGE_SIZE, "a pipe is one page");
_Static_assert((PIPE_SIZE & (PIPE_SIZE - 1)) == 0, "the counters may wrap");

struct pipe *pipe_new(void)
{
    struct pipe *p = page_alloc_zeroed();

    if (p) {
        p->lock = SPINLOCK(LOCK_PIPE);
        p->reader = true;
        p->writer = true;
    }
    return p;
}

/* Who closes the second end is alone with it: each call on a pipe has one of them open. */
void pipe_close(struct pipe *p, bool writer)
{
    bool last;

    spin_lock(&p->lock);
    if (writer)
        p->writer = false;
    else
        p->reader = false;
    sched_wakeup(&p->read);
    sched_wakeup(&p->written);
    last = !p->reader && !p->writer;
    spin_unlock(&p->lock);
    if (last)
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
    int32_t got = 0;

    if (n == 0)
        return 0;
    spin_lock(&p->lock);
    while (got == 0 && p->read == p->written && p->writer)
        got = sched_sleep(&p->read, &p->lock);
    if (got == 0) {
        got = take(p, va, n);
        sched_wakeup(&p->written);
    }
    spin_unlock(&p->lock);
    return got;
}

static int wait_for_room(struct pipe *p)
{
    int error = 0;

    while (error == 0 && p->reader && p->written - p->read == PIPE_SIZE) {
        sched_wakeup(&p->read);
        error = sched_sleep(&p->written, &p->lock);
    }
    return error == 0 && !p->reader ? -EPIPE : error;
}

static int32_t put(struct pipe *p, uint32_t va, uint32_t n)
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

int32_t pipe_write(struct pipe *p, uint32_t va, uint32_t n)
{
    int32_t done;

    spin_lock(&p->lock);
    done = put(p, va, n);
    spin_unlock(&p->lock);
    return done;
}
