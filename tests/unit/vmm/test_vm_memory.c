/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_vm_memory.c - pages of guests that come and go: shared, broken by a write, given up, paged
 * out and back. Random sequences of all that are compared with a model, in which each VM has memory
 * of its own; and what happens when there is no memory at all. Guests that run are in
 * agree/test_sharing.c.
 */
#include "tests/support/random.h"
#include "tests/support/store.h"
#include "tests/support/stub_engine.h"
#include "tests/support/suite.h"
#include "vmm/dirty.h"
#include "vmm/memory.h"
#include "vmm/paging.h"
#include "vmm/share.h"
#include "vmm/tax.h"

#define MACHINE (1u << 20)
#define RAM (512u << 10) /* of each VM: four of them are twice the machine */
#define PAGES (RAM / PAGE_SIZE)
#define BASE 0x80000000u
#define VMS STORE_VMS

static struct stub stub;
static struct vmm vmm;
static struct vm vms[VMS];
static struct store store;

static struct gpa gpa_of(uint32_t page)
{
    return (struct gpa){BASE + (uint64_t)page * PAGE_SIZE};
}

static void add(unsigned k)
{
    const struct vm_config config = {.ram_base = BASE,
                                     .ram_size = RAM,
                                     .shares = 100,
                                     .limit = UINT64_MAX,
                                     .shadow_tables = SHADOW_TABLES_LEAST};

    ck_assert(vmm_add(&vmm, &vms[k], &config));
}

static void begin(unsigned count)
{
    const struct vmm_host host = {0};

    stub_init(&stub, MACHINE);
    ck_assert(vmm_init(&vmm, &stub.engine, &host));
    ck_assert(share_init(&vmm, 1000000, 0));
    for (unsigned k = 0; k < count; k++)
        add(k);
}

static void end(void)
{
    for (unsigned k = 0; k < VMS; k++)
        if (k < vmm.vm_count && vmm.vms[k])
            vmm_remove(&vmm, &vms[k]);
    store_check(&vmm);
    ck_assert_uint_eq(vmm.share.refs, 0);
    stub_fini(&stub);
}

static void fill(unsigned k, uint32_t page, uint8_t byte)
{
    uint8_t bytes[PAGE_SIZE];

    memset(bytes, byte, sizeof bytes);
    ck_assert(vm_write(&vms[k], gpa_of(page), bytes, sizeof bytes));
}

static bool holds(unsigned k, uint32_t page, uint8_t byte)
{
    uint8_t bytes[PAGE_SIZE];

    return vm_read(&vms[k], gpa_of(page), bytes, sizeof bytes) && bytes[0] == byte &&
           !memcmp(bytes, bytes + 1, sizeof bytes - 1);
}

static struct mpa place(unsigned k, uint32_t page)
{
    return pmap_lookup(&vms[k].pmap, gpa_of(page));
}

static void offer(unsigned k, uint32_t page)
{
    share_range(&vms[k], gpa_of(page), PAGE_SIZE);
}

/* ---- Sharing ---- */

START_TEST(equal_pages_become_one)
{
    uint32_t used;

    begin(2);
    fill(0, 3, 7);
    fill(1, 5, 7);
    used = vmm.allocator.used;
    offer(0, 3);
    offer(1, 5);
    ck_assert_uint_eq(place(0, 3).v, place(1, 5).v);
    ck_assert_uint_eq(vmm.allocator.used, used - 1);
    ck_assert_uint_eq(share_saved(&vmm.share), 1);
    ck_assert_uint_eq(share_count(&vms[0]), 1);
    ck_assert(holds(0, 3, 7) && holds(1, 5, 7));
    ck_assert_uint_eq(place(0, 3).v, place(1, 5).v); /* reading changes nothing */
    store_check(&vmm);
    end();
}
END_TEST

/* By whichever of both, as a device's or the monitor's; and the last one keeps the page. */
START_TEST(a_write_is_the_writers_alone)
{
    for (unsigned writer = 0; writer < 2; writer++) {
        struct mpa shared;

        begin(2);
        fill(0, 3, 7);
        fill(1, 3, 7);
        offer(0, 3);
        offer(1, 3);
        shared = place(0, 3);
        ck_assert(vm_write(&vms[writer], gpa_of(3), "\x08", 1));
        ck_assert(holds(!writer, 3, 7));
        ck_assert(!holds(writer, 3, 7));
        ck_assert_uint_eq(place(!writer, 3).v, shared.v);
        ck_assert_uint_ne(place(writer, 3).v, shared.v);
        fill(!writer, 3, 9);
        ck_assert_uint_eq(place(!writer, 3).v, shared.v);
        ck_assert_uint_eq(vmm.share.refs, 0);
        ck_assert_uint_eq(vmm.share.broken, 2);
        store_check(&vmm);
        end();
    }
}
END_TEST

