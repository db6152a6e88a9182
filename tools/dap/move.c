/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * move.c - requests that run the machine, by instructions or source lines, forwards and
 * backwards. A step refers to one CPU; all others run meanwhile, and any point ends it. To step
 * over a call or a trap taken by the guest's handler, it runs to a temporary point where that
 * has returned.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "isa/decode.h"
#include "tools/base/base.h"
#include "tools/dap/session.h"
#include "tools/show/show.h"

enum { RA = 1, SP = 2 };

/* Where a step begins: the instruction, or the line, that it is to leave. */
struct step {
    struct debug_goal goal; /* first: callbacks get its address */
    bool any;               /* any instruction will do */
    unsigned mode;
    uint32_t start, end; /* of the code that it is in */
};

/* ---- Goals ---- */

static bool selected(const struct debug *debug, const struct vm *vm)
{
    return vm->id == debug->vm + 1;
}

static const struct lines_row *row_of(struct debug *debug, const struct hart *hart)
{
    return lines_at(debug_source_lines(debug, debug->vm, hart->mode), hart->pc);
}

/* The CPU that is stepped. */
static const struct hart *stepped(const struct debug *debug)
{
    return &debug_cpu(debug)->hart;
}

static bool has_moved(const struct debug *debug, const struct debug_goal *goal)
{
    const struct hart *hart = stepped(debug);

    return hart->retired != goal->retired || hart->pc != goal->pc;
}

/* Out of the range, to where a line is known; a change of mode is always a step. */
static bool has_left(struct debug *debug, struct debug_goal *goal, struct vm *vm)
{
    const struct step *step = (const struct step *)goal;
    const struct hart *hart = stepped(debug);

    if (!selected(debug, vm))
        return false;
    if (step->any)
        return has_moved(debug, goal);
    if (hart->mode != step->mode)
        return true;
    return (hart->pc < step->start || hart->pc >= step->end) && row_of(debug, hart);
}

/* The same, to anywhere: calls are looked at before they are stepped into. */
static bool is_outside(struct debug *debug, struct debug_goal *goal, struct vm *vm)
{
    const struct step *step = (const struct step *)goal;
    const struct hart *hart = stepped(debug);

    return selected(debug, vm) &&
           (step->any
                ? has_moved(debug, goal)
                : hart->mode != step->mode || hart->pc < step->start || hart->pc >= step->end);
}

static uint64_t quiet_elsewhere(struct debug *debug, struct debug_goal *goal, struct vm *vm)
{
    (void)goal;
    return selected(debug, vm) ? 1 : UINT64_MAX;
}

/* The code of the line at pc: rows that follow each other. */
static void find_range(struct debug *debug, struct step *step)
{
    const struct hart *hart = debug_hart(debug);
    const struct lines *lines = debug_source_lines(debug, debug->vm, hart->mode);
    const struct lines_row *row = lines_at(lines, hart->pc), *at;

    step->any = true;
    if (!row)
        return;
    for (at = row; at > lines->rows && at[-1].line == row->line && at[-1].file == row->file;)
        at--;
    step->start = at->address;
    for (at = row; at + 1 < lines->rows + lines->row_count;)
        if ((++at)->line != row->line || at->file != row->file)
            break;
    step->end = at->address > row->address ? at->address : UINT32_MAX;
    step->any = false;
}

static struct step begin(struct dap *dap)
{
    const struct hart *hart = debug_hart(dap->debug);
    struct step step = {
        .goal = {.quiet = quiet_elsewhere,
                 .points = true,
                 .retired = hart->retired,
                 .pc = hart->pc},
        .any = true,
        .mode = hart->mode,
    };

    if (dap->by_line)
        find_range(dap->debug, &step);
    return step;
}

/* ---- Moving ---- */

/* Handles messages that arrived while guests ran. Do they require a stop? */
static bool stop_wanted(struct dap *dap)
{
    while (wire_ready(&dap->wire) && wire_fill(&dap->wire))
        ;
    while (!dap->over && dap_serve_one(dap))
        ;
    return dap->pause || dap->over || dap->wire.ended || dap->wire.gone;
}

