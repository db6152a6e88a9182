/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * driver.h - a driver of virtio devices, for unit tests of the board: it goes through the registers
 * and through guest memory as a kernel would, legacy or modern, and can break every rule on the
 * way.
 */
#ifndef PZ_TESTS_SUPPORT_DRIVER_H
#define PZ_TESTS_SUPPORT_DRIVER_H

#include "tests/support/boards.h"

enum driver_flags { NEXT = 1, WRITE = 2, INDIRECT = 4 };

#define DRIVER_PAGE(queue) (BOARDS_BASE + (queue)*2 * PAGE_SIZE)
#define DRIVER_SIZE 8u /* of each queue */

struct driver {
    struct boards *boards;
    unsigned slot;
    bool legacy;
    uint16_t made[2], seen[2]; /* of each queue: chains made available, and got back */
};

enum driver_register {
    D_DEVICE_ID = 0x08,
    D_DEVICE_FEATURES = 0x10,
    D_DEVICE_FEATURES_SEL = 0x14,
    D_DRIVER_FEATURES = 0x20,
    D_DRIVER_FEATURES_SEL = 0x24,
    D_PAGE_SIZE = 0x28,
    D_QUEUE_SEL = 0x30,
    D_QUEUE_MAX = 0x34,
    D_QUEUE_NUM = 0x38,
    D_QUEUE_ALIGN = 0x3c,
    D_QUEUE_PFN = 0x40,
    D_QUEUE_READY = 0x44,
    D_NOTIFY = 0x50,
    D_INTERRUPT = 0x60,
    D_ACK = 0x64,
    D_STATUS = 0x70,
    D_DESC = 0x80,
    D_AVAIL = 0x90,
    D_USED = 0xa0,
    D_CONFIG = 0x100,
};

uint32_t driver_load(struct driver *driver, uint32_t offset, unsigned width);
void driver_store(struct driver *driver, uint32_t offset, uint32_t value);

/* Negotiate: accept of the features what `wanted` has too; set up `queues` queues; DRIVER_OK. */
void driver_start(struct driver *driver, struct boards *boards, unsigned slot, uint64_t wanted,
                  unsigned queues);

/* Where the rings of a queue are. */
uint64_t driver_desc(unsigned queue);
uint64_t driver_avail(unsigned queue);
uint64_t driver_used(unsigned queue);

/* Guest memory. */
void driver_poke(struct driver *driver, uint64_t pa, const void *bytes, uint32_t len);
void driver_peek(struct driver *driver, uint64_t pa, void *bytes, uint32_t len);

void driver_descriptor(struct driver *driver, unsigned queue, unsigned i, uint64_t pa,
                       uint32_t len, uint16_t flags, uint16_t next);

/* Make the chain at `head` available; with `notify`, tell the device. */
void driver_offer(struct driver *driver, unsigned queue, uint16_t head, bool notify);

/* Has the device given a chain back? What it says of it. */
bool driver_got(struct driver *driver, unsigned queue, uint32_t *head, uint32_t *written);

#endif
