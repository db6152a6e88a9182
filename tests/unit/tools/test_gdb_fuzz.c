/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_gdb_fuzz.c - the gdb server with clients that send anything at all: thousands of packets,
 * valid, changed, cut short, too long. It must not crash or hang, its answers must be well formed,
 * the machine must not change, and a client that behaves must be served afterwards. PZ_SEED is the
 * seed.
 */
#include <string.h>

#include "tests/support/client.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"

#define PACKETS (PZ_DEBUG ? 6000 : 12000)
#define REGISTERS (32 + 1 + CSR_COUNT + 1)

/* Does every kind of exit once, in some 80 instructions; sent astray, it may never end. */
static const char *const words[] = {
    "--vms", "2", "--max-insns", "2000", PZ_GUESTS "/t_debug_exits.elf", NULL};

static void is(const char *is, const char *wanted)
{
    ck_assert_str_eq(is, wanted);
}

static void begins(const char *is, const char *wanted)
{
    ck_assert_msg(!strncmp(is, wanted, strlen(wanted)), "'%s' does not begin with '%s'", is,
                  wanted);
}

/* clang-format off */
static const char *const seeds[] = {
    "?", "g", "p20", "p5", "P5=01020304", "P20=80000000", "P31=04000080", "m0,100",
    "m400000,10", "m10000000,4", "M100,4:13000000", "X200,4:abcd", "Z0,40,4", "Z0,88,4",
    "z0,40,4", "Z1,80,4", "Z2,4100,4", "Z3,4100,4", "Z4,5000,8", "z2,4100,4", "Z2,4000,1000",
    "Hg1", "Hg2", "Hc1", "Hc-1", "Hg0", "T1", "T2", "c", "s", "C05", "S05", "bs", "bc",
    "vCont?", "vCont;c", "vCont;s:1", "vCont;s:2;c", "vCont;r0,40:1;c", "vCont;c:2", "vCtrlC",
    "qSupported:swbreak+", "QStartNoAckMode", "qXfer:features:read:target.xml:0,7ff",
    "qXfer:threads:read::0,7ff", "qfThreadInfo", "qsThreadInfo", "qThreadExtraInfo,1", "qC",
    "qAttached", "qqemu.PhyMemMode", "Qqemu.PhyMemMode:1", "Qqemu.PhyMemMode:0", "D", "k",
    "vKill;1", "!", "R00", "i", "vRun;", "vFile:open:2f,0,0", "qSearch:memory:0;1000;13",
    "qCRC:0,1000", "QNonStop:1",
};
/* clang-format on */
#define SEEDS (sizeof seeds / sizeof seeds[0])

/* clang-format off */
static const char *const commands[] = {
    "help", "regs", "csrs", "bt", "dis", "x/8x 0", "vms", "map", "traps", "stats", "hash",
    "step", "step 5", "back", "back trap", "trap", "into", "into all", "why", "goto 30",
    "goto 0", "break set_satp", "catch csr", "watch 0x4100", "delete", "info breakpoints",
    "continue", "reverse", "until retired > 20", "finish", "who 0x4100", "pt 0x400000",
    "print *0x4000", "vm 1", "vm 0", "type x", "gdb", "gdb points vm 1",
    "gdb points mode user satp 0", "gdb points", "gdb memory physical", "gdb memory virtual",
    "gdb end stay", "gdb end exit", "quit", "", "gdb points vm any mode", "# nothing",
};
/* clang-format on */
#define COMMANDS (sizeof commands / sizeof commands[0])

struct fuzz {
    struct rng rng;
    size_t len;
    uint8_t bytes[3 * GDB_PACKET_MOST];
};

static void add(struct fuzz *fuzz, const void *bytes, size_t len)
{
    memcpy(fuzz->bytes + fuzz->len, bytes, len);
    fuzz->len += len;
}

static void add_text(struct fuzz *fuzz)
{
    char hex[3];
    const char *text;

    if (!rng_one_in(&fuzz->rng, 5)) {
        text = seeds[rng_below(&fuzz->rng, SEEDS)];
        add(fuzz, text, strlen(text));
        return;
    }
    add(fuzz, "qRcmd,", 6);
    for (text = commands[rng_below(&fuzz->rng, COMMANDS)]; *text; text++) {
        (void)!snprintf(hex, sizeof hex, "%02x", (uint8_t)*text);
        add(fuzz, hex, 2);
    }
}

/* Change, take out or put in a byte. */
static void mutate(struct fuzz *fuzz)
{
    uint32_t at = rng_below(&fuzz->rng, (uint32_t)fuzz->len + 1);
    uint8_t byte = (uint8_t)rng_next(&fuzz->rng);
    static const char likely[] = "0123456789abcdef,;:=-#$}*\003";

    if (rng_one_in(&fuzz->rng, 2))
        byte = (uint8_t)likely[byte % (sizeof likely - 1)];
    switch (rng_below(&fuzz->rng, 3)) {
    case 0:
        if (at < fuzz->len)
            fuzz->bytes[at] = byte;
        break;
    case 1:
        memmove(fuzz->bytes + at + 1, fuzz->bytes + at, fuzz->len - at);
        fuzz->bytes[at] = byte;
        fuzz->len++;
        break;
    default:
        if (at < fuzz->len)
            memmove(fuzz->bytes + at, fuzz->bytes + at + 1, --fuzz->len - at);
        break;
    }
}

