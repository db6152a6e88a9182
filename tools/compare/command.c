/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.c - `pz compare`: choose the engine, measure in rounds, report.
 */
#include <stdlib.h>

#include "tools/compare/compare.h"
#include "tools/compare/systems.h"
#include "tools/compare/write.h"

#define RUNS_DEFAULT 3u

/* What is compared, and where the result is written. */
struct comparing {
    struct options options;
    const struct engines_kind *kind;
    struct measure_guest *guests;
    unsigned count;
};

static void name_guest(struct measure_guest *guest, const struct options *options, unsigned k)
{
    const char *append = options_word(&options->appends, k, NULL);

    snprintf(guest->name, sizeof guest->name, "%s%s%s",
             options_word(&options->kernels, k, "mini"), append ? ": " : "",
             append ? append : "");
}

static void plan(struct comparing *comparing)
{
    struct technique list[TECHNIQUES_MOST];
    unsigned count = technique_list(list, comparing->kind);

    for (unsigned k = 0; k < comparing->count; k++) {
        struct measure_guest *guest = &comparing->guests[k];

        guest->count = count;
        name_guest(guest, &comparing->options, k);
        for (unsigned i = 0; i < count; i++)
            guest->rows[i].technique = list[i];
    }
}

static enum pz_err measure(struct comparing *comparing, struct problem *problem)
{
    uint64_t rounds = comparing->options.runs ? comparing->options.runs : RUNS_DEFAULT;
    enum pz_err err = PZ_OK;

    for (unsigned k = 0; !err && k < comparing->count; k++) {
        for (uint64_t round = 0; !err && round < rounds; round++)
            err = measure_round(&comparing->guests[k], &comparing->options, k, problem);
        if (!err)
            measure_finish(&comparing->guests[k]);
    }
    progress_end();
    return err;
}

static enum pz_err tell(const struct comparing *comparing, struct problem *problem)
{
    if (comparing->options.json)
        return write_json(comparing->guests, comparing->count, problem);
    for (unsigned k = 0; k < comparing->count; k++) {
        if (k)
            putchar('\n');
        if (comparing->options.markdown)
            write_markdown(&comparing->guests[k]);
        else
            write_text(&comparing->guests[k]);
    }
    return output_flush(problem);
}

static bool all_same(const struct comparing *comparing)
{
    for (unsigned k = 0; k < comparing->count; k++)
        for (unsigned i = 0; i < comparing->guests[k].count; i++) {
            const struct measure *row = &comparing->guests[k].rows[i];

            if (row->served && row->verdict == MEASURE_DIFFERENT)
                return false;
        }
    return true;
}

static enum pz_err compare(struct comparing *comparing, FILE *chart, struct problem *problem)
{
    const char *path = comparing->options.svg;
    enum pz_err err = measure(comparing, problem), closed;

    if (!err)
        err = tell(comparing, problem);
    if (!err && chart)
        write_chart(chart, comparing->guests, comparing->count);
    closed = outfile_close(chart, 0, "--svg", path, problem);
    return err ? err : closed;
}

enum pz_err command_compare(const struct options *options, struct problem *problem)
{
    struct comparing comparing = {.options = *options, .count = (unsigned)options->vms};
    FILE *chart = NULL;
    enum pz_err err;

    if (options->systems)
        return systems_compare(options, problem);
    err = engines_choose(options->engine, false, &comparing.kind, problem);
    terminal_catch_signals();
    if (!err && options->svg)
        err = outfile_open(&chart, "--svg", options->svg, problem);
    if (err)
        return err;
    comparing.options.engine = comparing.kind->name; /* do not fall back to another */
    comparing.guests = calloc(comparing.count, sizeof *comparing.guests);
    if (!comparing.guests)
        return problem_memory(problem, "the measurements");
    plan(&comparing);
    err = compare(&comparing, chart, problem);
    if (!err && !all_same(&comparing))
        err = PZ_FAILED;
    for (unsigned k = 0; k < comparing.count; k++)
        measure_free(&comparing.guests[k]);
    free(comparing.guests);
    return err;
}
