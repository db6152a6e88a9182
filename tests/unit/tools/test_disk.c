/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_disk.c - files behind disks: a disk that is written, read, zeroed and flushed at random is
 * compared with a model in memory, in each storage mode; snapshots survive being closed, and not
 * being closed; and with a log every earlier state can be restored, whether the data written is in
 * memory or, beyond the limit, in a file.
 */
#include <fcntl.h>
#include <unistd.h>

#include "tests/support/random.h"
#include "tests/support/suite.h"
#include "tools/host/host.h"

#define SECTORS 80u /* the last block is not whole */
#define SIZE (SECTORS * 512)
#define STEPS 1000u
#define MOMENTS 50u

static char path[] = "/tmp/pz-test-disk-XXXXXX";
static uint8_t model[SIZE];
static struct disk disk;
static struct problem problem;

static void make_file(void)
{
    int fd;

    strcpy(path + sizeof path - 7, "XXXXXX");
    fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    for (unsigned i = 0; i < SIZE; i++)
        model[i] = (uint8_t)(i / 4096 == 3 ? 0 : i * 7 + i / 512);
    ck_assert_int_eq(write(fd, model, SIZE), SIZE);
    close(fd);
}

static void remove_file(void)
{
    char snapshot[64];

    snprintf(snapshot, sizeof snapshot, "%s.snapshot", path);
    unlink(snapshot);
    unlink(path);
}

static void open_disk(bool snapshot, enum disk_keep keep)
{
    struct disk_spec spec = {.path = path, .snapshot = snapshot};

    ck_assert_msg(!disk_open(&disk, &spec, keep, &problem), "%s", problem.text);
    ck_assert_msg(!disk_start(&disk, &problem), "%s", problem.text);
    ck_assert_uint_eq(disk_sectors(&disk), SECTORS);
}

static bool ask(enum board_disk_op op, uint64_t offset, uint8_t *bytes, uint32_t len)
{
    /* In two pieces, wherever the cut is. */
    struct virtq_buffer buffers[] = {{bytes, len / 3}, {bytes + len / 3, len - len / 3}};
    struct board_disk_request request = {
        .op = op, .offset = offset, .len = len, .buffers = buffers, .count = bytes ? 2 : 0};

    return disk_request(&disk, &request);
}

static void is_model(void)
{
    uint8_t bytes[SIZE];

    ck_assert(ask(BOARD_DISK_READ, 0, bytes, SIZE));
    ck_assert_mem_eq(bytes, model, SIZE);
}

static void one_step(struct rng *rng)
{
    uint32_t first = rng_below(rng, SECTORS), count = 1 + rng_below(rng, SECTORS - first);
    uint32_t at = first * 512, len = count * 512;
    uint8_t bytes[SIZE];

    switch (rng_below(rng, 5)) {
    case 0:
        ck_assert(ask(BOARD_DISK_READ, at, bytes, len));
        ck_assert_mem_eq(bytes, model + at, len);
        break;
    case 1:
        ck_assert(
            ask(rng_one_in(rng, 2) ? BOARD_DISK_ZERO : BOARD_DISK_DISCARD, at, NULL, len));
        memset(model + at, 0, len);
        break;
    case 2: ck_assert(ask(BOARD_DISK_FLUSH, 0, NULL, 0)); break;
    default:
        for (uint32_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)rng_next(rng);
        ck_assert(ask(BOARD_DISK_WRITE, at, bytes, len));
        memcpy(model + at, bytes, len);
    }
}

static void many_steps(uint64_t seed, unsigned count)
{
    struct rng rng = rng_new(seed);

    for (unsigned i = 0; i < count; i++)
        one_step(&rng);
    is_model();
}

static void check_file_is(const uint8_t *bytes)
{
    uint8_t there[SIZE];
    int fd = open(path, O_RDONLY);

    ck_assert_int_eq(read(fd, there, SIZE), SIZE);
    ck_assert_mem_eq(there, bytes, SIZE);
    close(fd);
}

START_TEST(written_to_the_file)
{
    make_file();
    open_disk(false, DISK_KEEP_FILE);
    many_steps(1, STEPS);
    ck_assert(disk_close(&disk));
    check_file_is(model);
    remove_file();
}
END_TEST

