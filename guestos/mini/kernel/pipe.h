/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipe.h - a bounded queue of bytes between two ends (file.h).
 */
#ifndef MINI_PIPE_H
#define MINI_PIPE_H

#include <stdbool.h>
#include <stdint.h>

struct pipe;

/* An empty one with both ends open, or NULL: no memory. It is freed when both are closed. */
struct pipe *pipe_new(void);
void pipe_close(struct pipe *p, bool writer);

/* Waits until there is a byte; 0 when there is none and no writer either. */
int32_t pipe_read(struct pipe *p, uint32_t va, uint32_t n);

/* Waits for room until all is written; -EPIPE once nobody can read it. */
int32_t pipe_write(struct pipe *p, uint32_t va, uint32_t n);

#endif
