/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtq.h - split virtqueues (Virtual I/O Device 1.2, 2.7), the device's side: taking chains of
 * descriptors, moving bytes in and out of them, giving them back. All of it lies in guest
 * memory and is hostile: each walk is bounded, and what breaks the rules is told, never
 * followed.
 */
#ifndef PZ_VMM_BOARD_VIRTQ_H
#define PZ_VMM_BOARD_VIRTQ_H

#include "isa/phys.h"
#include "vmm/board/state.h"

#define VIRTQ_MOST 256u             /* descriptors of a queue, and of a chain */
#define VIRTQ_BYTES_MOST (1u << 24) /* of a chain */
#define VIRTQ_PAGES_MOST 64u        /* that virtq_buffers() shows at once: they have to stay */

/* What drivers and devices may agree on about their queues. */
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

/* Can a queue of these places and size be used? */
bool virtq_valid(const struct virtq *queue);

/* Has the driver made a chain available? If not, it will notify when it has. */
bool virtq_has(const struct virtq *queue, struct phys *phys, uint64_t features);

/* The next chain. `features` as agreed upon. Every part is RAM. */
enum virtq_result virtq_take(struct virtq *queue, struct phys *phys, uint64_t features,
                             struct virtq_chain *chain) PZ_MUST_CHECK;

/* The chain was not used after all: it will be taken again. */
void virtq_put_back(struct virtq *queue);

/* Give a chain back; so many bytes were written to it. False: the used ring is not RAM. */
bool virtq_give(struct virtq *queue, struct phys *phys, uint16_t head,
                uint32_t written) PZ_MUST_CHECK;

/* Does the driver want to be interrupted for what was given since it last was? */
bool virtq_interrupts(struct virtq *queue, struct phys *phys, uint64_t features);

/*
 * Copy bytes out of what the device reads, from `at` on; or into what it writes. Returns how many:
 * less than `len` where the chain ends.
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
 * The host's view of the bytes from `at` on, at most `len` of them and `most` pieces: how many
 * bytes that is; the rest is asked for again. `in`: those that the device writes; virtq_wrote() is
 * to be called afterwards.
 */
uint32_t virtq_buffers(struct phys *phys, const struct virtq_chain *chain, bool in, uint32_t at,
                       uint32_t len, struct virtq_buffer *buffers, unsigned most,
                       unsigned *count);
void virtq_wrote(struct phys *phys, const struct virtq_chain *chain, uint32_t at, uint32_t len);

#endif
