/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_para.c - hypercalls, one by one: what each does, what it refuses, and when the page that a
 * virtual CPU shares is read, written, and no longer shared, as docs/para.md specifies. Guests that
 * use hypercalls are in agree/test_para.c.
 */
#include "isa/csr.h"
#include "tests/support/hypercalls.h"
#include "tests/support/loops.h"
#include "vmm/checkpoint.h"

#define SBI_BASE 0x10u
#define SBI_HSM 0x48534du

static struct hypercalls here;
static struct vm *const vm = &here.vm;

static void begin(enum vm_monitor monitor, enum shadow_policy policy, unsigned cpus)
{
    hypercalls_init(&here, monitor, policy, cpus);
}

static void exit_by(uint32_t cause, uint32_t tval)
{
    hypercalls_exit(&here, cause, tval);
}

static int32_t ecall(uint32_t extension, uint32_t function, const uint32_t args[3])
{
    return hypercalls_ecall(&here, extension, function, args);
}

static int32_t call(enum para_function function, uint32_t a0, uint32_t a1, uint32_t a2)
{
    return hypercalls_ecall(&here, PARA_EXTENSION, function, (uint32_t[]){a0, a1, a2});
}

static struct para_page page(void)
{
    return hypercalls_page(&here);
}

#define PUT(word, value) hypercalls_put(&here, offsetof(struct para_page, word), value)

static void share(uint32_t reg)
{
    ck_assert_int_eq(call(PARA_SHARE, PAGE, 0, reg), OK);
    ck_assert(vm->cpu->para.shared);
}

/* Nothing happens for so many instructions. */
static void pass(uint64_t count)
{
    uint64_t end = vm->cpu->hart.retired + count;

    here.stub.step_count = here.stub.next = 0;
    while (vm->cpu->hart.retired < end)
        (void)vmm_step(&here.vmm, end - vm->cpu->hart.retired, NULL);
}

/* ---- Who has it ---- */

START_TEST(only_this_monitor_has_it)
{
    uint32_t id = PARA_EXTENSION;
    bool there = _i == VM_PARA;

    begin((enum vm_monitor)_i, SHADOW_LAZY, 1);
    if (_i == VM_HYBRID) /* its own tests run it; the stub cannot interpret */
        vm->config.monitor = VM_PLAIN;
    ck_assert_int_eq(ecall(SBI_BASE, 3, (uint32_t[]){id, 0, 0}), OK);
    ck_assert_uint_eq(vm->cpu->hart.x[A1], there);
    ck_assert_int_eq(call(PARA_VERSION, 0, 0, 0), there ? OK : NOT_SUPPORTED);
    ck_assert_uint_eq(vm->cpu->hart.x[A1], there ? PARA_VERSION_NOW : 0);
    ck_assert_uint_eq(vm->counters.action[TRACE_PARA].count, there);
    ck_assert_uint_eq(vm->counters.para[PARA_VERSION].count, there);
    ck_assert_int_eq(call((enum para_function)99, 0, 0, 0), NOT_SUPPORTED);
    ck_assert_uint_eq(vm->counters.para[PARA_FUNCTIONS].count, there);
    hypercalls_fini(&here);
}
END_TEST

START_TEST(functions_have_names)
{
    ck_assert_str_eq(para_name(PARA_SRET), "sret");
    ck_assert_str_eq(para_name(PARA_FUNCTIONS), "unknown");
    for (unsigned i = 0; i < PARA_FUNCTIONS; i++)
        for (unsigned j = 0; j < i; j++)
            ck_assert_str_ne(para_name((enum para_function)i),
                             para_name((enum para_function)j));
}
END_TEST

/* A program is no kernel: its ECALL is a system call, whatever is in a7. */
START_TEST(user_mode_cannot_call)
{
    begin(VM_PARA, SHADOW_LAZY, 1);
    vm->cpu->hart.mode = HART_USER;
    (void)call(PARA_VERSION, 0, 0, 0);
    ck_assert_uint_eq(vm->cpu->hart.scause, CAUSE_ECALL_USER);
    ck_assert_uint_eq(vm->cpu->hart.pc, HANDLER);
    ck_assert_uint_eq(vm->counters.action[TRACE_PARA].count, 0);
    hypercalls_fini(&here);
}
END_TEST

/* ---- Sharing ---- */

