/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stops.c - translates watched guest-physical memory to machine memory for the engine; see
 * stops.h.
 */
#include "vmm/stops.h"

#include "isa/decode.h"
#include "vmm/vmm.h"

/* ---- Watches for the engine ---- */

/* False: the page is not attached yet, so no access can avoid an exit. */
static bool machine_watch(const struct vmm *vmm, const struct vmm_watch *watch,
                          struct engine_watch *to)
{
    const struct vm *vm = watch->physical ? vmm->vms[watch->vm - 1] : NULL;

    *to = (struct engine_watch){.at = watch->at,
                                .len = watch->len,
                                .physical = watch->physical,
                                .loads = watch->loads,
                                .stores = watch->stores};
    if (!watch->physical)
        return true;
    to->at = vm ? pmap_lookup(&vm->pmap, (struct gpa){watch->at}).v : 0;
    return to->at;
}

static bool same(const struct engine_watch *a, const struct engine_watch *b)
{
    return a->at == b->at && a->len == b->len && a->physical == b->physical &&
           a->loads == b->loads && a->stores == b->stores;
}

/* True: the machine addresses have changed. */
static bool find_memory(const struct vmm *vmm, struct vmm_stops *stops)
{
    uint32_t count = 0;
    bool changed = false;

    stops->unmapped = false;
    for (uint32_t i = 0; i < stops->watch_count; i++) {
        struct engine_watch watch;

        if (!machine_watch(vmm, &stops->watches[i], &watch)) {
            stops->unmapped = true;
            continue;
        }
        changed |= count >= stops->engine.watch_count || !same(&stops->room[count], &watch);
        stops->room[count++] = watch;
    }
    changed |= count != stops->engine.watch_count;
    stops->engine.watches = stops->room;
    stops->engine.watch_count = count;
    return changed;
}

void vmm_heed_stops(struct vmm *vmm, struct vmm_stops *stops)
{
    bool changed;

    vmm->stops = stops;
    engine_pass_all(vmm->engine, !stops);
    if (!stops)
        return;
    changed = stops->changed || vmm->engine->stops != &stops->engine;
    if (stops->changed) {
        stops->engine.at = stops->at;
        stops->engine.count = stops->count;
        stops_index(&stops->engine);
        stops->changed = false;
    }
    changed |= find_memory(vmm, stops);
    if (changed)
        engine_set_stops(vmm->engine, &stops->engine);
}

void stops_mapped(struct vm *vm)
{
    struct vmm_stops *stops = vm->vmm->stops;

    if (stops->unmapped && find_memory(vm->vmm, stops))
        engine_set_stops(vm->vmm->engine, &stops->engine);
}

void stops_moved(struct vm *vm)
{
    if (find_memory(vm->vmm, vm->vmm->stops))
        engine_set_stops(vm->vmm->engine, &vm->vmm->stops->engine);
}

/* ---- Stops at the monitor's own work ---- */

static void note_place(struct vm *vm)
{
    vm->vmm->stops->pc = vm->cpu->hart.pc;
    vm->vmm->stops->mode = vm->cpu->hart.mode;
}

void stops_pass(struct vm *vm, bool access)
{
    note_place(vm);
    engine_pass(vm->vmm->engine, &vm->cpu->hart, access);
}

bool stops_are_passed(const struct vm *vm)
{
    return stops_passed(vm->vmm->engine, &vm->cpu->hart);
}

void stops_met(struct vm *vm)
{
    if (!vm->vmm->stops)
        return;
    vm->vmm->stops->met = true;
    note_place(vm);
}

void stops_exit(struct vm *vm)
{
    struct vmm_stops *stops = vm->vmm->stops;

    note_place(vm);
    stops->vm = vm->id;
    stops->retired = vm_retired(vm);
    stops->traps = vm->board.traps;
}

bool stops_midway(const struct vm *vm)
{
    const struct vmm_stops *stops = vm->vmm->stops;

    return stops && stops->vm == vm->id && stops->retired == vm_retired(vm) &&
           stops->traps == vm->board.traps;
}

void stops_wrote(struct vm *vm, uint64_t gpa, uint32_t len)
{
    struct vmm_stops *stops = vm->vmm->stops;

    for (uint32_t i = 0; i < stops->watch_count; i++) {
        const struct vmm_watch *watch = &stops->watches[i];

        if (watch->physical && watch->vm == vm->id && gpa < watch->at + watch->len &&
            watch->at < gpa + len)
            stops->touched = true;
    }
}

bool stops_ask(struct vm *vm)
{
    const struct vmm_stops *stops = vm->vmm->stops;

    return stops->exits || stops->touched || stops_here(vm->vmm->engine, &vm->cpu->hart) ||
           (stops->exit && stops->exit(stops->owner, vm));
}

bool stops_before(struct vm *vm)
{
    const struct engine *engine = vm->vmm->engine;
    struct vmm_stops *stops = vm->vmm->stops;
    struct insn insn;

    note_place(vm);
    if (!stops_here(engine, &vm->cpu->hart)) {
        if (!stops->watch_count)
            return false;
        insn = decode_insn(vm_insn_at(vm, vm->cpu->hart.pc));
        if (!stops_access_virtual(engine, &vm->cpu->hart, &insn))
            return false;
    }
    stops_met(vm);
    return true;
}
