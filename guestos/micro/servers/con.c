/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * con.c - the console server: the driver of the UART (16550), and the line discipline. Characters
 * are echoed and edited in a ring until the line is complete; only complete lines are read.
 * Readers wait in a queue, each by its own reply capability, which the process server handed on.
 *
 *   ring:   ... read ... line ... edit ...      read: the next byte for a reader
 *               |complete | being |             line: where complete lines end
 *               |lines    | typed |             edit: where the next character goes
 */
#include "server.h"

#define CONTROL(c) ((c) - '@')
#define UART(n) (*(volatile uint8_t *)(DEVICE + (n)))

enum {
    UART_DATA = 0,
    UART_IER = 1,
    UART_LSR = 5,
    IER_RECEIVED = 1,
    LSR_READY = 0x01,
    LSR_CAN_SEND = 0x20,
    UART_IRQ = 10,
    RING_SIZE = 256,
    DELETE = 0x7f,
    READER_SLOT = 32, /* and up: the reply capability of each process */
};

struct reader {
    uint32_t client, size;
};

static char ring[RING_SIZE];
static uint32_t read_at, line_at, edit_at;
static struct reader readers[MAX_PROCESSES]; /* in the order they came */
static uint32_t waiting;

void server_main(void);

static void put(const char *text, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        while (!(UART(UART_LSR) & LSR_CAN_SEND))
            ;
        UART(UART_DATA) = (uint8_t)text[i];
    }
}

static void erase_one(void)
{
    edit_at--;
    put("\b \b", 3);
}

static void add_char(char c)
{
    ring[edit_at++ % RING_SIZE] = c;
    if (c != CONTROL('D'))
        put(&c, 1);
    if (c == '\n' || c == CONTROL('D') || edit_at - read_at == RING_SIZE)
        line_at = edit_at;
}

/* Whether there is a program to end, the process server knows; the shell prompts again. */
static void interrupt(void)
{
    edit_at = line_at;
    put("^C\n", 3);
    kcall_signal(S_PROC);
}

/* Other control characters would only spoil the screen. */
static bool is_text(char c)
{
    return (unsigned char)c >= ' ' || c == '\n' || c == '\t' || c == CONTROL('D');
}

static void input(char c)
{
    switch (c) {
    case CONTROL('C'): interrupt(); break;
    case CONTROL('U'):
        while (edit_at != line_at)
            erase_one();
        break;
    case CONTROL('H'):
    case DELETE:
        if (edit_at != line_at)
            erase_one();
        break;
    case '\r': add_char('\n'); break;
    default:
        if (is_text(c))
            add_char(c);
        break;
    }
}

/* One line at most. ^D ends the read where it is: at the start of a line that is 0 bytes. */
static uint32_t take_line(char *to, uint32_t n)
{
    uint32_t done = 0;

    while (done < n && read_at != line_at) {
        char c = ring[read_at++ % RING_SIZE];

        if (c == CONTROL('D'))
            break;
        to[done++] = c;
        if (c == '\n')
            break;
    }
    return done;
}

static void serve_first(void)
{
    const struct reader *r = &readers[0];
    struct message m = {.word = {take_line(letter(r->client), r->size)}};

    ipc_reply(&m, READER_SLOT + r->client);
    waiting--;
    memmove(readers, readers + 1, waiting * sizeof(readers[0]));
}

/* What does not fit the ring stays in the device, whose interrupt then stays masked. */
static void poll(void)
{
    while (edit_at - read_at < RING_SIZE && UART(UART_LSR) & LSR_READY) {
        input((char)UART(UART_DATA));
        if (waiting > 0 && read_at != line_at)
            serve_first();
    }
    while (waiting > 0 && read_at != line_at)
        serve_first();
    if (edit_at - read_at < RING_SIZE)
        kcall_irq_ack(S_IRQ, UART_IRQ);
}

/* word[0]: whose letter; word[1]: how much. The capability for the reply came along. */
static void read_line(const struct message *m)
{
    uint32_t client = m->word[0];

    if (client >= MAX_PROCESSES || waiting == MAX_PROCESSES ||
        kcall_cap_copy(S_SELF, READER_SLOT + client, S_PLACE, 0, RIGHT_ALL) < 0)
        return;
    readers[waiting++] =
        (struct reader){client, m->word[1] < PAGE_BYTES ? m->word[1] : PAGE_BYTES};
    poll();
}

static void cancel(uint32_t client)
{
    for (uint32_t i = 0; i < waiting; i++) {
        if (readers[i].client != client)
            continue;
        kcall_cap_drop(S_SELF, READER_SLOT + client);
        waiting--;
        memmove(readers + i, readers + i + 1, (waiting - i) * sizeof(readers[0]));
        return;
    }
}

static void write_letter(const struct message *m)
{
    uint32_t n = m->word[2] < PAGE_BYTES ? m->word[2] : PAGE_BYTES;

    if (m->word[0] < LETTER_COUNT && m->word[1] <= PAGE_BYTES - n)
        put(letter(m->word[0]) + m->word[1], n);
}

static bool handle(struct message *m)
{
    if (m->tag & TAG_SIGNAL) {
        poll();
        return false;
    }
    switch (m->tag & TAG_LABEL) {
    case CON_WRITE: write_letter(m); break;
    case CON_READ: read_line(m); return false; /* a send: the reply is the client's */
    case CON_CANCEL: cancel(m->word[0]); break;
    case CON_RESET: waiting = 0; break;
    case CON_NEWLINE: /* to a shell that waits: nobody was there to be interrupted */
        add_char('\n');
        poll();
        break;
    }
    m->tag = 0;
    m->word[0] = 0;
    return true;
}

void server_main(void)
{
    UART(UART_IER) = IER_RECEIVED;
    poll(); /* for what the one before us was interrupted by, and did not deal with */
    server_loop(handle, S_PLACE);
}
