/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_shadow.c - shadow tables by themselves: entries made, widened, narrowed, fenced, evicted,
 * and that the engine is told whenever rights are removed. The invariant checker finds planted
 * faults. Watched guest tables are tested in test_watch.c.
 */
#include "isa/csr.h"
#include "tests/support/loops.h"
#include "tests/support/stub_engine.h"
#include "vmm/vmm.h"

#define SIZE (4u << 20)
#define VA 0x40000000u
#define ALL (PTE_R | PTE_W | PTE_X)
#define FLAGS (PTE_V | PTE_U | PTE_A | PTE_D)

static struct stub stub;
static struct allocator allocator;
static struct shadow shadow;
static uint32_t root;

static void begin(enum shadow_policy policy, uint32_t most)
{
    stub_init(&stub, SIZE);
    ck_assert(allocate_init(&allocator, stub.engine.phys.ram, 0, SIZE));
    shadow_init(&shadow, &allocator, &stub.engine, 3, policy, most);
}

static void enter(uint32_t satp)
{
    struct shadow_key key = {.satp = satp ? SATP_SV32 | satp : 0};

    ck_assert_uint_eq(shadow_enter(&shadow, &key, &root), SHADOW_OK);
}

static struct mpa page(void)
{
    struct mpa mpa;

    ck_assert(allocate_page(&allocator, 3, PAGE_GUEST, &mpa));
    return mpa;
}

static void map(uint32_t va, struct mpa mpa, uint32_t rights)
{
    struct shadow_mapping mapping = {.gva = {va}, .mpa = mpa, .rights = rights};

    ck_assert_uint_eq(shadow_map(&shadow, &mapping), SHADOW_OK);
}

static uint32_t look(uint32_t va)
{
    return shadow_lookup(&shadow, shadow.current, (struct gva){va});
}

static uint32_t entry(struct mpa mpa, uint32_t rights)
{
    return PTE_MAKE(mpa.v >> PAGE_SHIFT, FLAGS | rights);
}

START_TEST(keys_hold_what_matters_and_no_more)
{
    struct hart hart = {.mode = HART_SUPERVISOR, .sstatus = SSTATUS_SUM | SSTATUS_MXR};
    struct shadow_key key = shadow_key_of(&hart, SHADOW_LAZY);

    ck_assert(!key.satp && !key.mode && !key.sum && !key.mxr);
    hart.satp = SATP_SV32 | 5u << SATP_ASID_SHIFT | 77;
    key = shadow_key_of(&hart, SHADOW_LAZY);
    ck_assert(key.satp == hart.satp && key.mode && key.sum && key.mxr);
    key = shadow_key_of(&hart, SHADOW_TRACE);
    ck_assert_uint_eq(key.satp, SATP_SV32 | 77);
    hart.mode = HART_USER;
    key = shadow_key_of(&hart, SHADOW_FLUSH);
    ck_assert(!key.mode && !key.sum && key.mxr);
}
END_TEST

/* One step of a hart's life, of all that its key depends on and of what it does not. */
static void change(struct hart *hart, uint32_t step)
{
    switch (step % 6) {
    case 0: hart->mode ^= HART_SUPERVISOR; break;
    case 1: hart->sstatus ^= SSTATUS_SUM; break;
    case 2: hart->sstatus ^= SSTATUS_MXR; break;
    case 3: hart->satp ^= SATP_SV32; break;
    case 4: hart->satp ^= 1u << (step / 6 % 3 ? SATP_ASID_SHIFT : 0); break;
    default: hart->sstatus ^= SSTATUS_SIE | SSTATUS_SPP; break;
    }
}

