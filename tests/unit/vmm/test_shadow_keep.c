/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_shadow_keep.c - what a fence leaves of a shadow and what it takes, and the entries that are
 * made beside one that was needed: never more than the guest's table gives, and nothing of the
 * guest's is changed by either.
 */
#include "isa/csr.h"
#include "tests/support/loops.h"
#include "tests/support/stub_engine.h"
#include "vmm/dirty.h"
#include "vmm/memory.h"
#include "vmm/paging.h"
#include "vmm/shadow_keep.h"
#include "vmm/shadow_prefill.h"
#include "vmm/shadow_still.h"
#include "vmm/share.h"
#include "vmm/vmm.h"
#include "vmm/watch.h"

#define SIZE (4u << 20)
#define VA 0x40000000u
#define PAGE(n) (VA + (n)*PAGE_SIZE)
#define RW (PTE_R | PTE_W)
#define GOOD (PTE_V | PTE_U | PTE_A | PTE_D)

/* Guest-physical: the root, a table for VA's region, another, and data pages from here on. */
#define ROOT 0x1000u
#define TABLE 0x2000u
#define SECOND 0x3000u
#define DATA(n) (0x10000u + (n)*PAGE_SIZE)

static struct stub stub;
static struct vmm vmm;
static struct vm vm;

static void write_word(uint32_t gpa, uint32_t word)
{
    ck_assert(vm_write(&vm, (struct gpa){gpa}, &word, sizeof word));
}

static uint32_t read_word(uint32_t gpa)
{
    uint32_t word;

    ck_assert(vm_read(&vm, (struct gpa){gpa}, &word, sizeof word));
    return word;
}

/* The guest's entry for page n. */
static void set_pte(uint32_t n, uint32_t gpa, uint32_t flags)
{
    write_word(TABLE + 4 * n, PTE_MAKE(gpa >> PAGE_SHIFT, flags));
}

static struct mpa attach(uint32_t gpa)
{
    struct mpa mpa;

    ck_assert_uint_eq(pmap_translate(&vm.pmap, (struct gpa){gpa}, &mpa), PMAP_OK);
    return mpa;
}

static void enter(enum hart_mode mode, bool sum)
{
    struct hart hart = {.satp = SATP_SV32 | ROOT >> PAGE_SHIFT, .mode = mode};
    uint32_t root;

    hart.sstatus = sum ? SSTATUS_SUM : 0;
    ck_assert_uint_eq(shadow_follow(&vm.shadow, &hart, &root), SHADOW_OK);
}

static bool write_nowhere(void *owner, unsigned number, uint32_t page, const uint8_t *bytes)
{
    (void)owner, (void)number, (void)page, (void)bytes;
    return false;
}

/* What lets machine pages of guests change. */
enum moves { MOVES_NOT, MOVES_SHARED, MOVES_PAGED };

static void begin_moving(enum shadow_policy policy, enum moves moves)
{
    const struct paging_store nowhere = {.write = write_nowhere};
    const struct vmm_host host = {0};
    const struct vm_config config = {.name = "test",
                                     .ram_size = 1u << 20,
                                     .shares = 1,
                                     .limit = UINT64_MAX,
                                     .policy = policy,
                                     .shadow_tables = 64};

    stub_init(&stub, SIZE);
    ck_assert(vmm_init(&vmm, &stub.engine, &host));
    if (moves == MOVES_SHARED)
        ck_assert(share_init(&vmm, 1, 0));
    if (moves == MOVES_PAGED)
        paging_init(&vmm, &nowhere);
    ck_assert(vmm_add(&vmm, &vm, &config));
    write_word(ROOT + 4 * (VA >> 22), PTE_MAKE(TABLE >> PAGE_SHIFT, PTE_V));
    enter(HART_USER, false);
}

static void begin(enum shadow_policy policy)
{
    begin_moving(policy, MOVES_NOT);
}

/* As the dispatcher does once the guest's table has allowed an access. */
static void fill(uint32_t n, uint32_t gpa, uint32_t rights)
{
    struct shadow_mapping mapping = {.gva = {PAGE(n)}, .mpa = attach(gpa), .rights = rights};

    mapping.guest_root = pmap_lookup(&vm.pmap, (struct gpa){ROOT});
    mapping.guest_table = pmap_lookup(&vm.pmap, (struct gpa){TABLE});
    ck_assert_uint_eq(shadow_map(&vm.shadow, &mapping), SHADOW_OK);
}

