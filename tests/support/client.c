/* SPDX-License-Identifier: GPL-2.0-or-later */
/* client.c - see client.h. */
#include "tests/support/client.h"

#include <check.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tools/debug/debugger.h"

#define WORDS_MOST 32

/* ---- The link ---- */

static bool take(void *owner, const void *bytes, size_t len)
{
    struct client *client = owner;

    ck_assert_uint_le(len, CLIENT_BYTES - client->len);
    memcpy(client->bytes + client->len, bytes, len);
    client->len += len;
    return true;
}

static void running(void *owner, bool runs)
{
    struct client *client = owner;

    if (runs && client->impatient)
        debug_interrupt(&client->debug);
}

/* The second time it is meant. */
static bool stop_wanted(void *owner)
{
    struct client *client = owner;

    return ++client->interrupts % 2 == 0;
}

/* ---- Opening ---- */

static void read_options(struct client *client, const char *const *words)
{
    char *argv[WORDS_MOST] = {"run"};
    struct problem problem = {0};
    int argc = 1;

    for (; *words; words++)
        argv[argc++] = (char *)(uintptr_t)*words;
    ck_assert_msg(!options_read(&client->options, OPTIONS_RUN, argc, argv, &problem), "%s",
                  problem.text);
    client->options.json = true; /* guests' output is kept, not shown */
}

void client_connect(struct client *client)
{
    const struct gdb_link link = {take, running, stop_wanted, client};

    gdb_connect(&client->gdb, &link);
}

struct client *client_open(const char *const *words, bool recording)
{
    struct client *client = calloc(1, sizeof *client);
    struct problem problem = {0};

    ck_assert_ptr_nonnull(client);
    read_options(client, words);
    ck_assert_msg(!debug_open(&client->debug, &client->options, true, &problem), "%s",
                  problem.text);
    gdb_open(&client->gdb, &client->debug, recording);
    client_connect(client);
    return client;
}

void client_close(struct client *client)
{
    debug_close(&client->debug);
    options_free(&client->options);
    free(client);
}

/* ---- Talking ---- */

static void keep_reply(struct client *client, const struct gdb_packet *packet)
{
    size_t len = strlen(client->console), most = (packet->len - 1) / 2;

    if (packet->text[0] == 'O' && packet->text[1] != 'K') {
        const char *at = packet->text + 1;

        ck_assert(gdb_packet_hex(&at, client->console + len, most));
        client->console[len + most] = 0;
        return;
    }
    memcpy(client->reply, packet->text, packet->len + 1);
}

static void check(struct client *client)
{
    static struct gdb_packet packet;

    memset(&packet, 0, sizeof packet);
    client->reply[0] = client->console[0] = 0;
    for (size_t i = 0; i < client->len; i++) {
        bool between = !packet.state;

        ck_assert(!between || strchr("+-$", client->bytes[i]));
        switch (gdb_packet_take(&packet, (uint8_t)client->bytes[i])) {
        case GDB_PACKET_NOTHING:
        case GDB_PACKET_AGAIN: break;
        case GDB_PACKET_READY: keep_reply(client, &packet); break;
        case GDB_PACKET_WRONG:
        case GDB_PACKET_LONG: ck_abort_msg("a reply that is none"); break;
        }
    }
    ck_assert_msg(!packet.state, "a reply without an end");
}

enum gdb_over client_send(struct client *client, const void *bytes, size_t len)
{
    const uint8_t *from = bytes;
    enum gdb_over over = client->gdb.over;

    client->len = 0;
    for (size_t i = 0; !over && i < len; i++)
        over = gdb_take(&client->gdb, from[i]);
    check(client);
    return over;
}

const char *client_ask(struct client *client, const char *format, ...)
{
    static struct gdb_reply packet;
    static char frame[GDB_FRAME_MOST];
    char text[GDB_PACKET_MOST];
    va_list list;
    int len;

    va_start(list, format);
    len = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    gdb_reply_clear(&packet);
    gdb_reply_bytes(&packet, text, (size_t)len);
    (void)client_send(client, frame, gdb_packet_frame(&packet, frame));
    return client->reply;
}

const char *client_monitor(struct client *client, const char *command)
{
    char hex[1024] = "";

    for (size_t i = 0; command[i]; i++)
        (void)!snprintf(hex + 2 * i, sizeof hex - 2 * i, "%02x", (uint8_t)command[i]);
    ck_assert_str_eq(client_ask(client, "qRcmd,%s", hex), "OK");
    return client->console;
}