/* Then it can be watched. The other one keeps the page that was shared. */
START_TEST(a_hot_table_is_the_vms_own)
{
    struct mpa shared;

    begin(2);
    fill(0, 3, 7);
    fill(1, 3, 7);
    offer(0, 3);
    offer(1, 3);
    shared = place(0, 3);
    vms[0].shadow.hot_shared = (uint32_t)(gpa_of(3).v >> PAGE_SHIFT);
    share_own_table(&vms[0]);
    ck_assert_uint_ne(place(0, 3).v, shared.v);
    ck_assert_uint_eq(place(1, 3).v, shared.v);
    ck_assert(holds(0, 3, 7) && holds(1, 3, 7));
    shared = place(0, 3);
    share_own_table(&vms[0]); /* it was asked for once */
    ck_assert_uint_eq(place(0, 3).v, shared.v);
    store_check(&vmm);
    end();
}
END_TEST

/*
 * What changes from look to look is not shared; what does not change is, at the second look; and
 * after a write at the fourth, then the eighth.
 */
START_TEST(scans_leave_busy_pages_alone)
{
    begin(2);
    for (uint8_t i = 1; i <= 14; i++) {
        fill(0, 3, i);
        fill(1, 3, i);
        if (i == 1 || i == 3 || i == 7) {
            fill(0, 4, 99);
            fill(1, 4, 99);
        }
        share_scan(&vmm, PAGES * PAGES);
        ck_assert_uint_eq(place(0, 4).v == place(1, 4).v, i == 2 || i == 6 || i == 14);
        ck_assert_uint_ne(place(0, 3).v, place(1, 3).v);
        store_check(&vmm);
    }
    end();
}
END_TEST

START_TEST(as_many_looks_as_instructions_pay_for)
{
    begin(1);
    for (uint32_t i = 0; i < 100; i++)
        fill(0, i, (uint8_t)i);
    vmm.share.next = place(0, 0).v >> PAGE_SHIFT; /* the others follow */
    share_scan(&vmm, 10);
    ck_assert_uint_eq(vmm.share.looked, 10);
    vmm.share.rate = 500000;
    share_scan(&vmm, 1);
    ck_assert_uint_eq(vmm.share.looked, 10);
    share_scan(&vmm, 1);
    ck_assert_uint_eq(vmm.share.looked, 11);
    share_scan(&vmm, 1u << 30); /* no more than there are */
    ck_assert_uint_le(vmm.share.looked, 11 + vmm.allocator.fresh);
    end();
}
END_TEST

/* One page has so many users at most: then there is a second one. */
START_TEST(zero_pages_are_shared_in_bounds)
{
    begin(2);
    for (unsigned k = 0; k < 2; k++)
        for (uint32_t page = 0; page < 100; page++) {
            fill(k, page, 0);
            offer(k, page);
        }
    store_check(&vmm);
    ck_assert_uint_eq(vmm.share.pages, (200 + SHARE_REFS_MOST - 1) / SHARE_REFS_MOST);
    ck_assert_uint_eq(vmm.share.refs, 200);
    end();
}
END_TEST

/* As if the guest were about to write. */
static enum pmap_result ask_to_write(unsigned k, uint32_t page)
{
    struct mpa mpa;

    return memory_translate(&vms[k], gpa_of(page), true, &mpa);
}

/* A page that becomes the writer's own, or is given up, is dirty; looking and sharing are not. */
START_TEST(moves_that_change_bytes_are_dirty)
{
    uint64_t bits[PAGES / 64], taken[PAGES / 64] = {0};

    begin(2);
    fill(0, 3, 7);
    fill(1, 3, 7);
    fill(0, 5, 8);
    dirty_start(&vms[0], bits);
    (void)dirty_take(&vms[0], taken);
    offer(0, 3);
    offer(1, 3);
    ck_assert(holds(0, 3, 7) && holds(0, 5, 8));
    ck_assert_uint_eq(dirty_take(&vms[0], taken), 0);
    memory_give_up(&vms[0], gpa_of(5));
    ck_assert_uint_eq(bits[0], 1u << 5);
    ck_assert_uint_eq(ask_to_write(0, 3), PMAP_OK);
    ck_assert_uint_eq(bits[0], 1u << 3 | 1u << 5);
    dirty_stop(&vms[0]);
    end();
}
END_TEST

