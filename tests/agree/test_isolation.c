/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_isolation.c - Popek & Goldberg's second property: the monitor is in control of all
 * memory. Hostile guests run beside a victim that must notice nothing, VMs are killed at any
 * point, memory runs out, pages change owner; after each slice every machine page is checked. Each
 * test runs on every engine under trap and emulate, and with assistance if the engine supports it.
 * test_equivalence.c checks that guests compute correctly.
 */
#include "isa/csr_fields.h"
#include "tests/support/expect.h"
#include "tests/support/guests.h"
#include "tests/support/loops.h"
#include "tests/support/random.h"

#define SLICE 500
#define FLAGS_OF_ENTRY (PTE_V | PTE_U | PTE_A | PTE_D)

static struct twins one, two;

/* What a test runs on: its loop's number says which. */
static struct way {
    const struct engine_maker *maker;
    enum vm_monitor monitor;
} ways[32];
static unsigned way_count;

static void add_way(const struct engine_maker *maker, enum vm_monitor monitor)
{
    uint8_t *ram = ram_new(PAGE_SIZE);
    struct engine *engine = maker->create(ram, PAGE_SIZE);

    if (engine && monitor_works(monitor, engine->ops->abilities))
        ways[way_count++] = (struct way){maker, monitor};
    if (engine)
        maker->destroy(engine);
    ram_free(ram, PAGE_SIZE);
}

static void begin(struct twins_machine *machine, int way, uint64_t size)
{
    ck_assert(twins_machine_init(machine, ways[way].maker, size));
    machine->vmm.slice = SLICE;
}

static struct twins_how how_of(int way, enum shadow_policy policy)
{
    return (struct twins_how){
        .monitor = ways[way].monitor, .policy = policy, .shadow_tables = 24};
}

static void check_same(struct twins *twins)
{
    ck_assert_msg(twins_same(twins), "%s beside another: %s", twins->record->guest->name,
                  twins->difference);
}

/* ---- What the hardware could reach ---- */

/* An entry of a leaf table: a page of this VM's guest, for user mode, and nothing else. */
static void check_entry(const struct vm *vm, uint32_t entry)
{
    struct mpa target = {PTE_PPN(entry) << PAGE_SHIFT};
    const struct page *info;

    EXPECT(PTE_PPN(entry) < vm->vmm->allocator.count);
    info = allocate_info(&vm->vmm->allocator, target);
    EXPECT_EQ(info->owner, vm->id);
    EXPECT_EQ(info->kind, PAGE_GUEST);
    EXPECT_EQ(entry & FLAGS_OF_ENTRY, FLAGS_OF_ENTRY);
    EXPECT(!info->traced || !(entry & PTE_W));
}

static void check_leaf(const struct vm *vm, uint32_t pointer)
{
    const struct allocator *allocator = &vm->vmm->allocator;
    struct mpa leaf = {PTE_PPN(pointer) << PAGE_SHIFT};
    const uint8_t *entries = allocate_host(allocator, leaf);

    EXPECT(!PTE_LEAF(pointer));
    EXPECT(PTE_PPN(pointer) < allocator->count);
    EXPECT_EQ(allocate_info(allocator, leaf)->owner, vm->id);
    EXPECT_EQ(allocate_info(allocator, leaf)->kind, PAGE_SHADOW_LEAF);
    for (uint32_t i = 0; i < SV32_ENTRIES; i++) {
        uint32_t entry = load_le32(entries + 4 * i);

        if (entry)
            check_entry(vm, entry);
    }
}

