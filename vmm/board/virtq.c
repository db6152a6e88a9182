/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtq.c - the rings and descriptor tables, after chapter 2.7 of Virtual I/O Device 1.2.
 *
 *    descriptor        available ring             used ring
 *    0  address        0  flags                   0  flags
 *    8  length         2  index                   2  index
 *   12  flags          4  ring[size]              4  ring[size]: head, written
 *   14  next           4 + 2 size  used event     4 + 8 size  available event
 */
#include "vmm/board/virtq.h"

#define DESC_SIZE 16u
enum desc_flags { DESC_NEXT = 1, DESC_WRITE = 2, DESC_INDIRECT = 4 };
#define AVAIL_NO_INTERRUPT 1u

struct desc {
    uint64_t pa;
    uint32_t len;
    uint16_t flags, next;
};

static uint64_t desc_size(const struct virtq *queue)
{
    return (uint64_t)queue->size * DESC_SIZE;
}

static uint64_t avail_size(const struct virtq *queue)
{
    return 6 + 2ull * queue->size;
}

static uint64_t used_size(const struct virtq *queue)
{
    return 6 + 8ull * queue->size;
}

static bool apart(uint64_t a, uint64_t a_len, uint64_t b, uint64_t b_len)
{
    return a + a_len <= b || b + b_len <= a;
}

static bool fits(uint64_t at, uint64_t len)
{
    return at + len >= at;
}

bool virtq_valid(const struct virtq *queue)
{
    uint32_t size = queue->size;

    return size && size <= VIRTQ_MOST && !(size & (size - 1)) && queue->desc % 16 == 0 &&
           queue->avail % 2 == 0 && queue->used % 4 == 0 &&
           fits(queue->desc, desc_size(queue)) && fits(queue->avail, avail_size(queue)) &&
           fits(queue->used, used_size(queue)) &&
           apart(queue->desc, desc_size(queue), queue->avail, avail_size(queue)) &&
           apart(queue->desc, desc_size(queue), queue->used, used_size(queue)) &&
           apart(queue->avail, avail_size(queue), queue->used, used_size(queue));
}

static bool read16(struct phys *phys, uint64_t pa, uint16_t *value)
{
    return phys_read(phys, pa, value, sizeof *value);
}

static bool write16(struct phys *phys, uint64_t pa, uint16_t value)
{
    return phys_write(phys, pa, &value, sizeof value);
}

/* ---- Taking a chain ---- */

static bool read_desc(struct phys *phys, uint64_t table, uint32_t i, struct desc *desc)
{
    return phys_read(phys, table + (uint64_t)i * DESC_SIZE, desc, sizeof *desc);
}

/*
 * Checks a part: readable ones come first (2.7.4.2), each is in RAM, and the total is bounded.
 */
static bool add_part(struct virtq_chain *chain, struct phys *phys, const struct desc *desc)
{
    bool in = desc->flags & DESC_WRITE;
    uint32_t *len = in ? &chain->in_len : &chain->out_len;
    unsigned count = (unsigned)chain->outs + chain->ins;

    if (count == VIRTQ_MOST || (!in && chain->ins) || desc->len > VIRTQ_BYTES_MOST - *len ||
        !phys_is_ram(phys, desc->pa, desc->len, in))
        return false;
    chain->parts[count] = (struct virtq_part){desc->pa, desc->len};
    *len += desc->len;
    if (in)
        chain->ins++;
    else
        chain->outs++;
    return true;
}

/* The position of the walk: a table and an index. */
struct walk {
    uint64_t table;
    uint32_t size;
    uint32_t left; /* descriptors left for the chain: detects loops */
};

/* From `i` to the end of the chain within one table; an indirect descriptor ends it, in `last`. */
static bool walk_table(struct virtq_chain *chain, struct phys *phys, struct walk *walk,
                       uint32_t i, struct desc *last)
{
    for (;; i = last->next) {
        if (i >= walk->size || !walk->left-- || !read_desc(phys, walk->table, i, last))
            return false;
        if (last->flags & DESC_INDIRECT)
            return !(last->flags & DESC_NEXT); /* 2.7.5.3.1: not both */
        if (!add_part(chain, phys, last))
            return false;
        if (!(last->flags & DESC_NEXT))
            return true;
    }
}

