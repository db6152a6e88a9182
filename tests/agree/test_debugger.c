/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_debugger.c - the debugger whose points the engine and the monitor check, against the same
 * debugger that checks them after each instruction (struct debug_points, `each`): random points of
 * all kinds, made and deleted at stops, forwards and backwards, in one VM and two, on every engine
 * and shadow policy. Each command prints the same and leaves the machine at the same position, in
 * the same state. PZ_SEED selects other runs, PZ_POINTS_RUNS their number.
 */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/random.h"
#include "tools/debug/debug.h"

#define RUNS (PZ_DEBUG ? 12u : 24u)
#define MOVES 14u
#define SAMPLES 40u
#define LINE 160u
#define MANY 1500u

static const char *const engines[] = {"spec", "unicorn", "jit"};
static const char *const policies[] = {"lazy", "trace", "flush"};
#define ENGINES ((int)(sizeof engines / sizeof engines[0]))

/* A guest, and how long it runs, about: samples are taken of so much. */
struct guest {
    const char *path, *vms, *slice, *limit, *cpus;
    uint32_t length;
};

static const struct guest guests[] = {
    {"t_points", "2", "50", "100000", "1", 3900},
    {"t_debug_exits", "2", "40", "100000", "1", 390},
    {"t_pt_write", "1", "1000000", "100000", "1", 4000},
    {"t_alias", "1", "1000000", "100000", "1", 2800},
    {"t_selfmap", "2", "333", "100000", "1", 2700},
    {"t_smc", "1", "1000000", "20000", "1", 20000},
    {"t_lrsc", "1", "1000000", "20000", "1", 3000},
    {"t_cross_page", "1", "1000000", "20000", "1", 3000},
    {"t_smp_lock", "1", "777", "60000", "3", 20000},
    {"t_smp_ipi", "2", "300", "60000", "2", 9000},
    {"mini", "1", "1000000", "260000", "1", 250000},
};
#define GUESTS (sizeof guests / sizeof guests[0])

/* [0] has its points planned, [1] asks each time. */
static struct debug debuggers[2];
static struct options options[2];
static char *texts[2];
static size_t lengths[2];

static void open_debugger(unsigned which, const struct guest *guest, const char *engine,
                          const char *policy)
{
    static char path[256];
    const char *const words[] = {
        "debug",   "--engine",   engine,        "--shadow",   policy,  "--vms", guest->vms,
        "--slice", guest->slice, "--max-insns", guest->limit, "--mem", "16M",   "--append",
        "ls",      "--cpus",     guest->cpus,   "--quantum",  "100",   path};
    enum { COUNT = sizeof words / sizeof words[0] };
    struct problem problem = {0};
    char *argv[COUNT + 1] = {0};

    (void)!snprintf(path, sizeof path, "%s/%s.elf", PZ_GUESTS, guest->path);
    for (unsigned i = 0; i < COUNT; i++)
        argv[i] = (char *)(uintptr_t)words[i];
    ck_assert_msg(!options_read(&options[which], OPTIONS_DEBUG, COUNT, argv, &problem), "%s",
                  problem.text);
    ck_assert_msg(!debug_open(&debuggers[which], &options[which], false, &problem), "%s",
                  problem.text);
    debuggers[which].points.each = which;
    debuggers[which].out = fopen("/dev/null", "w");
    debuggers[which].consoles.out = debuggers[which].out;
}

static void close_debugger(unsigned which)
{
    fclose(debuggers[which].out);
    debug_close(&debuggers[which]);
    memset(&debuggers[which], 0, sizeof debuggers[which]);
    options_free(&options[which]);
}

/* ---- What the runs are like, to make points from ---- */

struct sample {
    uint32_t pc, satp, value;
    uint64_t retired;
};

static struct sample samples[SAMPLES];

static void take_samples(struct rng *rng, const struct guest *guest)
{
    struct debug *debug = &debuggers[0];

    /* What is printed on the way is printed once. */
    for (unsigned which = 0; which < 2; which++)
        debug_goto(&debuggers[which], (struct timeline_position){guest->length, 0});
    for (unsigned i = 0; i < SAMPLES; i++) {
        struct timeline_position to = {rng_below(rng, guest->length), 0};
        const struct vm *vm;

        debug_goto(debug, to);
        vm = &debug->machine->vms[rng_below(rng, debug->machine->count)];
        samples[i] = (struct sample){.pc = vm->cpu->hart.pc,
                                     .satp = vm->cpu->hart.satp,
                                     .value = vm->cpu->hart.x[1 + rng_below(rng, 31)],
                                     .retired = vm->cpu->hart.retired};
    }
    for (unsigned which = 0; which < 2; which++)
        debug_goto(&debuggers[which], (struct timeline_position){0, 0});
}

static const struct sample *sample(struct rng *rng)
{
    return &samples[rng_below(rng, SAMPLES)];
}

/* ---- Commands ---- */

