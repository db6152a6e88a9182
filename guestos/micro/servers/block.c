/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * block.c - the driver of the virtio block device (virtio 1.1, sections 4.2 and 5.2; legacy and
 * modern), one request at a time. The device's registers are a page that the supervisor mapped for
 * us, its interrupt is a signal, and what it reads and writes by itself are pages of which the
 * supervisor told the physical address:
 *
 *   page 0: descriptors, available ring   page 1: used ring, request   page 2: data
 */
#include "server.h"

#define REG(n) (*(volatile uint32_t *)(DEVICE + (n)))
#define DMA (DEVICE + PAGE_BYTES)

enum {
    VERSION = 0x004,
    FEATURES = 0x010,
    FEATURES_PAGE = 0x014,
    ACCEPTED = 0x020,
    ACCEPTED_PAGE = 0x024,
    LEGACY_PAGE_SIZE = 0x028,
    QUEUE_SIZE = 0x038,
    LEGACY_ALIGN = 0x03c,
    LEGACY_PFN = 0x040,
    QUEUE_READY = 0x044,
    NOTIFY = 0x050,
    INTERRUPT_STATUS = 0x060,
    INTERRUPT_ACK = 0x064,
    STATUS = 0x070,
    QUEUE_DESC = 0x080,
    QUEUE_AVAIL = 0x090,
    QUEUE_USED = 0x0a0,
    CAPACITY = 0x100,

    MODERN = 2,
    ACKNOWLEDGE = 1,
    DRIVER = 2,
    DRIVER_OK = 4,
    FEATURES_OK = 8,
    FEATURE_VERSION_1 = 1, /* bit 32 */
    QUEUE = 8,             /* descriptors; we use three */
    NEXT = 1,
    DEVICE_WRITES = 2,
    IN = 0,
    OUT = 1,
    REQUEST_AT = 2048, /* in page 1 */
    DATA_PAGE = 2,
    CHUNK_SECTORS = PAGE_BYTES / BLOCK_BYTES,
    NO_CHUNK = -1,
};

struct desc {
    uint32_t low, high, size;
    uint16_t flags, next;
};

struct available {
    uint16_t flags;
    volatile uint16_t index;
    uint16_t ring[QUEUE];
};

struct used {
    uint16_t flags;
    volatile uint16_t index;
};

struct request {
    uint32_t type, reserved, sector, sector_high;
    volatile uint8_t status;
};

static struct desc *const descs = (struct desc *)DMA;
static struct available *const available =
    (struct available *)(DMA + QUEUE * sizeof(struct desc));
static const struct used *const used = (const struct used *)(DMA + PAGE_BYTES);
static struct request *const request = (struct request *)(DMA + PAGE_BYTES + REQUEST_AT);
static char *const data = (char *)(DMA + DATA_PAGE * PAGE_BYTES);
static uint32_t irq, dma_page, sectors;
static uint32_t kept = (uint32_t)NO_CHUNK; /* what is in data */

void server_main(uint32_t irq_number, uint32_t physical_page);

static uint32_t physical(const void *p)
{
    return dma_page * PAGE_BYTES + ((uint32_t)p - DMA);
}

static void set_address(uint32_t reg, const void *p)
{
    REG(reg) = physical(p);
    REG(reg + 4) = 0;
}

static void start_modern(void)
{
    REG(FEATURES_PAGE) = 1;
    REG(ACCEPTED_PAGE) = 1;
    REG(ACCEPTED) = REG(FEATURES) & FEATURE_VERSION_1;
    REG(ACCEPTED_PAGE) = 0;
    REG(ACCEPTED) = 0;
    REG(STATUS) |= FEATURES_OK;
    REG(QUEUE_SIZE) = QUEUE;
    set_address(QUEUE_DESC, descs);
    set_address(QUEUE_AVAIL, available);
    set_address(QUEUE_USED, used);
    REG(QUEUE_READY) = 1;
}

static void start_legacy(void)
{
    REG(ACCEPTED) = 0;
    REG(LEGACY_PAGE_SIZE) = PAGE_BYTES;
    REG(QUEUE_SIZE) = QUEUE;
    REG(LEGACY_ALIGN) = PAGE_BYTES;
    REG(LEGACY_PFN) = dma_page;
}

/* The reset makes it forget what the driver before us had asked for. */
static void start(void)
{
    REG(STATUS) = 0;
    REG(STATUS) = ACKNOWLEDGE | DRIVER;
    if (REG(VERSION) == MODERN)
        start_modern();
    else
        start_legacy();
    REG(STATUS) |= DRIVER_OK;
    sectors = REG(CAPACITY + 4) ? UINT32_MAX / BLOCK_BYTES : REG(CAPACITY);
    if (sectors > INT32_MAX / BLOCK_BYTES)
        sectors = INT32_MAX / BLOCK_BYTES;
}

