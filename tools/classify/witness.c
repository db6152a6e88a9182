/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness.c - witnesses by name, and repeating one for people: both states, before and after,
 * and where they differ.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa/decode.h"
#include "tools/base/base.h"
#include "tools/classify/report.h"
#include "tools/show/show.h"
#include "vmm/trace.h"

/* ---- Names ---- */

static enum pz_err bad_kind(const char *name, const char *kind, struct problem *problem)
{
    const char *kinds[CLASSIFY_KINDS], *nearest;
    char hint[NEAREST_HINT];

    for (unsigned i = 0; i < CLASSIFY_KINDS; i++)
        kinds[i] = classify_kind_name((enum classify_kind)i);
    nearest = nearest_name(kind, kinds, CLASSIFY_KINDS);
    if (nearest && !strcmp(nearest, kind))
        nearest = NULL; /* it is the number that is wrong */
    return problem_set(problem, PZ_USAGE,
                       "no witness '%.80s'%s (it is ROW/KIND-NUMBER: csrrs.sstatus/state-1)",
                       name, nearest_hint(nearest, hint));
}

static bool find_kind(const char *text, enum classify_kind *kind)
{
    for (unsigned i = 0; i < CLASSIFY_KINDS; i++)
        if (!strcmp(text, classify_kind_name((enum classify_kind)i))) {
            *kind = (enum classify_kind)i;
            return true;
        }
    return false;
}

enum pz_err classify_reference(const struct classify_rows *rows, const char *name,
                               struct classify_reference *reference, struct problem *problem)
{
    const char *slash = strchr(name, '/'), *dash = slash ? strrchr(slash, '-') : NULL;
    char row[CLASSIFY_NAME + 1], kind[CLASSIFY_NAME + 1];
    enum pz_err err;

    snprintf(row, sizeof row, "%.*s", (int)(slash ? slash - name : CLASSIFY_NAME), name);
    err = classify_rows_find(rows, row, &reference->row, problem);
    if (err)
        return err;
    snprintf(kind, sizeof kind, "%.*s", (int)(dash ? dash - slash - 1 : CLASSIFY_NAME),
             slash ? slash + 1 : "");
    if (!dash || !find_kind(kind, &reference->kind) || dash[1] < '1' || dash[1] > '9' ||
        dash[2])
        return bad_kind(name, kind, problem);
    reference->number = (unsigned)(dash[1] - '0');
    return PZ_OK;
}

const struct classify_witness *classify_referred(const struct classify_result *result,
                                                 const struct classify_reference *reference)
{
    for (unsigned i = 0; i < result->witness_count; i++)
        if (result->witnesses[i].kind == reference->kind &&
            classify_witness_number(result, i) == reference->number)
            return &result->witnesses[i];
    return NULL;
}

/* ---- A witness run again ---- */

static const char *const places[] = {"nothing is translated", "translated, here",
                                     "translated, there"};

static void end_text(const struct classify_outcome *outcome, char *text, size_t room)
{
    if (outcome->trapped)
        snprintf(text, room, "%s: %s", outcome->delivered ? "takes a trap" : "traps",
                 trace_cause_name(outcome->trap.cause));
    else
        snprintf(text, room, "%s%s", outcome->waits ? "runs, and waits" : "runs",
                 outcome->fenced ? "; old translations are gone" : "");
}

static void print_run(const char *title, const struct classify_state *state,
                      const struct classify_outcome *outcome)
{
    char text[64];

    end_text(outcome, text, sizeof text);
    printf("%s: %s mode, %s", title, classify_side_name(false, state->hart.mode),
           places[state->place]);
    if (state->world != CLASSIFY_NATIVE)
        printf("; %s mode, its memory at 0x%08x of the machine",
               classify_side_name(true, classify_side(state)), classify_memory(state));
    printf(": it %s\n", text);
}

static bool moves(const struct classify_state *state, const struct classify_outcome *outcome,
                  enum classify_field field)
{
    return classify_field_value(&state->hart, field) !=
           classify_field_value(&outcome->hart, field);
}

/* One row of the table: a field before and after, in one or two states. */
static void add_field(struct table *table, const struct classify_replay *replay,
                      enum classify_field field)
{
    const struct classify_pair *pair = &replay->witness->pair;
    const char *mark = replay->witness->fields >> field & 1 ? "  <--" : "";
    uint32_t a = classify_field_value(&pair->a.hart, field),
             b = classify_field_value(&pair->b.hart, field);

    if (replay->witness->kind == CLASSIFY_CONTROL)
        table_add(table, "%s\t0x%08x\t0x%08x\t\t\t%s", classify_field_name(field), a,
                  classify_field_value(&replay->a.hart, field), mark);
    else
        table_add(table, "%s\t0x%08x\t0x%08x\t0x%08x\t0x%08x\t%s", classify_field_name(field),
                  a, classify_field_value(&replay->a.hart, field), b,
                  classify_field_value(&replay->b.hart, field), mark);
}

/* Fields that change, or differ, or that the states have apart. */
static bool worth_showing(const struct classify_replay *replay, enum classify_field field)
{
    const struct classify_pair *pair = &replay->witness->pair;

    return field != FIELD_reservation &&
           (moves(&pair->a, &replay->a, field) || moves(&pair->b, &replay->b, field) ||
            replay->witness->fields >> field & 1 ||
            classify_field_value(&pair->a.hart, field) !=
                classify_field_value(&pair->b.hart, field));
}

static void print_fields(const struct classify_replay *replay)
{
    struct table table;

    table_init(&table, "llllll");
    if (replay->witness->kind == CLASSIFY_CONTROL)
        table_add(&table, "\tbefore\tafter\t\t\t");
    else
        table_add(&table, "\tfirst, before\tafter\tsecond, before\tafter\t");
    for (unsigned field = 1; field <= FIELD_satp; field++)
        if (worth_showing(replay, (enum classify_field)field))
            add_field(&table, replay, (enum classify_field)field);
    table_print(&table, stdout, 2, 0);
}

static void print_memory(const char *title, const struct classify_outcome *outcome)
{
    if (!outcome->change_count)
        return;
    printf("  %s run writes", title);
    for (unsigned i = 0; i < outcome->change_count && i < CLASSIFY_CHANGES; i++)
        printf(" [%s0x%08x]=%02x", outcome->changes[i].elsewhere ? "physical " : "",
               outcome->changes[i].at, outcome->changes[i].value);
    putchar('\n');
}

void classify_print_replay(const struct classify_replay *replay)
{
    const struct classify_witness *witness = replay->witness;
    struct insn insn = decode_insn(witness->pair.a.insn);
    char text[CLASSIFY_LIST];

    format_insn(&insn, text, sizeof text);
    printf("%s on %s: 0x%08x  %s\n", replay->name, replay->engine, witness->pair.a.insn, text);
    print_run("first state", &witness->pair.a, &replay->a);
    if (witness->kind != CLASSIFY_CONTROL)
        print_run("second state", &witness->pair.b, &replay->b);
    if (witness->pair.stale)
        puts("  the page table has just been changed, and the hart still holds the old entry");
    print_fields(replay);
    print_memory("the first", &replay->a);
    if (witness->kind != CLASSIFY_CONTROL)
        print_memory("the second", &replay->b);
    if (witness->unrepeatable)
        puts("  the two states are one and the same: values are of the moment");
    printf("%s: %s\n", witness->kind == CLASSIFY_CONTROL ? "changed" : "different",
           classify_fields_text(witness->fields, text));
    puts(replay->holds ? "It holds." : "It does NOT hold any more.");
}