static bool nothing_there(void *owner, struct pmap *pmap, struct gpa page, uint8_t *bytes)
{
    (void)owner, (void)pmap, (void)page, (void)bytes;
    return true;
}

static void note_forgotten(void *owner, struct pmap *pmap, struct gpa page)
{
    (void)pmap;
    *(uint64_t *)owner = page.v;
}

/* What a page was does not come back, if it was still elsewhere. */
START_TEST(what_is_given_up_is_forgotten_at_its_source)
{
    uint64_t forgotten = 0;
    const struct pmap_source source = {
        .fill = nothing_there, .forget = note_forgotten, .owner = &forgotten};

    begin(1);
    vms[0].pmap.source = &source;
    memory_give_up(&vms[0], gpa_of(9));
    ck_assert_uint_eq(forgotten, gpa_of(9).v);
    vms[0].pmap.source = NULL;
    end();
}
END_TEST

/* Watched page tables are not shared. */
START_TEST(watched_tables_are_left_alone)
{
    begin(2);
    fill(0, 3, 7);
    fill(1, 3, 7);
    allocate_info(&vmm.allocator, place(0, 3))->traced = true;
    offer(0, 3);
    offer(1, 3);
    ck_assert_uint_eq(vmm.share.pages, 0);
    allocate_info(&vmm.allocator, place(0, 3))->traced = false;
    end();
}
END_TEST

START_TEST(who_leaves_takes_nothing_along)
{
    begin(3);
    for (unsigned k = 0; k < 3; k++) {
        fill(k, 3, 7);
        offer(k, 3);
    }
    vmm_remove(&vmm, &vms[0]);
    store_check(&vmm);
    ck_assert(holds(1, 3, 7) && holds(2, 3, 7));
    vmm_remove(&vmm, &vms[1]);
    ck_assert_uint_eq(vmm.share.pages, 1);
    fill(2, 3, 8);
    ck_assert_uint_eq(vmm.share.pages, 0);
    add(0);
    ck_assert(holds(0, 3, 0));
    end();
}
END_TEST

/*
 * Nothing is left of it, whichever pages it had; and they are found without a search of the others'
 * records: a page that is the VM's by its record only stays.
 */
START_TEST(who_leaves_is_not_searched_for)
{
    struct allocator *allocator = &vmm.allocator;
    struct mpa stray;
    uint32_t used, set_aside;

    begin(3);
    used = allocator->used;
    set_aside = allocator->reserved;
    vmm_remove(&vmm, &vms[0]);
    add(0);
    ck_assert_uint_eq(allocator->used, used);
    for (unsigned k = 0; k < 3; k++)
        for (uint32_t page = 0; page < PAGES / 4; page++)
            fill(k, page, (uint8_t)(page % 3 + 1));
    for (unsigned k = 0; k < 2; k++)
        for (uint32_t page = 0; page < 9; page++)
            offer(k, page);
    ck_assert(allocate_page(allocator, vms[0].id, PAGE_GUEST, &stray));
    for (unsigned k = 0; k < 3; k++) {
        vmm_remove(&vmm, &vms[k]);
        ck_assert_uint_eq(allocate_count(allocator, vms[k].id, PAGE_KINDS), k == 0);
        ck_assert_uint_eq(allocate_count(allocator, vms[k].id, PAGE_RESERVED), 0);
    }
    ck_assert_uint_eq(allocator->reserved, set_aside);
    allocate_free(allocator, stray);
    for (unsigned k = 0; k < 3; k++)
        add(k);
    ck_assert_uint_eq(allocator->used, used);
    end();
}
END_TEST

