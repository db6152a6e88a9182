/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_virtio.c - the transport and the rings, against what Virtual I/O Device 1.2 requires of a
 * device; docs/virtio.md lists the statements with the test of each. A source of random numbers
 * stands for any device. Each type of device is tested in test_virtio_devices.c.
 */
#include "tests/support/driver.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"

#define BUFFER (BOARDS_BASE + 8 * PAGE_SIZE)
#define TABLE (BOARDS_BASE + 10 * PAGE_SIZE)
#define NEEDS_RESET 0x40u
#define EVENT VIRTQ_F_EVENT
#define VERSION_1 (1ull << 32)

static struct boards b;
static struct driver d;

static void fit(bool legacy)
{
    const struct virtio_config config = {.device = VIRTIO_RNG, .legacy = legacy, .seed = 42};

    boards_init(&b, "");
    board_fit(&b.board, 3, &config);
}

static void start(uint64_t wanted)
{
    fit(false);
    driver_start(&d, &b, 3, wanted | VERSION_1, 1);
}

static uint32_t status(void)
{
    return driver_load(&d, D_STATUS, 4);
}

/* One writable descriptor, offered; was it used? */
static bool fills(uint32_t len)
{
    uint32_t head, written;

    driver_descriptor(&d, 0, 0, BUFFER, len, WRITE, 0);
    driver_offer(&d, 0, 0, true);
    return driver_got(&d, 0, &head, &written) && head == 0 && written == len;
}

START_TEST(identity)
{
    fit(false);
    d = (struct driver){.boards = &b, .slot = 3};
    ck_assert_uint_eq(driver_load(&d, 0, 4), 0x74726976);
    ck_assert_uint_eq(driver_load(&d, 4, 4), 2);
    ck_assert_uint_eq(driver_load(&d, 8, 4), 4);
    ck_assert_uint_eq(driver_load(&d, 12, 4), 0x554d4551);
    ck_assert_uint_eq(status(), 0);
    ck_assert_uint_eq(driver_load(&d, 0, 2), 0); /* registers are words */
    fit(true);
    ck_assert_uint_eq(driver_load(&d, 4, 4), 1);
    d.slot = 7; /* empty */
    ck_assert_uint_eq(driver_load(&d, 0, 4), 0x74726976);
    for (uint32_t at = 8; at < BOARD_VIRTIO_STRIDE; at += 4)
        ck_assert_uint_eq(driver_load(&d, at, 4), at == 12 ? 0x554d4551 : 0);
    driver_store(&d, D_STATUS, 1);
    ck_assert_uint_eq(status(), 0);
}
END_TEST

START_TEST(features_are_negotiated)
{
    start(EVENT);
    ck_assert_uint_eq(status(), 15);
    ck_assert(b.board.slots[3].features == (EVENT | VERSION_1));
    driver_store(&d, D_DRIVER_FEATURES_SEL, 0);
    driver_store(&d, D_DRIVER_FEATURES, 0); /* too late */
    ck_assert(b.board.slots[3].features == (EVENT | VERSION_1));
    driver_store(&d, D_DEVICE_FEATURES_SEL, 2);
    ck_assert_uint_eq(driver_load(&d, D_DEVICE_FEATURES, 4), 0);
    driver_store(&d, D_STATUS, 0);
    ck_assert_uint_eq(status(), 0);
    driver_store(&d, D_STATUS, 3);
    driver_store(&d, D_DRIVER_FEATURES_SEL, 0);
    driver_store(&d, D_DRIVER_FEATURES, 1); /* not offered */
    driver_store(&d, D_STATUS, 3 | 8);
    ck_assert_uint_eq(status(), 3);
    driver_store(&d, D_DRIVER_FEATURES, 0);
    driver_store(&d, D_STATUS, 3 | 8);
    ck_assert_uint_eq(status(), 11);
}
END_TEST

START_TEST(queues_are_set_up)
{
    fit(false);
    d = (struct driver){.boards = &b, .slot = 3};
    driver_store(&d, D_QUEUE_SEL, 0);
    ck_assert_uint_eq(driver_load(&d, D_QUEUE_MAX, 4), 256);
    driver_store(&d, D_QUEUE_SEL, 1); /* it has but one */
    ck_assert_uint_eq(driver_load(&d, D_QUEUE_MAX, 4), 0);
    driver_store(&d, D_QUEUE_READY, 1);
    ck_assert_uint_eq(driver_load(&d, D_QUEUE_READY, 4), 0);
    start(0);
    ck_assert_uint_eq(driver_load(&d, D_QUEUE_READY, 4), 1);
    driver_store(&d, D_DESC, 0x1000); /* in use: it stays where it is */
    ck_assert(fills(16));
    driver_store(&d, D_QUEUE_READY, 0);
    ck_assert_uint_eq(driver_load(&d, D_QUEUE_READY, 4), 0);
    ck_assert(!fills(16));
    ck_assert_uint_eq(driver_load(&d, 0xb0, 4), 0xffffffff); /* no shared memory */
}
END_TEST

