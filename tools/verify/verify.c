/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verify.c - `pz verify`: runs the same guest bare and virtualised, for each engine, shadow
 * policy and slice requested, and reports the result for people and programs.
 */
#include "tools/verify/verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/host/host.h"
#include "tools/verify/lockstep_first.h"

#define PROGRESS_AFTER_NS 2000000000u
#define PROGRESS_EVERY_NS 200000000u

static const uint64_t all_slices[] = {1, 7, 1000, 1000000};

/* One combination, and everything that the combinations share. */
struct verify {
    struct options options; /* with one policy and one slice */
    const struct engines_kind *kind;
    json_t *runs;
    unsigned count, bad;
    uint64_t start, last_progress;
    struct lockstep_first first; /* of a run that differs: where it begins */
};

/* ---- For people ---- */

static void show_progress(struct verify *verify, const struct lockstep *lockstep)
{
    uint64_t now = machine_clock(NULL);
    char retired[TEXT_NUMBER];

    if (now - verify->start < PROGRESS_AFTER_NS ||
        now - verify->last_progress < PROGRESS_EVERY_NS)
        return;
    verify->last_progress = now;
    progress_show(
        "%s, %s, slice %" PRIu64 ": %s instructions, %" PRIu64 " traps", verify->kind->name,
        options_shadow_name(verify->options.shadow), verify->options.slices[0],
        text_grouped(vm_retired(&lockstep->machine.vms[0]), retired), lockstep->traps);
}

static void print_code(const char *who, const struct difference_code *code)
{
    printf("  %s:\n", who);
    for (unsigned i = 0; i < code->count; i++)
        printf("    %s 0x%08" PRIx32 "  %s\n", code->lines[i].here ? "->" : "  ",
               code->lines[i].pc, code->lines[i].text);
}

static const char *mode_name(const struct hart *hart)
{
    return hart->mode == HART_SUPERVISOR ? "supervisor" : "user";
}

static void print_point(const char *what, const struct difference_point *point)
{
    char retired[TEXT_NUMBER];

    printf("  %s: %s instructions, pc 0x%08" PRIx32 ", %s mode, %s, tval 0x%" PRIx32 "\n", what,
           text_grouped(point->hart.retired, retired), point->hart.pc, mode_name(&point->hart),
           trace_cause_name(point->trap.cause), point->trap.tval);
}

static void print_fields(const struct difference *difference)
{
    struct table table;

    table_init(&table, "lrr");
    table_add(&table, "field\tbare\tvm0");
    for (unsigned i = 0; i < difference->count; i++)
        table_add(&table, "%s\t0x%" PRIx64 "\t0x%" PRIx64, difference->fields[i].name,
                  difference->fields[i].bare, difference->fields[i].vm);
    table_print(&table, stdout, 2, 0);
}

/* The text of the instruction at the pc. */
static const char *text_here(const struct difference_code *code)
{
    for (unsigned i = 0; i < code->count; i++)
        if (code->lines[i].here)
            return code->lines[i].text;
    return "";
}

static void print_first(const struct lockstep_first *first)
{
    char retired[TEXT_NUMBER];

    if (!first->found)
        return;
    printf("  the first instruction whose result differs, after %s: 0x%08" PRIx32
           "  %s (%s mode)\n",
           text_grouped(first->before.retired, retired), first->before.pc,
           text_here(&first->difference.bare_code), mode_name(&first->before));
    print_fields(&first->difference);
}

static void print_difference(const struct lockstep *lockstep)
{
    const struct difference *difference = &lockstep->difference;

    printf("  vm0 has %s\n", difference->what);
    if (lockstep->traps)
        print_point("last the same", &lockstep->agreed);
    print_point("now bare", &difference->bare);
    print_point("now vm0 ", &difference->vm);
    print_fields(difference);
    print_code("bare", &difference->bare_code);
    print_code("vm0", &difference->vm_code);
}

static void print_run(const struct verify *verify, const struct lockstep *lockstep)
{
    const struct vm *vm = &lockstep->machine.vms[0];
    char traps[TEXT_NUMBER], retired[TEXT_NUMBER], variants[VARIANTS_TEXT];

    printf("%-9s %s%s%s%s%s, %s%s, slice %" PRIu64 ", %u VM%s: %s traps, %s instructions, %s\n",
           lockstep_differs(lockstep) ? "DIFFERENT" : "same", verify->kind->name,
           vm->config.monitor == VM_PLAIN ? "" : ", ",
           vm->config.monitor == VM_PLAIN ? "" : monitor_desc(vm->config.monitor)->name,
           verify->options.variants ? ", broken by " : "",
           variants_text(verify->options.variants, variants),
           vm->config.monitor == VM_ASSIST ? "" : "shadow ",
           vm->config.monitor == VM_ASSIST ? "no shadow"
                                           : options_shadow_name(verify->options.shadow),
           verify->options.slices[0], lockstep->count, lockstep->count == 1 ? "" : "s",
           text_grouped(lockstep->traps, traps), text_grouped(vm_retired(vm), retired),
           vm_end_text((enum vm_end)vm->end));
    if (!lockstep_differs(lockstep))
        return;
    print_first(&verify->first);
    print_difference(lockstep);
}

