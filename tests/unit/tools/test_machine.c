/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_machine.c - machines as `pz run` has them: what is left of a VM that has ended. Which options
 * make which machine is tested from the command line.
 */
#include "tests/support/suite.h"
#include "tools/host/machine.h"
#include "tools/show/map.h"
#include "tools/show/report.h"

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

/* The first one in the table that this build has. */
START_TEST(the_fastest_engine_built_is_the_default)
{
    static const char *const order[] = {"jit", "unicorn", "spec"};
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
    ck_assert(kind->native);
}
END_TEST

SUITE_MAIN("machine", the_end_of_a_vm_gives_its_memory_back,
           the_fastest_engine_built_is_the_default)
