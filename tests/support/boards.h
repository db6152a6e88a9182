/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boards.h - a board with a little RAM and a host that remembers, for unit tests of the board's
 * parts. No CPU runs: tests call the functions that a trap would lead to.
 */
#ifndef PZ_TESTS_SUPPORT_BOARDS_H
#define PZ_TESTS_SUPPORT_BOARDS_H

#include "vmm/board/board.h"

#define BOARDS_RAM (16 * PAGE_SIZE)
#define BOARDS_BASE 0x80000000u
#define BOARDS_OUT 8192u

struct boards {
    struct board board;
    struct hart hart;
    struct phys phys;
    uint8_t ram[BOARDS_RAM];
    uint8_t out[BOARDS_OUT]; /* what was printed... */
    uint32_t out_len;
    unsigned out_calls;
    const char *in; /* ...and what is typed */
    unsigned in_calls, traps, wrote;
    struct trap last;
};

static inline void boards_out(void *owner, const uint8_t *bytes, uint32_t len)
{
    struct boards *boards = owner;

    boards->out_calls++;
    for (uint32_t i = 0; i < len && boards->out_len < BOARDS_OUT; i++)
        boards->out[boards->out_len++] = bytes[i];
}

static inline int boards_in(void *owner)
{
    struct boards *boards = owner;

    boards->in_calls++;
    return *boards->in ? (uint8_t)*boards->in++ : -1;
}

static inline void boards_observe(void *owner, const struct hart *hart, const struct trap *trap)
{
    struct boards *boards = owner;

    (void)hart;
    boards->traps++;
    boards->last = *trap;
}

static inline void boards_wrote(struct phys *phys, uint64_t pa, uint32_t len)
{
    (void)pa, (void)len;
    ((struct boards *)phys->owner)->wrote++;
}

static inline void boards_init(struct boards *boards, const char *typed)
{
    const struct board_host host = {.console_out = boards_out,
                                    .console_in = boards_in,
                                    .observe = boards_observe,
                                    .owner = boards};

    memset(boards, 0, sizeof *boards);
    boards->in = typed;
    boards->phys = (struct phys){.ram = boards->ram,
                                 .base = BOARDS_BASE,
                                 .size = BOARDS_RAM,
                                 .wrote = boards_wrote,
                                 .owner = boards};
    board_init(&boards->board, &boards->phys, &host);
    boards->board.ram_base = BOARDS_BASE;
    boards->board.ram_size = BOARDS_RAM;
    board_boot(&boards->hart, BOARDS_BASE, 0);
}

#endif
