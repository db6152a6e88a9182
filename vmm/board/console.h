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

/* The next byte typed, or -1; and the same, but it stays the next. */
int console_read(struct board *board);
int console_peek(struct board *board);

/* May there be more to read, now or later? */
bool console_open(const struct board *board);

#endif
