/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uart.h - a UART 16550A in front of the console. Whatever is sent has left at once. What is typed
 * waits in front of the receiver until it is read, so that none of it is ever lost; the FIFO of 16
 * bytes holds what loop mode sends back.
 */
#ifndef PZ_VMM_BOARD_UART_H
#define PZ_VMM_BOARD_UART_H

#include "vmm/board/board.h"

/* As firmware leaves it: 8 bits, FIFOs on, 115200 baud. What was typed is still to be read. */
void uart_reset(struct uart *uart);

/* The interrupt line, at the board's time. */
bool uart_pending(const struct board *board);

/* `time` after `now` at which it may rise although nothing has happened; or BOARD_NEVER. */
uint64_t uart_alarm(const struct uart *uart, uint64_t now);

/* Is a byte to interrupt when it is typed? Then the board looks for one from time to time. */
bool uart_listens(const struct board *board);

/* Registers, by offset. Wider accesses than a byte see the byte, zero-extended. */
uint32_t uart_load(struct board *board, unsigned offset);
void uart_store(struct board *board, unsigned offset, uint8_t value);

#endif