START_TEST(what_cannot_be_shared_is_refused)
{
    begin(VM_PARA, SHADOW_LAZY, 1);
    ck_assert_int_eq(call(PARA_SHARE, PAGE + 4, 0, 0), INVALID_PARAM);
    ck_assert_int_eq(call(PARA_SHARE, PAGE, 0, 32), INVALID_PARAM);
    ck_assert_int_eq(call(PARA_SHARE, PAGE, 1, 0), INVALID_ADDRESS);
    ck_assert_int_eq(call(PARA_SHARE, BASE - PAGE_SIZE, 0, 0), INVALID_ADDRESS);
    ck_assert_int_eq(call(PARA_SHARE, BASE + RAM, 0, 0), INVALID_ADDRESS);
    ck_assert_int_eq(call(PARA_SHARE, BOARD_UART_BASE, 0, 0), INVALID_ADDRESS);
    ck_assert_int_eq(call(PARA_SHARE, 0xfffff000, UINT32_MAX, 0), INVALID_ADDRESS);
    ck_assert(!vm->cpu->para.shared);
    ck_assert_int_eq(call(PARA_SHARE, BASE + RAM - PAGE_SIZE, 0, 31), OK);
    ck_assert(vm->cpu->para.shared);
    /* What is refused leaves what there is. */
    ck_assert_int_eq(call(PARA_SHARE, PAGE + 4, 0, 0), INVALID_PARAM);
    ck_assert_uint_eq(vm->cpu->para.page, BASE + RAM - PAGE_SIZE);
    ck_assert_int_eq(call(PARA_SHARE, UINT32_MAX, UINT32_MAX, 0), OK);
    ck_assert(!vm->cpu->para.shared);
    hypercalls_fini(&here);
}
END_TEST

START_TEST(the_page_begins_as_the_csrs_are)
{
    struct para_page found;
    struct hart *hart;

    begin(VM_PARA, SHADOW_LAZY, 1);
    hart = &vm->cpu->hart;
    hart->sstatus = SSTATUS_SUM | SSTATUS_SPP;
    hart->sscratch = 1, hart->sepc = 2, hart->scause = 3, hart->stval = 4;
    PUT(a7, 0x55555555);
    share(0);
    found = page();
    ck_assert_uint_eq(found.version, PARA_VERSION_NOW);
    ck_assert_uint_eq(found.pending, 0);
    ck_assert_uint_eq(found.sstatus, SSTATUS_SUM | SSTATUS_SPP);
    ck_assert_uint_eq(found.sscratch, 1);
    ck_assert_uint_eq(found.sepc, 2);
    ck_assert_uint_eq(found.scause, 3);
    ck_assert_uint_eq(found.stval, 4);
    ck_assert_uint_eq(found.a7, 0);
    hypercalls_fini(&here);
}
END_TEST

/* Whatever it says becomes legal, as by CSRW; a trap writes what is then true. */
START_TEST(a_trap_goes_by_the_page)
{
    struct para_page found;
    struct hart *hart;

    begin(VM_PARA, SHADOW_LAZY, 1);
    share(0);
    hart = &vm->cpu->hart;
    PUT(sstatus, UINT32_MAX);
    PUT(sscratch, 0x1234);
    PUT(sepc, 0x77777777);
    PUT(version, 0);
    hart->pc = BASE + 0x40;
    exit_by(CAUSE_BREAKPOINT, BASE + 0x40);
    found = page();
    ck_assert_uint_eq(hart->pc, HANDLER);
    ck_assert_uint_eq(hart->sstatus, SSTATUS_SPIE | SSTATUS_SPP | SSTATUS_SUM | SSTATUS_MXR);
    ck_assert_uint_eq(found.sstatus, hart->sstatus);
    ck_assert_uint_eq(found.sscratch, 0x1234);
    ck_assert_uint_eq(hart->sscratch, 0x1234);
    ck_assert_uint_eq(found.sepc, BASE + 0x40);
    ck_assert_uint_eq(found.scause, CAUSE_BREAKPOINT);
    ck_assert_uint_eq(found.stval, BASE + 0x40);
    ck_assert_uint_eq(found.version, 0); /* written once, at the beginning */
    hypercalls_fini(&here);
}
END_TEST

