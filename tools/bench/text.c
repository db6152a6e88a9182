/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.c - the tables for people: first the preferred engine and policy against QEMU and
 * against its own bare board, then every system, the bill of exits, and the other figures.
 */
#include "tools/bench/text.h"

#include <stdio.h>
#include <string.h>

#define SYSTEMS_PER_TABLE 6u
#define LINE 400u
#define BILL_LEAST 0.005 /* exits for one unit, below which a kind is left out */

static const char *duration(double ns, char text[TEXT_NUMBER])
{
    if (ns <= 0)
        snprintf(text, TEXT_NUMBER, "-");
    else if (ns < 999.5)
        snprintf(text, TEXT_NUMBER, "%.*f ns", ns < 10 ? 2 : ns < 100 ? 1 : 0, ns);
    else
        return text_duration((uint64_t)ns, text);
    return text;
}

static const char *times(double ratio, char text[TEXT_NUMBER])
{
    if (ratio <= 0)
        snprintf(text, TEXT_NUMBER, "-");
    else
        snprintf(text, TEXT_NUMBER, "%.2f", ratio);
    return text;
}

/* The spread of a cell's runs, relative to their median. */
static const char *spread(const struct samples *samples, char text[TEXT_NUMBER])
{
    double median = samples_median(samples);

    if (median <= 0)
        snprintf(text, TEXT_NUMBER, "-");
    else
        snprintf(text, TEXT_NUMBER, "-%.0f %% +%.0f %%",
                 100 * (median - samples->at[0]) / median,
                 100 * (samples->at[samples->count - 1] - median) / median);
    return text;
}

static void print_title(const char *title)
{
    printf("\n%s\n", title);
}

/* ---- The preferred system ---- */

struct preferred {
    int qemu, alone, bare, virtual;
};

static struct preferred preferred_of(const struct bench *bench)
{
    const struct engines_kind *engine = bench->engines[0];

    return (struct preferred){
        bench_find(bench, BENCH_QEMU, NULL), bench_find(bench, BENCH_ALONE, engine),
        bench_find(bench, BENCH_BARE, engine), bench_find(bench, BENCH_VIRTUAL, engine)};
}

static void add_summary(struct table *table, const struct bench_row *row, struct preferred at)
{
    double qemu = bench_median(row, at.qemu), bare = bench_median(row, at.bare);
    double virtual = bench_median(row, at.virtual);
    char text[6][TEXT_NUMBER];

    table_add(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", row->workload->name,
              duration(qemu, text[0]), duration(bare, text[1]), duration(virtual, text[2]),
              times(bench_ratio(row, at.qemu, at.virtual), text[3]),
              times(bench_ratio(row, at.virtual, at.bare), text[4]),
              spread(&row->cells[at.virtual].ns, text[5]), row->equal ? "yes" : "NO");
}

static void print_mean(double ratio, const char *what)
{
    if (ratio > 0)
        printf("  geometric mean: %.2f x %s\n", ratio, what);
}

static void print_means(const struct bench *bench, enum bench_class class, struct preferred at)
{
    print_mean(bench_mean_ratio(bench, class, at.qemu, at.virtual), "QEMU's speed");
    print_mean(bench_mean_ratio(bench, class, at.virtual, at.bare), "the bare board's time");
    print_mean(bench_mean_ratio(bench, class, at.virtual, at.alone),
               "the time of the engine alone");
}

static bool has_class(const struct bench *bench, enum bench_class class)
{
    for (unsigned i = 0; i < bench->row_count; i++)
        if (bench->rows[i].workload->class == class)
            return true;
    return false;
}

static void print_class(const struct bench *bench, enum bench_class class, struct preferred at)
{
    struct table table;

    if (!has_class(bench, class) || at.virtual < 0)
        return;
    printf("\n%s, %s: medians of %u runs, for one unit\n", bench_class_name(class),
           bench->systems[at.virtual].name, bench->runs);
    table_init(&table, "lrrrrrrl");
    table_add(&table, "workload\tQEMU bare\tbare\tvirtual\tQEMU/virtual\tvirtual/bare\tspread\t"
                      "equal");
    for (unsigned i = 0; i < bench->row_count; i++)
        if (bench->rows[i].workload->class == class)
            add_summary(&table, &bench->rows[i], at);
    table_print(&table, stdout, 2, 0);
    print_means(bench, class, at);
}

