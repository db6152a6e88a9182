/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio_block.c - a disk (Virtual I/O Device 1.2, 5.2). A request is completed when the driver
 * notifies: at that instruction, on every engine. The host stores the data; if it fails, the
 * request ends with an I/O error.
 */
#include "vmm/board/board.h"

#define SECTOR 512u

enum request_type {
    T_IN = 0,
    T_OUT = 1,
    T_FLUSH = 4,
    T_GET_ID = 8,
    T_DISCARD = 11,
    T_WRITE_ZEROES = 13,
};

enum request_status { S_OK = 0, S_IOERR = 1, S_UNSUPP = 2 };

#define F_SEG_MAX (1ull << 2)
#define F_RO (1ull << 5)
#define F_BLK_SIZE (1ull << 6)
#define F_FLUSH (1ull << 9)
#define F_DISCARD (1ull << 13)
#define F_WRITE_ZEROES (1ull << 14)

#define SEG_MAX (VIRTQ_MOST - 2)      /* without the header's and the status's descriptor */
#define RANGE_SECTORS_MOST (1u << 22) /* sectors that one request may discard or zero */
#define WRITE_ZEROES_UNMAP 1u
#define BUFFERS 64u /* pieces of host memory in one call of the host */

struct header {
    uint32_t type, reserved;
    uint64_t sector;
};

/* Flags of discard and write zeroes requests. */
struct range {
    uint64_t sector;
    uint32_t sectors, flags;
};

static uint64_t features(const struct virtio *virtio)
{
    return virtio->config.read_only ? F_RO : 0;
}

/* ---- Configuration (5.2.4) ---- */

struct block_config {
    uint64_t capacity;
    uint32_t size_max, seg_max;
    uint8_t geometry[4];
    uint32_t blk_size;
    uint8_t topology[8];
    uint8_t writeback, unused0;
    uint16_t num_queues;
    uint32_t discard_sectors, discard_seg, discard_alignment;
    uint32_t zeroes_sectors, zeroes_seg;
    uint8_t zeroes_may_unmap, unused1[3];
};

static uint8_t config_byte(const struct virtio *virtio, uint32_t offset)
{
    const struct block_config config = {
        .capacity = virtio->config.sectors,
        .seg_max = SEG_MAX,
        .blk_size = SECTOR,
        .num_queues = 1,
        .discard_sectors = RANGE_SECTORS_MOST,
        .discard_seg = 1,
        .discard_alignment = 1,
        .zeroes_sectors = RANGE_SECTORS_MOST,
        .zeroes_seg = 1,
        .zeroes_may_unmap = 1,
    };

    return offset < sizeof config ? ((const uint8_t *)&config)[offset] : 0;
}

/* ---- Requests (5.2.6) ---- */

/* One request being processed. */
struct request {
    struct board *board;
    struct virtio *virtio;
    const struct virtq_chain *chain;
    struct header header;
    uint32_t data_in; /* bytes that the driver wants, besides the status */
    uint32_t written;
};

static bool inside(const struct virtio *virtio, uint64_t sector, uint64_t sectors)
{
    return sector <= virtio->config.sectors && sectors <= virtio->config.sectors - sector;
}

static bool ask(const struct request *request, const struct board_disk_request *disk)
{
    const struct board_disks *disks = &request->board->host.disks;

    return disks->request && disks->request(disks->owner, request->virtio->slot, disk);
}

/* A write must be durable when it completes, unless the driver has negotiated FLUSH. */
static bool writes_through(const struct virtio *virtio)
{
    return !(virtio->features & F_FLUSH);
}

/* Whole sectors, as far as pieces are not tiny. */
static uint32_t buffers_of(const struct request *request, bool in, uint32_t at, uint32_t len,
                           struct virtq_buffer *buffers, unsigned *count)
{
    struct phys *phys = request->board->phys;
    uint32_t n = virtq_buffers(phys, request->chain, in, at, len, buffers, BUFFERS, count);

    if (n < SECTOR || n % SECTOR == 0)
        return n;
    return virtq_buffers(phys, request->chain, in, at, n - n % SECTOR, buffers, BUFFERS, count);
}

/*
 * Transfers data between the chain, from `at` on, and the disk, in as few host calls as
 * possible.
 */