static bool walk_indirect(struct virtq_chain *chain, struct phys *phys, const struct desc *desc)
{
    struct walk walk = {desc->pa, desc->len / DESC_SIZE, desc->len / DESC_SIZE};
    struct desc last;

    return desc->len % DESC_SIZE == 0 && walk_table(chain, phys, &walk, 0, &last) &&
           !(last.flags & DESC_INDIRECT); /* nor one within another */
}

static bool walk_chain(struct virtq *queue, struct phys *phys, uint64_t features,
                       struct virtq_chain *chain)
{
    struct walk walk = {queue->desc, queue->size, queue->size};
    struct desc last;

    chain->outs = chain->ins = 0;
    chain->out_len = chain->in_len = 0;
    if (!walk_table(chain, phys, &walk, chain->head, &last))
        return false;
    if (!(last.flags & DESC_INDIRECT))
        return true;
    return (features & VIRTQ_F_INDIRECT) && walk_indirect(chain, phys, &last);
}

/* The queue is empty: tells the driver from which chain on it must notify again (2.7.10). */
static enum virtq_result none_left(const struct virtq *queue, struct phys *phys,
                                   uint64_t features)
{
    uint64_t event = queue->used + 4 + 8ull * queue->size;

    if ((features & VIRTQ_F_EVENT) && !write16(phys, event, queue->taken))
        return VIRTQ_BROKEN;
    return VIRTQ_EMPTY;
}

enum virtq_result virtq_take(struct virtq *queue, struct phys *phys, uint64_t features,
                             struct virtq_chain *chain)
{
    uint32_t place = queue->taken & (queue->size - 1u);
    uint16_t index;

    if (!queue->ready || !read16(phys, queue->avail + 2, &index))
        return VIRTQ_BROKEN;
    if (index == queue->taken)
        return none_left(queue, phys, features);
    if ((uint16_t)(index - queue->taken) > queue->size ||
        !read16(phys, queue->avail + 4 + 2ull * place, &chain->head) ||
        !walk_chain(queue, phys, features, chain))
        return VIRTQ_BROKEN;
    queue->taken++;
    return VIRTQ_TAKEN;
}

bool virtq_has(const struct virtq *queue, struct phys *phys, uint64_t features)
{
    uint16_t index;

    if (!queue->ready || !read16(phys, queue->avail + 2, &index))
        return false;
    return index != queue->taken || none_left(queue, phys, features) == VIRTQ_BROKEN;
}

void virtq_put_back(struct virtq *queue)
{
    queue->taken--;
}

/* ---- Giving it back ---- */

bool virtq_give(struct virtq *queue, struct phys *phys, uint16_t head, uint32_t written)
{
    uint32_t place = queue->given & (queue->size - 1u);
    const uint32_t element[] = {head, written};

    if (!phys_write(phys, queue->used + 4 + 8ull * place, element, sizeof element) ||
        !write16(phys, queue->used + 2, (uint16_t)(queue->given + 1)))
        return false;
    queue->given++;
    return true;
}

bool virtq_interrupts(struct virtq *queue, struct phys *phys, uint64_t features)
{
    uint16_t before = queue->told, now = queue->given, event, flags;
    bool first = !queue->was_told;

    if (!first && before == now)
        return false;
    queue->told = now;
    queue->was_told = 1;
    if (!(features & VIRTQ_F_EVENT))
        return read16(phys, queue->avail, &flags) && !(flags & AVAIL_NO_INTERRUPT);
    if (!read16(phys, queue->avail + 4 + 2ull * queue->size, &event))
        return false;
    /* Has the index gone past the event (2.7.7.2)? */
    return first || (uint16_t)(now - event - 1) < (uint16_t)(now - before);
}

