/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.c - a breakpoint becomes a stop address, where its conditions are checked. A watchpoint of
 * memory becomes a watch of the bytes in guest-physical memory, under whatever virtual address they
 * are written, and of the page-table entries that translate its virtual address.
 */
#include "tools/debug/plan.h"

#include <stdlib.h>
#include <string.h>

#include "tools/debug/memory.h"
#include "vmm/vmm.h"

/* ---- Memory ---- */

struct list {
    struct vmm_watch *at;
    unsigned count;
};

static void add(struct list *list, struct vmm_watch watch)
{
    if (list->count < PLAN_WATCHES)
        list->at[list->count++] = watch;
}

static void add_bytes(struct list *list, const struct vm *vm, uint64_t gpa, uint32_t len)
{
    add(list, (struct vmm_watch){
                  .at = gpa, .len = len, .vm = vm->id, .physical = true, .stores = true});
}

static uint32_t part_of(uint64_t at, uint32_t len)
{
    uint32_t room = PAGE_SIZE - (uint32_t)(at & PAGE_MASK);

    return len < room ? len : room;
}

static void add_entries(struct list *list, const struct vm *vm, const struct sv32_walk *walk,
                        uint32_t va)
{
    if (!walk->pte_pa)
        return; /* translation is off, or no table is there */
    add_bytes(list, vm, walk->table[1] + 4 * SV32_INDEX(va, 1), 4);
    if (walk->pte_pa != walk->table[1] + 4 * SV32_INDEX(va, 1))
        add_bytes(list, vm, walk->pte_pa, 4);
}

static void add_virtual(struct list *list, struct vm *vm, const struct debug_point *point)
{
    uint32_t va = (uint32_t)point->place, left = point->len;
    struct sv32_walk walk;

    for (uint32_t n; left; va += n, left -= n) {
        n = part_of(va, left);
        if (debug_walk(vm, point->satp, va, &walk) == SV32_OK && point->what == DEBUG_WATCH_GVA)
            add_bytes(list, vm, walk.pa, n);
        add_entries(list, vm, &walk, va);
    }
}

static void add_physical(struct list *list, const struct vm *vm,
                         const struct debug_point *point)
{
    uint64_t gpa = point->place;

    for (uint32_t left = point->len, n; left; gpa += n, left -= n) {
        n = part_of(gpa, left);
        add_bytes(list, vm, gpa, n);
    }
}

static bool watches_memory(const struct debug_point *point)
{
    return point->kind == DEBUG_WATCH && point->what != DEBUG_WATCH_EXPR;
}

static void add_points(struct list *list, const struct debug_points *points, struct vm *vms)
{
    for (unsigned i = 0; points && i < points->other_count; i++) {
        const struct debug_point *point = points->at[points->others[i]];

        if (!watches_memory(point))
            continue;
        if (point->what == DEBUG_WATCH_GPA)
            add_physical(list, &vms[point->where.vm], point);
        else
            add_virtual(list, &vms[point->where.vm], point);
    }
}

static void use_watches(struct debug_plan *plan, const struct list *list)
{
    struct vmm_stops *stops = &plan->stops;

    if (list->count == stops->watch_count && stops->watches &&
        !memcmp(list->at, stops->watches, list->count * sizeof *list->at))
        return;
    plan->watches_now ^= 1;
    stops->watches = list->at;
    stops->watch_count = list->count;
    stops->changed = true;
}

/* The array that is not in use, cleared: padding is compared, too. */
static struct list empty_list(struct debug_plan *plan)
{
    struct list list = {plan->watches[plan->watches_now ^ 1], 0};

    memset(list.at, 0, sizeof plan->watches[0]);
    return list;
}

/* ---- Addresses ---- */

static void use_addresses(struct debug_plan *plan, const struct debug_points *points)
{
    struct vmm_stops *stops = &plan->stops;
    uint32_t *at = plan->at[plan->at_now ^ 1], count = 0;

    for (unsigned i = 0; points && i < points->break_count; i++)
        if (!count || points->breaks[i].address != at[count - 1])
            at[count++] = points->breaks[i].address;
    if (stops->at && count == stops->count && !memcmp(at, stops->at, count * sizeof *at))
        return;
    plan->at_now ^= 1;
    stops->at = at;
    stops->count = count;
    stops->changed = true;
}

/* ---- */

static bool after_exit(void *owner, struct vm *vm)
{
    struct debug_plan *plan = owner;

    return debug_points_exit(plan->points, vm);
}

bool debug_plan_make(struct debug_plan *plan, struct debug_points *points, struct vm *vms,
                     const struct vmm_watch *extra, unsigned extra_count)
{
    struct list list = empty_list(plan);

    plan->points = points;
    plan->stops.room = plan->room;
    plan->stops.owner = plan;
    plan->stops.exit = points && debug_points_want_exits(points) ? after_exit : NULL;
    use_addresses(plan, points);
    for (unsigned i = 0; i < extra_count; i++)
        add(&list, extra[i]);
    add_points(&list, points, vms);
    use_watches(plan, &list);
    return list.count < PLAN_WATCHES;
}

void debug_plan_follow(struct debug_plan *plan, struct vm *vms)
{
    struct list list = empty_list(plan);

    for (unsigned i = 0; i < plan->stops.watch_count && !plan->stops.watches[i].physical; i++)
        add(&list, plan->stops.watches[i]);
    add_points(&list, plan->points, vms);
    use_watches(plan, &list);
    if (plan->stops.changed && vms[0].vmm->stops)
        vmm_heed_stops(vms[0].vmm, &plan->stops);
}