static enum request_status transfer(const struct request *request, bool in, uint32_t at,
                                    uint32_t len)
{
    struct virtq_buffer buffers[BUFFERS];
    struct board_disk_request disk = {
        .op = in ? BOARD_DISK_READ : BOARD_DISK_WRITE,
        .offset = request->header.sector * SECTOR,
        .buffers = buffers,
    };
    uint32_t n;

    if (len % SECTOR || !inside(request->virtio, request->header.sector, len / SECTOR))
        return S_IOERR;
    for (uint32_t done = 0; done < len; done += n, disk.offset += n) {
        n = buffers_of(request, in, at + done, len - done, buffers, &disk.count);
        disk.len = n;
        disk.through = done + n == len && writes_through(request->virtio);
        if (!n || !ask(request, &disk))
            return S_IOERR;
        if (in)
            virtq_wrote(request->board->phys, request->chain, at + done, n);
    }
    return S_OK;
}

static enum request_status read_disk(struct request *request)
{
    enum request_status status = transfer(request, true, 0, request->data_in);

    request->written = status == S_OK ? request->data_in : 0;
    return status;
}

static enum request_status write_disk(struct request *request)
{
    uint32_t at = sizeof request->header;

    if (request->virtio->config.read_only)
        return S_IOERR;
    return transfer(request, false, at, request->chain->out_len - at);
}

static enum request_status flush(const struct request *request)
{
    const struct board_disk_request disk = {.op = BOARD_DISK_FLUSH};

    return ask(request, &disk) ? S_OK : S_IOERR;
}

/* At most 20 bytes, without a NUL if it has that many (5.2.6.1). */
static enum request_status get_id(struct request *request)
{
    const char *serial = request->virtio->config.serial;
    uint32_t len = sizeof request->virtio->config.serial;

    len = len < request->data_in ? len : request->data_in;
    request->written = virtq_write(request->board->phys, request->chain, 0, serial, len);
    return S_OK;
}

/* One range (5.2.6.2): more were not offered. */
static enum request_status zero(const struct request *request, enum board_disk_op op,
                                uint32_t flags)
{
    struct board_disk_request disk = {.op = op, .through = writes_through(request->virtio)};
    uint32_t at = sizeof request->header;
    struct range range;

    if (request->virtio->config.read_only)
        return S_IOERR;
    if (request->chain->out_len != at + sizeof range ||
        virtq_read(request->board->phys, request->chain, at, &range, sizeof range) !=
            sizeof range ||
        range.flags & ~flags)
        return S_UNSUPP;
    if (range.sectors > RANGE_SECTORS_MOST ||
        !inside(request->virtio, range.sector, range.sectors))
        return S_IOERR;
    disk.offset = range.sector * SECTOR;
    disk.len = (uint64_t)range.sectors * SECTOR;
    return ask(request, &disk) ? S_OK : S_IOERR;
}

static enum request_status serve(struct request *request)
{
    switch ((enum request_type)request->header.type) {
    case T_IN: return read_disk(request);
    case T_OUT: return write_disk(request);
    case T_FLUSH: return flush(request);
    case T_GET_ID: return get_id(request);
    case T_DISCARD: return zero(request, BOARD_DISK_DISCARD, 0);
    case T_WRITE_ZEROES: return zero(request, BOARD_DISK_ZERO, WRITE_ZEROES_UNMAP);
    }
    return S_UNSUPP;
}

/* The status is the last device-writable byte, however the buffers are divided. */
static bool serve_chain(struct board *board, struct virtio *virtio,
                        const struct virtq_chain *chain)
{
    struct request request = {.board = board, .virtio = virtio, .chain = chain};
    uint8_t status;

    if (!chain->in_len || virtq_read(board->phys, chain, 0, &request.header,
                                     sizeof request.header) != sizeof request.header)
        return false;
    request.data_in = chain->in_len - 1;
    status = (uint8_t)serve(&request);
    (void)virtq_write(board->phys, chain, request.data_in, &status, 1);
    if (request.written == request.data_in)
        request.written++; /* else there is a gap before the status */
    virtio_give(board, virtio, 0, chain, request.written);
    return true;
}

static void notified(struct board *board, struct virtio *virtio, unsigned queue)
{
    struct virtq_chain chain;
    unsigned most = virtio->queues[queue].size, served;

    for (served = 0; served < most && virtio_may(board, virtio, queue) &&
                     virtio_take(board, virtio, queue, &chain);
         served++) {
        if (!serve_chain(board, virtio, &chain)) {
            virtio_break(virtio);
            return;
        }
        virtio_carried(board, virtio, (uint64_t)chain.out_len + chain.in_len);
    }
    if (served)
        virtio_told(board, virtio, queue);
}

const struct virtio_kind virtio_block = {
    .features = F_SEG_MAX | F_BLK_SIZE | F_FLUSH | F_DISCARD | F_WRITE_ZEROES,
    .more_features = features,
    .queues = 1,
    .limit = LIMIT_DISK,
    .config = config_byte,
    .notified = notified,
};
