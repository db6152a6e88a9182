/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.c - puts the machines together and compares. The guest always runs on `spec`: it is
 * there in every build, and what it does is what is meant.
 */
#include "tools/grade/run.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "tools/base/base.h"
#include "tools/grade/answer.h"
#include "tools/grade/bill.h"
#include "tools/grade/nest.h"
#include "tools/grade/walks.h"
#include "tools/sandbox/sandbox.h"
#include "tools/verify/verify.h"

#define FIELDS_SHOWN 6u
#define ASTRAY_INSNS 20000u /* see step() */
#define TEXT 600

/* A check while it is done. */
struct doing {
    const struct grade_run *run;
    struct options options;
    struct partfile part;
    struct lockstep *lockstep;
    json_t *verdict;
    uint64_t turns;
    uint64_t most;    /* instructions of VM 0, once it has gone astray; 0: it has not */
    jmp_buf given_up; /* where it goes on when the student's code has ended */
};

/* ---- Saying what came of it ---- */

static void fail(struct doing *doing, const char *message, const char *expected,
                 const char *got)
{
    json_put(doing->verdict, "pass", json_false());
    json_put(doing->verdict, "message", json_bytes(message, strlen(message)));
    json_put(doing->verdict, "expected", json_bytes(expected, strlen(expected)));
    json_put(doing->verdict, "got", json_bytes(got, strlen(got)));
}

/* What is wrong shows when the run is over. */
static void fail_at_end(struct doing *doing, const char *message, const char *expected,
                        const char *got)
{
    fail(doing, message, expected, got);
    json_put_number(doing->verdict, "retired", vm_retired(&doing->lockstep->machine.vms[0]));
}

static void broken(struct doing *doing, const struct problem *problem)
{
    json_put_text(doing->verdict, "broken", problem->text);
}

/* For a recording: how far the machine went, and what its consoles had printed then. */
static void put_run(struct doing *doing)
{
    const struct lockstep *lockstep = doing->lockstep;
    json_t *consoles = json_array();

    for (unsigned k = 0; k < lockstep->count; k++) {
        const struct console_text *printed = &lockstep->vm_ports[k].printed;
        json_int_t hash = (json_int_t)XXH3_64bits(printed->bytes, printed->len);

        json_array_append_new(
            consoles, json_pack("{s:I,s:I}", "bytes", (json_int_t)printed->len, "hash", hash));
    }
    json_put_number(doing->verdict, "turns", doing->turns);
    json_put(doing->verdict, "consoles", consoles);
}

/* ---- Running ---- */

/*
 * One slice; false when no VM goes on. A VM that has done otherwise than bare does not get much
 * further: what goes astray often loops through the monitor up to its limit. One that is told of
 * hypercalls is another program.
 */
static bool step(struct doing *doing)
{
    struct lockstep *lockstep = doing->lockstep;
    struct vm *vm = &lockstep->machine.vms[0];

    if (vmm_run(&lockstep->machine.vmm, NULL) != VMM_RAN)
        return false;
    doing->turns++;
    if (!doing->most && !doing->options.announced && lockstep_astray(lockstep))
        doing->most = vm_retired(vm) + ASTRAY_INSNS;
    if (!doing->most || vm_retired(vm) < doing->most)
        return true;
    vm_kill(vm, VM_LIMIT);
    return false;
}

static void run_machine(struct doing *doing)
{
    while (step(doing))
        ;
}

/* ---- same ---- */

/* A field's value as text for people. */
static void field_value(const char *name, uint64_t value, char text[TEXT])
{
    if (!strcmp(name, "mode"))
        (void)!snprintf(text, TEXT, "%s", value == HART_SUPERVISOR ? "supervisor" : "user");
    else if (!strcmp(name, "trap cause"))
        (void)!snprintf(text, TEXT, "%s", trace_cause_name((uint32_t)value));
    else if (!strcmp(name, "end"))
        (void)!snprintf(text, TEXT, "%s", vm_end_text((enum vm_end)value));
    else if (!strcmp(name, "retired"))
        (void)!snprintf(text, TEXT, "%" PRIu64, value);
    else
        (void)!snprintf(text, TEXT, "0x%" PRIx64, value);
}

/* The fields of a trap that was not taken are meaningless. */
static bool is_no_trap(const struct difference *difference, const char *name)
{
    return !strncmp(name, "trap", 4) && strstr(difference->what, "does not take");
}

