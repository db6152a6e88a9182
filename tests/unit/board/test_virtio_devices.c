/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_virtio_devices.c - block, network, console and random numbers against chapter 5 of Virtual
 * I/O Device 1.2 (docs/virtio.md), with a disk and a wire of the test's own.
 */
#include "tests/support/driver.h"
#include "tests/support/suite.h"

#define BUFFER (BOARDS_BASE + 8 * PAGE_SIZE)
#define STATUS_AT (BOARDS_BASE + 15 * PAGE_SIZE)
#define SECTORS 16u
#define VERSION_1 (1ull << 32)
#define F_RO (1u << 5)
#define F_FLUSH (1u << 9)

enum { IN = 0, OUT = 1, FLUSH = 4, GET_ID = 8, DISCARD = 11, WRITE_ZEROES = 13 };
enum { OK = 0, IOERR = 1, UNSUPP = 2 };

static struct boards b;
static struct driver d;

/* ---- A disk ---- */

static struct {
    uint8_t bytes[SECTORS * 512];
    unsigned calls, flushes, throughs;
    enum board_disk_op last;
    bool fails;
} disk;

static void move(uint8_t *at, const struct virtq_buffer *buffer, bool write)
{
    if (write)
        memcpy(at, buffer->bytes, buffer->len);
    else
        memcpy(buffer->bytes, at, buffer->len);
}

static bool disk_request(void *owner, unsigned slot, const struct board_disk_request *request)
{
    uint64_t at = request->offset, sum = 0;

    ck_assert_ptr_eq(owner, &disk);
    ck_assert_uint_eq(slot, 0);
    ck_assert_uint_le(request->offset + request->len, sizeof disk.bytes);
    disk.calls++;
    disk.last = request->op;
    disk.throughs += request->through;
    disk.flushes += request->op == BOARD_DISK_FLUSH;
    if (disk.fails)
        return false;
    for (unsigned i = 0; i < request->count; i++, sum += request->buffers[i - 1].len) {
        move(disk.bytes + at, &request->buffers[i], request->op == BOARD_DISK_WRITE);
        at += request->buffers[i].len;
    }
    if (request->count)
        ck_assert_uint_eq(sum, request->len);
    if (request->op == BOARD_DISK_ZERO)
        memset(disk.bytes + request->offset, 0, request->len);
    return true;
}

static void start_disk(bool legacy, bool read_only, uint64_t wanted)
{
    struct virtio_config config = {.device = VIRTIO_BLOCK,
                                   .legacy = legacy,
                                   .read_only = read_only,
                                   .sectors = SECTORS,
                                   .serial = "exactly twenty bytes"};

    memset(&disk, 0, sizeof disk);
    for (unsigned i = 0; i < sizeof disk.bytes; i++)
        disk.bytes[i] = (uint8_t)(i / 512 + i);
    boards_init(&b, "");
    b.board.host.disks = (struct board_disks){disk_request, &disk};
    board_fit(&b.board, 0, &config);
    driver_start(&d, &b, 0, wanted | VERSION_1, 1);
}

/* The usual chain: header, data, status. What the status says; 0xff: it was not used. */
static unsigned request(uint32_t type, uint64_t sector, uint32_t len, uint32_t *written)
{
    const uint32_t header[] = {type, 0, (uint32_t)sector, (uint32_t)(sector >> 32)};
    uint8_t status = 0xff;
    bool in = type == IN || type == GET_ID;
    uint32_t head, got;

    driver_poke(&d, STATUS_AT - 16, header, sizeof header);
    driver_poke(&d, STATUS_AT, &status, 1);
    driver_descriptor(&d, 0, 0, STATUS_AT - 16, 16, NEXT, len ? 1 : 2);
    driver_descriptor(&d, 0, 1, BUFFER, len, NEXT | (in ? WRITE : 0), 2);
    driver_descriptor(&d, 0, 2, STATUS_AT, 1, WRITE, 0);
    driver_offer(&d, 0, 0, true);
    if (!driver_got(&d, 0, &head, &got))
        return 0xff;
    if (written)
        *written = got;
    driver_peek(&d, STATUS_AT, &status, 1);
    return status;
}

