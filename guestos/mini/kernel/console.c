/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.c - the line discipline. Characters are echoed and edited in a ring until the line is
 * complete; only complete lines are read. There is no interrupt for input: we look
 * (console_poll).
 *
 *   ring:   ... read ... line ... edit ...      read: the next byte for a reader
 *               |complete | being |             line: where complete lines end
 *               |lines    | typed |             edit: where the next character goes
 */
#include "console.h"

#include <stdbool.h>

#include "copy.h"
#include "kill.h"
#include "print.h"
#include "sbi.h"
#include "sched.h"
#include "spin.h"

#define CONTROL(c) ((c) - '@')

enum {
    RING_SIZE = 256,
    CHUNK = 128, /* of output: what is copied from a program at a time */
    DELETE = 0x7f,
};

static struct spinlock lock = SPINLOCK(LOCK_CONSOLE);
static char ring[RING_SIZE];
static uint32_t read_at, line_at, edit_at;
static int foreground;

static void erase_one(void)
{
    edit_at--;
    print_text("\b \b", 3);
}

static void complete_line(void)
{
    line_at = edit_at;
    sched_wakeup(&read_at);
}

static void add_char(char c)
{
    ring[edit_at++ % RING_SIZE] = c;
    if (c != CONTROL('D'))
        print_text(&c, 1);
    if (c == '\n' || c == CONTROL('D') || edit_at - read_at == RING_SIZE)
        complete_line();
}

static void interrupt(void)
{
    edit_at = line_at;
    print_text("^C\n", 3);
    if (foreground)
        kill_group(foreground);
    else
        add_char('\n'); /* an empty line gets the shell to prompt again */
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

/* What does not fit the ring stays with the firmware: a script fed to us loses nothing. */
static void poll(void)
{
    char c;

    while (edit_at - read_at < RING_SIZE && sbi_console_read(&c, 1) == 1)
        input(c);
}

void console_poll(void)
{
    spin_lock(&lock);
    poll();
    spin_unlock(&lock);
}

static int wait_for_line(void)
{
    int error = 0;

    poll();
    while (error == 0 && read_at == line_at)
        error = sched_sleep(&read_at, &lock);
    return error;
}

/* One line at most. ^D ends the read where it is: at the start of a line that is 0 bytes. */
static int32_t read_one_line(uint32_t va, uint32_t n)
{
    int error = wait_for_line();
    uint32_t done = 0;

    while (error == 0 && done < n && read_at != line_at) {
        char c = ring[read_at % RING_SIZE];

        if (c != CONTROL('D'))
            error = copy_to_user(va + done, &c, 1);
        if (error < 0)
            break;
        read_at++;
        if (c == CONTROL('D'))
            break;
        done++;
        if (c == '\n')
            break;
    }
    return done || error == 0 ? (int32_t)done : error;
}

int32_t console_read(uint32_t va, uint32_t n)
{
    int32_t got;

    spin_lock(&lock);
    got = read_one_line(va, n);
    spin_unlock(&lock);
    return got;
}

int32_t console_write(uint32_t va, uint32_t n)
{
    char chunk[CHUNK];
    uint32_t done = 0;

    while (done < n) {
        uint32_t part = n - done < CHUNK ? n - done : CHUNK;
        int error = copy_from_user(chunk, va + done, part);

        if (error < 0)
            return done ? (int32_t)done : error;
        print_text(chunk, part);
        done += part;
    }
    return (int32_t)done;
}

void console_set_foreground(int group)
{
    spin_lock(&lock);
    foreground = group;
    spin_unlock(&lock);
}
