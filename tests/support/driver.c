/* SPDX-License-Identifier: GPL-2.0-or-later */
/* driver.c - rings of DRIVER_SIZE descriptors, each queue's in two pages of its own. */
#include "tests/support/driver.h"

#include <stdlib.h>

static uint64_t now(const struct driver *driver)
{
    return hart_time(&driver->boards->hart);
}

uint32_t driver_load(struct driver *driver, uint32_t offset, unsigned width)
{
    struct board *board = &driver->boards->board;
    uint32_t value = 0;

    if (!board_io(board, now(driver),
                  BOARD_VIRTIO_BASE + driver->slot * BOARD_VIRTIO_STRIDE + offset, width, false,
                  &value))
        abort();
    board_advance(board, now(driver));
    return value;
}

void driver_store(struct driver *driver, uint32_t offset, uint32_t value)
{
    struct board *board = &driver->boards->board;

    if (!board_io(board, now(driver),
                  BOARD_VIRTIO_BASE + driver->slot * BOARD_VIRTIO_STRIDE + offset, 4, true,
                  &value))
        abort();
    board_advance(board, now(driver));
}

uint64_t driver_desc(unsigned queue)
{
    return DRIVER_PAGE(queue);
}

uint64_t driver_avail(unsigned queue)
{
    return DRIVER_PAGE(queue) + 16 * DRIVER_SIZE;
}

/* On a page of its own, where a legacy layout has it. */
uint64_t driver_used(unsigned queue)
{
    return DRIVER_PAGE(queue) + PAGE_SIZE;
}

static void accept_features(struct driver *driver, uint64_t wanted)
{
    for (uint32_t half = 0; half < 2; half++) {
        driver_store(driver, D_DEVICE_FEATURES_SEL, half);
        driver_store(driver, D_DRIVER_FEATURES_SEL, half);
        driver_store(driver, D_DRIVER_FEATURES,
                     driver_load(driver, D_DEVICE_FEATURES, 4) &
                         (uint32_t)(wanted >> 32 * half));
    }
}

static void set_up_queue(struct driver *driver, unsigned queue)
{
    driver_store(driver, D_QUEUE_SEL, queue);
    driver_store(driver, D_QUEUE_NUM, DRIVER_SIZE);
    if (driver->legacy) {
        driver_store(driver, D_QUEUE_ALIGN, PAGE_SIZE);
        driver_store(driver, D_QUEUE_PFN, DRIVER_PAGE(queue) / PAGE_SIZE);
        return;
    }
    driver_store(driver, D_DESC, (uint32_t)driver_desc(queue));
    driver_store(driver, D_AVAIL, (uint32_t)driver_avail(queue));
    driver_store(driver, D_USED, (uint32_t)driver_used(queue));
    driver_store(driver, D_QUEUE_READY, 1);
}

void driver_start(struct driver *driver, struct boards *boards, unsigned slot, uint64_t wanted,
                  unsigned queues)
{
    enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8 };

    *driver = (struct driver){.boards = boards, .slot = slot};
    driver->legacy = driver_load(driver, 0x04, 4) == 1;
    driver_store(driver, D_STATUS, 0);
    driver_store(driver, D_STATUS, ACKNOWLEDGE | DRIVER);
    accept_features(driver, wanted);
    if (driver->legacy)
        driver_store(driver, D_PAGE_SIZE, PAGE_SIZE);
    else
        driver_store(driver, D_STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    for (unsigned queue = 0; queue < queues; queue++)
        set_up_queue(driver, queue);
    driver_store(driver, D_STATUS, driver_load(driver, D_STATUS, 4) | DRIVER_OK);
}

void driver_poke(struct driver *driver, uint64_t pa, const void *bytes, uint32_t len)
{
    if (!phys_write(&driver->boards->phys, pa, bytes, len))
        abort();
}

void driver_peek(struct driver *driver, uint64_t pa, void *bytes, uint32_t len)
{
    if (!phys_read(&driver->boards->phys, pa, bytes, len))
        abort();
}

void driver_descriptor(struct driver *driver, unsigned queue, unsigned i, uint64_t pa,
                       uint32_t len, uint16_t flags, uint16_t next)
{
    const uint32_t words[] = {(uint32_t)pa, (uint32_t)(pa >> 32), len,
                              flags | (uint32_t)next << 16};

    driver_poke(driver, driver_desc(queue) + 16 * i, words, sizeof words);
}

void driver_offer(struct driver *driver, unsigned queue, uint16_t head, bool notify)
{
    uint16_t index = ++driver->made[queue];

    driver_poke(driver, driver_avail(queue) + 4 + 2 * ((index - 1u) % DRIVER_SIZE), &head, 2);
    driver_poke(driver, driver_avail(queue) + 2, &index, 2);
    if (notify)
        driver_store(driver, D_NOTIFY, queue);
}

bool driver_got(struct driver *driver, unsigned queue, uint32_t *head, uint32_t *written)
{
    uint16_t index;
    uint32_t element[2];

    driver_peek(driver, driver_used(queue) + 2, &index, 2);
    if (index == driver->seen[queue])
        return false;
    driver_peek(driver, driver_used(queue) + 4 + 8 * (driver->seen[queue]++ % DRIVER_SIZE),
                element, sizeof element);
    *head = element[0];
    *written = element[1];
    return true;
}