static void block_reads_and_writes(bool legacy)
{
    uint8_t bytes[1024];
    uint32_t written;

    start_disk(legacy, false, F_FLUSH);
    ck_assert_uint_eq(request(IN, 3, 1024, &written), OK);
    ck_assert_uint_eq(written, 1025);
    driver_peek(&d, BUFFER, bytes, sizeof bytes);
    ck_assert_mem_eq(bytes, disk.bytes + 3 * 512, sizeof bytes);
    memset(bytes, 0xa5, sizeof bytes);
    driver_poke(&d, BUFFER, bytes, sizeof bytes);
    ck_assert_uint_eq(request(OUT, 14, 1024, &written), OK);
    ck_assert_uint_eq(written, 1);
    ck_assert_mem_eq(bytes, disk.bytes + 14 * 512, sizeof bytes);
    ck_assert_uint_eq(disk.throughs, 0);
    ck_assert_uint_eq(request(FLUSH, 0, 0, NULL), OK);
    ck_assert_uint_eq(disk.flushes, 1);
}

START_TEST(block_modern)
{
    block_reads_and_writes(false);
}
END_TEST

START_TEST(block_legacy)
{
    block_reads_and_writes(true);
}
END_TEST

START_TEST(block_configuration)
{
    start_disk(false, false, 0);
    ck_assert_uint_eq(driver_load(&d, D_CONFIG, 4), SECTORS);
    ck_assert_uint_eq(driver_load(&d, D_CONFIG + 4, 4), 0);
    ck_assert_uint_eq(driver_load(&d, D_CONFIG, 1), SECTORS);
    ck_assert_uint_eq(driver_load(&d, D_CONFIG + 12, 4), 254); /* seg_max */
    ck_assert_uint_eq(driver_load(&d, D_CONFIG + 20, 4), 512); /* blk_size */
    ck_assert_uint_eq(driver_load(&d, D_CONFIG + 36, 4), 1u << 22);
    ck_assert_uint_eq(driver_load(&d, D_CONFIG + 0xefc, 4), 0);
    driver_store(&d, D_CONFIG, 99);
    ck_assert_uint_eq(driver_load(&d, D_CONFIG, 4), SECTORS);
}
END_TEST

/* Without F_FLUSH there is no cache: each write lasts before it is given back (5.2.6.2). */
START_TEST(block_writes_through)
{
    start_disk(false, false, 0);
    ck_assert_uint_eq(request(OUT, 0, 512, NULL), OK);
    ck_assert_uint_eq(disk.throughs, 1);
}
END_TEST

START_TEST(block_bounds)
{
    start_disk(false, false, 0);
    ck_assert_uint_eq(request(IN, SECTORS - 1, 512, NULL), OK);
    ck_assert_uint_eq(request(IN, SECTORS - 1, 1024, NULL), IOERR);
    ck_assert_uint_eq(request(IN, SECTORS, 512, NULL), IOERR);
    ck_assert_uint_eq(request(OUT, SECTORS, 512, NULL), IOERR);
    ck_assert_uint_eq(request(IN, UINT64_MAX, 512, NULL), IOERR);
    ck_assert_uint_eq(request(IN, UINT64_MAX / 512 + 1, 512, NULL), IOERR);
    ck_assert_uint_eq(request(OUT, 0, 511, NULL), IOERR);
    ck_assert_uint_eq(disk.calls, 1);
    ck_assert_uint_eq(request(IN, 0, 0, NULL), OK);
}
END_TEST

START_TEST(block_host_failures)
{
    uint32_t written;

    start_disk(false, false, F_FLUSH);
    disk.fails = true;
    ck_assert_uint_eq(request(IN, 0, 512, &written), IOERR);
    ck_assert_uint_eq(written, 0); /* of the data nothing is known */
    ck_assert_uint_eq(request(OUT, 0, 512, NULL), IOERR);
    ck_assert_uint_eq(request(FLUSH, 0, 0, NULL), IOERR);
    disk.fails = false;
    ck_assert_uint_eq(request(OUT, 0, 512, NULL), OK);
    b.board.host.disks = (struct board_disks){0};
    ck_assert_uint_eq(request(IN, 0, 512, NULL), IOERR);
}
END_TEST

