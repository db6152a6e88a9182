/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.h - the console: bytes to and from the host. The UART (uart.h), the firmware's console
 * calls (sbi.c) and the virtio console use the same bytes.
 */
#ifndef PZ_VMM_BOARD_CONSOLE_H
#define PZ_VMM_BOARD_CONSOLE_H

#include "vmm/board/board.h"

extern const struct state_field console_state[];

void console_init(struct console *console);

void console_write(struct board *board, const uint8_t *bytes, uint32_t len);

/* Take the next byte typed, or peek at it; -1: none. */
int console_read(struct board *board);
int console_peek(struct board *board);

/* Can there be more to read, now or later? */
bool console_open(const struct board *board);

#endif
