/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * launch.c - requests that begin and end a session: the server's capabilities, and what to run.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/dap/session.h"
#include "tools/show/show.h"

#define WORDS_MOST 256u

/* ---- initialize ---- */

static const char *const capabilities[] = {
    "supportsConfigurationDoneRequest",
    "supportsFunctionBreakpoints",
    "supportsConditionalBreakpoints",
    "supportsEvaluateForHovers",
    "supportsStepBack",
    "supportsTerminateRequest",
    "supportsDataBreakpoints",
    "supportsReadMemoryRequest",
    "supportsDisassembleRequest",
    "supportsInstructionBreakpoints",
    "supportsSteppingGranularity",
    "supportsExceptionFilterOptions",
    "supportTerminateDebuggee",
};

/* A trap that a guest's own handler gets, by its cause. */
static json_t *filter_of(const char *filter, const char *label)
{
    return json_pack("{s:s, s:s, s:b, s:b, s:s}", "filter", filter, "label", label, "default",
                     0, "supportsCondition", 1, "conditionDescription",
                     "an expression of the debugger: a7 == 64");
}

static json_t *filters(void)
{
    json_t *list = json_array();
    char name[64];

    (void)json_array_append_new(list, filter_of("trap", "every exit to the monitor"));
    (void)json_array_append_new(list, filter_of("inject", "every trap that the guest gets"));
    for (uint32_t cause = 0; cause < CAUSE_EXCEPTIONS; cause++) {
        (void)!snprintf(name, sizeof name, "inject %" PRIu32, cause);
        if (cause <= CAUSE_ECALL_SUPERVISOR || cause == CAUSE_INSN_PAGE_FAULT ||
            cause == CAUSE_LOAD_PAGE_FAULT || cause == CAUSE_STORE_PAGE_FAULT)
            (void)json_array_append_new(list, filter_of(name, trace_cause_name(cause)));
    }
    (void)json_array_append_new(list, filter_of("interrupt", "interrupts"));
    (void)json_array_append_new(list, filter_of("switch", "world switches"));
    (void)json_array_append_new(list, filter_of("kill", "the monitor ends a VM"));
    return list;
}

enum pz_err dap_initialize(struct dap *dap, const json_t *arguments, json_t *body,
                           struct problem *problem)
{
    const char *format = dap_text(arguments, "pathFormat");

    if (format && strcmp(format, "path"))
        return problem_set(problem, PZ_USAGE, "paths are told as paths, not as '%.40s'",
                           format);
    dap->first_line_0 = json_is_false(json_object_get(arguments, "linesStartAt1"));
    for (unsigned i = 0; i < sizeof capabilities / sizeof capabilities[0]; i++)
        json_put(body, capabilities[i], json_true());
    json_put(body, "exceptionBreakpointFilters", filters());
    return PZ_OK;
}

/* ---- launch ---- */

/* Words for the command line. They stay as long as dap->launch. */
struct line {
    char *words[WORDS_MOST];
    int count;
};

