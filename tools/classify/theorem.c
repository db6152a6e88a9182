/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * theorem.c - classes by name, what the tables claim, and the theorems' conditions:
 *
 *   1  a monitor exists         if the sensitive instructions are privileged
 *   2  it can run itself        if 1 holds, and nothing shows the time without a trap
 *   3  a hybrid monitor exists  if the user-sensitive instructions are privileged
 */
#include "tools/classify/classify.h"

static const char *const kind_names[CLASSIFY_KINDS] = {
    [CLASSIFY_PRIVILEGED] = "privileged",
    [CLASSIFY_UNPRIVILEGED] = "unprivileged",
    [CLASSIFY_CONTROL] = "control",
    [CLASSIFY_MODE] = "mode",
    [CLASSIFY_LOCATION] = "location",
    [CLASSIFY_STATE] = "state",
    [CLASSIFY_TIME] = "time",
    [CLASSIFY_DEVICE] = "device",
};

const char *classify_kind_name(enum classify_kind kind)
{
    return kind_names[kind];
}

enum insn_sensitivity classify_class(const struct classify_result *result)
{
    if (result->kinds & CLASSIFY_BIT(CLASSIFY_CONTROL))
        return INSN_CONTROL;
    return result->kinds & CLASSIFY_BEHAVIOUR ? INSN_BEHAVIOUR : INSN_INNOCUOUS;
}

const char *classify_class_name(enum insn_sensitivity class)
{
    switch (class) {
    case INSN_CONTROL: return "control";
    case INSN_BEHAVIOUR: return "behaviour";
    default: return "innocuous";
    }
}

const char *classify_privilege_name(enum classify_privilege privilege)
{
    switch (privilege) {
    case CLASSIFY_ILLEGAL: return "illegal";
    case CLASSIFY_NEVER: return "unprivileged";
    case CLASSIFY_SOME: return "partly privileged";
    case CLASSIFY_ALWAYS: return "privileged";
    case CLASSIFY_CALLS: return "traps always";
    }
    return "";
}

bool classify_as_claimed(const struct classify_result *result)
{
    const struct classify_row *row = result->row;
    bool free = result->privilege == CLASSIFY_NEVER || result->privilege == CLASSIFY_CALLS;

    if (!row->claims)
        return true;
    if (!row->exists)
        return result->privilege == CLASSIFY_ILLEGAL;
    return classify_class(result) == (enum insn_sensitivity)row->sensitivity &&
           (row->privilege == INSN_SUPER ? result->privilege == CLASSIFY_ALWAYS : free);
}

/*
 * What reads the time without a trap violates theorem 1 already, so 2 has the same
 * counterexamples.
 */
static unsigned violations(const struct classify_result *result, unsigned theorem)
{
    return theorem == 3 ? result->user_violations : result->violations;
}

bool classify_counters(const struct classify_result *result, unsigned theorem)
{
    return violations(result, theorem) != 0;
}

const struct classify_witness *classify_counter_witness(const struct classify_result *result,
                                                        unsigned theorem)
{
    for (unsigned i = 0; i < result->witness_count; i++) {
        const struct classify_witness *witness = &result->witnesses[i];

        if (!witness->violates || !(violations(result, theorem) & CLASSIFY_BIT(witness->kind)))
            continue;
        if (theorem != 3 || witness->mode == HART_USER)
            return witness;
    }
    return NULL;
}

void classify_judge(const struct classify_result *results, unsigned count,
                    struct classify_verdicts *verdicts)
{
    *verdicts = (struct classify_verdicts){0};
    for (unsigned i = 0; i < count; i++)
        for (unsigned theorem = 1; theorem <= 3; theorem++)
            verdicts->violations[theorem] += classify_counters(&results[i], theorem);
}

bool classify_variants_as_claimed(const struct classify_verdicts *verdicts, uint32_t variants)
{
    bool first = true, third = true;

    for (unsigned i = 0; i < VARIANT_COUNT; i++)
        if (variants >> i & 1) {
            first &= variant_desc((enum variant_id)i)->theorem1;
            third &= variant_desc((enum variant_id)i)->theorem3;
        }
    return first == !verdicts->violations[1] && third == !verdicts->violations[3];
}
