/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_snapshot.c - a machine is saved somewhere in its run, and continues from the file under
 * another engine, policy or technique: what it prints, and registers, devices, RAM and counts at
 * the end are those of an uninterrupted run. And saving does not change the run that was saved.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/random.h"
#include "tests/support/suite.h"
#include "tools/snapshot/snapshot.h"

#define VMS_MOST 2u
#define ALL VMS_MOST /* what all have printed, in the order in which it came */
#define WORDS_MOST 16u
#define PRINTED_MOST (64u << 10)

/* A machine with consoles that remember. */
struct world {
    struct options options;
    struct machine machine;
    struct session session;
    struct session_port ports[VMS_MOST];
    struct board_host boards[VMS_MOST];
    uint8_t printed[VMS_MOST + 1][PRINTED_MOST];
    size_t len[VMS_MOST + 1];
};

/* How a run came out. */
struct result {
    uint64_t hash, retired;
    uint64_t turn[3]; /* whose it is, and where it began and ends */
    uint8_t printed[VMS_MOST + 1][PRINTED_MOST];
    size_t len[VMS_MOST + 1];
};

static struct world world;
static struct result alone, begun, gone_on;
static char path[64];

static void put(unsigned k, const uint8_t *bytes, uint32_t len)
{
    ck_assert(world.len[k] + len <= PRINTED_MOST);
    memcpy(world.printed[k] + world.len[k], bytes, len);
    world.len[k] += len;
}

static void out(void *owner, const uint8_t *bytes, uint32_t len)
{
    put(((struct session_port *)owner)->vm, bytes, len);
    put(ALL, bytes, len);
}

static int in(void *owner)
{
    return input_next(&((struct session_port *)owner)->input);
}

static void open_machine(void)
{
    struct machine_hosts hosts = {.boards = world.boards};
    const struct engines_kind *kind;
    struct problem problem;

    world.session.ports = world.ports;
    world.session.count = (unsigned)world.options.vms;
    for (unsigned k = 0; k < world.options.vms; k++) {
        world.ports[k].vm = k;
        input_empty(&world.ports[k].input, false);
        if (world.options.inputs.count)
            ck_assert(!input_open(&world.ports[k].input, world.options.inputs.at[0], false,
                                  &problem));
        world.boards[k] =
            (struct board_host){.console_out = out, .console_in = in, .owner = &world.ports[k]};
    }
    ck_assert(!engines_choose(world.options.engine, false, &kind, &problem));
    ck_assert_msg(!machine_open(&world.machine, &world.options, kind, &hosts, &problem), "%s",
                  problem.text);
}

static void start(const char *const *words)
{
    char *argv[WORDS_MOST] = {(char *)"run"};
    struct problem problem;
    int argc = 1;

    memset(&world, 0, sizeof world);
    for (; words[argc - 1]; argc++)
        argv[argc] = (char *)words[argc - 1];
    ck_assert_msg(!options_read(&world.options, OPTIONS_RUN, argc, argv, &problem), "%s",
                  problem.text);
    ck_assert_uint_le(world.options.vms, VMS_MOST);
    open_machine();
}

static void close_machine(void)
{
    machine_close(&world.machine);
    for (unsigned k = 0; k < VMS_MOST; k++)
        input_close(&world.ports[k].input);
}

static void finish(struct result *result)
{
    while (vmm_run(&world.machine.vmm, NULL) == VMM_RAN)
        continue;
    result->hash = statehash_all(&world.machine.vmm);
    result->retired = 0;
    for (unsigned k = 0; k < world.machine.count; k++)
        result->retired += vm_retired(&world.machine.vms[k]);
    memcpy(result->printed, world.printed, sizeof result->printed);
    memcpy(result->len, world.len, sizeof result->len);
    close_machine();
}

