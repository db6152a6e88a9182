/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk.c - blocks of the first virtio disk (legacy, over MMIO), each bound to a group. What is in
 * them, and which belong together, is the libraries' affair. One request at a time, waited for.
 */
#include "kernel.h"
#include "string.h"

#define FIRST_SLOT 0x10001000u
#define SLOT_COUNT 8
#define MAGIC 0x74726976u
#define SECTORS_PER_BLOCK (BLOCK_SIZE / 512)

enum {
    REG_MAGIC = 0x00,
    REG_VERSION = 0x04,
    REG_DEVICE = 0x08,
    REG_FEATURES = 0x20,
    REG_PAGE_SIZE = 0x28,
    REG_QUEUE_SIZE = 0x38,
    REG_QUEUE_ALIGN = 0x3c,
    REG_QUEUE_PAGE = 0x40,
    REG_NOTIFY = 0x50,
    REG_STATUS = 0x70,
    REG_CAPACITY = 0x100, /* in sectors */
    LEGACY = 1,
    BLOCK_DEVICE = 2,
    STATUS_FOUND = 3, /* acknowledged; and we have a driver */
    STATUS_READY = 7,
    QUEUE = 4,
    DESC_NEXT = 1,
    DESC_WRITE = 2,
};

struct desc {
    uint32_t low, high, size;
    uint16_t flags, next;
};

static struct {
    struct desc desc[QUEUE];
    volatile uint16_t flags, index, ring[QUEUE];
    uint8_t pad[PAGE_SIZE - QUEUE * (sizeof(struct desc) + 2) - 4];
    volatile uint16_t used_flags, used_index;
    uint8_t rest[PAGE_SIZE - 4];
} queue __attribute__((aligned(PAGE_SIZE)));

static struct {
    uint32_t type, reserved, sector, sector_high;
    volatile uint8_t status;
} request;

static volatile uint32_t *device;
static uint8_t bound_to[DISK_BLOCKS]; /* the group and 1; 0: free */

static void set(uint32_t reg, uint32_t value)
{
    device[reg / 4] = value;
}

static void describe(uint32_t i, const volatile void *at, uint32_t size, uint16_t flags)
{
    queue.desc[i] =
        (struct desc){virt_to_phys((const void *)at), 0, size, flags, (uint16_t)(i + 1)};
}

static void start(void)
{
    uint32_t blocks = device[REG_CAPACITY / 4] / SECTORS_PER_BLOCK;

    set(REG_STATUS, STATUS_FOUND);
    set(REG_PAGE_SIZE, PAGE_SIZE);
    set(REG_FEATURES, 0);
    set(REG_QUEUE_SIZE, QUEUE);
    set(REG_QUEUE_ALIGN, PAGE_SIZE);
    set(REG_QUEUE_PAGE, virt_to_phys(&queue) / PAGE_SIZE);
    set(REG_STATUS, STATUS_READY);
    describe(0, &request, 16, DESC_NEXT);
    describe(2, &request.status, 1, DESC_WRITE);
    info->disk_blocks = blocks < DISK_BLOCKS ? blocks : DISK_BLOCKS;
}

void disk_init(void)
{
    for (uint32_t i = 0; i < SLOT_COUNT && !info->disk_blocks; i++) {
        device = space_device(FIRST_SLOT + i * PAGE_SIZE);
        if (device[REG_MAGIC / 4] == MAGIC && device[REG_VERSION / 4] == LEGACY &&
            device[REG_DEVICE / 4] == BLOCK_DEVICE)
            start();
    }
}

void disk_forget(uint32_t group)
{
    for (uint32_t i = 0; i < DISK_BLOCKS; i++)
        if (bound_to[i] == group + 1)
            bound_to[i] = 0;
}

static bool all_bound_to(uint32_t first, uint32_t n, uint8_t owner)
{
    for (uint32_t i = first; i < first + n; i++)
        if (bound_to[i] != owner)
            return false;
    return true;
}

/* Free blocks are the first group's to give; its own, a group may give to one that it made. */
int32_t call_disk_bind(const uint32_t *a)
{
    bool free = a[2] == NONE, boot = current->group == BOOT_GROUP;
    uint8_t old = !free && boot ? 0 : (uint8_t)(current->group + 1);

    if (a[0] > info->disk_blocks || a[1] > info->disk_blocks - a[0])
        return -EINVAL;
    if (!free && (a[2] >= GROUPS || !info->group[a[2]].alive))
        return -EINVAL;
    if (!free && !boot && info->group[a[2]].parent != current->group)
        return -EPERM;
    if (!all_bound_to(a[0], a[1], old))
        return -EPERM;
    memset(bound_to + a[0], a[2] == NONE ? 0 : (int)a[2] + 1, a[1]);
    return 0;
}

int32_t call_disk_transfer(const uint32_t *a)
{
    uint32_t rights = a[2] ? MAP_R : MAP_R | MAP_W;
    const void *page = page_range(current->group, a[1], 0, BLOCK_SIZE, rights);

    if (a[0] >= info->disk_blocks)
        return -EINVAL;
    if (!page || bound_to[a[0]] != current->group + 1)
        return -EPERM;
    describe(1, page, BLOCK_SIZE, a[2] ? DESC_NEXT : DESC_NEXT | DESC_WRITE);
    request.type = a[2] != 0;
    request.sector = a[0] * SECTORS_PER_BLOCK;
    queue.ring[queue.index % QUEUE] = 0;
    asm volatile("fence" : : : "memory");
    queue.index++;
    asm volatile("fence" : : : "memory");
    set(REG_NOTIFY, 0);
    while (queue.used_index != queue.index)
        spin_pause();
    asm volatile("fence" : : : "memory");
    return request.status == 0 ? 0 : -ENOSPC;
}
