/* SPDX-License-Identifier: GPL-2.0-or-later */
/* points.c - checking whether a point stops the run. Parsing points is left to pointparse.c. */
#include "tools/debug/points.h"

#include <stdlib.h>
#include <string.h>

#include "isa/decode.h"
#include "tools/debug/memory.h"
#include "vmm/stops.h"
#include "vmm/vmm.h"

const char *debug_point_kind_name(unsigned kind)
{
    static const char *const names[] = {[DEBUG_BREAK] = "breakpoint",
                                        [DEBUG_CATCH] = "catchpoint",
                                        [DEBUG_WATCH] = "watchpoint"};

    return names[kind];
}

/* ---- Tables ---- */

bool debug_points_delete(struct debug_points *points, unsigned number)
{
    bool found = false;

    for (unsigned i = 0; i < points->used; i++)
        if (points->at[i]->number && (!number || points->at[i]->number == number)) {
            points->at[i]->number = 0;
            found = true;
        }
    while (points->used && !points->at[points->used - 1]->number)
        points->used--;
    points->indexed = false;
    return found;
}

void debug_points_close(struct debug_points *points)
{
    for (unsigned i = 0; i < DEBUG_POINTS; i++)
        free(points->at[i]);
    memset(points, 0, sizeof *points);
}

static int by_address(const void *a, const void *b)
{
    uint32_t x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x < y ? -1 : x > y;
}

/* The end of a VM has no event: it is noticed when the VM is checked. */
static bool is_end(const struct debug_point *point)
{
    return point->kind == DEBUG_CATCH && point->what == DEBUG_CATCH_END;
}

/* A watchpoint whose value changes only with events need not be checked after each instruction. */
static bool is_steady_watch(const struct debug_point *point)
{
    return point->kind == DEBUG_WATCH && point->what == DEBUG_WATCH_EXPR &&
           debug_expr_is_steady(&point->expr);
}

/* Breakpoints at the same address are in any order. */
static void make_index(struct debug_points *points)
{
    if (points->indexed)
        return;
    points->indexed = true;
    points->break_count = points->other_count = points->steady_count = 0;
    for (unsigned i = 0; i < points->used; i++) {
        const struct debug_point *point = points->at[i];

        if (point->number && point->kind == DEBUG_BREAK && point->has_address) {
            points->breaks[points->break_count].address = point->address;
            points->breaks[points->break_count++].number = (uint16_t)i;
        } else if (point->number) {
            points->others[points->other_count++] = (uint16_t)i;
            if (point->kind == DEBUG_BREAK || is_steady_watch(point))
                points->steady[points->steady_count++] = (uint16_t)i;
        }
    }
    qsort(points->breaks, points->break_count, sizeof points->breaks[0], by_address);
}

/* Does it change only with events, or at a known count? See debug_expr_quiet(). */
static bool is_counted(const struct debug_expr *expr)
{
    return debug_expr_quiet(expr, UINT64_MAX) == UINT64_MAX;
}

/* A breakpoint without an address. */
static bool is_steady_break(const struct debug_point *point)
{
    const struct debug_where *where = &point->where;

    return point->kind == DEBUG_BREAK && !where->at_retired && !where->in_process &&
           (!where->conditional || is_counted(&where->condition));
}

bool debug_points_want_insns(const struct debug_points *points)
{
    if (points->break_count)
        return true;
    for (unsigned i = 0; i < points->other_count; i++) {
        const struct debug_point *point = points->at[points->others[i]];

        if (point->kind != DEBUG_CATCH || is_end(point))
            return true;
    }
    return false;
}

bool debug_points_want_events(const struct debug_points *points)
{
    for (unsigned i = 0; i < points->other_count; i++) {
        const struct debug_point *point = points->at[points->others[i]];

        if ((point->kind == DEBUG_CATCH && !is_end(point)) ||
            (points->each && is_steady_watch(point)))
            return true;
    }
    return false;
}

bool debug_points_want_exits(const struct debug_points *points)
{
    return points->steady_count;
}

/* ---- Conditions ---- */

static bool is_there(const struct debug_where *where, struct vm *vm, unsigned mode)
{
    const struct debug_scope scope = debug_scope_of(vm);

    return (where->vm == DEBUG_ANY || where->vm == (int)vm->id - 1) &&
           (where->mode == DEBUG_ANY || where->mode == (int)mode) &&
           (!where->in_space || where->satp == vm->cpu->hart.satp) &&
           (!where->at_retired || where->retired == vm_retired(vm)) &&
           (!where->in_process ||
            debug_process_is(&where->process_name, &scope, where->process)) &&
           (!where->conditional || debug_expr_holds(&where->condition, &scope));
}

/* ---- Breakpoints ---- */