START_TEST(a_trap_exchanges_a_register)
{
    struct hart *hart;

    begin(VM_PARA, SHADOW_LAZY, 1);
    share(TP);
    hart = &vm->cpu->hart;
    PUT(sscratch, 0x1000);
    hart->x[TP] = 0x2000;
    exit_by(CAUSE_BREAKPOINT, 0);
    ck_assert_uint_eq(hart->x[TP], 0x1000);
    ck_assert_uint_eq(page().sscratch, 0x2000);
    (void)call(PARA_VERSION, 0, 0, 0); /* not a trap that the guest takes */
    ck_assert_uint_eq(hart->x[TP], 0x1000);
    exit_by(CAUSE_BREAKPOINT, 0);
    ck_assert_uint_eq(hart->x[TP], 0x2000);
    hypercalls_fini(&here);
}
END_TEST

/* An exit that depends on the state of the shadow takes nothing over. */
START_TEST(a_fill_does_not_look_at_the_page)
{
    begin(VM_PARA, SHADOW_LAZY, 1);
    share(0);
    PUT(sstatus, SSTATUS_SUM | 1);
    exit_by(CAUSE_LOAD_PAGE_FAULT, BASE + 0x8000);
    ck_assert_uint_eq(vm->counters.action[TRACE_FILL].count, 1);
    ck_assert_uint_eq(vm->cpu->hart.sstatus, 0);
    ck_assert_uint_eq(page().sstatus, SSTATUS_SUM | 1);
    (void)call(PARA_VERSION, 0, 0, 0);
    ck_assert_uint_eq(vm->cpu->hart.sstatus, SSTATUS_SUM);
    ck_assert_uint_eq(page().sstatus, SSTATUS_SUM);
    hypercalls_fini(&here);
}
END_TEST

/* CSR instructions work as ever: over what the page says. */
START_TEST(csr_instructions_go_by_the_page)
{
    const uint32_t csrrw_a0_sscratch_a1 = 0x14059573;
    struct hart *hart;

    begin(VM_PARA, SHADOW_LAZY, 1);
    share(0);
    hart = &vm->cpu->hart;
    PUT(sscratch, 0xabc);
    PUT(sstatus, SSTATUS_MXR);
    hart->x[A1] = 0xdef;
    exit_by(CAUSE_ILLEGAL_INSN, csrrw_a0_sscratch_a1);
    ck_assert_uint_eq(hart->x[A0], 0xabc);
    ck_assert_uint_eq(page().sscratch, 0xdef);
    ck_assert_uint_eq(hart->sstatus, SSTATUS_MXR);
    hypercalls_fini(&here);
}
END_TEST

/* ---- SRET ---- */

START_TEST(sret_returns_by_the_page)
{
    struct hart *hart;

    begin(VM_PARA, SHADOW_LAZY, 1);
    ck_assert_int_eq(call(PARA_SRET, 1, 2, 3), DENIED);
    share(SP);
    hart = &vm->cpu->hart;
    PUT(sstatus, SSTATUS_SPIE | SSTATUS_SUM);
    PUT(sepc, BASE + 0x201);
    PUT(a0, 10), PUT(a1, 11), PUT(a6, 16), PUT(a7, 17);
    hart->x[A2] = 12;
    (void)call(PARA_SRET, 1, 2, 12);
    ck_assert_uint_eq(hart->mode, HART_USER);
    ck_assert_uint_eq(hart->pc, BASE + 0x200);
    ck_assert_uint_eq(hart->x[A0], 10);
    ck_assert_uint_eq(hart->x[A1], 11);
    ck_assert_uint_eq(hart->x[A2], 12);
    ck_assert_uint_eq(hart->x[A6], 16);
    ck_assert_uint_eq(hart->x[A7], 17);
    ck_assert_uint_eq(page().sstatus, SSTATUS_SIE | SSTATUS_SPIE | SSTATUS_SUM);
    hypercalls_fini(&here);
}
END_TEST

