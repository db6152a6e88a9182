/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * share.c - finds equal pages, merges them, and undoes this at a write.
 *
 *    table          page records
 *   +------+       +------------+      +------------+
 *   | head |------>| hash, same |----->| hash, same |   one chain for each place in the table;
 *   +------+       +------------+      +------------+   of shared pages, and of pages that may be
 *
 * A hash only says where to look: bytes are compared. A chain may hold outdated hashes of pages
 * that are not shared, which the comparison detects too.
 */
#include "vmm/share.h"

#include "vmm/assist.h"
#include "vmm/dirty.h"
#include "vmm/memory.h"
#include "vmm/rmap.h"
#include "vmm/stops.h"

#define MILLION 1000000u
#define PASSED_BY 128u /* skipping this many other pages costs as much as a scan */
#define WORDS (PAGE_SIZE / sizeof(uint64_t))
#define LANES 8u
#define FACTOR 0x9e3779b97f4a7c15u /* odd, and without a pattern */
#define PATIENCE_MOST 6u

/* ---- Contents ---- */

/* A polynomial hash of the words, in lanes that a CPU computes in parallel. */
static uint32_t hash_of(const uint8_t *bytes)
{
    uint64_t lanes[LANES] = {0}, hash = 0;

    for (uint32_t i = 0; i < WORDS; i += LANES)
        for (uint32_t lane = 0; lane < LANES; lane++) {
            uint64_t word;

            memcpy(&word, bytes + (i + lane) * sizeof word, sizeof word);
            lanes[lane] = lanes[lane] * FACTOR + word;
        }
    for (uint32_t lane = 0; lane < LANES; lane++)
        hash = (hash ^ hash >> 29 ^ lanes[lane]) * FACTOR;
    return (uint32_t)(hash >> 32);
}

/* ---- Chains ---- */

static struct mpa page_mpa(const struct allocator *allocator, uint32_t number)
{
    return (struct mpa){allocator->base + (number << PAGE_SHIFT)};
}

static uint32_t page_number(const struct allocator *allocator, struct mpa page)
{
    return (page.v - allocator->base) >> PAGE_SHIFT;
}

static uint8_t *head_of(const struct vmm *vmm, uint32_t hash)
{
    return allocate_host(&vmm->allocator, vmm->share.table) +
           4 * (hash & (vmm->share.buckets - 1));
}

static void chain_add(struct vmm *vmm, uint32_t number)
{
    struct page *info = &vmm->allocator.pages[number];
    uint8_t *head = head_of(vmm, info->hash);

    info->same = load_le32(head);
    info->chained = true;
    store_le32(head, number);
}

static void chain_remove(struct vmm *vmm, uint32_t number)
{
    struct page *pages = vmm->allocator.pages, *info = &pages[number];
    uint8_t *head = head_of(vmm, info->hash);
    uint32_t at = load_le32(head);

    info->chained = false;
    if (at == number) {
        store_le32(head, info->same);
        return;
    }
    while (pages[at].same != number)
        at = pages[at].same;
    pages[at].same = info->same;
}

void share_forget(struct vmm *vmm, struct mpa page)
{
    if (allocate_info(&vmm->allocator, page)->chained)
        chain_remove(vmm, page_number(&vmm->allocator, page));
}

/* May a page be shared, or be merged into? Not a watched page table, which will soon be written. */
static bool may_share(const struct page *info)
{
    if (info->kind == PAGE_SHARED)
        return info->refs < SHARE_REFS_MOST;
    return info->kind == PAGE_GUEST && !info->traced;
}

static bool same_bytes(const struct allocator *allocator, uint32_t a, uint32_t b)
{
    return !memcmp(allocator->ram + (size_t)a * PAGE_SIZE,
                   allocator->ram + (size_t)b * PAGE_SIZE, PAGE_SIZE);
}

/* Another page with the same bytes; 0: there is none. `*room`: the chain can take one more page. */
static uint32_t chain_find(const struct vmm *vmm, uint32_t number, bool *room)
{
    const struct page *pages = vmm->allocator.pages;
    uint32_t at = load_le32(head_of(vmm, pages[number].hash)), left = SHARE_CHAIN_MOST;

    for (; at && left; at = pages[at].same, left--)
        if (at != number && pages[at].hash == pages[number].hash && may_share(&pages[at]) &&
            same_bytes(&vmm->allocator, at, number))
            return at;
    *room = left;
    return 0;
}

/* ---- One page for several ---- */

static struct vm *owner_of(const struct vmm *vmm, const struct page *info)
{
    return vmm->vms[info->owner - 1];
}

static struct gpa gpa_of(const struct vm *vm, const struct page *info)
{
    return (struct gpa){vm->pmap.base + ((uint64_t)info->place << PAGE_SHIFT)};
}

static void moved(struct vm *vm)
{
    if (vm->vmm->stops)
        stops_moved(vm);
}

