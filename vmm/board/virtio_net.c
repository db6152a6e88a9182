/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio_net.c - a network card (Virtual I/O Device 1.2, 5.1): whole Ethernet frames to and
 * from the host, without offloads. Frames are sent when the driver notifies; the host is polled
 * for received ones while the driver has provided buffers and some may come.
 */
#include "vmm/board/board.h"

enum net_queue { RECEIVE = 0, TRANSMIT = 1 };

#define F_MAC (1ull << 5)
#define F_STATUS (1ull << 16)
#define STATUS_LINK_UP 1u

/* struct virtio_net_hdr (5.1.6); the last field is there for modern drivers only. */
#define HEADER_MODERN 12u
#define HEADER_LEGACY 10u

static uint32_t header_len(const struct virtio *virtio)
{
    return virtio->features & VIRTIO_F_VERSION_1 ? HEADER_MODERN : HEADER_LEGACY;
}

static uint8_t config_byte(const struct virtio *virtio, uint32_t offset)
{
    if (offset < sizeof virtio->config.mac)
        return virtio->config.mac[offset];
    return offset == sizeof virtio->config.mac ? STATUS_LINK_UP : 0;
}

/* ---- Out ---- */

/* Oversized frames and runts are dropped. */
static void send_chain(struct board *board, struct virtio *virtio,
                       const struct virtq_chain *chain)
{
    const struct board_net *net = &board->host.net;
    uint32_t skip = header_len(virtio);
    uint8_t frame[BOARD_FRAME_MOST];
    uint32_t len = chain->out_len > skip ? chain->out_len - skip : 0;

    if (len && len <= sizeof frame && net->out &&
        virtq_read(board->phys, chain, skip, frame, len) == len)
        net->out(net->owner, virtio->slot, frame, len);
}

static void transmit(struct board *board, struct virtio *virtio)
{
    struct virtq_chain chain;
    unsigned most = virtio->queues[TRANSMIT].size, sent;

    for (sent = 0; sent < most && virtio_may(board, virtio, TRANSMIT) &&
                   virtio_take(board, virtio, TRANSMIT, &chain);
         sent++) {
        send_chain(board, virtio, &chain);
        virtio_carried(board, virtio, chain.out_len);
        virtio_give(board, virtio, TRANSMIT, &chain, 0);
    }
    if (!sent)
        return;
    virtio_told(board, virtio, TRANSMIT);
    board->look = 0; /* an answer may already have arrived */
}

/* ---- In ---- */

static bool listens(const struct board *board, const struct virtio *virtio)
{
    return board->host.net.in && !board->net_ended &&
           virtq_has(&virtio->queues[RECEIVE], board->phys, virtio->features);
}

/*
 * Receives one frame. False: no frame, or no buffer. A frame that does not fit its buffer is
 * dropped.
 */
static bool receive(struct board *board, struct virtio *virtio, unsigned *received)
{
    static const uint8_t header[HEADER_MODERN] = {[10] = 1}; /* num_buffers */
    const struct board_net *net = &board->host.net;
    uint8_t frame[BOARD_FRAME_MOST];
    struct virtq_chain chain;
    uint32_t skip = header_len(virtio), len = net->in(net->owner, virtio->slot, frame);

    if (len == BOARD_NET_ENDED) {
        board->net_ended = true;
        return false;
    }
    if (!len || !virtio_take(board, virtio, RECEIVE, &chain))
        return false;
    if (chain.in_len < skip + len) {
        virtq_put_back(&virtio->queues[RECEIVE]);
        return true;
    }
    (void)virtq_write(board->phys, &chain, 0, header, skip);
    (void)virtq_write(board->phys, &chain, skip, frame, len);
    virtio_carried(board, virtio, len);
    virtio_give(board, virtio, RECEIVE, &chain, skip + len);
    ++*received;
    return true;
}

static void look(struct board *board, struct virtio *virtio)
{
    unsigned received = 0, most = virtio->queues[RECEIVE].size;

    for (unsigned i = 0; i < most && virtio_is_open(board, virtio) &&
                         virtio_live(virtio, RECEIVE) && listens(board, virtio);
         i++)
        if (!receive(board, virtio, &received))
            break;
    if (received)
        virtio_told(board, virtio, RECEIVE);
}

/* New receive buffers need no action: they are used at the next poll. */
static void notified(struct board *board, struct virtio *virtio, unsigned queue)
{
    if (queue == TRANSMIT)
        transmit(board, virtio);
}

const struct virtio_kind virtio_net = {
    .features = F_MAC | F_STATUS,
    .queues = 2,
    .limit = LIMIT_NET,
    .config = config_byte,
    .notified = notified,
    .listens = listens,
    .look = look,
};
