/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * balloon.c - a driver for the virtio memory balloon (Virtual I/O Device 1.2, 5.5), over the MMIO
 * transport of either version. It takes no interrupts: each tick looks at what the host wants,
 * and the device has done with a list before the next one is made.
 *
 * The pages that it has been given must not be touched: the host may have taken them. So they are
 * remembered elsewhere, in lists of a page each, the last one first:
 *
 *     lists -> | next, count, frames... | -> | next, count, frames... | -> NULL
 *
 * The device reads the frames where they are.
 */
#include "balloon.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fdt.h"
#include "memlayout.h"
#include "page.h"
#include "spin.h"
#include "vm.h"

enum { MAGIC = 0x74726976, DEVICE_BALLOON = 5, MODERN = 2 };

enum register_offset { /* chapter 4.2.2, and 4.2.4 for version 1 */
                       R_MAGIC = 0x000,
                       R_VERSION = 0x004,
                       R_DEVICE = 0x008,
                       R_FEATURES = 0x020,
                       R_FEATURES_SEL = 0x024,
                       R_PAGE_SIZE = 0x028, /* version 1 */
                       R_QUEUE_SEL = 0x030,
                       R_QUEUE_NUM = 0x038,
                       R_QUEUE_ALIGN = 0x03c, /* version 1 */
                       R_QUEUE_PFN = 0x040,   /* version 1 */
                       R_QUEUE_READY = 0x044,
                       R_NOTIFY = 0x050,
                       R_STATUS = 0x070,
                       R_QUEUE_DESC = 0x080,
                       R_QUEUE_DRIVER = 0x090,
                       R_QUEUE_DEVICE = 0x0a0,
                       R_WANTED = 0x100,
                       R_GIVEN = 0x104,
};

enum { S_ACKNOWLEDGE = 1, S_DRIVER = 2, S_DRIVER_OK = 4, S_FEATURES_OK = 8 };
enum { F_DEFLATE_ON_OOM = 1 << 2, F_VERSION_1_HIGH = 1 << 0 };
enum { NO_INTERRUPT = 1 };
enum queue { INFLATE, DEFLATE, QUEUES };

enum {
    QUEUE_SIZE = 2, /* a power of two; one list is under way at the most */
    USED_ALIGN = 64,
    SPARE = 64,   /* pages that are not given away: the next program wants some */
    RELIEF = 128, /* pages that are had back when there are none */
    LIST_MOST = PAGE_SIZE / 4 - 2,
};

/* A split virtqueue (2.7), as version 1 lays it out. */
struct ring {
    struct {
        uint32_t address, address_high, size;
        uint16_t flags, next;
    } descriptors[QUEUE_SIZE];
    uint16_t available_flags, available, available_ring[QUEUE_SIZE], used_event;
    uint16_t pad[(USED_ALIGN - 16 * QUEUE_SIZE - 6 - 2 * QUEUE_SIZE) / 2];
    uint16_t used_flags;
    volatile uint16_t used;
};

_Static_assert(offsetof(struct ring, used_flags) == USED_ALIGN, "where version 1 has it");

struct list {
    struct list *next;
    uint32_t count;
    uint32_t frames[LIST_MOST];
};

static struct spinlock lock = SPINLOCK(LOCK_BALLOON);

static struct {
    volatile uint8_t *registers; /* NULL: there is none */
    struct ring *rings[QUEUES];
    struct list *lists;
    uint32_t given;
} balloon;

static uint32_t load(uint32_t offset)
{
    return *(volatile uint32_t *)(balloon.registers + offset);
}

static void store(uint32_t offset, uint32_t value)
{
    *(volatile uint32_t *)(balloon.registers + offset) = value;
}

/* ---- The device ---- */

/* A list goes to the device, which has done with it when this returns. */
static void send(enum queue queue, const uint32_t *frames, uint32_t count)
{
    struct ring *ring = balloon.rings[queue];
    uint16_t before = ring->used;

    ring->descriptors[0].address = virt_to_phys(frames);
    ring->descriptors[0].size = count * sizeof(*frames);
    __sync_synchronize();
    ring->available++;
    __sync_synchronize();
    store(R_NOTIFY, queue);
    while (ring->used == before)
        ;
    __sync_synchronize();
}

static void set_place(uint32_t offset, const void *place)
{
    store(offset, virt_to_phys(place));
    store(offset + 4, 0);
}