static uint32_t look(uint32_t n)
{
    return shadow_lookup(&vm.shadow, vm.shadow.current, (struct gva){PAGE(n)});
}

static void fence(const uint32_t *va)
{
    struct exec_fence operands = {.one_va = va, .va = va ? *va : 0};

    shadow_fence(&vm.shadow, &operands);
}

static void end(void)
{
    unsigned stale;

    ck_assert_uint_eq(vm_shadow_check(&vm, &stale), 0);
    ck_assert_uint_eq(stale, 0);
    shadow_destroy(&vm.shadow);
    stub_fini(&stub);
}

/* So far apart that none is the other's neighbour. */
#define APART(n) ((n)*SHADOW_NEIGHBOURS)

static void fill_apart(uint32_t pages)
{
    for (uint32_t i = 0; i < pages; i++) {
        set_pte(APART(i), DATA(i), GOOD | RW);
        fill(APART(i), DATA(i), RW);
    }
    stub_forget(&stub);
}

static void begin_filled(uint32_t pages)
{
    begin(SHADOW_LAZY);
    fill_apart(pages);
}

START_TEST(what_is_unchanged_is_kept)
{
    uint32_t va = PAGE(APART(1)), before[3];

    begin_filled(3);
    for (uint32_t i = 0; i < 3; i++)
        before[i] = look(APART(i));
    fence(NULL);
    fence(&va);
    for (uint32_t i = 0; i < 3; i++) {
        ck_assert_uint_ne(before[i], 0);
        ck_assert_uint_eq(look(APART(i)), before[i]);
    }
    ck_assert_uint_eq(stub.page_drops + stub.root_drops, 0); /* nor has the engine lost any */
    ck_assert_uint_eq(vm.shadow.drops, 0);
    end();
}
END_TEST

/* Where pages are shared, too; but not where fills have to tell which are in use. */
START_TEST(what_is_kept_where_pages_move)
{
    begin_moving(SHADOW_LAZY, (enum moves)_i);
    fill_apart(3);
    fence(NULL);
    for (uint32_t i = 0; i < 3; i++)
        ck_assert_int_eq(look(APART(i)) != 0, _i != MOVES_PAGED);
    end();
}
END_TEST

/* Ways for a guest to change an entry so that the old one must not be used any more. */
static void spoil(unsigned way)
{
    switch (way) {
    case 0: set_pte(APART(1), DATA(7), GOOD | RW); break;            /* moved */
    case 1: set_pte(APART(1), DATA(1), GOOD | PTE_R); break;         /* narrowed */
    case 2: set_pte(APART(1), DATA(1), (GOOD & ~PTE_D) | RW); break; /* D has to be set anew */
    case 3: set_pte(APART(1), DATA(1), (GOOD & ~PTE_A) | RW); break; /* and A */
    case 4: set_pte(APART(1), DATA(1), (GOOD & ~PTE_U) | RW); break; /* the kernel's */
    case 5: set_pte(APART(1), DATA(1), (GOOD & ~PTE_V) | RW); break; /* none */
    case 6: set_pte(APART(1), DATA(1), GOOD | PTE_W); break;         /* reserved */
    case 7: set_pte(APART(1), DATA(1), PTE_V); break;                /* a pointer, too low */
    default: set_pte(APART(1), 0x40000000, GOOD | RW); break;        /* no RAM */
    }
}
#define SPOILED_WAYS 9

/* What a walk would give then without setting A or D. */
static const struct {
    uint32_t gpa, rights;
} spoilt[SPOILED_WAYS] = {{DATA(7), RW}, {DATA(1), PTE_R}, {DATA(1), PTE_R}};

/* It takes the place of the old one if the fence names the address. */
static void check_spoilt(unsigned way, bool one)
{
    uint32_t entry = look(APART(1));

    ck_assert_uint_eq(PTE_LEAF(entry), one ? spoilt[way].rights : 0);
    if (entry)
        ck_assert_uint_eq(PTE_PPN(entry), attach(spoilt[way].gpa).v >> PAGE_SHIFT);
    ck_assert_uint_eq(vm.shadow.prefills, entry != 0);
}

