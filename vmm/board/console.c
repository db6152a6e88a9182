/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.c - the host's bytes, and a polled 16550 in front of them. It has no interrupt: the
 * board has no interrupt controller yet. Register layout: National Semiconductor PC16550D.
 */
#include "vmm/board/console.h"

enum uart_register {
    UART_DATA = 0, /* RBR, THR; DLL with DLAB */
    UART_IER = 1,  /* DLM with DLAB */
    UART_IIR = 2,  /* FCR when written */
    UART_LCR = 3,
    UART_MCR = 4,
    UART_LSR = 5,
    UART_MSR = 6,
    UART_SCR = 7,
};

#define LCR_DLAB 0x80
#define LSR_DATA_READY 0x01
#define LSR_THR_EMPTY 0x20
#define LSR_IDLE 0x40
#define IIR_NO_INTERRUPT 0x01
#define IIR_FIFO 0xc0
#define FCR_FIFO 0x01
#define MSR_CONNECTED 0xb0 /* DCD, DSR, CTS */
#define IER_MASK 0x0f
#define MCR_MASK 0x1f

void console_init(struct console *console)
{
    *console = (struct console){.ahead = -1};
}

void console_write(struct board *board, const uint8_t *bytes, uint32_t len)
{
    if (board->host.console_out && len)
        board->host.console_out(board->host.owner, bytes, len);
}

/* Look at the next byte without taking it: LSR says whether there is one. */
static int peek(struct board *board)
{
    if (board->console.ahead < 0 && board->host.console_in)
        board->console.ahead = (int16_t)board->host.console_in(board->host.owner);
    return board->console.ahead;
}

int console_read(struct board *board)
{
    int byte = peek(board);

    board->console.ahead = -1;
    return byte;
}

static uint32_t load_data(struct board *board)
{
    int byte;

    if (board->console.uart.lcr & LCR_DLAB)
        return board->console.uart.dll;
    byte = console_read(board);
    return byte < 0 ? 0 : (uint32_t)byte;
}

static uint32_t line_status(struct board *board)
{
    return LSR_THR_EMPTY | LSR_IDLE | (peek(board) < 0 ? 0 : LSR_DATA_READY);
}

uint32_t console_uart_load(struct board *board, unsigned offset)
{
    const struct uart *uart = &board->console.uart;

    switch ((enum uart_register)offset) {
    case UART_DATA: return load_data(board);
    case UART_IER: return uart->lcr & LCR_DLAB ? uart->dlm : uart->ier;
    case UART_IIR: return IIR_NO_INTERRUPT | (uart->fifo ? IIR_FIFO : 0);
    case UART_LCR: return uart->lcr;
    case UART_MCR: return uart->mcr;
    case UART_LSR: return line_status(board);
    case UART_MSR: return MSR_CONNECTED;
    case UART_SCR: return uart->scr;
    }
    return 0;
}

static void store_data(struct board *board, uint8_t value)
{
    if (board->console.uart.lcr & LCR_DLAB)
        board->console.uart.dll = value;
    else
        console_write(board, &value, 1);
}

static void store_ier(struct uart *uart, uint8_t value)
{
    if (uart->lcr & LCR_DLAB)
        uart->dlm = value;
    else
        uart->ier = value & IER_MASK;
}

void console_uart_store(struct board *board, unsigned offset, uint8_t value)
{
    struct uart *uart = &board->console.uart;

    switch ((enum uart_register)offset) {
    case UART_DATA: store_data(board, value); break;
    case UART_IER: store_ier(uart, value); break;
    case UART_IIR: uart->fifo = value & FCR_FIFO; break;
    case UART_LCR: uart->lcr = value; break;
    case UART_MCR: uart->mcr = value & MCR_MASK; break;
    case UART_LSR:
    case UART_MSR: break; /* read-only */
    case UART_SCR: uart->scr = value; break;
    }
}
