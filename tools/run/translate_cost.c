/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * translate_cost.c - runs a guest bare on the translator, and again on the interpreter, and
 * looks at each after 1000, 2000, 5000, 10000... instructions. Counts are the same in every run;
 * times are the host's.
 */
#include "tools/run/translate_cost.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MARKS_MOST 40u
#define MARK_FIRST 1000u
#define STEP 10000000u /* instructions between looks at signals */
#define BAR 24u
#define BAR_LEAST 0.1 /* ns: no bar */
#define INTERPRETER "predecode"

/* The machine after so many instructions. */
struct mark {
    uint64_t retired;
    uint64_t ns; /* of the host, since the first instruction */
    uint64_t translated, blocks, cache_bytes, flushes, invalidated;
};

struct course {
    struct mark marks[MARKS_MOST];
    unsigned count;
    bool off; /* the guest has shut down as it should */
};

/* Both courses. */
struct costs {
    char path[160];
    struct course jit, interpreter;
};

#if PZ_HAVE_JIT
#include "isa/engine/jit/jit.h"

static void note_translator(struct mark *mark, const struct engines_one *engine)
{
    const struct jit *jit = engines_jit(engine);
    const struct jit_stats *stats = jit ? jit_stats(jit) : NULL;

    if (!stats)
        return;
    mark->translated = stats->instructions;
    mark->blocks = stats->blocks;
    mark->cache_bytes = stats->host_bytes;
    mark->flushes = stats->flushes;
    mark->invalidated = stats->invalidated;
}
#else
static void note_translator(struct mark *mark, const struct engines_one *engine)
{
    (void)mark, (void)engine;
}
#endif

/* ---- Runs ---- */

/* End of file, as of a run with nothing on its standard input. */
static int end_of_file(void *owner)
{
    return input_next(owner);
}

static void no_output(void *owner, const uint8_t *bytes, uint32_t len)
{
    (void)owner, (void)bytes, (void)len;
}

/* 1, 2, 5, 10, 20... times the first. */
static uint64_t next_mark(uint64_t mark)
{
    uint64_t first = mark;

    while (first % 10 == 0)
        first /= 10;
    return first == 2 ? mark / 2 * 5 : 2 * mark;
}

static void run_to(struct bare *bare, uint64_t retired)
{
    while (bare->board.power == BOARD_ON && bare_retired(bare) < retired &&
           !terminal_signal()) {
        uint64_t next = bare_retired(bare) + STEP;

        (void)bare_run(bare, next < retired ? next : retired);
    }
}

static void run_course(struct course *course, struct machine_bare *machine, uint64_t most)
{
    struct bare *bare = &machine->bare;
    uint64_t start = machine_work(), mark = MARK_FIRST;

    do {
        struct mark *at = &course->marks[course->count++];
        bool last = course->count == MARKS_MOST;

        run_to(bare, mark < most && !last ? mark : most);
        *at = (struct mark){.retired = bare_retired(bare), .ns = machine_work() - start};
        note_translator(at, &machine->engine);
        mark = next_mark(mark);
    } while (course->count < MARKS_MOST && bare->board.power == BOARD_ON &&
             bare_retired(bare) < most && !terminal_signal());
    course->off = bare->board.power == BOARD_OFF;
}

static enum pz_err follow(struct costs *costs, struct course *course, const char *engine,
                          const struct options *options, struct problem *problem)
{
    struct input input;
    const struct board_host host = {
        .console_out = no_output, .console_in = end_of_file, .owner = &input};
    struct machine_bare *machine = calloc(1, sizeof *machine);
    const struct engines_kind *kind;
    enum pz_err err;

    if (!machine)
        return problem_memory(problem, "the machine");
    input_empty(&input, false);
    err = engines_choose(engine, true, &kind, problem);
    if (!err)
        err = machine_bare_open(machine, options, kind, 0, &host, problem);
    if (!err) {
        snprintf(costs->path, sizeof costs->path, "%s", machine->image.path);
        progress_show("on the engine %s...", engine);
        run_course(course, machine, options->max_insns);
        progress_end();
    }
    machine_bare_close(machine);
    free(machine);
    return err ? err : terminal_signal() ? PZ_FAILED : PZ_OK;
}

/* ---- Break-even ---- */

/*
 * The first mark from which on the translator has taken less time than the interpreter, all in
 * all; the number of marks: it never has.
 */
static unsigned break_even(const struct costs *costs)
{
    unsigned k = costs->jit.count;

    while (k && costs->jit.marks[k - 1].ns < costs->interpreter.marks[k - 1].ns)
        k--;
    return k;
}

/* ---- For people ---- */

static double ns_each(const struct mark *mark)
{
    return mark->retired ? (double)mark->ns / (double)mark->retired : 0;
}

/* Logarithmic, since costs fall a hundredfold. */
static unsigned length_of(double ns, double most)
{
    double share =
        ns > BAR_LEAST && most > BAR_LEAST ? log(ns / BAR_LEAST) / log(most / BAR_LEAST) : 0;

    return share < 1 ? (unsigned)(share * BAR + 0.5) : BAR;
}

