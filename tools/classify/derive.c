/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * derive.c - the experiments on one encoding, and a row's class from those on its encodings.
 * Nothing here uses the meaning of an instruction.
 *
 * For each state, in both modes: one run alone (control), then one for each variation
 * (location, state, time, device), then a run in a hart with an old translation (control). Each
 * pair of modes shows privilege, or else mode sensitivity.
 */
#include <stdlib.h>

#include "tools/classify/classify.h"

/* What the experiments have shown about one encoding. */
struct encoding {
    uint32_t bits;
    bool ran[2];           /* by side: at least once */
    bool called;           /* it trapped as a call does */
    bool refused;          /* in user mode, where supervisor mode ran it */
    classify_fields noise; /* one state gave two results there: no other evidence */
    unsigned kinds, user_kinds;
    unsigned witness_count;
    struct classify_witness witnesses[CLASSIFY_WITNESSES];
    uint32_t leaves[2];
};

struct trial {
    struct classify_bench *bench;
    struct encoding *encoding;
};

static void note_outcome(struct encoding *encoding, const struct classify_state *state,
                         const struct classify_outcome *outcome)
{
    enum classify_stop stop = classify_stopped(outcome);

    encoding->ran[classify_side(state)] |=
        stop == CLASSIFY_RAN || (stop == CLASSIFY_TOOK && !classify_is_illegal(outcome));
    encoding->called |= stop == CLASSIFY_CALLED;
    if (state->world == CLASSIFY_GUEST && outcome->trapped && !outcome->delivered)
        encoding->leaves[state->hart.mode] |= 1u << outcome->trap.cause;
}

static const struct classify_witness *find(const struct classify_witness *list, unsigned count,
                                           unsigned kind, unsigned mode)
{
    for (unsigned i = 0; i < count; i++)
        if (list[i].kind == kind && list[i].mode == mode)
            return &list[i];
    return NULL;
}

/* The first of its kind and mode is kept. */
static void note_witness(struct encoding *encoding, const struct classify_witness *witness)
{
    encoding->kinds |= CLASSIFY_BIT(witness->kind);
    if (witness->mode == HART_USER)
        encoding->user_kinds |= CLASSIFY_BIT(witness->kind);
    if (!find(encoding->witnesses, encoding->witness_count, witness->kind, witness->mode))
        encoding->witnesses[encoding->witness_count++] = *witness;
}

static struct classify_witness witness_of(enum classify_kind kind,
                                          const struct classify_state *a,
                                          const struct classify_state *b)
{
    return (struct classify_witness){
        .pair = {.a = *a, .b = *b}, .kind = (uint8_t)kind, .mode = (uint8_t)classify_side(a)};
}

static void run(struct trial *trial, const struct classify_state *state,
                struct classify_outcome *outcome)
{
    classify_run(trial->bench, state, outcome);
    note_outcome(trial->encoding, state, outcome);
}

/* ---- Differences ---- */

/* The fields in which a witness shows something when it is run; 0: it shows nothing. */
static classify_fields shown(const struct classify_witness *witness,
                             const struct classify_outcome *a, const struct classify_outcome *b)
{
    const struct classify_pair *pair = &witness->pair;
    enum classify_stop stop_a = classify_stopped(a), stop_b = classify_stopped(b);

    switch (witness->kind) {
    case CLASSIFY_CONTROL: return classify_controlled(&pair->a, a);
    case CLASSIFY_PRIVILEGED:
        return stop_a == CLASSIFY_RAN && stop_b == CLASSIFY_REFUSED ? 1ull << FIELD_trap : 0;
    case CLASSIFY_UNPRIVILEGED: return stop_b == CLASSIFY_RAN ? 1ull << FIELD_trap : 0;
    default: return classify_differ(&pair->a, &pair->b, a, b);
    }
}

static void run_pair(struct classify_bench *bench, const struct classify_witness *witness,
                     struct classify_outcome *a, struct classify_outcome *b)
{
    const struct classify_pair *pair = &witness->pair;

