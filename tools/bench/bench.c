/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench.c - the command: plan, measure, tell. */
#include "tools/bench/bench.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/bench/debugger.h"
#include "tools/bench/json.h"
#include "tools/bench/markdown.h"
#include "tools/bench/measure.h"
#include "tools/bench/neighbours.h"
#include "tools/bench/plan.h"
#include "tools/bench/scheds.h"
#include "tools/bench/svg.h"
#include "tools/bench/text.h"

static enum pz_err report(const struct bench *bench, const struct options *options, FILE *svg,
                          struct problem *problem)
{
    enum pz_err err = PZ_OK;

    if (options->json)
        err = bench_json(bench, problem);
    else if (options->markdown)
        bench_markdown(bench);
    else
        bench_text(bench);
    if (!err && svg)
        err = bench_svg(bench, options->svg, svg, problem);
    return err;
}

/* Measurements are shown even if results differ: they show where. */
static enum pz_err measure_all(const struct options *options, struct problem *problem)
{
    struct bench *bench = calloc(1, sizeof *bench);
    enum pz_err err, told = PZ_OK;
    FILE *svg = NULL;

    if (!bench)
        return problem_memory(problem, "the measurements");
    err = bench_plan(bench, options, problem);
    if (!err)
        err = bench_svg_open(bench, options->svg, &svg, problem);
    if (!err)
        err = bench_measure(bench, problem);
    if (!err || (err == PZ_FAILED && !problem->text[0]))
        told = report(bench, options, svg, problem);
    free(bench->rows);
    free(bench);
    return told ? told : err;
}

/* Has the user said how a kernel is to run? */
static bool describes_kernel(const struct options *options)
{
    return options->initrds.count || options->appends.count || options->virt ||
           options->max_insns != UINT64_MAX || options->mem != OPTIONS_MEM_DEFAULT;
}

/* Tables of their own, by their names. */
static const struct {
    const char *name;
    enum pz_err (*measure)(const struct options *options, struct problem *problem);
} tables[] = {{"debugger", bench_debugger},
              {"sched", bench_scheds},
              {"neighbours", bench_neighbours},
              {NULL, measure_all}};

enum pz_err command_bench(const struct options *options, struct problem *problem)
{
    bool debugger = options->only && !strcmp(options->only, "debugger");
    unsigned i = 0;

    if (options->kernels.count && !debugger)
        return problem_set(problem, PZ_USAGE,
                           "%.200s: a KERNEL is for --only debugger; other measurements have "
                           "guests of their own",
                           options->kernels.at[0]);
    if (!options->kernels.count && describes_kernel(options))
        return problem_set(problem, PZ_USAGE,
                           "--machine, --mem, --initrd, --append and --max-insns are about a "
                           "kernel: give --only debugger KERNEL too");
    if (options->initrds.count > 1 || options->appends.count > 1)
        return problem_set(problem, PZ_USAGE, "--initrd, --append: there is one VM here");
    while (tables[i].name && (!options->only || strcmp(options->only, tables[i].name)))
        i++;
    return tables[i].measure(options, problem);
}
