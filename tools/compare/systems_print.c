/* SPDX-License-Identifier: GPL-2.0-or-later */
/* systems_print.c - the comparison of systems as tables, in Markdown too, and as a document. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "tools/compare/systems.h"

#define LINE 512u

/* ---- Tables: rows with tabs between their cells ---- */

struct lines {
    struct table table;
    bool markdown;
};

static void put(struct lines *lines, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(struct lines *lines, const char *format, ...)
{
    char line[LINE];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (!lines->markdown) {
        table_add(&lines->table, "%s", line);
        return;
    }
    printf("| ");
    for (const char *c = line; *c; c++)
        if (*c == '\t')
            printf(" | ");
        else
            putchar(*c);
    printf(" |\n");
}

static void head(struct lines *lines, const char *title, const char *format, const char *cells)
{
    printf(lines->markdown ? "**%s**\n\n" : "%s\n", title);
    table_init(&lines->table, format);
    put(lines, "%s", cells);
    if (!lines->markdown)
        return;
    for (; *format; format++)
        printf("| %s ", *format == 'r' ? "---:" : "---");
    printf("|\n");
}

static void end(struct lines *lines)
{
    table_print(&lines->table, stdout, lines->markdown ? 0 : 2,
                lines->markdown ? 0 : terminal_width(STDOUT_FILENO));
    putchar('\n');
}

static void print_sizes(const struct systems *systems, struct lines *lines)
{
    head(lines, "Systems (time: host time of the whole workload, against the first)", "llrrr",
         "system\twhat it is\ttrusted lines\tpages touched\ttime");
    for (unsigned k = 0; k < SYSTEMS_MOST; k++)
        put(lines, "%s\t%s\t%u\t%" PRIu64 "\t%.2f", systems_kinds[k].name,
            systems_kinds[k].about, systems_kinds[k].trusted_lines, systems->pages[k],
            samples_median(&systems->ratio[k]));
    end(lines);
}

static void print_counts(const struct systems *systems, struct lines *lines, bool crossings)
{
    char cells[LINE] = "system";

    for (unsigned w = 0; w < SYSTEMS_WORKS; w++) {
        strcat(cells, "\t");
        strcat(cells, systems_works[w].program);
    }
    head(lines,
         crossings ? "Traps to the kernel for a unit of work; of the VM, exits to the monitor"
                   : "Instructions for a unit of work",
         "lrrrrr", cells);
    for (unsigned k = 0; k < SYSTEMS_MOST; k++) {
        size_t used = (size_t)snprintf(cells, sizeof cells, "%s", systems_kinds[k].name);

        for (unsigned w = 0; w < SYSTEMS_WORKS; w++) {
            const struct systems_count *count = &systems->counts[k][w];
            uint64_t tenths = crossings ? count->crossings_tenths : count->instructions_tenths;

            used += (size_t)snprintf(cells + used, sizeof cells - used,
                                     "\t%" PRIu64 ".%" PRIu64, tenths / 10, tenths % 10);
        }
        put(lines, "%s", cells);
    }
    end(lines);
}

static void print_crashes(const struct systems *systems, struct lines *lines)
{
    head(lines, "What works after the death of", "lll", "system\tpart\tworks");
    for (unsigned c = 0; c < SYSTEMS_CRASHES; c++) {
        char works[LINE] = "";

        for (unsigned t = 0; t < SYSTEMS_TRIALS; t++)
            if (systems->works[c][t]) {
                strcat(works, works[0] ? ", " : "");
                strcat(works, systems_trials[t].name);
            }
        put(lines, "%s\t%s\t%s", systems_crashes[c].system, systems_crashes[c].part,
            works[0] ? works : "nothing");
    }
    end(lines);
}

void systems_print(const struct systems *systems, bool markdown)
{
    struct lines lines = {.markdown = markdown};

    print_sizes(systems, &lines);
    print_counts(systems, &lines, false);
    print_counts(systems, &lines, true);
    print_crashes(systems, &lines);
    printf("A unit of work:\n%s", markdown ? "\n" : "");
    for (unsigned w = 0; w < SYSTEMS_WORKS; w++)
        printf("%s%s: a %s\n", markdown ? "- " : "  ", systems_works[w].program,
               systems_works[w].per);
}

/* ---- The document ---- */

static json_t *works_array(const struct systems *systems, unsigned k)
{
    json_t *array = json_array();

    for (unsigned w = 0; w < SYSTEMS_WORKS; w++) {
        json_t *object = json_object();

        json_put_text(object, "program", systems_works[w].program);
        json_put_text(object, "per", systems_works[w].per);
        json_put_number(object, "instructions_tenths",
                        systems->counts[k][w].instructions_tenths);
        json_put_number(object, "crossings_tenths", systems->counts[k][w].crossings_tenths);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *crashes_array(const struct systems *systems, const char *system)
{
    json_t *array = json_array();

    for (unsigned c = 0; c < SYSTEMS_CRASHES; c++) {
        json_t *object, *works;

        if (strcmp(systems_crashes[c].system, system))
            continue;
        object = json_object();
        works = json_object();
        for (unsigned t = 0; t < SYSTEMS_TRIALS; t++)
            json_put(works, systems_trials[t].name, json_boolean(systems->works[c][t]));
        json_put_text(object, "part", systems_crashes[c].part);
        json_put_text(object, "command", systems_crashes[c].command);
        if (systems_crashes[c].fault)
            json_put_text(object, "fault", systems_crashes[c].fault);
        json_put(object, "works", works);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *samples_array(const struct samples *samples)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < samples->count; i++)
        (void)json_array_append_new(array, json_real(samples->at[i]));
    return array;
}

enum pz_err systems_print_json(const struct systems *systems, struct problem *problem)
{
    json_t *document = json_document("pz-systems/1"), *array = json_array();

    for (unsigned k = 0; k < SYSTEMS_MOST; k++) {
        const struct systems_kind *kind = &systems_kinds[k];
        json_t *object = json_object();

        json_put_text(object, "system", kind->name);
        json_put_text(object, "about", kind->about);
        json_put_text(object, "kernel", kind->image);
        json_put_number(object, "trusted_lines", kind->trusted_lines);
        json_put_number(object, "pages", systems->pages[k]);
        json_put_text(object, "crossings", kind->crossing);
        json_put(object, "works", works_array(systems, k));
        json_put(object, "crashes", crashes_array(systems, kind->name));
        json_put(object, "host_ns", samples_array(&systems->ns[k]));
        json_put(object, "ratio", samples_array(&systems->ratio[k]));
        (void)json_array_append_new(array, object);
    }
    json_put(document, "systems", array);
    return json_print(document, problem);
}