    if (pair->stale)
        classify_run_stale(bench, &pair->a, a);
    else
        classify_run(bench, &pair->a, a);
    if (witness->late)
        classify_wait(bench);
    if (witness->kind == CLASSIFY_CONTROL)
        *b = *a;
    else
        classify_run(bench, &pair->b, b);
}

bool classify_recheck(struct classify_bench *bench, const struct classify_witness *witness,
                      struct classify_outcome *a, struct classify_outcome *b)
{
    run_pair(bench, witness, a, b);
    return (shown(witness, a, b) & witness->fields) == witness->fields;
}

/* An observation becomes a witness when it can be reproduced. */
static void claim(struct trial *trial, struct classify_witness *witness,
                  const struct classify_outcome *a, const struct classify_outcome *b)
{
    struct classify_outcome again_a, again_b;

    witness->fields = shown(witness, a, b);
    if (!witness->unrepeatable)
        witness->fields &= ~trial->encoding->noise;
    if (!witness->fields || find(trial->encoding->witnesses, trial->encoding->witness_count,
                                 witness->kind, witness->mode))
        return;
    run_pair(trial->bench, witness, &again_a, &again_b);
    witness->fields &= shown(witness, &again_a, &again_b);
    if (witness->fields)
        note_witness(trial->encoding, witness);
}

/* ---- One state, in its own mode ---- */

static void try_control(struct trial *trial, const struct classify_state *state,
                        const struct classify_outcome *outcome)
{
    struct classify_witness witness = witness_of(CLASSIFY_CONTROL, state, state);

    claim(trial, &witness, outcome, outcome);
}

static void try_variation(struct trial *trial, const struct classify_state *state,
                          const struct classify_state *varied, enum classify_kind kind,
                          const struct classify_outcome *outcome)
{
    struct classify_witness witness = witness_of(kind, state, varied);
    struct classify_outcome other;

    run(trial, varied, &other);
    try_control(trial, varied, &other);
    claim(trial, &witness, outcome, &other);
}

/* The same state again: a difference comes from something outside the state. */
static void try_again(struct trial *trial, const struct classify_state *state,
                      const struct classify_outcome *outcome)
{
    struct classify_witness witness = witness_of(CLASSIFY_TIME, state, state);
    struct classify_outcome other;

    run(trial, state, &other);
    witness.unrepeatable = true;
    trial->encoding->noise |= classify_differ(state, state, outcome, &other);
    claim(trial, &witness, outcome, &other);
}

static void try_stale(struct trial *trial, const struct classify_state *state)
{
    struct classify_witness witness = witness_of(CLASSIFY_CONTROL, state, state);
    struct classify_outcome outcome;

    witness.pair.stale = true;
    classify_run_stale(trial->bench, state, &outcome);
    if (outcome.fenced)
        claim(trial, &witness, &outcome, &outcome);
}

static void try_state(struct trial *trial, const struct classify_state *state,
                      const struct classify_outcome *outcome)
{
    struct classify_state varied;
    enum classify_kind kind;

    try_control(trial, state, outcome);
    for (unsigned k = 0; classify_vary(state, k, &varied, &kind); k++)
        try_variation(trial, state, &varied, kind, outcome);
    if (state->world == CLASSIFY_NATIVE)
        try_stale(trial, state);
}

/* ---- Two modes: or root mode and non-root mode ---- */

static void try_modes(struct trial *trial, const struct classify_state *super,
                      const struct classify_state *user,
                      const struct classify_outcome *of_super,
                      const struct classify_outcome *of_user)
{
    static const enum classify_kind kinds[] = {CLASSIFY_PRIVILEGED, CLASSIFY_UNPRIVILEGED,
                                               CLASSIFY_MODE};
    enum classify_stop in_super = classify_stopped(of_super),
                       in_user = classify_stopped(of_user);
    bool refused = in_user == CLASSIFY_REFUSED;

    trial->encoding->refused |= refused && in_super == CLASSIFY_RAN;
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct classify_witness witness = witness_of(kinds[i], super, user);

        if (kinds[i] != CLASSIFY_MODE || !refused)
            claim(trial, &witness, of_super, of_user);
    }
}

