/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cost.c - the difference between a run with many units of work and one with few: booting, and
 * all else that does not depend on them, is in both.
 */
#include "tools/zoo/cost.h"

#include <string.h>

struct counts {
    uint64_t instructions, more;
    uint64_t ns; /* of the host; 0: the document does not say */
};

static uint64_t number(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

static struct counts of_bare(const json_t *document)
{
    return (struct counts){number(document, "retired"), number(document, "traps"),
                           number(document, "host_ns")};
}

static struct counts of_vm(const json_t *document)
{
    const json_t *vm = json_array_get(json_object_get(document, "vms"), 0);

    return (struct counts){number(vm, "retired"), number(json_object_get(vm, "exits"), "total"),
                           number(document, "host_ns")};
}

/* Of the outermost machine: the deepest run is the last. */
static struct counts of_nest(const json_t *document)
{
    const json_t *depths = json_object_get(document, "depths");
    const json_t *depth = json_array_get(depths, json_array_size(depths) - 1);
    const json_t *exits = json_array_get(json_object_get(depth, "exits"), 0);

    return (struct counts){number(depth, "retired"), (uint64_t)json_integer_value(exits), 0};
}

static struct counts of_cost(const json_t *document)
{
    return (struct counts){number(document, "retired"), number(document, "translated"), 0};
}

static const struct {
    const char *counts;
    struct counts (*of)(const json_t *document);
} documents[] = {
    [TABLE_BARE] = {"traps to the kernel", of_bare},
    [TABLE_VM] = {"exits to the monitor", of_vm},
    [TABLE_NEST] = {"exits to the outermost monitor", of_nest},
    [TABLE_COST] = {"instructions translated", of_cost},
};

static enum pz_err run(const struct table_term *term, uint32_t units, struct counts *counts,
                       struct problem *problem)
{
    char text[TABLE_WORDS][TABLE_WORD], *argv[TABLE_WORDS + 2], json[] = "--json";
    unsigned count = table_command(term, units, text, argv);
    json_t *document;
    enum pz_err err;

    argv[count] = json;
    argv[count + 1] = NULL;
    err = itself_document((int)count + 1, argv, &document, problem);
    if (err)
        return err;
    if (json_is_true(json_object_get(document, "ok")))
        *counts = documents[term->document].of(document);
    else
        err =
            problem_set(problem, PZ_FAILED, "%s: the guest of its command failed", term->name);
    json_decref(document);
    return err;
}

/* Tenths, rounded. Fewer for more work: none, then. */
static uint64_t each(uint64_t low, uint64_t high, uint32_t units)
{
    return high > low ? ((high - low) * 10 + units / 2) / units : 0;
}

/* Of what many units take longer than few; noise can be more than that. */
static double ns_each(const struct counts *low, const struct counts *high)
{
    return low->ns && high->ns > low->ns && high->instructions > low->instructions
               ? (double)(high->ns - low->ns) / (double)(high->instructions - low->instructions)
               : 0;
}

bool cost_possible(const struct table_term *term)
{
    const struct engines_kind *kind;
    struct problem none;

    for (unsigned i = 0; i + 1 < TABLE_WORDS && term->words[i + 1]; i++)
        if (!strcmp(term->words[i], "--engine"))
            return !engines_choose(term->words[i + 1], false, &kind, &none);
    return true;
}

enum pz_err cost_measure(const struct table_term *term, struct cost *cost,
                         struct problem *problem)
{
    struct counts low, high;
    uint32_t units = term->high - term->low;
    enum pz_err err = run(term, term->low, &low, problem);

    if (!err)
        err = run(term, term->high, &high, problem);
    if (err)
        return err;
    *cost = (struct cost){
        .counts = documents[term->document].counts,
        .instructions_tenths = each(low.instructions, high.instructions, units),
        .more_tenths = each(low.more, high.more, units),
        .host_ns = ns_each(&low, &high),
    };
    return PZ_OK;
}