/* ---- For programs ---- */

static json_t *point_document(const struct difference_point *point)
{
    json_t *object = json_object();

    json_put_number(object, "retired", point->hart.retired);
    json_put_number(object, "pc", point->hart.pc);
    json_put_text(object, "mode", mode_name(&point->hart));
    json_put_number(object, "cause", point->trap.cause);
    json_put_number(object, "tval", point->trap.tval);
    return object;
}

static json_t *code_document(const struct difference_code *code)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < code->count; i++) {
        json_t *line = json_object();

        json_put_number(line, "pc", code->lines[i].pc);
        json_put_text(line, "text", code->lines[i].text);
        json_put(line, "here", json_boolean(code->lines[i].here));
        json_array_append_new(array, line);
    }
    return array;
}

static json_t *fields_document(const struct difference *difference)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < difference->count; i++) {
        json_t *field = json_object();

        json_put_text(field, "name", difference->fields[i].name);
        json_put_number(field, "bare", difference->fields[i].bare);
        json_put_number(field, "vm", difference->fields[i].vm);
        json_array_append_new(array, field);
    }
    return array;
}

static json_t *difference_document(const struct lockstep *lockstep)
{
    const struct difference *difference = &lockstep->difference;
    json_t *object = json_object();

    json_put_text(object, "what", difference->what);
    json_put(object, "agreed",
             lockstep->traps ? point_document(&lockstep->agreed) : json_null());
    json_put(object, "bare", point_document(&difference->bare));
    json_put(object, "vm", point_document(&difference->vm));
    json_put(object, "fields", fields_document(difference));
    json_put(object, "bare_code", code_document(&difference->bare_code));
    json_put(object, "vm_code", code_document(&difference->vm_code));
    return object;
}

static json_t *first_document(const struct lockstep_first *first)
{
    json_t *object = json_object();

    if (!first->found) {
        json_decref(object);
        return json_null();
    }
    json_put_number(object, "retired", first->before.retired);
    json_put_number(object, "pc", first->before.pc);
    json_put_text(object, "mode", mode_name(&first->before));
    json_put_text(object, "text", text_here(&first->difference.bare_code));
    json_put(object, "fields", fields_document(&first->difference));
    return object;
}

static json_t *run_document(const struct verify *verify, const struct lockstep *lockstep)
{
    const struct vm *vm = &lockstep->machine.vms[0];
    char variants[VARIANTS_TEXT];
    json_t *object = json_object();

    json_put_text(object, "engine", verify->kind->name);
    json_put_text(object, "shadow", options_shadow_name(verify->options.shadow));
    json_put_text(object, "monitor", monitor_desc(vm->config.monitor)->name);
    json_put_text(object, "variants", variants_text(verify->options.variants, variants));
    json_put_number(object, "slice", verify->options.slices[0]);
    json_put_number(object, "vms", lockstep->count);
    json_put(object, "same", json_boolean(!lockstep_differs(lockstep)));
    json_put_number(object, "traps", lockstep->traps);
    json_put_number(object, "retired", vm_retired(vm));
    json_put_text(object, "end", outcome_end((enum vm_end)vm->end));
    json_put_number(object, "console_bytes", lockstep->vm_ports[0].printed.len);
    json_put_number(object, "exits", vm->counters.exits);
    if (!lockstep_differs(lockstep))
        return object;
    json_put(object, "first", first_document(&verify->first));
    json_put(object, "difference", difference_document(lockstep));
    return object;
}

/* ---- Running ---- */

static enum pz_err report(struct verify *verify, const struct lockstep *lockstep,
                          struct problem *problem)
{
    verify->count++;
    if (lockstep_differs(lockstep))
        verify->bad++;
    progress_end();
    if (verify->options.json)
        json_array_append_new(verify->runs, run_document(verify, lockstep));
    else
        print_run(verify, lockstep);
    return output_flush(problem);
}

static bool go_on(void *owner, const struct lockstep *pair)
{
    show_progress(owner, pair);
    return !terminal_signal();
}

/* Repeats both runs, to find where they diverge. */
static enum pz_err find_first(struct verify *verify, const struct lockstep *lockstep,
                              struct problem *problem)
{
    const struct difference *difference = &lockstep->difference;
    uint64_t bare = difference->bare.hart.retired, vm = difference->vm.hart.retired;

