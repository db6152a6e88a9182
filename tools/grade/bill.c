/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bill.c - runs a guest under each technique that there is (vmm/monitors.def; the plain monitor
 * with each shadow policy), and compares what is counted with a bill.
 */
#include "tools/grade/bill.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/grade/answer.h"
#include "tools/show/show.h"

#define NAME 32

/* The plain monitor with each policy, then all others. */
#define TECHNIQUES (SHADOW_POLICIES + VM_MONITORS - 1u)

/* A question about a bill: where its answer is put, and what it is about. */
struct asking {
    const struct grade_run *run;
    json_t *bills; /* bills.json */
    const json_t *bill;
    char said[ANSWER_VALUE];
    char *message, *expected, *got;
    size_t room;
};

static enum vm_monitor monitor_of(unsigned technique)
{
    return technique < SHADOW_POLICIES ? VM_PLAIN
                                       : (enum vm_monitor)(technique - SHADOW_POLICIES + 1);
}

/* As in the first column of `pz compare`. */
static void name_of(unsigned technique, char name[NAME])
{
    const char *monitor = monitor_desc(monitor_of(technique))->name;

    if (technique < SHADOW_POLICIES)
        (void)!snprintf(name, NAME, "%s, %s", monitor, options_shadow_name(technique));
    else
        (void)!snprintf(name, NAME, "%s", monitor);
}

/* TECHNIQUES: nothing is called so. */
static unsigned find_technique(const char *said)
{
    char name[NAME];
    unsigned technique = 0;

    for (; technique < TECHNIQUES; technique++) {
        name_of(technique, name);
        if (!strcasecmp(said, name))
            break;
    }
    return technique;
}

/* ---- Runs ---- */

static void print_nothing(void *owner, const uint8_t *bytes, uint32_t len)
{
    (void)owner, (void)bytes, (void)len;
}

static int no_input(void *owner)
{
    (void)owner;
    return BOARD_INPUT_ENDED;
}

/* Counters as a bill has them: numbers alone, without times. */
static json_t *numbers_of(json_t *counted)
{
    json_t *numbers = json_object(), *value;
    const char *name;

    json_object_foreach(counted, name, value)
    {
        json_t *count = json_object_get(value, "count");

        if (count)
            json_put(numbers, name, json_incref(count));
        else
            json_put(numbers, name,
                     json_is_object(value) ? numbers_of(value) : json_incref(value));
    }
    return numbers;
}

/* NULL: the engine cannot do it. */
static enum pz_err run_machine(struct machine *machine, const struct options *options,
                               json_t **exits, struct problem *problem)
{
    const struct board_host board = {.console_out = print_nothing, .console_in = no_input};
    const struct machine_hosts hosts = {.boards = &board, .keep = DISK_KEEP_MEMORY};
    const struct engines_kind *kind;
    enum pz_err err = engines_choose("spec", false, &kind, problem);
    json_t *counted;

    if (!err)
        err = machine_open(machine, options, kind, &hosts, problem);
    if (err || machine->vms[0].config.monitor != options->monitor)
        return err;
    while (vmm_run(&machine->vmm, NULL) == VMM_RAN)
        ;
    counted = outcome_counters(&machine->vms[0].counters);
    *exits = numbers_of(counted);
    json_decref(counted);
    return PZ_OK;
}

static enum pz_err run_technique(const struct asking *asking, unsigned technique,
                                 json_t **exits, struct problem *problem)
{
    struct machine *machine = calloc(1, sizeof *machine);
    struct options options;
    enum pz_err err = grade_check_options(asking->run, &options, problem);

    *exits = NULL;
    options.monitor = monitor_of(technique);
    options.shadow = technique < SHADOW_POLICIES ? (enum shadow_policy)technique : SHADOW_LAZY;
    if (!err && !machine)
        err = problem_memory(problem, "the machine");
    if (!err)
        err = run_machine(machine, &options, exits, problem);
    if (machine)
        machine_close(machine);
    free(machine);
    options_free(&options);
    return err;
}

