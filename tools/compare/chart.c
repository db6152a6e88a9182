/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chart.c - a bar for each technique, whose length is its time relative to the bare machine's, on a
 * logarithmic scale, since interpreters are many times slower.
 */
#include <inttypes.h>
#include <math.h>

#include "tools/compare/write.h"
#include "tools/show/show.h"

enum { WIDTH = 720, LEFT = 130, RIGHT = 60, BAR = 16, HEAD = 40, TAIL = 24 };

#define LEAST 0.5 /* the ends of the scale */
#define MOST 200.0

static double x_of(double ratio)
{
    double at = log(ratio / LEAST) / log(MOST / LEAST);

    at = at < 0 ? 0 : at > 1 ? 1 : at;
    return LEFT + at * (WIDTH - LEFT - RIGHT);
}

static unsigned bars(const struct measure_guest *guest)
{
    unsigned count = 0;

    for (unsigned i = 0; i < guest->count; i++)
        count += guest->rows[i].served;
    return count;
}

static int height(const struct measure_guest *guest)
{
    return HEAD + (int)bars(guest) * BAR + TAIL;
}

static void draw_scale(FILE *out, int top, int bottom)
{
    static const double marks[] = {1, 2, 5, 10, 20, 50, 100};

    for (unsigned i = 0; i < sizeof marks / sizeof marks[0]; i++)
        fprintf(out,
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"%s\"/>"
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g</text>\n",
                x_of(marks[i]), x_of(marks[i]), top, bottom, i ? "#ddd" : "black",
                x_of(marks[i]), bottom + 12, marks[i]);
}

static void draw_bar(FILE *out, const struct measure *row, int y)
{
    double ratio = samples_median(&row->ratio);

    fprintf(out,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
            "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>"
            "<text x=\"%.1f\" y=\"%d\">%.2f",
            LEFT - 6, y + BAR - 4, row->technique.name, LEFT, y + 1,
            ratio > 0 ? x_of(ratio) - LEFT : 0.0, BAR - 3,
            row->technique.bare ? svg_colours[9] : svg_colours[0],
            ratio > 0 ? x_of(ratio) + 4 : LEFT + 4.0, y + BAR - 4, ratio);
    if (row->lines && row->lines != MEASURE_UNKNOWN)
        fprintf(out, ", %" PRIu32 " lines of the guest changed", row->lines);
    fputs("</text>\n", out);
}

static void draw_guest(FILE *out, const struct measure_guest *guest, int top)
{
    int y = top + HEAD;

    fprintf(out, "<text x=\"%d\" y=\"%d\" font-size=\"13\">", LEFT, top + 22);
    markup_text(out, guest->name); /* of the command line */
    fprintf(out, ": time against bare = 1</text>\n");
    draw_scale(out, y - 4, y + (int)bars(guest) * BAR + 2);
    for (unsigned i = 0; i < guest->count; i++)
        if (guest->rows[i].served) {
            draw_bar(out, &guest->rows[i], y);
            y += BAR;
        }
}

void write_chart(FILE *out, const struct measure_guest *guests, unsigned count)
{
    int all = 0, top = 0;

    for (unsigned k = 0; k < count; k++)
        all += height(&guests[k]);
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "font-family=\"sans-serif\" font-size=\"11\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
            WIDTH, all);
    for (unsigned k = 0; k < count; k++) {
        draw_guest(out, &guests[k], top);
        top += height(&guests[k]);
    }
    fputs("</svg>\n", out);
}