    return lockstep_first(&verify->first, &verify->options, verify->kind,
                          (bare > vm ? bare : vm) + 1, go_on, verify, problem);
}

static enum pz_err run_lockstep(struct verify *verify, struct lockstep *lockstep,
                                struct problem *problem)
{
    enum pz_err err = lockstep_open(lockstep, &verify->options, verify->kind, problem);

    if (err)
        return err;
    verify->start = machine_clock(NULL);
    while (!terminal_signal() && lockstep_step(lockstep))
        show_progress(verify, lockstep);
    if (terminal_signal())
        return PZ_FAILED;
    err = lockstep_finish(lockstep, problem);
    if (!err && lockstep_differs(lockstep))
        err = find_first(verify, lockstep, problem);
    return err ? err : report(verify, lockstep, problem);
}

static enum pz_err run_one(struct verify *verify, struct problem *problem)
{
    struct lockstep *lockstep = malloc(sizeof *lockstep);
    enum pz_err err;

    if (!lockstep)
        return problem_memory(problem, "the machine");
    err = run_lockstep(verify, lockstep, problem);
    progress_end();
    lockstep_close(lockstep);
    free(lockstep);
    return err;
}

static enum pz_err run_slices(struct verify *verify, const struct options *options,
                              struct problem *problem)
{
    static const uint64_t default_slice[] = {VMM_SLICE_DEFAULT};
    const uint64_t *slices = options->slice_count ? options->slices : default_slice;
    unsigned count = options->slice_count ? options->slice_count : 1;
    enum pz_err err = PZ_OK;

    if (options->every_slice) {
        slices = all_slices;
        count = sizeof all_slices / sizeof all_slices[0];
    }
    for (unsigned i = 0; !err && i < count; i++) {
        verify->options.slices[0] = slices[i];
        verify->options.slice_count = 1;
        err = run_one(verify, problem);
    }
    return err;
}

static enum pz_err run_policies(struct verify *verify, const struct options *options,
                                struct problem *problem)
{
    bool every = options->every_shadow && verify->options.monitor != VM_ASSIST;
    enum pz_err err = PZ_OK;

    for (unsigned policy = 0; !err && policy < SHADOW_POLICIES; policy++) {
        if (!every && policy != options->shadow)
            continue;
        verify->options.shadow = policy;
        err = run_slices(verify, options, problem);
    }
    return err;
}

static bool wanted(const struct verify *verify, const struct options *options, unsigned monitor)
{
    if (!options->every_monitor)
        return monitor == options->monitor;
    return monitor_works((enum vm_monitor)monitor, verify->kind->abilities);
}

/* All monitors that the engine supports; for one without a shadow, only one policy. */
static enum pz_err run_monitors(struct verify *verify, const struct options *options,
                                struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned monitor = 0; !err && monitor < VM_MONITORS; monitor++) {
        if (!wanted(verify, options, monitor))
            continue;
        verify->options.monitor = monitor;
        err = run_policies(verify, options, problem);
    }
    return err;
}

static enum pz_err run_engines(struct verify *verify, const struct options *options,
                               struct problem *problem)
{
    bool every = options->engine && !strcmp(options->engine, "all");
    enum pz_err err = PZ_OK;

    if (!every) {
        err = engines_choose(options->engine, false, &verify->kind, problem);
        return err ? err : run_monitors(verify, options, problem);
    }
    for (unsigned i = 0; !err && i < engines_count; i++) {
        verify->kind = &engines_all[i];
        if (engines_offered(verify->kind))
            err = run_monitors(verify, options, problem);
    }
    return err;
}

static enum pz_err finish(struct verify *verify, struct problem *problem)
{
    json_t *document;

    if (!verify->options.json) {
        json_decref(verify->runs);
        if (verify->count > 1)
            printf("%u the same, %u different\n", verify->count - verify->bad, verify->bad);
        return PZ_OK;
    }
    document = json_document("pz-verify/1");
    json_put(document, "ok", json_boolean(!verify->bad));
    json_put(document, "runs", verify->runs);
    return json_print(document, problem);
}

enum pz_err command_verify(const struct options *options, struct problem *problem)
{
    struct verify verify = {.options = *options, .runs = json_array()};
    enum pz_err err, finish_err;
    struct problem second;

    terminal_catch_signals();
    err = run_engines(&verify, options, problem);
    finish_err = finish(&verify, &second);
    if (err)
        return err;
    if (finish_err) {
        *problem = second;
        return finish_err;
    }
    return verify.bad ? PZ_FAILED : PZ_OK;
}
