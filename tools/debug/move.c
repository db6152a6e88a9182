/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * move.c - commands that run the machine. They refer to the selected VM; meanwhile the
 * scheduler runs the others too, and interrupts arrive when due.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/debug/arguments.h"
#include "tools/debug/commands.h"
#include "tools/debug/run.h"
#include "tools/debug/say.h"
#include "tools/debug/source.h"
#include "tools/debug/words.h"

static bool is_selected(const struct debug *debug, const struct vm *vm)
{
    return vm->id == debug->vm + 1;
}

/* ---- Goals ---- */

static bool any_insn(struct debug *debug, struct debug_goal *goal, struct vm *vm)
{
    (void)goal;
    return is_selected(debug, vm);
}

/* Instructions of other VMs do not count. */
static uint64_t quiet_elsewhere(struct debug *debug, struct debug_goal *goal, struct vm *vm)
{
    (void)goal;
    return is_selected(debug, vm) ? 1 : UINT64_MAX;
}

/* Backwards: where the VM was at another instruction than now. */
static bool other_insn(struct debug *debug, struct debug_goal *goal, struct vm *vm)
{
    return is_selected(debug, vm) &&
           (vm_retired(vm) != goal->retired || vm->cpu->hart.pc != goal->pc);
}

static bool any_exit(struct debug *debug, struct debug_goal *goal, struct vm *vm,
                     const struct trace_event *event)
{
    (void)goal;
    return is_selected(debug, vm) && event->action != TRACE_SWITCH && !event->translated;
}

static bool gets_the_cpu(struct debug *debug, struct debug_goal *goal, struct vm *vm,
                         const struct trace_event *event)
{
    (void)goal;
    return is_selected(debug, vm) && event->action == TRACE_SWITCH;
}

static bool holds(struct debug *debug, struct debug_goal *goal, struct vm *vm)
{
    struct debug_scope scope = debug_scope_of(vm);

    return is_selected(debug, vm) && debug_expr_holds(goal->expr, &scope);
}

/* Skip to where a bound on `retired` is reached. A condition that holds already stops at once. */
static uint64_t quiet_until(struct debug *debug, struct debug_goal *goal, struct vm *vm)
{
    if (holds(debug, goal, vm))
        return 1;
    return is_selected(debug, vm) ? debug_expr_quiet(goal->expr, vm->cpu->hart.retired)
                                  : UINT64_MAX;
}

/* Traps taken in the meantime at the same place return first. */
static bool has_returned(struct debug *debug, struct debug_goal *goal, struct vm *vm,
                         const struct trace_event *event)
{
    const struct debug_exit exit = debug_exit_of(debug, event), *from = &goal->exit;

    if (!is_selected(debug, vm))
        return false;
    if (debug_exit_is_taken(&exit) && event->mode == from->event.mode &&
        exit.satp == from->satp && exit.sp == from->sp)
        goal->depth++;
    if (!debug_exit_returns(&exit, from))
        return false;
    return !goal->depth--;
}

/* ---- Commands ---- */

/* A VM that has ended does not move; going back is how to see it alive. */
static enum pz_err check_alive(const struct debug *debug, struct problem *problem)
{
    const struct vm *vm = debug_vm(debug);

    if (vm_alive(vm))
        return PZ_OK;
    return problem_set(problem, PZ_FAILED, "vm%u: %s ('back' goes back to before its end)",
                       debug->vm, vm_end_text((enum vm_end)vm->end));
}

static void say_exit(struct debug *debug)
{
    const struct debug_exit *exit = debug_last_exit(debug);
    char insn[DISASM_TEXT], name[DEBUG_NAME];

    if (!exit)
        return;
    if (exit->event.insn)
        (void)debug_insn(debug, exit->event.insn, exit->event.pc, insn);
    fprintf(debug->out, "exit: %s at 0x%08" PRIx32 "%s%s%s; the monitor: %s\n",
            trace_cause_name(exit->event.cause), exit->event.pc,
            debug_name(debug, exit->event.vm - 1u, exit->event.mode, exit->event.pc, name),
            exit->event.insn ? ": " : "", exit->event.insn ? insn : "",
            trace_action_name((enum trace_action)exit->event.action));
    json_put_number(debug->data, "cause", exit->event.cause);
    json_put_number(debug->data, "tval", exit->event.tval);
    json_put_text(debug->data, "action",
                  trace_action_name((enum trace_action)exit->event.action));
}