START_TEST(what_has_changed_goes_alone)
{
    uint32_t va = PAGE(APART(1)) + 0x123;

    for (unsigned one = 0; one < 2; one++) {
        begin_filled(3);
        attach(DATA(7));
        spoil((unsigned)_i);
        ck_assert_uint_ne(look(APART(1)), 0); /* a TLB may have it until the fence */
        fence(one ? &va : NULL);
        check_spoilt((unsigned)_i, one);
        ck_assert_uint_ne(look(APART(0)), 0);
        ck_assert_uint_ne(look(APART(2)), 0);
        ck_assert_uint_eq(stub.page_drops, 1);
        ck_assert_uint_eq(stub.last_va, PAGE(APART(1)));
        ck_assert_uint_eq(stub.root_drops, 0);
        end();
    }
}
END_TEST

/*
 * A fence for an address that has no entry: the guest has just made its own, and is about to use
 * the page, unless the space is that of a kernel with SUM. Nothing of the guest's is changed.
 */
START_TEST(what_is_new_is_made)
{
    static const struct {
        uint32_t gpa, flags, rights;
    } made[] = {
        {DATA(7), GOOD | RW, RW},
        {DATA(7), (GOOD & ~PTE_D) | RW, PTE_R},
        {DATA(7), (GOOD & ~PTE_A) | RW, 0}, /* an access has to set it */
        {DATA(8), GOOD | RW, 0},            /* not attached */
        {DATA(7), (GOOD & ~PTE_V) | RW, 0}, /* taken away */
    };
    uint32_t va = PAGE(APART(2)), pte = PTE_MAKE(made[_i].gpa >> PAGE_SHIFT, made[_i].flags);

    begin_filled(2);
    attach(DATA(7));
    enter(HART_SUPERVISOR, true);
    fill(APART(0), DATA(0), RW);
    enter(HART_USER, false);
    stub_forget(&stub);
    set_pte(APART(2), made[_i].gpa, made[_i].flags);
    fence(&va);
    ck_assert_uint_eq(PTE_LEAF(look(APART(2))), made[_i].rights);
    ck_assert_uint_eq(read_word(TABLE + 4 * APART(2)), pte);
    ck_assert_uint_eq(pmap_lookup(&vm.pmap, (struct gpa){DATA(8)}).v, 0);
    ck_assert_uint_eq(stub.page_drops, 0);
    enter(HART_SUPERVISOR, true);
    ck_assert_uint_eq(look(APART(2)), 0);
    end();
}
END_TEST
#define NEW_WAYS 5

/* The tables above: gone, another one with other pages, or a superpage in its place. */
START_TEST(a_table_that_is_exchanged_counts)
{
    static const uint32_t upper[] = {0, PTE_MAKE(SECOND >> PAGE_SHIFT, PTE_V),
                                     PTE_MAKE(0, GOOD | RW), PTE_MAKE(1, GOOD | RW),
                                     PTE_MAKE(0x3fffff, PTE_V)};

    begin_filled(8);
    write_word(SECOND + 4 * APART(1), PTE_MAKE(DATA(1) >> PAGE_SHIFT, GOOD | RW));
    write_word(ROOT + 4 * (VA >> 22), upper[_i]);
    fence(NULL);
    for (uint32_t i = 0; i < 8; i++)
        ck_assert_int_eq(look(APART(i)) != 0, _i == 1 && i == 1);
    ck_assert_uint_eq(stub.root_drops, 1); /* too many to be named one by one */
    end();
}
END_TEST

/* An entry made from a superpage is compared with that, at its own place in it. */
START_TEST(superpages_are_compared_as_a_whole)
{
    uint32_t elsewhere = PAGE(500);

    begin(SHADOW_LAZY);
    write_word(ROOT + 4 * (VA >> 22), PTE_MAKE(0, GOOD | RW));
    for (uint32_t i = 0; i < 2; i++) {
        struct shadow_mapping mapping = {
            .gva = {PAGE(32 + i)}, .mpa = attach(PAGE_SIZE * (32 + i)), .superpage = true};

        mapping.rights = RW;
        ck_assert_uint_eq(shadow_map(&vm.shadow, &mapping), SHADOW_OK);
    }
    fence(NULL);
    fence(&elsewhere);
    ck_assert(look(32) && look(33));
    write_word(ROOT + 4 * (VA >> 22), PTE_MAKE(0, GOOD | PTE_R));
    fence(&elsewhere); /* for any address in it, for all */
    ck_assert(!look(32) && !look(33));
    end();
}
END_TEST