START_TEST(block_read_only)
{
    const uint32_t range[] = {0, 0, 1, 0};

    start_disk(false, true, 0);
    driver_store(&d, D_DEVICE_FEATURES_SEL, 0);
    ck_assert(driver_load(&d, D_DEVICE_FEATURES, 4) & F_RO);
    ck_assert_uint_eq(request(IN, 0, 512, NULL), OK);
    ck_assert_uint_eq(request(OUT, 0, 512, NULL), IOERR);
    driver_poke(&d, BUFFER, range, sizeof range);
    ck_assert_uint_eq(request(DISCARD, 0, 16, NULL), IOERR);
    ck_assert_uint_eq(request(WRITE_ZEROES, 0, 16, NULL), IOERR);
    ck_assert_uint_eq(disk.calls, 1);
}
END_TEST

START_TEST(block_identity)
{
    char text[21] = "";
    uint32_t written;

    start_disk(false, false, 0);
    ck_assert_uint_eq(request(GET_ID, 0, 20, &written), OK);
    ck_assert_uint_eq(written, 21);
    driver_peek(&d, BUFFER, text, 20);
    ck_assert_str_eq(text, "exactly twenty bytes");
    ck_assert_uint_eq(request(GET_ID, 0, 7, &written), OK);
    ck_assert_uint_eq(written, 8);
    ck_assert_uint_eq(request(GET_ID, 0, 100, &written), OK);
    ck_assert_uint_eq(written, 20);
}
END_TEST

static unsigned range_request(uint32_t type, uint64_t sector, uint32_t sectors, uint32_t flags)
{
    const uint32_t range[] = {(uint32_t)sector, (uint32_t)(sector >> 32), sectors, flags};

    driver_poke(&d, BUFFER, range, sizeof range);
    return request(type, 0, sizeof range, NULL);
}

START_TEST(block_ranges)
{
    start_disk(false, false, 0);
    ck_assert_uint_eq(range_request(WRITE_ZEROES, 2, 3, 1), OK);
    ck_assert_uint_eq(disk.last, BOARD_DISK_ZERO);
    ck_assert_uint_eq(disk.bytes[2 * 512] | disk.bytes[5 * 512 - 1], 0);
    ck_assert_uint_eq(range_request(DISCARD, 2, 3, 0), OK);
    ck_assert_uint_eq(disk.last, BOARD_DISK_DISCARD);
    ck_assert_uint_eq(range_request(DISCARD, 2, 3, 1), UNSUPP);
    ck_assert_uint_eq(range_request(WRITE_ZEROES, 2, 3, 2), UNSUPP);
    ck_assert_uint_eq(range_request(WRITE_ZEROES, SECTORS, 1, 0), IOERR);
    ck_assert_uint_eq(range_request(WRITE_ZEROES, 0, UINT32_MAX, 0), IOERR);
    ck_assert_uint_eq(range_request(DISCARD, UINT64_MAX, 1, 0), IOERR);
    ck_assert_uint_eq(request(DISCARD, 0, 15, NULL), UNSUPP);
    ck_assert_uint_eq(request(DISCARD, 0, 32, NULL), UNSUPP);
    ck_assert_uint_eq(request(99, 0, 0, NULL), UNSUPP);
}
END_TEST

