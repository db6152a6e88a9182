/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk.c - requests of DISK_BYTES to a virtio disk (legacy), polled: one after another from the
 * beginning on, or with DISK_RANDOM anywhere, every fourth a write. The disk has DISK_SIZE bytes.
 */
#include "nano.h"

#define DISK_PA 0x10001000u
#define DISK_VA 0x40000000u
#define DISK_SIZE (64u << 20)
#define SECTOR 512u
#define QUEUE 32u
#define PAGES (DISK_BYTES / PAGE_SIZE)

enum {
    PAGE_SIZE_REG = 0x28,
    NUM = 0x38,
    ALIGN = 0x3c,
    PFN = 0x40,
    NOTIFY = 0x50,
    STATUS = 0x70
};
enum { NEXT = 1, WRITE = 2 };

struct desc {
    uint32_t low, high, len;
    uint16_t flags, next;
};

static struct {
    struct desc desc[QUEUE];
    volatile uint16_t flags, index, ring[QUEUE];
    uint8_t pad[PAGE_SIZE - QUEUE * (sizeof(struct desc) + 2) - 4];
    volatile uint16_t used_flags, used_index;
    uint8_t rest[PAGE_SIZE - 4];
} rings __attribute__((aligned(4096)));

static struct {
    uint32_t type, reserved, sector, sector_high;
    volatile uint8_t status;
} request;

static uint32_t buffer[DISK_BYTES / 4] __attribute__((aligned(4096)));
static uint32_t place, seed = 1;

static void store(uint32_t offset, uint32_t value)
{
    *(volatile uint32_t *)(DISK_VA + offset) = value;
}

static void describe(uint32_t i, const volatile void *at, uint32_t len, uint16_t flags)
{
    rings.desc[i] =
        (struct desc){virt_to_phys((const void *)at), 0, len, flags, (uint16_t)(i + 1)};
}

void nano_setup(void)
{
    (void)space_map(kernel_root, DISK_VA, phys_to_virt(DISK_PA),
                    PTE_V | PTE_R | PTE_W | PTE_A | PTE_D | PTE_G);
    store(STATUS, 3);
    store(PAGE_SIZE_REG, PAGE_SIZE);
    store(0x20, 1u << 9); /* writes may be cached */
    store(NUM, QUEUE);
    store(ALIGN, PAGE_SIZE);
    store(PFN, virt_to_phys(&rings) / PAGE_SIZE);
    store(STATUS, 7);
    describe(0, &request, 16, NEXT);
    describe(PAGES + 1, &request.status, 1, WRITE);
}

static void next_place(void)
{
    seed = seed * 1664525 + 1013904223;
    place = (DISK_RANDOM ? (seed >> 8) * DISK_BYTES : place + DISK_BYTES) % DISK_SIZE;
}

static void serve(bool write)
{
    for (uint32_t i = 0; i < PAGES; i++)
        describe(i + 1, (uint8_t *)buffer + i * PAGE_SIZE, PAGE_SIZE,
                 write ? NEXT : NEXT | WRITE);
    request.type = write;
    request.sector = place / SECTOR;
    rings.ring[rings.index % QUEUE] = 0;
    asm volatile("fence" : : : "memory");
    rings.index++;
    asm volatile("fence" : : : "memory");
    store(NOTIFY, 0);
    while (rings.used_index != rings.index)
        ;
    asm volatile("fence" : : : "memory");
}

uint32_t nano_base(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        asm volatile("" : : : "memory");
    return 0;
}

uint32_t nano_run(uint32_t count)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < count; i++) {
        serve(DISK_RANDOM && i % 4 == 3);
        sum |= request.status;
        next_place();
    }
    return sum;
}