static int put(char line[LINE], int at, const char *format, uint64_t value)
{
    return at + snprintf(line + at, LINE - (size_t)at, format, value);
}

static int put_conditions(struct rng *rng, char line[LINE], int at)
{
    static const char *const conditions[] = {
        " if mode == 1",         " if t0 & 4",    " if (retired & 3) != 0",
        " if scause != 8 && a0", " if satp != 0", " if u32(0) != 5 || sp",
    };

    if (rng_one_in(rng, 4))
        at = put(line, at, rng_one_in(rng, 2) ? " vm 0" : " mode user", 0);
    if (rng_one_in(rng, 5))
        at = put(line, at, " satp 0x%" PRIx64, sample(rng)->satp);
    if (rng_one_in(rng, 6))
        at = put(line, at, " if retired > %" PRIu64, sample(rng)->retired);
    else if (rng_one_in(rng, 4))
        at += snprintf(line + at, LINE - (size_t)at, "%s",
                       conditions[rng_below(rng, sizeof conditions / sizeof *conditions)]);
    return at;
}

static uint32_t some_memory(struct rng *rng)
{
    uint32_t value = rng_one_in(rng, 4) ? sample(rng)->pc : sample(rng)->value;

    return value + rng_below(rng, 16) - 8 + (rng_one_in(rng, 8) ? PAGE_SIZE : 0);
}

static void random_watch(struct rng *rng, char line[LINE])
{
    static const char *const names[] = {"csr satp",      "csr sepc",   "csr scause",
                                        "csr sstatus",   "value mode", "csr sscratch",
                                        "value asid * 2"};
    static const char *const slow[] = {"reg t0", "value u32(0x100)", "value pc & 0x100"};
    int at;

    if (rng_one_in(rng, 4))
        at = put(line, 0, "watch 0x%" PRIx64, some_memory(rng));
    else if (rng_one_in(rng, 3))
        at = put(line, 0, "watch gpa 0x%" PRIx64, some_memory(rng) & 0xfffff);
    else if (rng_one_in(rng, 3))
        at = put(line, 0, "watch pte 0x%" PRIx64, some_memory(rng));
    else if (rng_one_in(rng, 8))
        at = snprintf(line, LINE, "watch %s", slow[rng_below(rng, 3)]);
    else
        at = snprintf(line, LINE, "watch %s", names[rng_below(rng, 7)]);
    if (!strncmp(line, "watch gpa", 9) && rng_one_in(rng, 2))
        at = put(line, at, " len %" PRIu64, 1 + rng_below(rng, 8));
    if (rng_one_in(rng, 4))
        (void)put(line, at, " satp 0x%" PRIx64, sample(rng)->satp);
}

static void random_break(struct rng *rng, char line[LINE])
{
    int at;

    if (!rng_one_in(rng, 4)) {
        at = put(line, 0, "break 0x%" PRIx64, sample(rng)->pc);
        (void)put_conditions(rng, line, at);
    } else if (rng_one_in(rng, 3)) {
        (void)put(line, 0, "break retired %" PRIu64, sample(rng)->retired);
    } else if (rng_one_in(rng, 2)) {
        at = snprintf(line, LINE, "break mode %s%s", rng_one_in(rng, 2) ? "user" : "supervisor",
                      rng_one_in(rng, 2) ? " vm any" : "");
        if (rng_one_in(rng, 3))
            (void)put(line, at, " if retired > %" PRIu64, sample(rng)->retired);
    } else {
        (void)put(line, 0, "break if retired > %" PRIu64 " && mode == 1", sample(rng)->retired);
    }
}

static void random_catch(struct rng *rng, char line[LINE])
{
    static const char *const lines[] = {"catch trap", "catch csr satp", "catch inject",
                                        "catch end", "catch switch"};

    (void)!snprintf(line, LINE, "%s", lines[rng_below(rng, 5)]);
}

static void random_point(struct rng *rng, char line[LINE])
{
    uint32_t kind = rng_below(rng, 12);

    if (kind < 6)
        random_break(rng, line);
    else if (kind < 11)
        random_watch(rng, line);
    else
        random_catch(rng, line);
}

static void random_move(struct rng *rng, char line[LINE])
{
    switch (rng_below(rng, 16)) {
    default: (void)!snprintf(line, LINE, "continue"); break;
    case 8:
    case 9:
    case 10:
    case 11: (void)!snprintf(line, LINE, "reverse"); break;
    case 12: (void)put(line, 0, "until retired > %" PRIu64, sample(rng)->retired); break;
    case 13: (void)put(line, 0, "goto %" PRIu64, sample(rng)->retired); break;
    case 14: (void)put(line, 0, "step %" PRIu64, 1 + rng_below(rng, 5)); break;
    case 15: (void)put(line, 0, "who 0x%" PRIx64, some_memory(rng)); break;
    }
}

/* ---- Both ---- */

