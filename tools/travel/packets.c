/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packets.c - packed, a frame is four little-endian numbers of 64 bits (VM, poll, retired, length)
 * and its bytes.
 */
#include "tools/travel/packets.h"

#include <stdlib.h>
#include <string.h>

#include "vmm/board/board.h"

#define NUMBERS 4u

void packets_free(struct packets *packets)
{
    free(packets->list);
    free(packets->bytes);
    *packets = (struct packets){0};
}

static bool grow(void **at, size_t *room, size_t needed, size_t size)
{
    size_t wanted = *room ? *room : 256;
    void *bigger;

    while (wanted < needed)
        wanted *= 2;
    if (wanted == *room)
        return true;
    bigger = realloc(*at, wanted * size);
    if (!bigger)
        return false;
    *at = bigger;
    *room = wanted;
    return true;
}

bool packets_add(struct packets *packets, const struct packet *packet, const uint8_t *bytes)
{
    if (!grow((void **)&packets->list, &packets->room, packets->count + 1,
              sizeof *packets->list) ||
        !grow((void **)&packets->bytes, &packets->bytes_room, packets->len + packet->len, 1))
        return false;
    packets->list[packets->count] = *packet;
    packets->list[packets->count++].at = packets->len;
    memcpy(packets->bytes + packets->len, bytes, packet->len);
    packets->len += packet->len;
    return true;
}

void packets_cut(struct packets *packets, size_t count)
{
    if (count >= packets->count)
        return;
    packets->len = packets->list[count].at;
    packets->count = count;
}

uint8_t *packets_pack(const struct packets *packets, size_t *len)
{
    uint8_t *packed, *to;

    *len = packets->count * NUMBERS * sizeof(uint64_t) + packets->len;
    to = packed = malloc(*len + 1);
    for (size_t i = 0; packed && i < packets->count; i++) {
        const struct packet *packet = &packets->list[i];
        const uint64_t numbers[NUMBERS] = {packet->vm, packet->poll, packet->retired,
                                           packet->len};

        memcpy(to, numbers, sizeof numbers);
        memcpy(to + sizeof numbers, packets->bytes + packet->at, packet->len);
        to += sizeof numbers + packet->len;
    }
    return packed;
}

bool packets_unpack(struct packets *packets, const uint8_t *bytes, size_t len, unsigned vms)
{
    uint64_t numbers[NUMBERS];
    struct packet packet;

    while (len) {
        if (len < sizeof numbers)
            return false;
        memcpy(numbers, bytes, sizeof numbers);
        bytes += sizeof numbers;
        len -= sizeof numbers;
        if (numbers[0] >= vms || numbers[3] > BOARD_FRAME_MOST || numbers[3] > len)
            return false;
        packet = (struct packet){.vm = numbers[0],
                                 .poll = numbers[1],
                                 .retired = numbers[2],
                                 .len = (uint32_t)numbers[3]};
        if (!packets_add(packets, &packet, bytes))
            return false;
        bytes += packet.len;
        len -= packet.len;
    }
    return true;
}
