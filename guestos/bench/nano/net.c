/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net.c - the largest frames, to everybody, by a virtio network card (legacy), polled: QUEUE of
 * them at each notification. Nothing is received.
 */
#include "nano.h"

#define NET_PA 0x10001000u
#define NET_VA 0x40000000u
#define QUEUE 8u
#define TRANSMIT 1u
#define HEADER 10u
#define FRAME 1514u

enum {
    PAGE_SIZE_REG = 0x28,
    FEATURES = 0x20,
    QUEUE_SEL = 0x30,
    NUM = 0x38,
    ALIGN = 0x3c,
    PFN = 0x40,
    NOTIFY = 0x50,
    STATUS = 0x70
};

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

static uint8_t frame[HEADER + FRAME] __attribute__((aligned(4096)));

static void store(uint32_t offset, uint32_t value)
{
    *(volatile uint32_t *)(NET_VA + offset) = value;
}

/* A header of zeros: nothing is left to the card. From a local address, an experimental type. */
static void fill_frame(void)
{
    uint8_t *at = frame + HEADER;

    for (uint32_t i = 0; i < 6; i++)
        at[i] = 0xff;
    at[6] = 2;
    at[12] = 0x88;
    at[13] = 0xb5;
}

void nano_setup(void)
{
    (void)space_map(kernel_root, NET_VA, phys_to_virt(NET_PA),
                    PTE_V | PTE_R | PTE_W | PTE_A | PTE_D | PTE_G);
    fill_frame();
    store(STATUS, 3);
    store(PAGE_SIZE_REG, PAGE_SIZE);
    store(FEATURES, 0);
    store(QUEUE_SEL, TRANSMIT);
    store(NUM, QUEUE);
    store(ALIGN, PAGE_SIZE);
    store(PFN, virt_to_phys(&rings) / PAGE_SIZE);
    store(STATUS, 7);
    for (uint32_t i = 0; i < QUEUE; i++) {
        rings.desc[i] = (struct desc){virt_to_phys(frame), 0, sizeof frame, 0, 0};
        rings.ring[i] = (uint16_t)i;
    }
}

uint32_t nano_base(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        asm volatile("" : : : "memory");
    return 0;
}

uint32_t nano_run(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        rings.index = (uint16_t)(rings.index + QUEUE);
        asm volatile("fence" : : : "memory");
        store(NOTIFY, TRANSMIT);
        while (rings.used_index != rings.index)
            ;
    }
    return rings.used_index;
}