static bool set_up_queue(enum queue queue, bool modern)
{
    struct ring *ring = page_alloc_zeroed();

    if (!ring)
        return false;
    ring->available_flags = NO_INTERRUPT;
    balloon.rings[queue] = ring;
    store(R_QUEUE_SEL, queue);
    store(R_QUEUE_NUM, QUEUE_SIZE);
    if (modern) {
        set_place(R_QUEUE_DESC, ring->descriptors);
        set_place(R_QUEUE_DRIVER, &ring->available_flags);
        set_place(R_QUEUE_DEVICE, &ring->used_flags);
        store(R_QUEUE_READY, 1);
    } else {
        store(R_QUEUE_ALIGN, USED_ALIGN);
        store(R_QUEUE_PFN, virt_to_phys(ring) / PAGE_SIZE);
    }
    return true;
}

/* Chapter 3.1.1. */
static bool set_up(void)
{
    bool modern = load(R_VERSION) == MODERN;
    uint32_t status = S_ACKNOWLEDGE | S_DRIVER;

    store(R_STATUS, 0);
    store(R_STATUS, status);
    store(R_FEATURES_SEL, 0);
    store(R_FEATURES, F_DEFLATE_ON_OOM);
    if (modern) {
        store(R_FEATURES_SEL, 1);
        store(R_FEATURES, F_VERSION_1_HIGH);
        status |= S_FEATURES_OK;
        store(R_STATUS, status);
        if (!(load(R_STATUS) & S_FEATURES_OK))
            return false;
    } else {
        store(R_PAGE_SIZE, PAGE_SIZE);
    }
    if (!set_up_queue(INFLATE, modern) || !set_up_queue(DEFLATE, modern))
        return false;
    store(R_STATUS, status | S_DRIVER_OK);
    return true;
}

/* ---- Pages ---- */

/* The list that has room for more; NULL: there is no memory for one. */
static struct list *room(void)
{
    struct list *list = balloon.lists;

    if (list && list->count < LIST_MOST)
        return list;
    list = page_alloc_free();
    if (!list)
        return NULL;
    list->next = balloon.lists;
    list->count = 0;
    balloon.lists = list;
    return list;
}

/* Pages are given, `most` at the most, of one list. How many? */
static uint32_t inflate(uint32_t most)
{
    struct list *list = room();
    uint32_t first = list ? list->count : 0, count;
    void *page;

    while (list && list->count < LIST_MOST && list->count - first < most &&
           (page = page_lend(SPARE)))
        list->frames[list->count++] = virt_to_phys(page) / PAGE_SIZE;
    count = list ? list->count - first : 0;
    if (count)
        send(INFLATE, &list->frames[first], count);
    balloon.given += count;
    return count;
}

/* Pages are had back, `most` at the most, of one list. How many? */
static uint32_t deflate(uint32_t most)
{
    struct list *list = balloon.lists;
    uint32_t count;

    if (!list)
        return 0;
    count = list->count < most ? list->count : most;
    list->count -= count;
    if (count)
        send(DEFLATE, &list->frames[list->count], count);
    for (uint32_t i = 0; i < count; i++)
        page_return(phys_to_virt(list->frames[list->count + i] * PAGE_SIZE));
    if (!list->count) {
        balloon.lists = list->next;
        page_free(list);
    }
    balloon.given -= count;
    return count;
}

/* One list's worth towards what the host wants. Is there more to do? */
static bool adjust(void)
{
    uint32_t wanted = load(R_WANTED), before = balloon.given, done = 0;

    if (before < wanted)
        done = inflate(wanted - before);
    else if (before > wanted)
        done = deflate(before - wanted);
    if (done)
        store(R_GIVEN, balloon.given);
    return done != 0;
}

/* No page is free: some are had back, and the host is told. */
static bool relieve(void)
{
    bool any;

    spin_lock(&lock);
    any = deflate(RELIEF) != 0;
    if (any)
        store(R_GIVEN, balloon.given);
    spin_unlock(&lock);
    return any;
}

void balloon_tick(void)
{
    if (!balloon.registers)
        return;
    spin_lock(&lock);
    (void)adjust();
    spin_unlock(&lock);
}

void balloon_init(const struct machine *m)
{
    for (uint32_t i = 0; i < m->virtio_count && !balloon.registers; i++) {
        balloon.registers = vm_map_device(m->virtio[i]);
        if (balloon.registers && (load(R_MAGIC) != MAGIC || load(R_DEVICE) != DEVICE_BALLOON))
            balloon.registers = NULL;
    }
    if (balloon.registers && !set_up())
        balloon.registers = NULL;
    if (!balloon.registers)
        return;
    page_on_shortage(relieve);
    spin_lock(&lock);
    while (adjust())
        ;
    spin_unlock(&lock);
}
