/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.c - `pz trace`: a compact trace, filtered, and printed, converted or drawn.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/run/run.h"
#include "tools/travel/travel.h"
#include "vmm/para.h"

struct show {
    const struct options *options;
    unsigned action; /* TRACE_ACTIONS: any */
    uint64_t cause;  /* with `cause_is_number` */
    bool cause_is_number;
    FILE *json; /* NULL: text on stdout */
    FILE *svg;  /* NULL: none is drawn */
    struct trace_chrome chrome;
    struct exits exits; /* to be drawn */
    struct disasm disasm;
};

/* ---- Which ---- */

static bool cause_fits(const struct show *show, const struct trace_event *event)
{
    if (!show->options->cause)
        return true;
    if (event->action == TRACE_SWITCH)
        return false;
    if (show->cause_is_number)
        return event->cause == show->cause;
    return strstr(trace_cause_name(event->cause), show->options->cause);
}

static bool is_wanted(const struct show *show, const struct trace_event *event)
{
    const struct options *options = show->options;

    return (options->only_vm == OPTIONS_ANY_VM || event->vm == options->only_vm + 1) &&
           (show->action == TRACE_ACTIONS || event->action == show->action) &&
           event->retired >= options->from && event->retired <= options->to &&
           cause_fits(show, event);
}

static enum pz_err read_action(struct show *show, struct problem *problem)
{
    const char *names[TRACE_ACTIONS];

    show->action = TRACE_ACTIONS;
    if (!show->options->action)
        return PZ_OK;
    for (unsigned i = 0; i < TRACE_ACTIONS; i++)
        names[i] = trace_action_name((enum trace_action)i);
    return parse_choice("--action", show->options->action, names, TRACE_ACTIONS, &show->action,
                        problem);
}

/* A word that is part of no cause's name finds nothing, ever: say so. */
static enum pz_err read_cause(struct show *show, struct problem *problem)
{
    const char *word = show->options->cause;
    struct problem second;

    if (!word)
        return PZ_OK;
    show->cause_is_number = !parse_count("--cause", word, (struct parse_range){0, UINT32_MAX},
                                         &show->cause, &second);
    for (uint32_t i = 0; !show->cause_is_number && i < CAUSE_EXCEPTIONS; i++)
        if (strstr(trace_cause_name(i), word) ||
            strstr(trace_cause_name(CAUSE_INTERRUPT | i), word))
            return PZ_OK;
    return show->cause_is_number
               ? PZ_OK
               : problem_set(problem, PZ_USAGE, "--cause: no cause's name contains '%.60s'",
                             word);
}

/* ---- Showing ---- */

static enum pz_err on_head(void *owner, const struct trace_head *head, struct problem *problem)
{
    struct show *show = owner;
    uint64_t vm = show->options->only_vm;

    if (vm != OPTIONS_ANY_VM && vm >= head->count)
        return problem_set(problem, PZ_USAGE, "--vm: there is no VM %" PRIu64 " in this trace",
                           vm);
    if (show->svg)
        return exits_open(&show->exits, head->count) ? PZ_OK
                                                     : problem_memory(problem, "the trace");
    if (!show->json)
        printf("# engine %s, shadow %s, %u VM%s\n"
               "# vm retired         pc         mode  action     cause, tval, instruction\n",
               head->engine, head->shadow, head->count, head->count > 1 ? "s" : "");
    else if (!trace_chrome_begin(&show->chrome, show->json, head))
        return problem_memory(problem, "the trace");
    return PZ_OK;
}

static void print(const struct show *show, const struct trace_event *event)
{
    char text[DISASM_TEXT] = "";

    if (event->insn)
        disasm_text(&show->disasm, event->insn, event->pc, text, sizeof text);
    printf("%4u %-15" PRIu64 " 0x%08" PRIx32 " %-5s %-10s", event->vm - 1u, event->retired,
           event->pc, event->mode == HART_SUPERVISOR ? "super" : "user",
           trace_action_name((enum trace_action)event->action));
    if (event->action != TRACE_SWITCH)
        printf(" %s, 0x%" PRIx32, trace_cause_name(event->cause), event->tval);
    if (text[0])
        printf(", %s", text);
    if (event->action == TRACE_PARA)
        printf(", %s", para_name((enum para_function)event->count));
    else if (event->count)
        printf(", %" PRIu32 " instructions", event->count);
    if (event->cpu)
        printf(", cpu%u", event->cpu);
    putchar('\n');
}

static void on_event(void *owner, const struct trace_event *event)
{
    struct show *show = owner;

    if (!is_wanted(show, event))
        return;
    if (show->svg)
        exits_add(&show->exits, event);
    else if (show->json)
        trace_chrome_event(&show->chrome, event);
    else
        print(show, event);
}

/* ---- The command ---- */

static enum pz_err open_files(struct show *show, struct problem *problem)
{
    const struct options *options = show->options;

    if (options->svg && options->to_json)
        return problem_set(problem, PZ_USAGE, "--svg and --to-json: give one of them");
    if (options->svg)
        return outfile_open(&show->svg, "--svg", options->svg, problem);
    if (options->to_json)
        return outfile_open(&show->json, "--to-json", options->to_json, problem);
    return PZ_OK;
}

static enum pz_err close_files(struct show *show, struct problem *problem)
{
    if (show->svg && show->exits.vms)
        exits_svg(show->svg, &show->exits);
    exits_close(&show->exits);
    if (show->svg)
        return outfile_close(show->svg, 0, "--svg", show->options->svg, problem);
    if (show->json && show->chrome.file)
        trace_chrome_end(&show->chrome);
    return outfile_close(show->json, 0, "--to-json", show->options->to_json, problem);
}

static enum pz_err show_all(struct show *show, struct problem *problem)
{
    const struct trace_sink sink = {on_head, on_event, show};
    enum pz_err err = read_action(show, problem), closed;
    struct problem second;

    if (!err)
        err = read_cause(show, problem);
    if (!err)
        err = open_files(show, problem);
    if (!err)
        err = trace_binary_read(show->options->kernels.at[0], &sink, problem);
    closed = close_files(show, &second);
    if (err || !closed)
        return err;
    *problem = second;
    return closed;
}

enum pz_err command_trace(const struct options *options, struct problem *problem)
{
    struct show show = {.options = options};
    enum pz_err err;

    disasm_open(&show.disasm, true);
    err = show_all(&show, problem);
    disasm_close(&show.disasm);
    return err;
}
