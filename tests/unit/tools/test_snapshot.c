/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_snapshot.c - forged values of registers, devices and turns in a snapshot: they are refused,
 * or give a machine that runs. And a file with any one byte changed, or cut short, is refused, with
 * the offset.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "tests/support/random.h"
#include "tests/support/suite.h"
#include "tools/host/host.h"
#include "tools/snapshot/snapshot.h"
#include "tools/snapshot/state.h"

#define TRIES 1000u
#define ON 20000u /* instructions */

static struct options options;
static struct machine machine;

static void start(void)
{
    static char *words[] = {"run", "--engine",  "spec",   "--cpus",
                            "2",   "--vms",     "1",      "--rng-seed",
                            "5",   "--console", "virtio", PZ_GUESTS "/t_smp_ipi.elf"};
    const struct board_host boards[1] = {0};
    const struct machine_hosts hosts = {.boards = boards};
    const struct engines_kind *kind;
    struct problem problem;

    ck_assert(!options_read(&options, OPTIONS_RUN, 12, words, &problem));
    ck_assert(!engines_choose("spec", false, &kind, &problem));
    ck_assert_msg(!machine_open(&machine, &options, kind, &hosts, &problem), "%s",
                  problem.text);
}

static void stop(void)
{
    machine_close(&machine);
    options_free(&options);
}

static void run_on(uint64_t count)
{
    for (uint64_t end = vm_retired(machine.vms) + count; vm_retired(machine.vms) < end;)
        if (vmm_stay(&machine.vmm, end - vm_retired(machine.vms)) != VMM_RAN)
            break;
}

/* ---- Numbers anywhere in a document ---- */

static void collect(json_t *value, json_t **numbers, unsigned *count)
{
    const char *key;
    json_t *part;
    size_t i;

    if (json_is_integer(value))
        numbers[(*count)++] = value;
    json_array_foreach(value, i, part) collect(part, numbers, count);
    json_object_foreach(value, key, part) collect(part, numbers, count);
}

static json_int_t strange(struct rng *rng)
{
    switch (rng_below(rng, 5)) {
    case 0: return rng_below(rng, 4);
    case 1: return rng_below(rng, 256);
    case 2: return rng_next(rng);
    case 3: return -1;
    default: return (json_int_t)((uint64_t)rng_next(rng) << 32 | rng_next(rng));
    }
}

START_TEST(made_up_values_are_refused_or_run)
{
    static json_t *numbers[4096];
    struct rng rng = rng_new(1);
    unsigned taken = 0;

    start();
    run_on(200);
    for (unsigned i = 0; i < TRIES; i++) {
        json_t *fields = state_vm(machine.vms), *turn;
        unsigned count = 0;

        collect(fields, numbers, &count);
        ck_assert_uint_gt(count, 100);
        for (unsigned changes = 1 + rng_below(&rng, 3); changes; changes--)
            json_integer_set(numbers[rng_below(&rng, count)], strange(&rng));
        if (state_vm_restore(machine.vms, fields)) {
            turn = state_turn(&machine.vmm, machine.vms);
            count = 0;
            collect(turn, numbers, &count);
            json_integer_set(numbers[rng_below(&rng, count)], strange(&rng));
            if (state_turn_restore(&machine.vmm, machine.vms, turn)) {
                run_on(ON);
                taken++;
            }
            json_decref(turn);
        }
        json_decref(fields);
        stop();
        start();
        run_on(200);
    }
    stop();
    ck_assert_uint_gt(taken, TRIES / 20);
    ck_assert_uint_lt(taken, TRIES);
}
END_TEST

/* ---- One by one ---- */

static bool is_taken(const char *list, unsigned at, const char *part, const char *name,
                     json_int_t value)
{
    json_t *fields = state_vm(machine.vms), *object;
    bool taken;

    object = json_array_get(json_object_get(fields, list), at);
    if (part)
        object = json_object_get(object, part);
    ck_assert_ptr_nonnull(json_object_get(object, name));
    json_array_set_new(json_object_get(object, name), 0, json_integer(value));
    taken = state_vm_restore(machine.vms, fields);
    json_decref(fields);
    fields = NULL;
    return taken;
}

