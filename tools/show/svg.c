/* SPDX-License-Identifier: GPL-2.0-or-later */
/* svg.c - the frame of a picture, its colours and its text. */
#include "tools/show/svg.h"

#include <string.h>

#include "tools/base/base.h"

#define LETTER 7u /* pixels of a letter, about */
#define SQUARE 10u
#define MARGIN 12u /* around a picture in a file */

const char *const svg_colours[SVG_COLOURS] = {"#4269d0", "#efb118", "#ff725c", "#6cc5b0",
                                              "#3ca951", "#ff8ab7", "#a463f2", "#97bbf5",
                                              "#9c6b4e", "#9498a0", "#7a8b00", "#d04292"};

/* Legends of a page are squares of its own: they have a background, a shape has a filling. */
void svg_style(FILE *out)
{
    for (unsigned i = 0; i < SVG_COLOURS; i++)
        fprintf(out, ".c%u{fill:%s;background:%s}\n", i, svg_colours[i], svg_colours[i]);
    fputs(".idle{fill:#d9dce1;background:#d9dce1}\n"
          ".aside{fill:#eef0f3;background:#eef0f3}\n"
          ".rule{stroke:#b8bcc4;stroke-width:1}\n"
          "svg text{fill:#1c1e21;font:11px sans-serif}\n"
          ".paper{fill:#fff}\n"
          "@media screen and (prefers-color-scheme:dark){\n"
          ".idle{fill:#3a3f47;background:#3a3f47}\n"
          ".aside{fill:#262a30;background:#262a30}\n"
          ".rule{stroke:#5a606a}\n"
          "svg text{fill:#e4e6ea}\n"
          ".paper{fill:#16181c}\n"
          "}\n",
          out);
}

void svg_begin(FILE *out, const struct svg *svg)
{
    if (svg->width)
        fprintf(out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
                "role=\"img\">\n",
                svg->width + 2 * MARGIN, svg->height + 2 * MARGIN);
    else
        fprintf(out, "<svg width=\"100%%\" height=\"%u\" role=\"img\" aria-label=\"",
                svg->height);
    if (!svg->width) {
        markup_text(out, svg->name);
        fputs("\">\n", out);
    }
    fputs("<title>", out);
    markup_text(out, svg->name);
    fputs("</title>\n", out);
    if (svg->about) {
        fputs("<desc>", out);
        markup_text(out, svg->about);
        fputs("</desc>\n", out);
    }
    if (!svg->width)
        return;
    fputs("<style>\n", out);
    svg_style(out);
    fprintf(out,
            "</style>\n<rect class=\"paper\" width=\"100%%\" height=\"100%%\"/>\n"
            "<svg x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\">\n",
            MARGIN, MARGIN, svg->width, svg->height);
}

void svg_end(FILE *out, const struct svg *svg)
{
    fputs(svg->width ? "</svg>\n</svg>\n" : "</svg>\n", out);
}

void svg_text(FILE *out, double x, unsigned y, const char *anchor, const char *text)
{
    fprintf(out, "<text x=\"%.4g%%\" y=\"%u\"", x, y);
    if (strcmp(anchor, "start"))
        fprintf(out, " text-anchor=\"%s\"", anchor);
    fputc('>', out);
    markup_text(out, text);
    fputs("</text>\n", out);
}

unsigned svg_key(FILE *out, unsigned x, unsigned y, const char *kind, const char *text)
{
    fprintf(out,
            "<rect class=\"%s\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\"/>"
            "<text x=\"%u\" y=\"%u\">",
            kind, x, y - SQUARE + 1, SQUARE, SQUARE, x + SQUARE + 4, y);
    markup_text(out, text);
    fputs("</text>\n", out);
    return x + SQUARE + 16 + LETTER * (unsigned)strlen(text);
}
