/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_gdb_points.c - gdb's breakpoints and watchpoints (written, read, accessed) checked by the
 * engine, against the same ones checked before each instruction: two clients send the same random
 * packets and get the same replies, on every engine, forwards and backwards. PZ_SEED selects other
 * packets, PZ_POINTS_RUNS the number of runs.
 */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/client.h"
#include "tests/support/random.h"

#define RUNS 12u
#define MOVES 16u
#define SAMPLES 40u
#define MANY 500u

static const char *const engines[] = {"spec", "unicorn", "jit"};
#define ENGINES ((int)(sizeof engines / sizeof engines[0]))

static const struct {
    const char *path, *vms, *slice, *cpus;
    uint32_t length;
} guests[] = {
    {PZ_GUESTS "/t_points.elf", "2", "50", "1", 3900},
    {PZ_GUESTS "/t_pt_write.elf", "1", "1000000", "1", 4000},
    {PZ_GUESTS "/t_alias.elf", "2", "300", "1", 5600},
    {PZ_GUESTS "/t_cross_page.elf", "1", "1000000", "1", 3000},
    {PZ_GUESTS "/t_lrsc.elf", "1", "1000000", "1", 3000},
    {PZ_GUESTS "/t_smp_lock.elf", "2", "700", "3", 30000},
    {PZ_GUESTS "/t_smp_ipi.elf", "1", "1000000", "4", 6000},
    {PZ_GUESTS "/t_smp_idle.elf", "2", "300", "4", 6000},
};
#define GUESTS (sizeof guests / sizeof guests[0])

/* [1] asks each time. */
static struct client *clients[2];
static uint32_t pcs[SAMPLES], values[SAMPLES];
static char story[1 << 16];

static void open_clients(unsigned guest, const char *engine)
{
    const char *const words[] = {"--engine",
                                 engine,
                                 "--vms",
                                 guests[guest].vms,
                                 "--slice",
                                 guests[guest].slice,
                                 "--max-insns",
                                 "30000",
                                 "--mem",
                                 "16M",
                                 "--cpus",
                                 guests[guest].cpus,
                                 "--quantum",
                                 "100",
                                 guests[guest].path,
                                 NULL};

    for (unsigned i = 0; i < 2; i++) {
        clients[i] = client_open(words, false);
        clients[i]->debug.points.each = i;
    }
}

static void take_samples(struct rng *rng, unsigned guest)
{
    struct debug *debug = &clients[0]->debug;

    for (unsigned i = 0; i < SAMPLES; i++) {
        const struct vm *vm;

        debug_goto(debug, (struct timeline_position){rng_below(rng, guests[guest].length), 0});
        vm = &debug->machine->vms[rng_below(rng, debug->machine->count)];
        pcs[i] = vm->cpu->hart.pc;
        values[i] = vm->cpu->hart.x[1 + rng_below(rng, 31)];
    }
    debug_goto(debug, (struct timeline_position){0, 0});
}

static void both(uint64_t seed, const char *packet)
{
    char replies[2][sizeof clients[0]->reply];
    struct timeline_position at[2];
    size_t len = strlen(story);

    (void)!snprintf(story + len, sizeof story - len, "%s\n", packet);
    for (unsigned i = 0; i < 2; i++) {
        strcpy(replies[i], client_ask(clients[i], "%s", packet));
        at[i] = timeline_now(clients[i]->debug.timeline);
    }
    ck_assert_msg(!strcmp(replies[0], replies[1]) && !timeline_compare(at[0], at[1]),
                  "PZ_SEED=%" PRIu64 ":\n%sat %" PRIu64 "/%" PRIu64
                  ": %s\nasking each time, at %" PRIu64 "/%" PRIu64 ": %s",
                  seed, story, at[0].retired, at[0].events, replies[0], at[1].retired,
                  at[1].events, replies[1]);
}

static void random_point(struct rng *rng, char packet[64])
{
    static const uint32_t lengths[] = {1, 2, 4, 4, 8, 64};
    uint32_t type = rng_below(rng, 5), sample = rng_below(rng, SAMPLES);

    if (type < 2)
        (void)!snprintf(packet, 64, "%c%u,%x,4", rng_one_in(rng, 6) ? 'z' : 'Z', type,
                        pcs[sample]);
    else
        (void)!snprintf(packet, 64, "%c%u,%x,%x", rng_one_in(rng, 6) ? 'z' : 'Z', type,
                        values[sample] + rng_below(rng, 8), lengths[rng_below(rng, 6)]);
}

/* One of them alone, or a range of addresses. */
static void step_thread(struct rng *rng, uint64_t seed, unsigned guest)
{
    uint32_t threads = (uint32_t)atoi(guests[guest].vms) * (uint32_t)atoi(guests[guest].cpus);
    uint32_t thread = 1 + rng_below(rng, threads), from = pcs[rng_below(rng, SAMPLES)];
    char packet[64];

    if (rng_one_in(rng, 3))
        (void)!snprintf(packet, sizeof packet, "vCont;r%x,%x:%x;c", from & ~31u, from + 32,
                        thread);
    else
        (void)!snprintf(packet, sizeof packet,
                        rng_one_in(rng, 2) ? "vCont;s:%x" : "vCont;s:%x;c", thread);
    both(seed, packet);
    if (rng_one_in(rng, 4))
        both(seed, "bs");
}

static void compare(const char *engine, uint64_t seed)
{
    static const char *const moves[] = {"c", "c", "c", "bc", "bc", "s", "bs", "vCont;c"};
    struct rng rng = rng_new(seed);
    unsigned guest = rng_below(&rng, GUESTS);
    char packet[64];

    (void)!snprintf(story, sizeof story, "%s %s\n", engine, guests[guest].path);
    open_clients(guest, engine);
    take_samples(&rng, guest);
    for (unsigned move = 0; move < MOVES && !clients[0]->gdb.over; move++) {
        for (uint32_t points = move ? rng_below(&rng, 3) : 4; points; points--) {
            random_point(&rng, packet);
            both(seed, packet);
        }
        if (rng_one_in(&rng, 3))
            step_thread(&rng, seed, guest);
        else
            both(seed, moves[rng_below(&rng, sizeof moves / sizeof moves[0])]);
    }
    for (unsigned i = 0; i < 2; i++)
        client_close(clients[i]);
}

START_TEST(test_random_points)
{
    const char *wanted = getenv("PZ_POINTS_RUNS");
    uint64_t seed = rng_seed(1), runs = wanted ? strtoull(wanted, NULL, 0) : RUNS;

    for (uint64_t i = 0; i < runs; i++)
        compare(engines[_i], seed + i);
}
END_TEST

/* More than the engine can be told of: the last of them counts as well. */
START_TEST(test_many_watchpoints)
{
    char packet[64];

    story[0] = 0;
    open_clients(0, engines[_i]);
    for (unsigned i = 0; i < MANY; i++) {
        (void)!snprintf(packet, sizeof packet, "Z2,%x,1", 0x70000000 + 16 * i);
        both(0, packet);
    }
    both(0, "Z2,12000,1000"); /* its page tables */
    both(0, "c");
    ck_assert(strstr(clients[0]->reply, "watch:12004"));
    for (unsigned i = 0; i < 2; i++)
        client_close(clients[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gdb points");
    TCase *tcase = tcase_create("random points");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, test_random_points, 0, ENGINES);
    tcase_add_loop_test(tcase, test_many_watchpoints, 0, ENGINES);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