/* What an instruction has cost on average: a bar for jit, and where the interpreter's would end. */
static const char *bar(double ns, double interpreted, double most, char text[BAR + 2])
{
    unsigned len = length_of(ns, most), end = length_of(interpreted, most);

    memset(text, ' ', BAR + 1);
    memset(text, '#', len);
    text[end] = '|';
    text[len > end + 1 ? len : end + 1] = '\0';
    return text;
}

static void print_rows(const struct costs *costs)
{
    struct table table;
    double most = 0;

    for (unsigned i = 0; i < costs->jit.count; i++)
        most = ns_each(&costs->jit.marks[i]) > most ? ns_each(&costs->jit.marks[i]) : most;
    table_init(&table, "rrrrrrl");
    table_add(&table,
              "instructions\ttranslated\tuses of each\tcache\tjit, ns each\t" INTERPRETER
              "\tjit #, " INTERPRETER " |");
    for (unsigned i = 0; i < costs->jit.count; i++) {
        const struct mark *mark = &costs->jit.marks[i];
        char retired[TEXT_NUMBER], translated[TEXT_NUMBER], size[TEXT_NUMBER], text[BAR + 2];
        double interpreted = ns_each(&costs->interpreter.marks[i]);

        table_add(&table, "%s\t%s\t%.1f\t%s\t%.1f\t%.1f\t%s",
                  text_grouped(mark->retired, retired),
                  text_grouped(mark->translated, translated),
                  mark->translated ? (double)mark->retired / (double)mark->translated : 0,
                  text_size(mark->cache_bytes, size), ns_each(mark), interpreted,
                  bar(ns_each(mark), interpreted, most, text));
    }
    table_print(&table, stdout, 0, terminal_width(STDOUT_FILENO));
}

static enum pz_err print_text(const struct costs *costs, struct problem *problem)
{
    const struct course *jit = &costs->jit;
    const struct mark *last = &jit->marks[jit->count - 1];
    unsigned even = break_even(costs);
    char text[TEXT_NUMBER];

    printf("%s, from cold to hot\n\n", costs->path);
    print_rows(costs);
    printf("\n%" PRIu64 " blocks; the cache was emptied %" PRIu64 " times, %" PRIu64
           " pages of code were dropped because they were written\n",
           last->blocks, last->flushes, last->invalidated);
    if (even == jit->count)
        printf("no break-even: " INTERPRETER " has taken less time than jit so far\n");
    else
        printf("break-even with " INTERPRETER ": after %s instructions or before\n",
               text_grouped(jit->marks[even].retired, text));
    return output_flush(problem);
}

/* ---- For programs ---- */

static json_t *mark_object(const struct mark *mark, const struct mark *interpreted)
{
    json_t *object = json_object();

    json_put_number(object, "retired", mark->retired);
    json_put_number(object, "translated", mark->translated);
    json_put_number(object, "blocks", mark->blocks);
    json_put_number(object, "cache_bytes", mark->cache_bytes);
    json_put_number(object, "flushes", mark->flushes);
    json_put_number(object, "invalidated", mark->invalidated);
    json_put_number(object, "host_ns", mark->ns);
    json_put_number(object, "interpreter_ns", interpreted->ns);
    return object;
}

static enum pz_err print_document(const struct costs *costs, struct problem *problem)
{
    const struct course *jit = &costs->jit;
    json_t *document = json_document("pz-cost/1"), *rows = json_array();
    unsigned even = break_even(costs);

    json_put_text(document, "kernel", costs->path);
    json_put_text(document, "interpreter", INTERPRETER);
    json_put(document, "ok", json_boolean(jit->off));
    json_put_number(document, "retired", jit->marks[jit->count - 1].retired);
    json_put_number(document, "translated", jit->marks[jit->count - 1].translated);
    json_put(document, "break_even",
             even < jit->count ? json_integer((json_int_t)jit->marks[even].retired)
                               : json_null());
    for (unsigned i = 0; i < jit->count; i++)
        (void)json_array_append_new(rows,
                                    mark_object(&jit->marks[i], &costs->interpreter.marks[i]));
    json_put(document, "rows", rows);
    return json_print(document, problem);
}

enum pz_err translate_cost(const struct options *options, struct problem *problem)
{
    struct costs *costs;
    enum pz_err err;

    if (options->at)
        return problem_set(problem, PZ_USAGE,
                           "--at: with --cost all of the guest is looked at");
    terminal_catch_signals();
    costs = calloc(1, sizeof *costs);
    if (!costs)
        return problem_memory(problem, "the measurements");
    err = follow(costs, &costs->jit, "jit", options, problem);
    if (!err)
        err = follow(costs, &costs->interpreter, INTERPRETER, options, problem);
    if (!err)
        err = options->json ? print_document(costs, problem) : print_text(costs, problem);
    free(costs);
    return err;
}