/* Walks the tables as the engine's CPU would, without the monitor's own functions. */
static void check_reach(const struct vm *vm)
{
    const struct allocator *allocator = &vm->vmm->allocator;

    for (unsigned root = 0; root < SHADOW_ROOTS; root++) {
        const struct shadow_root *shadow_root = &vm->shadow.roots[root];
        const uint8_t *pointers;

        if (!shadow_root->used)
            continue;
        pointers = allocate_host(allocator, shadow_root->table);
        EXPECT_EQ(allocate_info(allocator, shadow_root->table)->owner, vm->id);
        EXPECT_EQ(allocate_info(allocator, shadow_root->table)->kind, PAGE_SHADOW_ROOT);
        for (uint32_t slot = 0; slot < SV32_ENTRIES; slot++) {
            uint32_t pointer = load_le32(pointers + 4 * slot);

            if (pointer)
                check_leaf(vm, pointer);
        }
    }
}

/* The same of the second stage's table. */
static void check_second(const struct vm *vm)
{
    const struct allocator *allocator = &vm->vmm->allocator;
    struct mpa root = {(pmap_hgatp(&vm->pmap) & SATP_PPN) << PAGE_SHIFT};

    for (uint32_t slot = 0; slot < SV32X4_ROOT_ENTRIES; slot++) {
        uint32_t pointer = load_le32(allocate_host(allocator, root) + 4 * slot);
        struct mpa leaf = {PTE_PPN(pointer) << PAGE_SHIFT};

        if (!pointer)
            continue;
        EXPECT(!PTE_LEAF(pointer));
        EXPECT_EQ(allocate_info(allocator, leaf)->owner, vm->id);
        EXPECT_EQ(allocate_info(allocator, leaf)->kind, PAGE_PMAP);
        for (uint32_t i = 0; i < SV32_ENTRIES; i++) {
            uint32_t entry = load_le32(allocate_host(allocator, leaf) + 4 * i);
            struct mpa target = {PTE_PPN(entry) << PAGE_SHIFT};

            if (!entry)
                continue;
            EXPECT_EQ(entry & FLAGS_OF_ENTRY, FLAGS_OF_ENTRY);
            EXPECT_EQ(allocate_info(allocator, target)->owner, vm->id);
            EXPECT_EQ(allocate_info(allocator, target)->kind, PAGE_GUEST);
        }
    }
    if (vm->config.monitor == VM_ASSIST)
        EXPECT_EQ(allocate_count(allocator, vm->id, PAGE_SHADOW_ROOT) +
                      allocate_count(allocator, vm->id, PAGE_SHADOW_LEAF),
                  0);
}

/* No machine page is attached for two VMs, or twice: pmaps give each page its owner. */
static void check_pmap(const struct vm *vm, uint8_t *seen)
{
    for (uint64_t at = 0; at < vm->pmap.size; at += PAGE_SIZE) {
        struct mpa mpa = pmap_lookup(&vm->pmap, (struct gpa){vm->pmap.base + at});

        if (!mpa.v)
            continue;
        EXPECT_EQ(seen[mpa.v >> PAGE_SHIFT], 0);
        seen[mpa.v >> PAGE_SHIFT] = 1;
        EXPECT_EQ(allocate_info(vm->pmap.allocator, mpa)->owner, vm->id);
        EXPECT_EQ(allocate_info(vm->pmap.allocator, mpa)->kind, PAGE_GUEST);
    }
}

static void check_machine(struct twins_machine *machine)
{
    uint8_t *seen = calloc(1, machine->vmm.allocator.count);

    ck_assert_ptr_nonnull(seen);
    for (unsigned i = 0; i < machine->vmm.vm_count; i++) {
        struct vm *vm = machine->vmm.vms[i];

        if (!vm)
            continue;
        check_pmap(vm, seen);
        check_reach(vm);
        check_second(vm);
        ck_assert_uint_eq(vm_shadow_check(vm, NULL), 0);
    }
    free(seen);
}