/* A break takes a page that another VM had. Of its bytes nothing can be read: all are new. */
START_TEST(a_break_leaves_nothing_of_who_had_the_page)
{
    struct mpa had;

    begin(3);
    for (unsigned k = 0; k < 2; k++) {
        fill(k, 3, 7);
        offer(k, 3);
    }
    fill(2, 5, 0x5a);
    had = place(2, 5);
    memory_give_up(&vms[2], gpa_of(5));
    ck_assert(vm_write(&vms[0], gpa_of(3), "\x08", 1));
    ck_assert_uint_eq(place(0, 3).v, had.v);
    ck_assert(vm_write(&vms[0], gpa_of(3), "\x07", 1));
    ck_assert(holds(0, 3, 7) && holds(1, 3, 7));
    end();
}
END_TEST

/* Without a store: who needs a page that is not there is stopped, the others go on. */
START_TEST(no_memory_for_a_break)
{
    struct mpa mpa;

    begin(2);
    fill(0, 3, 7);
    fill(1, 3, 7);
    offer(0, 3);
    offer(1, 3);
    while (allocate_page(&vmm.allocator, 99, PAGE_PMAP, &mpa))
        ;
    ck_assert(!vm_write(&vms[0], gpa_of(3), "x", 1));
    ck_assert_uint_eq(vms[0].end, VM_NO_MEMORY);
    ck_assert(vm_alive(&vms[1]));
    ck_assert(holds(1, 3, 7) && holds(0, 3, 7));
    vmm_remove(&vmm, &vms[0]);
    fill(1, 3, 8); /* the last needs no other page */
    ck_assert(holds(1, 3, 8));
    allocate_reclaim(&vmm.allocator, 99);
    end();
}
END_TEST

/* ---- Paging ---- */

/* Once the monitor has asked for enough others. */
static void send_away(unsigned k, uint32_t page)
{
    for (unsigned times = 0; times < 2; times++)
        for (uint32_t other = PAGES / 2; other < PAGES; other++)
            (void)holds(k, other, 0);
    store_squeeze(&vmm, PAGES / 4);
    ck_assert(pmap_is_away(&vms[k].pmap, gpa_of(page)));
}

START_TEST(more_memory_than_there_is)
{
    begin(VMS);
    store_init(&store, &vmm);
    for (uint32_t page = 0; page < PAGES; page++)
        for (unsigned k = 0; k < VMS; k++)
            fill(k, page, (uint8_t)(1 + k + page));
    ck_assert_uint_gt(vmm.paging.out, VMS * PAGES / 2);
    for (unsigned k = 0; k < VMS; k++)
        for (uint32_t page = 0; page < PAGES; page++)
            ck_assert(holds(k, page, (uint8_t)(1 + k + page)));
    for (unsigned k = 0; k < VMS; k++)
        ck_assert(vm_alive(&vms[k]));
    store_check(&vmm);
    end();
    store_free(&store);
}
END_TEST

/* Memory that was another's: of what one has written, nothing is in a page given to another. */
START_TEST(secrets_stay_secret)
{
    begin(2);
    store_init(&store, &vmm);
    for (unsigned round = 0; round < 3; round++) {
        for (uint32_t page = 0; page < PAGES; page++)
            fill(0, page, 0x5e);
        store_squeeze(&vmm, 64);
        for (uint32_t page = 0; page < PAGES; page++)
            ck_assert(holds(1, page, 0));
        for (uint32_t page = 0; page < PAGES; page++)
            memory_give_up(&vms[round & 1], gpa_of(page));
        for (uint32_t page = 0; page < PAGES; page++)
            ck_assert(holds(round & 1, page, 0));
        store_check(&vmm);
    }
    end();
    store_free(&store);
}
END_TEST

/* Zero pages need no store; and looking at one that is away does not bring it back. */
START_TEST(looking_changes_nothing)
{
    begin(1);
    store_init(&store, &vmm);
    fill(0, 3, 7);
    fill(0, 4, 0);
    fill(0, 5, 1);
    send_away(0, 3);
    ck_assert(!pmap_is_away(&vms[0].pmap, gpa_of(4)));
    ck_assert_uint_eq(memory_look(&vms[0], gpa_of(3))[9], 7);
    ck_assert_ptr_null(memory_look(&vms[0], gpa_of(PAGES)));
    ck_assert(pmap_is_away(&vms[0].pmap, gpa_of(3)));
    ck_assert(holds(0, 4, 0) && holds(0, 3, 7));
    end();
    store_free(&store);
}
END_TEST

