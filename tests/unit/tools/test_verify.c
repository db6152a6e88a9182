/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_verify.c - `pz verify` notices differences: a run is disturbed in one place, from outside,
 * and the comparison has to find just that and name it. Undisturbed, it finds nothing.
 */
#include <string.h>

#include "tests/support/suite.h"
#include "tools/verify/lockstep.h"

static struct options options;
static struct lockstep lockstep;

static void start_on(char *cpus)
{
    char *argv[] = {"verify", "--slice",  "1000", "--cpus",
                    cpus,     "--append", "ls",   PZ_GUESTS "/mini.elf",
                    NULL};
    const struct engines_kind *kind;
    struct problem problem;

    ck_assert_msg(!options_read(&options, OPTIONS_VERIFY, 8, argv, &problem), "%s",
                  problem.text);
    ck_assert(!engines_choose("spec", false, &kind, &problem));
    ck_assert_msg(!lockstep_open(&lockstep, &options, kind, &problem), "%s", problem.text);
}

static void start(void)
{
    start_on("1");
}

/* A while into the run, at the end of a slice. */
static void run_to(uint64_t retired)
{
    while (vm_retired(&lockstep.machine.vms[0]) < retired)
        ck_assert(lockstep_step(&lockstep));
}

static void run_to_end(void)
{
    struct problem problem;

    while (lockstep_step(&lockstep))
        ;
    ck_assert(!lockstep_finish(&lockstep, &problem));
}

static void stop(void)
{
    lockstep_close(&lockstep);
    options_free(&options);
}

static const struct difference_field *field(const char *name)
{
    for (unsigned i = 0; i < lockstep.difference.count; i++)
        if (!strcmp(lockstep.difference.fields[i].name, name))
            return &lockstep.difference.fields[i];
    return NULL;
}

static void must_find(const char *what, const char *name)
{
    ck_assert(lockstep_differs(&lockstep));
    ck_assert_msg(strstr(lockstep.difference.what, what), "found: %s",
                  lockstep.difference.what);
    ck_assert_msg(field(name), "%s is not named", name);
    ck_assert_uint_ne(field(name)->bare, field(name)->vm);
}

START_TEST(test_same)
{
    start();
    run_to_end();
    ck_assert_msg(!lockstep_differs(&lockstep), "found: %s", lockstep.difference.what);
    ck_assert_int_eq(lockstep.machine.vms[0].end, VM_OFF);
    ck_assert_uint_gt(lockstep.traps, 100);
    ck_assert_uint_eq(lockstep.traps, lockstep.bare.bare.board.traps);
    stop();
}
END_TEST

START_TEST(test_csr)
{
    start();
    run_to(100000);
    lockstep.machine.vms[0].cpu->hart.stval ^= 4; /* only a trap writes it */
    run_to_end();
    must_find("other registers at a trap", "stval");
    stop();
}
END_TEST

START_TEST(test_skipped_instruction)
{
    start();
    run_to(100000);
    lockstep.machine.vms[0].cpu->hart.retired++;
    run_to_end();
    must_find("", "retired");
    ck_assert_uint_eq(field("retired")->vm, field("retired")->bare + 1);
    stop();
}
END_TEST

START_TEST(test_pc)
{
    start();
    run_to(100000);
    lockstep.machine.vms[0].cpu->hart.pc = 0xf0000000;
    run_to_end();
    must_find("trap", "pc");
    ck_assert_uint_eq(field("pc")->vm, 0xf0000000);
    ck_assert_uint_gt(lockstep.difference.bare_code.count, 0);
    stop();
}
END_TEST

START_TEST(test_console)
{
    static const uint8_t extra = '!';
    const struct board_host *host;

    start();
    run_to(100000);
    host = &lockstep.machine.vms[0].board.host;
    host->console_out(host->owner, &extra, 1);
    run_to_end();
    must_find("other console output", "console bytes");
    stop();
}
END_TEST