/* Following a hart comes to the same as entering by its key, however often either is done. */
START_TEST(following_a_hart_is_entering_its_key)
{
    struct hart hart = {.mode = HART_USER};
    struct shadow_key key;
    uint32_t followed;

    begin((enum shadow_policy)_i, 16);
    for (uint32_t step = 0; step < 2000; step++) {
        change(&hart, step * 7 + step / 5);
        for (unsigned again = 0; again < 2; again++)
            ck_assert_uint_eq(shadow_follow(&shadow, &hart, &followed), SHADOW_OK);
        key = shadow_key_of(&hart, (enum shadow_policy)_i);
        ck_assert_uint_eq(key.satp, shadow.roots[shadow.current].key.satp);
        ck_assert_uint_eq(key.mode, shadow.roots[shadow.current].key.mode);
        if (step % 3 == 0)
            enter(step % 5);
        ck_assert_uint_eq(shadow_enter(&shadow, &key, &root), SHADOW_OK);
        ck_assert_uint_eq(followed, root);
    }
    shadow_destroy(&shadow);
    stub_fini(&stub);
}
END_TEST

/* More address spaces than there are roots: a root that serves another now is not come back to. */
START_TEST(a_state_never_leads_to_another_ones_root)
{
    struct hart hart = {.mode = HART_USER};
    uint32_t followed;

    begin(SHADOW_LAZY, 16);
    for (uint32_t step = 0; step < 8 * SHADOW_ROOTS; step++) {
        const struct shadow_root *entered;

        /* One now and then, and between its turns more others than there are roots. */
        hart.satp = SATP_SV32 | (step % (SHADOW_ROOTS + 40) ? 1 + (step << 8) % SATP_PPN : 0);
        ck_assert_uint_eq(shadow_follow(&shadow, &hart, &followed), SHADOW_OK);
        entered = &shadow.roots[shadow.current];
        ck_assert(entered->used);
        ck_assert_uint_eq(entered->key.satp, hart.satp);
        ck_assert_uint_eq(followed, SATP_SV32 | entered->table.v >> PAGE_SHIFT);
    }
    ck_assert_uint_gt(shadow.evictions, 0);
    shadow_destroy(&shadow);
    stub_fini(&stub);
}
END_TEST

/* Never more than the guest's entry; W only when it is dirty. */
START_TEST(rights_follow_mode_sum_mxr_and_d)
{
    struct sv32_space space = {.mode = HART_USER};

    ck_assert_uint_eq(shadow_rights(&space, PTE_V | ALL | PTE_U | PTE_A | PTE_D), ALL);
    ck_assert_uint_eq(shadow_rights(&space, PTE_V | ALL | PTE_U | PTE_A), PTE_R | PTE_X);
    ck_assert_uint_eq(shadow_rights(&space, PTE_V | ALL | PTE_A | PTE_D), 0);
    ck_assert_uint_eq(shadow_rights(&space, PTE_V | PTE_X | PTE_U | PTE_A), PTE_X);
    space.mxr = true;
    ck_assert_uint_eq(shadow_rights(&space, PTE_V | PTE_X | PTE_U | PTE_A), PTE_R | PTE_X);
    space = (struct sv32_space){.mode = HART_SUPERVISOR};
    ck_assert_uint_eq(shadow_rights(&space, PTE_V | ALL | PTE_U | PTE_A | PTE_D), 0);
    space.sum = true;
    ck_assert_uint_eq(shadow_rights(&space, PTE_V | ALL | PTE_U | PTE_A | PTE_D),
                      PTE_R | PTE_W);
}
END_TEST

START_TEST(entries_are_made_and_widened_quietly)
{
    struct mpa mpa;

    begin(SHADOW_LAZY, 64);
    enter(1);
    mpa = page();
    map(VA + 0x123, mpa, PTE_R);
    ck_assert_uint_eq(look(VA), entry(mpa, PTE_R));
    ck_assert_uint_eq(look(VA + PAGE_SIZE), 0);
    ck_assert_uint_eq(root, SATP_SV32 | shadow.roots[shadow.current].table.v >> PAGE_SHIFT);
    map(VA, mpa, PTE_R | PTE_W);
    ck_assert_uint_eq(look(VA), entry(mpa, PTE_R | PTE_W));
    ck_assert_uint_eq(stub.page_drops + stub.root_drops, 0);
    ck_assert_uint_eq(shadow.tables, 1);
    ck_assert_uint_eq(shadow.fills, 2);
    stub_fini(&stub);
}
END_TEST

