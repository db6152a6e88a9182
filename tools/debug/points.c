/* SPDX-License-Identifier: GPL-2.0-or-later */
/* points.c - asking the points whether to stop. How they are written is pointparse's. */
#include "tools/debug/points.h"

#include <string.h>

#include "isa/decode.h"
#include "tools/debug/memory.h"

const char *debug_point_kind_name(unsigned kind)
{
    static const char *const names[] = {[DEBUG_BREAK] = "breakpoint",
                                        [DEBUG_CATCH] = "catchpoint",
                                        [DEBUG_WATCH] = "watchpoint"};

    return names[kind];
}

bool debug_points_delete(struct debug_points *points, unsigned number)
{
    bool found = false;

    for (unsigned i = 0; i < points->used; i++)
        if (points->at[i].number && (!number || points->at[i].number == number)) {
            points->at[i].number = 0;
            found = true;
        }
    while (points->used && !points->at[points->used - 1].number)
        points->used--;
    return found;
}

/* An end is no event of its own: it is seen when the VM is looked at. */
static bool is_end(const struct debug_point *point)
{
    return point->kind == DEBUG_CATCH && point->what == DEBUG_CATCH_END;
}

/* A watchpoint of what changes with an event only: it is not asked after each instruction. */
static bool is_steady_watch(const struct debug_point *point)
{
    return point->kind == DEBUG_WATCH && point->what == DEBUG_WATCH_EXPR &&
           debug_expr_is_steady(&point->expr);
}

bool debug_points_want_insns(const struct debug_points *points)
{
    for (unsigned i = 0; i < points->used; i++)
        if (points->at[i].number &&
            (points->at[i].kind != DEBUG_CATCH || is_end(&points->at[i])))
            return true;
    return false;
}

bool debug_points_want_events(const struct debug_points *points)
{
    for (unsigned i = 0; i < points->used; i++)
        if (points->at[i].number &&
            ((points->at[i].kind == DEBUG_CATCH && !is_end(&points->at[i])) ||
             is_steady_watch(&points->at[i])))
            return true;
    return false;
}

/* ---- Conditions ---- */

static bool is_there(const struct debug_where *where, struct vm *vm, unsigned mode)
{
    const struct debug_scope scope = {vm, &vm->cpu->hart};

    return (where->vm == DEBUG_ANY || where->vm == (int)vm->id - 1) &&
           (where->mode == DEBUG_ANY || where->mode == (int)mode) &&
           (!where->in_space || where->satp == vm->cpu->hart.satp) &&
           (!where->at_retired || where->retired == vm->cpu->hart.retired) &&
           (!where->conditional || debug_expr_holds(&where->condition, &scope));
}

/* ---- Breakpoints ---- */

static bool breaks(struct debug_point *point, struct vm *vm)
{
    uint8_t *held = &point->held[vm->id - 1];
    bool held_before = *held;

    if (point->has_address)
        return vm->cpu->hart.pc == point->address &&
               is_there(&point->where, vm, vm->cpu->hart.mode);
    *held = is_there(&point->where, vm, vm->cpu->hart.mode);
    return *held && !held_before;
}

/* ---- Watchpoints ---- */

static bool page_table_entry(const struct debug_point *point, struct vm *vm, uint64_t *value)
{
    struct sv32_walk walk;

    (void)debug_walk(vm, point->satp, (uint32_t)point->place, &walk);
    *value = walk.pte;
    return walk.pte_pa;
}

static bool look(const struct debug_point *point, struct vm *vm, uint64_t *value)
{
    const struct debug_scope scope = {vm, &vm->cpu->hart};

    *value = 0;
    switch ((enum debug_watch)point->what) {
    case DEBUG_WATCH_GVA:
        return debug_read_gva(vm, point->satp, (uint32_t)point->place, value, point->len);
    case DEBUG_WATCH_GPA: return debug_read_gpa(vm, point->place, value, point->len);
    case DEBUG_WATCH_PTE: return page_table_entry(point, vm, value);
    case DEBUG_WATCH_EXPR: break;
    }
    return debug_expr_value(&point->expr, &scope, value);
}

static bool changed(struct debug_point *point, struct vm *vm)
{
    uint64_t value;
    bool known;
    uint32_t by = point->pc;
    uint8_t by_mode = point->mode;

    if (point->where.vm != (int)vm->id - 1)
        return false;
    point->pc = vm->cpu->hart.pc;
    point->mode = vm->cpu->hart.mode;
    known = look(point, vm, &value);
    if (known == point->known && (!known || value == point->now))
        return false;
    point->was_known = point->known;
    point->was = point->now;
    point->known = known;
    point->now = value;
    point->by = by;
    point->by_mode = by_mode;
    return is_there(&point->where, vm, vm->cpu->hart.mode);
}

static void begin_watch(struct debug_point *point, struct vm *vm)
{
    point->known = look(point, vm, &point->now);
    point->pc = vm->cpu->hart.pc;
    point->mode = vm->cpu->hart.mode;
}

void debug_points_begin(struct debug_points *points, struct vm *vms, unsigned count)
{
    for (unsigned i = 0; i < points->used; i++) {
        struct debug_point *point = &points->at[i];

        if (!point->number)
            continue;
        if (point->kind == DEBUG_WATCH)
            begin_watch(point, &vms[point->where.vm]);
        for (unsigned k = 0; point->kind == DEBUG_BREAK && k < count; k++)
            point->held[k] = is_there(&point->where, &vms[k], vms[k].cpu->hart.mode);
    }
}