/* The framing is the driver's (2.7.4.1): header and data in any pieces, the status after data. */
START_TEST(block_any_layout)
{
    const uint32_t header[] = {IN, 0, 5, 0};
    uint32_t head, written;
    uint8_t got[513];

    start_disk(false, false, 0);
    driver_poke(&d, STATUS_AT, header, sizeof header);
    driver_descriptor(&d, 0, 0, STATUS_AT, 3, NEXT, 1);
    driver_descriptor(&d, 0, 1, STATUS_AT + 3, 13, NEXT, 2);
    driver_descriptor(&d, 0, 2, BUFFER, 100, NEXT | WRITE, 3);
    driver_descriptor(&d, 0, 3, BUFFER + 100, 0, NEXT | WRITE, 4);
    driver_descriptor(&d, 0, 4, BUFFER + 100, 413, WRITE, 0);
    driver_offer(&d, 0, 0, true);
    ck_assert(driver_got(&d, 0, &head, &written));
    ck_assert_uint_eq(written, 513);
    driver_peek(&d, BUFFER, got, sizeof got);
    ck_assert_mem_eq(got, disk.bytes + 5 * 512, 512);
    ck_assert_uint_eq(got[512], OK);
}
END_TEST

/* Across pages, in as many pieces as a chain can have: the bytes arrive in order. */
START_TEST(block_many_pieces)
{
    enum { TABLE = BOARDS_BASE + 4 * PAGE_SIZE };
    const uint32_t header[] = {IN, 0, 0, 0};
    uint32_t head, written;

    start_disk(false, false, VIRTQ_F_INDIRECT);
    driver_poke(&d, STATUS_AT, header, sizeof header);
    for (uint32_t i = 0; i < 18; i++) {
        uint64_t pa = i == 0 ? STATUS_AT : BUFFER + 600 * i + (i == 17) * 512;
        uint32_t words[] = {(uint32_t)pa, 0,
                            i == 0    ? 16
                            : i == 17 ? 1
                                      : 512,
                            (i ? WRITE : 0) | (i < 17 ? NEXT : 0) | (i + 1) << 16};

        driver_poke(&d, TABLE + 16 * i, words, sizeof words);
    }
    driver_descriptor(&d, 0, 0, TABLE, 16 * 18, INDIRECT, 0);
    driver_offer(&d, 0, 0, true);
    ck_assert(driver_got(&d, 0, &head, &written));
    ck_assert_uint_eq(written, 16 * 512 + 1);
    for (uint32_t i = 1; i < 17; i++)
        ck_assert_mem_eq(b.ram + (BUFFER - BOARDS_BASE) + 600 * i, disk.bytes + 512 * (i - 1),
                         512);
}
END_TEST

START_TEST(block_without_header_or_status)
{
    start_disk(false, false, 0);
    driver_descriptor(&d, 0, 0, BUFFER, 15, NEXT, 1);
    driver_descriptor(&d, 0, 1, STATUS_AT, 1, WRITE, 0);
    driver_offer(&d, 0, 0, true);
    ck_assert(driver_load(&d, D_STATUS, 4) & 0x40);
    start_disk(false, false, 0);
    driver_descriptor(&d, 0, 0, BUFFER, 16, 0, 0);
    driver_offer(&d, 0, 0, true);
    ck_assert(driver_load(&d, D_STATUS, 4) & 0x40);
    ck_assert_uint_eq(disk.calls, 0);
}
END_TEST

/* ---- A wire ---- */

static struct {
    uint8_t sent[2048], coming[2048];
    uint32_t sent_len, coming_len;
    unsigned asked;
} wire;

static void wire_out(void *owner, unsigned slot, const uint8_t *frame, uint32_t len)
{
    (void)owner, (void)slot;
    memcpy(wire.sent, frame, len);
    wire.sent_len = len;
}

static uint32_t wire_in(void *owner, unsigned slot, uint8_t *frame)
{
    uint32_t len = wire.coming_len;

    (void)owner, (void)slot;
    wire.asked++;
    memcpy(frame, wire.coming, len);
    wire.coming_len = 0;
    return len;
}

static void start_net(bool legacy)
{
    struct virtio_config config = {
        .device = VIRTIO_NET, .legacy = legacy, .mac = {0x52, 0x54, 0, 1, 2, 3}};

    memset(&wire, 0, sizeof wire);
    boards_init(&b, "");
    b.board.host.net = (struct board_net){wire_out, wire_in, NULL};
    board_fit(&b.board, 2, &config);
    driver_start(&d, &b, 2, VERSION_1, 2);
}