/* One without an address: where its conditions begin to hold. */
static bool begins(struct debug_point *point, struct vm *vm)
{
    uint8_t *held = &point->held[vm->id - 1];
    bool held_before = *held;

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
    const struct debug_scope scope = debug_scope_of(vm);

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

/*
 * Which instruction made the change: the one that the VM was about to run when it was last
 * checked. Where not every instruction is checked, the one before which it stopped, or at which it
 * exited.
 */
static void note_place(struct debug_point *point, const struct vm *vm)
{
    const struct vmm_stops *stops =
        vm->vmm->stops; /* NULL while every instruction is checked */

    point->by = stops ? stops->pc : point->pc;
    point->by_mode = stops ? stops->mode : point->mode;
    point->pc = vm->cpu->hart.pc;
    point->mode = vm->cpu->hart.mode;
}

/* CSRs belong to the virtual CPU whose turn it is: is it another than at the last check? */
static bool note_cpu(struct debug_point *point, const struct vm *vm)
{
    uint8_t last = point->cpu;

    point->cpu = vm->board.harts.current;
    return last != point->cpu && is_steady_watch(point);
}

static bool changed(struct debug_point *point, struct vm *vm)
{
    uint32_t by = point->by;
    uint8_t by_mode = point->by_mode;
    uint64_t value;
    bool known, by_turn;

    if (point->where.vm != (int)vm->id - 1)
        return false;
    note_place(point, vm);
    by_turn = note_cpu(point, vm);
    known = look(point, vm, &value);
    if (known == point->known && (!known || value == point->now)) {
        point->by = by;
        point->by_mode = by_mode;
        return false;
    }
    point->by_turn = by_turn;
    point->was_known = point->known;
    point->was = point->now;
    point->known = known;
    point->now = value;
    return is_there(&point->where, vm, vm->cpu->hart.mode);
}

static void begin_watch(struct debug_point *point, struct vm *vm)
{
    point->known = look(point, vm, &point->now);
    point->pc = vm->cpu->hart.pc;
    point->mode = vm->cpu->hart.mode;
    point->cpu = vm->board.harts.current;
}

void debug_points_begin(struct debug_points *points, struct vm *vms, unsigned count)
{
    make_index(points);
    for (unsigned i = 0; i < points->other_count; i++) {
        struct debug_point *point = points->at[points->others[i]];

        if (point->kind == DEBUG_WATCH)
            begin_watch(point, &vms[point->where.vm]);
        for (unsigned k = 0; point->kind == DEBUG_BREAK && k < count; k++)
            point->held[k] = is_there(&point->where, &vms[k], vms[k].cpu->hart.mode);
    }
}

static bool stops_here_other(struct debug_point *point, struct vm *vm)
{
    if (is_end(point))
        return !vm_alive(vm) && is_there(&point->where, vm, vm->cpu->hart.mode);
    return (point->kind == DEBUG_BREAK && begins(point, vm)) ||
           (point->kind == DEBUG_WATCH && changed(point, vm));
}

/* The first of those with this address. */
static unsigned find_break(const struct debug_points *points, uint32_t address)
{
    unsigned low = 0, high = points->break_count;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (points->breaks[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static unsigned first_break(const struct debug_points *points, struct vm *vm)
{
    unsigned first = DEBUG_POINTS;

    for (unsigned i = find_break(points, vm->cpu->hart.pc);
         i < points->break_count && points->breaks[i].address == vm->cpu->hart.pc; i++) {
        unsigned number = points->breaks[i].number;

        if (number < first && is_there(&points->at[number]->where, vm, vm->cpu->hart.mode))
            first = number;
    }
    return first;
}

/* All the others are checked, as each records what it last saw; the first that hits counts. */
struct debug_point *debug_points_insn(struct debug_points *points, struct vm *vm)
{
    unsigned first = first_break(points, vm);

    for (unsigned i = 0; i < points->other_count; i++) {
        unsigned number = points->others[i];

        if (stops_here_other(points->at[number], vm) && number < first)
            first = number;
    }
    return first < DEBUG_POINTS ? points->at[first] : NULL;
}

/* ---- When to check ---- */

/* Mode and address space change with an event only. */
static bool is_elsewhere(const struct debug_where *where, const struct vm *vm)
{
    return (where->vm != DEBUG_ANY && where->vm != (int)vm->id - 1) ||
           (where->mode != DEBUG_ANY && where->mode != (int)vm->cpu->hart.mode) ||
           (where->in_space && where->satp != vm->cpu->hart.satp);
}

/* If each instruction is checked: breakpoints with addresses, unless they apply elsewhere. */
static uint64_t quiet_address(const struct debug_points *points, const struct vm *vm)
{
    for (unsigned i = 0; points->each && i < points->break_count; i++)
        if (!is_elsewhere(&points->at[points->breaks[i].number]->where, vm))
            return 1;
    return UINT64_MAX;
}

/*
 * The run must stop at a count even if the conditions do not hold now: an exit on the way there may
 * make them hold. `retired` in a condition is the virtual CPU's own count.
 */
static uint64_t quiet_break(const struct debug_point *point, const struct vm *vm)
{
    const struct debug_where *where = &point->where;
    uint64_t retired = vm_retired(vm);

    if (where->vm != DEBUG_ANY && where->vm != (int)vm->id - 1)
        return UINT64_MAX;
    if (where->at_retired && !point->held[vm->id - 1])
        return where->retired > retired ? where->retired - retired : UINT64_MAX;
    if (!is_steady_break(point) && is_elsewhere(where, vm))
        return UINT64_MAX;
    if (where->at_retired || where->in_process)
        return 1;
    return where->conditional ? debug_expr_quiet(&where->condition, vm->cpu->hart.retired)
                              : UINT64_MAX;
}

/* Changes in any mode and address space must be noted: only the VM matters. */
static uint64_t quiet_watch(const struct debug_points *points, const struct debug_point *point,
                            const struct vm *vm)
{
    bool others = point->where.vm != (int)vm->id - 1;
    bool planned = !points->each && point->what != DEBUG_WATCH_EXPR;

    return others || planned || is_steady_watch(point) ? UINT64_MAX : 1;
}

/* With assistance mode and CSRs change without an exit. */
static bool changes_unseen(const struct debug_point *point, const struct vm *vm)
{
    return vm->config.monitor == VM_ASSIST &&
           (point->kind == DEBUG_BREAK ? !point->where.at_retired
                                       : point->what == DEBUG_WATCH_EXPR);
}

/* If each instruction is checked, with several virtual CPUs: turns begin without an event. */
static bool must_ask(const struct debug_points *points, const struct debug_point *point,
                     const struct vm *vm)
{
    return ((points->each && vm->board.harts.count > 1) || changes_unseen(point, vm)) &&
           (point->where.vm == DEBUG_ANY || point->where.vm == (int)vm->id - 1);
}

static uint64_t quiet_one(const struct debug_points *points, const struct debug_point *point,
                          const struct vm *vm)
{
    if (point->kind == DEBUG_CATCH)
        return UINT64_MAX;
    if (must_ask(points, point, vm))
        return 1;
    return point->kind == DEBUG_BREAK ? quiet_break(point, vm) : quiet_watch(points, point, vm);
}

uint64_t debug_points_quiet(const struct debug_points *points, const struct vm *vm)
{
    uint64_t least = quiet_address(points, vm);

    for (unsigned i = 0; i < points->other_count; i++) {
        uint64_t one = quiet_one(points, points->at[points->others[i]], vm);

        least = one < least ? one : least;
    }
    return least;
}

static bool has_changed(const struct debug_point *point, struct vm *vm)
{
    uint64_t value;

    return point->where.vm == (int)vm->id - 1 &&
           (look(point, vm, &value) != point->known || value != point->now);
}

/* A breakpoint without an address: has it begun or ceased to hold, or must each instruction be
   checked from here on? */
static bool may_break(const struct debug_point *point, struct vm *vm)
{
    if (is_steady_break(point))
        return is_there(&point->where, vm, vm->cpu->hart.mode) != (bool)point->held[vm->id - 1];
    return quiet_break(point, vm) <= 1;
}

bool debug_points_exit(const struct debug_points *points, struct vm *vm)
{
    for (unsigned i = 0; i < points->steady_count; i++) {
        const struct debug_point *point = points->at[points->steady[i]];

        if (point->kind == DEBUG_WATCH ? has_changed(point, vm) : may_break(point, vm))
            return true;
    }
    return false;
}

/* ---- Catchpoints ---- */

static bool is_exit(const struct trace_event *event)
{
    return event->action != TRACE_SWITCH && event->action != TRACE_INTERRUPT &&
           event->action != TRACE_KILL && !event->translated;
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

/* By the cause that the guest's handler sees, which may differ from the CPU's. */
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
    return point->value == (int64_t)event->action && !event->translated;
}

/* If something changes now, this exit did it; in an interpreted page, the page's first exit. */
static void note_event(struct debug_points *points, const struct vm *vm,
                       const struct trace_event *event)
{
    if (event->action == TRACE_INTERPRET)
        return;
    for (unsigned i = 0; i < points->other_count; i++) {
        struct debug_point *point = points->at[points->others[i]];

        if (is_steady_watch(point) && point->where.vm == (int)vm->id - 1) {
            point->pc = event->pc;
            point->mode = event->mode;
        }
    }
}

struct debug_point *debug_points_event(struct debug_points *points, struct vm *vm,
                                       const struct trace_event *event)
{
    note_event(points, vm, event);
    for (unsigned i = 0; i < points->other_count; i++) {
        struct debug_point *point = points->at[points->others[i]];

        if (point->kind == DEBUG_CATCH && is_there(&point->where, vm, event->mode) &&
            catches(point, vm, event))
            return point;
    }
    return NULL;
}
