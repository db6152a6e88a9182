/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_gdb.c - the gdb server without sockets and without gdb: framing, and what each kind of
 * packet does. For hostile clients see test_gdb_fuzz.c; for the real gdb tests/cli/gdb/gdb.sh.
 */
#include <string.h>

#include "tests/support/client.h"
#include "tests/support/suite.h"
#include "tools/debug/arguments.h"
#include "tools/debug/memory.h"

#define REGISTERS (32 + 1 + CSR_COUNT + 1)
#define PC 32
#define PRIV (REGISTERS - 1)

/* Does every kind of exit once; its symbols are labels of its instructions. */
static const char *const words[] = {"--vms", "2", PZ_GUESTS "/t_debug_exits.elf", NULL};

static struct client *start(void)
{
    return client_open(words, false);
}

static void is(const char *is, const char *wanted)
{
    ck_assert_str_eq(is, wanted);
}

static void begins(const char *is, const char *wanted)
{
    ck_assert_msg(!strncmp(is, wanted, strlen(wanted)), "'%s' does not begin with '%s'", is,
                  wanted);
}

static void has(const char *is, const char *wanted)
{
    ck_assert_ptr_nonnull(wanted);
    ck_assert_msg(strstr(is, wanted), "'%s' is not in '%s'", wanted, is);
}

/* ---- Framing ---- */

START_TEST(frames)
{
    struct client *client = start();

    (void)client_send(client, "$?#3f", 5);
    begins(client->bytes, "+$T05thread:1;");
    (void)client_send(client, "$?#3F", 5);
    begins(client->bytes, "+$T05");
    (void)client_send(client, "$?#3e", 5);
    ck_assert_int_eq(client->len, 1);
    ck_assert_int_eq(client->bytes[0], '-');
    (void)client_send(client, "$?#zz", 5);
    ck_assert_int_eq(client->bytes[0], '-');
    /* Noise, and a packet cut short by the next. */
    (void)client_send(client, "++\003x$qAtt$?#3f", 14);
    begins(client->bytes, "+$T05");
    /* Again. */
    (void)client_send(client, "-", 1);
    begins(client->bytes, "$T05");
    is(client_ask(client, "QStartNoAckMode"), "OK");
    (void)client_send(client, "$?#3f", 5);
    begins(client->bytes, "$T05");
    (void)client_send(client, "$?#3e", 5);
    ck_assert_int_eq(client->len, 0);
    client_close(client);
}
END_TEST

START_TEST(escapes)
{
    struct client *client = start();
    static const char write[] = "$X6000,4:a}\x03}\x04}]#";
    uint8_t sum = 0, got[4];
    char frame[sizeof write + 2];

    for (size_t i = 1; write[i] != '#'; i++)
        sum += (uint8_t)write[i];
    (void)!snprintf(frame, sizeof frame, "%s%02x", write, sum);
    (void)client_send(client, frame, sizeof write + 1);
    is(client->reply, "OK");
    ck_assert(debug_read_gpa(gdb_vm(&client->gdb), 0x6000, got, 4));
    ck_assert_mem_eq(got, "a#$}", 4);
    client_close(client);
}
END_TEST

START_TEST(too_long)
{
    enum { LEN = 2 * GDB_PACKET_MOST };
    struct client *client = start();
    static char packet[LEN + 4] = "$";

    memset(packet + 1, 'm', LEN - 1);
    (void)!snprintf(packet + LEN, 4, "#%02x", (uint8_t)('m' * (LEN - 1)));
    (void)client_send(client, packet, LEN + 3);
    begins(client->reply, "E.a packet of more than");
    begins(client_ask(client, "?"), "T05");
    client_close(client);
}
END_TEST

/* ---- What is asked ---- */

START_TEST(unknown_is_empty)
{
    struct client *client = start();

    is(client_ask(client, "vMustReplyEmpty"), "");
    is(client_ask(client, "qTStatus"), "");
    is(client_ask(client, "gg"), "");
    is(client_ask(client, "%s", ""), "");
    client_close(client);
}
END_TEST

