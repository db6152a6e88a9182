/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helpers.c - what translated code calls when it does not do an instruction itself: the
 * executable specification runs it on the hart, and its access is entered into the tables. This
 * is the slow path of every load and store, and the only path of rare instructions.
 */
#include "isa/engine/jit/internal.h"

#define NOINLINE __attribute__((noinline))

/*
 * The access that the instruction made, for the tables; false when it made none. Instructions
 * of variants have no row, and make no access that the tables need.
 */
static bool access_of(const struct insn *insn, enum access *access)
{
    if (insn->id == INSN_ILLEGAL)
        return false;
    switch (insn_desc((enum insn_id)insn->id)->format) {
    case FORMAT_LOAD:
    case FORMAT_LR: *access = ACCESS_LOAD; return true;
    case FORMAT_STORE:
    case FORMAT_AMO: *access = ACCESS_STORE; return true;
    default: return false;
    }
}

/* The instruction at pc would access watched memory. */
static inline bool is_stopped(struct jit *jit, const struct insn *insn)
{
    if (__builtin_expect(jit->engine.stops != NULL, 0))
        jit->met = stops_access(&jit->engine, &jit->env, insn);
    return jit->met;
}

bool helper_exec(struct jit *jit, uint32_t raw)
{
    const struct insn *insn = spec_decode(jit->spec, raw);
    enum access access;
    uint32_t va;

    jit->stats.slow++;
    jit->insn = insn;
    jit->leave = false;
    va = jit->env.hart->x[insn->rs1] + (uint32_t)insn->imm;
    if (is_stopped(jit, insn))
        return false;
    jit->env.located.where = SV32_NOWHERE;
    if (!exec_insn(&jit->env, insn))
        return false;
    /* exec_in_place() counts what runs in place. */
    jit->engine.interpreted += insn->privilege == INSN_USER || !exec_is_in_place(&jit->env);
    if (access_of(insn, &access)) {
        space_fill(jit, va, access);
        jit->leave = (va & (insn_width(insn) - 1)) != 0 ||
                     (jit->env.event == EXEC_PAUSE && jit->engine.pauses);
    }
    return true;
}

/*
 * An access that the tables lack is offered to the user's handler, if it wants it: then nothing
 * traps, and translated code may go on.
 */
static NOINLINE enum engine_offered offer(struct jit *jit, uint32_t raw)
{
    const struct engine_handler *handler = jit->engine.handler;
    struct engine_access access = {.insn = spec_decode(jit->spec, raw)};

    if (jit->engine.stops || !access_of(access.insn, &access.access))
        return ENGINE_REFUSED;
    access.va = jit->env.hart->x[access.insn->rs1] + (uint32_t)access.insn->imm;
    return handler->access(handler->owner, &access, &jit->budget);
}

static inline bool may_offer(const struct jit *jit)
{
    return exec_is_in_place(&jit->env) && jit->engine.handler && jit->engine.handler->access;
}

/*
 * Called by translated code. False: do not return to that code, because the instruction trapped
 * or is at a stop, or code has been invalidated, or the access was misaligned and the rest of
 * the block assumes that it was not, or the hart is spinning.
 */
bool helper_insn(struct jit *jit, uint32_t pc, uint32_t raw, uint64_t left)
{
    struct hart *hart = jit->env.hart;
    uint64_t epoch = jit->cache.epoch;

    hart->pc = pc;
    hart->retired = jit->end - left;
    jit->offered = may_offer(jit) ? offer(jit, raw) : ENGINE_REFUSED;
    if (jit->offered != ENGINE_REFUSED) {
        jit->leaving.left = left - 1;
        jit->env.event = EXEC_NOTHING;
        return jit->offered == ENGINE_DONE && jit->cache.epoch == epoch;
    }
    if (!helper_exec(jit, raw)) {
        jit->stopped = true;
        jit->leaving.left = left;
        return false;
    }
    jit->leaving.left = left - 1;
    return jit->cache.epoch == epoch && !jit->leave;
}

bool helper_unseen(struct jit *jit, uint32_t pc, uint32_t raw, uint64_t left)
{
    const struct insn *insn = spec_decode(jit->spec, raw);
    uint32_t va = jit->env.hart->x[insn->rs1] + (uint32_t)insn->imm;
    uint64_t epoch = jit->cache.epoch;
    bool goes_on = helper_insn(jit, pc, raw, left);
    enum access access;

    if (!jit->stopped && jit->offered == ENGINE_REFUSED && access_of(insn, &access))
        window_missed(jit, pc, va, access);
    return goes_on && jit->cache.epoch == epoch;
}
