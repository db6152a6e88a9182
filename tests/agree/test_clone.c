/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_clone.c - a run that is saved, based on an earlier file or not, restored under another
 * engine or technique, with its pages at once or when they are touched, cloned, with or without
 * shared pages, and paused, in any order: every VM that comes out prints what one left alone
 * prints, and ends in the same state.
 * With PZ_SEQUENCES=N in the environment, N random sequences instead of a few.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/random.h"
#include "tests/support/suite.h"
#include "tools/snapshot/snapshot.h"

#define VMS_MOST 4u
#define WORDS_MOST 16u
#define PRINTED_MOST (16u << 10)
#define FILES 3u /* in turns, so that each can be the next one's base */

/* With sanitizers on, a cycle is many times slower, and memory that is free is kept for long. */
#if defined(__SANITIZE_ADDRESS__)
#define CYCLES 30u
#define GROWS_MOST (256u << 20)
#else
#define CYCLES 1000u
#define GROWS_MOST (2u << 20)
#endif

struct text {
    char bytes[PRINTED_MOST];
    size_t len;
};

/* A machine, and the file that it came from. */
struct world {
    struct options options;
    struct machine machine;
    struct session session;
    struct session_port ports[VMS_MOST];
    struct board_host boards[VMS_MOST];
    struct snapshot_file file;
    bool from_file;
};

static struct world world;
static struct text printed[VMS_MOST]; /* goes on when the machine goes on elsewhere */
static struct text alone_printed;
static uint64_t alone_hash, alone_retired;
static struct text saved[FILES][VMS_MOST]; /* what had been printed when a file was written */
static unsigned saved_count[FILES];        /* and by how many VMs */
static char paths[FILES][64];

static void out(void *owner, const uint8_t *bytes, uint32_t len)
{
    struct text *text = &printed[((struct session_port *)owner)->vm];

    ck_assert(text->len + len <= PRINTED_MOST);
    memcpy(text->bytes + text->len, bytes, len);
    text->len += len;
}

static int in(void *owner)
{
    return input_next(&((struct session_port *)owner)->input);
}

static void open_machine(bool unloaded)
{
    struct machine_hosts hosts = {.boards = world.boards, .unloaded = unloaded};
    const struct engines_kind *kind;
    struct problem problem;

    ck_assert_uint_le(world.options.vms, VMS_MOST);
    world.session.ports = world.ports;
    world.session.count = (unsigned)world.options.vms;
    for (unsigned k = 0; k < world.options.vms; k++) {
        world.ports[k].vm = k;
        input_empty(&world.ports[k].input, false);
        world.boards[k] =
            (struct board_host){.console_out = out, .console_in = in, .owner = &world.ports[k]};
    }
    ck_assert(!engines_choose(world.options.engine, false, &kind, &problem));
    ck_assert_msg(!machine_open(&world.machine, &world.options, kind, &hosts, &problem), "%s",
                  problem.text);
}

static void close_world(void)
{
    machine_close(&world.machine);
    if (world.from_file)
        snapshot_close(&world.file);
    else
        options_free(&world.options);
    for (unsigned k = 0; k < VMS_MOST; k++)
        input_close(&world.ports[k].input);
}

static void start(const char *const *words)
{
    char *argv[WORDS_MOST] = {(char *)"run"};
    struct problem problem;
    int argc = 1;

    memset(&world, 0, sizeof world);
    memset(printed, 0, sizeof printed);
    for (; words[argc - 1]; argc++)
        argv[argc] = (char *)words[argc - 1];
    ck_assert_msg(!options_read(&world.options, OPTIONS_RUN, argc, argv, &problem), "%s",
                  problem.text);
    open_machine(false);
}

/* How it goes on. */
struct way {
    const char *engine;
    enum vm_monitor monitor;
    enum shadow_policy policy;
    bool shares; /* equal pages */
};

static const struct way ways[] = {
    {"jit", VM_PLAIN, SHADOW_LAZY, false},     {"spec", VM_PLAIN, SHADOW_TRACE, false},
    {"jit", VM_ASSIST, SHADOW_LAZY, false},    {"unicorn", VM_PLAIN, SHADOW_LAZY, false},
    {"jit", VM_TRANSLATE, SHADOW_LAZY, false}, {"spec", VM_HYBRID, SHADOW_LAZY, false},
    {"jit", VM_PLAIN, SHADOW_FLUSH, false},    {"spec", VM_ASSIST, SHADOW_LAZY, false},
    {"jit", VM_HYBRID, SHADOW_TRACE, false},   {"jit", VM_PARA, SHADOW_LAZY, false},
};
#define WAYS (sizeof ways / sizeof ways[0])

