/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * planted.c - the inner engine runs the instruction first. If it retires or is refused, in user
 * mode, the fault comes on top; a refused one retires then.
 */
#include "tests/support/planted.h"

#include "isa/csr.h"

static const char *const names[PLANTED_ALL] = {
    "mode",    "satp",           "physical", "sstatus", "scause", "time",  "raise",
    "sie",     "sie when paged", "remap",    "enable",  "wait",   "fence", "poke",
    "nothing", "virtual",        "hgatp",    "raw",     "clock",
};

const char *planted_name(enum planted_fault fault)
{
    return names[fault];
}

static bool fetch(struct planted *planted, const struct hart *hart, uint32_t *bits,
                  uint64_t *pa)
{
    struct sv32_space space = sv32_space_of(hart, &planted->inner->phys);
    struct sv32_walk walk;

    space.hgatp = planted->engine.space.hgatp;
    if (sv32_probe(&space, hart->pc, ACCESS_FETCH, &walk) != SV32_OK)
        return false;
    *pa = walk.pa;
    return phys_read(&planted->inner->phys, walk.pa, bits, 4);
}

/* A register that has the secret: rd, or where there is none, one that nobody uses. */
static void show(struct hart *hart, uint32_t bits, uint32_t secret)
{
    unsigned rd = bits >> 7 & 31;

    hart->x[rd ? rd : 31] = secret;
}

static void poke(struct planted *planted)
{
    const uint32_t word = 0x600df00d;

    (void)!phys_write(&planted->inner->phys, 0x2ff0, &word, sizeof word);
}

static uint32_t load_raw(struct planted *planted, uint32_t at)
{
    uint32_t word = 0;

    (void)!phys_read(&planted->inner->phys, at, &word, sizeof word);
    return word;
}

static void plant(struct planted *planted, struct hart *hart, uint32_t bits, uint64_t pa,
                  struct engine_exit *exit)
{
    switch (planted->fault) {
    case PLANTED_MODE: show(hart, bits, hart->mode); break;
    case PLANTED_SATP: show(hart, bits, hart->satp); break;
    case PLANTED_PHYSICAL: show(hart, bits, (uint32_t)pa); break;
    case PLANTED_SSTATUS: show(hart, bits, hart->sstatus); break;
    case PLANTED_SCAUSE: show(hart, bits, hart->scause); break;
    case PLANTED_TIME: show(hart, bits, (uint32_t)hart_time(hart)); break;
    case PLANTED_RAISE: hart->mode = HART_SUPERVISOR; break;
    case PLANTED_SIE: hart->sstatus ^= SSTATUS_SIE; break;
    case PLANTED_SIE_PAGED: hart->sstatus ^= hart->satp & SATP_SV32 ? SSTATUS_SIE : 0; break;
    case PLANTED_REMAP: hart->satp ^= 0x10; break;
    case PLANTED_ENABLE: hart->sie ^= IRQ_BIT(IRQ_STIMER); break;
    case PLANTED_WAIT:
        *exit = (struct engine_exit){.stop = ENGINE_EVENT, .event = EXEC_WFI};
        break;
    case PLANTED_FENCE: engine_drop_all(planted->inner); break;
    case PLANTED_POKE: poke(planted); break;
    case PLANTED_VIRTUAL: show(hart, bits, planted->engine.space.hgatp != 0); break;
    case PLANTED_HGATP: show(hart, bits, planted->engine.space.hgatp); break;
    case PLANTED_RAW: show(hart, bits, load_raw(planted, hart->pc & ~3u)); break;
    case PLANTED_CLOCK: show(hart, bits, planted->clock++); break;
    case PLANTED_NOTHING:
    case PLANTED_ALL: break;
    }
}

/* The mode is shown in supervisor mode too: the difference is the point. */
static bool applies(const struct planted *planted, const struct hart *before, uint32_t bits,
                    const struct engine_exit *exit)
{
    bool stopped_by_itself =
        exit->stop == ENGINE_TRAP && exit->trap.cause != CAUSE_ILLEGAL_INSN &&
        exit->trap.cause != CAUSE_BREAKPOINT && exit->trap.cause != CAUSE_ECALL_USER;

    return (bits & planted->mask) == planted->match && !stopped_by_itself &&
           (before->mode == HART_USER ||
            (planted->fault == PLANTED_MODE && exit->stop != ENGINE_TRAP));
}

/* ---- With hardware assistance ---- */

/* Delivered once it is clear that no fault comes on top. */
static bool note_taken(void *owner, struct hart *hart, const struct trap *trap)
{
    struct planted *planted = owner;

    (void)hart;
    planted->taken = *trap;
    planted->took = true;
    return false;
}

static bool is_shown(enum planted_fault fault)
{
    return fault == PLANTED_PHYSICAL || fault >= PLANTED_VIRTUAL;
}

/* In root mode only what has run, and shows something. */
static bool applies_assisted(const struct planted *planted, uint32_t bits,
                             const struct engine_exit *exit)
{
    bool refused = planted->took
                       ? planted->taken.cause == CAUSE_ILLEGAL_INSN
                       : exit->stop == ENGINE_TRAP && exit->trap.cause == CAUSE_VIRTUAL_INSN;
    bool ran = exit->stop != ENGINE_TRAP && !planted->took;

    if ((bits & planted->mask) != planted->match)
        return false;
    if (!planted->engine.space.hgatp)
        return ran && is_shown(planted->fault);
    return refused || (ran && planted->fault != PLANTED_NOTHING);
}

static bool applies_in(struct planted *planted, struct hart *hart, const struct hart *before,
                       uint32_t bits, const struct engine_exit *exit)
{
    const struct engine_inside *inside = &planted->engine.inside;

    if (!planted->assist)
        return applies(planted, before, bits, exit);
    if (applies_assisted(planted, bits, exit))
        return true;
    if (planted->took)
        (void)inside->deliver(inside->owner, hart, &planted->taken);
    return false;
}

static void run(struct engine *engine, struct hart *hart, uint64_t budget,
                struct engine_exit *exit)
{
    struct planted *planted = (struct planted *)engine;
    const struct hart before = *hart;
    uint32_t bits = 0;
    uint64_t pa = 0;
    bool fetched = fetch(planted, hart, &bits, &pa);

    planted->took = false;
    planted->inner->inside = (struct engine_inside){note_taken, planted};
    engine_run(planted->inner, hart, budget, exit);
    if (!fetched || !applies_in(planted, hart, &before, bits, exit))
        return;
    if (exit->stop == ENGINE_TRAP || planted->took) {
        *exit = (struct engine_exit){.stop = ENGINE_BUDGET};
        hart->pc += 4;
        hart->retired++;
    }
    planted->worked = true;
    plant(planted, hart, bits, pa, exit);
}

static void set_space(struct engine *engine, const struct engine_space *space)
{
    engine_set_space(((struct planted *)engine)->inner, space);
}

static void drop_all(struct engine *engine)
{
    engine_drop_all(((struct planted *)engine)->inner);
}

static void code_changed(struct engine *engine, uint64_t pa, uint32_t len)
{
    engine_code_changed(((struct planted *)engine)->inner, pa, len);
}

static const struct engine_ops ops = {
    .name = "planted",
    .abilities = ENGINE_NATIVE,
    .run = run,
    .set_space = set_space,
    .drop_all = drop_all,
    .code_changed = code_changed,
};

void planted_init(struct planted *planted, struct engine *inner)
{
    *planted = (struct planted){.engine = {.ops = &ops, .phys = inner->phys}, .inner = inner};
}