START_TEST(malformed_is_refused)
{
    static const char *const wrong[] = {
        "p",
        "pzz",
        "p99",
        "P0",
        "P0=1",
        "P20=010000000",
        "G00",
        "m",
        "m0",
        "m0,",
        "mg,1",
        "m0,1x",
        "M0,2:0",
        "M0,2:000",
        "X0,4:abc",
        "Z",
        "Z9,0,4",
        "Z0,0,0",
        "Z0,100000000,4",
        "Z2,0,100000",
        "Hx1",
        "Hg9",
        "Hgx",
        "T0",
        "T9",
        "vCont",
        "vCont;x",
        "vCont;s:9",
        "vCont;t",
        "vCont;r1:1",
        "C0",
        "s1",
        "qRcmd,zz",
        "qRcmd,00",
        "qThreadExtraInfo,0",
        "qXfer:features:read:target.xml:0",
        "qXfer:threads:read::fffff,1",
        "Qqemu.PhyMemMode:2",
        "m10000000000000000,1",
        "mffffffffffffffff,ffffffffffffffff",
        "Hg11111111111111111",
    };
    struct client *client = start();
    uint64_t before = timeline_hash(client->debug.timeline);

    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *reply = client_ask(client, "%s", wrong[i]);

        ck_assert_msg(reply[0] == 'E', "%s: '%s'", wrong[i], reply);
    }
    ck_assert_uint_eq(timeline_hash(client->debug.timeline), before);
    client_close(client);
}
END_TEST

START_TEST(features)
{
    struct client *client = start();
    const char *all = client_ask(client, "qSupported:swbreak+;xmlRegisters=i386");

    has(all, "ReverseStep+;ReverseContinue+");
    ck_assert(client->gdb.swbreak && !client->gdb.hwbreak);
    all = client_ask(client, "qXfer:features:read:target.xml:0,fff0");
    begins(all, "l<?xml");
    has(all, "<architecture>riscv:rv32</architecture>");
    for (int id = 0; id < CSR_COUNT; id++)
        has(all, csr_desc((enum csr_id)id)->name);
    has(all, "org.gnu.gdb.riscv.virtual");
    is(client_ask(client, "qXfer:features:read:target.xml:2,3"), "mxml");
    is(client_ask(client, "qfThreadInfo"), "m1,2");
    has(client_ask(client, "qXfer:threads:read::0,1000"), "name=\"vm1\"");
    is(client_ask(client, "qqemu.Supported"), "PhyMemMode");
    client_close(client);
}
END_TEST

/* ---- Registers and memory ---- */

static uint32_t value(struct client *client, unsigned number)
{
    const char *reply = client_ask(client, "p%x", number);
    uint32_t value = 0;

    ck_assert(gdb_packet_hex(&reply, &value, sizeof value) && !*reply);
    return value;
}

static void set(struct client *client, unsigned number, uint32_t value)
{
    is(client_ask(client, "P%x=%08x", number, __builtin_bswap32(value)), "OK");
}

START_TEST(registers)
{
    struct client *client = start();
    const struct hart *hart = &gdb_vm(&client->gdb)->cpu->hart;
    const unsigned satp = 33 + CSR_satp, time = 33 + CSR_time;

    ck_assert_uint_eq(strlen(client_ask(client, "g")), 8 * REGISTERS);
    set(client, 5, 0x12345678);
    ck_assert_uint_eq(value(client, 5), 0x12345678);
    ck_assert_uint_eq(hart->x[5], 0x12345678);
    set(client, 0, 1);
    ck_assert_uint_eq(value(client, 0), 0);
    set(client, satp, 0x80000004);
    ck_assert_uint_eq(hart->satp, 0x80000004);
    set(client, time, 99);
    ck_assert_uint_eq(value(client, time), 0);
    set(client, PRIV, HART_USER);
    ck_assert_uint_eq(hart->mode, HART_USER);
    begins(client_ask(client, "P%x=02000000", PRIV), "E");
    begins(client_ask(client, "P%x=01000000", PC), "E");
    client_close(client);
}
END_TEST

/* A second client finds what the first has written. */
START_TEST(all_registers)
{
    struct client *client = start();
    char all[8 * REGISTERS + 1];

    strcpy(all, client_ask(client, "g"));
    memcpy(all + 8, "78563412", 8);
    is(client_ask(client, "G%s", all), "OK");
    client_connect(client);
    is(client_ask(client, "g"), all);
    client_close(client);
}
END_TEST

START_TEST(memory)
{
    struct client *client = start();
    uint32_t pc = value(client, PC);

    is(client_ask(client, "M%x,4:01020304", pc), "OK");
    is(client_ask(client, "m%x,2", pc), "0102");
    /* As far as there is RAM. */
    ck_assert_uint_eq(strlen(client_ask(client, "mfffffe,10")), 4);
    begins(client_ask(client, "m1000000,4"), "E");
    begins(client_ask(client, "Mfffffe,4:01020304"), "E");
    is(client_ask(client, "mfffffe,2"), "0000");
    /* Devices are not asked. */
    begins(client_ask(client, "m10000000,4"), "E");
    is(client_ask(client, "X%x,0:", pc), "OK");
    client_close(client);
}
END_TEST

