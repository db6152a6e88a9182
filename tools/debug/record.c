/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.c - records each step of the monitor with the state before and after it. An exit
 * begins a record, and resuming the guest ends it.
 */
#include "tools/debug/record.h"

#include "tools/debug/memory.h"

static void look_at_memory(const struct debug_record *record, struct vm *vm,
                           struct debug_shot *shot)
{
    struct sv32_walk walk;

    if (!record->open || !record->has_va || record->vm != vm)
        return;
    (void)debug_walk(vm, shot->hart.satp, record->va, &walk);
    shot->has_pte = walk.pte_pa != 0;
    shot->pte_pa = walk.pte_pa;
    shot->pte = walk.pte;
    shot->has_word =
        debug_read_gva(vm, shot->hart.satp, record->va & ~3u, &shot->word, sizeof shot->word);
    if (record->shadow_root >= 0)
        shot->shadow =
            shadow_lookup(&vm->shadow, (unsigned)record->shadow_root, (struct gva){record->va});
}

static struct debug_shot shoot(const struct debug_record *record, struct vm *vm)
{
    const struct vmm *vmm = vm->vmm;
    struct debug_shot shot = {
        .hart = vm->cpu->hart,
        .deadline = vm->board.deadline,
        .wake = vm->wake,
        .fills = vm->shadow.fills,
        .drops = vm->shadow.drops,
        .console = vm->board.console,
        .end = vm->end,
        .world = vmm->current ? vmm->current->id : 0,
        .root = vmm->engine->space.hgatp ? vmm->engine->space.hgatp : vmm->engine->space.root,
    };

    look_at_memory(record, vm, &shot);
    return shot;
}

static bool is_about_memory(const struct trap *trap)
{
    switch (trap->cause) {
    case CAUSE_INSN_ACCESS:
    case CAUSE_LOAD_ACCESS:
    case CAUSE_STORE_ACCESS:
    case CAUSE_INSN_PAGE_FAULT:
    case CAUSE_LOAD_PAGE_FAULT:
    case CAUSE_STORE_PAGE_FAULT: return true;
    default: return trace_is_second_stage(trap->cause);
    }
}

static void begin(struct debug_record *record, struct vm *vm, const struct probe *probe)
{
    record->vm = vm;
    record->open = true;
    record->told = false;
    record->count = 0;
    record->lost = 0;
    record->has_va = probe->point == PROBE_EXIT && is_about_memory(probe->trap);
    record->va = record->has_va ? probe->trap->tval : 0;
    record->on_device = false;
    record->shadow_root =
        record->has_va && vm->config.monitor != VM_ASSIST ? (int)vm->shadow.current : -1;
    if (probe->point == PROBE_EXIT)
        record->last = shoot(record, vm);
}

static struct debug_step step_of(const struct vm *vm, const struct probe *probe)
{
    struct debug_step step = {
        .point = (uint8_t)probe->point,
        .vm = vm->id,
        .name = probe->name,
        .from = probe->from ? probe->from->id : 0,
        .result = (uint8_t)probe->result,
        .access = (uint8_t)probe->access,
        .event = (uint8_t)probe->event,
        .has_trap = probe->trap != NULL,
    };

    if (probe->trap)
        step.trap = *probe->trap;
    if (probe->insn)
        step.insn = *probe->insn;
    if (probe->walk)
        step.walk = *probe->walk;
    if (probe->mapping)
        step.mapping = *probe->mapping;
    return step;
}

/* Notes the device that an access is to: known from the walk, or from the CPU if it walked. */
static void note_device(struct debug_record *record, const struct vm *vm,
                        const struct probe *probe)
{
    if (probe->point == PROBE_EXIT && trace_is_second_stage(probe->trap->cause))
        record->gpa = trap_gpa(probe->trap) | (probe->trap->tval & 3);
    else if (probe->point == PROBE_WALK && probe->result == SV32_OK)
        record->gpa = probe->walk->pa;
    else
        return;
    record->on_device = record->gpa - vm->pmap.base >= vm->pmap.size;
}

static void append(struct debug_record *record, struct vm *vm, const struct probe *probe)
{
    struct debug_shot now = shoot(record, vm);

    note_device(record, vm, probe);
    if (record->count < DEBUG_STEPS) {
        struct debug_step *step = &record->steps[record->count++];

        *step = step_of(vm, probe);
        step->on_device = probe->point == PROBE_EMULATE && record->on_device;
        step->gpa = probe->point == PROBE_ATTACH ? probe->gpa.v : record->gpa;
        step->mpa = probe->mpa;
        step->before = record->last;
        step->after = now;
    } else {
        record->lost++;
    }
    record->last = now;
}

void debug_record_probe(void *owner, struct vm *vm, const struct probe *probe)
{
    struct debug_record *record = owner;
    bool begins = probe->point == PROBE_EXIT || probe->point == PROBE_INTERRUPT;

    if (begins && !record->keep)
        begin(record, vm, probe);
    if (probe->point == PROBE_ENTER)
        record->last = shoot(record, vm);
    else if (record->open)
        append(record, vm, probe);
    /* The record ends when the guest resumes, or is stopped before that. */
    if (probe->point == PROBE_RESUME || (begins && record->keep))
        record->open = false;
}

void debug_record_event(struct debug_record *record, const struct trace_event *event)
{
    if (!record->open || record->told || !record->vm || record->vm->id != event->vm ||
        event->action == TRACE_SWITCH)
        return;
    record->event = *event;
    record->told = true;
}

/* Steps of the exit itself: what comes after is on the way back to a guest. */
static bool is_handling(const struct debug_step *step)
{
    return step->point != PROBE_LOOK && step->point != PROBE_SWITCH &&
           step->point != PROBE_SPACE && step->point != PROBE_RESUME;
}

const struct debug_shot *debug_record_before(const struct debug_record *record)
{
    return &record->steps[0].before;
}

const struct debug_shot *debug_record_after(const struct debug_record *record)
{
    const struct debug_step *last = &record->steps[0];

    for (unsigned i = 0; i < record->count && is_handling(&record->steps[i]); i++)
        last = &record->steps[i];
    return &last->after;
}

const struct debug_step *debug_record_find(const struct debug_record *record,
                                           enum probe_point point)
{
    for (unsigned i = 0; i < record->count; i++)
        if (record->steps[i].point == point)
            return &record->steps[i];
    return NULL;
}
