/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cache.c - host code: its memory, which guest page each piece came from, and its invalidation.
 * The memory is mapped twice, once writable and once executable, never both at one address.
 * Dead code keeps its space until the whole cache is flushed; it is unreachable, because the id
 * of its view is in no table any more.
 */
#define _GNU_SOURCE /* memfd_create, mremap */
#include <unistd.h>

#include <sys/mman.h>

#include "isa/engine/jit/emit.h"
#include "isa/engine/jit/internal.h"

/* Host code of one batch, at the very most: see BATCH_INSNS in translate.h. */
#define BATCH_BYTES (60000u + EMIT_BEYOND)
#define BATCH_BLOCKS 256u
#define BATCH_LINKS 1024u
#define BATCH_SITES 512u
#define BATCH_VIEWS 2u
#define CACHE_MIN 65536u
#define VIEW_LIMIT 8192u

static void *map_code(int fd, uint32_t size, int protection)
{
    void *memory = mmap(NULL, size, protection, MAP_SHARED, fd, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

/* A failed attempt leaves nothing behind. */
static bool unmap_twice(struct cache *cache)
{
    pages_release(cache->write, cache->size);
    pages_release(cache->execute, cache->size);
    cache->write = cache->execute = NULL;
    return false;
}

/*
 * Anonymous shared memory: when it is mapped again, the first mapping stays. Only for such memory
 * does Linux perf take names from its map file.
 */
static bool map_unnamed(struct cache *cache)
{
    void *memory =
        mmap(NULL, cache->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        return false;
    cache->write = memory;
    memory = mremap(memory, 0, cache->size, MREMAP_MAYMOVE);
    if (memory == MAP_FAILED)
        return unmap_twice(cache);
    cache->execute = memory;
    return !mprotect(memory, cache->size, PROT_READ | PROT_EXEC) || unmap_twice(cache);
}

/*
 * Hosts that do not allow making memory executable later may still allow memory that is so from
 * the start.
 */
static bool map_file(struct cache *cache)
{
    int fd = memfd_create("pz-jit", MFD_CLOEXEC);

    if (fd < 0)
        return false;
    if (ftruncate(fd, cache->size) == 0) {
        cache->write = map_code(fd, cache->size, PROT_READ | PROT_WRITE);
        if (cache->write)
            cache->execute = map_code(fd, cache->size, PROT_READ | PROT_EXEC);
    }
    (void)close(fd);
    return cache->execute || unmap_twice(cache);
}

static size_t ram_pages(const struct jit *jit)
{
    return (size_t)(jit->engine.phys.size >> PAGE_SHIFT);
}

enum jit_error cache_init(struct jit *jit)
{
    struct cache *cache = &jit->cache;

    cache->size = jit->options.cache_bytes < CACHE_MIN ? CACHE_MIN : jit->options.cache_bytes;
    cache->size &= ~PAGE_MASK;
    cache->view_limit = VIEW_LIMIT;
    cache->link_limit = cache->size / 32 + BATCH_LINKS;
    cache->block_limit = cache->size / 32 + BATCH_BLOCKS;
    cache->site_limit = cache->size / 16 + BATCH_SITES;
    cache->next_id = 1;
    cache->sites = pages_reserve(sizeof *cache->sites * cache->site_limit);
    cache->views = pages_reserve(sizeof *cache->views * cache->view_limit);
    cache->links = pages_reserve(sizeof *cache->links * cache->link_limit);
    cache->blocks = pages_reserve(sizeof *cache->blocks * cache->block_limit);
    cache->heads = pages_reserve(sizeof *cache->heads * ram_pages(jit));
    if (!cache->views || !cache->links || !cache->blocks || !cache->heads || !cache->sites)
        return JIT_NO_MEMORY;
    return map_unnamed(cache) || map_file(cache) ? JIT_OK : JIT_NO_CODE;
}

void cache_destroy(struct jit *jit)
{
    struct cache *cache = &jit->cache;

    pages_release(cache->views, sizeof *cache->views * cache->view_limit);
    pages_release(cache->links, sizeof *cache->links * cache->link_limit);
    pages_release(cache->sites, sizeof *cache->sites * cache->site_limit);
    pages_release(cache->blocks, sizeof *cache->blocks * cache->block_limit);
    pages_release(cache->heads, sizeof *cache->heads * ram_pages(jit));
    pages_release(cache->write, cache->size);
    pages_release(cache->execute, cache->size);
}

/* ---- Views ---- */

#define VIEWS_AHEAD 8u

/* Nearly all of a view is used: its entries are spread over its pages. */
static void prepare_views(struct cache *cache)
{
    if (cache->view_fresh % VIEWS_AHEAD == 0)
        pages_prepare(&cache->views[cache->view_fresh], VIEWS_AHEAD * sizeof *cache->views);
}

/* Dead views are not reused before a flush. */
static struct view *free_view(struct jit *jit)
{
    struct cache *cache = &jit->cache;

    if (cache->view_count == cache->view_limit || cache->next_id == INT32_MAX)
        cache_flush(jit);
    return &cache->views[cache->view_count++];
}

static struct view *make_view(struct jit *jit, uint64_t pa, uint32_t va, bool in_place)
{
    struct cache *cache = &jit->cache;
    struct view *view = free_view(jit);
    uint32_t *head = &cache->heads[cache_page(jit, pa)];

    if ((uint32_t)(view - cache->views) < cache->view_fresh) {
        memset(view, 0, sizeof *view);
    } else {
        prepare_views(cache);
        cache->view_fresh++;
    }
    view->id = cache->next_id++;
    view->pa = pa;
    view->va = va;
    view->in_place = in_place;
    view->windowed = jit->options.window_at_once;
    view->stops = stops_page_mark(jit->engine.stops, va);
    view->of_page = *head ? cache->views[*head - 1].of_page : 0;
    view->next = *head;
    *head = (uint32_t)(view - cache->views) + 1;
    writers_forbid(jit, pa);
    return view;
}

struct view *cache_find(struct jit *jit, uint64_t pa, uint32_t va, bool in_place)
{
    struct cache *cache = &jit->cache;

    va &= ~PAGE_MASK;
    for (uint32_t i = cache->heads[cache_page(jit, pa)]; i; i = cache->views[i - 1].next)
        if (cache->views[i - 1].va == va && cache->views[i - 1].in_place == in_place)
            return &cache->views[i - 1];
    return NULL;
}

struct view *cache_view(struct jit *jit, uint64_t pa, uint32_t va, bool in_place)
{
    struct view *view = cache_find(jit, pa, va, in_place);

    return view ? view : make_view(jit, pa & ~(uint64_t)PAGE_MASK, va & ~PAGE_MASK, in_place);
}

bool cache_holds(const struct jit *jit, uint64_t pa)
{
    return jit->cache.heads[cache_page(jit, pa)] != 0;
}

/* A dead view has no page; what is translated for it is never entered. */
void cache_translated(struct jit *jit, struct view *view, uint64_t lines)
{
    struct cache *cache = &jit->cache;
    uint32_t newest = cache->heads[cache_page(jit, view->pa)];

    view->lines |= lines;
    if (newest)
        cache->views[newest - 1].of_page |= lines;
}

/* ---- Death ---- */

static void kill_page(struct jit *jit, uint32_t *head)
{
    struct cache *cache = &jit->cache;

    for (uint32_t i = *head; i; i = cache->views[i - 1].next) {
        space_forget_view(jit, &cache->views[i - 1]);
        cache->views[i - 1].id = 0;
    }
    *head = 0;
    cache->epoch++;
    jit->stats.invalidated++;
}

/* A page may have a view at each of thousands of addresses, so they are not searched. */
static void page_written(struct jit *jit, uint64_t pa, uint32_t len)
{
    struct cache *cache = &jit->cache;
    uint32_t *head = &cache->heads[cache_page(jit, pa)];

    if (*head && cache->views[*head - 1].of_page & cache_lines(pa, len))
        kill_page(jit, head);
}

void cache_written(struct jit *jit, uint64_t pa, uint32_t len)
{
    const struct phys *phys = &jit->engine.phys;

    for (uint32_t n; len; pa += n, len -= n) {
        n = PAGE_SIZE - (uint32_t)(pa & PAGE_MASK);
        n = len < n ? len : n;
        if (pa - phys->base < phys->size)
            page_written(jit, pa, n);
    }
}

void cache_stops_changed(struct jit *jit)
{
    struct cache *cache = &jit->cache;

    for (uint32_t i = 0; i < cache->view_count; i++) {
        const struct view *view = &cache->views[i];

        if (view->id && view->stops != stops_page_mark(jit->engine.stops, view->va))
            kill_page(jit, &cache->heads[cache_page(jit, view->pa)]);
    }
}

void cache_flush(struct jit *jit)
{
    struct cache *cache = &jit->cache;

    for (uint32_t i = 0; i < cache->view_count; i++)
        if (cache->views[i].id)
            cache->heads[cache_page(jit, cache->views[i].pa)] = 0;
    cache->view_count = cache->link_count = cache->block_count = cache->site_count = 0;
    cache->used = cache->start;
    cache->next_id = 1; /* no table and no code refers to any id now */
    cache->epoch++;
    jit->stats.flushes++;
    memset(jit->clusters, 0, sizeof jit->clusters);
    memset(jit->met_views, 0, sizeof jit->met_views);
    space_forget_code(jit);
}

bool cache_room(const struct jit *jit)
{
    const struct cache *cache = &jit->cache;

    return cache->size - cache->used >= BATCH_BYTES &&
           cache->view_limit - cache->view_count >= BATCH_VIEWS &&
           cache->link_limit - cache->link_count >= BATCH_LINKS &&
           cache->site_limit - cache->site_count >= BATCH_SITES &&
           cache->block_limit - cache->block_count >= BATCH_BLOCKS;
}

#define STEP (256u << 10)

void cache_prepare(struct jit *jit)
{
    struct cache *cache = &jit->cache;
    uint32_t n = cache->size - cache->ready < STEP ? cache->size - cache->ready : STEP;

    if (cache->used + BATCH_BYTES <= cache->ready || !n)
        return;
    /*
     * Only for speed: where the host does not support this, pages are faulted in one by one. Those
     * to execute are there then, and a fault maps several of them: to ask for each costs more.
     */
    pages_prepare(cache->write + cache->ready, n);
    cache->ready += n;
}

struct jit_block cache_describe(const struct jit *jit, const struct block *block)
{
    const struct cache *cache = &jit->cache;

    return (struct jit_block){
        .pa = cache->views[block->view].pa + (block->va & PAGE_MASK),
        .va = block->va,
        .guest_len = block->guest_len,
        .instructions = block->instructions,
        .host = cache->execute + block->host,
        .host_len = block->host_len,
    };
}