/* The host's file is full, or broken: the VM that needs the page is stopped. */
START_TEST(a_store_that_fails)
{
    begin(2);
    store_init(&store, &vmm);
    fill(1, 0, 9);
    for (uint32_t page = 0; page < PAGES; page++)
        fill(0, page, 7);
    send_away(0, 0);
    store.writes_left = 0;
    for (uint32_t page = 0; page < PAGES && vm_alive(&vms[1]); page++)
        (void)!vm_write(&vms[1], gpa_of(page), "x", 1);
    store_check(&vmm);
    store.lost = true;
    ck_assert(!vm_write(&vms[0], gpa_of(0), "x", 1));
    ck_assert_uint_eq(vms[0].end, VM_NO_MEMORY);
    ck_assert(pmap_is_away(&vms[0].pmap, gpa_of(0)));
    end();
    store_free(&store);
}
END_TEST

/* A part of a page is cleared, whichever kind of page it is. */
START_TEST(parts_of_pages_are_cleared)
{
    uint8_t bytes[PAGE_SIZE];

    begin(2);
    store_init(&store, &vmm);
    for (unsigned k = 0; k < 2; k++)
        for (uint32_t page = 0; page < 8; page++)
            fill(k, page, 7);
    offer(0, 3);
    offer(1, 3);
    send_away(0, 5);
    vms[0].board.clear(&vms[0].board, gpa_of(3).v + 100, 3 * PAGE_SIZE);
    for (uint32_t page = 3; page < 7; page++) {
        ck_assert(vm_read(&vms[0], gpa_of(page), bytes, sizeof bytes));
        ck_assert_uint_eq(bytes[99], page == 3 ? 7 : 0);
        ck_assert_uint_eq(bytes[100], page == 6 ? 7 : 0);
        ck_assert_uint_eq(bytes[PAGE_SIZE - 1], page == 6 ? 7 : 0);
    }
    ck_assert(holds(1, 3, 7) && holds(0, 2, 7) && holds(0, 7, 7));
    store_check(&vmm);
    end();
    store_free(&store);
}
END_TEST

/* ---- All at random, against a model ---- */

static uint8_t model[VMS][PAGES]; /* a page holds one byte, all over */

static void change(struct rng *rng)
{
    unsigned k = rng_below(rng, VMS);
    uint32_t page = rng_below(rng, PAGES);

    if (rng_one_in(rng, 4)) {
        memory_give_up(&vms[k], gpa_of(page));
        model[k][page] = 0;
        return;
    }
    model[k][page] = (uint8_t)rng_below(rng, 4);
    fill(k, page, model[k][page]);
}

static void replace(unsigned k)
{
    vmm_remove(&vmm, &vms[k]);
    store_check(&vmm);
    add(k);
    memset(model[k], 0, sizeof model[k]);
}

static void step(struct rng *rng)
{
    unsigned k = rng_below(rng, VMS);
    uint32_t page = rng_below(rng, PAGES);

    switch (rng_below(rng, 40)) {
    case 0: share_range(&vms[k], gpa_of(page), PAGES / 4 * PAGE_SIZE); break;
    case 1: share_scan(&vmm, rng_below(rng, PAGES)); break;
    case 2: store_squeeze(&vmm, rng_below(rng, 64)); break;
    case 3: store_check(&vmm); break;
    case 4:
        if (rng_one_in(rng, 20))
            replace(k);
        break;
    case 5:
        vms[k].board.clear(&vms[k].board, gpa_of(page).v, PAGE_SIZE);
        model[k][page] = 0;
        break;
    case 6: ck_assert(holds(k, page, model[k][page])); break;
    default: change(rng);
    }
}

START_TEST(as_if_each_had_its_own)
{
    struct rng rng = rng_new(rng_seed(1));

    memset(model, 0, sizeof model);
    begin(VMS);
    store_init(&store, &vmm);
    for (unsigned i = 0; i < 20000; i++)
        step(&rng);
    for (unsigned k = 0; k < VMS; k++)
        for (uint32_t page = 0; page < PAGES; page++)
            ck_assert(holds(k, page, model[k][page]));
    ck_assert_uint_gt(vmm.share.merged, 1000);
    ck_assert_uint_gt(vmm.share.broken, 1000);
    ck_assert_uint_gt(vmm.paging.in, 500);
    end();
    store_free(&store);
}
END_TEST

/* ---- Whose page goes: Waldspurger 2002, figure 7: two VMs, one of which is idle ---- */

