/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uart.h - a UART 16550A in front of the console. Transmission takes no time. Typed bytes wait in
 * front of the receiver until they are read, so that none is ever lost; the FIFO of 16 bytes holds
 * only bytes sent in loop mode.
 */
#ifndef PZ_VMM_BOARD_UART_H
#define PZ_VMM_BOARD_UART_H

#include "vmm/board/board.h"

/* Reset to the state that firmware leaves: 8 bits, FIFOs on, 115200 baud. Typed bytes remain. */
void uart_reset(struct uart *uart);

/* The state of the interrupt line at the board's time. */
bool uart_pending(const struct board *board);

/* The `time` after `now` at which the line may rise by timeout; or BOARD_NEVER. */
uint64_t uart_alarm(const struct uart *uart, uint64_t now);

/* Do typed bytes interrupt? Then the board polls for them. */
bool uart_listens(const struct board *board);

/* Access a register by offset. Accesses wider than a byte see the byte, zero-extended. */
uint32_t uart_load(struct board *board, unsigned offset);
void uart_store(struct board *board, unsigned offset, uint8_t value);

#endif
