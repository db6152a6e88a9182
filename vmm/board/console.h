/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.h - the console: bytes to and from the host, and the UART 16550 in front of it. The
 * firmware's console calls (sbi.c) use the same bytes.
 */
#ifndef PZ_VMM_BOARD_CONSOLE_H
#define PZ_VMM_BOARD_CONSOLE_H

#include "vmm/board/board.h"

extern const struct state_field console_state[];

void console_init(struct console *console);

/* The UART is out of reset. What was typed and not yet read is still to be read. */
void console_reset(struct console *console);

void console_write(struct board *board, const uint8_t *bytes, uint32_t len);

/* The next byte typed, or -1. */
int console_read(struct board *board);

/* The UART's interrupt line. */
bool console_pending(const struct console *console);

/* May there be more to read, now or later? */
bool console_open(const struct board *board);

/* Is a byte to interrupt when it comes? Then the board looks for one from time to time. */
bool console_listens(const struct board *board);
void console_look(struct board *board);

/* Registers of the UART, offset 0 to 7. Wider accesses than a byte see the byte, zero-extended. */
uint32_t console_uart_load(struct board *board, unsigned offset);
void console_uart_store(struct board *board, unsigned offset, uint8_t value);

#endif
