/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_jit_faults.c - how often the host faults when another address space gets its tables: once
 * for each page, not a second time when what was read is written.
 */
#include "tests/support/suite.h"

#if PZ_HAVE_JIT
#include <string.h>
#include <unistd.h>

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "isa/engine/jit/jit.h"
#include "tests/support/encode.h"
#include "tests/support/engines.h"
#include "tests/support/space.h"

#define RAM (8u << 20)
#define ROOTS 0x1000u
#define ROOT_STEP 0x4000u
#define CODE 0x100000u
#define DATA 0x600000u
#define AT 0x400000u /* DATA's virtual address */
#define ECALL 0x00000073u
#define FIRST 4u   /* spaces that come before those that are measured */
#define SPACES 12u /* all of them: so many get tables of their own at once */
/* Of one space: both tables, for the code's pages and the data's, the code's, and two lists. */
#define FAULTS 10u

enum { A2 = 12, A3 = 13 };

static struct jit *jit;
static struct engine *engine;
static int faults = -1; /* the host's, counted */

static bool count_faults(void)
{
    struct perf_event_attr counted = {
        .type = PERF_TYPE_SOFTWARE,
        .size = sizeof counted,
        .config = PERF_COUNT_SW_PAGE_FAULTS,
        .exclude_kernel = 1,
    };

    faults = (int)syscall(SYS_perf_event_open, &counted, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
    return faults >= 0;
}

static uint64_t counted(void)
{
    uint64_t value;

    ck_assert_int_eq(read(faults, &value, sizeof value), sizeof value);
    return value;
}

static void make_code(uint8_t *ram)
{
    const uint32_t code[] = {
        encode_i(INSN_lw, A3, A2, 4),
        encode_store(INSN_sw, A3, A2, 8),
        ECALL,
    };

    for (unsigned i = 0; i < sizeof code / sizeof code[0]; i++)
        store_le32(ram + CODE + 4 * i, code[i]);
    engine_code_changed(engine, CODE, sizeof code);
}

static void run_in(uint8_t *ram, unsigned number)
{
    struct space space = space_new(ram, ROOTS + number * ROOT_STEP);
    struct engine_space where;
    struct engine_exit exit;
    struct hart hart;

    space_map(&space, CODE, CODE, PTE_USER | PTE_RWX);
    space_map(&space, AT, DATA, PTE_USER | PTE_RWX);
    where = (struct engine_space){.deprivileged = true, .root = space_satp(&space)};
    engine_set_space(engine, &where);
    hart_reset(&hart, CODE);
    hart.x[A2] = AT;
    engine_run(engine, &hart, UINT32_MAX, &exit);
    ck_assert_int_eq(exit.stop, ENGINE_TRAP);
    ck_assert_uint_eq(exit.trap.cause, CAUSE_ECALL_USER);
}

START_TEST(test_another_space)
{
    uint8_t *ram = ram_new(RAM);
    uint64_t before;

    memset(ram, 0, ROOTS + SPACES * ROOT_STEP); /* its own faults are not what is counted */
    ck_assert_int_eq(jit_create(ram, 0, RAM, NULL, &jit), JIT_OK);
    engine = jit_engine(jit);
    make_code(ram);
    for (unsigned i = 0; i < FIRST; i++)
        run_in(ram, i);
    before = counted();
    for (unsigned i = FIRST; i < SPACES; i++)
        run_in(ram, i);
    ck_assert_uint_le(counted() - before, FAULTS * (SPACES - FIRST));
    ck_assert_uint_ge(jit_stats(jit)->spaces, SPACES - 1);
    jit_destroy(jit);
    ram_free(ram, RAM);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("jit_faults");
    TCase *tcase = tcase_create("faults");

    tcase_add_test(tcase, test_another_space);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    SRunner *runner;
    int failed;

    if (!count_faults())
        return 77; /* the host lets nobody count them */
    runner = srunner_create(make_suite());
    srunner_set_fork_status(runner, CK_NOFORK); /* what is counted are this process's */
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#else

int main(void)
{
    return 77;
}

#endif