static void set_up(uint32_t size, uint64_t desc, uint64_t avail, uint64_t used)
{
    start(0);
    driver_store(&d, D_QUEUE_READY, 0);
    driver_store(&d, D_QUEUE_NUM, size);
    driver_store(&d, D_DESC, (uint32_t)desc);
    driver_store(&d, D_DESC + 4, (uint32_t)(desc >> 32));
    driver_store(&d, D_AVAIL, (uint32_t)avail);
    driver_store(&d, D_USED, (uint32_t)used);
    driver_store(&d, D_QUEUE_READY, 1);
}

START_TEST(queues_that_cannot_be)
{
    const uint64_t desc = driver_desc(0), avail = driver_avail(0), used = driver_used(0);
    const struct {
        uint32_t size;
        uint64_t desc, avail, used;
    } wrong[] = {
        {0, desc, avail, used},
        {3, desc, avail, used},
        {512, desc, avail, used},
        {65536, desc, avail, used},
        {8, desc + 8, avail, used},
        {8, desc, avail + 1, used},
        {8, desc, avail, used + 2},
        {8, desc, desc + 64, used},
        {8, desc, avail, avail + 20},
        {8, desc, avail, desc},
        {8, UINT64_MAX - 15, avail, used},
    };

    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        set_up(wrong[i].size, wrong[i].desc, wrong[i].avail, wrong[i].used);
        ck_assert_msg(status() & NEEDS_RESET, "queue %u is accepted", i);
        ck_assert(!fills(16));
    }
    set_up(8, desc, avail, used);
    ck_assert(fills(16));
}
END_TEST

/* Not before DRIVER_OK, and what was made available by then is served at once. */
START_TEST(nothing_before_driver_ok)
{
    uint32_t head, written;

    start(0);
    driver_store(&d, D_STATUS, 11);
    driver_descriptor(&d, 0, 0, BUFFER, 8, WRITE, 0);
    driver_offer(&d, 0, 0, true);
    ck_assert(!driver_got(&d, 0, &head, &written));
    driver_store(&d, D_STATUS, 15);
    ck_assert(driver_got(&d, 0, &head, &written));
}
END_TEST

START_TEST(legacy_layout)
{
    fit(true);
    driver_start(&d, &b, 3, 0, 1);
    ck_assert_uint_eq(driver_load(&d, D_QUEUE_PFN, 4), BOARDS_BASE / PAGE_SIZE);
    ck_assert(fills(100));
    ck_assert_uint_eq(driver_load(&d, D_QUEUE_READY, 4), 0); /* is no register */
    driver_store(&d, D_QUEUE_PFN, 0);
    ck_assert(!fills(100));
    driver_store(&d, D_QUEUE_ALIGN, 3);
    driver_store(&d, D_QUEUE_PFN, BOARDS_BASE / PAGE_SIZE);
    ck_assert(!fills(100));
    ck_assert_uint_eq(status() & NEEDS_RESET, 0); /* which legacy does not know */
    memset(b.ram, 0, 2 * PAGE_SIZE);
    driver_start(&d, &b, 3, 0, 1);
    ck_assert(fills(100));
}
END_TEST

/* A driver that sets neither page size nor alignment: the page's number is an address. */
START_TEST(legacy_defaults)
{
    fit(true);
    d = (struct driver){.boards = &b, .slot = 3, .legacy = true};
    driver_store(&d, D_STATUS, 3);
    driver_store(&d, D_QUEUE_NUM, DRIVER_SIZE);
    driver_store(&d, D_QUEUE_ALIGN, 0);
    driver_store(&d, D_QUEUE_PFN, BOARDS_BASE);
    driver_store(&d, D_STATUS, 7);
    ck_assert_uint_eq(driver_load(&d, D_QUEUE_PFN, 4), BOARDS_BASE);
    ck_assert(fills(100));
    driver_store(&d, D_PAGE_SIZE, 0);
    ck_assert_uint_eq(driver_load(&d, D_QUEUE_PFN, 4), BOARDS_BASE);
}
END_TEST