static bool is_there(const char *engine)
{
    for (unsigned i = 0; i < engines_count; i++)
        if (!strcmp(engines_all[i].name, engine))
            return !engines_all[i].missing;
    return false;
}

/* The machine that was is gone; this one is made of a file. */
static void open_file(unsigned file, const struct way *way)
{
    struct problem problem;

    close_world();
    memset(&world, 0, sizeof world);
    world.from_file = true;
    ck_assert_msg(!snapshot_open(&world.file, paths[file], &problem), "%s", problem.text);
    world.options = world.file.head.options;
    world.options.engine = way->engine;
    world.options.monitor = way->monitor;
    world.options.shadow = way->policy;
    world.options.share = way->shares;
}

static void restore(unsigned file, const struct way *way, bool lazily)
{
    struct snapshot_figures figures;
    struct problem problem;

    open_file(file, way);
    open_machine(true);
    world.file.lazily = lazily && !way->shares;
    ck_assert_msg(!snapshot_restore(&world.file, &world.machine, &world.session, false,
                                    &figures, &problem),
                  "%s", problem.text);
    memcpy(printed, saved[file], sizeof printed);
}

static void become_many(unsigned file, const struct way *way, unsigned count)
{
    struct snapshot_figures figures;
    struct problem problem;

    open_file(file, way);
    ck_assert_msg(!snapshot_clone_options(&world.file, count, &world.options, &problem), "%s",
                  problem.text);
    open_machine(true);
    ck_assert_msg(!snapshot_clone(&world.file, &world.options, &world.machine, &world.session,
                                  &figures, &problem),
                  "%s", problem.text);
    for (unsigned k = 0; k < count; k++)
        printed[k] = saved[file][0];
}

static void save(unsigned file, const char *since)
{
    struct options options = world.options;
    struct snapshot_figures figures;
    struct problem problem;

    options.since = since;
    ck_assert_msg(!snapshot_save(paths[file], &options, &world.machine, &world.session, NULL,
                                 &figures, &problem),
                  "%s", problem.text);
    memcpy(saved[file], printed, sizeof printed);
    saved_count[file] = world.machine.count;
}

/* The state of a VM, whatever its number in the machine. */
static uint64_t hash_of(struct vm *vm)
{
    uint16_t id = vm->id;
    uint64_t hash;

    ck_assert(pmap_settle(&vm->pmap));
    vm->id = 1;
    hash = statehash_vm(vm);
    vm->id = id;
    return hash;
}

static void run_to_end(void)
{
    for (unsigned k = 0; k < world.machine.count; k++)
        world.machine.vms[k].paused = false;
    while (vmm_run(&world.machine.vmm, NULL) == VMM_RAN)
        continue;
}

static void run_alone(const char *const *words)
{
    start(words);
    run_to_end();
    alone_printed = printed[0];
    alone_hash = hash_of(&world.machine.vms[0]);
    alone_retired = vm_retired(&world.machine.vms[0]);
    close_world();
}

static void must_be_as_alone(const char *what)
{
    for (unsigned k = 0; k < world.machine.count; k++) {
        struct vm *vm = &world.machine.vms[k];

        ck_assert_msg(vm_retired(vm) == alone_retired && hash_of(vm) == alone_hash,
                      "%s: VM %u of %u: another end", what, k, world.machine.count);
        ck_assert_msg(printed[k].len == alone_printed.len &&
                          !memcmp(printed[k].bytes, alone_printed.bytes, alone_printed.len),
                      "%s: VM %u of %u: printed something else", what, k, world.machine.count);
    }
}

/* ---- Random sequences ---- */

static struct way any_way(struct rng *rng)
{
    struct way way;

    do
        way = ways[rng_below(rng, WAYS)];
    while (!is_there(way.engine));
    way.shares = rng_below(rng, 2);
    return way;
}