/* What a debugger says to a line; `lines` are all so far, for whoever has to find out why. */
static void say(unsigned which, const char *line)
{
    struct debug *debug = &debuggers[which];
    struct problem problem = {0};
    FILE *silent = debug->out;

    free(texts[which]);
    texts[which] = NULL;
    debug->out = open_memstream(&texts[which], &lengths[which]);
    debug->consoles.out = debug->out;
    debug->data = json_object();
    if (debug_execute(debug, line, &problem))
        fprintf(debug->out, "%s\n", problem.text);
    json_decref(debug->data);
    fclose(debug->out);
    debug->out = silent;
    debug->consoles.out = silent;
}

static char story[1 << 16];

static void tell(const char *line)
{
    size_t len = strlen(story);

    (void)!snprintf(story + len, sizeof story - len, "%s\n", line);
}

static void ck_same(uint64_t seed, const struct guest *guest)
{
    struct timeline_position a = timeline_now(debuggers[0].timeline);
    struct timeline_position b = timeline_now(debuggers[1].timeline);

    ck_assert_msg(!strcmp(texts[0], texts[1]) && !timeline_compare(a, b) &&
                      timeline_hash(debuggers[0].timeline) ==
                          timeline_hash(debuggers[1].timeline),
                  "PZ_SEED=%" PRIu64 " %s --vms %s --slice %s --shadow %s:\n%sat %" PRIu64
                  "/%" PRIu64 ":\n%sasking each time, at %" PRIu64 "/%" PRIu64 ":\n%s",
                  seed, guest->path, guest->vms, guest->slice, policies[seed % 3], story,
                  a.retired, a.events, texts[0], b.retired, b.events, texts[1]);
}

static void both(uint64_t seed, const struct guest *guest, const char *line)
{
    tell(line);
    say(0, line);
    say(1, line);
    ck_same(seed, guest);
}

/* Breakpoints all over, most where no code is. */
static void hundreds(uint64_t seed, const struct guest *guest, struct rng *rng)
{
    char line[LINE];

    for (unsigned i = 0; i < MANY; i++) {
        (void)put(line, 0, "break 0x%" PRIx64, (sample(rng)->pc & ~0xfffu) + 2 * i);
        if (i % 3)
            (void)!snprintf(line + strlen(line), LINE - strlen(line), " if a0 == %u", i);
        say(0, line);
        say(1, line);
    }
    tell("(many breakpoints)");
    ck_same(seed, guest);
}

static void compare(const char *engine, uint64_t seed)
{
    struct rng rng = rng_new(seed);
    const struct guest *guest = &guests[rng_below(&rng, GUESTS)];
    char line[LINE];

    story[0] = 0;
    for (unsigned which = 0; which < 2; which++)
        open_debugger(which, guest, engine, policies[seed % 3]);
    take_samples(&rng, guest);
    if (seed % 8 == 0)
        hundreds(seed, guest, &rng);
    for (unsigned move = 0; move < MOVES; move++) {
        uint32_t points = move ? rng_below(&rng, 3) : 1 + rng_below(&rng, 6);

        if (rng_one_in(&rng, 5))
            both(seed, guest, "delete");
        for (uint32_t i = 0; i < points; i++) {
            random_point(&rng, line);
            both(seed, guest, line);
        }
        random_move(&rng, line);
        both(seed, guest, line);
    }
    both(seed, guest, "info breakpoints");
    for (unsigned which = 0; which < 2; which++)
        close_debugger(which);
}

START_TEST(test_random_points)
{
    const char *wanted = getenv("PZ_POINTS_RUNS");
    uint64_t seed = rng_seed(1), runs = wanted ? strtoull(wanted, NULL, 0) : RUNS;

    for (uint64_t i = 0; i < runs; i++)
        compare(engines[_i], seed + i);
}
END_TEST

/* What begins to hold once is found where a run from the beginning finds it. */
START_TEST(test_bisect)
{
    static const char *const exprs[] = {"retired >= 12345", "satp != 0", "sp != 0",
                                        "stvec != 0 && satp != 0"};
    const struct guest *mini = &guests[GUESTS - 1];
    struct debug *debug = &debuggers[0];
    char line[LINE];

    open_debugger(0, mini, engines[_i], "lazy");
    for (unsigned i = 0; i < sizeof exprs / sizeof exprs[0]; i++) {
        struct timeline_position found;

        say(0, "goto 60000");
        (void)!snprintf(line, LINE, "bisect %s", exprs[i]);
        say(0, line);
        found = timeline_now(debug->timeline);
        say(0, "goto 0");
        (void)!snprintf(line, LINE, "until %s", exprs[i]);
        say(0, line);
        ck_assert_uint_eq(timeline_now(debug->timeline).retired, found.retired);
        ck_assert_uint_gt(found.retired, 0);
    }
    close_debugger(0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("debugger");
    TCase *tcase = tcase_create("random points");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, test_random_points, 0, ENGINES);
    tcase_add_loop_test(tcase, test_bisect, 0, ENGINES);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
