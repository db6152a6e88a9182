/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_machine.c - machines as `pz run` makes them: what remains of a VM that has ended, and the
 * state in which one restarts. Which options make which machine is tested from the command line.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/engines.h"
#include "tests/support/suite.h"
#include "tools/host/machine.h"
#include "tools/show/map.h"
#include "tools/show/report.h"
#include "vmm/board/restart.h"

static struct options options;
static struct machine machine;

static void start(const char *engine)
{
    char *words[] = {"run",      "--vms",        "3",
                     "--engine", (char *)engine, PZ_GUESTS "/t_ecalls.elf"};
    const struct board_host boards[3] = {0};
    const struct machine_hosts hosts = {.boards = boards};
    const struct engines_kind *kind;
    struct problem problem;

    ck_assert(!options_read(&options, OPTIONS_RUN, 6, words, &problem));
    ck_assert(!engines_choose(engine, false, &kind, &problem));
    ck_assert_msg(!machine_open(&machine, &options, kind, &hosts, &problem), "%s",
                  problem.text);
}

static void stop(void)
{
    machine_close(&machine);
    options_free(&options);
}

/* Run until some VM has ended; its number. */
static unsigned run_to_an_end(void)
{
    struct vm *ran;

    do
        ck_assert_int_eq(vmm_run(&machine.vmm, &ran), VMM_RAN);
    while (vm_alive(ran));
    return machine_index(&machine, ran);
}

static void release(unsigned k)
{
    uint32_t had = machine_pages(&machine, k, PAGE_KINDS), used = machine.vmm.allocator.used;
    uint32_t guest = machine_pages(&machine, k, PAGE_GUEST);

    ck_assert_uint_gt(guest, 0);
    ck_assert(!machine_released(&machine, k));
    machine_release(&machine, k);
    ck_assert(machine_released(&machine, k));
    ck_assert_uint_eq(allocate_count(&machine.vmm.allocator, machine.vms[k].id, PAGE_KINDS), 0);
    ck_assert_uint_lt(machine.vmm.allocator.used, used);
    ck_assert_uint_eq(machine_pages(&machine, k, PAGE_KINDS), had);
    ck_assert_uint_eq(machine_pages(&machine, k, PAGE_GUEST), guest);
    machine_release(&machine, k); /* once more is nothing */
}

/* What pz shows can be shown at any time. */
static void show_everything(void)
{
    FILE *out = fopen("/dev/null", "w");

    ck_assert_ptr_nonnull(out);
    report_summary(out, &machine, 1);
    report_stats(out, &machine, 80);
    map_draw(out, &machine, NULL, 80);
    fclose(out);
}

/* Each VM's memory comes back when it ends, and the others' results are what they would be. */
static void release_all(const char *engine)
{
    uint64_t retired = 0;

    start(engine);
    for (unsigned i = 0; i < 3; i++) {
        unsigned k = run_to_an_end();

        release(k);
        show_everything();
        ck_assert_int_eq(machine.vms[k].end, VM_OFF);
        ck_assert(!i || machine.vms[k].cpu->hart.retired == retired);
        retired = machine.vms[k].cpu->hart.retired;
    }
    ck_assert_int_eq(vmm_run(&machine.vmm, NULL), VMM_DONE);
    ck_assert(report_all_well(&machine));
    stop();
}

START_TEST(the_end_of_a_vm_gives_its_memory_back)
{
    for (unsigned i = 0; i < engines_count; i++)
        if (!engines_all[i].missing)
            release_all(engines_all[i].name);
}
END_TEST

/* ---- Restarts ---- */

