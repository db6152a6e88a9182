/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * svg.c - a bar chart: how fast each workload is, virtualised, on each engine, against
 * QEMU bare; without QEMU, against the preferred engine's bare board. Longer is faster; the
 * scale is logarithmic, since engines differ by factors.
 */
#include "tools/bench/svg.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/show/show.h"

enum { WIDTH = 860, LEFT = 130, RIGHT = 90, BAR = 12, GAP = 10, TOP = 60, BOTTOM = 30 };

#define DECADES_BELOW 2.0 /* the scale: from 1/100... */
#define DECADES_ABOVE 1.5 /* ...to about 30 */

struct chart {
    FILE *out;
    const struct bench *bench;
    int reference;
    int bars[BENCH_ENGINES]; /* systems */
    unsigned bar_count;
    double y;
};

static double x_of(double speed)
{
    double at = (log10(speed) + DECADES_BELOW) / (DECADES_BELOW + DECADES_ABOVE);

    at = at < 0 ? 0 : at > 1 ? 1 : at;
    return LEFT + at * (WIDTH - LEFT - RIGHT);
}

static void choose_bars(struct chart *chart)
{
    const struct bench *bench = chart->bench;

    chart->reference = bench_find(bench, BENCH_QEMU, NULL);
    if (chart->reference < 0)
        chart->reference = bench_find(bench, BENCH_BARE, NULL);
    for (unsigned i = 0; i < bench->engine_count; i++) {
        int system = bench_find(bench, BENCH_VIRTUAL, bench->engines[i]);

        if (system >= 0)
            chart->bars[chart->bar_count++] = system;
    }
}

static double height(const struct chart *chart)
{
    return TOP + BOTTOM + chart->bench->row_count * (chart->bar_count * BAR + GAP);
}

static void draw_head(const struct chart *chart)
{
    const struct bench *bench = chart->bench;

    fprintf(chart->out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" "
            "font-family=\"sans-serif\" font-size=\"11\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
            "<text x=\"%d\" y=\"18\" font-size=\"14\">Speed against %s = 1 (longer is faster)"
            "</text>\n",
            WIDTH, height(chart), LEFT, bench->systems[chart->reference].name);
    for (unsigned i = 0; i < chart->bar_count; i++)
        fprintf(chart->out,
                "<rect x=\"%u\" y=\"28\" width=\"10\" height=\"10\" fill=\"%s\"/>"
                "<text x=\"%u\" y=\"37\">%s</text>\n",
                LEFT + 150 * i, svg_colours[i % SVG_COLOURS], LEFT + 14 + 150 * i,
                bench->systems[chart->bars[i]].name);
}

static void draw_scale(const struct chart *chart)
{
    static const double marks[] = {0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30};

    for (unsigned i = 0; i < sizeof marks / sizeof marks[0]; i++)
        fprintf(chart->out,
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%.0f\" stroke=\"%s\"/>"
                "<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\">%g</text>\n",
                x_of(marks[i]), x_of(marks[i]), TOP - 8, height(chart) - BOTTOM + 4,
                marks[i] == 1 ? "black" : "#ddd", x_of(marks[i]), height(chart) - 12, marks[i]);
}

static void draw_bar(const struct chart *chart, const struct bench_row *row, unsigned bar)
{
    double speed = bench_ratio(row, chart->reference, chart->bars[bar]);
    double y = chart->y + bar * BAR, from = x_of(pow(10, -DECADES_BELOW));

    if (speed <= 0)
        return;
    fprintf(chart->out,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>"
            "<text x=\"%.1f\" y=\"%.1f\">%.2f</text>\n",
            from, y, x_of(speed) - from, BAR - 2, svg_colours[bar % SVG_COLOURS],
            x_of(speed) + 4, y + BAR - 3, speed);
}

static void draw_row(struct chart *chart, const struct bench_row *row)
{
    fprintf(chart->out, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LEFT - 8,
            chart->y + chart->bar_count * BAR / 2.0 + 4, row->workload->name);
    for (unsigned i = 0; i < chart->bar_count; i++)
        draw_bar(chart, row, i);
    chart->y += chart->bar_count * BAR + GAP;
}

enum pz_err bench_svg_open(const struct bench *bench, const char *path, FILE **out,
                           struct problem *problem)
{
    struct chart chart = {.bench = bench};

    *out = NULL;
    if (!path)
        return PZ_OK;
    choose_bars(&chart);
    if (chart.reference < 0)
        return problem_set(problem, PZ_USAGE,
                           "--svg: nothing to compare with: add QEMU, or an "
                           "engine that runs bare, to the measurement");
    return outfile_open(out, "--svg", path, problem);
}

enum pz_err bench_svg(const struct bench *bench, const char *path, FILE *out,
                      struct problem *problem)
{
    struct chart chart = {.out = out, .bench = bench, .y = TOP};

    choose_bars(&chart);
    draw_head(&chart);
    draw_scale(&chart);
    for (unsigned i = 0; i < bench->row_count; i++)
        draw_row(&chart, &bench->rows[i]);
    fputs("</svg>\n", out);
    return outfile_close(out, 0, "--svg", path, problem);
}