START_TEST(what_no_run_leads_to_is_refused)
{
    start();
    ck_assert(is_taken("harts", 0, NULL, "pc", 0x1000));
    ck_assert(!is_taken("harts", 0, NULL, "pc", 0x1001));
    ck_assert(!is_taken("harts", 0, NULL, "x", 1));
    ck_assert(!is_taken("harts", 0, NULL, "mode", 3));
    ck_assert(!is_taken("harts", 0, NULL, "mode", 256));
    ck_assert(!is_taken("harts", 0, NULL, "sstatus", -1));
    ck_assert(!is_taken("harts", 0, NULL, "stvec", 2));
    ck_assert(!is_taken("harts", 0, NULL, "retired", INT64_MAX));
    ck_assert(!is_taken("board", 0, "state", "power", BOARD_RESTART));
    ck_assert(!is_taken("board", 0, "state", "power", BOARD_OFF)); /* but it runs */
    ck_assert(!is_taken("board", 1, "state", "current", 2));
    ck_assert(!is_taken("board", 5, "state", "state", 3));
    ck_assert(!is_taken("board", 2, "state", "ahead", 300));
    ck_assert(!is_taken("board", 2, "state", "uart.count", 17));
    stop();
}
END_TEST

/* ---- The file ---- */

static char path[64];
static uint8_t *whole;
static size_t whole_len;

static void save(void)
{
    struct session_port port = {.vm = 0};
    const struct session session = {.ports = &port, .count = 1};
    struct snapshot_figures figures;
    struct problem problem;
    struct file file;

    start();
    run_on(ON);
    input_empty(&port.input, false);
    snprintf(path, sizeof path, "/tmp/pz-snapshot-file-%d.pzs", (int)getpid());
    ck_assert(!snapshot_save(path, &options, &machine, &session, NULL, &figures, &problem));
    input_close(&port.input);
    stop();
    ck_assert(!file_read(path, (size_t)1 << 20, &file, &problem));
    whole = file.bytes;
    whole_len = file.len;
}

static void write_bytes(const uint8_t *bytes, size_t len)
{
    FILE *file = fopen(path, "we");

    ck_assert_ptr_nonnull(file);
    ck_assert(!len || fwrite(bytes, len, 1, file) == 1);
    ck_assert(!fclose(file));
}

/* Nothing of what is before `at` is wrong. */
static void must_be_refused(const char *what, size_t at)
{
    struct snapshot_file file;
    struct problem problem;
    const char *said;
    unsigned long offset;

    ck_assert_msg(snapshot_open(&file, path, &problem) == PZ_USAGE, "%s at %zu", what, at);
    snapshot_close(&file);
    if (strstr(problem.text, "made by another version of pz")) { /* its number was changed */
        ck_assert_uint_eq(at, strlen(SNAPSHOT_MAGIC) - 2);
        return;
    }
    said = strstr(problem.text, "damaged at offset ");
    ck_assert_msg(said && sscanf(said, "damaged at offset %lu", &offset) == 1, "%s at %zu: %s",
                  what, at, problem.text);
    ck_assert_msg(offset <= at, "%s at %zu: %s", what, at, problem.text);
}

START_TEST(no_byte_can_be_another)
{
    save();
    for (size_t at = 0; at < whole_len; at++) {
        whole[at] ^= (uint8_t)(1u << at % 8);
        write_bytes(whole, whole_len);
        whole[at] ^= (uint8_t)(1u << at % 8);
        must_be_refused("changed", at);
        write_bytes(whole, at);
        must_be_refused("cut", at);
    }
    unlink(path);
    free(whole);
}
END_TEST

/* ---- Of another version ---- */

#define HEADER 20u /* of a section: its name, two lengths, and a sum of these and its bytes */

static size_t section_len(const uint8_t *section)
{
    return HEADER + load_le32(section + 4);
}

static void sum_again(uint8_t *section)
{
    size_t stored = section_len(section) - HEADER;
    uint8_t *summed = malloc(12 + stored);

    ck_assert_ptr_nonnull(summed);
    memcpy(summed, section, 12);
    memcpy(summed + 12, section + HEADER, stored);
    little_put64(section + 12, XXH3_64bits(summed, 12 + stored));
    free(summed);
}

