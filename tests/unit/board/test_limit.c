/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_limit.c - limits of disks and networks: so much is carried in a second of the machine's
 * time, what is beyond it waits in its queue, and is done at the instruction at which it may be.
 */
#include "tests/support/driver.h"
#include "tests/support/suite.h"

#define BUFFER (BOARDS_BASE + 8 * PAGE_SIZE)
#define STATUS_AT (BOARDS_BASE + 15 * PAGE_SIZE)
#define VERSION_1 (1ull << 32)
#define SECTORS 16u
#define HZ BOARD_TIMEBASE_HZ
#define SAVED BOARD_LOOK_TICKS /* what one that was idle may have saved up */

static struct boards b;
static struct driver d;
static unsigned requests, frames;

static bool disk_request(void *owner, unsigned slot, const struct board_disk_request *request)
{
    (void)owner, (void)slot, (void)request;
    requests++;
    return true;
}

static void wire_out(void *owner, unsigned slot, const uint8_t *frame, uint32_t len)
{
    (void)owner, (void)slot, (void)frame, (void)len;
    frames++;
}

/* There is always one more. */
static uint32_t wire_in(void *owner, unsigned slot, uint8_t *frame)
{
    (void)owner, (void)slot;
    frames++;
    memset(frame, 0, 1000);
    return 1000;
}

static void start(enum virtio_id device, enum limit_kind kind, uint64_t bytes, uint64_t ops)
{
    struct virtio_config config = {.device = (uint8_t)device, .sectors = SECTORS};

    requests = frames = 0;
    boards_init(&b, "");
    b.hart.retired = HZ; /* it has been idle for long */
    b.board.host.disks = (struct board_disks){disk_request, NULL};
    b.board.host.net = (struct board_net){wire_out, wire_in, NULL};
    board_fit(&b.board, 0, &config);
    limit_set(&b.board.limits[kind], bytes, ops);
    driver_start(&d, &b, 0, VERSION_1, device == VIRTIO_NET ? 2 : 1);
}

/* `count` reads of a sector, with one notification: 16 + 512 + 1 bytes each. */
static void read_sectors(unsigned count)
{
    const uint32_t header[4] = {0};

    driver_poke(&d, STATUS_AT - 16, header, sizeof header);
    driver_descriptor(&d, 0, 0, STATUS_AT - 16, 16, NEXT, 1);
    driver_descriptor(&d, 0, 1, BUFFER, 512, NEXT | WRITE, 2);
    driver_descriptor(&d, 0, 2, STATUS_AT, 1, WRITE, 0);
    for (unsigned i = 0; i < count; i++)
        driver_offer(&d, 0, 0, i + 1 == count);
}

/* Where devices want attention, one after the other: what `seen` is there, until so much later. */
static unsigned run(uint64_t ticks, const unsigned *seen)
{
    uint64_t end = hart_time(&b.hart) + ticks;

    while (b.board.next < end) {
        if (b.board.next > hart_time(&b.hart))
            b.hart.retired += b.board.next - hart_time(&b.hart);
        board_advance(&b.board, hart_time(&b.hart));
    }
    b.hart.retired += end - hart_time(&b.hart);
    return *seen;
}

START_TEST(requests_wait_their_time)
{
    uint32_t head, written;

    start(VIRTIO_BLOCK, LIMIT_DISK, 0, 100);
    read_sectors(4);
    ck_assert_uint_eq(requests, 1); /* it costs a hundredth of a second, less what was saved */
    ck_assert(driver_got(&d, 0, &head, &written));
    ck_assert_uint_eq(board_device_budget(&b.board, &b.hart), HZ / 100 - SAVED);
    ck_assert_uint_eq(run(HZ / 100 - SAVED, &requests), 1);
    driver_store(&d, D_ACK, 1);
    ck_assert_uint_eq(requests, 2);
    ck_assert_uint_eq(driver_load(&d, D_INTERRUPT, 4), 1); /* the driver is told of it */
    ck_assert_uint_eq(run(HZ, &requests), 4);
    ck_assert_uint_eq(b.board.next, BOARD_NEVER);
    read_sectors(1);
    ck_assert_uint_eq(requests, 5);
}
END_TEST