/* ---- Questions ---- */

static enum pz_err open_bill(struct asking *asking, struct problem *problem)
{
    const struct grade_run *run = asking->run;
    const char *name = json_string_value(json_object_get(run->check->answer, "bill"));
    char path[PATH_ROOM + 16];

    path_format(path, sizeof path, "%s/bills.json", run->exercise->folder);
    asking->bills = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
    asking->bill = name ? json_object_get(asking->bills, name) : NULL;
    if (json_is_object(asking->bill))
        return PZ_OK;
    return problem_set(problem, PZ_HOST, "bills.json of %s has no bill '%s'",
                       run->exercise->name, name ? name : "");
}

/* A figure by its name in a bill: "emulated", "action.fill"; only what is not zero is there. */
static uint64_t figure_of(const json_t *exits, const char *name)
{
    const char *dot = strchr(name, '.');
    char group[NAME] = "";

    if (!dot)
        return (uint64_t)json_integer_value(json_object_get(exits, name));
    (void)!snprintf(group, sizeof group, "%.*s", (int)(dot - name), name);
    return (uint64_t)json_integer_value(
        json_object_get(json_object_get(exits, group), dot + 1));
}

static const json_t *exits_of(const struct asking *asking)
{
    return json_object_get(asking->bill, "exits");
}

/* ---- Which technique? ---- */

static void list_techniques(struct asking *asking)
{
    char name[NAME];
    size_t len = 0;

    for (unsigned technique = 0; technique < TECHNIQUES && len < asking->room; technique++) {
        name_of(technique, name);
        len += (size_t)snprintf(asking->expected + len, asking->room - len, "%s%s",
                                technique ? "; " : "", name);
    }
}

/* The first action whose count differs tells most; else the sum does. */
static void say_difference(struct asking *asking, const json_t *exits)
{
    const json_t *bill = exits_of(asking);
    const char *differs = "total";
    char name[NAME];

    for (unsigned action = TRACE_ACTIONS; action-- > 0;) {
        const char *word = trace_action_name((enum trace_action)action);

        (void)!snprintf(name, sizeof name, "action.%s", word);
        if (figure_of(bill, name) != figure_of(exits, name))
            differs = word;
    }
    (void)!snprintf(name, sizeof name, "%s%s", strcmp(differs, "total") ? "action." : "",
                    differs);
    (void)!snprintf(asking->message, asking->room, "under '%s' the bill is another",
                    asking->said);
    (void)!snprintf(asking->expected, asking->room, "%s %" PRIu64 ", as in the bill", name,
                    figure_of(bill, name));
    (void)!snprintf(asking->got, asking->room, "%s %" PRIu64, name, figure_of(exits, name));
}

static enum pz_err check_technique(struct asking *asking, bool *right, struct problem *problem)
{
    unsigned technique = find_technique(asking->said);
    json_t *exits;
    enum pz_err err;

    if (technique == TECHNIQUES) {
        (void)!snprintf(asking->message, asking->room, "no technique is called that");
        (void)!snprintf(asking->got, asking->room, "%s", asking->said);
        list_techniques(asking);
        return PZ_OK;
    }
    err = run_technique(asking, technique, &exits, problem);
    *right = !err && json_equal(exits, exits_of(asking));
    if (!err && !*right)
        say_difference(asking, exits);
    json_decref(exits);
    return err;
}

/* ---- Does it prove that? ---- */

/* Which technique's bill it is. */
struct runs {
    json_t *exits[TECHNIQUES];
    unsigned own; /* TECHNIQUES: nobody's */
};

static enum pz_err run_all(const struct asking *asking, struct runs *runs,
                           struct problem *problem)
{
    enum pz_err err = PZ_OK;