static void write_initrd(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

/* Every byte of RAM has been written to. */
static void use_all_ram(struct vm *vm)
{
    static uint8_t junk[PAGE_SIZE];

    memset(junk, 0xa5, sizeof junk);
    for (uint64_t at = 0; at < vm->config.ram_size; at += PAGE_SIZE)
        ck_assert(vm_write(vm, (struct gpa){at}, junk, PAGE_SIZE));
}

/* How many bytes of RAM differ from another VM's, in which nothing has run. */
static uint64_t bytes_changed(struct vm *vm, struct vm *fresh)
{
    static uint8_t here[PAGE_SIZE], there[PAGE_SIZE];
    uint64_t count = 0;

    for (uint64_t at = 0; at < vm->config.ram_size; at += PAGE_SIZE) {
        ck_assert(vm_read(vm, (struct gpa){at}, here, PAGE_SIZE));
        ck_assert(vm_read(fresh, (struct gpa){at}, there, PAGE_SIZE));
        for (unsigned i = 0; i < PAGE_SIZE; i++)
            count += here[i] != there[i];
    }
    return count;
}

static uint64_t image_bytes(const struct image_set *set)
{
    uint64_t count = set->initrd.len + set->tree_len;

    for (unsigned i = 0; i < set->image->elf.count; i++)
        count += set->image->elf.segments[i].size;
    return count;
}

/*
 * Cold, memory is as at first; warm, where the images are, and nowhere else. They are those
 * that were read at first, though the file has become another.
 */
START_TEST(a_restart_loads_what_was_there_at_first)
{
    char path[] = "/tmp/pz-test-machine-XXXXXX";
    char *words[] = {"run",      "--vms", "2",        "--mem", "2M",
                     "--engine", "spec",  "--initrd", path,    PZ_GUESTS "/t_ecalls.elf"};
    const struct board_host boards[2] = {0};
    const struct machine_hosts hosts = {.boards = boards};
    const struct engines_kind *kind;
    struct problem problem;
    struct vm *vm;

    close(mkstemp(path));
    write_initrd(path, "an archive");
    ck_assert(!options_read(&options, OPTIONS_RUN, 10, words, &problem));
    ck_assert(!engines_choose("spec", false, &kind, &problem));
    ck_assert_msg(!machine_open(&machine, &options, kind, &hosts, &problem), "%s",
                  problem.text);
    vm = &machine.vms[0];
    write_initrd(path, "another one");
    unlink(path);
    for (enum restart_kind how = RESTART_WARM; how <= RESTART_COLD; how++) {
        use_all_ram(vm);
        restart_ask(&vm->board, how, BOARD_OFF);
        ck_assert(vm_restart(vm));
        ck_assert_uint_eq(
            bytes_changed(vm, &machine.vms[1]),
            how == RESTART_COLD ? 0 : vm->config.ram_size - image_bytes(&machine.sets[0]));
        ck_assert(hart_equal(&vm->cpu->hart, &machine.vms[1].cpu->hart));
    }
    stop();
}
END_TEST

/* The first one in the table that this build has. */
START_TEST(the_fastest_engine_built_is_the_default)
{
    static const char *const order[] = {"jit", "unicorn", "predecode", "spec"};
    const struct engines_kind *kind;
    struct problem problem;
    unsigned first = 0;

    ck_assert_uint_eq(engines_count, sizeof order / sizeof order[0]);
    for (unsigned i = 0; i < engines_count; i++)
        ck_assert_str_eq(engines_all[i].name, order[i]);
    while (engines_all[first].missing)
        first++;
    ck_assert(!engines_choose(NULL, false, &kind, &problem));
    ck_assert_ptr_eq(kind, &engines_all[first]);
    ck_assert(!engines_choose(NULL, true, &kind, &problem));
    ck_assert(kind->abilities & ENGINE_NATIVE);
}
END_TEST

/* The table says before an engine is made what its operations say afterwards. */
START_TEST(abilities_are_the_operations)
{
    enum { SIZE = 16 * PAGE_SIZE };
    uint8_t *ram = ram_new(SIZE);

    for (unsigned i = 0; i < engines_count; i++) {
        struct engines_one one;
        struct problem problem;

        if (engines_all[i].missing)
            continue;
        ck_assert(!engines_open(&one, &engines_all[i], ram, 0, SIZE, &problem));
        ck_assert_uint_eq(one.engine->ops->abilities, engines_all[i].abilities);
        engines_close(&one);
    }
    ram_free(ram, SIZE);
}
END_TEST

SUITE_MAIN("machine", the_end_of_a_vm_gives_its_memory_back,
           a_restart_loads_what_was_there_at_first, the_fastest_engine_built_is_the_default,
           abilities_are_the_operations)
