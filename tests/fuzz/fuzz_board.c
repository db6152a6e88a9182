/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_board.c - a guest that does anything to the devices: register accesses of any width at any
 * offset, any bytes in its memory where rings and buffers are, time that passes. The first byte
 * chooses legacy or modern and which features are accepted; the rest are steps of 8 bytes.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/driver.h"

enum { DISK, NET, CONSOLE, RNG, BALLOON, FITTED };
#define SECTORS 64u
#define TYPED "typed"

struct step {
    uint8_t what, where;
    uint16_t offset;
    uint32_t value;
};

static struct boards b;
static uint8_t store_of_bytes[4096]; /* what a disk reads */

/* Whatever the guest asks for, the host is asked only for what the disk has. */
static bool disk_request(void *owner, unsigned slot, const struct board_disk_request *request)
{
    uint64_t sum = 0;

    (void)owner;
    MUST(slot == DISK);
    MUST(request->offset <= SECTORS * 512 && request->len <= SECTORS * 512 - request->offset);
    MUST(request->offset % 512 == 0);
    for (unsigned i = 0; i < request->count; i++) {
        const struct virtq_buffer *buffer = &request->buffers[i];

        MUST(buffer->bytes >= b.ram && buffer->bytes + buffer->len <= b.ram + BOARDS_RAM);
        if (request->op == BOARD_DISK_READ)
            memset(buffer->bytes, store_of_bytes[request->offset % 4096], buffer->len);
        sum += buffer->len;
    }
    MUST(!request->count || sum == request->len);
    return request->offset % 1024 == 0;
}

static void net_out(void *owner, unsigned slot, const uint8_t *frame, uint32_t len)
{
    (void)owner;
    MUST(slot == NET && len && len <= BOARD_FRAME_MOST && frame);
}

static uint32_t net_in(void *owner, unsigned slot, uint8_t *frame)
{
    static uint32_t count;

    (void)owner;
    MUST(slot == NET);
    memset(frame, 0x11, BOARD_FRAME_MOST);
    return ++count % 3 ? 1 + count % BOARD_FRAME_MOST : 0;
}

static void give_up(struct board *board, uint64_t pa)
{
    (void)board;
    MUST(pa % PAGE_SIZE == 0 && pa - BOARDS_BASE < BOARDS_RAM);
    memset(b.ram + (pa - BOARDS_BASE), 0, PAGE_SIZE);
}

static void begin(uint8_t choice, struct driver *drivers)
{
    uint64_t wanted = choice & 2 ? UINT64_MAX : 1ull << 32;

    boards_init(&b, TYPED);
    b.board.host.disks.request = disk_request;
    b.board.give_up = give_up;
    b.board.host.net = (struct board_net){net_out, net_in, NULL};
    for (unsigned i = 0; i < FITTED; i++) {
        static const uint8_t kinds[FITTED] = {VIRTIO_BLOCK, VIRTIO_NET, VIRTIO_CONSOLE,
                                              VIRTIO_RNG, VIRTIO_BALLOON};

        board_fit(&b.board, i,
                  &(struct virtio_config){.device = kinds[i],
                                          .legacy = choice & 1,
                                          .read_only = choice >> 2 & 1,
                                          .sectors = SECTORS,
                                          .pages = 7,
                                          .seed = 1});
    }
    for (unsigned i = 0; i < FITTED; i++)
        driver_start(&drivers[i], &b, i, wanted, i == DISK || i == RNG ? 1 : 2);
}

static const uint64_t bases[] = {
    BOARD_VIRTIO_BASE,
    BOARD_VIRTIO_BASE + BOARD_VIRTIO_STRIDE,
    BOARD_VIRTIO_BASE + 2 * BOARD_VIRTIO_STRIDE,
    BOARD_VIRTIO_BASE + 3 * BOARD_VIRTIO_STRIDE,
    BOARD_VIRTIO_BASE + 4 * BOARD_VIRTIO_STRIDE,
    BOARD_VIRTIO_BASE + 5 * BOARD_VIRTIO_STRIDE,
    BOARD_PLIC_BASE,
    BOARD_PLIC_BASE + 0x200000,
    BOARD_UART_BASE,
    BOARD_RTC_BASE,
};

static void access_device(const struct step *step)
{
    unsigned width = 1u << step->what % 3;
    uint64_t at = bases[step->where % (sizeof bases / sizeof bases[0])];
    uint32_t value = step->value;
    bool store = step->what & 0x80;

    bool there = board_io(&b.board, hart_time(&b.hart), at + (step->offset & ~(width - 1)),
                          width, store, &value);
    MUST(!there || store || width == 4 || value >> 8 * width == 0);
}

static void poke(const struct step *step)
{
    memcpy(b.ram + step->offset / 4 * 4 % BOARDS_RAM, &step->value, 4);
}

/* A descriptor that makes sense, and its chain offered: deeper states are reached sooner. */
static void offer(struct driver *driver, const struct step *step)
{
    unsigned queue = step->where >> 4 & 1, i = step->where & (DRIVER_SIZE - 1);

    driver_descriptor(driver, queue, i, BOARDS_BASE + step->offset, step->value & 0xffff,
                      step->value >> 16 & 7, (uint16_t)(step->value >> 20 & 15));
    driver_offer(driver, queue, (uint16_t)i, step->value >> 31);
}

static void check_slots(void)
{
    for (unsigned i = 0; i < BOARD_SLOTS; i++)
        for (unsigned q = 0; q < VIRTIO_QUEUES; q++) {
            const struct virtio *slot = &b.board.slots[i];

            MUST(slot->queues[q].size <= VIRTQ_MOST);
            MUST(!slot->queues[q].ready || virtq_valid(&slot->queues[q]));
            MUST(!slot->queues[q].ready || slot->config.device);
        }
    MUST(!(b.board.plic.pending[0] & b.board.plic.claimed[0]));
}

static void take(const struct step *step, struct driver *drivers)
{
    switch (step->what >> 4 & 7) {
    case 0:
    case 1:
    case 2: access_device(step); break;
    case 3: poke(step); break;
    case 4: b.hart.retired += step->value; break;
    default: offer(&drivers[step->where % FITTED], step); break;
    }
    board_advance(&b.board, hart_time(&b.hart));
    (void)board_interrupt(&b.board, &b.hart);
    check_slots();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct driver drivers[FITTED];
    struct step step;

    if (!len)
        return 0;
    memset(store_of_bytes, bytes[0], sizeof store_of_bytes);
    begin(bytes[0], drivers);
    for (size_t at = 1; at + sizeof step <= len; at += sizeof step) {
        memcpy(&step, bytes + at, sizeof step);
        take(&step, drivers);
    }
    return 0;
}
