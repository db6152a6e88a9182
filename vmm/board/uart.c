/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uart.c - the registers of a National Semiconductor PC16550D, with the FIFO interrupts of the
 * receiver: at the trigger level, or below it when nothing has happened for four characters. Where
 * the data sheet leaves a choice, or software relies on more, it follows QEMU: enabling the
 * transmitter's interrupt raises it, and so does clearing its FIFO.
 */
#include "vmm/board/uart.h"

#include <string.h>

#include "vmm/board/console.h"

#define LCR_8_BITS 0x03
#define LSR_DATA_READY 0x01
#define LSR_OVERRUN 0x02
#define LSR_THR_EMPTY 0x20
#define LSR_IDLE 0x40
#define IIR_NO_INTERRUPT 0x01
#define IIR_THR_EMPTY 0x02
#define IIR_DATA_READY 0x04
#define IIR_LINE_STATUS 0x06
#define IIR_TIMEOUT 0x0c
#define IIR_FIFO 0xc0
#define FCR_FIFO 0x01
#define FCR_CLEAR_RECEIVER 0x02
#define FCR_CLEAR_TRANSMITTER 0x04
#define MSR_CONNECTED 0xb0 /* DCD, DSR, CTS */
#define IER_DATA_READY 0x01
#define IER_THR_EMPTY 0x02
#define IER_LINE_STATUS 0x04
#define MCR_LOOP 0x10
#define DIVISOR_115200 (BOARD_UART_HZ / (16 * 115200))

void uart_reset(struct uart *uart)
{
    *uart = (struct uart){.at = {[UART_LCR] = LCR_8_BITS, [UART_FCR] = FCR_FIFO},
                          .latch = {DIVISOR_115200},
                          .silent = BOARD_NEVER};
}

/* ---- The receiver ---- */

/* In ticks. A character: a start bit, 5 to 8 bits, perhaps a parity bit, 1 or 2 stop bits. */
static uint32_t four_characters(const struct uart *uart)
{
    uint8_t lcr = uart->at[UART_LCR];
    uint32_t bits = 7 + (lcr & 3u) + (lcr >> 2 & 1u) + (lcr >> 3 & 1u);
    uint32_t divisor = (uint32_t)uart->latch[1] << 8 | uart->latch[0];

    return bits * divisor * (4 * 16 * (uint64_t)BOARD_TIMEBASE_HZ / BOARD_UART_HZ);
}

/* A byte has arrived or was read: the receiver's timeout starts again. */
static void stirred(struct board *board)
{
    struct uart *uart = &board->console.uart;

    uart->silent = board->now + four_characters(uart);
}

/* A byte that arrives at a full receiver is lost; without FIFOs, it replaces the old one. */
static void receive(struct board *board, uint8_t byte)
{
    struct uart *uart = &board->console.uart;
    unsigned room = uart->at[UART_FCR] & FCR_FIFO ? sizeof uart->looped : 1;

    stirred(board);
    if (uart->count >= room) {
        uart->overrun = 1;
        if (room > 1)
            return;
        uart->count = 0;
    }
    uart->looped[uart->count++] = byte;
}

/* Is a typed byte waiting? Loop mode disconnects the line. */
static bool is_typed(const struct console *console)
{
    return console->ahead >= 0 && !(console->uart.at[UART_MCR] & MCR_LOOP);
}

static uint32_t load_data(struct board *board)
{
    struct uart *uart = &board->console.uart;
    uint8_t byte = uart->looped[0];

    if (!uart->count) {
        int typed = uart->at[UART_MCR] & MCR_LOOP ? -1 : console_read(board);

        return typed < 0 ? 0 : (uint32_t)typed;
    }
    uart->count--;
    memmove(uart->looped, uart->looped + 1, uart->count);
    stirred(board);
    return byte;
}

/* A typed byte counts as waiting for long: there is no FIFO for these. */
static uint32_t receiver_cause(const struct board *board)
{
    static const uint8_t levels[] = {1, 4, 8, 14};
    const struct uart *uart = &board->console.uart;
    bool fifo = uart->at[UART_FCR] & FCR_FIFO, typed = is_typed(&board->console);
    unsigned level = fifo ? levels[uart->at[UART_FCR] >> 6] : 1;

    if (fifo && uart->count && board->now >= uart->silent)
        return IIR_TIMEOUT;
    if ((unsigned)uart->count + typed >= level)
        return IIR_DATA_READY;
    return typed ? IIR_TIMEOUT : IIR_NO_INTERRUPT;
}

uint64_t uart_alarm(const struct uart *uart, uint64_t now)
{
    bool waits =
        uart->at[UART_IER] & IER_DATA_READY && uart->at[UART_FCR] & FCR_FIFO && uart->count;

    return waits && uart->silent > now ? uart->silent : BOARD_NEVER;
}

