/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipe.c - pipes: a ring of bytes, and processes that wait for some, or for room. Their bytes are
 * in their letters meanwhile.
 */
#include "proc.h"

enum { MAX_PIPES = 32 };

struct pipe {
    char ring[PIPE_SIZE];
    uint32_t read_at, write_at; /* how much ever went through */
    uint32_t readers, writers;  /* ends that are open; both 0: the pipe is free */
};

static struct pipe pipes[MAX_PIPES];

struct pipe *pipe_new(void)
{
    for (struct pipe *q = pipes; q < pipes + MAX_PIPES; q++)
        if (q->readers == 0 && q->writers == 0) {
            q->read_at = q->write_at = 0;
            q->readers = q->writers = 1;
            return q;
        }
    return NULL;
}

static uint32_t take(struct pipe *q, char *to, uint32_t n)
{
    uint32_t there = q->write_at - q->read_at;

    n = n < there ? n : there;
    for (uint32_t i = 0; i < n; i++)
        to[i] = q->ring[q->read_at++ % PIPE_SIZE];
    return n;
}

static uint32_t put(struct pipe *q, const char *from, uint32_t n)
{
    uint32_t room = PIPE_SIZE - (q->write_at - q->read_at);

    n = n < room ? n : room;
    for (uint32_t i = 0; i < n; i++)
        q->ring[q->write_at++ % PIPE_SIZE] = from[i];
    return n;
}

/* What a read gives now; LATER if there is nothing yet. */
static int32_t try_read(const struct process *p, struct pipe *q, uint32_t n)
{
    uint32_t got = take(q, letter(index_of(p)), n);

    return got > 0 || q->writers == 0 ? (int32_t)got : LATER;
}

/* A write goes on until all is in the pipe, or nobody reads any more. */
static int32_t try_write(struct process *p, struct pipe *q)
{
    if (q->readers == 0)
        return p->done > 0 ? (int32_t)p->done : -EPIPE;
    p->done += put(q, letter(index_of(p)) + p->done, p->size - p->done);
    return p->done == p->size ? (int32_t)p->done : LATER;
}

/* One process that waits at this pipe and can go on, does. */
static bool wake_one(struct pipe *q)
{
    for (struct process *p = processes; p < processes + MAX_PROCESSES; p++) {
        uint32_t before = p->done;
        int32_t result = LATER;

        if (p->state != LIVE || p->pipe != q)
            continue;
        if (p->blocked == PIPE_DATA)
            result = try_read(p, q, p->size);
        else if (p->blocked == PIPE_ROOM)
            result = try_write(p, q);
        if (result != LATER)
            answer(p, result, 0);
        if (result != LATER || p->done != before)
            return true;
    }
    return false;
}

/* Each may make it possible for another. */
static void wake(struct pipe *q)
{
    while (wake_one(q))
        ;
}

void pipe_close(struct pipe *q, bool writer)
{
    if (writer)
        q->writers--;
    else
        q->readers--;
    wake(q);
}

static int32_t finish(struct process *p, struct pipe *q, int32_t result, enum blocked why)
{
    p->pipe = q;
    if (result == LATER)
        block(p, why);
    wake(q);
    return result;
}

int32_t pipe_read(struct process *p, struct pipe *q, uint32_t n)
{
    p->size = n;
    return finish(p, q, try_read(p, q, n), PIPE_DATA);
}

int32_t pipe_write(struct process *p, struct pipe *q, uint32_t n)
{
    p->size = n;
    p->done = 0;
    return finish(p, q, try_write(p, q), PIPE_ROOM);
}
