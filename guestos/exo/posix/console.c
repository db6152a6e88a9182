/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.c - the line discipline, in the library: echo, editing, ^C and ^D. The kernel gives
 * what was typed to the group that has the console, and prints what is in a page of ours.
 *
 *   ring:   ... read ... line ... edit ...
 *               |complete | being typed
 */
#include "format.h"
#include "posix.h"
#include "string.h"

#define CONTROL(c) ((c) - '@')

enum { CHUNK = 1024, INPUT = 4000, DELETE = 0x7f }; /* INPUT: the byte that is read to */

static void say(const char *text, uint32_t n)
{
    memcpy(shared->console, text, n);
    exo_console_write(shared->console_page, 0, n);
}

static void flush(struct sink *s)
{
    exo_console_write(shared->console_page, 0, s->used);
    s->used = 0;
}

void console_say(const char *fmt, ...)
{
    struct sink s = {.buffer = shared->console, .size = CHUNK, .flush = flush};
    va_list args;

    va_start(args, fmt);
    format(&s, fmt, args);
    va_end(args);
}

static void erase_one(void)
{
    shared->edit_at--;
    say("\b \b", 3);
}

static void add_char(char c)
{
    shared->ring[shared->edit_at++ % RING_SIZE] = c;
    if (c != CONTROL('D'))
        say(&c, 1);
    if (c == '\n' || c == CONTROL('D') || shared->edit_at - shared->read_at == RING_SIZE) {
        shared->line_at = shared->edit_at;
        proc_wakeup(&shared->read_at);
    }
}

static void interrupt(void)
{
    shared->edit_at = shared->line_at;
    say("^C\n", 3);
    if (shared->foreground)
        proc_kill_group(shared->foreground);
    else
        add_char('\n');
}

static bool is_text(char c)
{
    return (unsigned char)c >= ' ' || c == '\n' || c == '\t' || c == CONTROL('D');
}

static void input(char c)
{
    switch (c) {
    case CONTROL('C'): interrupt(); break;
    case CONTROL('U'):
        while (shared->edit_at != shared->line_at)
            erase_one();
        break;
    case CONTROL('H'):
    case DELETE:
        if (shared->edit_at != shared->line_at)
            erase_one();
        break;
    case '\r': add_char('\n'); break;
    default:
        if (is_text(c))
            add_char(c);
        break;
    }
}

/* What does not fit the ring stays with the firmware. */
void console_poll(void)
{
    while (shared->edit_at - shared->read_at < RING_SIZE &&
           exo_console_read(shared->console_page, INPUT, 1) == 1)
        input(shared->console[INPUT]);
}

/* One line at most. ^D ends the read where it is. */
int32_t console_read(uint32_t va, uint32_t n)
{
    uint32_t done = 0;
    int32_t error = 0;

    for (console_poll(); shared->read_at == shared->line_at; console_poll())
        proc_sleep(&shared->read_at, exo_time() + shared->tick_length);
    while (done < n && shared->read_at != shared->line_at) {
        char c = shared->ring[shared->read_at % RING_SIZE];

        if (c != CONTROL('D'))
            error = copy_to_user(va + done, &c, 1);
        if (error < 0)
            break;
        shared->read_at++;
        if (c == CONTROL('D'))
            break;
        done++;
        if (c == '\n')
            break;
    }
    return done || error == 0 ? (int32_t)done : error;
}

int32_t console_write(uint32_t va, uint32_t n)
{
    for (uint32_t done = 0; done < n;) {
        uint32_t part = n - done < CHUNK ? n - done : CHUNK;
        int32_t error = copy_from_user(shared->console, va + done, part);

        if (error < 0)
            return done ? (int32_t)done : error;
        exo_console_write(shared->console_page, 0, part);
        done += part;
    }
    return (int32_t)n;
}
