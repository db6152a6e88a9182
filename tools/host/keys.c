/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keys.c - the table of Ctrl-A commands. */
#include "tools/host/keys.h"

#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/host/session_state.h"

#define CTRL_A 0x01

/* One line, not longer than the screen is wide. */
static void say(struct session *session, const char *text)
{
    unsigned width = terminal_width(STDOUT_FILENO);
    int most = width > 1 ? (int)width - 1 : 80;

    fprintf(consoles_interject(&session->consoles), "%.*s\n", most, text);
}

static void say_focus(struct session *session)
{
    char text[48];

    snprintf(text, sizeof text, "-- the keyboard is vm%u's", session->focus);
    say(session, text);
}

static void set_focus(struct session *session, unsigned vm)
{
    if (vm < session->count)
        session->focus = vm;
    consoles_set_front(&session->consoles, session->focus);
    say_focus(session);
}

static void next(struct session *session)
{
    set_focus(session, (session->focus + 1) % session->count);
}

static void previous(struct session *session)
{
    set_focus(session, (session->focus + session->count - 1) % session->count);
}

static void pause_vm(struct session *session)
{
    char text[48];

    if (!session->ops->pause)
        return;
    snprintf(text, sizeof text, "-- vm%u %s", session->focus,
             session->ops->pause(session->machine, session->focus) ? "is paused" : "goes on");
    say(session, text);
}

static void show_stats(struct session *session)
{
    if (session->ops->stats)
        session->ops->stats(session->machine, consoles_interject(&session->consoles));
}

static void show_map(struct session *session)
{
    if (session->ops->map)
        session->ops->map(session->machine, consoles_interject(&session->consoles));
}

static void quit(struct session *session)
{
    session->quit = true;
}

static void literal(struct session *session)
{
    input_key(&session->ports[session->focus].input, CTRL_A);
}

static void help(struct session *session);

static const struct key_row {
    const char *keys, *name, *help;
    void (*act)(struct session *session);
} rows[] = {
    {"n", "n", "the keyboard goes to the next VM", next},
    {"p", "p", "the keyboard goes to the previous VM", previous},
    {" ", "space", "pause the VM that has the keyboard, or let it go on", pause_vm},
    {"s", "s", "the bill of exits so far", show_stats},
    {"m", "m", "who has page 0", show_map},
    {"xq", "x, q", "quit", quit},
    {"a\001", "a", "type a Ctrl-A", literal},
    {"?h", "?", "this text", help},
};
#define ROWS (sizeof rows / sizeof rows[0])

static void help(struct session *session)
{
    char text[96];

    say(session, "-- Ctrl-A, then:");
    say(session, "   0 to 9  the keyboard goes to that VM");
    for (unsigned i = 0; i < ROWS; i++) {
        snprintf(text, sizeof text, "   %-6s  %s", rows[i].name, rows[i].help);
        say(session, text);
    }
}

void keys_greet(struct session *session)
{
    say(session, "-- Ctrl-A ? for help, Ctrl-A x to quit");
    if (session->count > 1)
        say_focus(session);
}

/* The next VM that has not ended; the same one if all have. */
static unsigned next_left(const struct session *session)
{
    unsigned vm = session->focus;

    for (unsigned i = 0; i < session->count && session->ports[vm].ended; i++)
        vm = (vm + 1) % session->count;
    return vm;
}

void keys_ended(struct session *session, unsigned vm, const char *how)
{
    char text[96];

    session->ports[vm].ended = true;
    if (!session->interactive || session->count == 1)
        return;
    snprintf(text, sizeof text, "-- vm%u has ended: %s", vm, how);
    say(session, text);
    if (vm == session->focus && next_left(session) != vm)
        set_focus(session, next_left(session));
}

static void command(struct session *session, uint8_t key)
{
    if (key >= '0' && key <= '9') {
        set_focus(session, key - '0');
        return;
    }
    for (unsigned i = 0; i < ROWS; i++)
        if (key && strchr(rows[i].keys, key)) {
            rows[i].act(session);
            return;
        }
    say(session, "-- no such command: Ctrl-A ? lists them");
}

void keys_take(struct session *session, uint8_t key)
{
    if (session->prefixed) {
        session->prefixed = false;
        command(session, key);
    } else if (key == CTRL_A) {
        session->prefixed = true;
    } else {
        input_key(&session->ports[session->focus].input, key);
    }
}
