/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipe.c - bytes from one process to another through the kernel's memory. User memory is reached
 * at the user's own addresses, with SUM set for just that long.
 */
#include "kernel.h"

#define SSTATUS_SUM (1u << 18)

struct pipe {
    uint32_t len;
    char bytes[PIPE_ROOM];
};

static struct pipe pipes[PIPES];

static void copy_user(void *to, const void *from, uint32_t len)
{
    csr_set(sstatus, SSTATUS_SUM);
    memory_copy(to, from, len);
    csr_clear(sstatus, SSTATUS_SUM);
}

struct trapframe *pipe_write(uint32_t number, uint32_t from, uint32_t len)
{
    struct pipe *pipe = &pipes[number % PIPES];

    if (len > PIPE_ROOM - pipe->len)
        return process_wait_for(pipe);
    copy_user(pipe->bytes + pipe->len, (const void *)from, len);
    pipe->len += len;
    process_wake(pipe);
    return &current->frame;
}

struct trapframe *pipe_read(uint32_t number, uint32_t to, uint32_t len)
{
    struct pipe *pipe = &pipes[number % PIPES];

    if (len > pipe->len)
        return process_wait_for(pipe);
    copy_user((void *)to, pipe->bytes, len);
    pipe->len -= len;
    memory_copy(pipe->bytes, pipe->bytes + len, pipe->len);
    process_wake(pipe);
    return &current->frame;
}
