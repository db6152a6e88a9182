/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * partwire.h - what the two processes of partproc.h say to each other. One message is under way at
 * a time: a call, whose answer comes after as many questions as the part has, each with its own
 * answer. A question can lead to a call of another part: then that comes first.
 *
 *     monitor                       part
 *        | ---- PARTWIRE_CALL ------> |
 *        | <--- PARTWIRE_PAGE ------- |      a question
 *        | ---- PARTWIRE_REPLY -----> |
 *        | <--- PARTWIRE_REPLY ------ |      what the part answers
 */
#ifndef PZ_TOOLS_SANDBOX_PARTWIRE_H
#define PZ_TOOLS_SANDBOX_PARTWIRE_H

#include "vmm/parts.h"

enum part_id {
#define PART(name, type, arguments) PART_##name,
#include "vmm/parts.def"
#undef PART
    PART_COUNT,
};

enum partwire_kind {
    PARTWIRE_HELLO, /* numbers[0]: a bit for each part that the file has; text: why none */
    PARTWIRE_CALL,
    PARTWIRE_REPLY,
    PARTWIRE_END, /* the part's process ends: text says how */
    /* Questions: numbers in the order of the function's arguments. */
    PARTWIRE_PAGE,     /* the memory at a physical address of a guest */
    PARTWIRE_WROTE,    /* bytes of it have changed; data[] holds them */
    PARTWIRE_ALLOCATE, /* allocate_page() */
    PARTWIRE_RESERVE,  /* allocate_reserve() */
    PARTWIRE_RESERVED, /* allocate_reserved() */
    PARTWIRE_FREE,     /* allocate_free() */
    PARTWIRE_FENCE,    /* of struct para_batch */
};

#define PARTWIRE_DATA 256u
#define PARTWIRE_PAGES 8192u /* changed pages of one message at the most */

/* Copies of all that parts take and give by pointer. `address` is the only pointer that passes. */
struct partwire {
    uint32_t kind, part;
    uint64_t address; /* of the VM, the board, the pmap, where both see it; of a host page */
    uint64_t numbers[4];
    uint64_t result;
    struct hart hart, other;
    struct insn insn;
    struct trap trap;
    struct sv32_space space;
    struct sv32_walk walk;
    struct shadow_key key;
    struct mpa mpa, root, last;
    uint32_t last_slot;
    uint64_t wake, deadline; /* of a VM and its board... */
    uint8_t power;
    bool yields;
    uint32_t pages; /* changed pages of the pmap that follow: struct partwire_page */
    char data[PARTWIRE_DATA];
};

struct partwire_page {
    uint64_t number; /* of the machine page */
    uint8_t bytes[PAGE_SIZE];
};

/* Whole messages; false: the other side is gone. */
bool partwire_send(int fd, const void *bytes, size_t len) PZ_MUST_CHECK;
bool partwire_receive(int fd, void *bytes, size_t len) PZ_MUST_CHECK;

#endif