/* After each of some hundred turns of two hostile guests, every page that they can reach. */
static void watch_pair(int way, const struct twins_guest *guest,
                       const struct twins_guest *other, enum shadow_policy policy)
{
    struct twins_record *record = twins_record(guest), *beside = twins_record(other);
    struct twins_how how = how_of(way, policy);
    struct twins_machine machine;

    begin(&machine, way, TWINS_MACHINE);
    twins_add(&one, &machine, record, &how);
    twins_add(&two, &machine, beside, &how);
    for (int turn = 0; turn < (PZ_DEBUG ? 50 : 200); turn++) {
        twins_run(&machine, 1);
        check_machine(&machine);
    }
    twins_remove(&one);
    twins_remove(&two);
    twins_machine_fini(&machine);
    twins_record_free(record);
    twins_record_free(beside);
}

START_TEST(entries_lead_to_own_pages)
{
    static const char *const hostile[] = {"selfmap",    "para_calls", "root_reuse",
                                          "pt_write",   "alias",      "pte_narrow",
                                          "table_zero", "churn",      "superpage"};
    const int count = sizeof hostile / sizeof hostile[0];

    for (int i = 0; i < count; i++)
        watch_pair(_i, micro_guest(hostile[i]), micro_guest(hostile[(i + 1) % count]),
                   (enum shadow_policy)(i % SHADOW_POLICIES));
}
END_TEST

/* ---- Killing ---- */

/* A neighbour is killed after `turns` turns, its memory taken back and given to a third VM. */
static void kill_beside(int way, const struct twins_record *victim,
                        const struct twins_record *hostile, uint32_t turns)
{
    static struct twins three;
    struct twins_how how = how_of(way, (enum shadow_policy)(turns % SHADOW_POLICIES));
    struct twins_machine machine;

    begin(&machine, way, TWINS_MACHINE);
    twins_add(&two, &machine, hostile, &how);
    twins_add(&one, &machine, victim, &how);
    twins_run(&machine, turns);
    vm_kill(&two.vm, VM_KILLED);
    twins_run(&machine, turns);
    twins_remove(&two);
    twins_add(&three, &machine, hostile, &how);
    twins_run(&machine, UINT64_MAX);
    check_same(&one);
    check_same(&three);
    twins_remove(&one);
    twins_remove(&three);
    twins_machine_fini(&machine);
}

START_TEST(killing_one_leaves_the_others)
{
    struct twins_record *victim = twins_record(micro_guest("garbage"));
    struct twins_record *hostile = twins_record(micro_guest("root_reuse"));
    struct rng rng = rng_new(rng_seed(1));

    for (int i = 0; i < (PZ_DEBUG ? 5 : 30); i++)
        kill_beside(_i, victim, hostile, rng_below(&rng, 60));
    twins_record_free(victim);
    twins_record_free(hostile);
}
END_TEST

START_TEST(the_first_reason_stays)
{
    struct twins_record *record = twins_record(micro_guest("stuck"));
    struct twins_how how = how_of(_i, SHADOW_LAZY);
    struct twins_machine machine;

    begin(&machine, _i, TWINS_MACHINE);
    twins_add(&one, &machine, record, &how);
    twins_run(&machine, UINT64_MAX);
    vm_kill(&one.vm, VM_KILLED);
    ck_assert_uint_eq(one.vm.end, VM_STUCK);
    twins_remove(&one);
    twins_machine_fini(&machine);
    twins_record_free(record);
}
END_TEST

/* ---- Memory that is given back, and runs out ---- */

/* A VM is given the very pages, at the very addresses, that one before it left dirty. */
START_TEST(memory_is_zero_when_given_out)
{
    struct twins_record *record = twins_record(micro_guest("zero_ram"));
    struct twins_machine machine;

    begin(&machine, _i, 24u << 20);
    for (int round = 0; round < 9; round++) {
        struct twins_how how = how_of(_i, (enum shadow_policy)(round / 3));
        uint32_t used = machine.vmm.allocator.used;

        twins_add(&one, &machine, record, &how);
        twins_run(&machine, UINT64_MAX);
        check_same(&one);
        ck_assert_uint_gt(machine.vmm.allocator.used, used + 1024);
        ck_assert_uint_eq(machine.vmm.allocator.used - used,
                          allocate_count(&machine.vmm.allocator, one.vm.id, PAGE_KINDS));
        twins_remove(&one);
        ck_assert_uint_eq(machine.vmm.allocator.used, used);
        ck_assert_uint_eq(allocate_count(&machine.vmm.allocator, one.vm.id, PAGE_KINDS), 0);
    }
    twins_machine_fini(&machine);
    twins_record_free(record);
}
END_TEST

