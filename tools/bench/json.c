/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json.c - the document pz-bench/1, as docs/json.md describes it. */
#include "tools/bench/json.h"

#include "tools/base/base.h"
#include "tools/show/show.h"

static const char *kind_name(uint8_t kind)
{
    static const char *const names[] = {[BENCH_QEMU] = "qemu",
                                        [BENCH_ALONE] = "alone",
                                        [BENCH_BARE] = "bare",
                                        [BENCH_VIRTUAL] = "virtual"};

    return names[kind];
}

static json_t *samples(const struct samples *samples)
{
    json_t *object = json_object();

    if (!samples->count)
        return object;
    json_put(object, "median", json_real(samples_median(samples)));
    json_put(object, "least", json_real(samples->at[0]));
    json_put(object, "most", json_real(samples->at[samples->count - 1]));
    json_put_number(object, "runs", samples->count);
    return object;
}

static json_t *rounds(const struct samples *samples)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < samples->count; i++)
        json_array_append_new(array, json_real(samples->at[i]));
    return array;
}

static void put_bill(json_t *object, const struct bench_cell *cell)
{
    double retired = cell->bill_retired ? (double)cell->bill_retired : 1;
    double direct = 1 - (double)(cell->bill.emulated + cell->bill.interpreted) / retired;
    json_t *bill = json_object();

    json_put(object, "direct", json_real(direct));
    json_put(object, "exits", json_real((double)cell->bill.exits / cell->count));
    json_put_number(bill, "units", cell->count);
    json_put_number(bill, "ns", cell->bill_ns);
    json_put(bill, "counters", outcome_counters(&cell->bill));
    json_put(object, "bill", bill);
}

static json_t *cell_object(const struct bench_system *system, const struct bench_cell *cell)
{
    json_t *object = json_object();

    json_put_text(object, "system", system->name);
    json_put(object, "ok", json_boolean(!cell->failed));
    if (cell->failed) {
        json_put_text(object, "why", cell->why);
        return object;
    }
    json_put_text(object, "result", cell->result);
    json_put_number(object, "count", cell->count);
    json_put(object, "ns", samples(&cell->ns));
    json_put(object, "rounds", rounds(&cell->rounds));
    if (cell->retired > 0) {
        json_put(object, "instructions", json_real(cell->retired));
        json_put(object, "mips", json_real(cell->mips));
    }
    if (cell->billed)
        put_bill(object, cell);
    return object;
}

static json_t *row_object(const struct bench *bench, const struct bench_row *row)
{
    json_t *object = json_object(), *cells = json_array();

    json_put_text(object, "name", row->workload->name);
    json_put_text(object, "class", bench_class_name((enum bench_class)row->workload->class));
    json_put_text(object, "unit", row->workload->unit);
    json_put(object, "equal", json_boolean(row->equal));
    for (unsigned i = 0; i < bench->system_count; i++)
        if (row->cells[i].planned)
            json_array_append_new(cells, cell_object(&bench->systems[i], &row->cells[i]));
    json_put(object, "cells", cells);
    return object;
}

static json_t *system_object(const struct bench_system *system)
{
    json_t *object = json_object();

    json_put_text(object, "name", system->name);
    json_put_text(object, "kind", kind_name(system->kind));
    if (system->engine)
        json_put_text(object, "engine", system->engine->name);
    if (system->kind == BENCH_VIRTUAL) {
        json_put_text(object, "monitor", monitor_desc(system->monitor)->name);
        json_put_text(object, "shadow", options_shadow_name(system->policy));
    }
    return object;
}

static json_t *traps_array(const struct bench_figures *figures)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < figures->traps_count; i++) {
        const struct bench_trap_figures *traps = &figures->traps[i];
        json_t *object = json_object();

        json_put_text(object, "engine", traps->engine->name);
        json_put(object, "stop_ns", samples(&traps->stop));
        json_put(object, "stop_switch_ns", samples(&traps->stop_switch));
        json_put(object, "exit_ns", samples(&traps->monitor));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *crowds_array(const struct bench_figures *figures)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < figures->crowds_count; i++) {
        const struct bench_crowd *crowd = &figures->crowds[i];
        json_t *object = json_object();

        json_put_number(object, "vms", crowd->vms);
        json_put(object, "mips", samples(&crowd->mips));
        json_put_number(object, "resident", crowd->resident);
        json_put_number(object, "accounted", crowd->accounted);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *memory_object(const struct bench_memory *memory)
{
    json_t *object = json_object();

    json_put_number(object, "vm", memory->vm_struct);
    json_put_number(object, "tool", memory->tables);
    json_put_number(object, "pmap", memory->pmap);
    json_put_number(object, "shadow", memory->shadow);
    json_put_number(object, "ram", memory->ram);
    return object;
}

static json_t *figures_object(const struct bench *bench)
{
    const struct bench_figures *figures = &bench->figures;
    json_t *object = json_object(), *idle = json_object();

    json_put(object, "start_pz_ns", samples(&figures->start_pz));
    json_put(object, "start_qemu_ns", samples(&figures->start_qemu));
    json_put(object, "traps", traps_array(figures));
    json_put(object, "world_switch_ns", samples(&figures->world_switch));
    json_put(object, "memory", memory_object(&figures->memory));
    json_put(object, "crowds", crowds_array(figures));
    json_put_number(idle, "vms", figures->idle.vms);
    json_put_number(idle, "wall_ns", figures->idle.wall_ns);
    json_put_number(idle, "cpu_ns", figures->idle.cpu_ns);
    json_put(object, "idle", idle);
    return object;
}

enum pz_err bench_json(const struct bench *bench, struct problem *problem)
{
    json_t *document = json_document("pz-bench/1");
    json_t *systems = json_array(), *workloads = json_array();
    bool equal = true;

    json_put(document, "quick", json_boolean(bench->quick));
    json_put(document, "clock_ns", json_real(bench->clock_ns));
    for (unsigned i = 0; i < bench->system_count; i++)
        json_array_append_new(systems, system_object(&bench->systems[i]));
    for (unsigned i = 0; i < bench->row_count; i++) {
        equal = equal && bench->rows[i].equal;
        json_array_append_new(workloads, row_object(bench, &bench->rows[i]));
    }
    json_put(document, "ok", json_boolean(equal));
    json_put(document, "systems", systems);
    json_put(document, "workloads", workloads);
    if (bench->with_figures)
        json_put(document, "figures", figures_object(bench));
    return json_print(document, problem);
}