/* Show where a move has ended, which may be at an exit. */
static void say_arrival(struct debug *debug, bool at_exit)
{
    if (at_exit && debug->stop == DEBUG_STEPPED)
        say_exit(debug);
    debug_say_stop(debug);
}

static enum pz_err run_goal(struct debug *debug, const char *words, struct debug_goal goal,
                            struct problem *problem)
{
    enum pz_err err = check_alive(debug, problem);

    if (!err)
        err = debug_count(debug, words, &goal.count, problem);
    if (err)
        return err;
    goal.points = goal.count > 1;
    debug_run(debug, &goal);
    say_arrival(debug, goal.event);
    return PZ_OK;
}

enum pz_err debug_step(struct debug *debug, const char *words, struct problem *problem)
{
    return run_goal(debug, words,
                    (struct debug_goal){.insn = any_insn, .quiet = quiet_elsewhere}, problem);
}

enum pz_err debug_trap(struct debug *debug, const char *words, struct problem *problem)
{
    return run_goal(debug, words, (struct debug_goal){.event = any_exit}, problem);
}

enum pz_err debug_back(struct debug *debug, const char *words, struct problem *problem)
{
    const struct hart *hart = &debug_vm(debug)->cpu->hart;
    struct debug_goal goal = {.retired = vm_retired(debug_vm(debug)), .pc = hart->pc};
    enum pz_err err;
    bool trap;

    trap = debug_words_take(&words, "trap");
    if (trap)
        goal.event = any_exit;
    else
        goal.insn = other_insn, goal.quiet = quiet_elsewhere;
    err = debug_count(debug, words, &goal.count, problem);
    if (err)
        return err;
    debug_run_back(debug, &goal);
    say_arrival(debug, trap);
    return PZ_OK;
}

enum pz_err debug_continue(struct debug *debug, const char *words, struct problem *problem)
{
    struct debug_goal goal = {.points = true};

    if (*words)
        return problem_set(problem, PZ_USAGE, "continue takes no arguments (until takes EXPR)");
    debug_run(debug, &goal);
    debug_say_stop(debug);
    return PZ_OK;
}

enum pz_err debug_reverse(struct debug *debug, const char *words, struct problem *problem)
{
    struct debug_goal goal = {.points = true};

    if (*words)
        return problem_set(problem, PZ_USAGE, "reverse takes no arguments");
    debug_run_back(debug, &goal);
    debug_say_stop(debug);
    return PZ_OK;
}

/* Tells the user why this will take long. */
static void say_slow(struct debug *debug, const struct debug_expr *expr)
{
    fprintf(
        debug->out,
        "'%s' may change with any instruction, so each is asked: some million a second (CSRs, "
        "the mode and bounds on 'retired' cost nothing)\n",
        expr->text);
}

enum pz_err debug_until(struct debug *debug, const char *words, struct problem *problem)
{
    struct debug_names names = debug_source_names(debug);
    struct debug_expr expr;
    struct debug_goal goal = {
        .insn = holds, .quiet = quiet_until, .steady = true, .points = true, .expr = &expr};
    enum pz_err err = debug_expr_compile(&expr, &names, &words, true, problem);

    if (!err)
        err = check_alive(debug, problem);
    if (err)
        return err;
    if (debug_expr_quiet(&expr, debug_vm(debug)->cpu->hart.retired) == 1)
        say_slow(debug, &expr);
    debug_run(debug, &goal);
    debug_say_stop(debug);
    return PZ_OK;
}

/* ---- finish ---- */

enum pz_err debug_finish(struct debug *debug, const char *words, struct problem *problem)
{
    struct debug_goal goal = {.event = has_returned, .points = true};
    struct debug_traps traps;

