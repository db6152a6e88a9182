/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * devices.c - a library system that uses what the kernel multiplexes: the disk, of which it has
 * some blocks, and packets, which two of its environments have told the kernel to sort.
 */
#include "flat.h"
#include "string.h"

#define BUFFER 0x00340000u /* a page that all environments of the system map */

enum { PORTS = 2, PACKETS = 12, FILTER_AT = 1024, PACKET_AT = 512, COUNT_AT = 256, HIGH = 6 };

struct packet {
    uint32_t port, number;
};

static volatile uint32_t *counts(void)
{
    return (volatile uint32_t *)(BUFFER + COUNT_AT);
}

static uint32_t buffer_page(void)
{
    return *(volatile uint32_t *)BUFFER;
}

/* Packets for this port; for port 1 only those with a high number. */
static _Noreturn void take_packets(uint32_t port)
{
    struct filter_op ops[] = {{.kind = FILTER_EQUAL, .word = 0, .mask = ~0u, .value = port},
                              {.kind = FILTER_GREATER, .word = 1, .mask = 0xff, .value = HIGH}};
    uint32_t at = FILTER_AT + port * sizeof(ops), to = 2048 + port * PACKET_SIZE;

    memcpy((void *)(BUFFER + at), ops, sizeof(ops));
    exo_filter_install(buffer_page(), at, port == 1 ? 2 : 1);
    counts()[PORTS]++;
    for (;;) {
        while (exo_packet_take(buffer_page(), to) == sizeof(struct packet))
            counts()[port] += ((struct packet *)(BUFFER + to))->port == port;
        exo_sleep(exo_time() + flat_info->timebase);
    }
}

static void start_port(const char *role)
{
    int32_t env = flat_new_environment(flat_file("devices"), role, NONE);

    flat_map((uint32_t)env, NONE, BUFFER, buffer_page(), MAP_R | MAP_W | MAP_KEEP);
    exo_slice_alloc((uint32_t)env, NONE);
    exo_env_start((uint32_t)env);
}

static bool try_packets(void)
{
    struct packet *p = (struct packet *)(BUFFER + PACKET_AT);
    uint32_t sent = 0;

    start_port("0");
    start_port("1");
    while (counts()[PORTS] < PORTS)
        exo_yield(NONE);
    for (uint32_t i = 0; i < PACKETS; i++) {
        int32_t passed;

        *p = (struct packet){i % 3, i};
        while ((passed = exo_packet_send(buffer_page(), PACKET_AT, sizeof(*p))) == -EAGAIN)
            exo_yield(NONE);
        sent += (uint32_t)passed;
    }
    while (counts()[0] + counts()[1] < sent)
        exo_sleep(exo_time() + flat_info->timebase / 1000);
    flat_print("devices: %u packets, %u for port 0, %u high ones for port 1\n", PACKETS,
               counts()[0], counts()[1]);
    return counts()[0] == 4 && counts()[1] == 2;
}

/* Written, the page changed, read again: in each block that is ours. */
static bool try_disk(void)
{
    uint32_t *words = (uint32_t *)BUFFER, page = buffer_page(), mine = 0, wrong = 0;

    for (uint32_t block = 0; block < flat_info->disk_blocks; block++) {
        int32_t error = exo_disk_transfer(block, page, 0);

        words[0] = page;
        if (error == -EPERM)
            continue;
        mine++;
        words[PAGE / 4 - 1] = block * 2654435761u;
        wrong += exo_disk_transfer(block, page, 1) != 0;
        words[PAGE / 4 - 1] = 0;
        wrong += exo_disk_transfer(block, page, 0) != 0;
        wrong += words[PAGE / 4 - 1] != block * 2654435761u;
    }
    memset(words + 1, 0, PAGE - 4);
    flat_print("devices: %u of %u blocks, %u wrong\n", mine, flat_info->disk_blocks, wrong);
    return wrong == 0;
}

void flat_main(const char *arguments, uint32_t image_table)
{
    int32_t page;
    bool good;

    (void)image_table;
    if (arguments[0])
        take_packets((uint32_t)(arguments[0] - '0'));
    page = exo_page_alloc(NONE, 0);
    flat_map(SELF, NONE, BUFFER, (uint32_t)page, MAP_R | MAP_W | MAP_KEEP);
    *(uint32_t *)BUFFER = (uint32_t)page;
    good = try_disk();
    good = try_packets() && good;
    exo_group_end(!good);
    for (;;)
        ;
}