/* Virtual 0x400000 is mapped to user_page only in a page table. */
START_TEST(physical)
{
    struct client *client = start();
    char there[9];

    is(client_ask(client, "qqemu.PhyMemMode"), "0");
    client_monitor(client, "break user_here");
    client_monitor(client, "until satp != 0");
    strcpy(there, client_ask(client, "m400000,4"));
    ck_assert_uint_eq(strlen(there), 8);
    is(client_ask(client, "Qqemu.PhyMemMode:1"), "OK");
    is(client_ask(client, "m400000,4"), "00000000");
    has(client_monitor(client, "gdb"), "gdb memory physical");
    client_monitor(client, "gdb memory virtual");
    is(client_ask(client, "m400000,4"), there);
    client_close(client);
}
END_TEST

/* ---- Moving ---- */

static uint32_t symbol(struct client *client, const char *name)
{
    uint64_t value = 0;
    struct problem problem;

    ck_assert_msg(!debug_evaluate(&client->debug, name, &value, &problem), "%s", problem.text);
    return (uint32_t)value;
}

START_TEST(breakpoints)
{
    struct client *client = start();
    uint32_t at = symbol(client, "set_satp");
    char before[9];

    strcpy(before, client_ask(client, "m%x,4", at));
    (void)client_ask(client, "qSupported:swbreak+;hwbreak+");
    is(client_ask(client, "Z0,%x,4", at), "OK");
    is(client_ask(client, "Z0,%x,4", at), "OK");
    begins(client_ask(client, "vCont;c"), "T05thread:1;swbreak:;20:");
    ck_assert_uint_eq(value(client, PC), at);
    is(client_ask(client, "m%x,4", at), before);
    has(client_monitor(client, "info breakpoints"), "there are no points");
    /* The other VM comes there, too. */
    is(client_ask(client, "z0,%x,4", at), "OK");
    is(client_ask(client, "Z1,%x,4", at), "OK");
    begins(client_ask(client, "vCont;c"), "T05thread:2;hwbreak:;");
    is(client_ask(client, "z1,%x,4", at), "OK");
    is(client_ask(client, "c"), "W01");
    ck_assert_int_eq(client->gdb.over, GDB_ENDED);
    client_close(client);
}
END_TEST

START_TEST(points_of_one_vm)
{
    struct client *client = start();
    uint32_t at = symbol(client, "set_satp");

    client_monitor(client, "gdb points vm 1 mode supervisor");
    has(client_monitor(client, "gdb"), "gdb points vm 1 mode supervisor");
    is(client_ask(client, "Z0,%x,4", at), "OK");
    begins(client_ask(client, "c"), "T05thread:2;");
    client_monitor(client, "gdb points mode user");
    (void)client_ask(client, "bc");
    has(client->reply, "replaylog:begin;");
    client_monitor(client, "gdb points");
    /* Alone, a VM stops at its own only. */
    begins(client_ask(client, "vCont;c:2"), "T05thread:2;");
    client_close(client);
}
END_TEST

START_TEST(steps)
{
    struct client *client = start();
    uint32_t from = value(client, PC), next;

    begins(client_ask(client, "s"), "T05thread:1;");
    next = value(client, PC);
    ck_assert_uint_ne(next, from);
    begins(client_ask(client, "vCont;s:2;c"), "T05thread:2;");
    ck_assert_uint_eq(value(client, PC), next);
    begins(client_ask(client, "bs"), "T05thread:2;");
    ck_assert_uint_eq(value(client, PC), from);
    is(client_ask(client, "Hg1"), "OK");
    begins(client_ask(client, "vCont;r%x,%x:1", from, from + 0x10), "T05thread:1;");
    ck_assert_uint_eq(value(client, PC), from + 0x10);
    client_close(client);
}
END_TEST

static uint64_t retired(const struct client *client)
{
    return timeline_now(client->debug.timeline).retired;
}

static void entry_is(struct client *client, const char *wanted)
{
    is(client_ask(client, "m4100,4"), wanted);
}

/*
 * The device's table entry is at 0x4100: written once. Forwards it stops before the write, as gdb
 * wants it of this CPU, and does not stop for that again; backwards behind it.
 */