static void add_field(char *text, const char *name, uint64_t value)
{
    size_t len = strlen(text);
    char said[TEXT];

    field_value(name, value, said);
    (void)!snprintf(text + len, TEXT - len, "%s%s %s", len ? ", " : "", name, said);
}

/* If the ends differ, only the end is shown; `time` is redundant beside `retired`. */
static bool is_shown(const struct difference *difference, const char *name)
{
    bool end =
        difference->count && !strcmp(difference->fields[difference->count - 1].name, "end");

    return end ? !strcmp(name, "end") : strcmp(name, "time") != 0;
}

static void list_fields(const struct difference *difference, char expected[TEXT],
                        char got[TEXT])
{
    unsigned shown = 0;

    for (unsigned i = 0; i < difference->count && shown < FIELDS_SHOWN; i++) {
        const struct difference_field *field = &difference->fields[i];

        if (!is_shown(difference, field->name))
            continue;
        if (!strcmp(field->name, "end") && field->bare == VM_LIMIT)
            (void)!snprintf(expected, TEXT, "that it continues"); /* bare, it was cut there */
        else if (!is_no_trap(difference, field->name))
            add_field(expected, field->name, field->bare);
        add_field(got, field->name, field->vm);
        shown++;
    }
}

static const char *code_here(const struct difference_code *code)
{
    for (unsigned i = 0; i < code->count; i++)
        if (code->lines[i].here)
            return code->lines[i].text;
    return "unreadable memory";
}