START_TEST(bytes_have_a_rate)
{
    start(VIRTIO_BLOCK, LIMIT_DISK, 529 * 10, 0);
    for (unsigned second = 0; second < 3; second++) {
        read_sectors(8);
        ck_assert_uint_le(run(HZ / 2, &requests), 6 + second * 8);
        ck_assert_uint_ge(requests, 5 + second * 8);
        ck_assert_uint_eq(run(HZ / 2, &requests), 8 * (second + 1));
    }
}
END_TEST

/* Whatever the request's size: none waits for ever. */
START_TEST(the_lowest_rate_still_moves)
{
    start(VIRTIO_BLOCK, LIMIT_DISK, 1, 1);
    read_sectors(2);
    ck_assert_uint_eq(requests, 1);
    ck_assert_uint_eq(run(529ull * HZ - SAVED, &requests), 1);
    ck_assert_uint_eq(run(2, &requests), 2);
}
END_TEST

START_TEST(no_limit_is_none)
{
    start(VIRTIO_BLOCK, LIMIT_NET, 1, 1);
    read_sectors(8);
    ck_assert_uint_eq(requests, 8);
    ck_assert_uint_eq(b.board.next, BOARD_NEVER);
}
END_TEST

/* Another rate holds at once; a reset forgets what waits. */
START_TEST(limits_change)
{
    start(VIRTIO_BLOCK, LIMIT_DISK, 0, 1);
    read_sectors(8);
    ck_assert_uint_eq(requests, 1);
    limit_set(&b.board.limits[LIMIT_DISK], 0, 0);
    b.board.next = 0;
    board_advance(&b.board, hart_time(&b.hart));
    ck_assert_uint_eq(requests, 8);
    start(VIRTIO_BLOCK, LIMIT_DISK, 0, 1);
    read_sectors(8);
    driver_store(&d, D_STATUS, 0);
    ck_assert_uint_eq(run(20ull * HZ, &requests), 1);
}
END_TEST

START_TEST(frames_out)
{
    start(VIRTIO_NET, LIMIT_NET, 0, 10);
    driver_descriptor(&d, 1, 0, BUFFER, 12 + 60, 0, 0);
    for (unsigned i = 0; i < 8; i++)
        driver_offer(&d, 1, 0, i == 7);
    ck_assert_uint_eq(frames, 1);
    ck_assert_uint_eq(run(HZ / 2, &frames), 6);
    ck_assert_uint_eq(run(HZ / 2, &frames), 8);
}
END_TEST

/* They stay with the host meanwhile. Several may come at one look. */
START_TEST(frames_in)
{
    start(VIRTIO_NET, LIMIT_NET, 4000, 0);
    driver_descriptor(&d, 0, 0, BUFFER, 12 + BOARD_FRAME_MOST, WRITE, 0);
    for (unsigned i = 0; i < 8; i++)
        driver_offer(&d, 0, 0, i == 7);
    ck_assert_uint_eq(frames, 1);
    ck_assert_uint_le(run(HZ, &frames), 5);
    ck_assert_uint_ge(frames, 4);
    start(VIRTIO_NET, LIMIT_NET, 4000000, 0);
    driver_descriptor(&d, 0, 0, BUFFER, 12 + BOARD_FRAME_MOST, WRITE, 0);
    for (unsigned i = 0; i < 8; i++)
        driver_offer(&d, 0, 0, i == 7);
    ck_assert_uint_ge(frames, 4); /* in a look's time */
}
END_TEST

START_TEST(what_could_be_a_limit)
{
    const struct limit good = {.bytes = LIMIT_MOST, .ops = 1, .bytes_at = 1ull << 60};
    const struct limit bad[] = {{.bytes = LIMIT_MOST + 1ull}, {.ops_at = UINT64_MAX}};

    ck_assert(limit_is_legal(&good));
    ck_assert(!limit_is_legal(&bad[0]));
    ck_assert(!limit_is_legal(&bad[1]));
}
END_TEST

SUITE_MAIN("limits", requests_wait_their_time, bytes_have_a_rate, the_lowest_rate_still_moves,
           no_limit_is_none, limits_change, frames_out, frames_in, what_could_be_a_limit)
