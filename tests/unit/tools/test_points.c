/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_points.c - points of each kind by name, in two VMs at once: with a condition on VM, mode or
 * address space a point stops exactly where it stops without one and the condition holds. Whether
 * it holds is taken from the machine and the monitor's event, not from the point.
 */
#include <string.h>

#include "tests/support/client.h"
#include "tests/support/loops.h"
#include "tools/debug/commands.h"
#include "tools/debug/debugger.h"
#include "tools/debug/run.h"

#define HITS 4096u
#define LINE 200u
#define READY 1000u /* instructions of both VMs: their page tables stand, no pass has begun */

/* Which conditions tell a row's places apart: some hold there, and some do not. */
enum { BY_VM = 1, BY_MODE = 2, BY_SPACE = 4, BY_ALL = 7 };

struct row {
    const char *command;
    unsigned by;
    const char *option, *value; /* or NULL: one more of the run */
};

#define ROW(command, by)                                                                       \
    {                                                                                          \
        command, by, NULL, NULL                                                                \
    }

static const struct row rows[] = {
    ROW("break 0x400008", BY_ALL),
    ROW("break 0x400008 if s11 != 1", BY_ALL),
    ROW("break handler", BY_VM | BY_SPACE),
    ROW("break mode user", BY_VM),
    ROW("break satp 0x80000011", BY_VM),
    ROW("break retired 700", BY_VM),
    ROW("break if s11 == 2", BY_VM),
    ROW("catch trap", BY_ALL),
    ROW("catch trap illegal", BY_ALL),
    ROW("catch trap timer", BY_ALL),
    ROW("catch inject", BY_ALL),
    ROW("catch inject illegal", BY_ALL),
    ROW("catch inject timer", BY_ALL),
    ROW("catch inject ecall-user", BY_VM | BY_SPACE),
    ROW("catch csr", BY_ALL),
    ROW("catch csr time", BY_ALL),
    ROW("catch switch", BY_ALL),
    ROW("catch emulate", BY_VM | BY_SPACE),
    ROW("catch fill", BY_ALL),
    ROW("catch mmio", BY_ALL),
    ROW("catch interrupt", BY_ALL),
    ROW("catch sbi", BY_VM | BY_SPACE),
    {"catch pte-write", BY_VM | BY_SPACE, "--shadow", "trace"},
#if PZ_HAVE_UNICORN
    {"catch interpret", BY_ALL, "--engine", "unicorn"},
#endif
    ROW("catch end", BY_VM),
    ROW("watch 0x402000 satp 0x80000010", BY_VM | BY_MODE),
    ROW("watch 0x402000 satp 0x80000011", BY_VM | BY_MODE),
    ROW("watch gpa 0x14000", BY_VM | BY_MODE),
    ROW("watch gpa 0x8000", BY_VM | BY_SPACE),
    ROW("watch pte 0x400000 satp 0x80000010", BY_VM),
    ROW("watch csr satp", BY_VM | BY_SPACE),
    ROW("watch csr sepc", BY_VM | BY_SPACE),
    ROW("watch reg t0", BY_ALL),
    ROW("watch value u32(0x402000) + s11", BY_ALL),
};
#define ROWS (sizeof rows / sizeof rows[0])

/* A place where the run stopped, and what was so there. */
struct spot {
    struct timeline_position at;
    unsigned vm, mode;
    uint32_t satp;
};

struct trail {
    struct spot places[HITS];
    unsigned count;
};

/* ---- A debugger ---- */

static struct options options;
static struct debug debug;

static void open_debugger(const struct row *row)
{
    static const char guest[] = PZ_GUESTS "/t_points.elf";
    const char *const words[] = {"debug", "--vms", "2",   "--slice",   "50",
                                 "--mem", "16M",   guest, row->option, row->value};
    char *argv[sizeof words / sizeof words[0] + 1] = {0};
    struct problem problem = {0};
    int count = row->option ? 10 : 8;

    for (int i = 0; i < count; i++)
        argv[i] = (char *)(uintptr_t)words[i];
    ck_assert_msg(!options_read(&options, OPTIONS_DEBUG, count, argv, &problem), "%s",
                  problem.text);
    ck_assert_msg(!debug_open(&debug, &options, false, &problem), "%s", problem.text);
    debug.out = fopen("/dev/null", "w");
    ck_assert_ptr_nonnull(debug.out);
    debug.consoles.out = debug.out;
    debug_goto(&debug, (struct timeline_position){READY, 0});
}