/* Interrupted for what could be done at once, it goes on. False: not to where it was meant to. */
static bool go(struct dap *dap, struct debug_goal *goal, bool back)
{
    struct debug *debug = dap->debug;

    do {
        if (stop_wanted(dap)) {
            debug->stop = DEBUG_SIGNAL;
            return false;
        }
        dap_interruptible(dap, true, !back);
        if (back)
            debug_run_back(debug, goal);
        else
            debug_run(debug, goal);
        dap_interruptible(dap, false, false);
        dap_say_consoles(dap);
    } while (debug->stop == DEBUG_SIGNAL);
    if (debug->stop == DEBUG_POINT)
        debug->cpu = 0; /* it was hit by the CPU that has its turn */
    return debug->stop == DEBUG_STEPPED;
}

static bool go_on(struct dap *dap, bool back)
{
    struct debug_goal goal = {.points = true};

    return go(dap, &goal, back);
}

/* A place that is to be come to, with the stack as it will be there. */
struct landing {
    unsigned mode;
    uint32_t pc, sp;
};

/* Run on to a place. False: something else came first. */
static bool run_to(struct dap *dap, struct landing to)
{
    struct debug *debug = dap->debug;
    unsigned vm = debug->vm, cpu = debug->cpu, number;
    struct problem problem;
    char line[160], whose[24] = "", *text;
    json_t *data;
    bool there;

    if (cpu)
        (void)!snprintf(whose, sizeof whose, " && cpu == %u", cpu - 1);
    (void)!snprintf(line, sizeof line,
                    "break 0x%" PRIx32 " vm %u mode %s if sp == 0x%" PRIx32 "%s", to.pc, vm,
                    debug_mode(to.mode), to.sp, whose);
    there = !dap_command(dap, line, &text, &data, &problem);
    number = (unsigned)json_integer_value(json_object_get(data, "point"));
    json_decref(data);
    free(text);
    if (!there) {
        dap_say(dap, "important", problem.text);
        return false;
    }
    (void)go_on(dap, false);
    there = debug->stop == DEBUG_POINT && debug->hit && debug->hit->number == number;
    if (there) {
        debug->stop = DEBUG_STEPPED;
        debug->hit = NULL;
        debug->vm = vm;
        debug->cpu = cpu;
    }
    (void)!debug_points_delete(&debug->points, number);
    return there;
}

/* The guest's own handler was just entered: what it returns to, an ECALL's next instruction. */
static bool is_trap(const struct dap *dap, struct landing *back, uint32_t sp, unsigned mode)
{
    const struct hart *hart = debug_hart(dap->debug);
    bool call = hart->scause == CAUSE_ECALL_USER;

    *back = (struct landing){mode, hart->sepc + (call ? 4 : 0), sp};
    return hart->mode == HART_SUPERVISOR && hart->pc == (hart->stvec & ~3u);
}

/* A function was just entered by a call from where the step began. */
static bool is_call(const struct dap *dap, const struct step *step, struct landing *back)
{
    const struct debug *debug = dap->debug;
    const struct hart *hart = debug_hart(debug);
    uint32_t ra = hart->x[RA], offset = 1;
    bool from_here = step->any ? ra - step->goal.pc == 4 || ra - step->goal.pc == 2
                               : ra > step->start && ra <= step->end;

    *back = (struct landing){hart->mode, ra, hart->x[SP]};
    return hart->mode == step->mode && from_here && hart->pc != ra &&
           symbols_find(debug_source_symbols(debug, debug->vm, hart->mode), hart->pc,
                        &offset) &&
           !offset;
}

/* Step out of the line or instruction, over what it calls and the traps on its way. */
static void next(struct dap *dap)
{
    struct step step = begin(dap);
    struct landing back;
    uint32_t sp;

    step.goal.insn = is_outside;
    do {
        const struct hart *hart = debug_hart(dap->debug);

        sp = hart->x[SP];
        step.goal.retired = hart->retired;
        step.goal.pc = hart->pc;
        if (!go(dap, &step.goal, false) ||
            (!is_trap(dap, &back, sp, step.mode) && !is_call(dap, &step, &back)))
            return;
    } while (run_to(dap, back) && !step.any && back.pc >= step.start && back.pc < step.end);
}

static void step_in(struct dap *dap)
{
    struct step step = begin(dap);

    step.goal.insn = has_left;
    (void)go(dap, &step.goal, false);
}

/*
 * Undo an instruction; or go back to the beginning of the line that ran before. The way back finds
 * the last place in that line: what is before it, and one instruction on, is its beginning.
 */
