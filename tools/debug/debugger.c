/* SPDX-License-Identifier: GPL-2.0-or-later */
/* debugger.c - opens and closes a debugger, and connects the guests' consoles. */
#include "tools/debug/debugger.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/debug/run.h"
#include "tools/debug/source.h"

/* ---- The timeline's world ---- */

static int console_in(void *owner, unsigned vm)
{
    struct debug *debug = owner;

    return input_next(&debug->inputs[vm]);
}

/* Complete lines are shown at once, an unfinished one when the machine stops. */
static void console_out(void *owner, unsigned vm, const uint8_t *bytes, uint32_t len)
{
    struct debug *debug = owner;

    consoles_put(&debug->consoles, vm, bytes, len);
    debug->midline = len && bytes[len - 1] != '\n';
    if (memchr(bytes, '\n', len))
        consoles_flush(&debug->consoles);
}

static void told(void *owner, const struct trace_event *event)
{
    debug_told(owner, event);
}

/* ---- Opening ---- */

struct options debug_recorded_options(const struct options *options,
                                      const struct recording *recording)
{
    struct options both = recording->options;

    both.sets = options->sets;
    both.json = options->json;
    both.stats = options->stats;
    both.batch = options->batch;
    both.color = options->color;
    both.scripts = options->scripts;
    both.checkpoint_mem = options->checkpoint_mem;
    both.checkpoint_every = options->checkpoint_every;
    both.gdb = options->gdb;
    both.recording = recording;
    if (options->engine)
        both.engine = options->engine;
    return both;
}

static enum pz_err open_inputs(struct debug *debug, struct problem *problem)
{
    const struct options *options = debug->options;
    enum pz_err err = PZ_OK;

    debug->inputs = calloc(debug->options->vms, sizeof *debug->inputs);
    if (!debug->inputs)
        return problem_memory(problem, "the consoles");
    for (unsigned vm = 0; !err && vm < debug->options->vms; vm++) {
        const char *path = options_word(&options->inputs, vm, NULL);

        input_empty(&debug->inputs[vm], debug->live);
        /* The debugger reads its commands from standard input. */
        if (path && !strcmp(path, "-"))
            err = problem_set(problem, PZ_USAGE,
                              "--input -: standard input has the debugger's commands; give "
                              "the guest a file, or 'type' at its console");
        else if (path)
            err = input_open(&debug->inputs[vm], path, debug->live, problem);
        else if (options->start &&
                 !options->start->input(options->start->owner, vm, &debug->inputs[vm]))
            err = problem_memory(problem, "the consoles' input");
    }
    return err;
}

static enum pz_err open_consoles(struct debug *debug, struct problem *problem)
{
    const struct options *options = debug->options;
    bool color =
        options->color == COLOR_ALWAYS || (options->color == COLOR_AUTO && terminal_colors(1));
    struct consoles_style style = {
        .keep = options->json, .prefix = debug->options->vms > 1, .color = color};

    return consoles_open(&debug->consoles, stdout, (unsigned)debug->options->vms, style,
                         problem);
}

static enum pz_err open_timeline(struct debug *debug, struct problem *problem)
{
    struct timeline_config config = {
        .options = debug->options,
        .recording = debug->options->recording,
        .checkpoint_mem = debug->options->checkpoint_mem,
        .interval = debug->options->checkpoint_every,
        .hosts = {.console_in = console_in,
                  .console_out = console_out,
                  .trace = told,
                  .translated = true,
                  .owner = debug},
    };
    enum pz_err err = timeline_open(&debug->timeline, &config, problem);

    if (err)
        return err;
    debug->machine = timeline_machine(debug->timeline);
    timeline_tell(debug->timeline, false);
    return debug_source_open(debug, problem);
}

enum pz_err debug_open(struct debug *debug, const struct options *options, bool live,
                       struct problem *problem)
{
    enum pz_err err;

    memset(debug, 0, sizeof *debug);
    debug->options = options;
    debug->live = live;
    disasm_open(&debug->disasm, true);
    debug->disasm.variants = options->variants;
    err = open_consoles(debug, problem);
    if (!err)
        err = open_inputs(debug, problem);
    if (!err)
        err = debug_log_open(&debug->log, problem);
    if (!err)
        err = open_timeline(debug, problem);
    return err;
}

void debug_close(struct debug *debug)
{
    debug_source_close(debug);
    debug_points_close(&debug->points);
    timeline_close(debug->timeline);
    debug_log_close(&debug->log);
    for (unsigned vm = 0; debug->inputs && vm < debug->options->vms; vm++)
        input_close(&debug->inputs[vm]);
    free(debug->inputs);
    consoles_close(&debug->consoles);
    disasm_close(&debug->disasm);
}

enum pz_err debug_edited(struct debug *debug, struct problem *problem)
{
    debug_look_at_vm(debug);
    debug->record.vm = NULL;
    debug->log.count = 0;
    return timeline_edited(debug->timeline, problem);
}