/* ---- Bytes ---- */

/* A position in one direction of a chain. */
struct cursor {
    const struct virtq_part *part, *end;
    uint32_t at; /* within the part */
};

static struct cursor cursor_at(const struct virtq_chain *chain, bool in, uint32_t at)
{
    const struct virtq_part *first = chain->parts + (in ? chain->outs : 0);
    struct cursor cursor = {first, first + (in ? chain->ins : chain->outs), at};

    while (cursor.part < cursor.end && cursor.at >= cursor.part->len)
        cursor.at -= cursor.part++->len;
    return cursor;
}

/* The next contiguous bytes, at most `most`, or 0 at the end. Advances the cursor past them. */
static uint32_t next_piece(struct cursor *cursor, uint32_t most, uint64_t *pa)
{
    uint32_t len;

    while (cursor->part < cursor->end && cursor->at == cursor->part->len) {
        cursor->part++;
        cursor->at = 0;
    }
    if (cursor->part == cursor->end)
        return 0;
    *pa = cursor->part->pa + cursor->at;
    len = cursor->part->len - cursor->at;
    len = len < most ? len : most;
    cursor->at += len;
    return len;
}

/* Never NULL: taking the chain has checked that all parts are RAM. */
uint32_t virtq_read(struct phys *phys, const struct virtq_chain *chain, uint32_t at,
                    void *bytes, uint32_t len)
{
    struct cursor cursor = cursor_at(chain, false, at);
    uint32_t done = 0, n;
    uint64_t pa;

    for (; done < len && (n = next_piece(&cursor, len - done, &pa)); done += n)
        if (!phys_read(phys, pa, (uint8_t *)bytes + done, n))
            break;
    return done;
}

uint32_t virtq_write(struct phys *phys, const struct virtq_chain *chain, uint32_t at,
                     const void *bytes, uint32_t len)
{
    struct cursor cursor = cursor_at(chain, true, at);
    uint32_t done = 0, n;
    uint64_t pa;

    for (; done < len && (n = next_piece(&cursor, len - done, &pa)); done += n)
        if (!phys_write(phys, pa, (const uint8_t *)bytes + done, n))
            break;
    return done;
}

/* Like next_piece(), but at most to the end of a page. */
static uint32_t next_page(struct cursor *cursor, uint32_t most, uint64_t *pa)
{
    uint32_t len = next_piece(cursor, most, pa);
    uint32_t rest = PAGE_SIZE - (uint32_t)(*pa & PAGE_MASK);

    if (len <= rest)
        return len;
    cursor->at -= len - rest;
    return rest;
}

uint32_t virtq_buffers(struct phys *phys, const struct virtq_chain *chain, bool in, uint32_t at,
                       uint32_t len, struct virtq_buffer *buffers, unsigned most,
                       unsigned *count)
{
    struct cursor cursor = cursor_at(chain, in, at);
    struct virtq_buffer *last = NULL;
    uint32_t done = 0, pages = 0, n;
    uint64_t pa = 0;

    for (*count = 0;
         done < len && pages < VIRTQ_PAGES_MOST && (n = next_page(&cursor, len - done, &pa));
         done += n, pages++) {
        uint8_t *host = phys_host(phys, pa, in);
        bool joins = last && last->bytes + last->len == host;

        if (!host || (*count == most && !joins))
            break;
        if (joins) {
            last->len += n;
            continue;
        }
        last = &buffers[(*count)++];
        *last = (struct virtq_buffer){host, n};
    }
    return done;
}

void virtq_wrote(struct phys *phys, const struct virtq_chain *chain, uint32_t at, uint32_t len)
{
    struct cursor cursor = cursor_at(chain, true, at);
    uint32_t n;
    uint64_t pa = 0;

    if (!phys->wrote)
        return;
    for (; len && (n = next_page(&cursor, len, &pa)); len -= n)
        phys->wrote(phys, pa, n);
}
