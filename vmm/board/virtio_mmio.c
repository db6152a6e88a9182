/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio_mmio.c - the registers of the MMIO transport: Virtual I/O Device 1.2, 4.2.2 and, for
 * version 1, 4.2.4. Where the specification leaves a choice it follows QEMU.
 */
#include "vmm/board/board.h"

enum virtio_register {
    R_DEVICE_FEATURES = 0x010,
    R_DEVICE_FEATURES_SEL = 0x014,
    R_DRIVER_FEATURES = 0x020,
    R_DRIVER_FEATURES_SEL = 0x024,
    R_PAGE_SIZE = 0x028, /* legacy */
    R_QUEUE_SEL = 0x030,
    R_QUEUE_NUM_MAX = 0x034,
    R_QUEUE_NUM = 0x038,
    R_QUEUE_ALIGN = 0x03c, /* legacy */
    R_QUEUE_PFN = 0x040,   /* legacy */
    R_QUEUE_READY = 0x044,
    R_QUEUE_NOTIFY = 0x050,
    R_INTERRUPT_STATUS = 0x060,
    R_INTERRUPT_ACK = 0x064,
    R_STATUS = 0x070,
    R_QUEUE_DESC = 0x080,
    R_QUEUE_DRIVER = 0x090,
    R_QUEUE_DEVICE = 0x0a0,
    R_SHM_SEL = 0x0ac,
    R_SHM_LEN = 0x0b0,
    R_SHM_BASE = 0x0b8,
    R_CONFIG_GENERATION = 0x0fc,
    R_CONFIG = 0x100,
};

static struct virtq *selected(struct virtio *virtio)
{
    return virtio->queue_sel < virtio_kind_of(virtio)->queues
               ? &virtio->queues[virtio->queue_sel]
               : NULL;
}

static uint32_t load_modern(struct virtio *virtio, uint32_t offset)
{
    const struct virtq *queue = selected(virtio);

    switch (offset) {
    case R_QUEUE_READY: return queue ? queue->ready : 0;
    case R_SHM_LEN:
    case R_SHM_LEN + 4:
    case R_SHM_BASE:
    case R_SHM_BASE + 4: return UINT32_MAX; /* 4.2.2.1: there is none */
    default: return 0;
    }
}

/* Where a legacy queue is; 0: not yet given. */
static uint32_t load_pfn(struct virtio *virtio)
{
    const struct virtq *queue = selected(virtio);

    return queue && queue->ready ? (uint32_t)(queue->desc / virtio->page_size) : 0;
}

static uint32_t device_features(const struct virtio *virtio)
{
    switch (virtio->device_features_sel) {
    case 0: return (uint32_t)virtio_offered(virtio);
    case 1: return virtio->config.legacy ? 0 : (uint32_t)(virtio_offered(virtio) >> 32);
    default: return 0;
    }
}

static uint32_t load_register(struct virtio *virtio, uint32_t offset)
{
    switch (offset) {
    case R_DEVICE_FEATURES: return device_features(virtio);
    case R_QUEUE_NUM_MAX: return selected(virtio) ? VIRTQ_MOST : 0;
    case R_INTERRUPT_STATUS: return virtio->interrupt;
    case R_STATUS: return virtio->status;
    case R_QUEUE_PFN: return virtio->config.legacy ? load_pfn(virtio) : 0;
    default: return virtio->config.legacy ? 0 : load_modern(virtio, offset);
    }
}

static uint32_t load_config(const struct virtio *virtio, uint32_t offset, unsigned width)
{
    const struct virtio_kind *kind = virtio_kind_of(virtio);
    uint32_t value = 0;

    for (unsigned i = 0; kind->config && i < width; i++)
        value |= (uint32_t)kind->config(virtio, offset + i) << 8 * i;
    return value;
}

uint32_t virtio_load(struct virtio *virtio, uint32_t offset, unsigned width)
{
    if (offset >= R_CONFIG)
        return load_config(virtio, offset - R_CONFIG, width);
    if (width != 4)
        return 0;
    if (offset > VIRTIO_VENDOR_ID && virtio->config.device)
        return load_register(virtio, offset);
    return virtio_identity(virtio, offset);
}

/* The rings' addresses are set: can the queue be used? */
static void set_ready(struct virtio *virtio, struct virtq *queue)
{
    queue->taken = queue->given = queue->told = 0;
    queue->was_told = false;
    queue->ready = virtq_valid(queue);
    if (!queue->ready)
        virtio_break(virtio);
}

/*
 * A contiguous legacy queue (2.7.2): descriptors, available ring, and the used ring, aligned.
 */
static void store_pfn(struct virtio *virtio, uint32_t pfn)
{
    struct virtq *queue = selected(virtio);
    uint64_t align = virtio->queue_align;

    if (!queue)
        return;
    if (!pfn) {
        *queue = (struct virtq){.size = queue->size};
        return;
    }
    if (align & (align - 1)) {
        virtio_break(virtio);
        return;
    }
    queue->desc = (uint64_t)pfn * virtio->page_size;
    queue->avail = queue->desc + 16ull * queue->size;
    queue->used = (queue->avail + 6 + 2ull * queue->size + align - 1) & ~(align - 1);
    set_ready(virtio, queue);
}