START_TEST(the_engine_hears_of_less)
{
    struct mpa mpa;

    begin(SHADOW_LAZY, 64);
    enter(1);
    mpa = page();
    map(VA, mpa, ALL);
    map(VA, mpa, PTE_R); /* narrowed */
    ck_assert_uint_eq(stub.page_drops, 1);
    ck_assert_uint_eq(stub.last_va, VA);
    ck_assert_uint_eq(stub.last_root, root);
    map(VA, page(), PTE_R); /* moved */
    ck_assert_uint_eq(stub.page_drops, 2);
    ck_assert_uint_eq(allocate_info(&allocator, mpa)->mappings.v, 0);
    stub_fini(&stub);
}
END_TEST

/* In whatever root and at whatever address a page is mapped. */
START_TEST(narrowing_finds_every_entry)
{
    struct mpa mpa;

    begin(SHADOW_LAZY, 64);
    mpa = page();
    for (uint32_t i = 1; i <= 3; i++) {
        enter(i);
        map(VA + (i << 22), mpa, ALL);
        map(VA, mpa, PTE_W | PTE_R);
        map(0xfffff000, mpa, PTE_X);
    }
    shadow_narrow(&shadow, mpa, PTE_W);
    ck_assert_uint_eq(stub.page_drops, 6);
    shadow_narrow(&shadow, mpa, PTE_W);
    ck_assert_uint_eq(stub.page_drops, 6);
    for (uint32_t i = 1; i <= 3; i++) {
        enter(i);
        ck_assert_uint_eq(look(VA + (i << 22)), entry(mpa, PTE_R | PTE_X));
        ck_assert_uint_eq(look(VA), entry(mpa, PTE_R));
        ck_assert_uint_eq(look(0xfffff000), entry(mpa, PTE_X));
    }
    shadow_narrow(&shadow, mpa, PTE_X);
    ck_assert_uint_eq(look(0xfffff000), 0); /* nothing was left of it */
    ck_assert_uint_eq(look(VA), entry(mpa, PTE_R));
    stub_fini(&stub);
}
END_TEST

static void fence(bool one_va, uint32_t va, bool one_asid, uint32_t asid)
{
    struct exec_fence operands = {one_va, one_asid, va, asid};

    shadow_fence(&shadow, &operands);
}

static void map_everywhere(struct mpa mpa)
{
    enter(0);
    map(VA, mpa, ALL);
    for (uint32_t asid = 1; asid <= 2; asid++) {
        enter(9 | asid << SATP_ASID_SHIFT);
        map(VA, mpa, ALL);
        map(VA + PAGE_SIZE, mpa, ALL);
    }
}

/* Which of (asid, page) are left: bit 2 * (asid - 1) + page; bit 4: the space without tables. */
static unsigned left(void)
{
    unsigned bits = 0;

    for (uint32_t asid = 1; asid <= 2; asid++) {
        enter(9 | asid << SATP_ASID_SHIFT);
        bits |= (unsigned)(look(VA) != 0) << 2 * (asid - 1);
        bits |= (unsigned)(look(VA + PAGE_SIZE) != 0) << (2 * (asid - 1) + 1);
    }
    enter(0);
    return bits | (unsigned)(look(VA) != 0) << 4;
}

START_TEST(fences_reach_what_they_name)
{
    struct mpa mpa;

    begin(SHADOW_LAZY, 64);
    mpa = page();
    map_everywhere(mpa);
    fence(true, VA + 0x777, true, 1);
    ck_assert_uint_eq(left(), 0x1e);
    ck_assert_uint_eq(stub.page_drops, 1);
    fence(false, 0, true, 1);
    ck_assert_uint_eq(left(), 0x1c);
    ck_assert_uint_eq(stub.root_drops, 1);
    fence(false, 0, true, 7);
    ck_assert_uint_eq(left(), 0x1c);
    map_everywhere(mpa);
    fence(true, VA, false, 0);
    ck_assert_uint_eq(left(), 0x1a);
    fence(false, 0, false, 0);
    ck_assert_uint_eq(left(), 0x10);
    shadow_drop_all(&shadow);
    ck_assert_uint_eq(left(), 0);
    stub_fini(&stub);
}
END_TEST