static void close_debugger(void)
{
    FILE *out = debug.out;

    debug_close(&debug);
    fclose(out);
    options_free(&options);
}

static void run_command(const char *line)
{
    struct problem problem = {0};

    debug.data = json_object();
    ck_assert_msg(!debug_execute(&debug, line, &problem), "%s: %s", line, problem.text);
    json_decref(debug.data);
}

/* ---- Where it stops ---- */

/* At an event the mode that counts is the one that it came from. */
static struct spot place_of(const struct debug *at_rest, unsigned vm, bool event)
{
    const struct hart *hart = &at_rest->machine->vms[vm].cpu->hart;
    struct spot place = {timeline_now(at_rest->timeline), vm, hart->mode, hart->satp};
    struct timeline_position at;

    if (event) {
        const struct trace_event *last = timeline_last_event(at_rest->timeline, &at);

        ck_assert_ptr_nonnull(last);
        place.vm = last->vm - 1u;
        place.mode = last->mode;
    }
    return place;
}

/* A point for both VMs: a watchpoint is of one. */
static void make_points(const char *command, const char *condition)
{
    bool both = !strncmp(command, "watch", 5) && !strstr(condition, "vm ");
    const char *condition_at = strstr(command, " if ");
    int plain = condition_at ? (int)(condition_at - command) : (int)strlen(command);
    char line[LINE];

    if (condition_at == command + 5) /* `break if` has no place */
        plain = 5;
    for (unsigned vm = 0; vm < (both ? 2 : 1); vm++) {
        char where[16] = " vm any";

        if (both)
            (void)!snprintf(where, sizeof where, " vm %u", vm);
        (void)!snprintf(line, sizeof line, "%.*s%s%s%s", plain, command,
                        strstr(condition, "vm ") ? "" : where, condition, command + plain);
        run_command(line);
    }
}

static void follow(const struct row *row, const char *condition, struct trail *trail)
{
    bool event = !strncmp(row->command, "catch", 5) && !strstr(row->command, "end");
    struct debug_goal goal = {.points = true};

    trail->count = 0;
    open_debugger(row);
    make_points(row->command, condition);
    for (;;) {
        debug_run(&debug, &goal);
        if (debug.stop != DEBUG_POINT)
            break;
        ck_assert_uint_lt(trail->count, HITS);
        trail->places[trail->count++] = place_of(&debug, debug.vm, event);
    }
    ck_assert_int_eq(debug.stop, DEBUG_ENDED);
    close_debugger();
}

/* ---- Conditions ---- */

struct condition {
    unsigned by;
    const char *text;
    uint32_t value;
};

static const struct condition conditions[] = {
    {BY_VM, " vm 0", 0},
    {BY_VM, " vm 1", 1},
    {BY_MODE, " mode user", HART_USER},
    {BY_MODE, " mode supervisor", HART_SUPERVISOR},
    {BY_SPACE, " satp 0x80000010", 0x80000010},
    {BY_SPACE, " satp 0x80000011", 0x80000011},
};
#define CONDITIONS (sizeof conditions / sizeof conditions[0])

static bool holds(const struct condition *condition, const struct spot *place)
{
    uint32_t value = condition->by == BY_VM     ? place->vm
                     : condition->by == BY_MODE ? place->mode
                                                : place->satp;

    return value == condition->value;
}

static void keep(const struct condition *condition, const struct trail *all, struct trail *kept)
{
    kept->count = 0;
    for (unsigned i = 0; i < all->count; i++)
        if (holds(condition, &all->places[i]))
            kept->places[kept->count++] = all->places[i];
}