/* Code of a VM that is gone must not run in the next: the engine may have it translated. */
START_TEST(code_does_not_outlive_its_vm)
{
    struct twins_record *record = twins_record(micro_guest("code_left"));
    struct twins_how how = how_of(_i, SHADOW_LAZY);
    struct twins_machine machine;

    begin(&machine, _i, 24u << 20);
    for (int round = 0; round < 6; round++) {
        twins_add(&one, &machine, record, &how);
        twins_run(&machine, UINT64_MAX);
        check_same(&one);
        twins_remove(&one);
    }
    twins_machine_fini(&machine);
    twins_record_free(record);
}
END_TEST

/* How many machine pages the guest needs in all, beyond the allocator's own. */
static uint32_t pages_needed(int way, const struct twins_record *record,
                             const struct twins_how *how)
{
    struct twins_machine machine;
    uint32_t pages;

    begin(&machine, way, TWINS_MACHINE);
    twins_add(&one, &machine, record, how);
    twins_run(&machine, UINT64_MAX);
    pages = allocate_count(&machine.vmm.allocator, one.vm.id, PAGE_KINDS);
    twins_remove(&one);
    twins_machine_fini(&machine);
    return pages;
}

/*
 * With any amount of machine memory a guest either runs to its end as on the bare machine, or
 * is killed for want of memory: never stuck in the monitor, never wrong. With the sanitizers on
 * it is every third amount.
 */
static void run_in(int way, const struct twins_record *record, const struct twins_how *how,
                   uint32_t pages)
{
    struct twins_machine machine;

    begin(&machine, way, (uint64_t)pages << PAGE_SHIFT);
    twins_add(&one, &machine, record, how);
    twins_run(&machine, UINT64_MAX);
    if (one.vm.end != VM_NO_MEMORY)
        check_same(&one);
    twins_remove(&one);
    twins_machine_fini(&machine);
}

START_TEST(little_memory_ends_well)
{
    static const char *const guests[] = {"churn", "cross_page", "selfmap", "all4g"};

    for (unsigned i = 0; i < sizeof guests / sizeof guests[0]; i++) {
        struct twins_record *record = twins_record(micro_guest(guests[i]));
        struct twins_how how = how_of(_i, (enum shadow_policy)(i % SHADOW_POLICIES));
        uint32_t needed = pages_needed(_i, record, &how);

        for (uint32_t less = 0; less < 40 && less + 16 < needed; less += PZ_DEBUG ? 3 : 1)
            run_in(_i, record, &how, needed + 4 - less);
        twins_record_free(record);
    }
}
END_TEST

/* One VM takes all memory and dies of it; the other, which has what it needs, goes on. */
START_TEST(who_takes_too_much_dies_alone)
{
    struct twins_record *victim = twins_record(micro_guest("pingpong"));
    struct twins_record *hog = twins_record(micro_guest("zero_ram"));
    struct twins_how how = how_of(_i, SHADOW_TRACE);
    struct twins_machine machine;

    begin(&machine, _i, 4u << 20); /* half of what the hog wants */
    machine.vmm.slice = 50;
    twins_add(&one, &machine, victim, &how);
    twins_run(&machine, 60); /* by now it has touched all its pages */
    ck_assert(vm_alive(&one.vm));
    machine.vmm.slice = 10000;
    twins_add(&two, &machine, hog, &how);
    while (vm_alive(&two.vm)) {
        one.vm.paused = true;
        twins_run(&machine, 1);
    }
    ck_assert_uint_eq(two.vm.end, VM_NO_MEMORY);
    one.vm.paused = false;
    twins_run(&machine, UINT64_MAX);
    check_same(&one);
    twins_remove(&two);
    twins_remove(&one);
    twins_machine_fini(&machine);
    twins_record_free(victim);
    twins_record_free(hog);
}
END_TEST

