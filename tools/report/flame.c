/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flame.c - the profile as a graph: a box for each function in each stack, as wide as its share
 * of all instructions, under the box of its caller.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/report/parts.h"
#include "tools/run/run.h"

enum { ROW = 19, DEEPEST = 48, NAMED = 2, TOP = 15 };

#define LEAST 0.05 /* per cent: narrower boxes are not drawn */

/* A line of the folded stacks: "a;b;c", and its weight. */
struct line {
    char *text;
    uint64_t weight;
};

struct flame {
    FILE *out;
    struct line *lines;
    size_t count;
    uint64_t all;
    unsigned rows;   /* that are drawn */
    uint64_t hidden; /* instructions in boxes that are not */
};

/* Frames end first, so that all stacks that begin with the same ones stand together. */
static unsigned rank(char c)
{
    return c == 0 ? 0 : c == ';' ? 1 : (unsigned char)c + 2u;
}

static int by_frames(const void *a, const void *b)
{
    const char *x = ((const struct line *)a)->text, *y = ((const struct line *)b)->text;

    while (*x && *x == *y)
        x++, y++;
    return (int)rank(*x) - (int)rank(*y);
}

static size_t count_lines(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += *text == '\n';
    return count;
}

/* The text stays the lines'. */
static bool read_lines(struct flame *flame, char *text)
{
    flame->lines = calloc(count_lines(text) + 1, sizeof *flame->lines);
    if (!flame->lines)
        return false;
    while (*text) {
        char *end = strchr(text, '\n'), *blank;

        if (!end)
            break;
        *end = 0;
        blank = strrchr(text, ' ');
        if (blank) {
            *blank = 0;
            flame->lines[flame->count++] = (struct line){text, strtoull(blank + 1, NULL, 10)};
            flame->all += flame->lines[flame->count - 1].weight;
        }
        text = end + 1;
    }
    qsort(flame->lines, flame->count, sizeof *flame->lines, by_frames);
    return true;
}

/* ---- Boxes ---- */

/* A run of lines that have the first `skip` bytes in common. */
struct span {
    size_t first, end, skip;
    double x; /* per cent */
    unsigned depth;
};

static const char *colour_of(const char *stack)
{
    const char *who = strchr(stack, ';');

    if (who && !strncmp(who, ";cpu", 4))
        who = strchr(who + 1, ';');
    if (!who)
        return "c9";
    return !strncmp(who, ";monitor", 8) ? "c5" : !strncmp(who, ";user", 5) ? "c7" : "c1";
}

static void draw_box(struct flame *flame, const struct span *span, const char *name, size_t len,
                     uint64_t weight)
{
    FILE *out = flame->out;
    double width = 100.0 * (double)weight / (double)flame->all;
    char number[TEXT_NUMBER];

    fprintf(out, "<svg x=\"%.3f%%\" y=\"%u\" width=\"%.3f%%\" height=\"%d\"><title>", span->x,
            span->depth * ROW, width, ROW - 1);
    markup_bytes(out, name, len);
    fprintf(out,
            ": %s instructions, %.2f %%</title><rect class=\"%s box\" width=\"100%%\" "
            "height=\"100%%\"/>",
            text_grouped(weight, number), width,
            span->depth ? colour_of(flame->lines[span->first].text) : "c9");
    if (width >= NAMED) {
        fputs("<text class=\"on\" x=\"3\" y=\"13\">", out);
        markup_bytes(out, name, len);
        fputs("</text>", out);
    }
    fputs("</svg>\n", out);
}

static uint64_t weight_of(const struct flame *flame, size_t first, size_t end)
{
    uint64_t sum = 0;

    for (; first < end; first++)
        sum += flame->lines[first].weight;
    return sum;
}

/* As deep as DEEPEST: stacks of a hostile guest are no deeper. */
static void draw_span(struct flame *flame, struct span span)
{
    while (span.first < span.end) {
        const char *name = flame->lines[span.first].text + span.skip;
        size_t len = strcspn(name, ";"), end = span.first;
        struct span inner = span;
        uint64_t weight;

        while (end < span.end && !strncmp(flame->lines[end].text + span.skip, name, len) &&
               strchr(";", flame->lines[end].text[span.skip + len]))
            end++;
        weight = weight_of(flame, span.first, end);
        if (len && 100.0 * (double)weight >= LEAST * (double)flame->all) {
            draw_box(flame, &span, name, len, weight);
            flame->rows = span.depth + 1 > flame->rows ? span.depth + 1 : flame->rows;
            inner.end = end;
            inner.skip += len + 1;
            inner.depth++;
            /* Those that end here come first. */
            while (inner.first < end && strlen(flame->lines[inner.first].text) < inner.skip) {
                inner.x +=
                    100.0 * (double)flame->lines[inner.first].weight / (double)flame->all;
                inner.first++;
            }
            if (inner.depth < DEEPEST)
                draw_span(flame, inner);
        } else {
            flame->hidden += weight;
        }
        span.x += 100.0 * (double)weight / (double)flame->all;
        span.first = end;
    }
}