/* Nothing retires: it must not go on for ever. */
START_TEST(endless_calls_end_the_machine)
{
    begin(VM_PARA, SHADOW_LAZY, 1);
    share(0);
    for (unsigned i = 0; i < 2000 && vm_alive(vm); i++) {
        PUT(sstatus, SSTATUS_SPP);
        PUT(sepc, BASE);
        PUT(a6, PARA_SRET);
        PUT(a7, PARA_EXTENSION);
        vm->cpu->hart.x[A6] = PARA_SRET;
        vm->cpu->hart.x[A7] = PARA_EXTENSION;
        here.stub.step_count = here.stub.next = 0;
        stub_then(&here.stub, 0, CAUSE_ECALL_USER, 0);
        (void)vmm_step(&here.vmm, 1000, NULL);
    }
    ck_assert_uint_eq(vm->end, VM_STUCK);
    hypercalls_fini(&here);
}
END_TEST

/* ---- Interrupts ---- */

static void timer_in(uint64_t ticks)
{
    vm->board.deadline = hart_time(&vm->cpu->hart) + ticks;
}

static bool taken(void)
{
    return vm->counters.action[TRACE_INTERRUPT].count;
}

START_TEST(an_interrupt_goes_by_the_page)
{
    begin(VM_PARA, SHADOW_LAZY, 1);
    vm->cpu->hart.sie = IRQ_BIT(IRQ_STIMER);
    share(0);
    PUT(sstatus, SSTATUS_SIE); /* a store, and no exit */
    timer_in(100);
    pass(99);
    ck_assert(!taken());
    pass(2);
    ck_assert(taken());
    ck_assert_uint_eq(page().pending, IRQ_BIT(IRQ_STIMER));
    ck_assert_uint_eq(page().scause, CAUSE_INTERRUPT | IRQ_STIMER);
    ck_assert_uint_eq(page().sstatus, SSTATUS_SPIE | SSTATUS_SPP);
    hypercalls_fini(&here);
}
END_TEST

/* Interrupts were on, and a store put them off. */
START_TEST(what_is_off_is_not_taken)
{
    begin(VM_PARA, SHADOW_LAZY, 1);
    vm->cpu->hart.sie = IRQ_BIT(IRQ_STIMER);
    vm->cpu->hart.sstatus = SSTATUS_SIE;
    share(0);
    PUT(sstatus, 0);
    timer_in(10);
    pass(20);
    ck_assert(!taken());
    ck_assert_uint_eq(page().pending, IRQ_BIT(IRQ_STIMER));
    /* On again, which nobody hears of: not before the guest calls, whatever else may exit. */
    PUT(sstatus, SSTATUS_SIE);
    exit_by(CAUSE_LOAD_PAGE_FAULT, BASE + 0x8000);
    pass(20);
    ck_assert(!taken());
    ck_assert_int_eq(call(PARA_YIELD, PARA_YIELD_NOTHING, 0, 0), OK);
    pass(1);
    ck_assert(taken());
    /* It is acknowledged: the word says so. */
    vm->board.deadline = BOARD_NEVER;
    pass(1);
    ck_assert_uint_eq(page().pending, 0);
    hypercalls_fini(&here);
}
END_TEST

START_TEST(yield_gives_up_what_it_says)
{
    begin(VM_PARA, SHADOW_LAZY, 2);
    ck_assert_int_eq(call(PARA_YIELD, 3, 0, 0), INVALID_PARAM);
    hypercalls_start_other(&here);
    ck_assert_int_eq(call(PARA_YIELD, PARA_YIELD_NOTHING, 0, 0), OK);
    ck_assert_ptr_eq(vm->cpu, &vm->vcpus[0]);
    (void)call(PARA_YIELD, PARA_YIELD_TURN, 0, 0);
    ck_assert_ptr_eq(vm->cpu, &vm->vcpus[1]);
    (void)call(PARA_YIELD, PARA_YIELD_WAIT, 0, 0);
    ck_assert_ptr_eq(vm->cpu, &vm->vcpus[0]);
    ck_assert(vm->board.harts.of[1].waits);
    (void)call(PARA_YIELD, PARA_YIELD_WAIT, 0, 0);
    ck_assert_uint_eq(vm->end, VM_IDLE);
    hypercalls_fini(&here);
}
END_TEST

/* ---- How long it lasts ---- */

START_TEST(a_page_that_is_gone_is_forgotten)
{
    begin(VM_PARA, SHADOW_LAZY, 1);
    share(TP);
    vm->cpu->para.page = BASE + RAM; /* the machine has lost this memory */
    vm->cpu->hart.sscratch = 5;
    exit_by(CAUSE_BREAKPOINT, 0);
    ck_assert(!vm->cpu->para.shared);
    ck_assert_uint_eq(vm->cpu->hart.pc, HANDLER);
    ck_assert_uint_eq(vm->cpu->hart.sscratch, 5);
    ck_assert_uint_eq(vm->cpu->hart.x[TP], 0);
    hypercalls_fini(&here);
}
END_TEST

