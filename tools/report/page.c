/* SPDX-License-Identifier: GPL-2.0-or-later */
/* page.c - the head, the style sheet, and the elements that reports are made of. */
#include "tools/report/page.h"

#include <stdarg.h>
#include <string.h>

#include "tools/show/show.h"

#define TEXT_MOST 8192 /* bytes of what is formatted; longer text is not */

/* Light and dark as the reader's system is; on paper always light. Wide tables scroll. */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#1c1e21;--soft:#5b6068;--paper:#fff;--rule:#d5d8dd;"
    "--band:#f4f5f7;--link:#1f4fa8;--bad:#a3261b;--good:#1d6b34}\n"
    "@media screen and (prefers-color-scheme:dark){:root{--ink:#e4e6ea;--soft:#a3a9b3;"
    "--paper:#16181c;--rule:#3a3f47;--band:#1f2227;--link:#8ab4f8;--bad:#ff9d92;"
    "--good:#7fd596}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;padding:1rem;max-width:66rem;background:var(--paper);color:var(--ink);"
    "font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\n"
    "h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0}\n"
    "h2{font-size:1.25rem;margin:2rem 0 .5rem;padding-top:.5rem;"
    "border-top:1px solid var(--rule)}\n"
    "h3,h4,h5{font-size:1rem;margin:1.25rem 0 .25rem}h3{font-size:1.125rem}h5{font-size:.9375rem}\n"
    "p{margin:.5rem 0;max-width:46rem}\n"
    ".note{color:var(--soft);font-size:.875rem}\n"
    "a{color:var(--link)}\n"
    "nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:.5rem 0;padding:0;"
    "list-style:none}\n"
    ".wide{overflow-x:auto;margin:.75rem 0}\n"
    "table{border-collapse:collapse;font-size:.875rem;overflow-wrap:normal}\n"
    "caption{text-align:left;font-weight:600;padding:.25rem 0}\n"
    "th,td{padding:.2rem .75rem .2rem 0;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--rule);white-space:nowrap}\n"
    "td.l{white-space:normal;min-width:8rem}\n"
    "thead th{color:var(--soft);font-weight:600}\n"
    "tbody th{font-weight:400}\n"
    ".r{text-align:right;font-variant-numeric:tabular-nums}\n"
    ".c,code,pre{font-family:ui-monospace,monospace;font-size:.8125rem}\n"
    "pre{background:var(--band);border:1px solid var(--rule);padding:.5rem;margin:.5rem 0;"
    "overflow:auto;max-height:32rem;white-space:pre-wrap;unicode-bidi:isolate}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.5rem 0}\n"
    "dt{color:var(--soft)}dd{margin:0}\n"
    "@media(max-width:32rem){dl{grid-template-columns:1fr}dd{margin:0 0 .35rem}"
    "th,td{padding-right:.5rem}}\n"
    ".keys{display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:.5rem 0;padding:0;"
    "list-style:none;font-size:.875rem}\n"
    ".keys i{display:inline-block;width:.7em;height:.7em;margin-right:.4em;"
    "print-color-adjust:exact}\n"
    "figure{margin:.75rem 0}figcaption{font-size:.875rem}\n"
    "svg{display:block;print-color-adjust:exact}\n"
    "svg text.on{fill:#111}.box{stroke:var(--paper)}\n"
    ".bad{color:var(--bad)}.good{color:var(--good)}\n"
    "footer{margin-top:2rem;padding-top:.5rem;border-top:1px solid var(--rule);"
    "color:var(--soft);font-size:.875rem}\n"
    "@media print{body{max-width:none;padding:0;font-size:10pt}nav{display:none}"
    "pre{max-height:none}.wide{overflow:visible}figure,tr{break-inside:avoid}"
    "h2,h3{break-after:avoid}}\n";

static void element(FILE *out, const char *open, const char *text, const char *close)
{
    fputs(open, out);
    markup_text(out, text);
    fputs(close, out);
}

static void contents(FILE *out, const struct page_part *parts, unsigned count)
{
    fputs("<nav aria-label=\"Contents\">\n<ul>\n", out);
    for (unsigned i = 0; i < count; i++) {
        fprintf(out, "<li><a href=\"#%s\">", parts[i].id);
        element(out, "", parts[i].title, "</a></li>\n");
    }
    fputs("</ul>\n</nav>\n", out);
}