START_TEST(idle_memory_is_taxed)
{
    const struct tax_claim alike[] = {{100, 100, 50}, {100, 101, 51}};
    const struct tax_claim idle[] = {{100, 100, 100}, {100, 100, 0}};
    const struct tax_claim paid[] = {{100, 100, 0}, {399, 100, 0}, {401, 100, 100}};
    const struct tax_claim none[] = {{100, 0, 0}, {1, 0, 0}};

    ck_assert_uint_eq(tax_next(alike, 2, TAX_RATE_DEFAULT), 1);
    ck_assert_uint_eq(tax_next(idle, 2, 0), 0); /* pure shares: the first of equals */
    ck_assert_uint_eq(tax_next(idle, 2, TAX_RATE_DEFAULT), 1);
    ck_assert_uint_eq(tax_next(paid, 3, TAX_RATE_DEFAULT), 0);
    ck_assert_uint_eq(tax_next(none, 2, TAX_RATE_DEFAULT), TAX_NOBODY);
    ck_assert_uint_eq(tax_next(NULL, 0, TAX_RATE_DEFAULT), TAX_NOBODY);
}
END_TEST

/* With 75 percent an idle page counts for four: that is where the idle VM stops losing. */
static uint32_t wanted_of(unsigned k)
{
    uint32_t wanted = 0, given;

    ck_assert(board_balloon(&vms[k].board, &wanted, &given));
    return wanted;
}

/* Memory gets short: who pays least is asked first, then another; later they have it back. */
START_TEST(balloons_come_before_paging)
{
    const struct virtio_config balloon = {.device = VIRTIO_BALLOON, .pages = 3};
    uint32_t before;

    begin(3);
    store_init(&store, &vmm);
    for (unsigned k = 0; k < 3; k++)
        if (k != 1)
            board_fit(&vms[k].board, 0, &balloon);
    vms[0].config.shares = 1000;
    paging_balance(&vmm); /* there is plenty, and nobody has more than at first */
    ck_assert_uint_eq(wanted_of(0) + wanted_of(2), 6);
    for (uint32_t page = 0; vmm.allocator.count - vmm.allocator.used > 2; page++)
        fill(page % 3, page / 3, (uint8_t)(page + 1));
    before = vmm.allocator.used;
    vms[2].board.slots[0].actual = 3; /* its driver has done as it was told... */
    paging_balance(&vmm);
    ck_assert_uint_gt(wanted_of(2), 3);
    ck_assert_uint_eq(wanted_of(0), 3);
    paging_balance(&vmm); /* ...but not this time, and VM 0's never has */
    ck_assert_uint_eq(wanted_of(0), 3);
    vms[0].board.slots[0].actual = 3;
    paging_balance(&vmm);
    ck_assert_uint_gt(wanted_of(0), 3);
    ck_assert_uint_eq(vmm.allocator.used, before);
    ck_assert_uint_eq(vmm.paging.out, 0);
    vmm_remove(&vmm, &vms[1]);
    for (unsigned i = 0; i < 8; i++)
        paging_balance(&vmm);
    ck_assert_uint_eq(wanted_of(0) + wanted_of(2), 6);
    end();
}
END_TEST

START_TEST(a_quarter_of_idle_memory_is_kept)
{
    struct tax_claim claims[] = {{100, 400, 400}, {100, 100, 0}};

    ck_assert_uint_eq(tax_next(claims, 2, 75), 0);
    claims[1].pages++;
    ck_assert_uint_eq(tax_next(claims, 2, 75), 1);
}
END_TEST

SUITE_MAIN("vm_memory", equal_pages_become_one, a_write_is_the_writers_alone,
           a_hot_table_is_the_vms_own, scans_leave_busy_pages_alone,
           as_many_looks_as_instructions_pay_for, zero_pages_are_shared_in_bounds,
           moves_that_change_bytes_are_dirty, what_is_given_up_is_forgotten_at_its_source,
           watched_tables_are_left_alone, who_leaves_takes_nothing_along,
           who_leaves_is_not_searched_for, a_break_leaves_nothing_of_who_had_the_page,
           no_memory_for_a_break, more_memory_than_there_is, secrets_stay_secret,
           looking_changes_nothing, parts_of_pages_are_cleared, a_store_that_fails,
           as_if_each_had_its_own, idle_memory_is_taxed, balloons_come_before_paging,
           a_quarter_of_idle_memory_is_kept)