/* ---- The monitor's own memory ---- */

static uint64_t hash_bytes(const uint8_t *bytes, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3u;
    return hash;
}

/* What the scheduler notes of a VM that waits is the machine's, and changes. */
static uint64_t hash_vm(const struct vm *vm)
{
    static struct vm copy;

    copy = *vm;
    memset(&copy.sched, 0, sizeof copy.sched);
    return hash_bytes((const uint8_t *)&copy, sizeof copy);
}

/* Of a VM that only waits, nothing changes, whatever the other does: not a byte, not a field. */
START_TEST(a_sleeper_keeps_every_byte)
{
    static const char *const hostile[] = {"holes", "all4g", "churn",  "garbage",
                                          "smc",   "sbi",   "worlds", "relays"};
    struct twins_record *victim = twins_record(micro_guest("root_reuse"));
    struct twins_how how = how_of(_i, SHADOW_TRACE);
    struct twins_machine machine;
    uint64_t before, page_hash[2048];

    begin(&machine, _i, TWINS_MACHINE);
    twins_add(&one, &machine, victim, &how);
    twins_run(&machine, 12);
    one.vm.paused = true;
    before = hash_vm(&one.vm);
    for (uint32_t i = 0; i < 2048; i++) {
        struct mpa mpa = pmap_lookup(&one.vm.pmap, (struct gpa){(uint64_t)i << PAGE_SHIFT});

        page_hash[i] = mpa.v ? hash_bytes(machine.ram + mpa.v, PAGE_SIZE) : 0;
    }
    for (unsigned i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        struct twins_record *record = twins_record(micro_guest(hostile[i]));

        twins_add(&two, &machine, record, &how);
        twins_run(&machine, UINT64_MAX);
        check_same(&two);
        twins_remove(&two);
        twins_record_free(record);
    }
    ck_assert(before == hash_vm(&one.vm));
    for (uint32_t i = 0; i < 2048; i++) {
        struct mpa mpa = pmap_lookup(&one.vm.pmap, (struct gpa){(uint64_t)i << PAGE_SHIFT});

        ck_assert(page_hash[i] == (mpa.v ? hash_bytes(machine.ram + mpa.v, PAGE_SIZE) : 0));
    }
    one.vm.paused = false;
    twins_run(&machine, UINT64_MAX);
    check_same(&one);
    twins_remove(&one);
    twins_machine_fini(&machine);
    twins_record_free(victim);
}
END_TEST

int main(void)
{
    static const enum vm_monitor others[] = {VM_ASSIST, VM_PARA, VM_TRANSLATE, VM_HYBRID};

    /* With the sanitizers on, the fastest engine meets all techniques, the others only one. */
    for (unsigned i = 0; i < engine_maker_count; i++) {
        add_way(&engine_makers[i], VM_PLAIN);
        for (unsigned k = 0; k < sizeof others / sizeof others[0]; k++)
            if (!PZ_DEBUG || !strcmp(engine_makers[i].name, "jit"))
                add_way(&engine_makers[i], others[k]);
    }

    const struct loop loops[] = {
        {entries_lead_to_own_pages, (int)way_count},
        {killing_one_leaves_the_others, (int)way_count},
        {the_first_reason_stays, (int)way_count},
        {memory_is_zero_when_given_out, (int)way_count},
        {code_does_not_outlive_its_vm, (int)way_count},
        {little_memory_ends_well, (int)way_count},
        {who_takes_too_much_dies_alone, (int)way_count},
        {a_sleeper_keeps_every_byte, (int)way_count},
    };

    return LOOPS_RUN("isolation", loops);
}