/* The boxes are drawn first, since only then it is known how high the picture is. */
static bool draw(FILE *out, struct flame *flame)
{
    char *boxes = NULL, number[TEXT_NUMBER];
    struct svg svg = {.name = "Flame graph: instructions by stack"};
    size_t size;

    flame->out = open_memstream(&boxes, &size);
    if (!flame->out)
        return false;
    draw_span(flame, (struct span){.end = flame->count});
    if (fclose(flame->out)) {
        free(boxes);
        return false;
    }
    svg.height = flame->rows * ROW;
    fputs("<figure>\n", out);
    svg_begin(out, &svg);
    fputs(boxes, out);
    svg_end(out, &svg);
    fputs(
        "<figcaption class=\"note\">A box is a function, under the one that called it; its width "
        "is its share of all instructions. Point at it to read its name.",
        out);
    if (flame->hidden)
        fprintf(out, " Boxes below %.2f %% are left out: %s instructions.", LEAST,
                text_grouped(flame->hidden, number));
    fputs("</figcaption>\n</figure>\n", out);
    free(boxes);
    return true;
}

/* ---- Tables ---- */

static double share(uint64_t part, uint64_t all)
{
    return all ? 100.0 * (double)part / (double)all : 0;
}

static void write_split(FILE *out, const struct gather *gather)
{
    struct profile_split split = profile_split(&gather->profile);
    const struct {
        const char *name;
        uint64_t insns;
    } rows[] = {{"guests, user mode", split.user.insns},
                {"guests, supervisor mode", split.kernel.insns},
                {"monitor, for the guests", split.monitor.insns}};
    uint64_t all = split.user.insns + split.kernel.insns + split.monitor.insns;
    struct page_table table;

    page_table(&table, out, "Instructions by mode", "lrr", "who\tinstructions\tshare");
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        page_cell(&table, "%s", rows[i].name);
        page_number(&table, rows[i].insns);
        page_cell(&table, "%.2f %%", share(rows[i].insns, all));
    }
    page_table_end(&table);
}

static void write_functions(FILE *out, const struct gather *gather, uint64_t all)
{
    size_t count;
    struct profile_function *list = profile_functions(&gather->profile, &count);
    struct page_table table;

    page_table(&table, out, "Functions with the most instructions of their own", "crrl",
               "function\town\twith calls\tof");
    for (size_t i = 0; i < count && i < TOP && list[i].self.insns; i++) {
        char name[PROFILE_NAME];

        page_cell(&table, "%s", profile_name(&list[i].frame, name));
        page_cell(&table, "%.2f %%", share(list[i].self.insns, all));
        page_cell(&table, "%.2f %%", share(list[i].total.insns, all));
        page_cell(&table, "%s", profile_who(list[i].user, list[i].program));
    }
    page_table_end(&table);
    free(list);
}

void flame_write(FILE *out, const struct gather *gather)
{
    struct flame flame = {0};
    char *text = NULL;
    size_t size;
    FILE *folded = open_memstream(&text, &size);
    bool whole = folded && profile_fold(&gather->profile, folded);

    if (folded)
        whole &= !fclose(folded);
    write_split(out, gather);
    if (!whole || !read_lines(&flame, text))
        page_note(out, "There was no memory for the flame graph.");
    else if (!flame.all)
        page_note(out, "Nothing ran.");
    else if (!draw(out, &flame))
        page_note(out, "There was no memory for the flame graph.");
    if (flame.all)
        write_functions(out, gather, flame.all);
    page_note(out,
              "A VM is looked at every %" PRIu64
              " of its instructions; what the monitor ran for "
              "it is counted. pz run --profile writes the same stacks to a file.",
              gather->profile.options->profile_interval);
    free(flame.lines);
    free(text);
}