/* Turns a guest's page into a shared page, in place. */
static void make_shared(struct vmm *vmm, uint32_t number)
{
    struct page *info = &vmm->allocator.pages[number];
    struct mpa page = page_mpa(&vmm->allocator, number);
    struct vm *vm = owner_of(vmm, info);

    shadow_narrow(&vm->shadow, page, PTE_W);
    assist_drop(vm);
    pmap_set(&vm->pmap, gpa_of(vm, info), page, false);
    rmap_set_kind(&vmm->allocator, page, vm->id, PAGE_SHARED);
    info->owner = ALLOCATE_MONITOR;
    info->refs = 1;
    vmm->share.pages++;
    vmm->share.refs++;
}

static void note_most(struct share *share)
{
    if (share_saved(share) <= share->most_refs - share->most_pages)
        return;
    share->most_pages = share->pages;
    share->most_refs = share->refs;
}

/* Replaces a guest's page by the shared page. */
static void join(struct vmm *vmm, uint32_t number, uint32_t shared)
{
    struct page *info = &vmm->allocator.pages[number];
    struct page *of_all = &vmm->allocator.pages[shared];
    struct mpa page = page_mpa(&vmm->allocator, number);
    struct vm *vm = owner_of(vmm, info);

    memory_drop(vm, page);
    pmap_set(&vm->pmap, gpa_of(vm, info), page_mpa(&vmm->allocator, shared), false);
    if (of_all->patience < info->patience)
        of_all->patience = info->patience;
    of_all->refs++;
    memory_free(vmm, page);
    vmm->share.refs++;
    vmm->share.merged++;
    note_most(&vmm->share);
    moved(vm);
}

/* ---- Scanning ---- */

/* Merges a page with an equal one, or enters it in the hash table. */
static void offer(struct vmm *vmm, uint32_t number)
{
    bool room = false;
    uint32_t equal = chain_find(vmm, number, &room);

    if (equal) {
        if (vmm->allocator.pages[equal].kind == PAGE_GUEST)
            make_shared(vmm, equal);
        join(vmm, number, equal);
    } else if (room && !vmm->allocator.pages[number].chained) {
        chain_add(vmm, number);
    }
}

static void look(struct vmm *vmm, uint32_t number, bool now)
{
    struct page *info = &vmm->allocator.pages[number];
    uint32_t hash = hash_of(vmm->allocator.ram + (size_t)number * PAGE_SIZE);
    bool same = info->looks && info->hash == hash;
    uint32_t enough = 2u << info->patience;

    vmm->share.looked++;
    if (!same && info->chained)
        chain_remove(vmm, number);
    info->hash = hash;
    if (!same)
        info->looks = 0;
    if (info->looks < enough)
        info->looks++;
    if (info->looks == enough || now)
        offer(vmm, number);
}

/* The scan rate: pages per million instructions. */
static uint32_t pace(const struct vmm *vmm)
{
    const struct share *share = &vmm->share;
    uint32_t whole = share->pass ? vmm->allocator.used / share->pass + 1 : share->rate;

    return whole < share->rate ? whole : share->rate;
}

void share_scan(struct vmm *vmm, uint64_t ran)
{
    struct share *share = &vmm->share;
    struct allocator *allocator = &vmm->allocator;

    share->owed += ran * pace(vmm);
    for (uint32_t seen = 0; share->owed >= MILLION && seen < allocator->fresh; seen++) {
        uint32_t number = share->next < allocator->fresh ? share->next : 0;
        const struct page *info = &allocator->pages[number];

        share->next = number + 1;
        if (info->kind != PAGE_GUEST || !may_share(info)) {
            share->owed -= MILLION / PASSED_BY;
            continue;
        }
        share->owed -= MILLION;
        look(vmm, number, false);
    }
    share->owed %= MILLION;
}

void share_range(struct vm *vm, struct gpa gpa, uint64_t len)
{
    struct vmm *vmm = vm->vmm;
    uint64_t end = gpa.v + len;

    if (!vmm->share.on)
        return;
    for (gpa.v &= ~(uint64_t)PAGE_MASK; pmap_next(&vm->pmap, &gpa) && gpa.v < end;
         gpa.v += PAGE_SIZE) {
        struct mpa mpa = pmap_lookup(&vm->pmap, gpa);
        const struct page *info = mpa.v ? allocate_info(&vmm->allocator, mpa) : NULL;

        if (info && info->kind == PAGE_GUEST && may_share(info))
            look(vmm, page_number(&vmm->allocator, mpa), true);
    }
}

bool share_with(struct vm *vm, struct gpa gpa, const struct vm *other)
{
    struct vmm *vmm = vm->vmm;
    struct mpa page = pmap_lookup(&other->pmap, gpa);
    struct page *info = page.v ? allocate_info(&vmm->allocator, page) : NULL;

    if (!info || !may_share(info) || !pmap_attach(&vm->pmap, gpa, page))
        return false;
    if (info->kind == PAGE_GUEST)
        make_shared(vmm, page_number(&vmm->allocator, page));
    pmap_set(&vm->pmap, gpa, page, false);
    info->refs++;
    vmm->share.refs++;
    vmm->share.merged++;
    note_most(&vmm->share);
    return true;
}

/* ---- Ending the sharing of a page ---- */