/* Both sides at both of these places. False: it was refused everywhere. */
static bool try_everywhere(struct trial *trial, const struct classify_state *base)
{
    static const enum classify_place places[] = {CLASSIFY_HERE, CLASSIFY_BARE};
    struct classify_outcome outcomes[2][2];
    struct classify_state states[2][2];
    bool all_refused = true;

    for (unsigned i = 0; i < 2; i++)
        for (unsigned mode = 0; mode < 2; mode++) {
            states[i][mode] = classify_state_on(base, (enum hart_mode)mode, places[i]);
            run(trial, &states[i][mode], &outcomes[i][mode]);
            all_refused &= classify_is_illegal(&outcomes[i][mode]);
        }
    if (all_refused)
        return false;
    for (unsigned mode = 0; mode < 2; mode++)
        try_again(trial, &states[0][mode], &outcomes[0][mode]);
    for (unsigned i = 0; i < 2; i++)
        try_modes(trial, &states[i][HART_SUPERVISOR], &states[i][HART_USER],
                  &outcomes[i][HART_SUPERVISOR], &outcomes[i][HART_USER]);
    for (unsigned i = 0; i < 2; i++)
        try_control(trial, &states[1][i], &outcomes[1][i]);
    try_state(trial, &states[0][HART_SUPERVISOR], &outcomes[0][HART_SUPERVISOR]);
    try_state(trial, &states[0][HART_USER], &outcomes[0][HART_USER]);
    return true;
}

/* With assistance the program has modes of its own, and is tried in both. */
static bool try_base(struct trial *trial, struct classify_state *base, uint32_t bits)
{
    bool any;

    base->insn = bits;
    if (!trial->bench->assist)
        return try_everywhere(trial, base);
    base->world = CLASSIFY_GUEST;
    any = try_everywhere(trial, base);
    base->hart.mode = HART_SUPERVISOR;
    return try_everywhere(trial, base) || any;
}

/* ---- A row ---- */

static bool exists(const struct encoding *encoding)
{
    return encoding->ran[0] || encoding->ran[1] || encoding->called;
}

/* If it ran in user mode, in any state, it is not privileged, whatever else it did. */
static bool privileged(const struct encoding *encoding)
{
    return encoding->refused && !encoding->ran[HART_USER];
}

static enum classify_privilege joined(enum classify_privilege row,
                                      enum classify_privilege encoding)
{
    if (row == CLASSIFY_ILLEGAL || row == encoding)
        return encoding;
    return CLASSIFY_SOME;
}

static enum classify_privilege privilege_of(const struct encoding *encoding)
{
    if (privileged(encoding))
        return CLASSIFY_ALWAYS;
    return encoding->ran[0] || encoding->ran[1] ? CLASSIFY_NEVER : CLASSIFY_CALLS;
}

/* A witness that violates a theorem's condition takes the place of one that does not. */
static void keep_witness(struct classify_result *result, const struct classify_witness *witness)
{
    const struct classify_witness *old =
        find(result->witnesses, result->witness_count, witness->kind, witness->mode);

    if (!old)
        result->witnesses[result->witness_count++] = *witness;
    else if (witness->violates && !old->violates)
        result->witnesses[old - result->witnesses] = *witness;
}

static void add_encoding(struct classify_result *result, struct encoding *encoding)
{
    bool violates = exists(encoding) && !privileged(encoding);

    for (unsigned mode = 0; mode < 2; mode++)
        result->leaves[mode] |= encoding->leaves[mode];
    if (!exists(encoding))
        return;
    result->privilege = joined(result->privilege, privilege_of(encoding));
    result->kinds |= encoding->kinds;
    result->user_kinds |= encoding->user_kinds;
    if (violates) {
        result->violations |= encoding->kinds & CLASSIFY_SENSITIVE;
        result->user_violations |= encoding->user_kinds & CLASSIFY_USER_SENSITIVE;
    }
    for (unsigned i = 0; i < encoding->witness_count; i++) {
        struct classify_witness *witness = &encoding->witnesses[i];

        witness->violates = violates && (CLASSIFY_BIT(witness->kind) & CLASSIFY_SENSITIVE);
        keep_witness(result, witness);
    }
}