START_TEST(watchpoints)
{
    struct client *client = start();
    uint64_t before;

    is(client_ask(client, "Z2,4102,1"), "OK");
    begins(client_ask(client, "c"), "T05thread:1;watch:4102;");
    entry_is(client, "00000000");
    before = retired(client);
    begins(client_ask(client, "c"), "T05thread:2;watch:4102;");
    begins(client_ask(client, "s"), "T05thread:2;20:");
    entry_is(client, "c7000004");
    begins(client_ask(client, "bc"), "T05thread:2;watch:4102;");
    entry_is(client, "c7000004");
    begins(client_ask(client, "bs"), "T05thread:2;");
    entry_is(client, "00000000");
    begins(client_ask(client, "bc"), "T05thread:1;watch:4102;");
    ck_assert_uint_eq(retired(client), before + 1);
    begins(client_ask(client, "bs"), "T05thread:1;");
    has(client_ask(client, "bc"), "replaylog:begin;");
    is(client_ask(client, "z2,4102,1"), "OK");
    is(client_ask(client, "Z3,4100,4"), "OK");
    is(client_ask(client, "c"), "W01");
    client_close(client);
}
END_TEST

START_TEST(read_watchpoints)
{
    struct client *client = start();
    uint32_t at = symbol(client, "set_stvec");

    /* Nobody reads there; code that is executed is not read. */
    is(client_ask(client, "Z3,%x,4", at), "OK");
    is(client_ask(client, "Z4,4100,4"), "OK");
    begins(client_ask(client, "c"), "T05thread:1;awatch:4100;");
    client_close(client);
}
END_TEST

START_TEST(way_back_at_the_end)
{
    struct client *client = start();

    client_monitor(client, "gdb end stay");
    has(client_ask(client, "c"), "replaylog:end;");
    begins(client_ask(client, "bs"), "T05");
    client_connect(client);
    has(client_ask(client, "bc"), "replaylog:begin;");
    client_close(client);
}
END_TEST

/* What was before a change cannot be reached from behind it: it would not have led here. */
START_TEST(changes_begin_history)
{
    struct client *client = start();
    uint32_t at = symbol(client, "set_satp"), pc;

    is(client_ask(client, "Z0,%x,4", at), "OK");
    begins(client_ask(client, "c"), "T05");
    is(client_ask(client, "z0,%x,4", at), "OK");
    set(client, 10, 77);
    pc = value(client, PC);
    begins(client_ask(client, "s"), "T05");
    begins(client_ask(client, "s"), "T05");
    has(client_ask(client, "bc"), "replaylog:begin;");
    ck_assert_uint_eq(value(client, PC), pc);
    ck_assert_uint_eq(value(client, 10), 77);
    has(client_ask(client, "bs"), "replaylog:begin;");
    client_close(client);
}
END_TEST

START_TEST(recordings_are_fixed)
{
    struct client *client = client_open(words, true);
    uint64_t before = timeline_hash(client->debug.timeline);

    begins(client_ask(client, "P5=01000000"), "E.this is a recording");
    begins(client_ask(client, "M0,1:00"), "E.this is a recording");
    begins(client_ask(client, "X0,1:0"), "E.this is a recording");
    ck_assert_uint_eq(timeline_hash(client->debug.timeline), before);
    client_close(client);
}
END_TEST

/* A breakpoint where a watched access is due: gdb hears of one, then of the other. */
START_TEST(both_at_once)
{
    struct client *client = start();
    uint32_t pc;

    is(client_ask(client, "Z2,4100,4"), "OK");
    begins(client_ask(client, "c"), "T05thread:1;watch:4100;");
    pc = value(client, PC);
    begins(client_ask(client, "bs"), "T05thread:1;20:");
    is(client_ask(client, "Z0,%x,4", pc), "OK");
    (void)client_ask(client, "qSupported:swbreak+");
    begins(client_ask(client, "c"), "T05thread:1;swbreak:;");
    begins(client_ask(client, "s"), "T05thread:1;watch:4100;");
    ck_assert_uint_eq(value(client, PC), pc);
    entry_is(client, "00000000");
    begins(client_ask(client, "s"), "T05thread:1;20:");
    entry_is(client, "c7000004");
    client_close(client);
}
END_TEST

START_TEST(interrupted_for_nothing)
{
    struct client *client = start();
    uint32_t at = symbol(client, "set_satp");
    uint64_t steps = 0;

    client->impatient = true;
    is(client_ask(client, "Z0,%x,4", at), "OK");
    client->gdb.debug->points.each = true; /* or it is there before anybody can interrupt */
    while (begins(client_ask(client, "c"), "T0"), client->reply[2] == '2')
        steps++;
    ck_assert_uint_gt(steps, 0);
    ck_assert_uint_eq(value(client, PC), at);
    client_close(client);
}
END_TEST

