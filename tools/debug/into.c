/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * into.c - inside the monitor: the last exit's record, one step at a time. The machine
 * itself stays just after the exit; registers show their values at the step.
 */
#include "tools/debug/commands.h"
#include "tools/debug/run.h"
#include "tools/debug/steps.h"
#include "tools/debug/words.h"

#define INDENT "      "

static void say_step(struct debug *debug, const struct debug_step *step)
{
    struct debug_fields reads, changes;
    unsigned number = (unsigned)(step - debug->record.steps) + 1;
    char text[DEBUG_SENTENCE];

    debug_step_text(debug, step, text);
    debug_reads(step, &reads);
    debug_changes(&step->before, &step->after, &changes);
    fprintf(debug->out, "[%u/%u] %s: %s\n", number, debug->record.count, debug_step_name(step),
            text);
    debug_print_reads(debug->out, &reads, INDENT "read   ");
    debug_print_changes(debug->out, &changes, INDENT "wrote  ");
    json_put_text(debug->data, "step", debug_step_name(step));
    json_put_number(debug->data, "number", number);
    json_put_number(debug->data, "of", debug->record.count);
    json_put_text(debug->data, "what", text);
    json_put(debug->data, "read", debug_json_reads(&reads));
    json_put(debug->data, "wrote", debug_json_changes(&changes));
}

static enum pz_err go_to_exit(struct debug *debug, struct problem *problem)
{
    enum pz_err err = debug_trap(debug, "", problem);

    if (!err && debug->stop != DEBUG_STEPPED)
        err = problem_set(problem, PZ_FAILED, "there was no further exit");
    return err;
}

/*
 * Is the machine just after an exit of the selected VM? Then `into` is about that exit; the same
 * goes for the last exit of a VM that has ended.
 */
static bool at_exit(struct debug *debug)
{
    const struct debug_exit *exit = debug_last_exit(debug);
    struct timeline_position now = timeline_now(debug->timeline);

    return exit && exit->event.vm == debug->vm + 1 &&
           (!timeline_compare(exit->position, now) || !vm_alive(debug_vm(debug)));
}

enum pz_err debug_into(struct debug *debug, const char *words, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    bool all = debug_words_take(&words, "all");

    if (debug_words_left(&words))
        return problem_set(problem, PZ_USAGE, "into takes no argument but 'all'");
    if (debug->inside && debug->inside == debug->record.count) {
        debug->inside = 0;
        return problem_set(problem, PZ_FAILED,
                           "that was the last step of this exit: the guest resumes ('trap' "
                           "goes to the next exit)");
    }
    if (!debug->inside && !at_exit(debug))
        err = go_to_exit(debug, problem);
    if (!err && !debug->inside)
        err = debug_recorded(debug, problem);
    if (err)
        return err;
    do
        say_step(debug, &debug->record.steps[debug->inside++]);
    while (all && debug->inside < debug->record.count);
    return PZ_OK;
}