/* Of another space: not before it is entered, and then at once. */
START_TEST(other_spaces_are_compared_when_entered)
{
    begin_filled(3);
    enter(HART_SUPERVISOR, true);
    set_pte(APART(1), DATA(7), GOOD | RW);
    attach(DATA(7));
    fence(NULL);
    fence(NULL);
    ck_assert_uint_eq(vm.shadow.drops, 0);
    enter(HART_USER, false);
    ck_assert_uint_eq(look(APART(1)), 0);
    ck_assert_uint_ne(look(APART(0)), 0);
    ck_assert_uint_eq(vm.shadow.drops, 1);
    enter(HART_SUPERVISOR, true);
    set_pte(APART(0), DATA(7), GOOD | RW);
    fence(NULL);
    shadow_drop_all(&vm.shadow); /* of those in doubt, too */
    enter(HART_USER, false);
    ck_assert_uint_eq(look(APART(0)) | look(APART(2)), 0);
    end();
}
END_TEST

static unsigned told_early;

/* An engine that reads the shadow when it is told, as `cpu` makes a monitor below do. */
static void look_when_told(struct engine *engine, uint32_t root, uint32_t va)
{
    (void)engine, (void)root;
    told_early +=
        shadow_lookup(&vm.shadow, vm.shadow.current, (struct gva){va & ~PAGE_MASK}) != 0;
    stub.page_drops++;
}

/* _i: how many have changed. */
START_TEST(the_engine_is_told_when_the_entries_are_gone)
{
    told_early = 0;
    begin_filled(4);
    stub.ops.drop_page = look_when_told;
    attach(DATA(7));
    for (uint32_t i = 0; i <= (uint32_t)_i; i++)
        set_pte(APART(i), DATA(7), GOOD | RW);
    fence(NULL);
    ck_assert_uint_eq(stub.page_drops, (unsigned)_i + 1);
    ck_assert_uint_eq(told_early, 0);
    end();
}
END_TEST

/* A page that nobody has written since dirty_take() is in the shadow, but not writable. */
START_TEST(clean_pages_stay_clean)
{
    uint64_t bits[4], taken[4] = {0};

    begin_filled(2);
    attach(DATA(8));
    set_pte(APART(0) + 1, DATA(8), GOOD | RW);
    dirty_start(&vm, bits);
    ck_assert_uint_gt(dirty_take(&vm, taken), 0);
    ck_assert_uint_eq(PTE_LEAF(look(APART(0))), PTE_R);
    fence(NULL);
    ck_assert_uint_eq(PTE_LEAF(look(APART(0))), PTE_R); /* kept, as it was */
    ck_assert_uint_eq(vm.shadow.drops, 0);
    fill(APART(0), DATA(0), RW);
    ck_assert_uint_eq(PTE_LEAF(look(APART(0) + 1)), PTE_R); /* made beside it */
    dirty_stop(&vm);
    end();
}
END_TEST

/* What would take too long to compare is dropped, good or not. */
START_TEST(large_spaces_are_emptied)
{
    uint32_t pages = SHADOW_KEEP_MOST + 1;

    begin(SHADOW_LAZY);
    for (uint32_t slot = 0; slot <= pages / SV32_ENTRIES; slot++)
        write_word(ROOT + 4 * ((VA >> 22) + slot), PTE_MAKE(TABLE >> PAGE_SHIFT, PTE_V));
    for (uint32_t i = 0; i < SV32_ENTRIES; i++)
        set_pte(i, DATA(1), GOOD | RW);
    for (uint32_t i = 0; i < pages; i++)
        fill(i, DATA(1), RW);
    ck_assert_uint_ge(vm.shadow.roots[vm.shadow.current].live, pages);
    fence(NULL);
    ck_assert_uint_eq(vm.shadow.roots[vm.shadow.current].live, 0);
    end();
}
END_TEST

/* ---- Neighbours ---- */

/* _i: the policy; under `flush` they do not. */
START_TEST(neighbours_come_along)
{
    uint32_t group = _i == SHADOW_FLUSH ? 1 : SHADOW_NEIGHBOURS;

    begin((enum shadow_policy)_i);
    for (uint32_t i = 0; i < 2 * SHADOW_NEIGHBOURS; i++) {
        attach(DATA(i));
        set_pte(i, DATA(i), GOOD | RW);
    }
    fill(1, DATA(1), RW);
    for (uint32_t i = 0; i < 2 * SHADOW_NEIGHBOURS; i++)
        ck_assert_int_eq(look(i) != 0, group == 1 ? i == 1 : i < group);
    ck_assert_uint_eq(vm.shadow.fills, 1);
    ck_assert_uint_eq(vm.shadow.prefills, group - 1);
    ck_assert_uint_eq(PTE_LEAF(look(1)), RW);
    end();
}
END_TEST