START_TEST(test_console_same_length)
{
    start();
    run_to(200000);
    ck_assert_uint_gt(lockstep.vm_ports[0].printed.len, 0);
    lockstep.console_checked = 0;
    lockstep.vm_ports[0].printed.bytes[3] ^= 1;
    run_to_end();
    ck_assert(lockstep_differs(&lockstep));
    ck_assert_str_eq(lockstep.difference.what, "other console output");
    stop();
}
END_TEST

/* A byte that the guest never looks at: only the comparison of RAM can find it. */
START_TEST(test_ram)
{
    const uint64_t at = 9 << 20;
    const uint8_t byte = 0x5a;

    start();
    run_to(100000);
    ck_assert(vm_write(&lockstep.machine.vms[0], (struct gpa){at + 3}, &byte, 1));
    run_to_end();
    must_find("other RAM at the end, first at physical address 0x900003", "byte of RAM");
    ck_assert_uint_eq(field("byte of RAM")->vm, byte);
    stop();
}
END_TEST

START_TEST(test_bare_ram)
{
    start();
    run_to(100000);
    lockstep.bare.ram.bytes[9 << 20] = 1;
    run_to_end();
    must_find("other RAM at the end", "byte of RAM");
    stop();
}
END_TEST

START_TEST(test_end)
{
    start();
    run_to(100000);
    vm_kill(&lockstep.machine.vms[0], VM_KILLED);
    run_to_end();
    must_find("another end", "end");
    stop();
}
END_TEST

static void same_is_not_astray(char *cpus)
{
    start_on(cpus);
    do
        ck_assert(!lockstep_astray(&lockstep));
    while (lockstep_step(&lockstep));
    run_to_end();
    ck_assert_msg(!lockstep_differs(&lockstep), "found: %s", lockstep.difference.what);
    stop();
}

START_TEST(test_same_is_not_astray)
{
    same_is_not_astray("1");
    same_is_not_astray("4");
}
END_TEST

/* A loop that never traps again, so that no comparison would ever come. */
START_TEST(test_astray_without_a_trap)
{
    const uint32_t at = 9 << 20, jump_to_itself = 0x0000006f;
    struct vm *vm;

    start();
    run_to(100000);
    vm = &lockstep.machine.vms[0];
    ck_assert(vm_write(vm, (struct gpa){at}, &jump_to_itself, sizeof jump_to_itself));
    vm->cpu->hart.mode = HART_SUPERVISOR;
    vm->cpu->hart.sstatus = vm->cpu->hart.satp = 0;
    vm->cpu->hart.pc = at;
    while (!lockstep_astray(&lockstep))
        ck_assert(lockstep_step(&lockstep) && vm_retired(vm) < 1000000);
    ck_assert(!lockstep_differs(&lockstep));
    stop();
}
END_TEST

/* Every register and CSR is compared, and named. */
START_TEST(test_fields)
{
    struct difference difference = {.count = 0};
    struct hart *hart = &difference.vm.hart;

    difference_list(&difference);
    ck_assert_uint_eq(difference.count, 0);
    for (unsigned i = 1; i < 32; i++)
        hart->x[i] = i;
    hart->pc = hart->sstatus = hart->sie = hart->sip = hart->stvec = 1;
    hart->sscratch = hart->sepc = hart->scause = hart->stval = hart->satp = 1;
    hart->mode = HART_SUPERVISOR;
    hart->reservation.valid = true;
    hart->skipped = 1;
    difference_list(&difference);
    ck_assert_uint_eq(difference.count, 31 + 10 + 1 + 1 + 1);
}
END_TEST

SUITE_MAIN("verify", test_same, test_csr, test_skipped_instruction, test_pc, test_console,
           test_console_same_length, test_ram, test_bare_ram, test_end, test_same_is_not_astray,
           test_astray_without_a_trap, test_fields)