static bool stops_here(struct debug_point *point, struct vm *vm)
{
    if (is_end(point))
        return !vm_alive(vm) && is_there(&point->where, vm, vm->cpu->hart.mode);
    return (point->kind == DEBUG_BREAK && breaks(point, vm)) ||
           (point->kind == DEBUG_WATCH && changed(point, vm));
}

/* All are asked, so that each knows what it last saw; the first that says stop counts. */
struct debug_point *debug_points_insn(struct debug_points *points, struct vm *vm)
{
    struct debug_point *hit = NULL;

    for (unsigned i = 0; i < points->used; i++) {
        struct debug_point *point = &points->at[i];

        if (point->number && stops_here(point, vm) && !hit)
            hit = point;
    }
    return hit;
}

/* ---- When to ask ---- */

/* Mode and address space change with an event only. */
static bool is_elsewhere(const struct debug_where *where, const struct vm *vm)
{
    return (where->vm != DEBUG_ANY && where->vm != (int)vm->id - 1) ||
           (where->mode != DEBUG_ANY && where->mode != (int)vm->cpu->hart.mode) ||
           (where->in_space && where->satp != vm->cpu->hart.satp);
}

static uint64_t quiet_break(const struct debug_point *point, const struct vm *vm)
{
    const struct debug_where *where = &point->where;
    uint64_t retired = vm->cpu->hart.retired;

    if (is_elsewhere(where, vm))
        return UINT64_MAX;
    if (where->at_retired && !point->held[vm->id - 1])
        return where->retired > retired ? where->retired - retired : UINT64_MAX;
    if (point->has_address || where->at_retired)
        return 1;
    return !where->conditional || debug_expr_is_steady(&where->condition) ? UINT64_MAX : 1;
}

/* A change elsewhere must be noted, too: only whose VM it is counts. */
static uint64_t quiet_watch(const struct debug_point *point, const struct vm *vm)
{
    bool others = point->where.vm != (int)vm->id - 1;

    return others || is_steady_watch(point) ? UINT64_MAX : 1;
}

static uint64_t quiet_one(const struct debug_point *point, const struct vm *vm)
{
    if (!point->number || point->kind == DEBUG_CATCH)
        return UINT64_MAX;
    return point->kind == DEBUG_BREAK ? quiet_break(point, vm) : quiet_watch(point, vm);
}

uint64_t debug_points_quiet(const struct debug_points *points, const struct vm *vm)
{
    uint64_t least = UINT64_MAX;

    for (unsigned i = 0; i < points->used; i++) {
        uint64_t one = quiet_one(&points->at[i], vm);

        least = one < least ? one : least;
    }
    return least;
}

/* ---- Catchpoints ---- */

static bool is_exit(const struct trace_event *event)
{
    return event->action != TRACE_SWITCH && event->action != TRACE_INTERRUPT &&
           event->action != TRACE_KILL;
}

static bool names_csr(const struct trace_event *event, int64_t id)
{
    struct insn insn = decode_insn(event->insn);
    enum csr_id csr;

    if (!event->insn || insn.id == INSN_ILLEGAL ||
        insn_desc((enum insn_id)insn.id)->privilege != INSN_PRIVILEGE_BY_CSR)
        return false;
    csr = csr_find((uint32_t)insn.imm);
    return id == DEBUG_ANY || id == (int64_t)csr;
}

/* What the guest's handler was told, which need not be what the CPU said. */
static bool injected(const struct debug_point *point, const struct vm *vm,
                     const struct trace_event *event)
{
    if (event->action != TRACE_INJECT && event->action != TRACE_INTERRUPT)
        return false;
    return point->value == DEBUG_ANY || point->value == (int64_t)vm->cpu->hart.scause;
}

static bool catches(const struct debug_point *point, const struct vm *vm,
                    const struct trace_event *event)
{
    switch ((enum debug_catch)point->what) {
    case DEBUG_CATCH_TRAP:
        return (is_exit(event) || (event->cause & CAUSE_INTERRUPT)) &&
               (point->value == DEBUG_ANY || point->value == (int64_t)event->cause);
    case DEBUG_CATCH_INJECT: return injected(point, vm, event);
    case DEBUG_CATCH_CSR: return names_csr(event, point->value);
    case DEBUG_CATCH_SWITCH: return event->action == TRACE_SWITCH;
    case DEBUG_CATCH_END: return false;
    case DEBUG_CATCH_ACTION: break;
    }
    return point->value == (int64_t)event->action;
}

/* What changes now will have been changed by this. */
static void note_event(struct debug_points *points, const struct vm *vm,
                       const struct trace_event *event)
{
    for (unsigned i = 0; i < points->used; i++) {
        struct debug_point *point = &points->at[i];

        if (point->number && is_steady_watch(point) && point->where.vm == (int)vm->id - 1) {
            point->pc = event->pc;
            point->mode = event->mode;
        }
    }
}

struct debug_point *debug_points_event(struct debug_points *points, struct vm *vm,
                                       const struct trace_event *event)
{
    note_event(points, vm, event);
    for (unsigned i = 0; i < points->used; i++) {
        struct debug_point *point = &points->at[i];

        if (point->number && point->kind == DEBUG_CATCH &&
            is_there(&point->where, vm, event->mode) && catches(point, vm, event))
            return point;
    }
    return NULL;
}