void page_begin(FILE *out, const char *title, const char *lead, const struct page_part *parts,
                unsigned count)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"referrer\" content=\"no-referrer\">\n"
          "<meta name=\"generator\" content=\"pz " PZ_VERSION "\">\n",
          out);
    element(out, "<title>", title, "</title>\n<style>\n");
    svg_style(out);
    fputs(style, out);
    element(out, "</style>\n</head>\n<body>\n<header>\n<h1>", title, "</h1>\n<p>");
    element(out, "", lead, "</p>\n");
    contents(out, parts, count);
    fputs("</header>\n<main>\n", out);
}

void page_end(FILE *out, bool same)
{
    fprintf(out, "</main>\n<footer>Made by pz %s.%s</footer>\n</body>\n</html>\n", PZ_VERSION,
            same ? " The same input gives the same file." : "");
}

void page_part(FILE *out, const struct page_part *part)
{
    fprintf(out, "<section id=\"%s\">\n", part->id);
    element(out, "<h2>", part->title, "</h2>\n");
}

void page_part_end(FILE *out)
{
    fputs("</section>\n", out);
}

/* ---- Text ---- */

static void print_text(FILE *out, const char *format, va_list arguments)
{
    char text[TEXT_MOST];

    (void)vsnprintf(text, sizeof text, format, arguments);
    markup_text(out, text);
}

#define PRINT(out, format)                                                                     \
    do {                                                                                       \
        va_list arguments;                                                                     \
        va_start(arguments, format);                                                           \
        print_text(out, format, arguments);                                                    \
        va_end(arguments);                                                                     \
    } while (0)

void page_say(FILE *out, const char *format, ...)
{
    fputs("<p>", out);
    PRINT(out, format);
    fputs("</p>\n", out);
}

void page_note(FILE *out, const char *format, ...)
{
    fputs("<p class=\"note\">", out);
    PRINT(out, format);
    fputs("</p>\n", out);
}

/* ---- Tables ---- */

static void cell_class(const struct page_table *table, unsigned column)
{
    if (table->kinds[column] != 'n')
        fprintf(table->out, " class=\"%c\"", table->kinds[column]);
}

void page_table(struct page_table *table, FILE *out, const char *caption, const char *kinds,
                const char *heads)
{
    unsigned column = 0;

    *table = (struct page_table){.out = out, .kinds = kinds};
    element(out, "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"", caption,
            "\">\n<table>\n<caption>");
    element(out, "", caption, "</caption>\n<thead>\n<tr>");
    for (const char *at = heads; at; column++) {
        const char *end = strchr(at, '\t');

        fputs("<th scope=\"col\"", out);
        cell_class(table, column);
        fputc('>', out);
        markup_bytes(out, at, end ? (size_t)(end - at) : strlen(at));
        fputs("</th>", out);
        at = end ? end + 1 : NULL;
    }
    fputs("</tr>\n</thead>\n<tbody>\n", out);
}

void page_cell_begin(struct page_table *table)
{
    fputs(table->column ? "<td" : "<tr><th scope=\"row\"", table->out);
    cell_class(table, table->column);
    fputc('>', table->out);
}

void page_cell_end(struct page_table *table)
{
    fputs(table->column ? "</td>" : "</th>", table->out);
    table->column++;
    if (table->kinds[table->column])
        return;
    fputs("</tr>\n", table->out);
    table->column = 0;
}

void page_cell(struct page_table *table, const char *format, ...)
{
    page_cell_begin(table);
    PRINT(table->out, format);
    page_cell_end(table);
}

void page_number(struct page_table *table, uint64_t number)
{
    char text[TEXT_NUMBER];

    page_cell(table, "%s", text_grouped(number, text));
}

void page_table_end(struct page_table *table)
{
    fputs("</tbody>\n</table>\n</div>\n", table->out);
}

/* ---- Lists ---- */

void page_keys(FILE *out)
{
    fputs("<ul class=\"keys\">\n", out);
}

void page_key(FILE *out, const char *kind, const char *text)
{
    fprintf(out, "<li><i class=\"%s\"></i>", kind);
    element(out, "", text, "</li>\n");
}

void page_keys_end(FILE *out)
{
    fputs("</ul>\n", out);
}

void page_facts(FILE *out)
{
    fputs("<dl>\n", out);
}

void page_fact(FILE *out, const char *name, const char *format, ...)
{
    element(out, "<dt>", name, "</dt><dd>");
    PRINT(out, format);
    fputs("</dd>\n", out);
}

void page_facts_end(FILE *out)
{
    fputs("</dl>\n", out);
}