/* Options that are about pz debug's own input and output. */
static bool is_ours(const char *word)
{
    static const char *const ours[] = {"-x",        "--gdb",  "--json", "--batch",
                                       "--execute", "--help", "-h",     "--color"};

    for (unsigned i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (!strncmp(word, ours[i], strlen(ours[i])))
            return true;
    return false;
}

static enum pz_err add_words(struct line *line, const json_t *list, const char *name,
                             struct problem *problem)
{
    size_t i;
    json_t *word;

    if (!list || json_is_null(list))
        return PZ_OK;
    if (!json_is_array(list))
        return problem_set(problem, PZ_USAGE, "'%s' is a list of texts", name);
    json_array_foreach(list, i, word)
    {
        if (!json_is_string(word))
            return problem_set(problem, PZ_USAGE, "'%s' is a list of texts", name);
        if (line->count + 2 >= (int)WORDS_MOST)
            return problem_set(problem, PZ_USAGE, "'%s': more than %u words", name, WORDS_MOST);
        if (!strcmp(name, "args") && is_ours(json_string_value(word)))
            return problem_set(problem, PZ_USAGE, "'args': %.40s has no place here",
                               json_string_value(word));
        line->words[line->count++] = (char *)(uintptr_t)json_string_value(word);
    }
    return PZ_OK;
}

static enum pz_err open_recording(struct dap *dap, const char *path, struct problem *problem)
{
    enum pz_err err = recording_open(&dap->recording, path, problem);

    dap->recorded = true;
    if (!err && dap->recording.part_source)
        return problem_set(problem, PZ_USAGE,
                           "%.200s brings a student's code with it: pz debug runs it again",
                           path);
    if (!err) {
        struct options both = debug_recorded_options(&dap->options, &dap->recording);

        options_free(&dap->options);
        dap->options = both;
        dap->has_options = false; /* they are the recording's now */
    }
    return err;
}

static enum pz_err read_options(struct dap *dap, const json_t *arguments,
                                struct problem *problem)
{
    const char *program = dap_text(arguments, "program");
    const char *recording = dap_text(arguments, "recording");
    struct line line = {.words = {(char[]){"launch"}}, .count = 1};
    enum pz_err err = add_words(&line, json_object_get(arguments, "args"), "args", problem);

    if (!err && program && !recording)
        line.words[line.count++] = (char *)(uintptr_t)program;
    if (!err && !recording)
        err = add_words(&line, json_object_get(arguments, "kernels"), "kernels", problem);
    if (err)
        return err;
    dap->has_options = true;
    err = options_read(&dap->options, OPTIONS_DEBUG, line.count, line.words, problem);
    if (!err && dap->options.list_variants)
        err = problem_set(problem, PZ_USAGE, "--variant list has no place here");
    if (!err && recording)
        err = open_recording(dap, recording, problem);
    return err;
}

static enum pz_err load_programs(struct dap *dap, const json_t *list, struct problem *problem)
{
    enum pz_err err = PZ_OK;
    unsigned vm = 0;

    for (size_t i = 0; !err && i < json_array_size(list) && vm < dap->debug->machine->count;
         i++)
        if (json_is_string(json_array_get(list, i)))
            err = debug_source_load(dap->debug, vm++,
                                    json_string_value(json_array_get(list, i)), problem);
    return err;
}

static enum pz_err open_debug(struct dap *dap, const json_t *arguments, struct problem *problem)
{
    struct debug *debug = calloc(1, sizeof *debug);
    bool live = !dap->options.inputs.count;
    enum pz_err err;

    if (!debug)
        return problem_memory(problem, "the debugger");
    dap->options.json = true; /* consoles are kept until they are told */
    err = debug_open(debug, &dap->options, live, problem);
    dap->debug = debug;
    return err ? err : load_programs(dap, json_object_get(arguments, "userPrograms"), problem);
}

/* As if nothing had been launched. */
static void undo(struct dap *dap)
{
    if (dap->debug)
        debug_close(dap->debug);
    free(dap->debug);
    dap->debug = NULL;
    if (dap->recorded)
        recording_close(&dap->recording);
    if (dap->has_options)
        options_free(&dap->options);
    dap->recorded = dap->has_options = false;
    json_decref(dap->launch);
    dap->launch = NULL;
}

enum pz_err dap_launch(struct dap *dap, const json_t *arguments, json_t *body,
                       struct problem *problem)
{
    enum pz_err err;

    (void)body;
    if (dap->debug)
        return problem_set(problem, PZ_USAGE, "something was launched already");
    dap->launch = json_deep_copy(arguments);
    dap->stop_on_entry = !json_is_false(json_object_get(arguments, "stopOnEntry"));
    err = read_options(dap, dap->launch, problem);
    if (!err)
        err = open_debug(dap, dap->launch, problem);
    if (err)
        undo(dap);
    return err;
}

enum pz_err dap_configuration_done(struct dap *dap, const json_t *arguments, json_t *body,
                                   struct problem *problem)
{
    (void)arguments, (void)body;
    if (dap->configured)
        return problem_set(problem, PZ_USAGE, "configurationDone came already");
    dap->configured = true;
    dap->running = true;
    dap->move = DAP_CONTINUE;
    return PZ_OK;
}

/* ---- The end ---- */

enum pz_err dap_disconnect(struct dap *dap, const json_t *arguments, json_t *body,
                           struct problem *problem)
{
    (void)arguments, (void)body, (void)problem;
    dap->over = true;
    return PZ_OK;
}

/* The client then disconnects. */
enum pz_err dap_terminate(struct dap *dap, const json_t *arguments, json_t *body,
                          struct problem *problem)
{
    (void)arguments, (void)body, (void)problem;
    dap->pause = dap->running;
    dap->terminated = true;
    return PZ_OK;
}
