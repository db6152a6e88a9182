/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * svg.h - what all drawings share: colours, the beginning and the end of a picture, text in it. A
 * drawing is made for a file of its own, or as a part of an HTML page, whose style sheet then has
 * svg_style(). Sizes down are in pixels; across, in hundredths of the whole width, so that a
 * picture is as wide as there is room. What is drawn is left to map_svg.c, exits.c and others.
 */
#ifndef PZ_TOOLS_SHOW_SVG_H
#define PZ_TOOLS_SHOW_SVG_H

#include <stdbool.h>
#include <stdio.h>

/* Colours that can be told apart, on white and on black. Classes "c0", "c1"... fill with them. */
#define SVG_COLOURS 12u
extern const char *const svg_colours[SVG_COLOURS];

/* Classes for what is nobody's: "idle", light, "aside", lighter; "rule", a line. */
void svg_style(FILE *out);

struct svg {
    const char *name, *about; /* for who cannot see it; any bytes */
    unsigned width; /* without its margin; 0: a part of a page, as wide as there is room */
    unsigned height;
};

void svg_begin(FILE *out, const struct svg *svg);
void svg_end(FILE *out, const struct svg *svg);

/* Text at (x %, y), which may be any bytes; `anchor` "start", "middle" or "end". */
void svg_text(FILE *out, double x, unsigned y, const char *anchor, const char *text);

/* A square of the class, and what it means, at pixel x; and how far right the next one goes. */
unsigned svg_key(FILE *out, unsigned x, unsigned y, const char *kind, const char *text);

#endif
