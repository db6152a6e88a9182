/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.c - runs the machine forwards for a while, as fast as it goes, works ahead of going back, and
 * types at its consoles. A run that is cut into pieces, by a budget or in here, is the same run.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/web/state.h"

#define RUN_DEFAULT 1000000u
#define RUN_MOST 1000000000000u

/* ---- Guests that wait for input ---- */

#define LOOK 200000u /* instructions from one look to the next */
#define ASKED 4u     /* a VM that waits asks so often in that time... */
#define LOOKS 2u     /* ...so many times in a row */

/* Has every VM that is alive done nothing but ask for input that nobody has typed yet? */
struct waiting {
    struct {
        uint64_t vain;
        size_t printed;
    } * vms;
    unsigned looks;
};

static void look(struct waiting *waiting, const struct debug *debug)
{
    bool all = true;

    for (unsigned k = 0; k < debug->machine->count; k++) {
        const struct input *input = &debug->inputs[k];
        size_t printed;

        (void)timeline_console(debug->timeline, k, &printed);
        if (vm_alive(&debug->machine->vms[k]) &&
            (input->vain - waiting->vms[k].vain < ASKED || printed != waiting->vms[k].printed))
            all = false;
        waiting->vms[k].vain = input->vain;
        waiting->vms[k].printed = printed;
    }
    waiting->looks = all ? waiting->looks + 1 : 0;
}

/* ---- Running ---- */

static bool is_exit(struct debug *debug, struct debug_goal *goal, struct vm *vm,
                    const struct trace_event *event)
{
    (void)goal;
    return vm->id == debug->vm + 1 && event->action != TRACE_SWITCH && !event->translated;
}

/* Up to so many instructions. NULL: it went so far. */
static const char *run_piece(struct debug *debug, uint64_t insns, bool to_exit)
{
    struct debug_goal goal = {.points = true, .timed = true};

    goal.event = to_exit ? is_exit : NULL;
    goal.limit = timeline_now(debug->timeline);
    goal.limit.retired += insns;
    goal.limit.events = 0;
    debug_run(debug, &goal);
    switch (debug->stop) {
    case DEBUG_STEPPED:
        return timeline_compare(timeline_now(debug->timeline), goal.limit) < 0 ? "stop" : NULL;
    case DEBUG_POINT:
    case DEBUG_DIVERGED: return "stop";
    case DEBUG_SIGNAL: return "interrupted";
    case DEBUG_WAITING: return "input";
    case DEBUG_ENDED:
    case DEBUG_BEGAN: break;
    }
    return "end";
}

static const char *run_all(struct debug *debug, struct waiting *waiting, uint64_t insns,
                           bool to_exit)
{
    uint64_t end = timeline_now(debug->timeline).retired + insns;
    const char *why = NULL;

    look(waiting, debug);
    while (!why && timeline_now(debug->timeline).retired < end) {
        uint64_t left = end - timeline_now(debug->timeline).retired;

        why = run_piece(debug, left < LOOK ? left : LOOK, to_exit);
        look(waiting, debug);
        if (!why && waiting->looks >= LOOKS)
            why = "input";
    }
    return why ? why : "budget";
}

/* What has stopped it, in the debugger's words. */
static void say_stop(struct debug *debug, json_t *answer)
{
    char *text = NULL;
    size_t len = 0;

    debug->out = open_memstream(&text, &len);
    debug->data = json_object();
    if (debug->out) {
        debug_say_stop(debug);
        fclose(debug->out);
        json_put(answer, "text", json_bytes(text, len));
    }
    json_put(answer, "data", debug->data);
    debug->out = NULL;
    debug->data = NULL;
    free(text);
}

enum pz_err web_run(struct web_session *session, const json_t *request, json_t *answer,
                    struct problem *problem)
{
    struct web_machine *machine = web_machine(session, problem);
    const json_t *until = json_object_get(request, "until");
    struct waiting waiting = {NULL, 0};
    uint64_t insns;
    const char *why;

    if (!machine || !web_number(request, "insns", RUN_MOST, RUN_DEFAULT, &insns, problem))
        return PZ_USAGE;
    if (until && !json_is_null(until) &&
        (!json_is_string(until) || strcmp(json_string_value(until), "trap")))
        return problem_set(problem, PZ_USAGE, "'until' can be \"trap\"");
    waiting.vms = calloc(machine->debug.machine->count, sizeof *waiting.vms);
    if (!waiting.vms)
        return problem_memory(problem, "a run");
    machine->before = *debug_hart(&machine->debug);
    why = run_all(&machine->debug, &waiting, insns, json_is_string(until));
    free(waiting.vms);
    json_put_text(answer, "why", why);
    say_stop(&machine->debug, answer);
    return PZ_OK;
}

/* ---- Either way ---- */

/* To a count of instructions of all VMs, or of one; the first place there. */
enum pz_err web_goto(struct web_session *session, const json_t *request, json_t *answer,
                     struct problem *problem)
{
    struct web_machine *machine = web_machine(session, problem);
    bool all = json_object_get(request, "total");
    struct debug *debug;
    uint64_t count, vm;

    if (!machine)
        return PZ_USAGE;
    debug = &machine->debug;
    if (!web_number(request, "vm", debug->machine->count - 1, debug->vm, &vm, problem) ||
        !web_number(request, all ? "total" : "retired", INT64_MAX, INT64_MAX, &count, problem))
        return PZ_USAGE;
    if (count == INT64_MAX)
        return problem_set(problem, PZ_USAGE, "'total' or 'retired' says where to go");
    machine->before = *debug_hart(debug);
    debug->vm = (unsigned)vm;
    if (all)
        debug_goto(debug, (struct timeline_position){count, 0});
    else
        debug_goto_retired(debug, count);
    say_stop(debug, answer);
    return PZ_OK;
}

/* ---- Ahead of going back ---- */

#define PREPARE_DEFAULT 200000u

/* A piece of it. Another request may come at any time: it finds the machine where it stood. */
enum pz_err web_prepare(struct web_session *session, const json_t *request, json_t *answer,
                        struct problem *problem)
{
    struct web_machine *machine = web_machine(session, problem);
    uint64_t insns;

    if (!machine || !web_number(request, "insns", RUN_MOST, PREPARE_DEFAULT, &insns, problem))
        return PZ_USAGE;
    json_put(answer, "more", json_boolean(debug_prepare(&machine->debug, insns)));
    json_put_number(answer, "again", timeline_figures(machine->debug.timeline).rerun);
    return PZ_OK;
}

/* ---- Typing ---- */

enum pz_err web_input(struct web_session *session, const json_t *request, json_t *answer,
                      struct problem *problem)
{
    struct web_machine *machine = web_machine(session, problem);
    const char *text = machine ? web_text(request, "text", problem) : NULL;
    struct input *input;
    uint64_t vm;

    (void)answer;
    if (!text || !web_number(request, "vm", machine->debug.machine->count - 1,
                             machine->debug.vm, &vm, problem))
        return PZ_USAGE;
    if (machine->recorded)
        return problem_set(problem, PZ_FAILED, "input comes from the recording");
    if (!machine->debug.live)
        return problem_set(problem, PZ_FAILED, "input comes from the file of --input");
    input = &machine->debug.inputs[vm];
    if (strlen(text) > INPUT_KEYS - input->key_count)
        return problem_set(problem, PZ_FAILED,
                           "vm%u has not read the earlier input: there is room for %u bytes",
                           (unsigned)vm, INPUT_KEYS - input->key_count);
    for (; *text; text++)
        input_key(input, (uint8_t)*text);
    return PZ_OK;
}
