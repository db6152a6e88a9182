/* SPDX-License-Identifier: GPL-2.0-or-later */
/* points.c - see points.h. */
#include "tools/gdb/points.h"

#include <inttypes.h>
#include <string.h>

#include "isa/decode.h"
#include "tools/debug/debug.h"

void gdb_points_clear(struct gdb_points *points)
{
    memset(points, 0, sizeof *points);
    points->where.vm = points->where.mode = DEBUG_ANY;
}

static struct gdb_point *find(struct gdb_points *points, struct gdb_point point)
{
    for (unsigned i = 0; i < GDB_POINTS; i++) {
        struct gdb_point *at = &points->at[i];

        if (at->used && at->type == point.type && at->address == point.address &&
            at->len == point.len)
            return at;
    }
    return NULL;
}

bool gdb_points_add(struct gdb_points *points, struct gdb_point point)
{
    if (find(points, point))
        return true;
    for (unsigned i = 0; i < GDB_POINTS; i++)
        if (!points->at[i].used) {
            points->at[i] = point;
            points->at[i].used = true;
            points->at[i].number = 0;
            return true;
        }
    return false;
}

void gdb_points_remove(struct gdb_points *points, struct gdb_point point)
{
    struct gdb_point *at = find(points, point);

    if (at)
        at->used = false;
}

/* ---- Breakpoints ---- */

static bool is_break(const struct gdb_point *point)
{
    return point->used && point->type <= GDB_POINT_HARDWARE;
}

/* A breakpoint of the debugger's, written as a person would. */
static bool plant(struct gdb_point *point, const struct debug_where *where, struct debug *debug)
{
    static const char *const modes[] = {[HART_USER] = "user", [HART_SUPERVISOR] = "supervisor"};
    struct debug_context context = {.names = debug_source_names(debug),
                                    .vm = debug_vm(debug),
                                    .vms = debug->machine->count};
    const struct debug_point *made;
    struct problem problem;
    char words[100], vm[16] = "any", space[32] = "";

    if (where->vm != DEBUG_ANY)
        (void)!snprintf(vm, sizeof vm, "%d", where->vm);
    if (where->in_space)
        (void)!snprintf(space, sizeof space, " satp 0x%" PRIx32, where->satp);
    (void)!snprintf(words, sizeof words, "0x%" PRIx32 " vm %s mode %s%s", point->address, vm,
                    where->mode == DEBUG_ANY ? "any" : modes[where->mode], space);
    if (debug_points_break(&debug->points, &context, words, &made, &problem))
        return false;
    point->number = made->number;
    return true;
}

bool gdb_points_plant(struct gdb_points *points, struct debug *debug)
{
    for (unsigned i = 0; i < GDB_POINTS; i++)
        if (is_break(&points->at[i]) && !plant(&points->at[i], &points->where, debug)) {
            gdb_points_lift(points, debug);
            return false;
        }
    return true;
}

void gdb_points_lift(struct gdb_points *points, struct debug *debug)
{
    for (unsigned i = GDB_POINTS; i-- > 0;) {
        struct gdb_point *point = &points->at[i];

        if (!point->number)
            continue;
        (void)!debug_points_delete(&debug->points, point->number);
        /* The numbers that a person sees go on as if ours had not been. */
        if (debug->points.last_number == point->number)
            debug->points.last_number--;
        point->number = 0;
    }
}

const struct gdb_point *gdb_points_of(const struct gdb_points *points,
                                      const struct debug_point *hit)
{
    for (unsigned i = 0; hit && i < GDB_POINTS; i++)
        if (points->at[i].number && points->at[i].number == hit->number)
            return &points->at[i];
    return NULL;
}

/* ---- Watchpoints ---- */

static bool is_watch(const struct gdb_point *point)
{
    return point->used && point->type >= GDB_POINT_WRITE;
}

unsigned gdb_points_watches(const struct gdb_points *points,
                            struct vmm_watch watches[GDB_POINTS])
{
    unsigned count = 0;

    for (unsigned i = 0; i < GDB_POINTS; i++) {
        const struct gdb_point *point = &points->at[i];

        if (is_watch(point))
            watches[count++] = (struct vmm_watch){.at = point->address,
                                                  .len = point->len,
                                                  .loads = point->type != GDB_POINT_WRITE,
                                                  .stores = point->type != GDB_POINT_READ};
    }
    return count;
}

struct reach {
    uint32_t va, len;
    bool loads, stores;
};

/* What the next instruction will access. False: no memory, or it cannot be fetched. */
static bool reach_of(struct vm *vm, struct reach *reach)
{
    const struct hart *hart = &vm->cpu->hart;
    uint16_t low, high = 0;
    struct insn insn;
    unsigned format;

    if (!debug_read_gva(vm, hart->satp, hart->pc, &low, sizeof low))
        return false;
    if (insn_is_wide(low) && !debug_read_gva(vm, hart->satp, hart->pc + 2, &high, sizeof high))
        return false;
    insn = decode_insn((uint32_t)high << 16 | low);
    if (insn.id == INSN_ILLEGAL)
        return false;
    format = insn_desc((enum insn_id)insn.id)->format;
    reach->loads = format == FORMAT_LOAD || format == FORMAT_LR ||
                   (format == FORMAT_AMO && insn.id != INSN_sc_w);
    reach->stores = format == FORMAT_STORE || format == FORMAT_AMO;
    reach->len = insn_width(&insn);
    reach->va = hart->x[insn.rs1];
    if (format == FORMAT_LOAD || format == FORMAT_STORE)
        reach->va += (uint32_t)insn.imm;
    return reach->loads || reach->stores;
}

static bool waits_for(const struct gdb_point *point, const struct reach *reach)
{
    uint64_t end = (uint64_t)point->address + point->len;

    if (!is_watch(point) || reach->va >= end ||
        (uint64_t)reach->va + reach->len <= point->address)
        return false;
    return (reach->stores && point->type != GDB_POINT_READ) ||
           (reach->loads && point->type != GDB_POINT_WRITE);
}

static bool counts_here(const struct debug_where *where, const struct vm *vm)
{
    return (where->vm == DEBUG_ANY || where->vm == (int)vm->id - 1) &&
           (where->mode == DEBUG_ANY || where->mode == (int)vm->cpu->hart.mode) &&
           (!where->in_space || where->satp == vm->cpu->hart.satp);
}

/* An address that is not mapped will fault: the instruction is looked at when it is tried again. */
static bool is_mapped(struct vm *vm, const struct reach *reach)
{
    uint32_t bytes;

    return debug_read_gva(vm, vm->cpu->hart.satp, reach->va, &bytes, reach->len);
}

struct gdb_access gdb_points_watch(const struct gdb_points *points, struct vm *vm)
{
    struct gdb_access access = {NULL, 0};
    struct reach reach;

    if (!counts_here(&points->where, vm) || !reach_of(vm, &reach))
        return access;
    for (unsigned i = 0; !access.point && i < GDB_POINTS; i++)
        if (waits_for(&points->at[i], &reach) && is_mapped(vm, &reach))
            access.point = &points->at[i];
    if (access.point)
        access.address = reach.va > access.point->address ? reach.va : access.point->address;
    return access;
}
