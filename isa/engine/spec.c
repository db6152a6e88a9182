/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spec.c - the specification as an engine. It caches neither translations nor code, only
 * decoded instructions, which depend on nothing but their bits; so nothing can be stale.
 */
#include "isa/engine/spec.h"

#include "isa/csr.h"
#include "isa/engine/stops.h"
#include "isa/exec_rows.h"

/* After an instruction: must the run end so that its caller can react? */
static bool owner_must_look(const struct engine *engine, const struct exec_env *env)
{
    switch (env->event) {
    case EXEC_WFI: return true;
    case EXEC_CSR:
    case EXEC_SRET: return hart_interrupt(env->hart) != 0;
    case EXEC_PAUSE: return engine->pauses;
    case EXEC_NOTHING:
    case EXEC_FENCE_I:
    case EXEC_SFENCE_VMA: break;
    }
    return false;
}

/* The rows' functions are inlined here, where the whole program is compiled at once. */
static inline bool by_switch(struct exec_env *env, const struct insn *insn)
{
    switch (insn->id) {
#define INSN(id, name, match, mask, format, privilege, sensitivity, decides)                   \
    case INSN_##id:                                                                            \
        return exec_##id(env, insn);
#include "isa/insns.def"
#undef INSN
    default: __builtin_unreachable(); /* it has been refused */
    }
}

/* Executes one instruction; returns the reason for which a run would end after it. */
static enum engine_stop step(struct spec *spec, struct exec_env *env)
{
    const struct insn *insn;
    uint32_t raw;

    if (stops_here(&spec->engine, env->hart))
        return ENGINE_AT_STOP;
    if (!exec_fetch(env, &raw))
        return ENGINE_TRAP;
    insn = spec_decode(spec, raw);
    if (__builtin_expect(spec->engine.stops != NULL, 0) &&
        stops_access(&spec->engine, env, insn))
        return ENGINE_AT_STOP;
    if (!exec_insn_by(env, insn, by_switch))
        return ENGINE_TRAP;
    return owner_must_look(&spec->engine, env) ? ENGINE_EVENT : ENGINE_BUDGET;
}

static void spec_run(struct engine *engine, struct hart *hart, uint64_t budget,
                     struct engine_exit *exit)
{
    struct exec_env env = {
        .hart = hart,
        .phys = &engine->phys,
        .deprivileged = engine->space.deprivileged,
        .root = engine->space.root,
        .hgatp = engine->space.hgatp,
        .walk = engine->space.hgatp ? engine->walk : NULL,
        .in_place = engine->space.in_place,
        .asked = engine->space.asked,
        .variant = engine->variant,
    };

    *exit = (struct engine_exit){.stop = ENGINE_BUDGET};
    while (budget && exit->stop == ENGINE_BUDGET) {
        exit->stop = step((struct spec *)engine, &env);
        if (exit->stop == ENGINE_TRAP && engine_trap_stays(engine, &env.trap))
            exit->stop = engine_deliver(engine, hart, &env.trap) ? ENGINE_BUDGET : ENGINE_LEFT;
        else
            budget--;
    }
    engine->translated += env.translated;
    if (exit->stop == ENGINE_TRAP)
        exit->trap = env.trap;
    if (exit->stop == ENGINE_EVENT)
        exit->event = env.event;
}

/* Nothing is cached, so there is nothing to drop. */
static const struct engine_ops spec_ops = {
    .name = "spec",
    .abilities = ENGINE_NATIVE | ENGINE_SECOND_STAGE | ENGINE_IN_PLACE,
    .run = spec_run,
};

void spec_init(struct spec *spec, uint8_t *ram, uint64_t base, uint64_t size)
{
    memset(spec, 0, sizeof *spec);
    spec->engine.ops = &spec_ops;
    spec->engine.phys = (struct phys){.ram = ram, .base = base, .size = size};
}