START_TEST(monitor)
{
    struct client *client = start();

    has(client_monitor(client, "regs"), "mode supervisor");
    has(client_monitor(client, "nonsense"), "no command");
    has(client_monitor(client, "step"), "maintenance flush register-cache");
    is(client_ask(client, "Hg2"), "OK");
    has(client_monitor(client, "regs"), "retired 0");
    client_monitor(client, "vm 0");
    has(client_monitor(client, "regs"), "retired 1");
    is(client_ask(client, "Hg2"), "OK");
    has(client_monitor(client, "regs"), "retired 0");
    has(client_monitor(client, "gdb points vm 7"), "too large");
    has(client_monitor(client, "gdb memory sideways"), "virtual or physical");
    has(client_monitor(client, "catch csr satp"), "catchpoint 1");
    begins(client_ask(client, "c"), "T05");
    has(client->console, "catchpoint 1 in vm");
    client_monitor(client, "quit");
    ck_assert_int_eq(client->gdb.over, GDB_KILLED);
    client_close(client);
}
END_TEST

/* ---- Techniques ---- */

enum { SAID_MOST = 16384 };

static void say(char *said, const char *reply)
{
    size_t len = strlen(said);

    ck_assert_uint_lt(len + strlen(reply) + 2, SAID_MOST);
    (void)!snprintf(said + len, SAID_MOST - len, "%s\n", reply);
}

/* Points, steps both ways, all registers, virtual and physical memory. */
static void all_of_it(struct client *client, char *said)
{
    uint32_t at = symbol(client, "set_satp"), user = symbol(client, "to_user");
    const char *const packets[] = {"Z2,4102,1", "c",  "m4100,4", "s",  "m4100,4",
                                   "g",         "bs", "g",       "s",  "s",
                                   "z2,4102,1", "c",  "g",       "bc", "g"};

    say(said, client_ask(client, "Z0,%x,4", at));
    say(said, client_ask(client, "c"));
    say(said, client_ask(client, "g"));
    say(said, client_ask(client, "Z1,%x,4", user));
    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++)
        say(said, client_ask(client, "%s", packets[i]));
    client_monitor(client, "until satp != 0");
    say(said, client_ask(client, "m400000,4"));
    say(said, client_ask(client, "qqemu.PhyMemMode"));
    say(said, client_ask(client, "Qqemu.PhyMemMode:1"));
    say(said, client_ask(client, "m400000,4"));
}

/* The guest is the bare machine's under each, and so is all that gdb sees of it. */
START_TEST(techniques_look_alike)
{
    static const char *const monitors[] = {"plain", "translate", "assist", "para"};
    static char first[SAID_MOST], said[SAID_MOST];

    for (size_t i = 0; i < sizeof monitors / sizeof monitors[0]; i++) {
        const char *const here[] = {"--vms", "2", "--monitor", monitors[i], words[2], NULL};
        struct client *client = client_open(here, false);

        said[0] = '\0';
        all_of_it(client, i ? said : first);
        ck_assert_msg(!i || !strcmp(said, first), "%s: %s, not %s", monitors[i], said, first);
        client_close(client);
    }
}
END_TEST

/* But `monitor why` says what each did. */
START_TEST(techniques_are_told)
{
    static const struct {
        const char *monitor, *guest, *command, *why;
    } told[] = {
        {"plain", PZ_GUESTS "/t_debug_exits.elf", "catch emulate", "privileged instruction"},
        {"translate", PZ_GUESTS "/t_debug_exits.elf", "watch csr sepc", "translated: no exit"},
        {"assist", PZ_GUESTS "/t_debug_exits.elf", "catch fill", "guest-page fault"},
        {"para", PZ_GUESTS "/t_para_calls.elf", "catch hypercall", "hypercall"},
    };

    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        const char *const here[] = {"--monitor", told[i].monitor, told[i].guest, NULL};
        struct client *client = client_open(here, false);

        (void)client_monitor(client, told[i].command);
        begins(client_ask(client, "c"), "T05");
        begins(client_ask(client, "c"), "T05");
        has(client_monitor(client, "why"), told[i].why);
        client_close(client);
    }
}
END_TEST

SUITE_MAIN("gdb", frames, escapes, too_long, unknown_is_empty, malformed_is_refused, features,
           registers, all_registers, memory, physical, breakpoints, points_of_one_vm, steps,
           watchpoints, read_watchpoints, way_back_at_the_end, changes_begin_history,
           recordings_are_fixed, both_at_once, interrupted_for_nothing, monitor,
           techniques_look_alike, techniques_are_told)