/* As Linux: the page size is named once, and the device reset after that. */
START_TEST(legacy_page_size_outlives_a_reset)
{
    fit(true);
    d = (struct driver){.boards = &b, .slot = 3, .legacy = true};
    driver_store(&d, D_PAGE_SIZE, PAGE_SIZE);
    driver_store(&d, D_STATUS, 0);
    driver_store(&d, D_STATUS, 3);
    driver_store(&d, D_QUEUE_NUM, DRIVER_SIZE);
    driver_store(&d, D_QUEUE_ALIGN, PAGE_SIZE);
    driver_store(&d, D_QUEUE_PFN, BOARDS_BASE / PAGE_SIZE);
    driver_store(&d, D_STATUS, 7);
    ck_assert_uint_eq(driver_load(&d, D_QUEUE_PFN, 4), BOARDS_BASE / PAGE_SIZE);
    ck_assert(fills(100));
}
END_TEST

START_TEST(interrupts_until_acknowledged)
{
    start(0);
    ck_assert_uint_eq(driver_load(&d, D_INTERRUPT, 4), 0);
    ck_assert(fills(1));
    ck_assert_uint_eq(driver_load(&d, D_INTERRUPT, 4), 1);
    ck_assert(b.board.plic.level[0] == 1u << 4);
    driver_store(&d, D_ACK, 2);
    ck_assert_uint_eq(driver_load(&d, D_INTERRUPT, 4), 1);
    driver_store(&d, D_ACK, 1);
    ck_assert_uint_eq(driver_load(&d, D_INTERRUPT, 4), 0);
    ck_assert(b.board.plic.level[0] == 0);
}
END_TEST

static void avail_flags(uint16_t flags)
{
    driver_poke(&d, driver_avail(0), &flags, sizeof flags);
}

START_TEST(interrupts_can_be_declined)
{
    start(0);
    avail_flags(1);
    ck_assert(fills(1));
    ck_assert_uint_eq(driver_load(&d, D_INTERRUPT, 4), 0);
    avail_flags(0);
    ck_assert(fills(1));
    ck_assert_uint_eq(driver_load(&d, D_INTERRUPT, 4), 1);
}
END_TEST

static void used_event(uint16_t event)
{
    driver_poke(&d, driver_avail(0) + 4 + 2 * DRIVER_SIZE, &event, sizeof event);
}

static uint16_t avail_event(void)
{
    uint16_t event;

    driver_peek(&d, driver_used(0) + 4 + 8 * DRIVER_SIZE, &event, sizeof event);
    return event;
}

/* For each distance: exactly the chain that passes the event interrupts; the index wraps too. */
START_TEST(event_index)
{
    start(EVENT);
    avail_flags(1); /* has no meaning then */
    ck_assert(fills(1));
    driver_store(&d, D_ACK, 1);
    for (unsigned i = 1; i < 66000; i += i % 7 ? 1 : 37) {
        while (d.made[0] != (uint16_t)i) {
            used_event((uint16_t)(d.made[0] - 1));
            ck_assert(fills(1));
        }
        driver_store(&d, D_ACK, 1);
        used_event((uint16_t)(i + 1));
        ck_assert(fills(1));
        ck_assert_uint_eq(driver_load(&d, D_INTERRUPT, 4), 0);
        ck_assert(fills(1));
        ck_assert_uint_eq(driver_load(&d, D_INTERRUPT, 4), 1);
        ck_assert_uint_eq(avail_event(), d.made[0]);
        i += 2;
    }
}
END_TEST

START_TEST(several_at_once_interrupt_once)
{
    uint32_t head, written;

    start(0);
    for (uint16_t i = 0; i < DRIVER_SIZE; i++) {
        driver_descriptor(&d, 0, i, BUFFER + 16 * i, 16, WRITE, 0);
        driver_offer(&d, 0, i, i == DRIVER_SIZE - 1);
    }
    for (unsigned i = 0; i < DRIVER_SIZE; i++) {
        ck_assert(driver_got(&d, 0, &head, &written)); /* in their order */
        ck_assert_uint_eq(head, i);
        ck_assert_uint_eq(written, 16);
    }
}
END_TEST