START_TEST(written_to_a_snapshot)
{
    static uint8_t before[SIZE];
    uint64_t blocks;

    make_file();
    memcpy(before, model, SIZE);
    open_disk(true, DISK_KEEP_FILE);
    many_steps(2, 40);
    ck_assert(disk_close(&disk));
    open_disk(true, DISK_KEEP_FILE);
    is_model();
    many_steps(3, STEPS);
    ck_assert(disk_close(&disk));
    check_file_is(before);
    ck_assert_msg(!disk_commit(path, &blocks, &problem), "%s", problem.text);
    ck_assert_uint_gt(blocks, 0);
    check_file_is(model);
    ck_assert(disk_commit(path, &blocks, &problem) == PZ_USAGE);
    remove_file();
}
END_TEST

/* The process is gone without a word: what was flushed is there. */
START_TEST(a_snapshot_left_behind)
{
    static uint8_t flushed[SIZE];

    make_file();
    open_disk(true, DISK_KEEP_FILE);
    many_steps(4, 100);
    ck_assert(ask(BOARD_DISK_FLUSH, 0, NULL, 0));
    memcpy(flushed, model, SIZE);
    close(disk.overlay.fd);
    close(disk.fd);
    disk.overlay.fd = disk.fd = -1;
    (void)!disk_close(&disk);
    open_disk(true, DISK_KEEP_FILE);
    memcpy(model, flushed, SIZE);
    is_model();
    ck_assert(disk_close(&disk));
    remove_file();
}
END_TEST

/* So little may be in memory that most of what is written goes to the temporary file. */
static void keep_little(void)
{
    disk.changes.memory_slots = 2;
}

static void kept_in_memory(enum disk_keep keep, bool little)
{
    static uint8_t before[SIZE];

    make_file();
    memcpy(before, model, SIZE);
    open_disk(false, keep);
    if (little)
        keep_little();
    many_steps(5, STEPS / 4);
    ck_assert((disk.changes.file >= 0) == little);
    ck_assert(disk_close(&disk));
    check_file_is(before);
    remove_file();
}

START_TEST(written_nowhere)
{
    for (unsigned little = 0; little < 2; little++) {
        kept_in_memory(DISK_KEEP_MEMORY, little);
        kept_in_memory(DISK_KEEP_LOG, little);
    }
}
END_TEST

/* A session in memory is bounded, and what is in the file has no name. */
START_TEST(what_does_not_fit_is_refused)
{
    uint8_t block[CHANGES_BLOCK] = {1}, got[CHANGES_BLOCK];
    struct changes changes;

    for (unsigned logs = 0; logs < 2; logs++) {
        ck_assert(changes_open(&changes, 8, logs));
        changes.memory_slots = 1;
        ck_assert(!setenv("TMPDIR", "/nowhere", 1));
        ck_assert(changes_write(&changes, 5, block));
        ck_assert(!changes_write(&changes, 6, block));
        ck_assert(changes.told);
        ck_assert(!changes_has(&changes, 6));
        ck_assert_uint_eq(changes_now(&changes), logs);
        ck_assert(changes_read(&changes, 5, got));
        ck_assert_mem_eq(got, block, sizeof got);
        ck_assert(!unsetenv("TMPDIR"));
        ck_assert(changes_write(&changes, 6, block));
        ck_assert(changes_read(&changes, 6, got));
        ck_assert_mem_eq(got, block, sizeof got);
        changes_close(&changes);
    }
}
END_TEST