START_TEST(a_fence_in_a_superpage_is_for_all_of_it)
{
    struct shadow_mapping mapping = {.rights = ALL, .superpage = true};

    begin(SHADOW_LAZY, 64);
    enter(1);
    for (uint32_t i = 0; i < 3; i++) {
        mapping.gva.v = VA + i * PAGE_SIZE;
        mapping.mpa = page();
        ck_assert_uint_eq(shadow_map(&shadow, &mapping), SHADOW_OK);
    }
    fence(true, VA + 0x123456, false, 0);
    ck_assert_uint_eq(look(VA) | look(VA + PAGE_SIZE) | look(VA + 2 * PAGE_SIZE), 0);
    ck_assert_uint_ge(stub.root_drops, 1);
    stub_fini(&stub);
}
END_TEST

/* More leaf tables than allowed: the root used longest ago goes, and comes back empty. */
START_TEST(tables_are_limited)
{
    struct mpa mpa;
    uint32_t used;

    begin(SHADOW_LAZY, SHADOW_TABLES_LEAST);
    mpa = page();
    used = allocator.used;
    for (uint32_t satp = 1; satp <= 8; satp++) {
        enter(satp);
        for (uint32_t slot = 0; slot < 4; slot++)
            map(slot << 22, mpa, ALL);
        ck_assert_uint_le(shadow.tables, SHADOW_TABLES_LEAST);
    }
    ck_assert_uint_gt(shadow.evictions, 0);
    ck_assert_uint_ne(look(0), 0);
    enter(1);
    ck_assert_uint_eq(look(0), 0);
    enter(7);
    ck_assert_uint_ne(look(0), 0);
    shadow_destroy(&shadow);
    ck_assert_uint_eq(allocator.used, used);
    ck_assert_uint_eq(allocate_info(&allocator, mpa)->mappings.v, 0);
    stub_fini(&stub);
}
END_TEST

START_TEST(one_root_may_need_more_than_the_limit)
{
    struct mpa mpa;

    begin(SHADOW_LAZY, SHADOW_TABLES_LEAST);
    mpa = page();
    enter(1);
    for (uint32_t slot = 0; slot < 100; slot++) {
        map(slot << 22, mpa, ALL);
        ck_assert_uint_ne(look(slot << 22), 0);
        ck_assert_uint_le(shadow.tables, SHADOW_TABLES_LEAST);
    }
    stub_fini(&stub);
}
END_TEST

START_TEST(roots_are_limited)
{
    begin(SHADOW_LAZY, 512);
    enter(1);
    map(VA, page(), ALL);
    for (uint32_t satp = 2; satp <= SHADOW_ROOTS + 1; satp++)
        enter(satp);
    ck_assert_uint_ge(stub.root_drops, 1); /* its page serves another now */
    ck_assert_uint_eq(shadow.tables, 0);
    enter(1);
    ck_assert_uint_eq(look(VA), 0);
    ck_assert_uint_le(allocate_count(&allocator, 3, PAGE_SHADOW_ROOT), SHADOW_ROOTS);
    stub_fini(&stub);
}
END_TEST

/* Spaces that are entered once, as of processes that end: their roots serve the next. */
START_TEST(spaces_that_never_come_back_take_few_roots)
{
    begin(SHADOW_LAZY, 512);
    for (uint32_t satp = 1; satp <= 4 * SHADOW_ROOTS; satp++)
        enter(satp);
    ck_assert_uint_eq(shadow.root_count, SHADOW_FEW_ROOTS);
    ck_assert_uint_eq(allocate_count(&allocator, 3, PAGE_SHADOW_ROOT), SHADOW_FEW_ROOTS);
    stub_fini(&stub);
}
END_TEST