static void net_sends(bool legacy, uint32_t header)
{
    uint32_t head, written;

    start_net(legacy);
    driver_poke(&d, BUFFER + header, "a frame", 7);
    driver_descriptor(&d, 1, 0, BUFFER, header + 7, 0, 0);
    driver_offer(&d, 1, 0, true);
    ck_assert(driver_got(&d, 1, &head, &written));
    ck_assert_uint_eq(written, 0);
    ck_assert_uint_eq(wire.sent_len, 7);
    ck_assert_mem_eq(wire.sent, "a frame", 7);
    wire.sent_len = 0;
    driver_descriptor(&d, 1, 0, BUFFER, header + BOARD_FRAME_MOST + 1, 0, 0); /* too long */
    driver_offer(&d, 1, 0, true);
    driver_descriptor(&d, 1, 0, BUFFER, header, 0, 0); /* nothing */
    driver_offer(&d, 1, 0, true);
    ck_assert(driver_got(&d, 1, &head, &written));
    ck_assert_uint_eq(wire.sent_len, 0);
}

START_TEST(net_transmits)
{
    net_sends(false, 12);
    net_sends(true, 10);
}
END_TEST

START_TEST(net_configuration)
{
    start_net(false);
    ck_assert_uint_eq(driver_load(&d, D_CONFIG, 1), 0x52);
    ck_assert_uint_eq(driver_load(&d, D_CONFIG + 4, 4), 0x00010302); /* and the link is up */
}
END_TEST

static void net_receives(bool legacy, uint32_t header)
{
    uint32_t head, written;
    uint8_t bytes[64];

    start_net(legacy);
    memcpy(wire.coming, "from the wire", 13);
    wire.coming_len = 13;
    b.hart.retired += 10 * BOARD_LOOK_TICKS;
    board_advance(&b.board, hart_time(&b.hart));
    ck_assert_uint_eq(wire.asked, 0); /* nowhere to put it */
    driver_descriptor(&d, 0, 0, BUFFER, header + BOARD_FRAME_MOST, WRITE, 0);
    driver_offer(&d, 0, 0, true);
    ck_assert(driver_got(&d, 0, &head, &written));
    ck_assert_uint_eq(written, header + 13);
    driver_peek(&d, BUFFER, bytes, sizeof bytes);
    ck_assert_mem_eq(bytes + header, "from the wire", 13);
    if (!legacy)
        ck_assert_uint_eq(bytes[10], 1);
    ck_assert_uint_eq(driver_load(&d, D_INTERRUPT, 4), 1);
    driver_offer(&d, 0, 0, true);
    ck_assert_uint_eq(board_budget(&b.board, &b.hart), BOARD_LOOK_TICKS);
    memcpy(wire.coming, "x", 1);
    wire.coming_len = 1;
    b.hart.retired += BOARD_LOOK_TICKS - 1;
    board_advance(&b.board, hart_time(&b.hart));
    ck_assert(!driver_got(&d, 0, &head, &written));
    b.hart.retired++;
    board_advance(&b.board, hart_time(&b.hart));
    ck_assert(driver_got(&d, 0, &head, &written));
}

START_TEST(net_receives_when_it_may)
{
    net_receives(false, 12);
    net_receives(true, 10);
}
END_TEST

/* A frame larger than its buffer is lost; the buffer is there for the next. */
START_TEST(net_small_buffer)
{
    uint32_t head, written;

    start_net(false);
    wire.coming_len = 100;
    driver_descriptor(&d, 0, 0, BUFFER, 111, WRITE, 0);
    driver_offer(&d, 0, 0, true);
    ck_assert(!driver_got(&d, 0, &head, &written));
    wire.coming_len = 99;
    b.hart.retired += BOARD_LOOK_TICKS;
    board_advance(&b.board, hart_time(&b.hart));
    ck_assert(driver_got(&d, 0, &head, &written));
    ck_assert_uint_eq(written, 111);
}
END_TEST

/* ---- Console and random numbers ---- */