static void step_back(struct dap *dap)
{
    struct step step = begin(dap);
    bool by_line = !step.any;

    step.goal.insn = has_left;
    step.goal.points = false;
    if (!go(dap, &step.goal, true) || !by_line)
        return;
    step = begin(dap);
    step.goal.insn = is_outside;
    step.goal.points = false;
    if (!go(dap, &step.goal, true))
        return;
    step = begin(dap);
    step.any = true;
    step.goal.insn = is_outside;
    (void)go(dap, &step.goal, false);
}

/* The next frame of the stack that is none of a trap's label; an ECALL returns behind itself. */
static bool find_caller(struct dap *dap, struct landing *caller)
{
    struct problem problem;
    json_t *data, *row, *rows;
    char *text;
    size_t i = 1;
    uint32_t raw = 0;
    bool found = !dap_command(dap, "bt", &text, &data, &problem);

    rows = json_object_get(data, "stack");
    if (dap_text(json_array_get(rows, i), "trap"))
        i++;
    row = json_array_get(rows, i);
    if (found && row) {
        caller->mode = strcmp(dap_text(row, "mode"), "user") ? HART_SUPERVISOR : HART_USER;
        caller->pc = (uint32_t)json_integer_value(json_object_get(row, "pc"));
        caller->sp = (uint32_t)json_integer_value(json_object_get(row, "sp"));
        if (i == 2 && debug_fetch(dap->debug, caller->pc, &raw) &&
            decode_insn(raw).id == INSN_ecall)
            caller->pc += 4;
    }
    json_decref(data);
    free(text);
    return found && row;
}

static void step_out(struct dap *dap)
{
    struct landing caller;

    dap->debug->stop = DEBUG_STEPPED;
    dap->debug->hit = NULL;
    if (find_caller(dap, &caller))
        (void)run_to(dap, caller);
    else
        dap_say(dap, "important", "no caller is known: the machine stays where it is\n");
}

/* ---- Telling ---- */

static bool all_over(const struct machine *machine)
{
    for (unsigned vm = 0; vm < machine->count; vm++)
        if (vm_alive(&machine->vms[vm]))
            return false;
    return true;
}

/* A step's end is where the CPU is that was stepped. */
static void say_stop(struct debug *debug)
{
    if (debug->stop == DEBUG_STEPPED && debug->cpu && vm_alive(debug_vm(debug)))
        debug_say_place(debug);
    else
        debug_say_stop(debug);
}

/* The message for the user, and the event for it. */
static void put_stop(struct dap *dap, json_t *body, const char *reason)
{
    struct debug *debug = dap->debug;
    char *text = NULL;
    size_t len = 0;
    unsigned id = 0;

    if (debug->stop == DEBUG_POINT && debug->hit)
        reason = dap_point_reason(dap, debug->hit->number, &id);
    debug->out = open_memstream(&text, &len);
    debug->data = json_object();
    if (debug->out) {
        say_stop(debug);
        fclose(debug->out);
    }
    json_decref(debug->data);
    debug->out = NULL;
    debug->data = NULL;
    json_put_text(body, "reason", reason);
    if (text)
        json_put(body, "text", json_bytes(text, len));
    if (text && debug->stop != DEBUG_STEPPED)
        json_put(body, "description", json_bytes(text, strcspn(text, "\n")));
    if (id)
        json_put(body, "hitBreakpointIds", json_pack("[i]", (int)id));
    free(text);
}

void dap_tell_stop(struct dap *dap, const char *reason)
{
    static const char *const reasons[] = {
        [DEBUG_POINT] = "breakpoint", [DEBUG_SIGNAL] = "pause", [DEBUG_WAITING] = "pause",
        [DEBUG_ENDED] = "end",        [DEBUG_BEGAN] = "entry",  [DEBUG_DIVERGED] = "exception",
    };
    struct debug *debug = dap->debug;
    unsigned thread = dap_thread_selected(dap);
    json_t *body = json_object();

    put_stop(dap, body, debug->stop == DEBUG_STEPPED ? reason : reasons[debug->stop]);
    json_put_number(body, "threadId", thread + 1);
    json_put(body, "allThreadsStopped", json_true());
    dap_event(dap, "stopped", body);
    dap->ended = debug->stop == DEBUG_ENDED;
}

/* Whoever goes on from the end, of which was told, wants no more of it. */
static bool tell_end(struct dap *dap)
{
    struct machine *machine = dap->debug->machine;

    if (!dap->ended || !all_over(machine))
        return false;
    dap_event(dap, "exited", json_pack("{s:i}", "exitCode", report_all_well(machine) ? 0 : 1));
    dap_event(dap, "terminated", NULL);
    dap->terminated = true;
    return true;
}

