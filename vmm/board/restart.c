/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * restart.c - the order of a restart: memory, translations made from it, devices, harts. The host
 * has the images; bare.c and vmm/vm.c reset the registers and memory that they own.
 */
#include "vmm/board/restart.h"

#include "vmm/board/uart.h"

void restart_ask(struct board *board, enum restart_kind kind, enum board_power off)
{
    if (!board->host.images.load) {
        board->power = (uint8_t)off;
        return;
    }
    board->power = BOARD_RESTART;
    board->cold = kind == RESTART_COLD;
}

static void drop_translations(struct board *board)
{
    static const struct exec_fence all = {.one_va = false};

    if (!board->fence)
        return;
    board->fence(board, &all);
    board->fence(board, NULL);
}

static void reset_devices(struct board *board)
{
    uart_reset(&board->console.uart);
    plic_reset(&board->plic);
    rtc_reset(&board->rtc);
    for (unsigned slot = 0; slot < BOARD_SLOTS; slot++)
        virtio_power_on(&board->slots[slot]);
    board->next = board->look = 0;
}

bool restart_board(struct board *board, struct hart *from, struct hart *to)
{
    const struct board_images *images = &board->host.images;
    struct board_entry entry;

    if (board->cold)
        board->clear(board, board->ram_base, board->ram_size);
    if (!images->load(images->owner, board, &entry)) {
        board->power = BOARD_FAILED;
        return false;
    }
    drop_translations(board);
    reset_devices(board);
    harts_reset(board, from, to, entry.pc, entry.dtb);
    board->power = BOARD_ON;
    board->restarts++;
    return true;
}
