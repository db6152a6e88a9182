/* SPDX-License-Identifier: GPL-2.0-or-later */
/* world.c - a disk that cannot fail, and a wire that is a ring of frames. */
#include "tests/support/world.h"

static void move(uint8_t *at, const struct virtq_buffer *buffer, enum board_disk_op op)
{
    if (op == BOARD_DISK_READ)
        memcpy(buffer->bytes, at, buffer->len);
    else
        memcpy(at, buffer->bytes, buffer->len);
}

static bool disk_request(void *owner, unsigned slot, const struct board_disk_request *request)
{
    struct world *world = owner;
    uint8_t *at = world->disk + request->offset;

    (void)slot;
    if (request->op == BOARD_DISK_DISCARD || request->op == BOARD_DISK_ZERO)
        memset(at, 0, request->len);
    for (unsigned i = 0; i < request->count; i++) {
        move(at, &request->buffers[i], request->op);
        at += request->buffers[i].len;
    }
    return true;
}

static void net_out(void *owner, unsigned slot, const uint8_t *frame, uint32_t len)
{
    struct world *world = owner;
    unsigned last = (world->first + world->count) % WORLD_FRAMES;

    (void)slot;
    if (world->count == WORLD_FRAMES)
        return;
    memcpy(world->frames[last], frame, len);
    world->lens[last] = len;
    world->count++;
}

static uint32_t net_in(void *owner, unsigned slot, uint8_t *frame)
{
    struct world *world = owner;
    unsigned first = world->first;

    (void)slot;
    if (!world->count)
        return 0;
    memcpy(frame, world->frames[first], world->lens[first]);
    world->first = (first + 1) % WORLD_FRAMES;
    world->count--;
    return world->lens[first];
}

void world_fit(struct world *world, enum world_devices devices, struct board *board)
{
    static const uint8_t kinds[] = {VIRTIO_BLOCK, VIRTIO_RNG, VIRTIO_NET};

    memset(world, 0, sizeof *world);
    if (devices == WORLD_NONE)
        return;
    board->host.disks = (struct board_disks){disk_request, world};
    board->host.net = (struct board_net){net_out, net_in, world};
    for (unsigned slot = 0; slot < sizeof kinds; slot++)
        board_fit(board, slot,
                  &(struct virtio_config){.device = kinds[slot],
                                          .legacy = devices == WORLD_LEGACY,
                                          .sectors = WORLD_DISK / 512,
                                          .seed = 1,
                                          .serial = "world",
                                          .mac = {0x52, 0x54, 0, 0, 0, 1}});
}