static void run_some(struct rng *rng)
{
    uint64_t most = alone_retired / 6 + 1;

    (void)vmm_stay(&world.machine.vmm, 1 + rng_below(rng, (uint32_t)most));
}

/* What is done next; `files` have been written so far, the last of them under `files - 1`. */
static void act(struct rng *rng, unsigned *files)
{
    unsigned last = (*files + FILES - 1) % FILES;
    const struct way way = any_way(rng);
    bool one = *files && saved_count[last] == 1;
    bool based = one && *files < FILES && world.machine.count == 1 && rng_below(rng, 2);

    switch (rng_below(rng, 5)) {
    case 0:
        save(*files % FILES, based ? paths[last] : NULL);
        ++*files;
        break;
    case 1:
        if (*files)
            restore(last, &way, rng_below(rng, 2));
        break;
    case 2:
        if (one)
            become_many(last, &way, 1 + rng_below(rng, VMS_MOST));
        break;
    case 3: world.machine.vms[rng_below(rng, world.machine.count)].paused ^= true; break;
    default: break;
    }
    run_some(rng);
}

static void sequence(uint32_t seed, const char *const *words)
{
    struct rng rng = rng_new(seed);
    unsigned files = 0;
    char what[32];

    start(words);
    run_some(&rng);
    for (unsigned i = 0; i < 12; i++)
        act(&rng, &files);
    run_to_end();
    snprintf(what, sizeof what, "seed %u", seed);
    must_be_as_alone(what);
    close_world();
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define GUEST(name) PZ_GUESTS "/t_" name ".elf"

/* Each is run alone once. */
static const char *const *const guests[] = {
    WORDS("--vms", "1", "--append", "ls; forktest", "--engine", "jit"),
    WORDS("--vms", "1", "--rng-seed", "7", "--console", "virtio", GUEST("virtio")),
    WORDS("--vms", "1", "--cpus", "4", "--quantum", "777", "--append", "ls"),
    WORDS("--vms", "1", "--max-insns", "50000", GUEST("churn")),
    WORDS("--vms", "1", "--max-insns", "50000", GUEST("smc")),
    WORDS("--vms", "1", "--console", "virtio", "--max-insns", "50000", GUEST("journal_reboot")),
};
#define GUESTS (sizeof guests / sizeof guests[0])

START_TEST(any_sequence_leaves_the_guest_what_it_is)
{
    const char *wanted = getenv("PZ_SEQUENCES");
    unsigned count = wanted ? (unsigned)atoi(wanted) / GUESTS + 1 : PZ_DEBUG ? 4 : 8;

    run_alone(guests[_i]);
    for (unsigned i = 0; i < count; i++)
        sequence(1000 * (unsigned)_i + i, guests[_i]);
}
END_TEST

START_TEST(each_clone_is_the_original_on_every_engine)
{
    const char *const *words = WORDS("--vms", "1", "--append", "ls; forktest");

    run_alone(words);
    start(words);
    while (vm_retired(&world.machine.vms[0]) < 700000)
        run_some(&(struct rng){.state = 1});
    save(0, NULL);
    for (unsigned i = 0; i < WAYS; i++)
        if (is_there(ways[i].engine)) {
            become_many(0, &ways[i], VMS_MOST);
            run_to_end();
            must_be_as_alone(ways[i].engine);
        }
    close_world();
}
END_TEST

static uint64_t random_of(unsigned k)
{
    for (unsigned slot = 0; slot < BOARD_SLOTS; slot++)
        if (world.machine.vms[k].board.slots[slot].config.device == VIRTIO_RNG)
            return world.machine.vms[k].board.slots[slot].random;
    ck_abort();
    return 0;
}

START_TEST(with_identity_clones_differ)
{
    struct snapshot_figures figures;
    struct problem problem;
    uint64_t random;

    start(WORDS("--vms", "1", "--rng-seed", "7", "--append", "ls"));
    run_some(&(struct rng){.state = 1});
    random = random_of(0);
    save(0, NULL);
    open_file(0, &ways[0]);
    world.options.identity = true;
    ck_assert(!snapshot_clone_options(&world.file, 3, &world.options, &problem));
    open_machine(true);
    ck_assert(!snapshot_clone(&world.file, &world.options, &world.machine, &world.session,
                              &figures, &problem));
    ck_assert(random_of(0) == random && random_of(1) != random && random_of(2) != random &&
              random_of(1) != random_of(2));
    close_world();
}
END_TEST

/* ---- Pages that nobody has touched ---- */

/* A word far from all that was in use. */
static uint32_t word_at(uint64_t gpa)
{
    uint32_t word;

    ck_assert(vm_read(&world.machine.vms[0], (struct gpa){gpa}, &word, sizeof word));
    return word;
}

START_TEST(what_is_still_in_the_file_counts)
{
    const uint64_t page = 30u << 20, other = 28u << 20;
    struct board *board;
    uint64_t hash;
    uint32_t word;

    start(WORDS("--vms", "1", "--mem", "33M", "--engine", "jit", GUEST("big")));
    while (vm_retired(&world.machine.vms[0]) < 39000000)
        (void)vmm_run(&world.machine.vmm, NULL);
    hash = hash_of(&world.machine.vms[0]);
    word = word_at(page + 8);
    ck_assert(word && word_at(other));
    save(0, NULL);
    restore(0, &ways[0], true);
    ck_assert(!pmap_lookup(&world.machine.vms[0].pmap, (struct gpa){page}).v);
    save(1, NULL);
    restore(1, &ways[0], false);
    ck_assert(hash_of(&world.machine.vms[0]) == hash);

    restore(0, &ways[0], true);
    board = &world.machine.vms[0].board;
    board->clear(board, page, 4);
    ck_assert(!word_at(page) && word_at(page + 8) == word);
    board->clear(board, other, PAGE_SIZE);
    ck_assert(!word_at(other));
    close_world();
}
END_TEST

/* ---- Nothing is left behind ---- */

static unsigned files_open(void)
{
    DIR *directory = opendir("/proc/self/fd");
    unsigned count = 0;

    ck_assert_ptr_nonnull(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

/* Of pages that clones share. */
static unsigned mappings(void)
{
    FILE *file = fopen("/proc/self/maps", "re");
    unsigned count = 0;
    char line[512];

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file))
        count += strstr(line, "pz-clones") != NULL;
    fclose(file);
    return count;
}

/* Bytes. */
static size_t resident(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    unsigned long all, pages = 0;

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%lu %lu", &all, &pages), 2);
    fclose(file);
    return pages * (size_t)getpagesize();
}

static void cycle(void)
{
    restore(0, &ways[0], true);
    run_some(&(struct rng){.state = 1});
    save(1, paths[0]);
    restore(1, &ways[1], false);
    become_many(1, &ways[0], VMS_MOST);
    run_some(&(struct rng){.state = 1});
}

/* What is not freed the sanitizer says; here it is files, mappings, and memory in use. */
START_TEST(many_cycles_leave_nothing_behind)
{
    const char *const *words =
        WORDS("--vms", "1", "--mem", "1M", "--max-insns", "5000", GUEST("churn"));
    unsigned files, maps;
    size_t memory;

    run_alone(words);
    start(words);
    run_some(&(struct rng){.state = 1});
    save(0, NULL);
    for (unsigned i = 0; i < CYCLES / 10; i++)
        cycle();
    memory = resident();
    files = files_open();
    maps = mappings();
    for (unsigned i = 0; i < CYCLES; i++)
        cycle();
    ck_assert_uint_eq(files_open(), files);
    ck_assert_uint_eq(mappings(), maps);
    ck_assert_uint_le(resident(), memory + GROWS_MOST);
    close_world();
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("clone");
    TCase *tcase = tcase_create("clone");

    tcase_add_loop_test(tcase, any_sequence_leaves_the_guest_what_it_is, 0, GUESTS);
    tcase_add_test(tcase, each_clone_is_the_original_on_every_engine);
    tcase_add_test(tcase, with_identity_clones_differ);
    tcase_add_test(tcase, what_is_still_in_the_file_counts);
    tcase_add_test(tcase, many_cycles_leave_nothing_behind);
    tcase_set_timeout(tcase, 0);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    SRunner *runner;
    int failed;

    for (unsigned i = 0; i < FILES; i++)
        snprintf(paths[i], sizeof paths[i], "/tmp/pz-clone-%d-%u.pzs", (int)getpid(), i);
    runner = srunner_create(suite());
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    for (unsigned i = 0; i < FILES; i++)
        unlink(paths[i]);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
