/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_vm.c - one VM from outside: access to its memory, what its creation and end tell the engine
 * and the allocator, how it ends, and the counters of its exits, exact for a guest
 * whose every privileged instruction is known; and that going back restores the CPU, too.
 */
#include <stdlib.h>

#include "isa/csr.h"
#include "tests/support/guests.h"
#include "tests/support/loops.h"
#include "tests/support/stub_engine.h"
#include "vmm/checkpoint.h"

#define SIZE (24u << 20)
#define GUEST_BASE 0x80000000u
#define GUEST_SIZE (1u << 20)

static struct stub stub;
static struct vmm vmm;
static struct vm vm;

static struct vm_config config_of(enum shadow_policy policy)
{
    return (struct vm_config){.ram_base = GUEST_BASE,
                              .ram_size = GUEST_SIZE,
                              .shares = 1,
                              .limit = UINT64_MAX,
                              .policy = policy,
                              .shadow_tables = 16};
}

static void begin(void)
{
    const struct vmm_host host = {0};
    const struct vm_config config = config_of(SHADOW_LAZY);

    stub_init(&stub, SIZE);
    ck_assert(vmm_init(&vmm, &stub.engine, &host));
    ck_assert(vmm_add(&vmm, &vm, &config));
    vmm_boot(&vm, GUEST_BASE, 0);
}

static bool read_at(uint64_t gpa, void *buffer, uint32_t len)
{
    return vm_read(&vm, (struct gpa){gpa}, buffer, len);
}

static bool write_at(uint64_t gpa, const void *buffer, uint32_t len)
{
    return vm_write(&vm, (struct gpa){gpa}, buffer, len);
}

START_TEST(memory_is_checked_whole)
{
    const uint64_t end = (uint64_t)GUEST_BASE + GUEST_SIZE;
    uint8_t bytes[3 * PAGE_SIZE] = {1, 2, 3};
    uint8_t back[3 * PAGE_SIZE];

    begin();
    ck_assert(write_at(GUEST_BASE + 100, bytes, sizeof bytes));
    ck_assert(read_at(GUEST_BASE + 100, back, sizeof back));
    ck_assert_mem_eq(bytes, back, sizeof bytes);
    ck_assert(!read_at(GUEST_BASE - 1, back, 2));
    ck_assert(!read_at(end - 1, back, 2));
    ck_assert(!read_at(0, back, 1));
    ck_assert(!read_at(GUEST_BASE + (1ull << 32), back, 1));
    ck_assert(!read_at(UINT64_MAX, back, 2));
    memset(bytes, 0xff, sizeof bytes);
    ck_assert(!write_at(end - PAGE_SIZE, bytes, PAGE_SIZE + 1)); /* and nothing done */
    ck_assert(read_at(end - PAGE_SIZE, back, PAGE_SIZE));
    for (uint32_t i = 0; i < PAGE_SIZE; i++)
        ck_assert_uint_eq(back[i], 0);
    ck_assert(read_at(end - 1, back, 1));
    ck_assert(read_at(GUEST_BASE, back, 0));
    stub_fini(&stub);
}
END_TEST

/* Bytes that change under an engine's cached code are told, page by page. */
START_TEST(writes_are_told_to_the_engine)
{
    uint8_t bytes[PAGE_SIZE] = {0};
    struct mpa mpa;

    begin();
    stub_forget(&stub);
    ck_assert(write_at(GUEST_BASE + 8, bytes, 4));
    mpa = pmap_lookup(&vm.pmap, (struct gpa){GUEST_BASE + 8});
    ck_assert_uint_eq(stub.code_changes, 1);
    ck_assert_uint_eq(stub.last_pa, mpa.v);
    ck_assert_uint_eq(stub.changed_bytes, 4);
    ck_assert(write_at(GUEST_BASE + 8, bytes, PAGE_SIZE));
    ck_assert_uint_eq(stub.code_changes, 3);
    ck_assert_uint_eq(stub.changed_bytes, 4 + PAGE_SIZE);
    stub_fini(&stub);
}
END_TEST

