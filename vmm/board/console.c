/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.c - the host's console and a 16550 UART. Transmission is immediate; the receiver
 * holds one byte. Registers: National Semiconductor PC16550D.
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
#define IIR_THR_EMPTY 0x02
#define IIR_DATA_READY 0x04
#define IIR_FIFO 0xc0
#define FCR_FIFO 0x01
#define MSR_CONNECTED 0xb0 /* DCD, DSR, CTS */
#define IER_DATA_READY 0x01
#define IER_THR_EMPTY 0x02
#define IER_MASK 0x0f
#define MCR_MASK 0x1f
#define MCR_LOOP 0x10

const struct state_field console_state[] = {
    STATE_FIELD(struct console, ahead),
    STATE_FIELD(struct console, ended),
    STATE_FIELD(struct console, uart.ier),
    STATE_FIELD(struct console, uart.lcr),
    STATE_FIELD(struct console, uart.mcr),
    STATE_FIELD(struct console, uart.scr),
    STATE_FIELD(struct console, uart.dll),
    STATE_FIELD(struct console, uart.dlm),
    STATE_FIELD(struct console, uart.fifo),
    STATE_FIELD(struct console, uart.sent),
    STATE_END,
};

void console_init(struct console *console)
{
    *console = (struct console){.ahead = -1};
}

/* In loop mode the byte that is held has never been typed. */
void console_reset(struct console *console)
{
    if (console->uart.mcr & MCR_LOOP)
        console->ahead = -1;
    console->uart = (struct uart){.ier = 0};
}

void console_write(struct board *board, const uint8_t *bytes, uint32_t len)
{
    if (board->host.console_out && len)
        board->host.console_out(board->host.owner, bytes, len);
}

/* Fetches the next byte without consuming it: LSR says whether there is one. */
static int peek(struct board *board)
{
    struct console *console = &board->console;
    int byte;

    if (console->ahead >= 0 || console->ended || !board->host.console_in)
        return console->ahead;
    byte = board->host.console_in(board->host.owner);
    console->ended = byte == BOARD_INPUT_ENDED;
    console->ahead = byte < 0 ? -1 : (int16_t)byte;
    board->next = 0;
    return console->ahead;
}

bool console_open(const struct board *board)
{
    return board->console.ahead >= 0 || (!board->console.ended && board->host.console_in);
}

bool console_listens(const struct board *board)
{
    const struct console *console = &board->console;

    return console->uart.ier & IER_DATA_READY && console->ahead < 0 && console_open(board);
}

void console_look(struct board *board)
{
    (void)peek(board);
}

/*
 * The interrupt's identification in IIR: received data has priority over an empty transmitter.
 */
static uint32_t uart_cause(const struct console *console)
{
    const struct uart *uart = &console->uart;

    if (uart->ier & IER_DATA_READY && console->ahead >= 0)
        return IIR_DATA_READY;
    if (uart->ier & IER_THR_EMPTY && uart->sent)
        return IIR_THR_EMPTY;
    return IIR_NO_INTERRUPT;
}

bool console_pending(const struct console *console)
{
    return uart_cause(console) != IIR_NO_INTERRUPT;
}

int console_read(struct board *board)
{
    int byte = peek(board);

    board->console.ahead = -1;
    board->next = 0;
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

/* Reading IIR acknowledges the empty transmitter, if that is what it reports. */
static uint32_t load_iir(struct console *console)
{
    uint32_t cause = uart_cause(console);

    if (cause == IIR_THR_EMPTY)
        console->uart.sent = false;
    return cause | (console->uart.fifo ? IIR_FIFO : 0);
}

/* In loop mode the modem lines are the outputs of MCR: DTR, RTS, OUT1, OUT2. */
static uint32_t modem_status(const struct uart *uart)
{
    uint8_t mcr = uart->mcr;

    if (!(mcr & MCR_LOOP))
        return MSR_CONNECTED;
    return (mcr & 0x0cu) << 4 | (mcr & 0x02u) << 3 | (mcr & 0x01u) << 5;
}

uint32_t console_uart_load(struct board *board, unsigned offset)
{
    const struct uart *uart = &board->console.uart;

    switch ((enum uart_register)offset) {
    case UART_DATA: return load_data(board);
    case UART_IER: return uart->lcr & LCR_DLAB ? uart->dlm : uart->ier;
    case UART_IIR: return load_iir(&board->console);
    case UART_LCR: return uart->lcr;
    case UART_MCR: return uart->mcr;
    case UART_LSR: return line_status(board);
    case UART_MSR: return modem_status(uart);
    case UART_SCR: return uart->scr;
    }
    return 0;
}

static void store_data(struct board *board, uint8_t value)
{
    struct uart *uart = &board->console.uart;

    if (uart->lcr & LCR_DLAB) {
        uart->dll = value;
        return;
    }
    if (uart->mcr & MCR_LOOP)
        board->console.ahead = value;
    else
        console_write(board, &value, 1);
    uart->sent = true;
}

/* The transmitter is empty already when its interrupt is enabled. */
static void store_ier(struct uart *uart, uint8_t value)
{
    uint8_t enabled = value & IER_MASK;

    if (uart->lcr & LCR_DLAB) {
        uart->dlm = value;
        return;
    }
    if ((enabled ^ uart->ier) & IER_THR_EMPTY)
        uart->sent = enabled & IER_THR_EMPTY;
    uart->ier = enabled;
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
