/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.c - tracks where each page of guest memory is. When a guest page moves to another machine
 * page, it is dropped from the shadows, the second stage and the engine's caches, and its watches
 * move too.
 */
#include "vmm/memory.h"

#include "vmm/assist.h"
#include "vmm/dirty.h"
#include "vmm/paging.h"
#include "vmm/share.h"
#include "vmm/stops.h"
#include "vmm/watch.h"

static bool is_shared(const struct vm *vm, struct mpa mpa)
{
    return allocate_info(vm->pmap.allocator, mpa)->kind == PAGE_SHARED;
}

static enum pmap_result translate(struct vm *vm, struct gpa gpa, bool store, struct mpa *mpa)
{
    enum pmap_result result = pmap_translate(&vm->pmap, gpa, mpa);

    if (result == PMAP_AWAY)
        result = paging_in(vm, gpa, mpa);
    if (result != PMAP_OK)
        return result;
    paging_touch(vm->vmm, *mpa);
    if (!store || !is_shared(vm, *mpa))
        return PMAP_OK;
    result = share_break(vm, gpa, mpa);
    if (result == PMAP_OK)
        paging_touch(vm->vmm, *mpa);
    return result;
}

/* No shadow table is in use at this point, so free them as the last resort. */
static enum pmap_result translate_hard(struct vm *vm, struct gpa gpa, bool store,
                                       struct mpa *mpa)
{
    enum pmap_result result = translate(vm, gpa, store, mpa);

    if (result == PMAP_NO_MEMORY && vm->vmm->paging.store.write && paging_drop_tables(vm))
        result = translate(vm, gpa, store, mpa);
    return result;
}

enum pmap_result memory_translate(struct vm *vm, struct gpa gpa, bool store, struct mpa *mpa)
{
    if (__builtin_expect(!vmm_pages_move(vm->vmm), 1))
        return pmap_translate(&vm->pmap, gpa, mpa);
    return translate_hard(vm, gpa, store, mpa);
}

const uint8_t *memory_look(struct vm *vm, struct gpa gpa)
{
    struct mpa mpa = pmap_lookup(&vm->pmap, gpa);

    if (mpa.v)
        return allocate_host(vm->pmap.allocator, mpa);
    return vmm_pages_move(vm->vmm) && pmap_is_away(&vm->pmap, gpa) ? paging_look(vm, gpa)
                                                                   : NULL;
}

void memory_drop(struct vm *vm, struct mpa page)
{
    if (allocate_info(vm->pmap.allocator, page)->traced)
        watch_stop(&vm->shadow, page);
    shadow_narrow(&vm->shadow, page, PTE_R | PTE_W | PTE_X);
    assist_drop(vm);
}

void memory_free(struct vmm *vmm, struct mpa page)
{
    share_forget(vmm, page);
    engine_code_changed(vmm->engine, page.v, PAGE_SIZE);
    allocate_free(&vmm->allocator, page);
}

void memory_give_up(struct vm *vm, struct gpa gpa)
{
    const struct pmap_source *source = vm->pmap.source;
    struct mpa mpa = pmap_lookup(&vm->pmap, gpa);

    if (source)
        source->forget(source->owner, &vm->pmap, gpa);
    dirty_mark(vm, gpa.v);
    if (mpa.v && is_shared(vm, mpa)) {
        share_release(vm, mpa);
    } else if (mpa.v) {
        memory_drop(vm, mpa);
        memory_free(vm->vmm, mpa);
    }
    if (mpa.v || pmap_is_away(&vm->pmap, gpa))
        pmap_unset(&vm->pmap, gpa, false);
    if (vmm_stops(vm->vmm))
        stops_moved(vm);
}