/* What the neighbour's entry is, and the rights that it may then have before it is needed. */
static const struct {
    uint32_t flags, rights;
} neighbours[] = {
    {GOOD | RW, RW},
    {(GOOD & ~PTE_D) | RW, PTE_R},         /* a store has to set D */
    {(GOOD & ~PTE_A) | RW, 0},             /* any access has to set A */
    {(GOOD & ~(PTE_A | PTE_D)) | RW, 0},   /* both */
    {GOOD | PTE_R | PTE_X, PTE_R | PTE_X}, /* code */
    {(GOOD & ~PTE_U) | RW, 0},             /* the kernel's */
    {(GOOD & ~PTE_V) | RW, 0},             /* none */
    {GOOD | PTE_W, 0},                     /* reserved */
    {PTE_V, 0},                            /* no leaf */
};
#define NEIGHBOUR_KINDS (sizeof neighbours / sizeof neighbours[0])

START_TEST(neighbours_get_what_a_walk_would_give_unchanged)
{
    uint32_t pte = PTE_MAKE(DATA(0) >> PAGE_SHIFT, neighbours[_i].flags);

    begin(SHADOW_LAZY);
    attach(DATA(0));
    set_pte(0, DATA(0), neighbours[_i].flags);
    set_pte(1, DATA(1), GOOD | RW);
    fill(1, DATA(1), RW);
    ck_assert_uint_eq(PTE_LEAF(look(0)), neighbours[_i].rights);
    ck_assert_uint_eq(read_word(TABLE), pte); /* neither A nor D was set */
    end();
}
END_TEST

START_TEST(no_page_is_attached_for_a_neighbour)
{
    begin(SHADOW_LAZY);
    set_pte(0, DATA(0), GOOD | RW);
    set_pte(1, DATA(1), GOOD | RW);
    set_pte(2, 0x10000000, GOOD | RW); /* a device */
    fill(1, DATA(1), RW);
    ck_assert_uint_eq(look(0) | look(2), 0);
    ck_assert_uint_eq(pmap_lookup(&vm.pmap, (struct gpa){DATA(0)}).v, 0);
    end();
}
END_TEST

/* Under `trace` a neighbour is derived from the table like the rest, and no table is writable. */
START_TEST(neighbours_are_watched)
{
    begin(SHADOW_TRACE);
    attach(DATA(0));
    set_pte(0, DATA(0), GOOD | RW);
    set_pte(1, DATA(1), GOOD | RW);
    set_pte(2, TABLE, GOOD | RW);
    fill(1, DATA(1), RW);
    ck_assert_uint_ne(look(0), 0);
    ck_assert_uint_eq(PTE_LEAF(look(2)), PTE_R);
    set_pte(0, DATA(3), GOOD | RW); /* no fence */
    ck_assert_uint_eq(look(0), 0);
    ck_assert_uint_ne(look(1), 0);
    end();
}
END_TEST

/* ---- Tables that do not change ---- */

#define ENTRIES 8u

static struct page *table_info(void)
{
    return allocate_info(&vmm.allocator, pmap_lookup(&vm.pmap, (struct gpa){TABLE}));
}

/* Fences until the table is watched: how many? */
static uint32_t fences_until_watched(void)
{
    uint32_t count = 0;

    while (!table_info()->traced && count < 1u << 20) {
        fence(NULL);
        count++;
    }
    return count;
}

static void begin_watched(void)
{
    begin_filled(ENTRIES);
    ck_assert_uint_eq(fences_until_watched(), SHADOW_STILL_PRICE / ENTRIES);
}

/* Whoever changes it ends that, and then all is compared. */
START_TEST(a_table_is_watched_until_it_changes)
{
    begin_watched();
    attach(DATA(7));
    fence(NULL);
    ck_assert(table_info()->traced);
    ck_assert_uint_eq(vm.shadow.drops, 0);
    spoil((unsigned)_i);
    ck_assert(!table_info()->traced && !table_info()->shadows.v);
    fence(NULL);
    for (uint32_t i = 0; i < ENTRIES; i++)
        ck_assert_int_eq(look(APART(i)) != 0, i != 1);
    end();
}
END_TEST

