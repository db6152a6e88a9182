/* SPDX-License-Identifier: GPL-2.0-or-later */
/* class_page.c - points by student and exercise, how they are spread, and what was lost where. */
#include "tools/report/class_page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/report/lost.h"
#include "tools/report/page.h"
#include "tools/report/results.h"
#include "tools/show/show.h"

enum { BINS_MOST = 20, COLUMN = 80, ABOVE = 14, BELOW = 16 };

struct class_page {
    FILE *out;
    const struct results *results;
};

/* ---- Points ---- */

static void write_points(struct page_table *table, const struct result *result,
                         unsigned student)
{
    page_cell_begin(table);
    if (!result)
        fputs("\u2013", table->out);
    else if (result->points < result->of)
        fprintf(table->out, "<a href=\"#s%u\">%" PRIu64 "</a>", student, result->points);
    else
        fprintf(table->out, "%" PRIu64, result->points);
    page_cell_end(table);
}

static uint64_t of_exercise(const struct results *results, unsigned exercise)
{
    uint64_t of = 0;

    for (unsigned i = 0; i < results->count; i++)
        if (!strcmp(results->list[i].exercise, results->exercises[exercise]) &&
            results->list[i].of > of)
            of = results->list[i].of;
    return of;
}

/* "student", the exercises with their points, "all". To be freed. */
static char *heads_of(const struct results *results, char *kinds)
{
    char *heads = NULL;
    size_t size;
    FILE *out = open_memstream(&heads, &size);

    if (!out)
        return NULL;
    fputs("student", out);
    strcpy(kinds, "l");
    for (unsigned e = 0; e < results->exercise_count; e++) {
        fputc('\t', out);
        for (const char *c = results->exercises[e]; *c; c++)
            fputc(*c == '\t' ? ' ' : *c, out);
        fprintf(out, " (%" PRIu64 ")", of_exercise(results, e));
        kinds[1 + e] = 'r';
    }
    kinds[1 + results->exercise_count] = 'r';
    kinds[2 + results->exercise_count] = 0;
    fputs("\tall", out);
    return fclose(out) ? NULL : heads;
}

static void write_student(struct page_table *table, const struct results *results,
                          unsigned student)
{
    uint64_t all = 0;

    page_cell(table, "%s", results->students[student]);
    for (unsigned e = 0; e < results->exercise_count; e++) {
        const struct result *result =
            results_find(results, results->students[student], results->exercises[e]);

        write_points(table, result, student);
        all += result ? result->points : 0;
    }
    page_number(table, all);
}

static double mean_of(const struct results *results, const char *exercise)
{
    uint64_t sum = 0, count = 0;

    for (unsigned i = 0; i < results->count; i++)
        if (!strcmp(results->list[i].exercise, exercise)) {
            sum += results->list[i].points;
            count++;
        }
    return count ? (double)sum / (double)count : 0;
}

static bool write_table(const struct class_page *page)
{
    const struct results *results = page->results;
    char *kinds = malloc(results->exercise_count + 3), *heads;
    struct page_table table;

    heads = kinds ? heads_of(results, kinds) : NULL;
    if (heads) {
        page_table(&table, page->out, "Points by student and exercise", kinds, heads);
        for (unsigned s = 0; s < results->student_count; s++)
            write_student(&table, results, s);
        page_table_end(&table);
        page_note(page->out,
                  "A number that is a link leads to what was lost. A dash: there is no "
                  "result.");
    }
    free(heads);
    free(kinds);
    return heads != NULL;
}

/* ---- How points are spread ---- */

/* How many have so many points: in each bin one number of points, or several. */
struct spread {
    uint64_t of, width;
    unsigned bins, most;
    unsigned counts[BINS_MOST + 1];
};

static struct spread spread_of(const struct results *results, unsigned exercise)
{
    struct spread spread = {.of = of_exercise(results, exercise)};

    spread.width = spread.of / BINS_MOST + 1;
    spread.bins = (unsigned)(spread.of / spread.width) + 1;
    for (unsigned i = 0; i < results->count; i++)
        if (!strcmp(results->list[i].exercise, results->exercises[exercise])) {
            unsigned *count = &spread.counts[results->list[i].points / spread.width];

            if (++*count > spread.most)
                spread.most = *count;
        }
    return spread;
}

