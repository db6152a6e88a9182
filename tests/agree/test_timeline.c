/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_timeline.c - going back restores the past: each state is hashed on the way forwards and
 * compared when the run goes back to its position, on every engine, with one VM and two, and
 * with a guest that reads input. And observing changes nothing: a run that is cut often equals
 * that of `pz run`. PZ_SOAK, a list of engines, tests more positions on them (target `soak`).
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/random.h"
#include "tests/support/travel.h"
#include "tools/travel/statehash.h"

static const char *const engines[] = {"spec", "unicorn", "jit"};
#define ENGINES ((int)(sizeof engines / sizeof engines[0]))

/* A guest's run. Interpreting is slow: `spec` has shorter ones; with sanitizers, all have. */
struct journey {
    const char *append, *short_append; /* NULL: a shell, typed at */
    const char *vms;
    const char *scripts[3], *short_scripts[3];
    bool smp; /* two of t_smp_lock, each with four CPUs */
};

static const struct journey journeys[] = {
    {"usertests", "forktest", "1", {NULL}, {NULL}, false},
    {"forktest; usertests mem", "forktest", "2", {NULL}, {NULL}, false},
    {NULL,
     NULL,
     "2",
     {"ls\necho hello\nforktest\nhalt\n", "cat\nabc\n\004primes\nhalt\n", NULL},
     {"ls\nforktest\nhalt\n", "cat\nabc\n\004halt\n", NULL},
     false},
    {.vms = "2", .smp = true},
};
#define JOURNEYS (sizeof journeys / sizeof journeys[0])

static struct travel travel;

static void depart_on(const char *engine, const struct journey *journey, bool is_short,
                      struct travel_how how)
{
    const char *append = is_short ? journey->short_append : journey->append;
    const char *words[] = {"--engine", engine,     "--vms", journey->vms, "--slice",
                           "77777",    "--append", append,  NULL};

    const char *smp[] = {"--engine",
                         engine,
                         "--vms",
                         journey->vms,
                         "--slice",
                         "777",
                         "--mem",
                         "8M",
                         "--cpus",
                         "4",
                         "--quantum",
                         "333",
                         PZ_GUESTS "/t_smp_lock.elf",
                         NULL};

    if (!append)
        words[6] = NULL;
    travel_open(&travel, journey->smp ? smp : words,
                is_short ? journey->short_scripts : journey->scripts, how);
}

static void depart(const char *engine, const struct journey *journey, struct travel_how how)
{
    depart_on(engine, journey, engine[0] == 's' || (PZ_DEBUG && !getenv("PZ_SOAK")), how);
}

/* A plain run of the same, with no timeline about it. */
struct plain {
    uint64_t hash, events, switches, exits, turns, retired;
};

/* Made once for each journey on each engine: Check's children inherit them. */
static struct plain plains[JOURNEYS * ENGINES];

static uint64_t all_exits(const struct machine *machine)
{
    uint64_t exits = 0;

    for (unsigned k = 0; k < machine->count; k++)
        exits += machine->vms[k].counters.exits;
    return exits;
}

/* Of what has departed; it ends. */
static struct plain finish_plain(void)
{
    struct machine *machine = timeline_machine(travel.timeline);
    struct plain plain = {0};

    while (vmm_run(&machine->vmm, NULL) == VMM_RAN)
        plain.turns++;
    plain.hash = statehash_all(&machine->vmm);
    plain.events = machine->vmm.events;
    plain.switches = machine->vmm.switches;
    plain.exits = all_exits(machine);
    for (unsigned k = 0; k < machine->count; k++)
        plain.retired += vm_retired(&machine->vms[k]);
    travel_close(&travel);
    return plain;
}

static void run_plain(int i)
{
    depart(engines[i % ENGINES], &journeys[i / ENGINES],
           (struct travel_how){.interval = UINT64_MAX});
    plains[i] = finish_plain();
}

static void ck_same(struct travel_mark mark, const char *what)
{
    struct travel_mark now = travel_mark(&travel);

    ck_assert_msg(!timeline_problem(travel.timeline)[0], "%s: %s", what,
                  timeline_problem(travel.timeline));
    ck_assert_msg(!timeline_compare(now.at, mark.at), "%s: at %lu/%lu instead of %lu/%lu", what,
                  now.at.retired, now.at.events, mark.at.retired, mark.at.events);
    ck_assert_msg(now.hash == mark.hash, "%s: another state at %lu/%lu", what, mark.at.retired,
                  mark.at.events);
}