static void run_to(uint64_t at)
{
    struct vm *vm = &world.machine.vms[0];

    while (vm_alive(vm) && vm_retired(vm) < at)
        if (vmm_next(&world.machine.vmm) == vm)
            (void)vmm_stay(&world.machine.vmm, at - vm_retired(vm));
        else
            (void)vmm_run(&world.machine.vmm, NULL);
    ck_assert_uint_eq(vm_retired(vm), at);
}

static void note_turn(uint64_t turn[3])
{
    const struct vmm_turn *now = &world.machine.vmm.turn;

    turn[0] = now->vm ? machine_index(&world.machine, now->vm) : VMS_MOST;
    turn[1] = now->start;
    turn[2] = now->end;
}

static void save(void)
{
    struct snapshot_figures figures;
    struct problem problem;

    ck_assert_msg(!snapshot_save(path, &world.options, &world.machine, &world.session, NULL,
                                 &figures, &problem),
                  "%s", problem.text);
    begun.hash = statehash_all(&world.machine.vmm);
    note_turn(begun.turn);
    memcpy(begun.printed, world.printed, sizeof begun.printed);
    memcpy(begun.len, world.len, sizeof begun.len);
}

/* How it goes on. */
struct way {
    const char *engine;
    enum vm_monitor monitor;
    enum shadow_policy policy;
};

static void restore(const struct way *way)
{
    struct snapshot_file file;
    struct snapshot_figures figures;
    struct problem problem;

    memset(&world, 0, sizeof world);
    ck_assert_msg(!snapshot_open(&file, path, &problem), "%s", problem.text);
    world.options = file.head.options;
    world.options.engine = way->engine;
    world.options.monitor = way->monitor;
    world.options.shadow = way->policy;
    open_machine();
    ck_assert_msg(
        !snapshot_restore(&file, &world.machine, &world.session, false, &figures, &problem),
        "%s", problem.text);
    ck_assert_uint_eq(statehash_all(&world.machine.vmm), begun.hash);
    note_turn(gone_on.turn);
    ck_assert(!memcmp(gone_on.turn, begun.turn, sizeof begun.turn));
    finish(&gone_on);
    snapshot_close(&file);
}

static void must_be_the_rest(const struct way *way, uint64_t at)
{
    ck_assert_msg(gone_on.hash == alone.hash && gone_on.retired == alone.retired,
                  "saved at %lu, on %s, policy %u, monitor %u: another end", (unsigned long)at,
                  way->engine, way->policy, way->monitor);
    for (unsigned k = 0; k <= ALL; k++) {
        ck_assert_uint_eq(begun.len[k] + gone_on.len[k], alone.len[k]);
        ck_assert(!memcmp(begun.printed[k], alone.printed[k], begun.len[k]));
        ck_assert(!memcmp(gone_on.printed[k], alone.printed[k] + begun.len[k], gone_on.len[k]));
    }
}

static bool is_there(const char *engine)
{
    for (unsigned i = 0; i < engines_count; i++)
        if (!strcmp(engines_all[i].name, engine))
            return !engines_all[i].missing;
    return false;
}

static const struct way ways[] = {
    {"spec", VM_PLAIN, SHADOW_LAZY},    {"jit", VM_PLAIN, SHADOW_LAZY},
    {"jit", VM_PLAIN, SHADOW_TRACE},    {"jit", VM_PLAIN, SHADOW_FLUSH},
    {"unicorn", VM_PLAIN, SHADOW_LAZY}, {"spec", VM_HYBRID, SHADOW_TRACE},
    {"jit", VM_ASSIST, SHADOW_LAZY},    {"unicorn", VM_PLAIN, SHADOW_TRACE},
    {"spec", VM_ASSIST, SHADOW_FLUSH},
};
#define WAYS (sizeof ways / sizeof ways[0])