static void say_place(const struct lockstep *lockstep, char message[TEXT])
{
    const struct difference *difference = &lockstep->difference;
    const struct difference_point *vm = &difference->vm;
    bool trap = difference->vm.trap.cause || strstr(difference->what, "trap");

    (void)!snprintf(message, TEXT,
                    "the guest in the VM has %s; after %" PRIu64
                    " instructions, in %s mode at 0x%08" PRIx32 " (%s)%s%s",
                    difference->what, vm->hart.retired,
                    vm->hart.mode == HART_SUPERVISOR ? "supervisor" : "user", vm->hart.pc,
                    code_here(&difference->vm_code), trap ? ", taking: " : "",
                    trap ? trace_cause_name(vm->trap.cause) : "");
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void fail_different(struct doing *doing)
{
    const struct lockstep *lockstep = doing->lockstep;
    const struct difference *difference = &lockstep->difference;
    char message[TEXT], expected[TEXT] = "", got[TEXT] = "";

    say_place(lockstep, message);
    list_fields(difference, expected, got);
    fail(doing, message, expected, got);
    json_put_number(doing->verdict, "retired",
                    smaller(difference->bare.hart.retired, difference->vm.hart.retired));
}

/* The guest must also report success: two equal runs may both be wrong. */
static void check_end(struct doing *doing)
{
    const struct vm *vm = &doing->lockstep->machine.vms[0];

    if (vm->end != VM_OFF)
        fail_at_end(doing, "the guest did not shut down", vm_end_text(VM_OFF),
                    vm_end_text((enum vm_end)vm->end));
}

static void do_same(struct doing *doing)
{
    struct lockstep *lockstep = doing->lockstep;
    struct problem problem;

    while (step(doing) && !lockstep_is_over(lockstep))
        ;
    if (lockstep_finish(lockstep, &problem))
        broken(doing, &problem);
    else if (lockstep_differs(lockstep))
        fail_different(doing);
    else
        check_end(doing);
}

/* ---- pass ---- */

/*
 * A part sets the guest's registers, and could make it jump past its checks to its success
 * exit. Then it has retired too few instructions.
 */
static void check_length(struct doing *doing)
{
    struct lockstep *lockstep = doing->lockstep;
    uint64_t retired = lockstep->machine.vms[0].cpu->hart.retired, least;
    char expected[TEXT], got[TEXT];

    (void)bare_run(&lockstep->bare.bare, doing->options.max_insns);
    least = lockstep->bare.bare.hart.retired;
    if (lockstep->bare.bare.board.power != BOARD_OFF || retired >= least)
        return;
    (void)!snprintf(expected, TEXT, "%" PRIu64 " instructions, as bare", least);
    (void)!snprintf(got, TEXT, "%" PRIu64, retired);
    fail_at_end(doing, "the guest ended too soon: it skipped some of its checks", expected,
                got);
}

/* The guest checks itself; its first difference from the bare run explains why it fails. */
static void do_pass(struct doing *doing)
{
    struct lockstep *lockstep = doing->lockstep;
    char message[TEXT], expected[TEXT] = "", got[TEXT] = "";
    struct problem problem;

    run_machine(doing);
    if (grade_answer_expected(doing->run->check->expect, lockstep, message, expected, got,
                              TEXT)) {
        if (doing->run->students)
            check_length(doing);
        return;
    }
    fail_at_end(doing, message, expected, got);
    if (lockstep_finish(lockstep, &problem))
        broken(doing, &problem);
    else if (lockstep_differs(lockstep))
        fail_different(doing);
}

/* ---- run, differs ---- */

static void console_words(const struct console_text *printed, char text[TEXT])
{
    (void)!snprintf(text, TEXT, "console: %.*s",
                    (int)(printed->len < TEXT / 2 ? printed->len : TEXT / 2),
                    printed->bytes ? printed->bytes : "");
}

/* It has told the two apart if both runs ended and their output differs. */
static void do_differs(struct doing *doing)
{
    struct lockstep *lockstep = doing->lockstep;
    const struct console_text *vm = &lockstep->vm_ports[0].printed;
    const struct console_text *bare = &lockstep->bare_port.printed;
    char expected[TEXT], got[TEXT];

    run_machine(doing);
    (void)bare_run(&lockstep->bare.bare, doing->options.max_insns);
    console_words(bare, expected);
    console_words(vm, got);
    if (lockstep->machine.vms[0].end != VM_OFF || lockstep->bare.bare.board.power != BOARD_OFF)
        fail_at_end(doing, "the guest does not shut down, bare and in the VM, within its limit",
                    vm_end_text(VM_OFF),
                    vm_end_text((enum vm_end)lockstep->machine.vms[0].end));
    else if (vm->len == bare->len && !memcmp(vm->bytes, bare->bytes, vm->len))
        fail_at_end(doing, "the guest prints the same bare and in the VM: it cannot tell",
                    expected, got);
}

static void do_run(struct doing *doing)
{
    char message[TEXT], expected[TEXT] = "", got[TEXT] = "";

    run_machine(doing);
    if (!grade_answer_expected(doing->run->check->expect, doing->lockstep, message, expected,
                               got, TEXT))
        fail_at_end(doing, message, expected, got);
}

/* ---- answer ---- */

static void do_answer(struct doing *doing)
{
    char message[TEXT], expected[TEXT] = "", got[TEXT] = "";

    if (doing->lockstep)
        run_machine(doing);
    if (!grade_answer_right(doing->run, doing->lockstep, message, expected, got, TEXT))
        fail(doing, message, expected, got);
}

/* ---- technique, proof ---- */

static void do_bill(struct doing *doing)
{
    bool technique = doing->run->check->kind == EXERCISE_TECHNIQUE, right;
    char message[TEXT] = "", expected[TEXT] = "", got[TEXT] = "";
    struct problem problem;
    enum pz_err err = (technique ? grade_bill_technique : grade_bill_proof)(
        doing->run, &right, message, expected, got, TEXT, &problem);

    if (err)
        broken(doing, &problem);
    else if (!right)
        fail(doing, message, expected, got);
}

/* ---- nest ---- */

static void do_nest(struct doing *doing)
{
    char message[TEXT] = "", expected[TEXT] = "", got[TEXT] = "";
    struct problem problem;
    bool right;

    if (grade_nest(doing->run, &right, message, expected, got, TEXT, &problem))
        broken(doing, &problem);
    else if (!right)
        fail(doing, message, expected, got);
}

/* ---- walks ---- */

static void do_walks(struct doing *doing)
{
    char message[TEXT] = "", expected[TEXT] = "", got[TEXT] = "";
    struct problem problem;
    bool right;
    enum pz_err err =
        grade_walks(doing->run->check, doing->options.parts->two_stage, doing->options.memory,
                    &right, message, expected, got, TEXT, &problem);

    if (err)
        broken(doing, &problem);
    else if (!right)
        fail(doing, message, expected, got);
}

/* ---- All ---- */

static bool has_part(const struct doing *doing, const char *name)
{
    return doing->run->students ? partproc_has(name) : partfile_has(&doing->part, name);
}

/* Nothing that was started can be continued. */
static void part_ended(void *owner, const struct partproc_end *how)
{
    struct doing *doing = owner;
    const char *where = how->where;

    json_put(doing->verdict, "ended",
             json_pack("{s:i,s:i,s:i,s:o}", "end", (int)how->end, "signal", how->signal,
                       "status", how->status, "where", json_bytes(where, strlen(where))));
    longjmp(doing->given_up, 1);
}

static enum pz_err open_part(struct doing *doing, struct problem *problem)
{
    enum pz_err err;

    if (doing->run->students) {
        doing->options.memory = partproc_memory();
        return partproc_load(&doing->options.parts, part_ended, doing, problem);
    }
    err = partfile_open(&doing->part, doing->run->object, problem);
    doing->options.parts = &doing->part.parts;
    return err;
}

static bool load_part(struct doing *doing)
{
    const struct exercise_file *file =
        exercise_file(doing->run->exercise, doing->run->check->part);
    struct problem problem;
    char message[TEXT];

    if (open_part(doing, &problem)) {
        fail(doing, problem.text, "", "");
        return false;
    }
    for (size_t i = 0; file && i < json_array_size(file->parts); i++) {
        const char *name = json_string_value(json_array_get(file->parts, i));

        if (name && has_part(doing, name))
            continue;
        (void)!snprintf(message, sizeof message, "%s has no function part_%s()", file->name,
                        name ? name : "?");
        fail(doing, message, "", "");
        return false;
    }
    return true;
}

/* The monitor itself is in the memory that parts see: they follow pointers to it. */
static void *take_lockstep(const struct doing *doing)
{
    if (doing->options.memory)
        return machine_memory_take(doing->options.memory, sizeof(struct lockstep));
    return calloc(1, sizeof(struct lockstep));
}

static bool open_machines(struct doing *doing)
{
    const struct engines_kind *kind;
    struct problem problem;
    enum pz_err err = engines_choose("spec", false, &kind, &problem);

    doing->lockstep = take_lockstep(doing);
    if (!err && doing->lockstep) {
        partproc_serve(&doing->lockstep->machine.vmm);
        err = lockstep_open(doing->lockstep, &doing->options, kind, &problem);
    }
    if (err)
        broken(doing, &problem);
    return !err && doing->lockstep;
}

static void do_check(struct doing *doing)
{
    static void (*const ways[EXERCISE_CHECK_KINDS])(struct doing *) = {
        [EXERCISE_PASS] = do_pass,       [EXERCISE_SAME] = do_same,
        [EXERCISE_DIFFERS] = do_differs, [EXERCISE_RUN] = do_run,
        [EXERCISE_ANSWER] = do_answer,   [EXERCISE_TECHNIQUE] = do_bill,
        [EXERCISE_PROOF] = do_bill,      [EXERCISE_NEST] = do_nest,
        [EXERCISE_WALKS] = do_walks,
    };
    struct problem problem;

    if (chdir(doing->run->exercise->folder))
        return;
    if (doing->run->guest && !exercise_asks_runs(doing->run->check)) {
        if (grade_check_options(doing->run, &doing->options, &problem)) {
            broken(doing, &problem);
            return;
        }
        if (doing->run->object && !load_part(doing))
            return;
        if (!open_machines(doing))
            return;
    }
    if (doing->run->check->kind == EXERCISE_WALKS && !load_part(doing))
        return;
    ways[doing->run->check->kind](doing);
    if (doing->lockstep)
        put_run(doing);
}

bool grade_run_prepare(void *owner)
{
    const struct grade_run *run = owner;

    return !run->students || partproc_start(run->object, &run->limits);
}

/* Also returns here when the student's code has ended its process. */
static __attribute__((noinline)) void try_check(struct doing *doing)
{
    if (!setjmp(doing->given_up))
        do_check(doing);
}

/*
 * What a part has seen or holds is left: the process ends with the check. Without one, checks may
 * share a process.
 */
static void release(struct doing *doing)
{
    if (doing->run->object)
        return;
    if (doing->lockstep)
        lockstep_close(doing->lockstep);
    free(doing->lockstep);
    options_free(&doing->options);
    free(doing);
}

json_t *grade_run_check(void *owner)
{
    struct doing *doing = calloc(1, sizeof *doing);
    json_t *verdict;

    if (!doing)
        return NULL;
    doing->run = owner;
    doing->verdict = json_object();
    json_put(doing->verdict, "pass", json_true());
    try_check(doing);
    verdict = doing->verdict;
    json_put_number(verdict, "cpu_ms", partproc_cpu_ms());
    release(doing);
    return verdict;
}