/* The guest's own stores trap: no entry lets it write there. Each doubles the price. */
START_TEST(a_watched_table_is_not_writable)
{
    struct mpa table;

    begin_filled(ENTRIES - 2);
    set_pte(APART(8), TABLE, GOOD | RW);
    fill(APART(8), TABLE, RW);
    ck_assert_uint_eq(PTE_LEAF(look(APART(8))), RW);
    set_pte(APART(9), TABLE, GOOD | RW);
    table = pmap_lookup(&vm.pmap, (struct gpa){TABLE});
    for (uint32_t price = SHADOW_STILL_PRICE; price <= 4 * SHADOW_STILL_PRICE; price *= 2) {
        uint32_t entries = ENTRIES - 1 + (price != SHADOW_STILL_PRICE);

        ck_assert_uint_eq(fences_until_watched(), (price + entries - 1) / entries);
        ck_assert_uint_eq(PTE_LEAF(look(APART(8))), PTE_R);
        fill(APART(9), TABLE, RW);
        ck_assert_uint_eq(PTE_LEAF(look(APART(9))), PTE_R);
        ck_assert(!watch_store(&vm.shadow, table));
        ck_assert(!table_info()->traced);
        fill(APART(9), TABLE, RW);
        ck_assert_uint_eq(PTE_LEAF(look(APART(9))), RW);
    }
    end();
}
END_TEST

/* What another space has of it is known to agree from the beginning. */
START_TEST(other_spaces_profit)
{
    begin_watched();
    enter(HART_SUPERVISOR, true);
    fill(APART(0), DATA(0), RW);
    fence(NULL);
    ck_assert_uint_ne(look(APART(0)), 0);
    spoil(1);
    fence(NULL);
    enter(HART_USER, false);
    ck_assert_uint_eq(look(APART(1)), 0);
    end();
}
END_TEST

/* An entry of another table, that was in its place for a while, is found. */
START_TEST(a_table_between_is_noticed)
{
    struct shadow_mapping mapping = {.gva = {PAGE(APART(9))}, .rights = RW};

    begin_watched();
    mapping.mpa = attach(DATA(9));
    if (_i)
        mapping.guest_table = attach(SECOND);
    mapping.superpage = !_i;
    ck_assert_uint_eq(shadow_map(&vm.shadow, &mapping), SHADOW_OK);
    fence(NULL);
    ck_assert_uint_eq(look(APART(9)), 0);
    ck_assert_uint_ne(look(APART(0)), 0);
    write_word(ROOT + 4 * (VA >> 22), PTE_MAKE(SECOND >> PAGE_SHIFT, PTE_V));
    fence(NULL);
    ck_assert_uint_eq(look(APART(0)), 0);
    end();
}
END_TEST

/* Nor is one whose entries others make: they would let the guest write. */
START_TEST(none_is_watched_where_others_fill)
{
    begin_filled(ENTRIES);
    vm.shadow.filled_by_others = true;
    for (uint32_t i = 0; i < 2 * SHADOW_STILL_PRICE / ENTRIES; i++)
        fence(NULL);
    ck_assert(!table_info()->traced);
    end();
}
END_TEST

/* A page that goes takes what is known of it along. */
START_TEST(a_watched_table_may_go)
{
    begin_watched();
    memory_give_up(&vm, (struct gpa){TABLE});
    fence(NULL);
    for (uint32_t i = 0; i < ENTRIES; i++)
        ck_assert_uint_eq(look(APART(i)), 0);
    end();
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {what_is_unchanged_is_kept, 1},
        {what_is_kept_where_pages_move, MOVES_PAGED + 1},
        {what_has_changed_goes_alone, SPOILED_WAYS},
        {what_is_new_is_made, NEW_WAYS},
        {a_table_that_is_exchanged_counts, 5},
        {superpages_are_compared_as_a_whole, 1},
        {other_spaces_are_compared_when_entered, 1},
        {the_engine_is_told_when_the_entries_are_gone, 4},
        {clean_pages_stay_clean, 1},
        {large_spaces_are_emptied, 1},
        {neighbours_come_along, SHADOW_POLICIES},
        {neighbours_get_what_a_walk_would_give_unchanged, NEIGHBOUR_KINDS},
        {no_page_is_attached_for_a_neighbour, 1},
        {neighbours_are_watched, 1},
        {a_table_is_watched_until_it_changes, SPOILED_WAYS},
        {a_watched_table_is_not_writable, 1},
        {other_spaces_profit, 1},
        {a_table_between_is_noticed, 2},
        {none_is_watched_where_others_fill, 1},
        {a_watched_table_may_go, 1},
    };

    return LOOPS_RUN("shadow_keep", loops);
}