START_TEST(a_restart_forgets_it)
{
    begin(VM_PARA, SHADOW_LAZY, 1);
    share(SP);
    (void)ecall(0x53525354, 0, (uint32_t[]){2, 0, 0});
    ck_assert_uint_eq(vm->board.restarts, 1);
    ck_assert(!vm->cpu->para.shared);
    ck_assert_int_eq(call(PARA_VERSION, 0, 0, 0), OK);
    hypercalls_fini(&here);
}
END_TEST

START_TEST(a_hart_that_stops_forgets_it)
{
    begin(VM_PARA, SHADOW_LAZY, 2);
    share(SP);
    hypercalls_start_other(&here);
    (void)ecall(SBI_HSM, 1, (uint32_t[]){0, 0, 0});
    ck_assert(!vm->vcpus[0].para.shared);
    ck_assert_ptr_eq(vm->cpu, &vm->vcpus[1]);
    share(SP);
    (void)ecall(SBI_HSM, 3, (uint32_t[]){1u << 31, BASE, 0}); /* keeps no registers */
    ck_assert(!vm->vcpus[1].para.shared);
    hypercalls_fini(&here);
}
END_TEST

START_TEST(each_virtual_cpu_has_its_own)
{
    begin(VM_PARA, SHADOW_LAZY, 2);
    share(SP);
    hypercalls_start_other(&here);
    (void)call(PARA_YIELD, PARA_YIELD_TURN, 0, 0);
    ck_assert_ptr_eq(vm->cpu, &vm->vcpus[1]);
    PUT(sscratch, 0x99);
    (void)call(PARA_VERSION, 0, 0, 0);
    ck_assert_uint_eq(vm->vcpus[1].hart.sscratch, 0);
    ck_assert_int_eq(call(PARA_SRET, 0, 0, 0), DENIED);
    (void)call(PARA_YIELD, PARA_YIELD_TURN, 0, 0);
    (void)call(PARA_VERSION, 0, 0, 0);
    ck_assert_uint_eq(vm->vcpus[0].hart.sscratch, 0x99);
    hypercalls_fini(&here);
}
END_TEST

START_TEST(checkpoints_hold_it)
{
    static uint8_t state[2 * sizeof(struct vm)];

    begin(VM_PARA, SHADOW_LAZY, 1);
    share(SP);
    ck_assert_uint_le(checkpoint_size(&here.vmm), sizeof state);
    checkpoint_save(&here.vmm, state);
    ck_assert_int_eq(call(PARA_SHARE, UINT32_MAX, UINT32_MAX, 0), OK);
    ck_assert(!vm->cpu->para.shared);
    memcpy(vm, state + checkpoint_size(&here.vmm) - sizeof *vm, sizeof *vm);
    ck_assert(vm->cpu->para.shared);
    ck_assert_uint_eq(vm->cpu->para.exchange, SP);
    ck_assert_uint_eq(vm->cpu->para.page, PAGE);
    hypercalls_fini(&here);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {only_this_monitor_has_it, VM_PARA + 1},
        {functions_have_names, 1},
        {user_mode_cannot_call, 1},
        {what_cannot_be_shared_is_refused, 1},
        {the_page_begins_as_the_csrs_are, 1},
        {a_trap_goes_by_the_page, 1},
        {a_trap_exchanges_a_register, 1},
        {a_fill_does_not_look_at_the_page, 1},
        {csr_instructions_go_by_the_page, 1},
        {sret_returns_by_the_page, 1},
        {endless_calls_end_the_machine, 1},
        {an_interrupt_goes_by_the_page, 1},
        {what_is_off_is_not_taken, 1},
        {yield_gives_up_what_it_says, 1},
        {a_page_that_is_gone_is_forgotten, 1},
        {a_restart_forgets_it, 1},
        {a_hart_that_stops_forgets_it, 1},
        {each_virtual_cpu_has_its_own, 1},
        {checkpoints_hold_it, 1},
    };

    return LOOPS_RUN("para", loops);
}
