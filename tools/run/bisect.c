/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bisect.c - `pz bisect`: when did an expression become true? Bisection over one VM's retired
 * counts finds one such place, and the only one if the expression then stays true. That cannot
 * be known without testing every instruction; some places are sampled, and the result is
 * reported.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/run/playback.h"
#include "tools/run/run.h"

#define SAMPLES 16u /* places that are looked at on each side of what was found */

struct bisect {
    const struct options *options;
    struct playback run;
    struct debug_expr expr;
    unsigned vm;
    uint64_t end;       /* what the VM retires up to its end */
    uint64_t looked;    /* states */
    bool ever, holding; /* it was found to hold; and holds from the beginning */
    bool returns;       /* beyond `at` it was seen not to hold */
    uint64_t at;        /* the least count found at which it holds, and does not one before */
};

static bool holds_now(struct bisect *bisect)
{
    struct debug_scope scope = debug_scope(bisect->run.debug);

    bisect->looked++;
    return debug_expr_holds(&bisect->expr, &scope);
}

static enum pz_err look(struct bisect *bisect, uint64_t retired, bool *holds,
                        struct problem *problem)
{
    enum pz_err err = playback_goto(&bisect->run, bisect->vm, retired, problem);

    if (!err)
        *holds = holds_now(bisect);
    return err;
}

/* It does not hold at `low`, it does at `high`. */
static enum pz_err narrow(struct bisect *bisect, uint64_t low, uint64_t high,
                          struct problem *problem)
{
    bool holds = false;

    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        enum pz_err err = look(bisect, middle, &holds, problem);

        if (err)
            return err;
        *(holds ? &high : &low) = middle;
    }
    bisect->at = high;
    return PZ_OK;
}

static uint64_t sample(uint64_t from, uint64_t to, unsigned i)
{
    return from + (to - from) / (SAMPLES + 1) * (i + 1);
}

/* Where it holds earlier as well, the earlier place is the better answer. */
static enum pz_err look_before(struct bisect *bisect, bool *again, struct problem *problem)
{
    uint64_t end = bisect->at, low = 0;
    bool holds = false;

    *again = false;
    for (unsigned i = 0; i < SAMPLES && end > SAMPLES; i++) {
        uint64_t at = sample(0, end - 1, i);
        enum pz_err err = look(bisect, at, &holds, problem);

        if (err)
            return err;
        if (holds) {
            *again = true;
            bisect->returns = true;
            return narrow(bisect, low, at, problem);
        }
        low = at;
    }
    return PZ_OK;
}

static enum pz_err look_behind(struct bisect *bisect, struct problem *problem)
{
    bool holds = true;

    for (unsigned i = 0; i < SAMPLES && !bisect->returns; i++) {
        enum pz_err err = look(bisect, sample(bisect->at, bisect->end, i), &holds, problem);

        if (err)
            return err;
        bisect->returns = !holds;
    }
    return PZ_OK;
}

static enum pz_err search(struct bisect *bisect, struct problem *problem)
{
    bool again = true, holds = false;
    enum pz_err err = look(bisect, 0, &holds, problem);

    if (err)
        return err;
    bisect->ever = holds || bisect->ever;
    bisect->holding = holds;
    if (!bisect->ever || holds)
        return PZ_OK;
    err = narrow(bisect, 0, bisect->end, problem);
    while (!err && again)
        err = look_before(bisect, &again, problem);
    return err ? err : look_behind(bisect, problem);
}

static enum pz_err find(struct bisect *bisect, struct problem *problem)
{
    enum pz_err err = playback_end(&bisect->run, problem);

    if (err)
        return err;
    bisect->run.debug->vm = bisect->vm;
    bisect->end = playback_retired(&bisect->run, bisect->vm);
    err = playback_goto(&bisect->run, bisect->vm, bisect->end, problem);
    if (err)
        return err;
    bisect->ever = holds_now(bisect);
    return search(bisect, problem);
}

/* ---- Telling ---- */

static void say_place(struct bisect *bisect, json_t *document, const char *name, FILE *out)
{
    struct debug *debug = bisect->run.debug;

    debug->out = out;
    debug->data = json_object();
    debug_say_place(debug);
    json_put_text(debug->data, "mode", debug_mode(debug_hart(debug)->mode));
    json_put(document, name, debug->data);
    debug->out = NULL;
    debug->data = NULL;
}

