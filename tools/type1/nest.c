/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nest.c - `pz nest`: what a guest costs at each depth. Running it is left to nested.c. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "tools/show/show.h"
#include "tools/type1/type1.h"

#define DEPTH_DEFAULT 2u

static bool same(const struct nested *all, unsigned depth)
{
    return !strcmp(all[0].guest, all[depth].guest) && all[depth].end == all[0].end;
}

/* Exits of the outermost monitor for one of the innermost's. */
static double multiplied(const struct nested *nested)
{
    uint64_t innermost = nested->exits[nested->depth];

    return innermost ? (double)nested->exits[0] / (double)innermost : 0;
}

static void add_row(struct table *table, const struct nested *all, unsigned depth)
{
    const struct nested *nested = &all[depth];
    char retired[TEXT_NUMBER], exits[TEXT_NUMBER], own[TEXT_NUMBER], time[TEXT_NUMBER];

    table_add(table, "%u\t%s\t%s\t%s\t%.1f\t%s\t%.2f\t%s", depth,
              text_grouped(nested->retired, retired), text_grouped(nested->exits[0], exits),
              text_grouped(nested->exits[depth], own), multiplied(nested),
              text_duration(nested->ns, time), (double)nested->ns / (double)all[0].ns,
              same(all, depth) ? "yes" : "NO");
}

static void print_table(const struct nested *all, unsigned depth)
{
    struct table table;

    table_init(&table, "rrrrrrrl");
    table_add(&table, "depth\tinstructions\texits of level 0\tof the innermost\tratio\ttime\t"
                      "of depth 0\tsame output");
    for (unsigned i = 0; i <= depth; i++)
        add_row(&table, all, i);
    table_print(&table, stdout, 0, terminal_width(STDOUT_FILENO));
}

static json_t *depth_document(const struct nested *all, unsigned depth)
{
    const struct nested *nested = &all[depth];
    json_t *object = json_object(), *exits = json_array();

    json_put_number(object, "depth", depth);
    json_put_number(object, "retired", nested->retired);
    json_put_number(object, "cpu_ns", nested->ns);
    json_put_text(object, "end", outcome_end(nested->end));
    for (unsigned i = 0; i <= depth; i++)
        json_array_append_new(exits, json_integer((json_int_t)nested->exits[i]));
    json_put(object, "exits", exits);
    json_put(object, "same", json_boolean(same(all, depth)));
    return object;
}

static enum pz_err tell(const struct nested *all, unsigned depth, bool json,
                        struct problem *problem)
{
    json_t *document, *depths;
    bool ok = true;

    for (unsigned i = 0; i <= depth; i++)
        ok = ok && same(all, i);
    if (!json) {
        print_table(all, depth);
        return ok ? output_flush(problem) : PZ_FAILED;
    }
    document = json_document("pz-nest/1");
    depths = json_array();
    for (unsigned i = 0; i <= depth; i++)
        json_array_append_new(depths, depth_document(all, i));
    json_put(document, "ok", json_boolean(ok));
    json_put(document, "depths", depths);
    json_put_text(document, "console", all[0].guest);
    if (json_print(document, problem))
        return PZ_HOST;
    return ok ? PZ_OK : PZ_FAILED;
}

enum pz_err command_nest(const struct options *options, struct problem *problem)
{
    unsigned depth = options->depth ? (unsigned)options->depth : DEPTH_DEFAULT;
    struct nested all[NESTED_LEVELS] = {{.depth = 0}};
    const struct engines_kind *kind;
    enum pz_err err = engines_choose(options->engine, false, &kind, problem);

    terminal_catch_signals();
    for (unsigned i = 0; !err && i <= depth; i++) {
        all[i].depth = i;
        err = nested_run(&all[i], options, kind, problem);
    }
    progress_end();
    if (!err)
        err = tell(all, depth, options->json, problem);
    for (unsigned i = 0; i < NESTED_LEVELS; i++)
        nested_free(&all[i]);
    return err;
}
