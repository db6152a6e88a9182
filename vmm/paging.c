/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paging.c - frees a page when the allocator has none left, trying in this order: unused pages of
 * the VM chosen by the tax; pages of any guest; shadow tables of VMs that are not running, which
 * can be rebuilt; shared pages, which then count as private pages of each VM. If none of these
 * helps, there is no memory.
 */
#include "vmm/paging.h"

#include "vmm/memory.h"
#include "vmm/shadow_root.h"
#include "vmm/share.h"
#include "vmm/stops.h"
#include "vmm/tax.h"

#define ANYBODY 0u

static struct mpa page_mpa(const struct vmm *vmm, uint32_t number)
{
    return (struct mpa){vmm->allocator.base + (number << PAGE_SHIFT)};
}

static uint8_t *host_of(const struct vmm *vmm, uint32_t number)
{
    return allocate_host(&vmm->allocator, page_mpa(vmm, number));
}

static bool is_pinned(const struct vmm *vmm, const struct page *info)
{
    return info->touched && vmm->paging.clock - info->touched < PAGING_PINNED;
}

static uint32_t place_of(const struct vm *vm, struct gpa gpa)
{
    return (uint32_t)((gpa.v - vm->pmap.base) >> PAGE_SHIFT);
}

/* A page of zeros is not stored. False: the store has failed. */
static bool write_out(struct vm *vm, struct gpa gpa, const uint8_t *bytes)
{
    struct paging *paging = &vm->vmm->paging;
    bool zero = phys_is_zero(bytes, PAGE_SIZE);

    if (!zero &&
        !paging->store.write(paging->store.owner, vm->id - 1u, place_of(vm, gpa), bytes))
        return false;
    pmap_unset(&vm->pmap, gpa, !zero);
    paging->out += !zero;
    return true;
}

/* ---- Guests' own pages ---- */

static bool evict(struct vmm *vmm, uint32_t number)
{
    const struct page *info = &vmm->allocator.pages[number];
    struct vm *vm = vmm->vms[info->owner - 1];
    struct gpa gpa = {vm->pmap.base + ((uint64_t)info->place << PAGE_SHIFT)};

    memory_drop(vm, page_mpa(vmm, number));
    if (!write_out(vm, gpa, host_of(vmm, number)))
        return false;
    memory_free(vmm, page_mpa(vmm, number));
    if (vmm->stops)
        stops_moved(vm);
    return true;
}

/*
 * The clock hand passes a page. A mapped page gets a second chance: it is unmapped, and mapped
 * again if it is used.
 */
static uint32_t consider(struct vmm *vmm, uint32_t number, uint16_t owner)
{
    const struct page *info = &vmm->allocator.pages[number];

    if (info->kind != PAGE_GUEST || (owner != ANYBODY && info->owner != owner) ||
        is_pinned(vmm, info))
        return 0;
    if (info->mappings.v) {
        memory_drop(vmm->vms[info->owner - 1], page_mpa(vmm, number));
        return 0;
    }
    return evict(vmm, number);
}

/* Sweeps all pages at most twice. Returns the number of pages written out. */
static uint32_t sweep(struct vmm *vmm, uint16_t owner)
{
    uint32_t *hand = &vmm->paging.hand, count = vmm->allocator.fresh, gone = 0;

    for (uint32_t seen = 0; seen < 2 * count && gone < PAGING_BATCH; seen++) {
        *hand = *hand + 1 < count ? *hand + 1 : 0;
        gone += consider(vmm, *hand, owner);
    }
    return gone;
}

/* ---- Whose? ---- */

static void count_pages(const struct vmm *vmm, struct tax_claim claims[VMM_VMS])
{
    for (unsigned i = 0; i < vmm->vm_count; i++)
        claims[i] = (struct tax_claim){.shares = vmm->vms[i] ? vmm->vms[i]->config.shares : 1};
    for (uint32_t i = 0; i < vmm->allocator.fresh; i++) {
        const struct page *info = &vmm->allocator.pages[i];

        if (info->kind != PAGE_GUEST || is_pinned(vmm, info))
            continue;
        claims[info->owner - 1].pages++;
        claims[info->owner - 1].active += info->mappings.v != 0;
    }
}

static uint16_t whose(const struct vmm *vmm)
{
    struct tax_claim claims[VMM_VMS];
    uint32_t next;

    count_pages(vmm, claims);
    next = tax_next(claims, vmm->vm_count, TAX_RATE_DEFAULT);
    return next == TAX_NOBODY ? ANYBODY : (uint16_t)(next + 1);
}

/* ---- Balloons ---- */

#define LOW_PART 8u    /* balloons grow below an eighth of memory free... */
#define PLENTY_PART 4u /* ...and shrink above a quarter */
#define STEP 256u      /* most pages at a time */

static bool is_asked(const struct vm *vm, uint32_t *wanted, uint32_t *given)
{
    return vm && vm_alive(vm) && board_balloon(&vm->board, wanted, given);
}

/*
 * How many pages more a guest may give. One that has met its target may give up to half of its RAM.
 */
static uint32_t may_give(const struct vm *vm)
{
    uint32_t wanted, given, half;

    if (!is_asked(vm, &wanted, &given) || given < wanted)
        return 0;
    half = (uint32_t)(vm->config.ram_size / PAGE_SIZE / 2);
    if (wanted >= half)
        return 0;
    return half - wanted < STEP ? half - wanted : STEP;
}