/* Its pages go to others with other bytes: the engine must forget what was in each. */
START_TEST(a_vm_leaves_nothing_behind)
{
    const struct vm_config config = config_of(SHADOW_LAZY);
    uint8_t bytes[5 * PAGE_SIZE];
    uint32_t used;

    begin();
    vmm_remove(&vmm, &vm);
    used = vmm.allocator.used;
    ck_assert(vmm_add(&vmm, &vm, &config));
    memset(bytes, 0xa5, sizeof bytes);
    ck_assert(write_at(GUEST_BASE, bytes, sizeof bytes));
    ck_assert_uint_eq(allocate_count(&vmm.allocator, vm.id, PAGE_GUEST), 5);
    stub_forget(&stub);
    vmm_remove(&vmm, &vm);
    ck_assert_uint_eq(stub.changed_bytes, 5 * PAGE_SIZE);
    ck_assert_uint_eq(vmm.allocator.used, used);
    ck_assert(vmm_add(&vmm, &vm, &config));
    ck_assert(read_at(GUEST_BASE, bytes, sizeof bytes));
    for (uint32_t i = 0; i < sizeof bytes; i++)
        ck_assert_uint_eq(bytes[i], 0);
    stub_fini(&stub);
}
END_TEST

START_TEST(too_many_vms_are_refused)
{
    static struct vm many[VMM_VMS];
    const struct vm_config config = config_of(SHADOW_LAZY);

    begin();
    for (unsigned i = 1; i < VMM_VMS; i++)
        ck_assert(vmm_add(&vmm, &many[i], &config));
    ck_assert(!vmm_add(&vmm, &many[0], &config));
    vmm_remove(&vmm, &many[500]);
    ck_assert(vmm_add(&vmm, &many[0], &config));
    ck_assert_uint_eq(many[0].id, many[500].id);
    stub_fini(&stub);
}
END_TEST

START_TEST(no_memory_for_a_vm_is_told)
{
    const struct vm_config config = config_of(SHADOW_LAZY);
    struct vm another;
    struct mpa mpa;

    begin();
    while (allocate_page(&vmm.allocator, 99, PAGE_GUEST, &mpa))
        ;
    ck_assert(!vmm_add(&vmm, &another, &config));
    ck_assert_uint_eq(vmm.vm_count, 1);
    ck_assert(!write_at(GUEST_BASE, "x", 1));
    ck_assert_uint_eq(vm.end, VM_NO_MEMORY);
    stub_fini(&stub);
}
END_TEST

START_TEST(every_end_has_its_text)
{
    begin();
    ck_assert_str_eq(vm_end_text(VM_RUNS), "running");
    for (unsigned i = 0; i < VM_ENDS; i++)
        for (unsigned j = 0; j < i; j++)
            ck_assert_str_ne(vm_end_text((enum vm_end)i), vm_end_text((enum vm_end)j));
    ck_assert_str_eq(vm_end_text(VM_ENDS), "unknown");
    vm_kill(&vm, VM_IDLE);
    vm_kill(&vm, VM_KILLED);
    ck_assert_uint_eq(vm.end, VM_IDLE);
    ck_assert(!vm_alive(&vm));
    stub_fini(&stub);
}
END_TEST