/* ---- Every system ---- */

static void add_cells(struct table *table, const struct bench *bench,
                      const struct bench_row *row, unsigned from)
{
    char line[LINE], text[TEXT_NUMBER];
    int len = snprintf(line, sizeof line, "%s", row->workload->name);

    for (unsigned i = from; i < from + SYSTEMS_PER_TABLE && i < bench->system_count; i++) {
        const struct bench_cell *cell = &row->cells[i];
        const char *shown = cell->failed ? "failed" : duration(bench_median(row, (int)i), text);

        len += snprintf(line + len, sizeof line - (size_t)len, "\t%s", shown);
    }
    table_add(table, "%s", line);
}

static void print_systems(const struct bench *bench, unsigned from)
{
    struct table table;
    char line[LINE] = "workload";
    size_t len = strlen(line);

    table_init(&table, "lrrrrrrr");
    for (unsigned i = from; i < from + SYSTEMS_PER_TABLE && i < bench->system_count; i++)
        len += (size_t)snprintf(line + len, sizeof line - len, "\t%s", bench->systems[i].name);
    table_add(&table, "%s", line);
    for (unsigned i = 0; i < bench->row_count; i++)
        add_cells(&table, bench, &bench->rows[i], from);
    table_print(&table, stdout, 2, 0);
}

static void print_failures(const struct bench *bench)
{
    for (unsigned i = 0; i < bench->row_count; i++)
        for (unsigned k = 0; k < bench->system_count; k++) {
            const struct bench_cell *cell = &bench->rows[i].cells[k];

            if (cell->failed)
                printf("  %s on %s failed: %s\n", bench->rows[i].workload->name,
                       bench->systems[k].name, cell->why);
            else if (cell->planned && !bench->rows[i].equal)
                printf("  %s on %s: result %s\n", bench->rows[i].workload->name,
                       bench->systems[k].name, cell->result);
        }
}

/* ---- The bill ---- */

static void add_bill(struct table *table, const struct bench *bench,
                     const struct bench_row *row, int at)
{
    const struct bench_cell *cell = &row->cells[at];
    const char *name = row->workload->name;
    /* The clock was read twice for each exit: that time was not the guest's. */
    double total = (double)cell->bill_ns - 2 * bench->clock_ns * (double)cell->bill.exits;

    for (unsigned i = 0; i < TRACE_ACTIONS; i++) {
        const struct trace_counter *counter = &cell->bill.action[i];
        double each = bench_bill_ns(bench, counter), count = (double)counter->count;
        char text[TEXT_NUMBER];

        if (count / cell->count < BILL_LEAST)
            continue;
        table_add(table, "%s\t%s\t%.2f\t%s\t%.1f %%", name,
                  trace_action_name((enum trace_action)i), count / cell->count,
                  duration(each, text), total > 0 ? 100 * each * count / total : 0);
        name = "";
    }
}

static void print_bill(const struct bench *bench, struct preferred at)
{
    struct table table;

    if (at.virtual < 0)
        return;
    printf(
        "\nThe bill, %s: exits for one unit, ns in the monitor for each, share of the time\n",
        bench->systems[at.virtual].name);
    table_init(&table, "llrrr");
    table_add(&table, "workload\texit\tcount\teach\tshare");
    for (unsigned i = 0; i < bench->row_count; i++)
        if (bench->rows[i].cells[at.virtual].billed)
            add_bill(&table, bench, &bench->rows[i], at.virtual);
    table_print(&table, stdout, 2, 0);
}

static void print_speed(const struct bench *bench, struct preferred at)
{
    struct table table;

    if (at.virtual < 0)
        return;
    printf("\nInstructions, %s\n", bench->systems[at.virtual].name);
    table_init(&table, "lrrr");
    table_add(&table, "workload\tin one unit\tMIPS\tdirect");
    for (unsigned i = 0; i < bench->row_count; i++) {
        const struct bench_cell *cell = &bench->rows[i].cells[at.virtual];
        double indirect = (double)(cell->bill.emulated + cell->bill.interpreted);

        if (cell->billed)
            table_add(&table, "%s\t%.0f\t%.0f\t%.2f %%", bench->rows[i].workload->name,
                      cell->retired, cell->mips,
                      100 * (1 - indirect / (double)cell->bill_retired));
    }
    table_print(&table, stdout, 2, 0);
}

