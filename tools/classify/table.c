/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.c - a classification for people: the sensitive rows one by one, the others by
 * group, where they are not as claimed, and the theorems.
 */
#include <stdio.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/classify/report.h"
#include "tools/host/host.h"

#define WIDTH 96u
#define COUNTEREXAMPLES 8u

static bool is_sensitive(const struct classify_result *result)
{
    return result->kinds & CLASSIFY_SENSITIVE;
}

/* The most telling witness: of a sensitivity, in user mode if possible. */
static unsigned best_witness(const struct classify_result *result)
{
    unsigned best = 0, score = 0;

    for (unsigned i = 0; i < result->witness_count; i++) {
        const struct classify_witness *witness = &result->witnesses[i];
        bool sensitive = CLASSIFY_BIT(witness->kind) & CLASSIFY_SENSITIVE;
        unsigned found = 4 * sensitive + 2 * witness->violates + (witness->mode == HART_USER);

        if (found > score) {
            score = found;
            best = i;
        }
    }
    return best;
}

static void add_sensitive(struct table *table, const struct classify_result *result)
{
    char kinds[CLASSIFY_LIST], fields[CLASSIFY_LIST], name[CLASSIFY_WITNESS_NAME];
    unsigned best = best_witness(result);

    table_add(
        table, "%s\t%s\t%s\t%s\t%s\t%s", result->row->name,
        classify_privilege_name(result->privilege), classify_class_name(classify_class(result)),
        classify_kinds_text(result->kinds, kinds), classify_witness_name(result, best, name),
        classify_fields_text(result->witnesses[best].fields, fields));
}

static void print_sensitive(const struct classification *all)
{
    struct table table;
    unsigned count = 0;

    for (unsigned i = 0; i < all->count; i++)
        count += is_sensitive(&all->results[i]);
    if (!count)
        return;
    table_init(&table, "llllll");
    table_add(&table, "sensitive\tprivilege\tclass\tto\twitness\twhere it shows");
    for (unsigned i = 0; i < all->count; i++)
        if (is_sensitive(&all->results[i]))
            add_sensitive(&table, &all->results[i]);
    table_print(&table, stdout, 0, 0);
}

unsigned classify_count(const struct classification *all, classify_choice *chosen,
                        const void *owner)
{
    unsigned count = 0;

    for (unsigned i = 0; i < all->count; i++)
        count += chosen(&all->results[i], owner);
    return count;
}

/* As many on a line as there is room for. */
void classify_print_names(const struct classification *all, classify_choice *chosen,
                          const void *owner)
{
    size_t used = 0;

    for (unsigned i = 0; i < all->count; i++) {
        const char *name = all->results[i].row->name;

        if (!chosen(&all->results[i], owner))
            continue;
        if (used && used + strlen(name) + 1 > WIDTH) {
            putchar('\n');
            used = 0;
        }
        used += (size_t)printf("%s%s", used ? " " : "  ", name);
    }
    putchar('\n');
}

static bool is_innocuous(const struct classify_result *result, const void *owner)
{
    return !is_sensitive(result) &&
           result->privilege == *(const enum classify_privilege *)owner;
}

static void print_innocuous(const struct classification *all)
{
    enum classify_privilege privilege = CLASSIFY_NEVER;

    for (; privilege <= CLASSIFY_CALLS; privilege = (enum classify_privilege)(privilege + 1)) {
        unsigned count = classify_count(all, is_innocuous, &privilege);

        if (!count)
            continue;
        printf("\n%u innocuous, %s:\n", count, classify_privilege_name(privilege));
        classify_print_names(all, is_innocuous, &privilege);
    }
    privilege = CLASSIFY_ILLEGAL;
    if (classify_count(all, is_innocuous, &privilege))
        printf(
            "\n%u illegal in both modes: CSRs and instructions that this CPU does not have\n",
            classify_count(all, is_innocuous, &privilege));
}

static void print_differences(const struct classification *all)
{
    char claim[CLASSIFY_LIST], found[CLASSIFY_LIST];
    struct table table;

    if (!all->differences) {
        printf("\nAs isa/insns.def and isa/csrs.def claim: all rows%s\n",
               all->variants ? " that the variant does not change" : "");
        return;
    }
    printf("\nNot as isa/insns.def and isa/csrs.def claim: %u of %u rows\n", all->differences,
           all->count);
    table_init(&table, "lll");
    for (unsigned i = 0; i < all->count; i++)
        if (!classify_as_claimed(&all->results[i]))
            table_add(&table, "%s\tclaimed: %s\tfound: %s", all->results[i].row->name,
                      classify_claim_text(all->results[i].row, claim),
                      classify_found_text(&all->results[i], found));
    table_print(&table, stdout, 2, 0);
}

static void print_theorem(const struct classification *all, unsigned theorem)
{
    unsigned left = all->verdicts.violations[theorem], shown = 0;
    char name[CLASSIFY_WITNESS_NAME];

    printf("Theorem %u%s, %s: %s\n", theorem, all->assist ? " with hardware assistance" : "",
           classify_theorem_text(theorem), left ? "FAILS" : "holds, as far as was tried");
    for (unsigned i = 0; i < all->count && shown < COUNTEREXAMPLES; i++)
        if (classify_counters(&all->results[i], theorem)) {
            printf("  %s\n", classify_counter_name(&all->results[i], theorem, name));
            shown++;
        }
    if (left > shown)
        printf("  ... and %u more (--json lists them)\n", left - shown);
}

/* One row alone: all that was found. */
static void print_row(const struct classification *all)
{
    const struct classify_result *result = &all->results[0];
    char fields[CLASSIFY_LIST], name[CLASSIFY_WITNESS_NAME];
    struct table table;

    printf("%s: %s\n", result->row->name, classify_found_text(result, fields));
    table_init(&table, "lll");
    for (unsigned i = 0; i < result->witness_count; i++)
        table_add(&table, "%s\t%s mode\t%s", classify_witness_name(result, i, name),
                  classify_side_name(all->assist, result->witnesses[i].mode),
                  classify_fields_text(result->witnesses[i].fields, fields));
    table_print(&table, stdout, 2, 0);
}

void classify_print(const struct classification *all)
{
    char runs[TEXT_NUMBER], variants[VARIANTS_TEXT];

    printf("%u row%s on %s%s%s%s: %s runs of one instruction\n\n", all->count,
           all->count == 1 ? "" : "s", all->engine,
           all->assist ? " with hardware assistance" : "", all->variants ? ", variant " : "",
           variants_text(all->variants, variants), text_grouped(all->runs, runs));
    if (all->count == 1)
        print_row(all);
    else
        print_sensitive(all);
    if (all->assist)
        classify_print_leaves(all);
    else if (all->count > 1)
        print_innocuous(all);
    if (!all->assist)
        print_differences(all);
    putchar('\n');
    for (unsigned theorem = 1; theorem <= classification_theorems(all); theorem++)
        print_theorem(all, theorem);
    if (all->assist)
        return;
    if (!all->differences && !all->as_claimed)
        puts("Theorems 1 and 3 are NOT as isa/variants.def claims for this variant");
}