START_TEST(the_instruction_at_an_address_is_seen)
{
    const uint32_t wide = 0x00c58533, low = 0x8533, high = 0x00c5, narrow = 0x8082;
    uint32_t used;

    begin();
    ck_assert(write_at(GUEST_BASE + 0x10, &wide, 4));
    ck_assert(write_at(GUEST_BASE + 0xffe, &low, 2));
    ck_assert(write_at(GUEST_BASE + 0x1000, &high, 2));
    ck_assert(write_at(GUEST_BASE + 0x20, &narrow, 2));
    used = vmm.allocator.used;
    ck_assert_uint_eq(vm_insn_at(&vm, GUEST_BASE + 0x10), wide);
    ck_assert_uint_eq(vm_insn_at(&vm, GUEST_BASE + 0xffe), wide);
    ck_assert_uint_eq(vm_insn_at(&vm, GUEST_BASE + 0x20), narrow);
    ck_assert_uint_eq(vm_insn_at(&vm, GUEST_BASE + 0x8000), 0);
    ck_assert_uint_eq(vm_insn_at(&vm, 4), 0);
    ck_assert_uint_eq(vmm.allocator.used, used); /* looking attaches nothing */
    stub_fini(&stub);
}
END_TEST

/* Guest memory is there, a root too, but nothing is left for the table below it. */
START_TEST(no_memory_for_a_shadow_is_told)
{
    const uint32_t word = 1;
    struct mpa taken;

    begin();
    ck_assert(write_at(GUEST_BASE, &word, sizeof word));
    (void)vmm_step(&vmm, 1, NULL);
    while (allocate_page(&vmm.allocator, ALLOCATE_MONITOR, PAGE_MONITOR, &taken))
        ;
    stub_then(&stub, 1, CAUSE_LOAD_PAGE_FAULT, GUEST_BASE);
    (void)vmm_step(&vmm, 10, NULL);
    ck_assert_int_eq(vm.end, VM_NO_MEMORY);
    ck_assert_uint_eq(vm.counters.action[TRACE_KILL].count, 1);
    ck_assert_uint_eq(vm.counters.action[TRACE_FILL].count, 0);
    stub_fini(&stub);
}
END_TEST

START_TEST(the_direct_share_is_counted)
{
    begin();
    ck_assert_uint_eq(vm_direct_ppm(&vm), 0);
    vm.cpu->hart.retired = 1000;
    vm.counters.emulated = 30;
    vm.counters.interpreted = 20;
    ck_assert_uint_eq(vm_direct_ppm(&vm), 950000);
    stub_fini(&stub);
}
END_TEST

/* ---- Exits, counted: t_counts.elf does so many of each ---- */

static struct twins twins;

/* _i: engine x policy. */
START_TEST(exits_are_counted)
{
    const struct engine_maker *maker = &engine_makers[(unsigned)_i / SHADOW_POLICIES];
    struct twins_record *record = twins_record(micro_guest("counts"));
    struct twins_how how = {.policy = (enum shadow_policy)(_i % SHADOW_POLICIES)};
    struct twins_machine machine;
    const struct trace_counters *counters = &twins.vm.counters;

    ck_assert(twins_machine_init(&machine, maker, TWINS_MACHINE));
    twins_add(&twins, &machine, record, &how);
    twins_run(&machine, UINT64_MAX);
    ck_assert_msg(twins_same(&twins), "%s", twins.difference);
    ck_assert_uint_eq(counters->csr[CSR_sstatus].count, 100);
    ck_assert_uint_eq(counters->csr[CSR_sscratch].count, 50);
    ck_assert_uint_eq(counters->csr[CSR_stvec].count, 2);
    ck_assert_uint_eq(counters->csr[CSR_time].count, 0); /* writes of it are illegal */
    ck_assert_uint_eq(counters->csr[CSR_scause].count, 51);
    ck_assert_uint_eq(counters->csr[CSR_sepc].count, 101);
    ck_assert_uint_eq(counters->insn[INSN_sfence_vma].count, 20);
    ck_assert_uint_eq(counters->insn[INSN_sret].count, 51);
    ck_assert_uint_eq(counters->action[TRACE_EMULATE].count, 375);
    ck_assert_uint_eq(counters->emulated, 375);
    ck_assert_uint_eq(counters->action[TRACE_INJECT].count, 51);
    ck_assert_uint_eq(counters->action[TRACE_SBI].count, 1);
    ck_assert_uint_eq(counters->cause[CAUSE_ECALL_USER].count, 31);
    ck_assert_uint_eq(counters->cause[CAUSE_BREAKPOINT].count, 1);
    ck_assert_uint_eq(counters->cause[CAUSE_ILLEGAL_INSN].count, 395);
    ck_assert_uint_eq(counters->action[TRACE_INTERPRET].count, 0);
    ck_assert_uint_eq(counters->action[TRACE_SWITCH].count, 1);
    twins_remove(&twins);
    twins_machine_fini(&machine);
    twins_record_free(record);
}
END_TEST