/* As many as are entered in turn, over and over, get roots of their own in the end. */
START_TEST(spaces_that_come_back_get_roots)
{
    uint64_t evictions = 0;

    begin(SHADOW_LAZY, 512);
    for (uint32_t turn = 0; turn < 100; turn++) {
        evictions = shadow.evictions;
        for (uint32_t satp = 1; satp <= 64; satp++)
            enter(satp);
    }
    ck_assert_uint_eq(shadow.evictions, evictions);
    ck_assert_uint_eq(shadow.root_count, 64);
    stub_fini(&stub);
}
END_TEST

/* The last pages of the machine: four tables are enough for one instruction, less is the end. */
START_TEST(no_memory_is_told)
{
    struct shadow_mapping mapping = {.rights = ALL};
    struct mpa mpa, spare[5];

    begin(SHADOW_LAZY, 64);
    enter(1);
    mapping.mpa = page();
    for (int i = 0; i < 5; i++)
        spare[i] = page();
    while (allocate_page(&allocator, 9, PAGE_GUEST, &mpa))
        ;
    ck_assert_uint_eq(shadow_map(&shadow, &mapping), SHADOW_NO_MEMORY);
    allocate_free(&allocator, spare[0]);
    ck_assert_uint_eq(shadow_map(&shadow, &mapping), SHADOW_NO_MEMORY);
    ck_assert_uint_eq(allocate_count(&allocator, 3, PAGE_SHADOW_LEAF), 0);
    for (int i = 1; i < 5; i++)
        allocate_free(&allocator, spare[i]); /* two tables' worth, and one page */
    for (uint32_t slot = 0; slot < 2; slot++) {
        mapping.gva.v = slot << 22;
        ck_assert_uint_eq(shadow_map(&shadow, &mapping), SHADOW_OK);
    }
    mapping.gva.v = VA;
    ck_assert_uint_eq(shadow_map(&shadow, &mapping), SHADOW_NO_MEMORY);
    ck_assert_uint_ne(look(0), 0); /* not thrown away in vain */
    stub_fini(&stub);
}
END_TEST

/* ---- The checker ---- */

static struct vmm vmm;
static struct vm vm, other;

static const struct vm_config *config_of(enum shadow_policy policy)
{
    static struct vm_config config;

    config = (struct vm_config){.name = "test",
                                .ram_size = 1u << 20,
                                .shares = 1,
                                .limit = UINT64_MAX,
                                .policy = policy,
                                .shadow_tables = 64};
    return &config;
}

static void write_word(uint32_t gpa, uint32_t word)
{
    ck_assert(vm_write(&vm, (struct gpa){gpa}, &word, sizeof word));
}

/*
 * A VM whose guest has, at VA, the page 0x5000 with R and W, dirty, and the page after it with R
 * only; both are in the shadow. Returns the first one's shadow entry.
 */
static uint8_t *begin_checked(enum shadow_policy policy)
{
    const struct vmm_host host = {0};
    struct shadow_key key;
    struct mpa leaf;

    stub_init(&stub, SIZE);
    ck_assert(vmm_init(&vmm, &stub.engine, &host));
    ck_assert(vmm_add(&vmm, &other, config_of(policy)));
    ck_assert(vmm_add(&vmm, &vm, config_of(policy)));
    write_word(0x1000 + 4 * (VA >> 22), PTE_MAKE(2, PTE_V));
    write_word(0x2000, PTE_MAKE(5, PTE_V | PTE_R | PTE_W | PTE_U | PTE_A | PTE_D));
    write_word(0x2004, PTE_MAKE(6, PTE_V | PTE_R | PTE_U | PTE_A));
    vm.vcpus[0].hart.satp = SATP_SV32 | 1;
    key = shadow_key_of(&vm.vcpus[0].hart, policy);
    ck_assert_uint_eq(shadow_enter(&vm.shadow, &key, &root), SHADOW_OK);
    for (uint32_t i = 0; i < 2; i++) {
        struct shadow_mapping mapping = {.gva = {VA + i * PAGE_SIZE},
                                         .rights = i ? PTE_R : PTE_R | PTE_W};

        mapping.guest_root = pmap_lookup(&vm.pmap, (struct gpa){0x1000});
        mapping.guest_table = pmap_lookup(&vm.pmap, (struct gpa){0x2000});
        ck_assert_uint_eq(pmap_translate(&vm.pmap, (struct gpa){(5 + i) << 12}, &mapping.mpa),
                          PMAP_OK);
        ck_assert_uint_eq(shadow_map(&vm.shadow, &mapping), SHADOW_OK);
    }
    ck_assert_uint_eq(vm_shadow_check(&vm, NULL), 0);
    leaf = vm.shadow.roots[vm.shadow.current].leaves;
    return allocate_host(&vmm.allocator, leaf);
}