static void frame(struct fuzz *fuzz)
{
    uint8_t sum = 0;
    char end[4];

    for (size_t i = 0; i < fuzz->len; i++)
        sum += fuzz->bytes[i];
    memmove(fuzz->bytes + 1, fuzz->bytes, fuzz->len);
    fuzz->bytes[0] = '$';
    fuzz->len++;
    (void)!snprintf(end, sizeof end, "#%02x", sum);
    add(fuzz, end, 3);
}

static void make_long(struct fuzz *fuzz)
{
    uint32_t len = rng_below(&fuzz->rng, 2 * GDB_PACKET_MOST - 200);

    memset(fuzz->bytes + fuzz->len, "0f}"[len % 3], len);
    fuzz->len += len;
}

/* A packet: as it should be, changed within its frame, or with its frame. */
static void make(struct fuzz *fuzz)
{
    unsigned inside = rng_below(&fuzz->rng, 3), outside = rng_below(&fuzz->rng, 8);

    fuzz->len = 0;
    add_text(fuzz);
    for (unsigned i = 0; i < inside; i++)
        mutate(fuzz);
    if (rng_one_in(&fuzz->rng, 100))
        make_long(fuzz);
    frame(fuzz);
    for (unsigned i = 0; outside == 0 && i < 3; i++)
        mutate(fuzz);
    if (outside == 1)
        fuzz->len = rng_below(&fuzz->rng, (uint32_t)fuzz->len + 1);
}

/* Nothing of what gdb has asked for is left among the debugger's points. */
static void check_state(struct client *client)
{
    for (unsigned k = 0; k < client->debug.machine->count; k++)
        ck_assert_uint_eq(vm_shadow_check(&client->debug.machine->vms[k], &(unsigned){0}), 0);
    for (unsigned i = 0; i < GDB_POINTS; i++)
        ck_assert_uint_eq(client->gdb.points.at[i].number, 0);
}

static bool is_alive(const struct client *client)
{
    return vm_alive(&client->debug.machine->vms[0]) && vm_alive(&client->debug.machine->vms[1]);
}

static void check_stop(struct client *client, const char *packet)
{
    const char *reply = client_ask(client, "%s", packet);

    begins(reply, client->gdb.over == GDB_ENDED ? "W" : "T0");
}

/* A client that behaves is served, whoever came before. */
static void check_served(struct client *client)
{
    client->debug.quit = client->impatient = false;
    client_connect(client);
    (void)!debug_points_delete(&client->debug.points, 0);
    begins(client_ask(client, "qSupported:swbreak+;hwbreak+"), "PacketSize=");
    is(client_ask(client, "QStartNoAckMode"), "OK");
    check_stop(client, "?");
    if (client->gdb.over)
        return;
    ck_assert_uint_eq(strlen(client_ask(client, "g")), 8 * REGISTERS);
    check_stop(client, "s");
}

/* The machine is where a run that nobody has touched is, too. */
static void check_run(struct client *client)
{
    struct timeline_position now = timeline_now(client->debug.timeline);
    struct client *other = client_open(words, true);

    (void)timeline_goto(other->debug.timeline, now);
    ck_assert_uint_eq(timeline_hash(other->debug.timeline),
                      timeline_hash(client->debug.timeline));
    client_close(other);
}

static void fuzz(bool recording, uint64_t seed, unsigned packets)
{
    static struct fuzz fuzz;
    struct client *client = client_open(words, recording);

    fuzz.rng = rng_new(rng_seed(seed));
    for (unsigned i = 0; i < packets; i++) {
        make(&fuzz);
        client->impatient = rng_one_in(&fuzz.rng, 10);
        if (client_send(client, fuzz.bytes, fuzz.len) || client->debug.quit) {
            client->debug.quit = false;
            client_connect(client);
        }
        if (i % 500 == 0 || !is_alive(client)) {
            check_state(client);
            if (recording && i % 500 == 0)
                check_run(client);
            check_served(client);
            client_connect(client);
        }
        if (!is_alive(client) && rng_one_in(&fuzz.rng, 5)) {
            client_close(client);
            client = client_open(words, recording);
        }
    }
    check_state(client);
    check_served(client);
    client_close(client);
}

START_TEST(anything)
{
    fuzz(false, 20, PACKETS / 2);
}
END_TEST

START_TEST(anything_at_a_recording)
{
    fuzz(true, 21, PACKETS / 2);
}
END_TEST

SUITE_MAIN("gdb fuzz", anything, anything_at_a_recording)
