/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.c - passes bytes to and from the host's console. The next byte typed is held here until
 * the UART, the firmware or a virtio console reads it.
 */
#include "vmm/board/console.h"

#include "vmm/board/uart.h"

const struct state_field console_state[] = {
    STATE_FIELD(struct console, ahead),       STATE_FIELD(struct console, ended),
    STATE_ARRAY(struct console, uart.at),     STATE_ARRAY(struct console, uart.latch),
    STATE_FIELD(struct console, uart.sent),   STATE_FIELD(struct console, uart.overrun),
    STATE_FIELD(struct console, uart.count),  STATE_ARRAY(struct console, uart.looped),
    STATE_FIELD(struct console, uart.silent), STATE_END,
};

void console_init(struct console *console)
{
    *console = (struct console){.ahead = -1};
    uart_reset(&console->uart);
}

void console_write(struct board *board, const uint8_t *bytes, uint32_t len)
{
    if (board->host.console_out && len)
        board->host.console_out(board->host.owner, bytes, len);
}

int console_peek(struct board *board)
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

int console_read(struct board *board)
{
    int byte = console_peek(board);

    board->console.ahead = -1;
    board->next = 0;
    return byte;
}
