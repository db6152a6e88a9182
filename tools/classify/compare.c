/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare.c - what a run has changed, and where two runs differ, field by field. Two outcomes
 * agree in a field if its values are equal, or if neither run has changed it: the initial
 * states may differ there.
 */
#include <string.h>

#include "tools/classify/classify.h"

#define HAS(field) (1ull << FIELD_##field)

static const char *const names[FIELDS] = {
    [0] = "x0",
    [1] = "ra",
    [2] = "sp",
    [3] = "gp",
    [4] = "tp",
    [5] = "t0",
    [6] = "t1",
    [7] = "t2",
    [8] = "s0",
    [9] = "s1",
    [10] = "a0",
    [11] = "a1",
    [12] = "a2",
    [13] = "a3",
    [14] = "a4",
    [15] = "a5",
    [16] = "a6",
    [17] = "a7",
    [18] = "s2",
    [19] = "s3",
    [20] = "s4",
    [21] = "s5",
    [22] = "s6",
    [23] = "s7",
    [24] = "s8",
    [25] = "s9",
    [26] = "s10",
    [27] = "s11",
    [28] = "t3",
    [29] = "t4",
    [30] = "t5",
    [31] = "t6",
    [FIELD_pc] = "pc",
    [FIELD_mode] = "mode",
    [FIELD_reservation] = "reservation",
    [FIELD_sstatus] = "sstatus",
    [FIELD_sie] = "sie",
    [FIELD_sip] = "sip",
    [FIELD_stvec] = "stvec",
    [FIELD_sscratch] = "sscratch",
    [FIELD_sepc] = "sepc",
    [FIELD_scause] = "scause",
    [FIELD_stval] = "stval",
    [FIELD_scounteren] = "scounteren",
    [FIELD_senvcfg] = "senvcfg",
    [FIELD_satp] = "satp",
    [FIELD_time] = "time",
    [FIELD_memory] = "memory",
    [FIELD_waits] = "waits",
    [FIELD_fenced] = "translations",
    [FIELD_trap] = "trap",
};

const char *classify_field_name(enum classify_field field)
{
    return names[field];
}

/* The fields of a hart that hold one number each. */
uint32_t classify_field_value(const struct hart *hart, enum classify_field field)
{
    switch (field) {
    case FIELD_pc: return hart->pc;
    case FIELD_mode: return hart->mode;
    case FIELD_sstatus: return hart->sstatus;
    case FIELD_sie: return hart->sie;
    case FIELD_sip: return hart->sip;
    case FIELD_stvec: return hart->stvec;
    case FIELD_sscratch: return hart->sscratch;
    case FIELD_sepc: return hart->sepc;
    case FIELD_scause: return hart->scause;
    case FIELD_stval: return hart->stval;
    case FIELD_scounteren: return hart->scounteren;
    case FIELD_senvcfg: return hart->senvcfg;
    case FIELD_satp: return hart->satp;
    default: return field < FIELD_pc ? hart->x[field] : 0;
    }
}

static bool same_reservation(const struct hart *a, const struct hart *b)
{
    return a->reservation.valid == b->reservation.valid &&
           (!a->reservation.valid || (a->reservation.va == b->reservation.va &&
                                      a->reservation.value == b->reservation.value));
}

static bool same(const struct hart *a, const struct hart *b, enum classify_field field)
{
    if (field == FIELD_reservation)
        return same_reservation(a, b);
    return classify_field_value(a, field) == classify_field_value(b, field);
}

static bool wrote_elsewhere(const struct classify_outcome *outcome)
{
    for (unsigned i = 0; i < outcome->change_count && i < CLASSIFY_CHANGES; i++)
        if (outcome->changes[i].elsewhere)
            return true;
    return outcome->change_count > CLASSIFY_CHANGES;
}

static classify_fields hart_controlled(const struct hart *before, const struct hart *after)
{
    classify_fields fields = 0;

    for (unsigned field = FIELD_mode; field <= FIELD_satp; field++)
        if (field != FIELD_reservation && !same(before, after, (enum classify_field)field))
            fields |= 1ull << field;
    if (after->skipped != before->skipped)
        fields |= HAS(time);
    return fields;
}

/* With assistance a hart is the program's own. */
classify_fields classify_controlled(const struct classify_state *state,
                                    const struct classify_outcome *outcome)
{
    classify_fields fields = 0;

    if (outcome->trapped && !outcome->delivered)
        return 0;
    if (state->world == CLASSIFY_NATIVE)
        fields = hart_controlled(&state->hart, &outcome->hart);
    if (wrote_elsewhere(outcome))
        fields |= HAS(memory);
    if (outcome->waits)
        fields |= HAS(waits);
    if (outcome->fenced)
        fields |= HAS(fenced);
    return fields;
}

static bool same_memory(const struct classify_outcome *a, const struct classify_outcome *b)
{
    unsigned count = a->change_count;

    if (count != b->change_count)
        return false;
    for (unsigned i = 0; i < count && i < CLASSIFY_CHANGES; i++)
        if (a->changes[i].at != b->changes[i].at ||
            a->changes[i].value != b->changes[i].value ||
            a->changes[i].elsewhere != b->changes[i].elsewhere)
            return false;
    return true;
}

static bool same_time(const struct classify_state *a, const struct classify_state *b,
                      const struct classify_outcome *of_a, const struct classify_outcome *of_b)
{
    return of_a->hart.retired - a->hart.retired == of_b->hart.retired - b->hart.retired &&
           of_a->hart.skipped - a->hart.skipped == of_b->hart.skipped - b->hart.skipped;
}

/* Did the program itself cause its stop? Then the outcome is no evidence of anything. */
static bool tells_nothing(enum classify_stop stop)
{
    return stop == CLASSIFY_MEMORY_TRAP || stop == CLASSIFY_CALLED;
}

classify_fields classify_differ(const struct classify_state *a, const struct classify_state *b,
                                const struct classify_outcome *of_a,
                                const struct classify_outcome *of_b)
{
    enum classify_stop stop_a = classify_stopped(of_a), stop_b = classify_stopped(of_b);
    classify_fields fields = 0;

    if (tells_nothing(stop_a) || tells_nothing(stop_b))
        return 0;
    if (stop_a != stop_b)
        return HAS(trap);
    for (unsigned i = 0; i <= FIELD_satp; i++) {
        enum classify_field field = (enum classify_field)i;
        bool kept = same(&a->hart, &of_a->hart, field) && same(&b->hart, &of_b->hart, field);

        if (!same(&of_a->hart, &of_b->hart, field) && !kept)
            fields |= 1ull << field;
    }
    if (!same_time(a, b, of_a, of_b))
        fields |= HAS(time);
    if (!same_memory(of_a, of_b))
        fields |= HAS(memory);
    if (of_a->waits != of_b->waits)
        fields |= HAS(waits);
    if (of_a->fenced != of_b->fenced)
        fields |= HAS(fenced);
    return fields;
}
