/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio_rng.c - pseudo-random numbers (Virtual I/O Device 1.2, 5.4) from a seed: the same in
 * every run with the same seed. Good for varying behaviour, not for secrets.
 */
#include "vmm/board/board.h"

#define PIECE 256u

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static uint32_t fill_chain(struct board *board, struct virtio *virtio,
                           const struct virtq_chain *chain)
{
    uint64_t words[PIECE / sizeof(uint64_t)];
    uint32_t at = 0, n;

    do {
        for (unsigned i = 0; i < PIECE / sizeof words[0]; i++)
            words[i] = next_random(&virtio->random);
        n = virtq_write(board->phys, chain, at, words, PIECE);
        at += n;
    } while (n == PIECE);
    return at;
}

static void notified(struct board *board, struct virtio *virtio, unsigned queue)
{
    struct virtq_chain chain;
    unsigned most = virtio->queues[queue].size, filled;

    for (filled = 0; filled < most && virtio_take(board, virtio, queue, &chain); filled++)
        virtio_give(board, virtio, queue, &chain, fill_chain(board, virtio, &chain));
    if (filled)
        virtio_told(board, virtio, queue);
}

const struct virtio_kind virtio_rng = {.queues = 1, .notified = notified};
