/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio.c - the common part of all virtio devices: device types, features, reset, taking chains
 * from queues and returning them. The registers are in virtio_mmio.c.
 */
#include "vmm/board/virtio.h"

#include "vmm/board/board.h"

/*
 * Defaults of a legacy queue, as in QEMU, for drivers that never set them: the page number is
 * then an address, and used rings are page-aligned.
 */
#define QUEUE_ALIGN_DEFAULT 4096u

enum { INTERRUPT_USED = 1, INTERRUPT_CONFIG = 2 };

#define F_NOTIFY_ON_EMPTY (1ull << 24) /* legacy */
#define F_ANY_LAYOUT (1ull << 27)      /* legacy */

#define QUEUE_FIELDS(i)                                                                        \
    STATE_FIELD(struct virtio, queues[i].desc), STATE_FIELD(struct virtio, queues[i].avail),   \
        STATE_FIELD(struct virtio, queues[i].used),                                            \
        STATE_FIELD(struct virtio, queues[i].size),                                            \
        STATE_FIELD(struct virtio, queues[i].taken),                                           \
        STATE_FIELD(struct virtio, queues[i].given),                                           \
        STATE_FIELD(struct virtio, queues[i].told),                                            \
        STATE_FIELD(struct virtio, queues[i].was_told),                                        \
        STATE_FIELD(struct virtio, queues[i].ready)

const struct state_field virtio_state[] = {
    STATE_FIELD(struct virtio, features),
    STATE_FIELD(struct virtio, device_features_sel),
    STATE_FIELD(struct virtio, driver_features_sel),
    STATE_FIELD(struct virtio, queue_sel),
    STATE_FIELD(struct virtio, page_size),
    STATE_FIELD(struct virtio, queue_align),
    STATE_FIELD(struct virtio, status),
    STATE_FIELD(struct virtio, interrupt),
    STATE_FIELD(struct virtio, broken),
    STATE_FIELD(struct virtio, random),
    STATE_FIELD(struct virtio, target),
    STATE_FIELD(struct virtio, actual),
    STATE_FIELD(struct virtio, held),
    QUEUE_FIELDS(0),
    QUEUE_FIELDS(1),
    STATE_END,
};

/* The device in an empty slot. */
static const struct virtio_kind no_device;

const struct virtio_kind *virtio_kind_of(const struct virtio *virtio)
{
    static const struct virtio_kind *const kinds[] = {
        [VIRTIO_NONE] = &no_device,     [VIRTIO_NET] = &virtio_net,
        [VIRTIO_BLOCK] = &virtio_block, [VIRTIO_CONSOLE] = &virtio_console,
        [VIRTIO_RNG] = &virtio_rng,     [VIRTIO_BALLOON] = &virtio_balloon,
    };

    return kinds[virtio->config.device];
}

uint64_t virtio_offered(const struct virtio *virtio)
{
    const struct virtio_kind *kind = virtio_kind_of(virtio);
    uint64_t own = VIRTQ_F_INDIRECT | VIRTQ_F_EVENT;

    if (kind->more_features)
        own |= kind->more_features(virtio);
    return kind->features | own |
           (virtio->config.legacy ? F_NOTIFY_ON_EMPTY | F_ANY_LAYOUT : VIRTIO_F_VERSION_1);
}

/*
 * A reset keeps the page size: a legacy driver may set it once, before it resets the device (Linux
 * does, and QEMU keeps it).
 */
void virtio_reset(struct virtio *virtio)
{
    struct virtio_config config = virtio->config;
    uint64_t random = virtio->random;
    uint32_t page_size = virtio->page_size, target = virtio->target;
    uint8_t slot = virtio->slot;

    memset(virtio, 0, sizeof *virtio);
    virtio->config = config;
    virtio->random = random;
    virtio->target = target;
    virtio->slot = slot;
    virtio->page_size = page_size;
    virtio->queue_align = QUEUE_ALIGN_DEFAULT;
}

void virtio_init(struct virtio *virtio, unsigned slot, const struct virtio_config *config)
{
    virtio->config = *config;
    virtio->random = config->seed;
    virtio->target = config->pages;
    virtio->slot = (uint8_t)slot;
    virtio_power_on(virtio);
}

void virtio_power_on(struct virtio *virtio)
{
    virtio->page_size = 1;
    virtio_reset(virtio);
}