static void grow(struct vmm *vmm)
{
    struct tax_claim claims[VMM_VMS];
    uint32_t next, wanted, given;

    count_pages(vmm, claims);
    for (unsigned i = 0; i < vmm->vm_count; i++)
        if (!may_give(vmm->vms[i]))
            claims[i].pages = claims[i].active = 0;
    next = tax_next(claims, vmm->vm_count, TAX_RATE_DEFAULT);
    if (next != TAX_NOBODY && is_asked(vmm->vms[next], &wanted, &given))
        (void)board_want(&vmm->vms[next]->board, wanted + may_give(vmm->vms[next]));
}

/* The balloon's size configured at the start, which it never falls below. */
static uint32_t least_of(const struct vm *vm)
{
    for (unsigned slot = 0; slot < vm->board.fitted; slot++)
        if (vm->board.slots[slot].config.device == VIRTIO_BALLOON)
            return vm->board.slots[slot].config.pages;
    return 0;
}

/* Deflates the balloon that grew most beyond that: its VM paid least. */
static void shrink(struct vmm *vmm)
{
    uint32_t most = 0, wanted, given;
    struct vm *vm = NULL;

    for (unsigned i = 0; i < vmm->vm_count; i++)
        if (is_asked(vmm->vms[i], &wanted, &given) && wanted > least_of(vmm->vms[i]) + most) {
            vm = vmm->vms[i];
            most = wanted - least_of(vm);
        }
    if (vm)
        (void)board_want(&vm->board, least_of(vm) + (most > STEP ? most - STEP : 0));
}

void paging_balance(struct vmm *vmm)
{
    uint32_t left = vmm->allocator.count - vmm->allocator.used;

    if (left < vmm->allocator.count / LOW_PART)
        grow(vmm);
    else if (left > vmm->allocator.count / PLENTY_PART)
        shrink(vmm);
}

/* ---- When guests have no page of their own left ---- */

bool paging_drop_tables(struct vm *vm)
{
    struct shadow *shadow = &vm->shadow;
    bool dropped = false;

    for (unsigned i = 0; i < shadow->root_count; i++) {
        struct shadow_root *root = &shadow->roots[i];

        dropped |= root->tables || (root->used && i != shadow->current);
        if (i == shadow->current)
            shadow_strip_root(shadow, root);
        else if (root->used)
            shadow_root_free(shadow, root);
    }
    return dropped;
}

/* Spares the running VM, which may be in the middle of making a table. */
static bool drop_tables(struct vmm *vmm)
{
    bool dropped = false;

    for (unsigned i = 0; i < vmm->vm_count; i++)
        if (vmm->vms[i] && vmm->vms[i] != vmm->current)
            dropped |= paging_drop_tables(vmm->vms[i]);
    return dropped;
}

/* Writes out every page of the VM that maps to this shared page. */
static bool part_with(struct vm *vm, struct mpa page)
{
    struct gpa gpa = {vm->pmap.base};

    for (; pmap_next(&vm->pmap, &gpa); gpa.v += PAGE_SIZE) {
        if (pmap_lookup(&vm->pmap, gpa).v != page.v)
            continue;
        if (!write_out(vm, gpa, allocate_host(&vm->vmm->allocator, page)))
            return false;
        share_release(vm, page);
    }
    return true;
}

static bool evict_shared(struct vmm *vmm, uint32_t number)
{
    struct mpa page = page_mpa(vmm, number);

    for (unsigned i = 0; i < vmm->vm_count; i++) {
        if (vmm->vms[i] && !part_with(vmm->vms[i], page))
            return false;
        if (vmm->vms[i] && vmm->stops)
            stops_moved(vmm->vms[i]);
    }
    return true;
}

static bool sweep_shared(struct vmm *vmm)
{
    const struct allocator *allocator = &vmm->allocator;

    for (uint32_t i = 0; i < allocator->fresh; i++)
        if (allocator->pages[i].kind == PAGE_SHARED && !is_pinned(vmm, &allocator->pages[i]))
            return evict_shared(vmm, i);
    return false;
}

static bool reclaim(void *owner)
{
    struct vmm *vmm = owner;

    return sweep(vmm, whose(vmm)) || sweep(vmm, ANYBODY) || drop_tables(vmm) ||
           sweep_shared(vmm);
}

/* ---- Back ---- */

const uint8_t *paging_look(struct vm *vm, struct gpa gpa)
{
    const struct paging_store *store = &vm->vmm->paging.store;

    return store->read ? store->read(store->owner, vm->id - 1u, place_of(vm, gpa)) : NULL;
}

enum pmap_result paging_in(struct vm *vm, struct gpa gpa, struct mpa *mpa)
{
    const uint8_t *bytes = paging_look(vm, gpa);
    enum pmap_result result;

    if (!bytes)
        return PMAP_NO_MEMORY;
    pmap_unset(&vm->pmap, gpa, false);
    result = pmap_translate(&vm->pmap, gpa, mpa);
    if (result != PMAP_OK) {
        pmap_unset(&vm->pmap, gpa, true);
        return result;
    }
    memcpy(allocate_host(&vm->vmm->allocator, (struct mpa){mpa->v & ~PAGE_MASK}), bytes,
           PAGE_SIZE);
    vm->vmm->paging.in++;
    if (vm->vmm->stops)
        stops_moved(vm);
    return PMAP_OK;
}

void paging_init(struct vmm *vmm, const struct paging_store *store)
{
    vmm->paging.store = *store;
    vmm->allocator.reclaim = reclaim;
    vmm->allocator.reclaim_owner = vmm;
    vmm->pages_move = true;
}