/* A write has ended the sharing of the page: be more patient with it. */
static void begin_anew(struct vm *vm, struct gpa gpa, struct page *info, uint8_t patience)
{
    info->place = (uint32_t)((gpa.v - vm->pmap.base) >> PAGE_SHIFT);
    info->looks = 0;
    info->patience = patience < PATIENCE_MOST ? (uint8_t)(patience + 1) : patience;
}

/* The last user takes the page back without a copy. */
static void take_back(struct vm *vm, struct gpa gpa, struct mpa page)
{
    struct page *info = allocate_info(&vm->vmm->allocator, page);

    rmap_set_kind(&vm->vmm->allocator, page, vm->id, PAGE_GUEST);
    info->owner = vm->id;
    begin_anew(vm, gpa, info, info->patience);
    vm->vmm->share.pages--;
    vm->vmm->share.refs--;
    assist_drop(vm);
    pmap_set(&vm->pmap, gpa, page, true);
}

/* Gives the VM a copy. Other VMs keep the shared page. */
static bool copy(struct vm *vm, struct gpa gpa, struct mpa page, struct mpa *own)
{
    struct allocator *allocator = &vm->vmm->allocator;

    if (!allocate_unzeroed(allocator, vm->id, PAGE_GUEST, own))
        return false;
    memcpy(allocate_host(allocator, *own), allocate_host(allocator, page), PAGE_SIZE);
    allocate_info(allocator, *own)->place = (uint32_t)((gpa.v - vm->pmap.base) >> PAGE_SHIFT);
    share_release(vm, page);
    pmap_set(&vm->pmap, gpa, *own, true);
    return true;
}

enum pmap_result share_break(struct vm *vm, struct gpa gpa, struct mpa *mpa)
{
    struct mpa page = {mpa->v & ~PAGE_MASK}, own = page;

    if (allocate_info(&vm->vmm->allocator, page)->refs == 1)
        take_back(vm, gpa, page);
    else if (!copy(vm, gpa, page, &own))
        return PMAP_NO_MEMORY;
    dirty_mark(vm, gpa.v); /* writable from now on: a store will not trap for it again */
    vm->vmm->share.broken++;
    mpa->v = own.v | (mpa->v & PAGE_MASK);
    moved(vm);
    return PMAP_OK;
}

void share_release(struct vm *vm, struct mpa page)
{
    struct vmm *vmm = vm->vmm;
    struct page *info = allocate_info(&vmm->allocator, page);

    memory_drop(vm, page);
    vmm->share.refs--;
    if (--info->refs)
        return;
    vmm->share.pages--;
    memory_free(vmm, page);
}

void share_leave(struct vm *vm)
{
    struct gpa gpa = {vm->pmap.base};
    struct mpa mpa;

    for (; (mpa = pmap_next_attached(&vm->pmap, &gpa)).v; gpa.v += PAGE_SIZE) {
        if (allocate_info(&vm->vmm->allocator, mpa)->kind == PAGE_SHARED) {
            share_release(vm, mpa);
            pmap_unset(&vm->pmap, gpa, false);
        } else {
            share_forget(vm->vmm, mpa);
        }
    }
}

/* Without memory for a copy, the page stays shared. */
void share_own_table(struct vm *vm)
{
    struct gpa gpa = {(uint64_t)vm->shadow.hot_shared << PAGE_SHIFT};
    struct mpa page = gpa.v ? pmap_lookup(&vm->pmap, gpa) : MPA_NONE;

    vm->shadow.hot_shared = 0;
    if (page.v && allocate_info(&vm->vmm->allocator, page)->kind == PAGE_SHARED)
        (void)(share_break(vm, gpa, &page) == PMAP_OK);
}

/* ---- Counts ---- */

bool share_has(const struct vm *vm, struct mpa page)
{
    struct gpa gpa = {vm->pmap.base};
    struct mpa at;

    for (; (at = pmap_next_attached(&vm->pmap, &gpa)).v; gpa.v += PAGE_SIZE)
        if (at.v == page.v)
            return true;
    return false;
}

uint32_t share_count(const struct vm *vm)
{
    struct gpa gpa = {vm->pmap.base};
    uint32_t count = 0;
    struct mpa page;

    for (; vm->vmm->share.on && (page = pmap_next_attached(&vm->pmap, &gpa)).v;
         gpa.v += PAGE_SIZE)
        count += allocate_info(&vm->vmm->allocator, page)->kind == PAGE_SHARED;
    return count;
}

bool share_init(struct vmm *vmm, uint32_t rate, uint32_t pass)
{
    struct share *share = &vmm->share;
    uint32_t pages = 1;

    while ((uint64_t)pages * SV32_ENTRIES < vmm->allocator.count / 4)
        pages *= 2;
    *share =
        (struct share){.on = true, .rate = rate, .pass = pass, .buckets = pages * SV32_ENTRIES};
    vmm->pages_move = true;
    return allocate_pages(&vmm->allocator, ALLOCATE_MONITOR, PAGE_SHARE_TABLE, pages,
                          &share->table) &&
           rmap_init_lists(&vmm->allocator, pages);
}
