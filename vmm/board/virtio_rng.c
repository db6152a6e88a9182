/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio_rng.c - pseudo-random numbers (Virtual I/O Device 1.2, 5.4) from a seed: the same in
 * every run with the same seed. Good for varying behaviour, not for secrets.
 */
#include "vmm/board/board.h"
#include "vmm/board/random.h"

#define PIECE 256u

static uint32_t fill_chain(struct board *board, struct virtio *virtio,
                           const struct virtq_chain *chain)
{
    uint64_t words[PIECE / sizeof(uint64_t)];
    uint32_t at = 0, n;

    do {
        for (unsigned i = 0; i < PIECE / sizeof words[0]; i++)
            words[i] = random_next(&virtio->random);
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