    if (*words)
        return problem_set(problem, PZ_USAGE, "finish takes no arguments");
    debug_open_traps(debug, &traps);
    if (!traps.count)
        return problem_set(problem, PZ_FAILED, "vm%u is not handling a trap", debug->vm);
    goal.exit = *traps.at[traps.count - 1];
    debug_run(debug, &goal);
    debug_say_stop(debug);
    return PZ_OK;
}

/* ---- goto ---- */

static uint64_t retired(const struct debug *debug)
{
    return vm_retired(debug_vm(debug));
}

/* All VMs together retire at least as many as this one, so that it never goes too far. */
static void go_forward(struct debug *debug, uint64_t count)
{
    struct debug_goal turn = {.event = gets_the_cpu};

    debug->stop = DEBUG_STEPPED;
    while (retired(debug) < count && vm_alive(debug_vm(debug)) &&
           debug->stop == DEBUG_STEPPED) {
        struct timeline_position to = timeline_now(debug->timeline);

        if (timeline_vm(debug->timeline) != debug_vm(debug)) {
            debug_run(debug, &turn);
            continue;
        }
        to.retired += count - retired(debug);
        to.events = 0;
        debug_goto(debug, to);
    }
}

/*
 * Twice as far each time, because other VMs may have used the CPU. Overshooting is corrected
 * afterwards.
 */
static void go_backward(struct debug *debug, uint64_t count)
{
    uint64_t distance = retired(debug) - count;

    debug->stop = DEBUG_STEPPED;
    while (retired(debug) > count && debug->stop == DEBUG_STEPPED) {
        struct timeline_position to = timeline_now(debug->timeline);

        to.retired = to.retired > distance ? to.retired - distance : 0;
        to.events = 0;
        debug_goto(debug, to);
        distance *= 2;
    }
}

void debug_goto_retired(struct debug *debug, uint64_t count)
{
    if (retired(debug) > count)
        go_backward(debug, count);
    go_forward(debug, count);
}

enum pz_err debug_goto_count(struct debug *debug, const char *words, struct problem *problem)
{
    uint64_t count = 0;
    enum pz_err err;

    if (!*words)
        return problem_set(problem, PZ_USAGE, "goto where? A count of retired instructions");
    err = debug_evaluate(debug, words, &count, problem);
    if (err)
        return err;
    debug_goto_retired(debug, count);
    debug_say_stop(debug);
    return PZ_OK;
}

/* ---- bisect ---- */

static void go_to(struct debug *debug, uint64_t count)
{
    if (retired(debug) > count)
        go_backward(debug, count);
    go_forward(debug, count);
}

static bool holds_now(const struct debug *debug, const struct debug_expr *expr)
{
    struct debug_scope scope = debug_scope_of(debug_vm(debug));

    return debug_expr_holds(expr, &scope);
}

/* The count from which on the expression holds, if it does not at `low` and changes only once. */
static bool narrow(struct debug *debug, const struct debug_expr *expr, uint64_t low,
                   uint64_t *high)
{
    while (*high - low > 1 && debug->stop != DEBUG_SIGNAL) {
        uint64_t middle = low + (*high - low) / 2;

        go_to(debug, middle);
        if (holds_now(debug, expr))
            *high = middle;
        else
            low = middle;
    }
    return debug->stop != DEBUG_SIGNAL;
}

enum pz_err debug_bisect(struct debug *debug, const char *words, struct problem *problem)
{
    uint64_t high = retired(debug);
    struct debug_names names = debug_source_names(debug);
    struct debug_expr expr;
    enum pz_err err = debug_expr_compile(&expr, &names, &words, true, problem);

    if (err)
        return err;
    if (!holds_now(debug, &expr))
        return problem_set(problem, PZ_FAILED,
                           "'%s' is not true here: first go to a place where it is", expr.text);
    go_to(debug, 0);
    if (holds_now(debug, &expr))
        fprintf(debug->out, "'%s' holds from the beginning\n", expr.text);
    else if (narrow(debug, &expr, 0, &high))
        go_to(debug, high);
    debug_say_stop(debug);
    return PZ_OK;
}