static void describe(uint32_t i, const volatile void *p, uint32_t size, uint16_t flags)
{
    descs[i] = (struct desc){physical((const void *)p), 0, size, flags, (uint16_t)(i + 1)};
}

/* The device's interrupt is a signal; whoever calls meanwhile waits: the reply slot is another. */
static void wait_for_interrupt(void)
{
    struct message m = {0};

    ipc_recv(&m, S_OWN, S_PLACE);
    REG(INTERRUPT_ACK) = REG(INTERRUPT_STATUS);
    kcall_irq_ack(S_IRQ, irq);
}

static int32_t transfer(uint32_t type, uint32_t sector, uint32_t count)
{
    *request = (struct request){.type = type, .sector = sector, .status = UINT8_MAX};
    describe(0, request, offsetof(struct request, status), NEXT);
    describe(1, data, count * BLOCK_BYTES, type == IN ? NEXT | DEVICE_WRITES : NEXT);
    describe(2, &request->status, 1, DEVICE_WRITES);
    available->ring[available->index % QUEUE] = 0;
    asm volatile("fence" : : : "memory");
    available->index++;
    asm volatile("fence" : : : "memory");
    REG(NOTIFY) = 0;
    while (used->index != available->index)
        wait_for_interrupt();
    asm volatile("fence" : : : "memory");
    return request->status == 0 ? 0 : -EINVAL;
}

/* How many sectors of this chunk the disk has. */
static uint32_t sectors_of(uint32_t chunk)
{
    uint32_t left = sectors - chunk * CHUNK_SECTORS;

    return left < CHUNK_SECTORS ? left : CHUNK_SECTORS;
}

/* The chunk that was read last is kept: programs read byte by byte, too. */
static int32_t fetch(uint32_t chunk)
{
    int32_t error = 0;

    if (chunk != kept)
        error = transfer(IN, chunk * CHUNK_SECTORS, sectors_of(chunk));
    kept = error < 0 ? (uint32_t)NO_CHUNK : chunk;
    return error;
}

/* Sectors that are written in part were read before, with the chunk. */
static int32_t store(uint32_t chunk, uint32_t in, uint32_t client, uint32_t n)
{
    int32_t error;

    memcpy(data + in, letter(client), n);
    error = transfer(OUT, chunk * CHUNK_SECTORS, sectors_of(chunk));
    if (error < 0)
        kept = (uint32_t)NO_CHUNK;
    return error;
}

/* word: offset, whose letter, how much. Less is done at the end of a chunk, and of the disk. */
static int32_t serve(uint32_t type, const uint32_t *w)
{
    uint32_t offset = w[0], n = w[2], chunk = offset / PAGE_BYTES, in = offset % PAGE_BYTES;
    uint32_t there;
    int32_t error;

    if (irq == 0)
        return -ENOENT;
    if (w[1] >= LETTER_COUNT || n > PAGE_BYTES)
        return -EINVAL;
    if (offset / BLOCK_BYTES >= sectors)
        return type == IN ? 0 : -EFBIG;
    there = sectors_of(chunk) * BLOCK_BYTES - in;
    n = n < there ? n : there;
    error = fetch(chunk);
    if (error == 0 && type == IN)
        memcpy(letter(w[1]), data + in, n);
    else if (error == 0)
        error = store(chunk, in, w[1], n);
    return error < 0 ? error : (int32_t)n;
}

static bool handle(struct message *m)
{
    int32_t result = -ENOSYS;

    if (m->tag & TAG_SIGNAL) {
        REG(INTERRUPT_ACK) = REG(INTERRUPT_STATUS);
        kcall_irq_ack(S_IRQ, irq);
        return false;
    }
    switch (m->tag & TAG_LABEL) {
    case DISK_READ: result = serve(IN, m->word); break;
    case DISK_WRITE: result = serve(OUT, m->word); break;
    case DISK_SIZE: result = irq ? (int32_t)(sectors * BLOCK_BYTES) : -ENOENT; break;
    }
    m->tag = 0;
    m->word[0] = (uint32_t)result;
    return true;
}

void server_main(uint32_t irq_number, uint32_t physical_page)
{
    irq = irq_number;
    dma_page = physical_page;
    if (irq)
        start();
    server_loop(handle, 0);
}
