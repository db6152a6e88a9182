/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json.c - a classification, or a witness run again, as a document: docs/json.md. */
#include "tools/base/base.h"
#include "tools/classify/report.h"
#include "tools/host/host.h"

static json_t *fields_array(classify_fields fields)
{
    json_t *array = json_array();

    for (unsigned field = 0; field < FIELDS; field++)
        if (fields >> field & 1)
            json_array_append_new(array,
                                  json_string(classify_field_name((enum classify_field)field)));
    return array;
}

static json_t *kinds_array(unsigned kinds)
{
    json_t *array = json_array();

    for (unsigned kind = 0; kind < CLASSIFY_KINDS; kind++)
        if (kinds & CLASSIFY_SENSITIVE & CLASSIFY_BIT(kind))
            json_array_append_new(array,
                                  json_string(classify_kind_name((enum classify_kind)kind)));
    return array;
}

static json_t *witness_object(const struct classify_result *result, unsigned index, bool assist)
{
    const struct classify_witness *witness = &result->witnesses[index];
    char name[CLASSIFY_WITNESS_NAME];
    json_t *object = json_object();

    json_put_text(object, "name", classify_witness_name(result, index, name));
    json_put_text(object, "kind", classify_kind_name((enum classify_kind)witness->kind));
    json_put_text(object, "mode", classify_side_name(assist, witness->mode));
    json_put_number(object, "instruction", witness->pair.a.insn);
    json_put(object, "fields", fields_array(witness->fields));
    json_put(object, "repeatable", json_boolean(!witness->unrepeatable));
    json_put(object, "violates", json_boolean(witness->violates));
    return object;
}

/* By the guest's mode: as scause would give the causes to a hypervisor. */
static json_t *leaves_object(const struct classify_result *result)
{
    json_t *object = json_object();

    for (unsigned mode = HART_USER; mode <= HART_SUPERVISOR; mode++) {
        json_t *causes = json_array();

        for (unsigned cause = 0; cause < CAUSE_EXCEPTIONS; cause++)
            if (result->leaves[mode] >> cause & 1)
                json_array_append_new(causes, json_integer(cause));
        json_put(object, classify_side_name(false, mode), causes);
    }
    return object;
}

static json_t *row_object(const struct classify_result *result, bool assist)
{
    char text[CLASSIFY_LIST];
    json_t *object = json_object(), *witnesses = json_array();

    for (unsigned i = 0; i < result->witness_count; i++)
        json_array_append_new(witnesses, witness_object(result, i, assist));
    json_put_text(object, "name", result->row->name);
    json_put_text(object, "claimed", classify_claim_text(result->row, text));
    json_put_text(object, "privilege", classify_privilege_name(result->privilege));
    json_put_text(object, "class", classify_class_name(classify_class(result)));
    if (assist)
        json_put(object, "leaves", leaves_object(result));
    else
        json_put(object, "as_claimed", json_boolean(classify_as_claimed(result)));
    json_put(object, "sensitive", kinds_array(result->kinds));
    json_put(object, "user_sensitive",
             kinds_array(result->user_kinds & CLASSIFY_USER_SENSITIVE));
    json_put(object, "witnesses", witnesses);
    return object;
}

static json_t *theorem_object(const struct classification *all, unsigned theorem)
{
    json_t *object = json_object(), *names = json_array();
    char name[CLASSIFY_WITNESS_NAME];

    for (unsigned i = 0; i < all->count; i++)
        if (classify_counters(&all->results[i], theorem))
            json_array_append_new(
                names, json_string(classify_counter_name(&all->results[i], theorem, name)));
    json_put_number(object, "theorem", theorem);
    json_put_text(object, "says", classify_theorem_text(theorem));
    json_put(object, "holds", json_boolean(!all->verdicts.violations[theorem]));
    json_put(object, "counterexamples", names);
    return object;
}

json_t *classify_document(const struct classification *all)
{
    json_t *document = json_document("pz-classify/1"), *rows = json_array(),
           *theorems = json_array();
    char variants[VARIANTS_TEXT];

    for (unsigned theorem = 1; theorem <= classification_theorems(all); theorem++)
        json_array_append_new(theorems, theorem_object(all, theorem));
    for (unsigned i = 0; i < all->count; i++)
        json_array_append_new(rows, row_object(&all->results[i], all->assist));
    json_put_text(document, "engine", all->engine);
    json_put_text(document, "mode", all->assist ? "assist" : "plain");
    json_put_text(document, "variants", variants_text(all->variants, variants));
    json_put_number(document, "seed", all->options.seed);
    json_put_number(document, "trials", all->options.trials);
    json_put(document, "ok", json_boolean(all->as_claimed));
    json_put_number(document, "differences", all->differences);
    json_put(document, "theorems", theorems);
    json_put(document, "rows", rows);
    return document;
}

/* ---- A witness run again ---- */

static json_t *hart_object(const struct hart *hart)
{
    json_t *object = json_object();

    for (unsigned i = 1; i <= FIELD_satp; i++) {
        enum classify_field field = (enum classify_field)i;

        if (field != FIELD_reservation)
            json_put_number(object, classify_field_name(field),
                            classify_field_value(hart, field));
    }
    json_put_number(object, "time", hart_time(hart));
    return object;
}

static json_t *memory_array(const struct classify_outcome *outcome)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < outcome->change_count && i < CLASSIFY_CHANGES; i++) {
        json_t *object = json_object();

        json_put_number(object, "at", outcome->changes[i].at);
        json_put_number(object, "value", outcome->changes[i].value);
        json_put(object, "elsewhere", json_boolean(outcome->changes[i].elsewhere));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *run_object(const struct classify_state *state,
                          const struct classify_outcome *outcome)
{
    static const char *const places[] = {"bare", "here", "there"};
    json_t *object = json_object();

    json_put_text(object, "place", places[state->place]);
    if (state->world != CLASSIFY_NATIVE) {
        json_put_text(object, "world", classify_side_name(true, classify_side(state)));
        json_put_number(object, "memory_at", classify_memory(state));
    }
    json_put_number(object, "device", state->device);
    json_put(object, "before", hart_object(&state->hart));
    json_put(object, "after", hart_object(&outcome->hart));
    if (outcome->trapped)
        json_put_number(object, "trap", outcome->trap.cause);
    json_put(object, "memory", memory_array(outcome));
    json_put(object, "waits", json_boolean(outcome->waits));
    json_put(object, "fenced", json_boolean(outcome->fenced));
    return object;
}

json_t *classify_replay_document(const struct classify_replay *replay)
{
    const struct classify_witness *witness = replay->witness;
    json_t *document = json_document("pz-witness/1"), *runs = json_array();

    json_put_text(document, "name", replay->name);
    json_put_text(document, "engine", replay->engine);
    json_put(document, "ok", json_boolean(replay->holds));
    json_put_number(document, "instruction", witness->pair.a.insn);
    json_put(document, "fields", fields_array(witness->fields));
    json_array_append_new(runs, run_object(&witness->pair.a, &replay->a));
    if (witness->kind != CLASSIFY_CONTROL)
        json_array_append_new(runs, run_object(&witness->pair.b, &replay->b));
    json_put(document, "runs", runs);
    return document;
}
