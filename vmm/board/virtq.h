/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtq.h - split virtqueues (Virtual I/O Device 1.2, 2.7), device side: taking chains of
 * descriptors, copying bytes in and out of them, returning them. All this lies in guest memory and
 * is hostile: each walk is bounded, and violations are reported, never followed.
 */
#ifndef PZ_VMM_BOARD_VIRTQ_H
#define PZ_VMM_BOARD_VIRTQ_H

#include "isa/phys.h"
#include "vmm/board/state.h"

#define VIRTQ_MOST 256u             /* descriptors of a queue, and of a chain */
#define VIRTQ_BYTES_MOST (1u << 24) /* of a chain */
#define VIRTQ_PAGES_MOST 64u        /* most pages that virtq_buffers() returns at once */

/* Features of queues. */
#define VIRTQ_F_INDIRECT (1ull << 28)
#define VIRTQ_F_EVENT (1ull << 29)

struct virtq {
    uint64_t desc, avail, used; /* guest-physical */
    uint16_t size;              /* descriptors: a power of two */
    uint16_t taken, given;      /* the next chain's place in the available and the used ring */
    uint16_t told;              /* `given` when the driver was last interrupted, if... */
    uint8_t was_told;
    uint8_t ready;
};

/* The parts of a chain in order: `outs` that the device reads, then `ins` that it writes. */
struct virtq_part {
    uint64_t pa;
    uint32_t len;
};

struct virtq_chain {
    uint16_t head;
    uint16_t outs, ins;
    uint32_t out_len, in_len;
    struct virtq_part parts[VIRTQ_MOST];
};

enum virtq_result { VIRTQ_TAKEN, VIRTQ_EMPTY, VIRTQ_BROKEN };

/* Are the addresses and the size of a queue valid? */
bool virtq_valid(const struct virtq *queue);

/* Has the driver made a chain available? If not, it will notify when it does. */
bool virtq_has(const struct virtq *queue, struct phys *phys, uint64_t features);

/* Take the next chain, with the negotiated `features`. Every part of it is RAM. */
enum virtq_result virtq_take(struct virtq *queue, struct phys *phys, uint64_t features,
                             struct virtq_chain *chain) PZ_MUST_CHECK;

/* Put an unused chain back, to be taken again. */
void virtq_put_back(struct virtq *queue);

/* Return a chain with `written` bytes written. False: the used ring is not RAM. */
bool virtq_give(struct virtq *queue, struct phys *phys, uint16_t head,
                uint32_t written) PZ_MUST_CHECK;

/* Does the driver want an interrupt for the chains returned since the last one? */
bool virtq_interrupts(struct virtq *queue, struct phys *phys, uint64_t features);

/*
 * Copy bytes from the readable part of a chain, or to its writable part, starting at `at`. Returns
 * the number of bytes: less than `len` if the chain ends.
 */
uint32_t virtq_read(struct phys *phys, const struct virtq_chain *chain, uint32_t at,
                    void *bytes, uint32_t len);
uint32_t virtq_write(struct phys *phys, const struct virtq_chain *chain, uint32_t at,
                     const void *bytes, uint32_t len);

/* A piece of a chain in the host's memory. */
struct virtq_buffer {
    uint8_t *bytes;
    uint32_t len;
};

/*
 * The host's view of at most `len` bytes from `at` on, in at most `most` pieces. Returns the number
 * of bytes; call again for the rest. `in`: the writable part; call virtq_wrote() afterwards.
 */
uint32_t virtq_buffers(struct phys *phys, const struct virtq_chain *chain, bool in, uint32_t at,
                       uint32_t len, struct virtq_buffer *buffers, unsigned most,
                       unsigned *count);
void virtq_wrote(struct phys *phys, const struct virtq_chain *chain, uint32_t at, uint32_t len);

#endif
