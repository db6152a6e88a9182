/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command.c - `pz zoo`: the tree, or a term, for people and for programs. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/zoo/cost.h"
#include "tools/zoo/zoo.h"

#define WIDTH 88u /* of a wider terminal, and of none */
#define WIDTH_LEAST 24u
#define LINE (TABLE_WORDS * TABLE_WORD)

/* What is to be shown. */
struct zoo {
    const struct options *options;
    const struct table_term *only; /* NULL: all */
    struct cost *costs;            /* one for each term; NULL: they were not measured */
};

static bool chosen(const struct zoo *zoo, const struct table_term *term)
{
    return !zoo->only || zoo->only == term;
}

static bool measured(const struct zoo *zoo, const struct table_term *term)
{
    return zoo->costs && zoo->costs[term - table_terms].counts;
}

static const struct cost *cost_of(const struct zoo *zoo, const struct table_term *term)
{
    return &zoo->costs[term - table_terms];
}

/* ---- For people ---- */

static unsigned width_of_screen(void)
{
    unsigned width = terminal_width(STDOUT_FILENO);

    width = width && width < WIDTH ? width : WIDTH;
    return width < WIDTH_LEAST ? WIDTH_LEAST : width;
}

static void print_paragraph(const char *text, unsigned indent)
{
    printf("%*s", (int)indent, "");
    text_wrap(stdout, text, indent, indent, width_of_screen());
}

static void print_cost(const struct zoo *zoo, const struct table_term *term, unsigned indent)
{
    char text[200];
    const struct cost *cost;
    int used;

    if (!measured(zoo, term)) {
        snprintf(text, sizeof text, "counted: for one %s (--run)", term->per);
    } else {
        cost = cost_of(zoo, term);
        used =
            snprintf(text, sizeof text,
                     "one %s: %" PRIu64 ".%" PRIu64 " instructions, %" PRIu64 ".%" PRIu64 " %s",
                     term->per, cost->instructions_tenths / 10, cost->instructions_tenths % 10,
                     cost->more_tenths / 10, cost->more_tenths % 10, cost->counts);
        if (cost->host_ns > 0)
            snprintf(text + used, sizeof text - (size_t)used,
                     "; %.1f ns of host time an instruction", cost->host_ns);
    }
    print_paragraph(text, indent);
}

static void print_term(const struct zoo *zoo, const struct table_term *term)
{
    bool bold = terminal_colors(STDOUT_FILENO);
    unsigned indent = zoo->only ? 0 : 2 * table_depth(term);
    char line[LINE], text[LINE + 64];

    printf("%*s%s%s%s\n", (int)indent, "", bold ? "\033[1m" : "", term->name,
           bold ? "\033[0m" : "");
    print_paragraph(term->sentence, indent + 2);
    if (zoo->only) {
        snprintf(text, sizeof text, "source: %s", term->source);
        print_paragraph(text, indent + 2);
    }
    if (!term->document)
        return;
    snprintf(text, sizeof text, "$ %s", table_line(term, line, sizeof line));
    print_paragraph(text, indent + 2);
    print_cost(zoo, term, indent + 2);
}

/* What a term that does not run has below it. */
static void print_kinds(const struct table_term *term)
{
    char text[512] = "kinds:";
    size_t used = strlen(text);

    if (term->document)
        return;
    for (unsigned i = 0; i < table_count && used < sizeof text; i++)
        if (table_terms[i].parent && !strcmp(table_terms[i].parent, term->name))
            used +=
                (size_t)snprintf(text + used, sizeof text - used, " %s", table_terms[i].name);
    print_paragraph(text, 2);
}

static enum pz_err print_text(const struct zoo *zoo, struct problem *problem)
{
    for (unsigned i = 0; i < table_count; i++)
        if (chosen(zoo, &table_terms[i]))
            print_term(zoo, &table_terms[i]);
    if (zoo->only)
        print_kinds(zoo->only);
    return output_flush(problem);
}

/* ---- For programs ---- */

static json_t *term_object(const struct zoo *zoo, const struct table_term *term)
{
    json_t *object = json_object();
    char line[LINE];

    json_put_text(object, "term", term->name);
    json_put(object, "parent", term->parent ? json_string(term->parent) : json_null());
    json_put_text(object, "sentence", term->sentence);
    json_put_text(object, "source", term->source);
    if (!term->document)
        return object;
    json_put_text(object, "command", table_line(term, line, sizeof line));
    json_put_text(object, "per", term->per);
    if (!measured(zoo, term))
        return object;
    json_put_number(object, "instructions_tenths", cost_of(zoo, term)->instructions_tenths);
    json_put_text(object, "counts", cost_of(zoo, term)->counts);
    json_put_number(object, "counted_tenths", cost_of(zoo, term)->more_tenths);
    if (cost_of(zoo, term)->host_ns > 0)
        json_put(object, "host_ns_each", json_real(cost_of(zoo, term)->host_ns));
    return object;
}

static enum pz_err print_document(const struct zoo *zoo, struct problem *problem)
{
    json_t *document = json_document("pz-zoo/1"), *terms = json_array();

    for (unsigned i = 0; i < table_count; i++)
        if (chosen(zoo, &table_terms[i]))
            (void)json_array_append_new(terms, term_object(zoo, &table_terms[i]));
    json_put(document, "terms", terms);
    return json_print(document, problem);
}

/* ---- The verb ---- */

static enum pz_err measure(struct zoo *zoo, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    if (zoo->only && !zoo->only->document)
        return problem_set(
            problem, PZ_USAGE,
            "'%s' has other kinds below it, and no command: pz zoo %s lists them",
            zoo->only->name, zoo->only->name);
    zoo->costs = calloc(table_count, sizeof *zoo->costs);
    if (!zoo->costs)
        return problem_memory(problem, "the measurements");
    for (unsigned i = 0; !err && i < table_count; i++) {
        const struct table_term *term = &table_terms[i];

        if (!term->document || !chosen(zoo, term) || (!zoo->only && !cost_possible(term)))
            continue;
        if (terminal_signal())
            return PZ_FAILED;
        progress_show("%s...", term->name);
        err = cost_measure(term, &zoo->costs[i], problem);
    }
    progress_end();
    return err;
}

enum pz_err command_zoo(const struct options *options, struct problem *problem)
{
    struct zoo zoo = {.options = options};
    enum pz_err err = PZ_OK;

    terminal_catch_signals();
    if (options->kernels.count) {
        zoo.only = table_find(options->kernels.at[0], problem);
        if (!zoo.only)
            return PZ_USAGE;
    }
    if (options->measure)
        err = measure(&zoo, problem);
    if (!err)
        err = options->json ? print_document(&zoo, problem) : print_text(&zoo, problem);
    free(zoo.costs);
    return err;
}
