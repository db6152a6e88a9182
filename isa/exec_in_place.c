/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec_in_place.c - a virtual supervisor's instruction on its own mode and CSRs, where nobody else
 * has to act on it (engine.h, point 12).
 */
#include "isa/csr_fields.h"
#include "isa/exec.h"

static bool maps_alike(const struct hart *a, const struct hart *b)
{
    return a->mode == b->mode && a->satp == b->satp &&
           !((a->sstatus ^ b->sstatus) & (SSTATUS_SUM | SSTATUS_MXR));
}

/* Tried out: what somebody has to act on is undone. */
bool exec_in_place(struct exec_env *env, const struct insn *insn)
{
    struct exec_env own = {.hart = env->hart, .phys = env->phys};
    const struct hart before = *env->hart;

    exec_refuse(env, insn);
    if (env->asked || (insn->decides & DECIDES_OUTSIDE) || !exec_permitted(&own, insn) ||
        !exec_insn(&own, insn))
        return false;
    if (own.event != EXEC_NOTHING &&
        (hart_interrupt(env->hart) || !maps_alike(env->hart, &before))) {
        *env->hart = before;
        return false;
    }
    env->translated++;
    return true;
}