static void ck_same_end(const struct plain *plain)
{
    const struct machine *machine = timeline_machine(travel.timeline);

    ck_assert_uint_eq(timeline_hash(travel.timeline), plain->hash);
    ck_assert_uint_eq(machine->vmm.events, plain->events);
    ck_assert_uint_eq(machine->vmm.switches, plain->switches);
    ck_assert_uint_eq(all_exits(machine), plain->exits);
}

/* ---- goto ---- */

#define GOTOS 1000u
#define LEAST 6u /* enough that some lie before the end, wherever chance puts them */

/* Each way back runs a stretch again, which takes the slower engines and sanitizers long. */
static unsigned how_many(const char *engine, unsigned usual, unsigned soaked)
{
    unsigned most = getenv("PZ_SOAK") ? soaked : usual;
    unsigned share = getenv("PZ_SOAK") ? 1
                                       : (engine[0] == 's'   ? 50
                                          : engine[0] == 'u' ? 10
                                                             : 1) *
                                             (PZ_DEBUG ? 10 : 1);

    return most / share > LEAST ? most / share : LEAST;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/*
 * Checkpoints at places that do not depend on the host's speed, and so many that a stretch is
 * short; a soak has them as `pz debug` does.
 */
#define STRETCHES 16u

static struct travel_how how_far(const struct plain *plain)
{
    return (struct travel_how){.interval = getenv("PZ_SOAK") ? 0 : plain->retired / STRETCHES};
}

static void mark_counts(struct travel_mark *marks, unsigned count, struct rng *rng,
                        uint64_t length)
{
    uint64_t counts[GOTOS];

    for (unsigned i = 0; i < count; i++)
        counts[i] = ((uint64_t)rng_next(rng) << 32 | rng_next(rng)) % length;
    qsort(counts, count, sizeof counts[0], by_number);
    for (unsigned i = 0; i < count; i++) {
        (void)timeline_run(travel.timeline, (struct timeline_position){counts[i], 0}, NULL);
        marks[i] = travel_mark(&travel);
    }
}

static void go_to_all(const struct travel_mark *marks, unsigned count, struct rng *rng)
{
    for (unsigned i = 0; i < count; i++) {
        const struct travel_mark *mark = &marks[rng_below(rng, count)];

        ck_assert_int_eq(timeline_goto(travel.timeline, mark->at), TIMELINE_REACHED);
        ck_same(*mark, "goto");
    }
}

START_TEST(test_goto)
{
    const char *engine = engines[_i % ENGINES];
    const struct journey *journey = &journeys[_i / ENGINES];
    const struct plain *plain = &plains[_i];
    struct rng rng = rng_new(rng_seed(7));
    unsigned count = how_many(engine, GOTOS, GOTOS);
    static struct travel_mark marks[GOTOS];

    depart(engine, journey, how_far(plain));
    mark_counts(marks, count, &rng, plain->retired);
    go_to_all(marks, count, &rng);
    ck_assert_int_eq(timeline_run(travel.timeline, TIMELINE_END, NULL), TIMELINE_ENDED);
    ck_same_end(plain);
    travel_close(&travel);
}
END_TEST

/* ---- back ---- */

#define SAMPLES 150u
#define SOAK_SAMPLES 1000u

/* Of an exit: the state behind it, behind the exit before, and one step before. */
struct sample {
    struct travel_mark here, before_exit, before_step;
};

static struct sample samples[SOAK_SAMPLES];

/* Positions only: going forwards by smallest steps until an exit has been handled. */
static bool find_sample(struct sample *sample, struct rng *rng, uint64_t skip)
{
    const struct machine *machine = timeline_machine(travel.timeline);
    struct timeline_position to = timeline_now(travel.timeline);
    uint64_t exits;

    to.retired += 1 + rng_next(rng) % skip;
    if (timeline_run(travel.timeline, to, NULL) != TIMELINE_REACHED ||
        timeline_next_exit(travel.timeline) != TIMELINE_REACHED)
        return false;
    sample->before_exit.at = timeline_now(travel.timeline);
    exits = all_exits(machine);
    do {
        sample->before_step.at = timeline_now(travel.timeline);
        if (timeline_step(travel.timeline) != TIMELINE_REACHED)
            return false;
    } while (all_exits(machine) == exits);
    sample->here.at = timeline_now(travel.timeline);
    return true;
}

static unsigned find_samples(const char *engine, const struct journey *journey, uint64_t length)
{
    unsigned most = how_many(engine, SAMPLES, SOAK_SAMPLES), count = 0;
    struct rng rng = rng_new(rng_seed(8));

    depart(engine, journey, (struct travel_how){.interval = UINT64_MAX});
    while (count < most && find_sample(&samples[count], &rng, 2 * length / most))
        count++;
    travel_close(&travel);
    return count;
}

static void look_at(struct travel_mark *mark)
{
    (void)timeline_run(travel.timeline, mark->at, NULL);
    mark->hash = timeline_hash(travel.timeline);
    ck_same(*mark, "forwards once more");
}

/* Their states, on a machine that never goes back. */
static void hash_samples(const char *engine, const struct journey *journey, unsigned count)
{
    depart(engine, journey, (struct travel_how){.interval = UINT64_MAX});
    for (unsigned i = 0; i < count; i++) {
        look_at(&samples[i].before_exit);
        look_at(&samples[i].before_step);
        look_at(&samples[i].here);
    }
    ck_assert_uint_eq(timeline_figures(travel.timeline).restored, 0);
    travel_close(&travel);
}

static void check_sample(const struct sample *sample)
{
    struct timeline *timeline = travel.timeline;

    ck_assert_int_eq(timeline_goto(timeline, sample->here.at), TIMELINE_REACHED);
    ck_same(sample->here, "goto behind an exit");
    ck_assert_int_eq(timeline_back_exit(timeline), TIMELINE_REACHED);
    ck_same(sample->before_exit, "back an exit");
    ck_assert_int_eq(timeline_goto(timeline, sample->here.at), TIMELINE_REACHED);
    ck_assert_int_eq(timeline_back_step(timeline), TIMELINE_REACHED);
    ck_same(sample->before_step, "back a step");
    ck_assert_int_eq(timeline_step(timeline), TIMELINE_REACHED);
    ck_same(sample->here, "forth a step");
}

START_TEST(test_back)
{
    const char *engine = engines[_i % ENGINES];
    const struct journey *journey = &journeys[_i / ENGINES];
    const struct plain *plain = &plains[_i];
    unsigned count = find_samples(engine, journey, plain->retired);

    ck_assert_uint_gt(count, how_many(engine, SAMPLES, SAMPLES) / 3);
    hash_samples(engine, journey, count);
    depart(engine, journey, how_far(plain));
    (void)timeline_goto(travel.timeline, samples[count - 1].here.at);
    for (unsigned i = count; i-- > 0;)
        check_sample(&samples[i]);
    ck_assert_int_eq(timeline_run(travel.timeline, TIMELINE_END, NULL), TIMELINE_ENDED);
    ck_same_end(plain);
    travel_close(&travel);
}
END_TEST

/* ---- Step by step, from power on to the end ---- */

/*
 * `counters` holds instructions that an engine may not trap: its page is interpreted there, a
 * stretch for each exit, which a step cuts. The others are full of traps.
 */
static const char *const small[] = {"counters", "smc",  "user_timer",
                                    "nested",   "lrsc", "reboot"};
#define SMALL ((int)(sizeof small / sizeof small[0]))
#define STEPS_MOST 30000u
#define MARK_EVERY 97u

static void depart_small(const char *engine, const char *guest)
{
    char path[512];
    const char *words[] = {"--engine",    engine, "--vms",   "2",   "--mem", "8M",
                           "--max-insns", "12k",  "--slice", "500", path,    NULL};

    snprintf(path, sizeof path, "%s/t_%s.elf", PZ_GUESTS, guest);
    travel_open(&travel, words, NULL, (struct travel_how){.interval = 1000});
}

static struct plain run_small(const char *engine, const char *guest)
{
    depart_small(engine, guest);
    return finish_plain();
}

START_TEST(test_every_step)
{
    static struct travel_mark marks[STEPS_MOST / MARK_EVERY + 1];
    struct plain plain = run_small(engines[_i % ENGINES], small[_i / ENGINES]);
    unsigned steps = 0, count = 0;

    depart_small(engines[_i % ENGINES], small[_i / ENGINES]);
    for (; steps < STEPS_MOST && timeline_step(travel.timeline) == TIMELINE_REACHED; steps++)
        if (steps % MARK_EVERY == 0)
            marks[count++] = travel_mark(&travel);
    ck_assert_uint_lt(steps, STEPS_MOST);
    ck_same_end(&plain);
    while (count-- > 0) {
        ck_assert_int_eq(timeline_goto(travel.timeline, marks[count].at), TIMELINE_REACHED);
        ck_same(marks[count], "goto a step");
    }
    travel_close(&travel);
}
END_TEST

/* ---- An instruction at a time ---- */

/* From the first exit to a point of the boot and back, by instructions: the same states. */
START_TEST(test_each_insn)
{
    enum { INSNS = 100 };
    static struct travel_mark marks[INSNS];

    depart(engines[_i], &journeys[1], (struct travel_how){.interval = 20000});
    (void)timeline_run(travel.timeline, (struct timeline_position){300000, 0}, NULL);
    for (unsigned i = 0; i < INSNS; i++) {
        marks[i] = travel_mark(&travel);
        ck_assert_int_eq(timeline_step_insn(travel.timeline), TIMELINE_REACHED);
    }
    for (unsigned i = INSNS; i-- > 0;) {
        ck_assert_int_eq(timeline_back_insn(travel.timeline), TIMELINE_REACHED);
        ck_same(marks[i], "back an instruction");
    }
    travel_close(&travel);
}
END_TEST

/* ---- Stops ---- */

#define HITS 24u

struct hits {
    struct travel_mark marks[HITS];
    unsigned count;
};

static bool is_sbi(void *owner, struct timeline *timeline, const struct trace_event *event)
{
    (void)owner, (void)timeline;
    return event->action == TRACE_SBI;
}

/* Stops found forwards are found backwards, each, and in the other order. */
START_TEST(test_stops)
{
    static struct hits hits;
    const struct timeline_stop stop = {.event = is_sbi};

    hits.count = 0;
    depart(engines[_i], &journeys[1], (struct travel_how){.interval = 100000});
    while (hits.count < HITS &&
           timeline_run(travel.timeline, TIMELINE_END, &stop) == TIMELINE_STOPPED)
        hits.marks[hits.count++] = travel_mark(&travel);
    ck_assert_uint_eq(hits.count, HITS);
    for (unsigned i = HITS - 1; i-- > 0;) {
        ck_assert_int_eq(timeline_back(travel.timeline, &stop), TIMELINE_STOPPED);
        ck_same(hits.marks[i], "back to a stop");
    }
    ck_assert_int_eq(timeline_back(travel.timeline, &stop), TIMELINE_BEGAN);
    ck_assert_uint_eq(timeline_now(travel.timeline).retired, 0);
    travel_close(&travel);
}
END_TEST

/* Interrupts and world switches: where they left the VM, nothing has retired yet. */
static bool is_between(void *owner, struct timeline *timeline, const struct trace_event *event)
{
    (void)timeline;
    *(struct trace_event *)owner = *event;
    return event->action == TRACE_INTERRUPT || event->action == TRACE_SWITCH;
}

START_TEST(test_stops_between)
{
    static struct hits hits;
    struct trace_event event;
    const struct timeline_stop stop = {.event = is_between, .owner = &event};

    hits.count = 0;
    depart(engines[_i], &journeys[1], (struct travel_how){.interval = 100000});
    while (hits.count < HITS &&
           timeline_run(travel.timeline, TIMELINE_END, &stop) == TIMELINE_STOPPED) {
        const struct machine *machine = timeline_machine(travel.timeline);

        ck_assert_uint_eq(vm_retired(&machine->vms[event.vm - 1]), event.retired);
        hits.marks[hits.count++] = travel_mark(&travel);
    }
    ck_assert_uint_eq(hits.count, HITS);
    for (unsigned i = HITS; i-- > 0;) {
        ck_assert_int_eq(timeline_goto(travel.timeline, hits.marks[i].at), TIMELINE_REACHED);
        ck_same(hits.marks[i], "goto behind an interrupt or a switch");
    }
    travel_close(&travel);
}
END_TEST

static bool is_at(void *owner, struct timeline *timeline, struct vm *vm)
{
    (void)timeline;
    return vm->cpu->hart.pc == *(const uint32_t *)owner;
}

/* A breakpoint, by looking at every instruction. */
START_TEST(test_breakpoint)
{
    struct timeline_position at[2];
    struct timeline_stop stop = {.insn = is_at};
    struct travel_mark mark;
    uint32_t pc;

    depart(engines[_i], &journeys[1], (struct travel_how){.interval = 50000});
    at[0] = (struct timeline_position){200000, 0};
    (void)timeline_run(travel.timeline, at[0], NULL);
    pc = timeline_vm(travel.timeline)->cpu->hart.pc;
    stop.owner = &pc;
    mark = travel_mark(&travel);
    (void)timeline_run(travel.timeline, (struct timeline_position){200001, 0}, NULL);
    ck_assert_int_eq(timeline_back(travel.timeline, &stop), TIMELINE_STOPPED);
    ck_same(mark, "back to a breakpoint");
    travel_close(&travel);
}
END_TEST

/* ---- Under the other monitors ---- */

#define INSIDE 40u
#define INSIDE_LENGTH 500000u /* of mini's boot and its shell */

static struct machine_bare bare;

static int nothing_typed(void *owner)
{
    (void)owner;
    return -1;
}

static void not_shown(void *owner, const uint8_t *bytes, uint32_t len)
{
    (void)owner, (void)bytes, (void)len;
}

/* The bare machine, at the same count, has the same hart. */
static void ck_same_bare(const struct machine *machine)
{
    const struct hart *hart = &machine->vms[0].cpu->hart;

    (void)bare_run(&bare.bare, hart->retired);
    ck_assert_msg(hart_equal(hart, &bare.bare.hart), "bare it is another state at %lu",
                  (unsigned long)hart->retired);
}

/*
 * Under each monitor the guest is stopped at any instruction, in the state of the bare machine
 * unless it knows of the monitor, and gone back to.
 */
static void meet_inside(const char *engine, const char *name, enum vm_monitor monitor)
{
    const char *words[] = {"--engine", engine, "--monitor", name,       "--vms", "1",
                           "--mem",    "16M",  "--append",  "forktest", NULL};
    const struct board_host host = {.console_out = not_shown, .console_in = nothing_typed};
    static struct travel_mark marks[INSIDE];
    const struct engines_kind *kind;
    struct rng rng = rng_new(rng_seed(9));
    const struct machine *machine;
    struct problem problem;

    travel_open(&travel, words, NULL,
                (struct travel_how){.interval = INSIDE_LENGTH / STRETCHES});
    machine = timeline_machine(travel.timeline);
    if (machine->vms[0].config.monitor == monitor) {
        ck_assert(!engines_choose("spec", true, &kind, &problem));
        ck_assert(!machine_bare_open(&bare, &travel.options, kind, 0, &host, &problem));
        for (unsigned i = 0; i < INSIDE; i++) {
            uint64_t next = timeline_now(travel.timeline).retired + 1;

            next += rng_below(&rng, 2 * INSIDE_LENGTH / INSIDE);
            (void)timeline_run(travel.timeline, (struct timeline_position){next, 0}, NULL);
            marks[i] = travel_mark(&travel);
            ck_assert_uint_eq(marks[i].at.retired, next);
            if (monitor != VM_PARA)
                ck_same_bare(machine);
        }
        if (monitor == VM_ASSIST)
            ck_assert_uint_lt(all_exits(machine), 1000);
        go_to_all(marks, INSIDE, &rng);
        machine_bare_close(&bare);
    }
    travel_close(&travel);
}

/* With assistance it exits a few hundred times only. */
START_TEST(test_inside)
{
    meet_inside(engines[_i], "assist", VM_ASSIST);
}
END_TEST

START_TEST(test_inside_others)
{
    static const struct {
        const char *name;
        enum vm_monitor monitor;
    } others[] = {{"translate", VM_TRANSLATE}, {"para", VM_PARA}, {"hybrid", VM_HYBRID}};

    meet_inside("jit", others[_i].name, others[_i].monitor);
}
END_TEST

/* ---- Memory ---- */

START_TEST(test_memory_is_bounded)
{
    const uint64_t limit = 6u << 20; /* too little for all, packed as they are */
    struct timeline_figures figures;

    depart_on("jit", &journeys[0], false,
              (struct travel_how){.mem = limit, .interval = 200000});
    (void)timeline_run(travel.timeline, TIMELINE_END, NULL);
    figures = timeline_figures(travel.timeline);
    ck_assert_uint_le(figures.most_bytes, limit);
    ck_assert_uint_gt(figures.taken, 30);
    ck_assert_uint_gt(figures.checkpoints, 2);
    ck_assert_uint_lt(figures.checkpoints, figures.taken);
    ck_assert_int_eq(timeline_goto(travel.timeline, (struct timeline_position){12345678, 0}),
                     TIMELINE_REACHED);
    ck_assert_uint_eq(timeline_now(travel.timeline).retired, 12345678);
    travel_close(&travel);
}
END_TEST

/* After a change by hand the run is another, and history begins there. */
START_TEST(test_edited)
{
    struct timeline_position here = {500000, 0};
    struct travel_mark mark;
    struct problem problem;

    depart(engines[_i], &journeys[1], (struct travel_how){0});
    (void)timeline_run(travel.timeline, here, NULL);
    timeline_machine(travel.timeline)->vms[0].cpu->hart.sscratch ^= 0;
    ck_assert_int_eq(timeline_edited(travel.timeline, &problem), PZ_OK);
    mark = travel_mark(&travel);
    (void)timeline_run(travel.timeline, (struct timeline_position){600000, 0}, NULL);
    ck_assert_int_eq(timeline_goto(travel.timeline, (struct timeline_position){0, 0}),
                     TIMELINE_BEGAN);
    ck_same(mark, "the beginning of an edited history");
    travel_close(&travel);
}
END_TEST

static bool is_asked(const char *engine)
{
    const char *soak = getenv("PZ_SOAK");

    return !soak || strstr(soak, engine);
}

static void run_plains(void)
{
    for (int i = 0; i < ENGINES * (int)JOURNEYS; i++)
        if (is_asked(engines[i % ENGINES]))
            run_plain(i);
}

/* A journey there and back on the engines that are asked for; each engine, each journey. */
static void add_soak(TCase *tcase)
{
    for (int i = 0; i < ENGINES * (int)JOURNEYS; i++)
        if (is_asked(engines[i % ENGINES])) {
            tcase_add_loop_test(tcase, test_goto, i, i + 1);
            tcase_add_loop_test(tcase, test_back, i, i + 1);
        }
}

static void add_all(TCase *tcase)
{
    tcase_add_loop_test(tcase, test_goto, 0, ENGINES * (int)JOURNEYS);
    tcase_add_loop_test(tcase, test_back, 0, ENGINES * (int)JOURNEYS);
    tcase_add_loop_test(tcase, test_every_step, 0, ENGINES * SMALL);
    tcase_add_loop_test(tcase, test_each_insn, 0, ENGINES);
    tcase_add_loop_test(tcase, test_stops, 0, ENGINES);
    tcase_add_loop_test(tcase, test_stops_between, 0, ENGINES);
    tcase_add_loop_test(tcase, test_breakpoint, 0, ENGINES);
    tcase_add_loop_test(tcase, test_edited, 0, ENGINES);
    tcase_add_test(tcase, test_memory_is_bounded);
}

int main(void)
{
    Suite *suite = suite_create("timeline");
    TCase *tcase = tcase_create("timeline"), *inside = tcase_create("inside");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_unchecked_fixture(tcase, run_plains, NULL);
    tcase_add_loop_test(inside, test_inside, 0, ENGINES);
    tcase_add_loop_test(inside, test_inside_others, 0, 3);
    suite_add_tcase(suite, inside);
    if (getenv("PZ_SOAK"))
        add_soak(tcase);
    else
        add_all(tcase);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
