/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio.h - virtio over MMIO (Virtual I/O Device 1.2, 4.2), modern and legacy: registers, feature
 * and status negotiation, queues, interrupts. Each type of device has its own file, behind struct
 * virtio_kind.
 */
#ifndef PZ_VMM_BOARD_VIRTIO_H
#define PZ_VMM_BOARD_VIRTIO_H

#include "vmm/board/virtq.h"

#define VIRTIO_QUEUES 2u

/* Device types (chapter 5). */
enum virtio_id {
    VIRTIO_NONE = 0,
    VIRTIO_NET = 1,
    VIRTIO_BLOCK = 2,
    VIRTIO_CONSOLE = 3,
    VIRTIO_RNG = 4,
    VIRTIO_BALLOON = 5,
};

/* Bits of the device status field (2.1). */
enum virtio_status {
    VIRTIO_DRIVER_OK = 4,
    VIRTIO_FEATURES_OK = 8,
    VIRTIO_NEEDS_RESET = 64,
};

#define VIRTIO_F_VERSION_1 (1ull << 32)

/*
 * The configuration of a slot. It is not state, since it never changes except by
 * virtio_readdress().
 */
struct virtio_config {
    uint8_t device;    /* enum virtio_id */
    uint8_t legacy;    /* version 1 of the transport */
    uint8_t read_only; /* a block device's */
    uint8_t mac[6];    /* a network device's */
    uint64_t sectors;  /* a block device's, of 512 bytes */
    uint32_t pages;    /* a balloon's initial target */
    uint64_t seed;     /* of a source of random numbers; not 0 */
    char serial[20];   /* a block device's: padded with NULs */
};

struct virtio {
    struct virtio_config config;
    uint8_t slot;
    uint64_t features; /* accepted by the driver */
    uint32_t device_features_sel, driver_features_sel, queue_sel;
    uint32_t page_size, queue_align; /* legacy */
    uint8_t status;
    uint8_t interrupt; /* bit 0: used buffers; bit 1: configuration change */
    uint8_t broken;    /* the driver broke the rules; waits for a reset */
    uint64_t random;   /* state of the random numbers; survives resets */
    uint32_t target;   /* a balloon's target in pages; survives resets... */
    uint32_t actual;   /* ...and its size, as reported by the driver */
    uint8_t held;      /* bitmap of queues whose next chain waits for a limit */
    struct virtq queues[VIRTIO_QUEUES];
};

struct board;

/*
 * The functions of a type of device. They are called only with a ready queue on a device that is
 * not broken.
 */
struct virtio_kind {
    uint64_t features; /* offered, besides the transport's own */
    uint64_t (*more_features)(const struct virtio *virtio); /* may be NULL */
    uint8_t queues;
    uint8_t limit; /* enum limit_kind, if limited */
    /* Read a byte of the configuration space; 0 where there is none. */
    uint8_t (*config)(const struct virtio *virtio, uint32_t offset);
    /* The driver writes a word of it; NULL: it is read-only. */
    void (*config_store)(struct virtio *virtio, uint32_t offset, uint32_t value);
    /* The driver has made buffers available. */
    void (*notified)(struct board *board, struct virtio *virtio, unsigned queue);
    /* Must the host be polled for input? NULL: never. */
    bool (*listens)(const struct board *board, const struct virtio *virtio);
    void (*look)(struct board *board, struct virtio *virtio);
};

extern const struct state_field virtio_state[];
extern const struct virtio_kind virtio_block, virtio_net, virtio_console, virtio_rng,
    virtio_balloon;

void virtio_init(struct virtio *virtio, unsigned slot, const struct virtio_config *config);

/* Reset at a restart of the machine; the random numbers go on. */
void virtio_power_on(struct virtio *virtio);

/* Set a balloon's target in pages, and notify the driver. */
void virtio_want(struct virtio *virtio, uint32_t pages);

/* Change a network card's address, and notify the driver. */
void virtio_readdress(struct virtio *virtio, const uint8_t mac[6]);

/* Read an identity register; other registers read as 0. */
enum virtio_identity {
    VIRTIO_MAGIC = 0x000,
    VIRTIO_VERSION = 0x004,
    VIRTIO_DEVICE_ID = 0x008,
    VIRTIO_VENDOR_ID = 0x00c,
};
uint32_t virtio_identity(const struct virtio *virtio, uint32_t offset);

/* Registers (virtio_mmio.c) and configuration space; `offset` < BOARD_VIRTIO_STRIDE. */
uint32_t virtio_load(struct virtio *virtio, uint32_t offset, unsigned width);
void virtio_store(struct board *board, struct virtio *virtio, uint32_t offset, unsigned width,
                  uint32_t value);

/* The state of its interrupt line. */
static inline bool virtio_pending(const struct virtio *virtio)
{
    return virtio->interrupt != 0;
}

/* Resume queues that a limit held, if it now admits them. Returns the `time` of the next call. */
uint64_t virtio_resume(struct board *board, struct virtio *virtio, uint64_t now);

bool virtio_listens(const struct board *board, const struct virtio *virtio);
void virtio_look(struct board *board, struct virtio *virtio);

/* Bring fields put back by name into their ranges. */
void virtio_restored(struct virtio *virtio);

/* ---- For devices ---- */

/* May the device use this queue now? */
bool virtio_live(const struct virtio *virtio, unsigned queue);

/* Take the next chain of a queue. False: there is none, or the device has become broken. */
bool virtio_take(struct board *board, struct virtio *virtio, unsigned queue,
                 struct virtq_chain *chain) PZ_MUST_CHECK;

/* Does the limit admit one more request now? */
bool virtio_is_open(struct board *board, const struct virtio *virtio);

/* As virtio_is_open(); if not, hold the queue, and notify the device again later. */
bool virtio_may(struct board *board, struct virtio *virtio, unsigned queue);

/* Charge the limit for a request of `bytes` bytes. */
void virtio_carried(struct board *board, const struct virtio *virtio, uint64_t bytes);

/* Return a chain with `written` bytes written. */
void virtio_give(struct board *board, struct virtio *virtio, unsigned queue,
                 const struct virtq_chain *chain, uint32_t written);

/* Interrupt after chains were returned, if the driver wants it. */
void virtio_told(struct board *board, struct virtio *virtio, unsigned queue);

/* Mark the device as broken: the driver broke the rules. */
void virtio_break(struct virtio *virtio);

/* ---- For the registers ---- */

const struct virtio_kind *virtio_kind_of(const struct virtio *virtio);

/* Features that the device offers. */
uint64_t virtio_offered(const struct virtio *virtio);

/* Reset all but the configuration and the random numbers (4.2.2.1: InterruptStatus too). */
void virtio_reset(struct virtio *virtio);

#endif