/* Pages with an instruction that the CPU leaves untrapped are interpreted, and no others. */
START_TEST(hybrid_execution_shows_in_the_counters)
{
    const struct engine_maker *maker = &engine_makers[_i];
    struct twins_record *record = twins_record(micro_guest("counters"));
    struct twins_how how = {0};
    struct twins_machine machine;
    uint64_t interpreted;

    ck_assert(twins_machine_init(&machine, maker, TWINS_MACHINE));
    twins_add(&twins, &machine, record, &how);
    twins_run(&machine, UINT64_MAX);
    ck_assert_msg(twins_same(&twins), "%s", twins.difference);
    interpreted = twins.vm.counters.action[TRACE_INTERPRET].count;
    ck_assert((interpreted > 0) == (machine.engine->ops->untrapped_count > 0));
    twins_remove(&twins);
    twins_machine_fini(&machine);
    twins_record_free(record);
}
END_TEST

/* ---- What is cut short when nobody watches ---- */

static uint64_t told;

static uint64_t ticking(void *owner)
{
    (void)owner;
    return told++;
}

static void telling(void *owner, const struct trace_event *event)
{
    (void)owner, (void)event;
    told++;
}

static const struct engine_maker *jit_if_there(void)
{
    for (unsigned i = 0; i < engine_maker_count; i++)
        if (!strcmp(engine_makers[i].name, "jit"))
            return &engine_makers[i];
    return &engine_makers[0];
}

static void forget_times(struct trace_counter *counters, size_t count)
{
    for (size_t i = 0; i < count; i++)
        counters[i].ns = 0;
}

/* Counts of a whole run, in turns of a length that divides nothing; how many events in all. */
static uint64_t count_run(const struct twins_record *record, const struct vmm_host *host,
                          struct trace_counters *counters)
{
    struct twins_how how = {.policy = SHADOW_FLUSH};
    struct twins_machine machine;
    uint64_t events;

    ck_assert(twins_machine_init(&machine, jit_if_there(), TWINS_MACHINE));
    machine.vmm.host = *host;
    machine.vmm.slice = 997;
    twins_add(&twins, &machine, record, &how);
    twins_run(&machine, UINT64_MAX);
    if (!record->guest->unfenced)
        ck_assert_msg(twins_same(&twins), "%s", twins.difference);
    *counters = twins.vm.counters;
    forget_times(counters->action, TRACE_ACTIONS);
    forget_times(counters->cause, CAUSE_EXCEPTIONS);
    forget_times(counters->insn, INSN_COUNT);
    forget_times(counters->csr, CSR_COUNT);
    events = machine.vmm.events;
    twins_remove(&twins);
    twins_machine_fini(&machine);
    return events;
}

/* What is told one by one, and what is kept. */
static struct trace_event *list;
static size_t list_count, list_room, compared;
static struct trace_event kept_here[7];

static void list_event(void *owner, const struct trace_event *event)
{
    (void)owner;
    if (list_count == list_room) {
        list_room = list_room * 2 + 1000;
        list = realloc(list, list_room * sizeof *list);
        ck_assert_ptr_nonnull(list);
    }
    list[list_count++] = *event;
}