/*
 * The VM that has the CPU, and of its CPUs the one that has its turn, is what a stop that is
 * nobody's is shown in.
 */
static void choose_vm(struct dap *dap)
{
    const struct machine *machine = dap->debug->machine;
    const struct vm *vm = machine->vmm.turn.vm ? machine->vmm.turn.vm : machine->vmm.current;

    dap->debug->cpu = 0;
    if (vm && vm_alive(vm) && dap->debug->stop != DEBUG_POINT)
        dap->debug->vm = vm->id - 1u;
}

void dap_go(struct dap *dap)
{
    enum dap_move move = dap->move;
    const char *reason = "step";
    bool starts = !dap->started;

    dap->move = DAP_STAY;
    dap->started = true;
    dap->debug->stop = DEBUG_STEPPED;
    switch (move) {
    case DAP_CONTINUE:
        if (starts && dap->stop_on_entry)
            reason = "entry";
        else if (tell_end(dap))
            break;
        else
            (void)go_on(dap, false);
        break;
    case DAP_REVERSE: (void)go_on(dap, true); break;
    case DAP_STEP_IN: step_in(dap); break;
    case DAP_NEXT: next(dap); break;
    case DAP_STEP_OUT: step_out(dap); break;
    case DAP_STEP_BACK: step_back(dap); break;
    case DAP_STAY: break;
    }
    if (move == DAP_CONTINUE || move == DAP_REVERSE)
        choose_vm(dap);
    dap->running = dap->pause = false;
    if (!dap->terminated && !dap->over)
        dap_tell_stop(dap, reason);
}

/* ---- Requests ---- */

static void start(struct dap *dap, const json_t *arguments, enum dap_move move)
{
    const char *granularity = dap_text(arguments, "granularity");

    dap->by_line = !granularity || strcmp(granularity, "instruction");
    dap->move = move;
    dap->running = true;
    dap->pause = false;
}

enum pz_err dap_continue(struct dap *dap, const json_t *arguments, json_t *body,
                         struct problem *problem)
{
    enum pz_err err = dap_thread(dap, arguments, problem);

    if (err)
        return err;
    json_put(body, "allThreadsContinued", json_true());
    start(dap, arguments, DAP_CONTINUE);
    return PZ_OK;
}

enum pz_err dap_reverse_continue(struct dap *dap, const json_t *arguments, json_t *body,
                                 struct problem *problem)
{
    enum pz_err err = dap_thread(dap, arguments, problem);

    (void)body;
    if (!err)
        start(dap, arguments, DAP_REVERSE);
    return err;
}

/* A VM that has ended takes no more steps; back into its life there are. */
static enum pz_err step(struct dap *dap, const json_t *arguments, enum dap_move move,
                        struct problem *problem)
{
    enum pz_err err = dap_thread(dap, arguments, problem);
    const struct vm *vm;

    if (err)
        return err;
    vm = debug_vm(dap->debug);
    if (move != DAP_STEP_BACK && !vm_alive(vm))
        return problem_set(problem, PZ_FAILED, "vm%u: %s", dap->debug->vm,
                           vm_end_text((enum vm_end)vm->end));
    start(dap, arguments, move);
    return PZ_OK;
}

enum pz_err dap_next(struct dap *dap, const json_t *arguments, json_t *body,
                     struct problem *problem)
{
    (void)body;
    return step(dap, arguments, DAP_NEXT, problem);
}

enum pz_err dap_step_in(struct dap *dap, const json_t *arguments, json_t *body,
                        struct problem *problem)
{
    (void)body;
    return step(dap, arguments, DAP_STEP_IN, problem);
}

enum pz_err dap_step_out(struct dap *dap, const json_t *arguments, json_t *body,
                         struct problem *problem)
{
    (void)body;
    return step(dap, arguments, DAP_STEP_OUT, problem);
}

enum pz_err dap_step_back(struct dap *dap, const json_t *arguments, json_t *body,
                          struct problem *problem)
{
    (void)body;
    return step(dap, arguments, DAP_STEP_BACK, problem);
}

enum pz_err dap_pause(struct dap *dap, const json_t *arguments, json_t *body,
                      struct problem *problem)
{
    (void)arguments, (void)body, (void)problem;
    dap->pause = dap->running;
    return PZ_OK;
}
