/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command.c - `pz report`: what its words name, and where the page goes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/report/class_page.h"
#include "tools/report/gather.h"
#include "tools/report/link.h"
#include "tools/report/parts.h"
#include "tools/report/report.h"
#include "tools/travel/travel.h"

/* Opened before anything runs: a run is long, and a file that cannot be written soon told. */
static enum pz_err open_out(const struct options *options, FILE **out, struct problem *problem)
{
    *out = stdout;
    return options->output ? outfile_open(out, "-o", options->output, problem) : PZ_OK;
}

static enum pz_err close_out(const struct options *options, FILE *out, struct problem *problem)
{
    if (out == stdout)
        return output_flush(problem);
    return outfile_close(out, 0, "-o", options->output, problem);
}

static enum pz_err write_run(const struct options *options, const struct link_page *page,
                             const char *recording, FILE *out, struct problem *problem)
{
    struct gather *gather = calloc(1, sizeof *gather);
    struct link link = {0};
    char name[LINK_NAME];
    enum pz_err err;
    bool linked = true;

    if (!gather)
        return problem_memory(problem, "the report");
    err = gather_open(gather, options, recording, problem);
    if (!err && recording) {
        link_name(name, recording);
        linked = link_recording(&link, page, recording, name);
    } else if (!err) {
        linked = link_run(&link, page, options);
    }
    if (!linked)
        err = problem_memory(problem, "the report");
    if (!err)
        run_page_write(out, gather, &link);
    link_free(&link);
    gather_close(gather);
    free(gather);
    return err;
}

/* One file, which is a recording: that of a run, or of a failed check. */
static const char *recording_of(const struct options *options)
{
    bool one = options->kernels.count == 1 && recording_is(options->kernels.at[0]);

    return one ? options->kernels.at[0] : NULL;
}

enum pz_err command_report(const struct options *options, struct problem *problem)
{
    struct problem second;
    struct link_page page;
    enum pz_err err = link_page_find(&page, options, problem), closed;
    FILE *out = NULL;

    if (!err)
        err = open_out(options, &out, problem);
    if (err)
        return err;
    if (options_name_results(options))
        err = class_report(options, &page, out, problem);
    else
        err = write_run(options, &page, recording_of(options), out, problem);
    closed = close_out(options, out, err ? &second : problem);
    return err ? err : closed;
}