START_TEST(console_both_ways)
{
    struct virtio_config config = {.device = VIRTIO_CONSOLE};
    uint32_t head, written;
    uint8_t typed[8];

    boards_init(&b, "typed");
    board_fit(&b.board, 0, &config);
    driver_start(&d, &b, 0, VERSION_1, 2);
    ck_assert_uint_eq(b.in_calls, 0);
    driver_poke(&d, BUFFER, "out", 3);
    driver_descriptor(&d, 1, 0, BUFFER, 3, 0, 0);
    driver_offer(&d, 1, 0, true);
    ck_assert(driver_got(&d, 1, &head, &written));
    ck_assert_mem_eq(b.out, "out", 3);
    driver_descriptor(&d, 0, 0, BUFFER, 3, WRITE, 0);
    driver_offer(&d, 0, 0, true);
    ck_assert(driver_got(&d, 0, &head, &written));
    ck_assert_uint_eq(written, 3);
    driver_peek(&d, BUFFER, typed, 3);
    ck_assert_mem_eq(typed, "typ", 3);
    driver_descriptor(&d, 0, 0, BUFFER, 8, WRITE, 0);
    driver_offer(&d, 0, 0, true);
    b.hart.retired += BOARD_LOOK_TICKS;
    board_advance(&b.board, hart_time(&b.hart));
    ck_assert(driver_got(&d, 0, &head, &written));
    ck_assert_uint_eq(written, 2);
    driver_peek(&d, BUFFER, typed, 2);
    ck_assert_mem_eq(typed, "ed", 2);
}
END_TEST

static void random_bytes(uint64_t seed, bool reset, uint8_t *bytes)
{
    struct virtio_config config = {.device = VIRTIO_RNG, .seed = seed};
    uint32_t head, written;

    boards_init(&b, "");
    board_fit(&b.board, 0, &config);
    driver_start(&d, &b, 0, VERSION_1, 1);
    for (unsigned i = 0; i < 2; i++) {
        driver_descriptor(&d, 0, 0, BUFFER, 300, WRITE, 0);
        driver_offer(&d, 0, 0, true);
        ck_assert(driver_got(&d, 0, &head, &written));
        ck_assert_uint_eq(written, 300);
        driver_peek(&d, BUFFER, bytes + 300 * i, 300);
        if (reset) {
            memset(b.ram, 0, 2 * PAGE_SIZE);
            driver_start(&d, &b, 0, VERSION_1, 1);
        }
    }
}

START_TEST(random_numbers_follow_from_the_seed)
{
    uint8_t one[600], same[600], other[600];

    random_bytes(7, false, one);
    random_bytes(7, true, same);
    random_bytes(8, false, other);
    ck_assert_mem_eq(one, same, sizeof one);
    ck_assert_mem_ne(one, other, 16);
    ck_assert_mem_ne(one, one + 300, 16);
}
END_TEST

/* ---- A balloon (5.5) ---- */

static void give_up(struct board *board, uint64_t pa)
{
    (void)board;
    ck_assert_uint_eq(pa % PAGE_SIZE, 0);
    ck_assert_uint_lt(pa - BOARDS_BASE, BOARDS_RAM);
    memset(b.ram + (pa - BOARDS_BASE), 0, PAGE_SIZE);
}

static void start_balloon(bool legacy)
{
    struct virtio_config config = {.device = VIRTIO_BALLOON, .legacy = legacy, .pages = 5};

    boards_init(&b, "");
    b.board.give_up = give_up;
    board_fit(&b.board, 0, &config);
    driver_start(&d, &b, 0, VERSION_1, 2);
}

/* A list of pages, to be given up (queue 0) or had back (queue 1). */
static void list_pages(unsigned queue, const uint32_t *pages, uint32_t count)
{
    uint32_t head, written = 1;

    driver_poke(&d, BUFFER, pages, 4 * count);
    driver_descriptor(&d, queue, 0, BUFFER, 4 * count, 0, 0);
    driver_offer(&d, queue, 0, true);
    ck_assert(driver_got(&d, queue, &head, &written));
    ck_assert_uint_eq(written, 0);
}

