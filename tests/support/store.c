/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store.c - the store, memory made short, and the accounts. */
#include "tests/support/store.h"

#include <check.h>
#include <stdlib.h>

#include "vmm/paging.h"

#define SQUEEZER 1000u     /* an owner that no VM is */
#define COUNTED (1u << 14) /* machine pages, at the most */

static bool store_write(void *owner, unsigned vm, uint32_t page, const uint8_t *bytes)
{
    struct store *store = owner;

    ck_assert(vm < STORE_VMS && page < STORE_PAGES);
    if (!store->writes_left)
        return false;
    store->writes_left--;
    if (!store->pages[vm][page])
        store->pages[vm][page] = malloc(PAGE_SIZE);
    memcpy(store->pages[vm][page], bytes, PAGE_SIZE);
    return true;
}

static const uint8_t *store_read(void *owner, unsigned vm, uint32_t page)
{
    struct store *store = owner;

    ck_assert_ptr_nonnull(store->pages[vm][page]);
    return store->lost ? NULL : store->pages[vm][page];
}

void store_init(struct store *store, struct vmm *vmm)
{
    const struct paging_store to = {store_write, store_read, store};

    memset(store, 0, sizeof *store);
    store->writes_left = UINT64_MAX;
    paging_init(vmm, &to);
}

void store_free(struct store *store)
{
    for (unsigned vm = 0; vm < STORE_VMS; vm++)
        for (uint32_t page = 0; page < STORE_PAGES; page++)
            free(store->pages[vm][page]);
}

static bool take(struct vmm *vmm)
{
    struct mpa mpa;
    bool taken = allocate_page(&vmm->allocator, SQUEEZER, PAGE_PMAP, &mpa);

    if (taken)
        memset(allocate_host(&vmm->allocator, mpa), 0xa5, PAGE_SIZE);
    return taken;
}

void store_squeeze(struct vmm *vmm, uint64_t pages)
{
    while (vmm->allocator.used < vmm->allocator.count && take(vmm))
        ;
    while (pages-- && take(vmm))
        ;
    allocate_reclaim(&vmm->allocator, SQUEEZER);
}

/* ---- Accounts ---- */

/* True: it is its own. */
static bool check_page(const struct vm *vm, struct gpa gpa, uint32_t *refs)
{
    const struct allocator *allocator = &vm->vmm->allocator;
    struct mpa mpa = pmap_lookup(&vm->pmap, gpa);
    const struct page *info = allocate_info(allocator, mpa);

    if (info->kind == PAGE_SHARED) {
        refs[mpa.v >> PAGE_SHIFT]++;
        return false;
    }
    ck_assert_uint_eq(info->kind, PAGE_GUEST);
    ck_assert_uint_eq(info->owner, vm->id);
    ck_assert_uint_eq(info->place, (gpa.v - vm->pmap.base) >> PAGE_SHIFT);
    return true;
}

/* What the VM's own tables say that it has is what the allocator's records say. */
static void check_census(const struct vm *vm)
{
    uint32_t census[PAGE_KINDS + 1], searched[PAGE_KINDS + 1];

    vm_census(vm, census);
    allocate_census(vm->pmap.allocator, vm->id, searched);
    searched[PAGE_RESERVED] = 0;
    searched[PAGE_SHARED] = share_count(vm);
    ck_assert_mem_eq(census, searched, sizeof census);
}

static void check_vm(struct vm *vm, uint32_t *refs)
{
    struct gpa gpa = {vm->pmap.base};
    uint32_t own = 0;

    ck_assert_uint_eq(vm_shadow_check(vm, NULL), 0);
    for (; pmap_next(&vm->pmap, &gpa); gpa.v += PAGE_SIZE)
        own += !pmap_is_away(&vm->pmap, gpa) && check_page(vm, gpa, refs);
    ck_assert_uint_eq(own, allocate_count(vm->pmap.allocator, vm->id, PAGE_GUEST));
    check_census(vm);
}

static void check_shared(const struct vmm *vmm, const uint32_t *refs)
{
    const struct allocator *allocator = &vmm->allocator;
    uint32_t pages = 0, all = 0;

    for (uint32_t i = 0; i < allocator->fresh; i++) {
        if (allocator->pages[i].kind != PAGE_SHARED)
            continue;
        ck_assert_uint_eq(allocator->pages[i].refs, refs[i]);
        ck_assert_uint_eq(allocator->pages[i].owner, ALLOCATE_MONITOR);
        ck_assert_uint_le(refs[i], SHARE_REFS_MOST);
        pages++;
        all += refs[i];
    }
    ck_assert_uint_eq(vmm->share.pages, pages);
    ck_assert_uint_eq(vmm->share.refs, all);
}

void store_check(struct vmm *vmm)
{
    static uint32_t refs[COUNTED];

    ck_assert_uint_le(vmm->allocator.count, COUNTED);
    memset(refs, 0, sizeof refs);
    for (unsigned i = 0; i < vmm->vm_count; i++)
        if (vmm->vms[i])
            check_vm(vmm->vms[i], refs);
    check_shared(vmm, refs);
}
