/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packets.h - Ethernet frames that guests received from a network, and when. The time is the number
 * of the poll, as for typed input (recording.h).
 */
#ifndef PZ_TOOLS_TRAVEL_PACKETS_H
#define PZ_TOOLS_TRAVEL_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct packet {
    uint64_t vm, poll, retired; /* whose, the number of the asking, its count then */
    size_t at;                  /* its bytes, in `bytes` of the list... */
    uint32_t len;               /* ...so many; 0: from then on no frame can come any more */
};

struct packets {
    struct packet *list;
    uint8_t *bytes;
    size_t count, room;
    size_t len, bytes_room;
};

void packets_free(struct packets *packets);

/* Append one; `packet->at` need not be set. False: no memory. */
bool packets_add(struct packets *packets, const struct packet *packet, const uint8_t *bytes);

/* Forget all from number `count` on. */
void packets_cut(struct packets *packets, size_t count);

/* As bytes for a file, to be freed; NULL: no memory. */
uint8_t *packets_pack(const struct packets *packets, size_t *len);

/* Append what was packed, of a run of `vms` VMs. False: it is damaged, or no memory. */
bool packets_unpack(struct packets *packets, const uint8_t *bytes, size_t len, unsigned vms);

#endif