START_TEST(balloon_pages_become_zero)
{
    const uint32_t first = BOARDS_BASE >> PAGE_SHIFT;
    const uint32_t pages[] = {first + 10, first - 1, first + 16, UINT32_MAX, 0, first + 12};

    for (unsigned legacy = 0; legacy < 2; legacy++) {
        start_balloon(legacy);
        memset(b.ram + 9 * PAGE_SIZE, 0xa5, 5 * PAGE_SIZE);
        list_pages(0, pages, 6);
        for (unsigned page = 9; page < 14; page++)
            ck_assert_uint_eq(b.ram[page * PAGE_SIZE + 7], page == 10 || page == 12 ? 0 : 0xa5);
        list_pages(1, pages, 6);
        ck_assert_uint_eq(b.ram[9 * PAGE_SIZE], 0xa5);
    }
}
END_TEST

/* The list is in the page that it gives up; what is not a whole number at its end is nothing. */
START_TEST(balloon_lists_are_read_first)
{
    const uint32_t page = (BOARDS_BASE >> PAGE_SHIFT) + 8, next = page + 1;
    uint32_t head, written;

    start_balloon(false);
    b.ram[9 * PAGE_SIZE] = 1;
    b.ram[11 * PAGE_SIZE] = 1;
    driver_poke(&d, BUFFER, &page, 4);
    driver_poke(&d, BUFFER + 4, &next, 4);
    driver_descriptor(&d, 0, 0, BUFFER, 11, 0, 0);
    driver_offer(&d, 0, 0, true);
    ck_assert(driver_got(&d, 0, &head, &written));
    ck_assert_uint_eq(load_le32(b.ram + 8 * PAGE_SIZE), 0);
    ck_assert_uint_eq(b.ram[9 * PAGE_SIZE], 0);
    ck_assert_uint_eq(b.ram[11 * PAGE_SIZE], 1);
}
END_TEST

START_TEST(balloon_configuration)
{
    for (unsigned legacy = 0; legacy < 2; legacy++) {
        start_balloon(legacy);
        ck_assert_uint_eq(driver_load(&d, D_DEVICE_ID, 4), 5);
        ck_assert_uint_eq(driver_load(&d, D_CONFIG, 4), 5);
        ck_assert_uint_eq(driver_load(&d, D_CONFIG + 4, 4), 0);
        driver_store(&d, D_CONFIG, 99); /* not the driver's */
        driver_store(&d, D_CONFIG + 4, 3);
        driver_store(&d, D_CONFIG + 8, 99);
        ck_assert_uint_eq(driver_load(&d, D_CONFIG, 4), 5);
        ck_assert_uint_eq(driver_load(&d, D_CONFIG + 4, 4), 3);
        ck_assert_uint_eq(driver_load(&d, D_CONFIG + 8, 4), 0);
        ck_assert_uint_eq(driver_load(&d, D_INTERRUPT, 4) & 2, 0);
        ck_assert(board_want(&b.board, 0x12345));
        ck_assert_uint_eq(driver_load(&d, D_CONFIG, 4), 0x12345);
        ck_assert_uint_eq(driver_load(&d, D_INTERRUPT, 4) & 2, 2);
        driver_store(&d, D_STATUS, 0);
        ck_assert_uint_eq(driver_load(&d, D_CONFIG, 4), 0x12345);
        ck_assert_uint_eq(driver_load(&d, D_CONFIG + 4, 4), 0);
    }
    boards_init(&b, "");
    ck_assert(!board_want(&b.board, 1));
}
END_TEST

SUITE_MAIN("virtio devices", balloon_pages_become_zero, balloon_lists_are_read_first,
           balloon_configuration, block_modern, block_legacy, block_configuration,
           block_writes_through, block_bounds, block_host_failures, block_read_only,
           block_identity, block_ranges, block_any_layout, block_many_pieces,
           block_without_header_or_status, net_transmits, net_configuration,
           net_receives_when_it_may, net_small_buffer, console_both_ways,
           random_numbers_follow_from_the_seed)