static void table_entry(unsigned i, uint64_t pa, uint32_t len, uint16_t flags, uint16_t next)
{
    const uint32_t words[] = {(uint32_t)pa, (uint32_t)(pa >> 32), len,
                              flags | (uint32_t)next << 16};

    driver_poke(&d, TABLE + 16 * i, words, sizeof words);
}

static bool offered_is_used(uint32_t *written)
{
    uint32_t head;

    driver_offer(&d, 0, 0, true);
    return driver_got(&d, 0, &head, written) && head == 0;
}

START_TEST(indirect_tables)
{
    uint32_t written;

    start(VIRTQ_F_INDIRECT);
    table_entry(0, BUFFER, 10, WRITE | NEXT, 2);
    table_entry(2, BUFFER + 10, 20, WRITE | NEXT, 1);
    table_entry(1, BUFFER + 30, 5, WRITE, 0);
    driver_descriptor(&d, 0, 0, TABLE, 48, INDIRECT, 0);
    ck_assert(offered_is_used(&written));
    ck_assert_uint_eq(written, 35);
    /* Behind direct ones, too. */
    driver_descriptor(&d, 0, 0, BUFFER, 7, WRITE | NEXT, 1);
    driver_descriptor(&d, 0, 1, TABLE, 48, INDIRECT, 0);
    ck_assert(offered_is_used(&written));
    ck_assert_uint_eq(written, 42);
    /* WRITE means nothing on the descriptor of a table. */
    driver_descriptor(&d, 0, 0, TABLE, 48, INDIRECT | WRITE, 0);
    ck_assert(offered_is_used(&written));
}
END_TEST

static bool breaks(void)
{
    uint32_t written;
    bool used = offered_is_used(&written);

    return !used && (status() & NEEDS_RESET) && driver_load(&d, D_INTERRUPT, 4) == 2;
}

/* Everything that a driver must not do to a chain: the device is broken, and told so. */
START_TEST(broken_chains)
{
    start(0);
    driver_descriptor(&d, 0, 0, BUFFER, 4, WRITE | NEXT, 0); /* loop on itself */
    ck_assert(breaks());
    start(0);
    driver_descriptor(&d, 0, 0, BUFFER, 4, WRITE | NEXT, 1);
    driver_descriptor(&d, 0, 1, BUFFER, 4, WRITE | NEXT, 0); /* loop of two */
    ck_assert(breaks());
    start(0);
    driver_descriptor(&d, 0, 0, BUFFER, 4, WRITE | NEXT, DRIVER_SIZE); /* out of the table */
    ck_assert(breaks());
    start(0);
    driver_descriptor(&d, 0, 0, BUFFER, 4, WRITE | NEXT, 1);
    driver_descriptor(&d, 0, 1, BUFFER, 4, 0, 0); /* to be read, after one to be written */
    ck_assert(breaks());
    start(0);
    driver_descriptor(&d, 0, 0, BOARDS_BASE + BOARDS_RAM - 4, 5, WRITE, 0); /* no RAM */
    ck_assert(breaks());
    start(0);
    driver_descriptor(&d, 0, 0, UINT64_MAX - 3, 8, WRITE, 0);
    ck_assert(breaks());
    start(0);
    driver_descriptor(&d, 0, 0, BOARD_UART_BASE, 8, WRITE, 0); /* a device is no memory */
    ck_assert(breaks());
    start(0);
    driver_descriptor(&d, 0, 0, BUFFER, UINT32_MAX, WRITE, 0);
    ck_assert(breaks());
    start(0);
    driver_descriptor(&d, 0, 0, TABLE, 16, INDIRECT, 0); /* not agreed upon */
    table_entry(0, BUFFER, 4, WRITE, 0);
    ck_assert(breaks());
}
END_TEST

static void start_indirect(uint32_t len, uint16_t flags)
{
    start(VIRTQ_F_INDIRECT);
    driver_descriptor(&d, 0, 0, TABLE, len, INDIRECT | flags, 1);
    table_entry(0, BUFFER, 4, WRITE, 0);
    driver_descriptor(&d, 0, 1, BUFFER, 4, WRITE, 0);
}