static void store_queue_ready(struct virtio *virtio, uint32_t value)
{
    struct virtq *queue = selected(virtio);

    if (!queue || queue->ready == (value & 1))
        return;
    if (value & 1)
        set_ready(virtio, queue);
    else
        queue->ready = false;
}

static void store_queue_size(struct virtio *virtio, uint32_t value)
{
    struct virtq *queue = selected(virtio);

    if (queue && !queue->ready)
        queue->size = value <= VIRTQ_MOST ? (uint16_t)value : 0;
}

/* One half of a ring's address. */
static void store_half(uint64_t *address, bool high, uint32_t value)
{
    *address = high ? (uint64_t)value << 32 | (uint32_t)*address : *address >> 32 << 32 | value;
}

static void store_address(struct virtio *virtio, uint32_t offset, uint32_t value)
{
    struct virtq *queue = selected(virtio);

    if (!queue || queue->ready)
        return;
    switch (offset & ~4u) {
    case R_QUEUE_DESC: store_half(&queue->desc, offset & 4, value); break;
    case R_QUEUE_DRIVER: store_half(&queue->avail, offset & 4, value); break;
    case R_QUEUE_DEVICE: store_half(&queue->used, offset & 4, value); break;
    default: break;
    }
}

/* Only before FEATURES_OK (2.2.2); a driver cannot accept what was not offered. */
static void store_features(struct virtio *virtio, uint32_t value)
{
    unsigned shift = 32 * virtio->driver_features_sel;
    uint64_t mask = (uint64_t)UINT32_MAX << (shift & 32);

    if (virtio->driver_features_sel > 1 || virtio->status & VIRTIO_FEATURES_OK)
        return;
    virtio->features = (virtio->features & ~mask) | (uint64_t)value << (shift & 32);
}

static void notify(struct board *board, struct virtio *virtio, uint32_t queue)
{
    if (virtio_live(virtio, queue))
        virtio_kind_of(virtio)->notified(board, virtio, queue);
}

/* FEATURES_OK stays only if all that was accepted was offered (3.1.1, step 5). */
static void store_status(struct board *board, struct virtio *virtio, uint32_t value)
{
    uint8_t before = virtio->status, wanted = (uint8_t)value;
    bool unknown = virtio->features & ~virtio_offered(virtio);

    if (!wanted) {
        virtio_reset(virtio);
        return;
    }
    if (unknown && virtio->config.legacy)
        virtio->features &= virtio_offered(virtio);
    else if (unknown)
        wanted &= (uint8_t)~VIRTIO_FEATURES_OK;
    virtio->status = wanted | (before & VIRTIO_NEEDS_RESET);
    if (~before & wanted & VIRTIO_DRIVER_OK)
        for (unsigned i = 0; i < VIRTIO_QUEUES; i++)
            notify(board, virtio, i);
}

static void store_legacy(struct virtio *virtio, uint32_t offset, uint32_t value)
{
    switch (offset) {
    case R_PAGE_SIZE: virtio->page_size = value ? value & -value : 1; break;
    case R_QUEUE_ALIGN: virtio->queue_align = value ? value : virtio->queue_align; break;
    case R_QUEUE_PFN: store_pfn(virtio, value); break;
    default: break;
    }
}

static void store_modern(struct virtio *virtio, uint32_t offset, uint32_t value)
{
    if (offset == R_QUEUE_READY)
        store_queue_ready(virtio, value);
    else
        store_address(virtio, offset, value);
}

static void store_config(struct virtio *virtio, uint32_t offset, uint32_t value)
{
    const struct virtio_kind *kind = virtio_kind_of(virtio);

    if (kind->config_store)
        kind->config_store(virtio, offset, value);
}

void virtio_store(struct board *board, struct virtio *virtio, uint32_t offset, unsigned width,
                  uint32_t value)
{
    if (width != 4 || !virtio->config.device)
        return;
    if (offset >= R_CONFIG) {
        store_config(virtio, offset - R_CONFIG, value);
        return;
    }
    switch (offset) {
    case R_DEVICE_FEATURES_SEL: virtio->device_features_sel = value; break;
    case R_DRIVER_FEATURES: store_features(virtio, value); break;
    case R_DRIVER_FEATURES_SEL: virtio->driver_features_sel = value; break;
    case R_QUEUE_SEL: virtio->queue_sel = value; break;
    case R_QUEUE_NUM: store_queue_size(virtio, value); break;
    case R_QUEUE_NOTIFY: notify(board, virtio, value); break;
    case R_INTERRUPT_ACK: virtio->interrupt &= (uint8_t)~value; break;
    case R_STATUS: store_status(board, virtio, value); break;
    default:
        if (virtio->config.legacy)
            store_legacy(virtio, offset, value);
        else
            store_modern(virtio, offset, value);
    }
}