/* Back, forward again by doing the same, by going there, and on another way. */
static void have_every_state_again(bool little)
{
    static uint8_t models[MOMENTS][SIZE];
    uint64_t moments[MOMENTS];
    struct rng rng = rng_new(6), again;

    make_file();
    open_disk(false, DISK_KEEP_LOG);
    if (little)
        keep_little();
    for (unsigned i = 0; i < MOMENTS; i++) {
        if (i == 20)
            again = rng;
        moments[i] = changes_now(&disk.changes);
        memcpy(models[i], model, SIZE);
        for (unsigned k = 0; k < 5; k++)
            one_step(&rng);
    }
    for (unsigned i = 0; i < 200; i++) {
        unsigned to = (i * 37 + i / 3) % MOMENTS;

        changes_go(&disk.changes, moments[to]);
        memcpy(model, models[to], SIZE);
        is_model();
    }
    changes_go(&disk.changes, moments[20]);
    memcpy(model, models[20], SIZE);
    for (unsigned k = 0; k < 5; k++)
        one_step(&again);
    ck_assert_uint_eq(changes_now(&disk.changes), moments[21]);
    ck_assert_mem_eq(model, models[21], SIZE);
    changes_go(&disk.changes, moments[40]);
    memcpy(model, models[40], SIZE);
    is_model();
    changes_go(&disk.changes, moments[10]);
    memcpy(model, models[10], SIZE);
    many_steps(7, 50);
    ck_assert(disk_close(&disk));
    remove_file();
}

START_TEST(every_state_can_be_had_again)
{
    have_every_state_again(false);
    have_every_state_again(true);
}
END_TEST

START_TEST(a_hash_tells_contents)
{
    uint64_t one, same, other;
    uint8_t byte[512] = {1};

    make_file();
    open_disk(false, DISK_KEEP_MEMORY);
    ck_assert(disk_hash(&disk, &one));
    ck_assert(ask(BOARD_DISK_ZERO, 3 * 4096, NULL, 4096)); /* it was zero */
    ck_assert(disk_hash(&disk, &same));
    ck_assert_uint_eq(one, same);
    ck_assert(ask(BOARD_DISK_WRITE, 3 * 4096, byte, 512));
    ck_assert(disk_hash(&disk, &other));
    ck_assert_uint_ne(one, other);
    ck_assert(disk_close(&disk));
    remove_file();
}
END_TEST

START_TEST(one_writer_at_a_time)
{
    struct disk_spec spec = {.path = path}, reader = {.path = path, .read_only = true};
    struct disk second;

    make_file();
    open_disk(false, DISK_KEEP_FILE);
    ck_assert(!disk_open(&second, &reader, DISK_KEEP_FILE, &problem));
    ck_assert(disk_conflict(&disk, &second));
    ck_assert(disk_start(&second, &problem) == PZ_USAGE);
    ck_assert_ptr_nonnull(strstr(problem.text, "in use by another pz"));
    (void)!disk_close(&second);
    ck_assert(disk_close(&disk));
    ck_assert(!disk_open(&disk, &reader, DISK_KEEP_FILE, &problem));
    ck_assert(!disk_start(&disk, &problem));
    ck_assert(!disk_open(&second, &reader, DISK_KEEP_FILE, &problem));
    ck_assert(!disk_conflict(&disk, &second));
    ck_assert(!disk_start(&second, &problem));
    (void)!disk_close(&second);
    ck_assert(!disk_open(&second, &spec, DISK_KEEP_FILE, &problem));
    ck_assert(disk_start(&second, &problem) == PZ_USAGE);
    (void)!disk_close(&second);
    ck_assert(disk_close(&disk));
    remove_file();
}
END_TEST

START_TEST(specifications)
{
    static const char *const wrong[] = {"", ",ro", "a,rw", "a,ro,snapshot", "a,vm=", "a,vm=x"};
    struct disk_spec spec;

    ck_assert(!disk_parse("a/b.img,snapshot,vm=3", &spec, &problem));
    ck_assert_str_eq(spec.path, "a/b.img");
    ck_assert(spec.snapshot && !spec.read_only && spec.names_vm && spec.vm == 3);
    free(spec.path);
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ck_assert_msg(disk_parse(wrong[i], &spec, &problem) == PZ_USAGE, "%s", wrong[i]);
        free(spec.path);
    }
}
END_TEST

SUITE_MAIN("disk", written_to_the_file, written_to_a_snapshot, a_snapshot_left_behind,
           written_nowhere, what_does_not_fit_is_refused, every_state_can_be_had_again,
           a_hash_tells_contents, one_writer_at_a_time, specifications)
