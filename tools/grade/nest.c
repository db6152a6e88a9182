/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nest.c - runs guests at a depth, and compares what was counted with an answer. Exits are the same
 * on every engine, so the fastest is taken: at each depth there are thirteen times as many.
 */
#include "tools/grade/nest.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tools/base/base.h"
#include "tools/grade/answer.h"
#include "tools/type1/type1.h"

static const char *text_of(const struct grade_run *run, const char *field)
{
    return json_string_value(json_object_get(run->check->answer, field));
}

/* A guest that does not shut down has no figures. */
static enum pz_err check_end(const struct grade_run *run, const struct nested *nested,
                             const char *guest, char *message, size_t room)
{
    if (nested->end == VM_OFF)
        return PZ_OK;
    (void)!snprintf(message, room, "%s does not shut down at depth %" PRIu64 ": %s", guest,
                    run->check->depth, vm_end_text(nested->end));
    return PZ_FAILED;
}

/* Runs are short, and mostly exits: what translates slowly does not pay. */
static enum pz_err choose_engine(const struct engines_kind **kind, struct problem *problem)
{
    enum pz_err err = engines_choose("jit", false, kind, problem);

    return err ? engines_choose("predecode", false, kind, problem) : PZ_OK;
}

/* PZ_FAILED: `message` says why there is no figure; other errors are in the problem. */
static enum pz_err count(const struct grade_run *run, const char *path, const char *name,
                         uint64_t *value, char *message, size_t room, struct problem *problem)
{
    struct grade_run of = *run;
    const struct engines_kind *kind;
    struct nested nested = {.depth = (unsigned)run->check->depth, .quiet = true};
    struct options options;
    enum pz_err err;

    of.guest = path;
    err = grade_check_options(&of, &options, problem);
    options.no_accel = run->check->no_accel;
    options.no_relay = true; /* each monitor takes its part */
    if (!err)
        err = choose_engine(&kind, problem);
    if (!err)
        err = nested_run(&nested, &options, kind, problem);
    if (!err && !grade_answer_counted(&nested.counters, text_of(run, "figure"), value))
        err = problem_set(problem, PZ_HOST, "the exercise names an unknown figure: %s",
                          text_of(run, "figure"));
    if (!err)
        err = check_end(run, &nested, name, message, room);
    nested_free(&nested);
    options_free(&options);
    return err;
}

static enum pz_err measure(const struct grade_run *run, uint64_t *value, char *message,
                           size_t room, struct problem *problem)
{
    const struct exercise_check *check = run->check;
    uint64_t less = 0;
    enum pz_err err = count(run, run->guest, check->guest, value, message, room, problem);

    if (!err && run->less)
        err = count(run, run->less, check->less, &less, message, room, problem);
    if (!err)
        *value = (*value - less + check->per / 2) / check->per;
    return err;
}

enum pz_err grade_nest(const struct grade_run *run, bool *right, char *message, char *expected,
                       char *got, size_t room, struct problem *problem)
{
    uint64_t percent =
        (uint64_t)json_integer_value(json_object_get(run->check->answer, "percent"));
    uint64_t value;
    char said[ANSWER_VALUE];
    enum pz_err err;

    *right = false;
    if (!grade_answer_said(run, said, message, room))
        return PZ_OK;
    err = measure(run, &value, message, room, problem);
    if (err)
        return err == PZ_FAILED ? PZ_OK : err;
    *right = grade_answer_near(said, value, percent);
    (void)!snprintf(message, room, "the answer to '%s' is wrong", text_of(run, "key"));
    (void)!snprintf(expected, room, "%" PRIu64, value);
    (void)!snprintf(got, room, "%s", said);
    return PZ_OK;
}