/* Well-formed, but of a name that is not known there: no section is skipped. */
START_TEST(an_unknown_section_is_refused)
{
    struct snapshot_file file;
    struct problem problem;
    size_t at = sizeof SNAPSHOT_MAGIC - 1;
    unsigned sections = 0;

    save();
    for (; at < whole_len; at += section_len(whole + at), sections++) {
        uint8_t letter = whole[at];

        sum_again(whole + at); /* this is how sums are made: nothing has changed */
        write_bytes(whole, whole_len);
        ck_assert_msg(!snapshot_open(&file, path, &problem), "%s", problem.text);
        snapshot_close(&file);
        whole[at] = 'z';
        sum_again(whole + at);
        write_bytes(whole, whole_len);
        must_be_refused("renamed", at);
        whole[at] = letter;
        sum_again(whole + at);
    }
    ck_assert_uint_eq(at, whole_len);
    ck_assert_uint_ge(sections, 10);
    unlink(path);
    free(whole);
}
END_TEST

START_TEST(another_version_is_called_so)
{
    const size_t at = strlen(SNAPSHOT_MAGIC) - 2;
    struct snapshot_file file;
    struct problem problem;
    uint8_t version;

    save();
    version = whole[at];
    for (whole[at] = '0'; whole[at] <= '9'; whole[at]++) {
        write_bytes(whole, whole_len);
        if (whole[at] == version)
            continue;
        ck_assert_int_eq(snapshot_open(&file, path, &problem), PZ_USAGE);
        snapshot_close(&file);
        ck_assert_msg(strstr(problem.text, "made by another version of pz") != NULL, "%s",
                      problem.text);
    }
    unlink(path);
    free(whole);
}
END_TEST

/* Numbers are little-endian, and names in their order, whatever the host is. */
START_TEST(the_first_section_is_as_described)
{
    const size_t head = sizeof SNAPSHOT_MAGIC - 1;
    const uint8_t *at;
    size_t stored;

    save();
    ck_assert(!memcmp(whole, SNAPSHOT_MAGIC "head", head + 4));
    at = whole + head;
    stored = at[4] | (size_t)at[5] << 8 | (size_t)at[6] << 16 | (size_t)at[7] << 24;
    ck_assert(!memcmp(at + 20 + stored, "stor", 4));
    ck_assert(!memcmp(whole + whole_len - 28, "tail\x08\0\0\0\x08\0\0\0", 12));
    at = whole + whole_len - 8;
    stored = at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16;
    ck_assert(!memcmp(whole + stored, "list", 4));
    unlink(path);
    free(whole);
}
END_TEST

/* ---- What is stored ---- */

static void fill(uint64_t page, unsigned count, uint8_t value)
{
    uint8_t bytes[PAGE_SIZE];

    memset(bytes, value, sizeof bytes);
    for (; count; count--, page++)
        ck_assert(vm_write(machine.vms, (struct gpa){machine.vms->pmap.base + page * PAGE_SIZE},
                           bytes, sizeof bytes));
}

static struct snapshot_figures figures_now(void)
{
    struct session_port port = {.vm = 0};
    const struct session session = {.ports = &port, .count = 1};
    struct snapshot_figures figures;
    struct problem problem;

    input_empty(&port.input, false);
    ck_assert(!snapshot_save(path, &options, &machine, &session, NULL, &figures, &problem));
    input_close(&port.input);
    return figures;
}

START_TEST(equal_pages_are_stored_once_and_zeros_never)
{
    struct snapshot_figures before, after;

    start();
    run_on(ON);
    snprintf(path, sizeof path, "/tmp/pz-snapshot-file-%d.pzs", (int)getpid());
    before = figures_now();
    ck_assert_uint_le(before.stored, before.pages);
    fill(1000, 16, 0);
    after = figures_now();
    ck_assert(after.pages == before.pages && after.stored == before.stored);
    fill(1000, 16, 0x5a);
    after = figures_now();
    ck_assert_uint_eq(after.pages, before.pages + 16);
    ck_assert_uint_eq(after.stored, before.stored + 1);
    fill(1003, 1, 0x5b);
    ck_assert_uint_eq(figures_now().stored, before.stored + 2);
    unlink(path);
    stop();
}
END_TEST

SUITE_MAIN("snapshot", made_up_values_are_refused_or_run, what_no_run_leads_to_is_refused,
           no_byte_can_be_another, an_unknown_section_is_refused, another_version_is_called_so,
           the_first_section_is_as_described, equal_pages_are_stored_once_and_zeros_never)