    *runs = (struct runs){.own = TECHNIQUES};
    for (unsigned i = 0; !err && i < TECHNIQUES; i++) {
        err = run_technique(asking, i, &runs->exits[i], problem);
        if (!err && runs->exits[i] && json_equal(runs->exits[i], exits_of(asking)))
            runs->own = i;
    }
    if (!err && runs->own == TECHNIQUES)
        err = problem_set(
            problem, PZ_HOST, "bills.json of %s: no technique causes the exits of bill '%s'",
            asking->run->exercise->name,
            json_string_value(json_object_get(asking->run->check->answer, "bill")));
    return err;
}

/* Another technique whose figure is zero where the bill's is, or is not where it is not. */
static bool find_alike(const struct runs *runs, const char *name, unsigned *alike)
{
    bool zero = !figure_of(runs->exits[runs->own], name);

    for (*alike = 0; *alike < TECHNIQUES; ++*alike)
        if (*alike != runs->own && runs->exits[*alike] &&
            !figure_of(runs->exits[*alike], name) == zero)
            return true;
    return false;
}

/* "NAME NUMBER": the last space parts them. */
static bool read_proof(char *said, const char **name, uint64_t *number)
{
    char *space = strrchr(said, ' '), *end;

    if (!space || !space[1])
        return false;
    *number = strtoull(space + 1, &end, 10);
    while (space > said && space[-1] == ' ')
        space--;
    *space = '\0';
    *name = said;
    return !*end;
}

static enum pz_err check_proof(struct asking *asking, bool *right, struct problem *problem)
{
    struct runs runs;
    const char *name;
    uint64_t number;
    unsigned alike;
    enum pz_err err;
    char other[NAME];

    (void)!snprintf(asking->got, asking->room, "%s", asking->said);
    if (!read_proof(asking->said, &name, &number)) {
        (void)!snprintf(asking->message, asking->room, "a figure's name and its number wanted");
        (void)!snprintf(asking->expected, asking->room, "such as: action.fill 12");
        return PZ_OK;
    }
    if (number != figure_of(exits_of(asking), name)) {
        (void)!snprintf(asking->message, asking->room, "the bill has another number there");
        (void)!snprintf(asking->expected, asking->room, "%s %" PRIu64, name,
                        figure_of(exits_of(asking), name));
        return PZ_OK;
    }
    err = run_all(asking, &runs, problem);
    *right = !err && !find_alike(&runs, name, &alike);
    if (!err && !*right) {
        name_of(alike, other);
        (void)!snprintf(asking->message, asking->room,
                        "that proves nothing: another technique's bill is like it there");
        (void)!snprintf(asking->got, asking->room, "%s is %" PRIu64 " under '%s'", name,
                        figure_of(runs.exits[alike], name), other);
    }
    for (unsigned i = 0; i < TECHNIQUES; i++)
        json_decref(runs.exits[i]);
    return err;
}

/* ---- Both ---- */

static enum pz_err ask(struct asking *asking, bool *right,
                       enum pz_err (*check)(struct asking *asking, bool *right,
                                            struct problem *problem),
                       struct problem *problem)
{
    enum pz_err err = PZ_OK;

    *right = false;
    if (grade_answer_said(asking->run, asking->said, asking->message, asking->room)) {
        err = open_bill(asking, problem);
        if (!err)
            err = check(asking, right, problem);
        json_decref(asking->bills);
    }
    return err;
}

enum pz_err grade_bill_technique(const struct grade_run *run, bool *right, char *message,
                                 char *expected, char *got, size_t room,
                                 struct problem *problem)
{
    struct asking asking = {
        .run = run, .message = message, .expected = expected, .got = got, .room = room};

    return ask(&asking, right, check_technique, problem);
}

enum pz_err grade_bill_proof(const struct grade_run *run, bool *right, char *message,
                             char *expected, char *got, size_t room, struct problem *problem)
{
    struct asking asking = {
        .run = run, .message = message, .expected = expected, .got = got, .room = room};

    return ask(&asking, right, check_proof, problem);
}