static void ck_same_trail(const struct trail *is, const struct trail *wanted,
                          const char *command, const char *condition)
{
    for (unsigned i = 0; i < is->count && i < wanted->count; i++) {
        const struct spot *a = &is->places[i], *b = &wanted->places[i];

        ck_assert_msg(!timeline_compare(a->at, b->at) && a->vm == b->vm && a->mode == b->mode &&
                          a->satp == b->satp,
                      "%s%s: stop %u is in vm%u, mode %u, satp %x, not vm%u, mode %u, satp %x",
                      command, condition, i, a->vm, a->mode, a->satp, b->vm, b->mode, b->satp);
    }
    ck_assert_msg(is->count == wanted->count, "%s%s: %u stops, not %u", command, condition,
                  is->count, wanted->count);
}

/* _i: a row. */
START_TEST(conditions_choose)
{
    static struct trail all, wanted, is;
    const struct row *row = &rows[_i];

    follow(row, "", &all);
    ck_assert_msg(all.count > 0, "%s: never", row->command);
    for (unsigned i = 0; i < CONDITIONS; i++) {
        const struct condition *condition = &conditions[i];

        if (!(row->by & condition->by))
            continue;
        keep(condition, &all, &wanted);
        ck_assert_msg(wanted.count > 0 && wanted.count < all.count,
                      "%s%s: %u places of %u show nothing", row->command, condition->text,
                      wanted.count, all.count);
        follow(row, condition->text, &is);
        ck_same_trail(&is, &wanted, row->command, condition->text);
    }
}
END_TEST

/* An address watched in a space is what it maps there, whichever space runs. */
START_TEST(an_address_is_of_its_space)
{
    static const char *const pairs[][3] = {
        {"watch 0x402000", " satp 0x80000010", "watch gpa 0x14000"},
        {"watch 0x402000", " satp 0x80000011", "watch gpa 0x15000"},
        {"watch pte 0x400000", " satp 0x80000010", "watch gpa 0x12000"},
        {"watch pte 0x400000", " satp 0x80000011", "watch gpa 0x13000"},
    };
    static struct trail there, page;
    const struct row virtual = ROW(pairs[_i][0], 0), physical = ROW(pairs[_i][2], 0);

    follow(&virtual, pairs[_i][1], &there);
    follow(&physical, "", &page);
    ck_same_trail(&there, &page, virtual.command, pairs[_i][1]);
    ck_assert_uint_eq(page.count, 4);
}
END_TEST

/* ---- Those that gdb makes ---- */

static const char *const packets[] = {"Z0,400008,4", "Z1,400008,4", "Z2,402000,4",
                                      "Z3,402000,4", "Z4,402000,4"};
#define PACKETS (sizeof packets / sizeof packets[0])

static void follow_gdb(const char *packet, const char *condition, struct trail *trail)
{
    static const char *const words[] = {
        "--vms", "2", "--slice", "50", "--mem", "16M", PZ_GUESTS "/t_points.elf", NULL};
    struct client *client = client_open(words, false);
    char line[LINE];

    debug_goto(&client->debug, (struct timeline_position){READY, 0});
    (void)!snprintf(line, sizeof line, "gdb points%s", condition);
    (void)client_monitor(client, line);
    ck_assert_str_eq(client_ask(client, "%s", packet), "OK");
    for (trail->count = 0; client_ask(client, "c")[0] == 'T'; trail->count++) {
        ck_assert_uint_lt(trail->count, HITS);
        trail->places[trail->count] = place_of(&client->debug, client->gdb.stop.thread, false);
    }
    ck_assert_str_eq(client->reply, "W00");
    client_close(client);
}

/* _i: a packet. */
START_TEST(conditions_choose_for_gdb)
{
    static struct trail all, wanted, is;
    const char *packet = packets[_i];

    follow_gdb(packet, "", &all);
    for (unsigned i = 0; i < CONDITIONS; i++) {
        keep(&conditions[i], &all, &wanted);
        ck_assert_msg(wanted.count > 0 && wanted.count < all.count, "%s%s shows nothing",
                      packet, conditions[i].text);
        follow_gdb(packet, conditions[i].text, &is);
        ck_same_trail(&is, &wanted, packet, conditions[i].text);
    }
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {conditions_choose, ROWS},
        {an_address_is_of_its_space, 4},
        {conditions_choose_for_gdb, PACKETS},
    };

    return LOOPS_RUN("points", loops);
}