static enum pz_err say_found(struct bisect *bisect, json_t *document, FILE *out,
                             struct problem *problem)
{
    char at[TEXT_NUMBER], end[TEXT_NUMBER];
    enum pz_err err = playback_goto(&bisect->run, bisect->vm, bisect->at - 1, problem);

    if (err)
        return err;
    fprintf(out, "vm%u: '%s' becomes true with instruction %s of %s:\n", bisect->vm,
            bisect->expr.text, text_grouped(bisect->at, at), text_grouped(bisect->end, end));
    say_place(bisect, document, "insn", out);
    err = playback_goto(&bisect->run, bisect->vm, bisect->at, problem);
    if (err)
        return err;
    fputs("and then\n", out);
    say_place(bisect, document, "then", out);
    if (bisect->returns)
        fputs("it does not stay true: this is one of several such places, and there may be an "
              "earlier one\n",
              out);
    return PZ_OK;
}

static enum pz_err say(struct bisect *bisect, json_t *document, FILE *out,
                       struct problem *problem)
{
    enum pz_err err = PZ_OK;

    json_put_text(document, "when", bisect->expr.text);
    json_put_number(document, "vm", bisect->vm);
    json_put_number(document, "end", bisect->end);
    json_put(document, "found", json_boolean(bisect->ever));
    json_put(document, "from_the_beginning", json_boolean(bisect->holding));
    json_put(document, "stays", json_boolean(bisect->ever && !bisect->returns));
    if (bisect->ever)
        json_put_number(document, "retired", bisect->at);
    if (!bisect->ever)
        fprintf(out,
                "vm%u: '%s' is true neither at the beginning nor at the end, after %" PRIu64
                " instructions; in between it was not looked for\n",
                bisect->vm, bisect->expr.text, bisect->end);
    else if (bisect->holding)
        fprintf(out, "vm%u: '%s' is true from the beginning\n", bisect->vm, bisect->expr.text);
    else
        err = say_found(bisect, document, out, problem);
    json_put_number(document, "looked", bisect->looked);
    fprintf(out, "(%" PRIu64 " states were looked at)\n", bisect->looked);
    return err;
}

static enum pz_err tell(struct bisect *bisect, struct problem *problem)
{
    json_t *document = json_document("pz-bisect/1");
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    enum pz_err err;

    if (!out)
        return problem_memory(problem, "the result");
    err = say(bisect, document, out, problem);
    fclose(out);
    if (!err && bisect->options->json) {
        err = json_print(document, problem);
    } else {
        json_decref(document);
        if (!err)
            fputs(text, stdout);
    }
    free(text);
    return err ? err : bisect->ever ? PZ_OK : PZ_FAILED;
}

/* ---- */

static enum pz_err compile(struct bisect *bisect, struct problem *problem)
{
    const char *text = bisect->options->when;
    struct debug_names names;

    bisect->vm =
        bisect->options->only_vm == OPTIONS_ANY_VM ? 0 : (unsigned)bisect->options->only_vm;
    if (bisect->vm >= bisect->run.debug->machine->count)
        return problem_set(problem, PZ_USAGE, "--vm: there is no VM %u", bisect->vm);
    bisect->run.debug->vm = bisect->vm;
    names = debug_source_names(bisect->run.debug);
    return debug_expr_compile(&bisect->expr, &names, &text, true, problem);
}

static enum pz_err run(struct bisect *bisect, struct problem *problem)
{
    const struct options *options = bisect->options;
    const char *recording = options->kernels.count == 1 && recording_is(options->kernels.at[0])
                                ? options->kernels.at[0]
                                : NULL;
    enum pz_err err = playback_open(&bisect->run, options, recording, problem);

    if (!err)
        err = compile(bisect, problem);
    if (!err)
        err = find(bisect, problem);
    return err ? err : tell(bisect, problem);
}

enum pz_err command_bisect(const struct options *options, struct problem *problem)
{
    struct bisect *bisect = calloc(1, sizeof *bisect);
    enum pz_err err;

    if (!bisect)
        return problem_memory(problem, "the search");
    bisect->options = options;
    problem->text[0] = '\0';
    if (options->when)
        err = run(bisect, problem);
    else
        err = problem_set(problem, PZ_USAGE, "give --when EXPR: the condition to look for");
    playback_close(&bisect->run);
    free(bisect);
    return err;
}