/* Try all chosen states; with a seed, one at random. */
static void try_encoding(struct classify_bench *bench, uint32_t bits, uint64_t *seed,
                         struct classify_result *result)
{
    struct encoding encoding = {.bits = bits};
    struct trial trial = {.bench = bench, .encoding = &encoding};
    struct classify_state base;

    if (seed) {
        classify_state_random(seed, &base);
        (void)try_base(&trial, &base, bits);
    }
    for (unsigned k = 0; !seed && classify_state_chosen(k, &base); k++)
        if (!try_base(&trial, &base, bits))
            break;
    add_encoding(result, &encoding);
}

/*
 * Each row has its own random numbers, so that it is tried in the same way alone and among
 * others.
 */
static uint64_t row_seed(const struct classify_row *row, uint64_t seed)
{
    uint64_t high;

    seed ^= (uint64_t)row->match << 16;
    /* First, in a statement of its own: it changes the seed. */
    high = classify_random_bits(&seed);
    return seed ^ high << 32;
}

void classify_row_run(struct classify_bench *bench, const struct classify_row *row,
                      const struct classify_options *options, struct classify_result *result)
{
    uint64_t seed = row_seed(row, options->seed), before = bench->runs;
    uint32_t bits;

    *result = (struct classify_result){.row = row};
    for (unsigned k = 0; (bits = classify_chosen(row, k)); k++)
        try_encoding(bench, bits, NULL, result);
    for (uint64_t i = 0; i < options->trials; i++) {
        bits = classify_random(row, classify_random_bits(&seed));
        try_encoding(bench, bits, &seed, result);
    }
    result->runs = bench->runs - before;
}

/* ---- Clocks that are slow to show ---- */

/*
 * Not in PZ32, runs without a trap, and not shown to be time-sensitive: it may still be a slow
 * clock.
 */
static bool may_be_clock(const struct classify_result *result)
{
    bool refused = !result->row->exists || result->row->privilege == INSN_SUPER; /* by PZ32 */

    return result->row->claims && refused && result->privilege == CLASSIFY_NEVER &&
           !(result->user_kinds & CLASSIFY_BIT(CLASSIFY_TIME));
}

static void first_state(const struct classify_row *row, struct classify_state *state)
{
    (void)classify_state_chosen(0, state);
    state->insn = classify_chosen(row, 0);
}

static void add_clock(struct classify_result *result, const struct classify_state *state,
                      classify_fields fields)
{
    struct classify_witness witness = witness_of(CLASSIFY_TIME, state, state);
    unsigned bit = CLASSIFY_BIT(CLASSIFY_TIME);

    witness.fields = fields;
    witness.unrepeatable = witness.late = witness.violates = true;
    result->kinds |= bit;
    result->user_kinds |= bit;
    result->violations |= bit;
    result->user_violations |= bit;
    keep_witness(result, &witness);
}

bool classify_clocks(struct classify_bench *bench, struct classify_result *results,
                     unsigned count)
{
    struct classify_outcome *before = calloc(count, sizeof *before), after;
    struct classify_state state;
    bool any = false;

    if (!before)
        return false;
    for (unsigned pass = 0; pass < 2; pass++) {
        if (pass && any)
            classify_wait(bench);
        for (unsigned i = 0; i < count; i++) {
            classify_fields fields;

            if (!may_be_clock(&results[i]))
                continue;
            any = true;
            first_state(results[i].row, &state);
            classify_run(bench, &state, pass ? &after : &before[i]);
            fields = pass ? classify_differ(&state, &state, &before[i], &after) : 0;
            if (fields)
                add_clock(&results[i], &state, fields);
        }
    }
    free(before);
    return true;
}

unsigned classify_witness_number(const struct classify_result *result, unsigned index)
{
    unsigned number = 1;

    for (unsigned i = 0; i < index; i++)
        number += result->witnesses[i].kind == result->witnesses[index].kind;
    return number;
}