static void draw_bin(FILE *out, const struct spread *spread, unsigned bin)
{
    double width = 100.0 / spread->bins, middle = width * (bin + 0.5);
    unsigned count = spread->counts[bin], high = count * COLUMN / spread->most;
    uint64_t first = bin * spread->width;
    char text[48];

    if (count) {
        fprintf(out,
                "<rect class=\"%s\" x=\"%.3f%%\" y=\"%u\" width=\"%.3f%%\" height=\"%u\"/>\n",
                first + spread->width > spread->of ? "c4" : "c0", width * bin + width * 0.1,
                ABOVE + COLUMN - high, width * 0.8, high);
        snprintf(text, sizeof text, "%u", count);
        svg_text(out, middle, ABOVE + COLUMN - high - 3, "middle", text);
    }
    snprintf(text, sizeof text, "%" PRIu64, first);
    svg_text(out, middle, ABOVE + COLUMN + BELOW - 3, "middle", text);
}

static void draw_spread(FILE *out, const struct results *results, unsigned exercise)
{
    struct spread spread = spread_of(results, exercise);
    const struct svg svg = {.name = "Students by points", .height = ABOVE + COLUMN + BELOW};

    fputs("<figure>\n<figcaption>", out);
    markup_text(out, results->exercises[exercise]);
    fprintf(out, ": %.2f of %" PRIu64 " points in the mean</figcaption>\n",
            mean_of(results, results->exercises[exercise]), spread.of);
    svg_begin(out, &svg);
    for (unsigned bin = 0; bin < spread.bins; bin++)
        draw_bin(out, &spread, bin);
    fprintf(out, "<line class=\"rule\" x1=\"0\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/>\n",
            ABOVE + COLUMN, ABOVE + COLUMN);
    svg_end(out, &svg);
    if (spread.width > 1)
        page_note(out, "A column is for %" PRIu64 " numbers of points, from the one under it.",
                  spread.width);
    fputs("</figure>\n", out);
}

/* ---- The page ---- */

enum { POINTS, SPREAD, LOST, PARTS };
static const struct page_part parts[PARTS] = {
    [POINTS] = {"points", "Points"},
    [SPREAD] = {"spread", "Students by points"},
    [LOST] = {"lost", "Points that were lost"},
};

static void begin_page(FILE *out, const struct results *results)
{
    char title[256], lead[256];

    if (results->student_count > 1)
        snprintf(title, sizeof title, "Results of %u students", results->student_count);
    else
        snprintf(title, sizeof title, "Results of %.200s", results->students[0]);
    snprintf(lead, sizeof lead, "%u exercise%s, %u result%s.", results->exercise_count,
             results->exercise_count == 1 ? "" : "s", results->count,
             results->count == 1 ? "" : "s");
    page_begin(out, title, lead, parts, PARTS);
}

static enum pz_err write_page(const struct class_page *page, struct lost *lost,
                              struct problem *problem)
{
    const struct results *results = page->results;
    enum pz_err err = PZ_OK;

    begin_page(page->out, results);
    page_part(page->out, &parts[POINTS]);
    if (!write_table(page))
        return problem_memory(problem, "the report");
    page_part_end(page->out);
    page_part(page->out, &parts[SPREAD]);
    for (unsigned e = 0; e < results->exercise_count; e++)
        draw_spread(page->out, results, e);
    page_part_end(page->out);
    page_part(page->out, &parts[LOST]);
    for (unsigned s = 0; !err && s < results->student_count; s++)
        err = lost_write(lost, page->out, results, s, problem);
    if (!err && !lost->points)
        page_say(page->out, "None.");
    page_part_end(page->out);
    page_end(page->out, true);
    return err;
}

enum pz_err class_report(const struct options *options, const struct link_page *page, FILE *out,
                         struct problem *problem)
{
    struct lost lost = {.output = options->output, .page = page};
    struct results results;
    enum pz_err err = results_open(&results, &options->kernels, problem);

    if (!err)
        err = write_page(&(struct class_page){out, &results}, &lost, problem);
    results_close(&results);
    return err;
}
