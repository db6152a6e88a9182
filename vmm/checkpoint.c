/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checkpoint.c - the state of a monitor. A VM's state is in struct vm, except its memory;
 * everything else is in machine memory, including shadows, pmaps and the allocator's tables.
 * Replaced parts declare where their state is.
 *
 *    machine page:   0 .. tables | given out once: kept unless free | never given out: zero
 *                                                                   ^ allocator.fresh
 */
#include "vmm/checkpoint.h"

#include "vmm/parts.h"

/* The saved state of the monitor itself; its VMs follow in order of their ids. */
struct monitor {
    struct allocator allocator;
    struct vmm_turn turn;
    struct vm *current;
    uint64_t slice, horizon, events, switches;
    struct sched sched;
    struct share share;
    struct vmm_cpu cpu; /* the state a replaced world switch has left on the CPU */
};

static const struct vm *vm_at(const struct vmm *vmm, unsigned slot)
{
    return slot < vmm->vm_count ? vmm->vms[slot] : NULL;
}

size_t checkpoint_size(const struct vmm *vmm)
{
    size_t size = sizeof(struct monitor) + vmm->parts->data_size;

    for (unsigned i = 0; i < vmm->vm_count; i++)
        size += vm_at(vmm, i) ? sizeof(struct vm) : 0;
    return size;
}

void checkpoint_save(const struct vmm *vmm, void *state)
{
    const struct monitor monitor = {
        .allocator = vmm->allocator,
        .turn = vmm->turn,
        .current = vmm->current,
        .slice = vmm->slice,
        .horizon = vmm->horizon,
        .events = vmm->events,
        .switches = vmm->switches,
        .sched = vmm->sched,
        .share = vmm->share,
        .cpu = vmm->cpu,
    };
    uint8_t *to = state;

    memcpy(to, &monitor, sizeof monitor);
    to += sizeof monitor;
    for (unsigned i = 0; i < vmm->vm_count; i++)
        if (vm_at(vmm, i)) {
            memcpy(to, vm_at(vmm, i), sizeof(struct vm));
            to += sizeof(struct vm);
        }
    if (vmm->parts->data_size)
        memcpy(to, vmm->parts->data, vmm->parts->data_size);
}

uint32_t checkpoint_pages(const struct vmm *vmm)
{
    return vmm->allocator.fresh;
}

/* Records of never-allocated pages need no saving: they are written before they are read. */
static bool is_unused_table(const struct allocator *allocator, uint32_t number)
{
    return number * (uint64_t)PAGE_SIZE >= allocator->fresh * sizeof(struct page);
}

const uint8_t *checkpoint_page(const struct vmm *vmm, uint32_t number)
{
    const struct allocator *allocator = &vmm->allocator;
    enum page_kind kind = (enum page_kind)allocator->pages[number].kind;

    if (kind == PAGE_FREE || kind == PAGE_RESERVED ||
        (kind == PAGE_MONITOR && is_unused_table(allocator, number)))
        return NULL;
    return allocator->ram + (size_t)number * PAGE_SIZE;
}

static void changed(struct vmm *vmm, uint32_t number)
{
    engine_code_changed(vmm->engine, (uint64_t)number << PAGE_SHIFT, PAGE_SIZE);
}

/*
 * The contents of a free page do not matter. But the page may have been allocated to a guest
 * since, and will be zeroed at the next allocation, so the engine must drop code that it has
 * translated from it.
 */
static bool restore_page(struct vmm *vmm, uint32_t number, const uint8_t *bytes)
{
    uint8_t *page = vmm->allocator.ram + (size_t)number * PAGE_SIZE;

    if (bytes && !memcmp(page, bytes, PAGE_SIZE))
        return false;
    if (bytes)
        memcpy(page, bytes, PAGE_SIZE);
    changed(vmm, number);
    return bytes;
}

/* Zeroes the pages that were not yet allocated at the checkpoint. */
static void clear_pages(struct vmm *vmm, uint32_t from, uint32_t to)
{
    for (uint32_t number = from; number < to; number++) {
        memset(vmm->allocator.ram + (size_t)number * PAGE_SIZE, 0, PAGE_SIZE);
        changed(vmm, number);
    }
}

static void restore_monitor(struct vmm *vmm, const struct monitor *monitor)
{
    vmm->allocator = monitor->allocator;
    vmm->allocator.stale = true;
    vmm->turn = monitor->turn;
    vmm->current = monitor->current;
    vmm->slice = monitor->slice;
    vmm->horizon = monitor->horizon;
    vmm->events = monitor->events;
    vmm->switches = monitor->switches;
    vmm->sched = monitor->sched;
    vmm->share = monitor->share;
    vmm->cpu = monitor->cpu;
    vmm->halt = false;
}

static void restore_vm(struct vm *vm, const uint8_t *from)
{
    struct board_host host = vm->board.host;

    memcpy(vm, from, sizeof *vm);
    vm->board.host = host;
    vm->config.host = host;
}

uint32_t checkpoint_restore(struct vmm *vmm, const void *state,
                            const struct checkpoint_kept *kept)
{
    const uint8_t *from = state;
    uint32_t used = vmm->allocator.fresh, count = 0;
    struct monitor monitor;

    memcpy(&monitor, from, sizeof monitor);
    from += sizeof monitor;
    for (uint32_t i = 0; i < monitor.allocator.fresh; i++)
        count += restore_page(vmm, i, kept->page(kept->owner, i));
    if (used > monitor.allocator.fresh)
        clear_pages(vmm, monitor.allocator.fresh, used);
    restore_monitor(vmm, &monitor);
    for (unsigned i = 0; i < vmm->vm_count; i++)
        if (vmm->vms[i]) {
            restore_vm(vmm->vms[i], from);
            from += sizeof(struct vm);
        }
    if (vmm->parts->data_size)
        memcpy(vmm->parts->data, from, vmm->parts->data_size);
    engine_drop_all(vmm->engine);
    return count;
}