START_TEST(broken_tables)
{
    start_indirect(16, NEXT); /* both */
    ck_assert(breaks());
    start_indirect(0, 0);
    ck_assert(breaks());
    start_indirect(17, 0);
    ck_assert(breaks());
    start_indirect(16, 0);
    table_entry(0, BUFFER, 4, WRITE | NEXT, 1); /* out of it */
    ck_assert(breaks());
    start_indirect(32, 0);
    table_entry(0, BUFFER, 4, WRITE | NEXT, 1);
    table_entry(1, BUFFER, 4, WRITE | NEXT, 0); /* a loop */
    ck_assert(breaks());
    start_indirect(16, 0);
    table_entry(0, TABLE, 16, INDIRECT, 0); /* one within another */
    ck_assert(breaks());
    start_indirect(16, 0);
    driver_descriptor(&d, 0, 0, BOARDS_BASE + BOARDS_RAM, 16, INDIRECT, 0); /* no RAM */
    ck_assert(breaks());
}
END_TEST

/* An index that has run away; rings that are no RAM. After a reset all is well again. */
START_TEST(broken_rings)
{
    uint16_t index = DRIVER_SIZE + 1;
    uint32_t written;

    start(0);
    driver_poke(&d, driver_avail(0) + 2, &index, 2);
    driver_store(&d, D_NOTIFY, 0);
    ck_assert(status() & NEEDS_RESET);
    ck_assert(!offered_is_used(&written));
    driver_store(&d, D_STATUS, 0);
    ck_assert_uint_eq(status(), 0);
    ck_assert_uint_eq(driver_load(&d, D_INTERRUPT, 4), 0);
    memset(b.ram, 0, 2 * PAGE_SIZE);
    driver_start(&d, &b, 3, VERSION_1, 1);
    ck_assert(fills(9));
    set_up(8, driver_desc(0), driver_avail(0), 0x40000000);
    ck_assert(!fills(9));
    ck_assert(status() & NEEDS_RESET);
    set_up(8, driver_desc(0), 0x40000000, driver_used(0));
    driver_store(&d, D_NOTIFY, 0);
    ck_assert(status() & NEEDS_RESET);
    set_up(8, 0x40000000, driver_avail(0), driver_used(0));
    driver_offer(&d, 0, 0, true);
    ck_assert(status() & NEEDS_RESET);
}
END_TEST

/* The device's own writes hit the rings: it goes on no longer than the queue is long. */
START_TEST(buffers_over_the_rings)
{
    struct rng rng = rng_new(rng_seed(3));

    for (unsigned i = 0; i < 300; i++) {
        start(VIRTQ_F_INDIRECT);
        for (uint16_t k = 0; k < DRIVER_SIZE; k++) {
            driver_descriptor(&d, 0, k, driver_desc(0) + rng_below(&rng, 2 * PAGE_SIZE - 600),
                              rng_below(&rng, 600), WRITE | (rng_next(&rng) & NEXT),
                              (uint16_t)rng_below(&rng, DRIVER_SIZE));
            driver_offer(&d, 0, k, rng_one_in(&rng, 2));
        }
    }
}
END_TEST

/* The same seed gives the same bytes, whatever is reset on the way; another gives others. */
START_TEST(state_is_saved_by_name)
{
    static struct boards other;
    struct state_part part, copy;
    uint8_t one[64], two[64];

    start(EVENT);
    ck_assert(fills(64));
    boards_init(&other, "");
    board_fit(&other.board, 3, &b.board.slots[3].config);
    memcpy(other.ram, b.ram, sizeof b.ram);
    for (unsigned i = 0; board_part(&b.board, i, &part); i++) {
        ck_assert(board_part(&other.board, i, &copy));
        for (const struct state_field *field = part.fields; field->name; field++)
            for (unsigned k = 0; k < field->count; k++)
                state_set(copy.at, field, k, state_get(part.at, field, k));
    }
    board_restored(&other.board);
    ck_assert_mem_eq(&other.board.slots, &b.board.slots, sizeof b.board.slots);
    ck_assert(fills(64));
    driver_peek(&d, BUFFER, one, sizeof one);
    d.boards = &other;
    d.made[0]--;
    d.seen[0]--;
    ck_assert(fills(64));
    driver_peek(&d, BUFFER, two, sizeof two);
    ck_assert_mem_eq(one, two, sizeof one);
}
END_TEST

SUITE_MAIN("virtio", identity, features_are_negotiated, queues_are_set_up,
           queues_that_cannot_be, nothing_before_driver_ok, legacy_layout, legacy_defaults,
           legacy_page_size_outlives_a_reset, interrupts_until_acknowledged,
           interrupts_can_be_declined, event_index, several_at_once_interrupt_once,
           indirect_tables, broken_chains, broken_tables, broken_rings, buffers_over_the_rings,
           state_is_saved_by_name)
