/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio_console.c - one port (Virtual I/O Device 1.2, 5.3) connected to the console that the
 * UART and the firmware also use: input goes to whichever reads first.
 */
#include "vmm/board/board.h"
#include "vmm/board/console.h"

enum console_queue { RECEIVE = 0, TRANSMIT = 1 };

#define PIECE 256u

static void print_chain(struct board *board, const struct virtq_chain *chain)
{
    uint8_t bytes[PIECE];
    uint32_t n;

    for (uint32_t at = 0; (n = virtq_read(board->phys, chain, at, bytes, PIECE)); at += n)
        console_write(board, bytes, n);
}

static void transmit(struct board *board, struct virtio *virtio)
{
    struct virtq_chain chain;
    unsigned most = virtio->queues[TRANSMIT].size, sent;

    for (sent = 0; sent < most && virtio_take(board, virtio, TRANSMIT, &chain); sent++) {
        print_chain(board, &chain);
        virtio_give(board, virtio, TRANSMIT, &chain, 0);
    }
    if (sent)
        virtio_told(board, virtio, TRANSMIT);
}

static bool listens(const struct board *board, const struct virtio *virtio)
{
    return console_open(board) &&
           virtq_has(&virtio->queues[RECEIVE], board->phys, virtio->features);
}

/* Transfers as much of the typed input as fits. */
static void look(struct board *board, struct virtio *virtio)
{
    struct virtq_chain chain;
    uint32_t len = 0;
    int byte = console_read(board);

    if (byte < 0 || !virtio_take(board, virtio, RECEIVE, &chain))
        return;
    for (; byte >= 0; byte = len < chain.in_len ? console_read(board) : -1) {
        uint8_t typed = (uint8_t)byte;

        len += virtq_write(board->phys, &chain, len, &typed, 1);
    }
    virtio_give(board, virtio, RECEIVE, &chain, len);
    virtio_told(board, virtio, RECEIVE);
}

static void notified(struct board *board, struct virtio *virtio, unsigned queue)
{
    if (queue == TRANSMIT)
        transmit(board, virtio);
}

const struct virtio_kind virtio_console = {
    .queues = 2,
    .notified = notified,
    .listens = listens,
    .look = look,
};
