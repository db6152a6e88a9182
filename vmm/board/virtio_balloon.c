/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio_balloon.c - a memory balloon (Virtual I/O Device 1.2, 5.5): the host sets a target, and
 * the driver gives up pages that the guest can do without. They become zero, on the bare machine
 * too, so that runs stay identical; the guest takes them back by using them. A driver's request is
 * only a hint: pages that are not RAM, or too many at once, are ignored.
 */
#include "vmm/board/board.h"

enum balloon_queue { INFLATE = 0, DEFLATE = 1 };

#define F_DEFLATE_ON_OOM (1ull << 2)

/* struct virtio_balloon_config (5.5.4): little-endian, of legacy devices too. */
#define CONFIG_ACTUAL 4u
#define CONFIG_END 8u

#define PAGES_MOST 1024u /* most pages in one chain; Linux gives 256 */
#define PIECE 64u

static uint8_t config_byte(const struct virtio *virtio, uint32_t offset)
{
    uint32_t word = offset < CONFIG_ACTUAL ? virtio->target : virtio->actual;

    return offset < CONFIG_END ? (uint8_t)(word >> 8 * (offset % 4)) : 0;
}

static void config_store(struct virtio *virtio, uint32_t offset, uint32_t value)
{
    if (offset == CONFIG_ACTUAL)
        virtio->actual = value;
}

static void give_up(struct board *board, uint32_t page)
{
    uint64_t pa = (uint64_t)page << PAGE_SHIFT;

    if (board->give_up && pa - board->ram_base < board->ram_size)
        board->give_up(board, pa);
}

/* Reads the whole list before its pages go, since it may lie in one of them. */
static void inflate(struct board *board, const struct virtq_chain *chain)
{
    uint8_t list[4 * PIECE];

    for (uint32_t at = 0; at < 4 * PAGES_MOST; at += sizeof list) {
        uint32_t len = virtq_read(board->phys, chain, at, list, sizeof list);

        for (uint32_t i = 0; i + 4 <= len; i += 4)
            give_up(board, load_le32(list + i));
        if (len < sizeof list)
            return;
    }
}

static void notified(struct board *board, struct virtio *virtio, unsigned queue)
{
    struct virtq_chain chain;
    unsigned most = virtio->queues[queue].size, taken;

    for (taken = 0; taken < most && virtio_take(board, virtio, queue, &chain); taken++) {
        if (queue == INFLATE)
            inflate(board, &chain);
        virtio_give(board, virtio, queue, &chain, 0);
    }
    if (taken)
        virtio_told(board, virtio, queue);
}

const struct virtio_kind virtio_balloon = {
    .features = F_DEFLATE_ON_OOM,
    .queues = 2,
    .config = config_byte,
    .config_store = config_store,
    .notified = notified,
};