bool uart_listens(const struct board *board)
{
    const struct console *console = &board->console;

    return console->uart.at[UART_IER] & IER_DATA_READY && console->ahead < 0 &&
           console_open(board);
}

/* ---- Interrupts: IIR names the one of highest priority ---- */

static uint32_t cause(const struct board *board)
{
    const struct uart *uart = &board->console.uart;
    uint32_t cause = IIR_NO_INTERRUPT;

    if (uart->at[UART_IER] & IER_LINE_STATUS && uart->overrun)
        return IIR_LINE_STATUS;
    if (uart->at[UART_IER] & IER_DATA_READY)
        cause = receiver_cause(board);
    if (cause == IIR_NO_INTERRUPT && uart->at[UART_IER] & IER_THR_EMPTY && uart->sent)
        return IIR_THR_EMPTY;
    return cause;
}

bool uart_pending(const struct board *board)
{
    return cause(board) != IIR_NO_INTERRUPT;
}

/* Reading IIR acknowledges the empty transmitter, if that is what it reports. */
static uint32_t load_iir(struct board *board)
{
    struct uart *uart = &board->console.uart;
    uint32_t reported = cause(board);

    if (reported == IIR_THR_EMPTY)
        uart->sent = false;
    return reported | (uart->at[UART_FCR] & FCR_FIFO ? IIR_FIFO : 0);
}

/* ---- Registers ---- */

/* Reading LSR acknowledges the overrun. */
static uint32_t load_lsr(struct board *board)
{
    struct uart *uart = &board->console.uart;
    uint32_t status = LSR_THR_EMPTY | LSR_IDLE;

    if (!(uart->at[UART_MCR] & MCR_LOOP))
        (void)console_peek(board);
    if (uart->count || is_typed(&board->console))
        status |= LSR_DATA_READY;
    if (uart->overrun)
        status |= LSR_OVERRUN;
    uart->overrun = 0;
    return status;
}

/* In loop mode the modem lines are the outputs of MCR: DTR, RTS, OUT1, OUT2. */
static uint32_t load_msr(const struct uart *uart)
{
    uint8_t mcr = uart->at[UART_MCR];

    if (!(mcr & MCR_LOOP))
        return MSR_CONNECTED;
    return (mcr & 0x0cu) << 4 | (mcr & 0x02u) << 3 | (mcr & 0x01u) << 5;
}

/* With DLAB the divisor's latch is in the place of the first two registers. */
static bool is_latch(const struct uart *uart, unsigned offset)
{
    return offset < 2 && uart->at[UART_LCR] & UART_LCR_DLAB;
}

uint32_t uart_load(struct board *board, unsigned offset)
{
    const struct uart *uart = &board->console.uart;

    if (is_latch(uart, offset))
        return uart->latch[offset];
    switch (offset) {
    case UART_DATA: return load_data(board);
    case UART_FCR: return load_iir(board);
    case UART_LSR: return load_lsr(board);
    case UART_MSR: return load_msr(uart);
    default: return uart->at[offset];
    }
}

static void send(struct board *board, uint8_t byte)
{
    struct uart *uart = &board->console.uart;

    if (uart->at[UART_MCR] & MCR_LOOP)
        receive(board, byte);
    else
        console_write(board, &byte, 1);
    uart->sent = true;
}

/* The transmitter is empty already when its interrupt is enabled. */
static void enable(struct uart *uart, uint8_t value)
{
    if ((value ^ uart->at[UART_IER]) & IER_THR_EMPTY)
        uart->sent = value & IER_THR_EMPTY;
}

/* Enabling or disabling FIFOs clears them. */
static void control_fifos(struct uart *uart, uint8_t value)
{
    if ((value ^ uart->at[UART_FCR]) & FCR_FIFO)
        value |= FCR_CLEAR_RECEIVER | FCR_CLEAR_TRANSMITTER;
    if (value & FCR_CLEAR_RECEIVER)
        uart->count = 0;
    if (value & FCR_CLEAR_TRANSMITTER)
        uart->sent = true;
}

void uart_store(struct board *board, unsigned offset, uint8_t value)
{
    /* Writable bits; LSR and MSR are read-only. */
    static const uint8_t masks[UART_REGISTERS] = {
        [UART_IER] = 0x0f, [UART_FCR] = 0xc9, [UART_LCR] = 0xff,
        [UART_MCR] = 0x1f, [UART_SCR] = 0xff,
    };
    struct uart *uart = &board->console.uart;

    if (is_latch(uart, offset)) {
        uart->latch[offset] = value;
        return;
    }
    switch (offset) {
    case UART_DATA: send(board, value); break;
    case UART_IER: enable(uart, value); break;
    case UART_FCR: control_fifos(uart, value); break;
    default: break;
    }
    uart->at[offset] = value & masks[offset];
}