/* Saved on one engine, gone on with in each way from `first` on. */
static void save_and_go_on(const char *const *words, uint64_t at, unsigned first,
                           unsigned count)
{
    struct options options;

    start(words);
    options = world.options;
    run_to(at);
    save();
    finish(&gone_on);
    ck_assert_msg(gone_on.hash == alone.hash && gone_on.retired == alone.retired,
                  "the run that was saved is another");
    options_free(&options);
    for (unsigned i = first; i < first + count; i++)
        if (is_there(ways[i % WAYS].engine)) {
            restore(&ways[i % WAYS]);
            must_be_the_rest(&ways[i % WAYS], at);
        }
}

static void run_alone(const char *const *words)
{
    struct options options;

    start(words);
    options = world.options;
    finish(&alone);
    options_free(&options);
}

/*
 * Left alone on `spec`; saved at random places, on the engine and policy of `words`. With the
 * sanitizers on, a third of the ways at each place.
 */
static void check(const char *const *words, unsigned places, unsigned most)
{
    struct rng rng = rng_new(places);
    unsigned first = 0, count = PZ_DEBUG ? (most + 2) / 3 : most;

    run_alone(words);
    for (unsigned i = 0; i < places; i++, first += count)
        save_and_go_on(words, 1 + rng_below(&rng, (uint32_t)alone.retired / 2), first, count);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* With the sanitizers on, without the longer one: test_mini.c runs that with each policy. */
START_TEST(a_saved_mini_goes_on_everywhere)
{
    if (!PZ_DEBUG)
        check(WORDS("--vms", "1", "--engine", "jit", "--append", "usertests"), 1, 2);
    check(WORDS("--vms", "1", "--engine", "jit", "--append", "ls; forktest"), 3, WAYS);
}
END_TEST

START_TEST(with_several_cpus)
{
    check(WORDS("--vms", "1", "--cpus", "4", "--quantum", "777", "--append", "forktest"), 3,
          WAYS);
}
END_TEST

/* Which sensitive instructions unicorn leaves untrapped, so that pages are interpreted. */
START_TEST(in_the_middle_of_an_interpreted_page)
{
    if (is_there("unicorn"))
        check(WORDS("--vms", "1", "--engine", "unicorn", "--append", "ls"), 20, 2);
}
END_TEST

START_TEST(two_vms_and_their_turns)
{
    check(WORDS("--vms", "2", "--slice", "997", "--shares", "100,300", "--append", "forktest",
                "--append", "ls"),
          3, WAYS);
}
END_TEST

START_TEST(what_was_not_read_of_the_input)
{
    char name[sizeof path + 8];
    FILE *file;

    snprintf(name, sizeof name, "%s.in", path);
    file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    fputs("echo one\nls\necho two\nforktest\necho three\nhalt\n", file);
    fclose(file);
    check(WORDS("--vms", "1", "--input", name), PZ_DEBUG ? 4 : 8, 4);
    unlink(name);
}
END_TEST

START_TEST(small_guests)
{
    static const char *const names[] = {"churn",      "smc",       "lrsc",          "pt_write",
                                        "uart_user",  "virtio",    "counters",      "vectored",
                                        "user_timer", "plic_echo", "journal_reboot"};
    char guest[256];

    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(guest, sizeof guest, PZ_GUESTS "/t_%s.elf", names[i]);
        check(WORDS("--console", "virtio", "--rng-seed", "7", "--max-insns", "50000", guest), 4,
              WAYS);
    }
}
END_TEST

/* On which a guest can tell one technique from another: so it goes on under the same. */
START_TEST(on_a_broken_instruction_set)
{
    check(WORDS("--variant", "popf", "--append", "ls", "--vms", "1", "--engine", "jit"), 1, 4);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_saved_mini_goes_on_everywhere,      with_several_cpus,
                                  in_the_middle_of_an_interpreted_page, two_vms_and_their_turns,
                                  what_was_not_read_of_the_input,       small_guests,
                                  on_a_broken_instruction_set};
    int failed;

    snprintf(path, sizeof path, "/tmp/pz-snapshot-%d.pzs", (int)getpid());
    failed = suite_run("snapshot", tests, sizeof tests / sizeof tests[0]);
    unlink(path);
    return failed;
}