void virtio_restored(struct virtio *virtio)
{
    virtio->features &= virtio_offered(virtio);
    virtio->held &= (1u << virtio_kind_of(virtio)->queues) - 1;
    virtio->page_size = virtio->page_size ? virtio->page_size : 1;
    virtio->queue_align = virtio->queue_align ? virtio->queue_align : QUEUE_ALIGN_DEFAULT;
    for (unsigned i = 0; i < VIRTIO_QUEUES; i++)
        if (!virtq_valid(&virtio->queues[i]))
            virtio->queues[i].ready = false;
}

void virtio_want(struct virtio *virtio, uint32_t pages)
{
    virtio->target = pages;
    if (virtio->status & VIRTIO_DRIVER_OK)
        virtio->interrupt |= INTERRUPT_CONFIG;
}

void virtio_readdress(struct virtio *virtio, const uint8_t mac[6])
{
    memcpy(virtio->config.mac, mac, sizeof virtio->config.mac);
    if (virtio->status & VIRTIO_DRIVER_OK)
        virtio->interrupt |= INTERRUPT_CONFIG;
}

/* ---- For devices ---- */

void virtio_break(struct virtio *virtio)
{
    virtio->broken = true;
    if (virtio->config.legacy) /* legacy has no such status bit */
        return;
    virtio->status |= VIRTIO_NEEDS_RESET;
    if (virtio->status & VIRTIO_DRIVER_OK)
        virtio->interrupt |= INTERRUPT_CONFIG;
}

/* Legacy drivers use queues before they set DRIVER_OK (3.1.2). */
bool virtio_live(const struct virtio *virtio, unsigned queue)
{
    return queue < virtio_kind_of(virtio)->queues && virtio->queues[queue].ready &&
           !virtio->broken && (virtio->config.legacy || (virtio->status & VIRTIO_DRIVER_OK));
}

bool virtio_take(struct board *board, struct virtio *virtio, unsigned queue,
                 struct virtq_chain *chain)
{
    if (!virtio_live(virtio, queue))
        return false;
    switch (virtq_take(&virtio->queues[queue], board->phys, virtio->features, chain)) {
    case VIRTQ_TAKEN: return true;
    case VIRTQ_EMPTY: return false;
    case VIRTQ_BROKEN: virtio_break(virtio); break;
    }
    return false;
}

void virtio_give(struct board *board, struct virtio *virtio, unsigned queue,
                 const struct virtq_chain *chain, uint32_t written)
{
    if (!virtq_give(&virtio->queues[queue], board->phys, chain->head, written))
        virtio_break(virtio);
}

void virtio_told(struct board *board, struct virtio *virtio, unsigned queue)
{
    if (!virtio->broken &&
        virtq_interrupts(&virtio->queues[queue], board->phys, virtio->features))
        virtio->interrupt |= INTERRUPT_USED;
}

static struct limit *limit_of(struct board *board, const struct virtio *virtio)
{
    return &board->limits[virtio_kind_of(virtio)->limit];
}

bool virtio_is_open(struct board *board, const struct virtio *virtio)
{
    return limit_opens(limit_of(board, virtio)) <= board->now;
}

bool virtio_may(struct board *board, struct virtio *virtio, unsigned queue)
{
    if (virtio_is_open(board, virtio))
        return true;
    virtio->held |= (uint8_t)(1u << queue);
    return false;
}

void virtio_carried(struct board *board, const struct virtio *virtio, uint64_t bytes)
{
    limit_charge(limit_of(board, virtio), board->now, bytes);
}

uint64_t virtio_resume(struct board *board, struct virtio *virtio, uint64_t now)
{
    uint8_t held = virtio->held;

    if (!held)
        return BOARD_NEVER;
    if (limit_opens(limit_of(board, virtio)) > now)
        return limit_opens(limit_of(board, virtio));
    virtio->held = 0;
    for (unsigned queue = 0; queue < VIRTIO_QUEUES; queue++)
        if ((held >> queue & 1) && virtio_live(virtio, queue))
            virtio_kind_of(virtio)->notified(board, virtio, queue);
    return virtio->held ? limit_opens(limit_of(board, virtio)) : BOARD_NEVER;
}

bool virtio_listens(const struct board *board, const struct virtio *virtio)
{
    const struct virtio_kind *kind = virtio_kind_of(virtio);

    return kind->listens && virtio_live(virtio, 0) && kind->listens(board, virtio);
}

void virtio_look(struct board *board, struct virtio *virtio)
{
    virtio_kind_of(virtio)->look(board, virtio);
}