static void compare_kept(void *owner)
{
    struct trace_buffer *kept = owner;

    for (uint32_t i = 0; i < kept->count; i++) {
        struct trace_event event = kept->at[i];

        ck_assert_uint_lt(compared, list_count);
        event.tables = 0;
        ck_assert_mem_eq(&event, &list[compared], offsetof(struct trace_event, count));
        ck_assert_uint_eq(event.count, list[compared++].count);
    }
    kept->count = 0;
}

/* _i: guest. By the short way through the monitor, and by the long one. */
START_TEST(kept_events_are_those_told)
{
    struct trace_buffer kept = {.at = kept_here, .room = 7, .full = compare_kept};
    const struct vmm_host telling_each = {.trace = list_event}, keeping = {.kept = &kept};
    struct twins_record *record = twins_record(&micro_guests[_i]);
    struct trace_counters counters;

    kept.owner = &kept;
    list_count = compared = 0;
    (void)count_run(record, &telling_each, &counters);
    (void)count_run(record, &keeping, &counters);
    compare_kept(&kept);
    ck_assert_uint_eq(compared, list_count);
    free(list);
    list = NULL;
    list_room = 0;
    twins_record_free(record);
}
END_TEST

/* _i: guest. */
START_TEST(watching_changes_nothing)
{
    const struct vmm_host alone = {0}, traced = {.trace = telling}, timed = {.clock = ticking};
    struct twins_record *record = twins_record(&micro_guests[_i]);
    struct trace_counters expected, counters;
    uint64_t events = count_run(record, &traced, &expected);

    ck_assert_uint_gt(events, 0);
    ck_assert_uint_eq(count_run(record, &alone, &counters), events);
    ck_assert_mem_eq(&counters, &expected, sizeof counters);
    ck_assert_uint_eq(count_run(record, &timed, &counters), events);
    ck_assert_mem_eq(&counters, &expected, sizeof counters);
    twins_record_free(record);
}
END_TEST

static const uint8_t *no_page(void *owner, uint32_t number)
{
    (void)owner;
    (void)number;
    return NULL;
}

/*
 * A world switch that forgets something leaves it on the CPU: there it must be when it is
 * replayed.
 */
START_TEST(a_checkpoint_has_what_is_on_the_cpu)
{
    const struct checkpoint_kept kept = {no_page, NULL};
    uint8_t state[sizeof vmm + sizeof vm];

    begin();
    vmm.cpu.hart.x[31] = 1234;
    vmm.cpu.hart.reservation = (struct reservation){true, 8, 15};
    ck_assert_uint_le(checkpoint_size(&vmm), sizeof state);
    checkpoint_save(&vmm, state);
    vmm.cpu = (struct vmm_cpu){.hart = {.pc = 1}};
    ck_assert_uint_eq(checkpoint_restore(&vmm, state, &kept), 0);
    ck_assert_uint_eq(vmm.cpu.hart.x[31], 1234);
    ck_assert(vmm.cpu.hart.reservation.valid && vmm.cpu.hart.reservation.value == 15);
    ck_assert_uint_eq(vmm.cpu.hart.pc, 0);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {memory_is_checked_whole, 1},
        {writes_are_told_to_the_engine, 1},
        {a_vm_leaves_nothing_behind, 1},
        {too_many_vms_are_refused, 1},
        {no_memory_for_a_vm_is_told, 1},
        {every_end_has_its_text, 1},
        {a_checkpoint_has_what_is_on_the_cpu, 1},
        {the_instruction_at_an_address_is_seen, 1},
        {no_memory_for_a_shadow_is_told, 1},
        {the_direct_share_is_counted, 1},
        {exits_are_counted, engine_maker_count * SHADOW_POLICIES},
        {hybrid_execution_shows_in_the_counters, engine_maker_count},
        {watching_changes_nothing, micro_guest_count},
        {kept_events_are_those_told, micro_guest_count},
    };

    return LOOPS_RUN("vm", loops);
}