static void plant(uint8_t *at, uint32_t value, unsigned wrong, unsigned stale)
{
    uint32_t good = load_le32(at);
    unsigned counted;

    store_le32(at, value);
    ck_assert_uint_eq(vm_shadow_check(&vm, &counted), wrong);
    ck_assert_uint_eq(counted, stale);
    store_le32(at, good);
    ck_assert_uint_eq(vm_shadow_check(&vm, &counted), 0);
    ck_assert_uint_eq(counted, 0);
}

/* _i: the policy. What may be an old entry is only stale, but a foreign page never is. */
START_TEST(the_checker_finds_what_is_planted)
{
    uint8_t *at = begin_checked((enum shadow_policy)_i);
    uint32_t good = load_le32(at), second = load_le32(at + 4);
    unsigned exact = _i == SHADOW_TRACE;
    struct mpa foreign, free_page, own;

    ck_assert_uint_eq(pmap_translate(&other.pmap, (struct gpa){0}, &foreign), PMAP_OK);
    ck_assert_uint_eq(pmap_translate(&vm.pmap, (struct gpa){0x9000}, &own), PMAP_OK);
    free_page = (struct mpa){vmm.allocator.fresh << PAGE_SHIFT};
    plant(at, good | PTE_X, exact, !exact);
    plant(at + 4, second | PTE_W, exact, !exact);
    plant(at, entry(own, PTE_R), exact, !exact);
    plant(at + 8, entry(own, PTE_R), exact, !exact);
    plant(at, entry(foreign, PTE_R), 1, 0);
    plant(at, entry((struct mpa){0}, PTE_R), 1, 0);
    plant(at, entry(free_page, PTE_R), 1, 0);
    plant(at, entry(vm.shadow.roots[vm.shadow.current].table, PTE_R), 1, 0);
    plant(at, PTE_MAKE(SIZE >> PAGE_SHIFT, FLAGS | PTE_R), 1, 0); /* beyond the machine */
    plant(at, PTE_MAKE(0x3fffff, FLAGS | PTE_R), 1, 0);           /* beyond any */
    plant(at, good | PTE_MAKE(1u << 20, 0), 1, 0); /* 4 GiB above what it should be */
    stub_fini(&stub);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {keys_hold_what_matters_and_no_more, 1},
        {rights_follow_mode_sum_mxr_and_d, 1},
        {entries_are_made_and_widened_quietly, 1},
        {the_engine_hears_of_less, 1},
        {following_a_hart_is_entering_its_key, SHADOW_POLICIES},
        {a_state_never_leads_to_another_ones_root, 1},
        {narrowing_finds_every_entry, 1},
        {fences_reach_what_they_name, 1},
        {a_fence_in_a_superpage_is_for_all_of_it, 1},
        {tables_are_limited, 1},
        {one_root_may_need_more_than_the_limit, 1},
        {roots_are_limited, 1},
        {spaces_that_never_come_back_take_few_roots, 1},
        {spaces_that_come_back_get_roots, 1},
        {no_memory_is_told, 1},
        {the_checker_finds_what_is_planted, SHADOW_POLICIES},
    };

    return LOOPS_RUN("shadow", loops);
}