/* ---- Figures ---- */

static void print_traps(const struct bench_figures *figures)
{
    struct table table;

    print_title("One trap: the engine stopping and going on, the same with another root each\n"
                "time, and one exit through the whole monitor (a quarter of `syscall`)");
    table_init(&table, "lrrrr");
    table_add(&table, "engine\tstop\tstop, switch\texit\texit / stop, switch");
    for (unsigned i = 0; i < figures->traps_count; i++) {
        const struct bench_trap_figures *traps = &figures->traps[i];
        double stop = samples_median(&traps->stop);
        double other = samples_median(&traps->stop_switch);
        double exit = samples_median(&traps->monitor);
        char text[4][TEXT_NUMBER];

        table_add(&table, "%s\t%s\t%s\t%s\t%s", traps->engine->name, duration(stop, text[0]),
                  duration(other, text[1]), duration(exit, text[2]),
                  times(other > 0 ? exit / other : 0, text[3]));
    }
    table_print(&table, stdout, 2, 0);
}

static void print_crowds(const struct bench *bench)
{
    const struct bench_figures *figures = &bench->figures;
    struct table table;

    print_title("Many VMs on one CPU: the same work shared among them");
    table_init(&table, "rrrrr");
    table_add(&table, "VMs\tMIPS together\tspread\thost memory for each\t"
                      "of it RAM, shadows, records");
    for (unsigned i = 0; i < figures->crowds_count; i++) {
        const struct bench_crowd *crowd = &figures->crowds[i];
        char text[3][TEXT_NUMBER];

        table_add(&table, "%u\t%.0f\t%s\t%s\t%s", crowd->vms, samples_median(&crowd->mips),
                  spread(&crowd->mips, text[0]),
                  text_size(crowd->resident / crowd->vms, text[1]),
                  text_size(crowd->accounted / crowd->vms, text[2]));
    }
    table_print(&table, stdout, 2, 0);
}

static void print_memory(const struct bench_memory *memory)
{
    char text[4][TEXT_NUMBER];

    printf("\nA VM's memory, after `switch_8`: %s beyond its RAM and shadow tables\n",
           text_size(memory->vm_struct + memory->tables + memory->pmap, text[0]));
    printf("  struct vm and the tool's tables %s, pmap %s; shadow tables %s, RAM touched %s\n",
           text_size(memory->vm_struct + memory->tables, text[0]),
           text_size(memory->pmap, text[1]), text_size(memory->shadow, text[2]),
           text_size(memory->ram, text[3]));
}

static void print_figures(const struct bench *bench)
{
    const struct bench_figures *figures = &bench->figures;
    char text[3][TEXT_NUMBER];

    print_title("Start-up");
    printf("  a process of pz that runs one instruction, from start to end: %s (%s)\n",
           duration(samples_median(&figures->start_pz), text[0]),
           spread(&figures->start_pz, text[1]));
    if (figures->start_qemu.count)
        printf("  QEMU, from start to the guest's first output: %s (%s)\n",
               duration(samples_median(&figures->start_qemu), text[0]),
               spread(&figures->start_qemu, text[1]));
    print_traps(figures);
    printf("\nA world switch adds %s (%s)\n",
           duration(samples_median(&figures->world_switch), text[0]),
           spread(&figures->world_switch, text[1]));
    print_crowds(bench);
    print_memory(&figures->memory);
    printf("\n%u sleeping VMs for %s: %s of CPU time\n", figures->idle.vms,
           text_duration(figures->idle.wall_ns, text[0]),
           text_duration(figures->idle.cpu_ns, text[1]));
}

void bench_text(const struct bench *bench)
{
    struct preferred at = preferred_of(bench);

    for (unsigned class = 0; class < BENCH_CLASSES; class ++)
        print_class(bench, (enum bench_class) class, at);
    if (bench->row_count) {
        print_speed(bench, at);
        print_title("Every system: medians, for one unit");
        for (unsigned from = 0; from < bench->system_count; from += SYSTEMS_PER_TABLE)
            print_systems(bench, from);
        print_bill(bench, at);
        print_failures(bench);
    }
    if (bench->with_figures)
        print_figures(bench);
}
