/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stopped.c - see stopped.h. What stops is found here by means of its own. */
#include "tests/support/stopped.h"

#include <stdlib.h>

#include "isa/decode.h"

void stopped_begin(struct stopped *stopped, uint64_t seed, bool thousands)
{
    memset(stopped, 0, sizeof *stopped);
    stopped->rng = rng_new(seed);
    stopped->thousands = thousands;
}

/* ---- Choosing stops ---- */

static int by_address(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static uint32_t some_address(struct stopped *stopped, const struct program *program)
{
    uint32_t item = rng_below(&stopped->rng, program->count);

    if (rng_below(&stopped->rng, 8))
        return program_address(program, item);
    return program->code_pages + 2 * rng_below(&stopped->rng, CODE_PAGES * PAGE_SIZE / 2);
}

static void choose_addresses(struct stopped *stopped, const struct program *program)
{
    uint32_t wanted = stopped->thousands ? STOPPED_MOST : rng_below(&stopped->rng, 6),
             count = 0;

    for (uint32_t i = 0; i < wanted; i++)
        stopped->at[i] = stopped->thousands && i % 2 ? rng_next(&stopped->rng) & ~1u
                                                     : some_address(stopped, program);
    qsort(stopped->at, wanted, sizeof stopped->at[0], by_address);
    for (uint32_t i = 0; i < wanted; i++)
        if (!count || stopped->at[i] != stopped->at[count - 1])
            stopped->at[count++] = stopped->at[i];
    stopped->stops.at = stopped->at;
    stopped->stops.count = count;
    stops_index(&stopped->stops);
}

/* Some across the end of a page. */
static struct engine_watch some_watch(struct stopped *stopped, const struct program *program)
{
    struct rng *rng = &stopped->rng;
    uint32_t page = rng_below(rng, PROGRAM_PAGES), kind = rng_below(rng, 3);
    struct engine_watch watch = {
        .len = 1 + rng_below(rng, rng_below(rng, 4) ? 8 : 2 * PAGE_SIZE),
        .physical = rng_below(rng, 2),
        .loads = kind != 0,
        .stores = kind != 1,
    };

    watch.at = watch.physical ? program->data_pa[page] : program->data_va + page * PAGE_SIZE;
    watch.at += rng_below(rng, 4) ? rng_below(rng, 64) : PAGE_SIZE - 4 + rng_below(rng, 4);
    return watch;
}

static void choose(struct stopped *stopped, const struct program *program)
{
    uint32_t count =
        rng_below(&stopped->rng, 2) ? rng_below(&stopped->rng, STOPPED_WATCHES) : 0;

    choose_addresses(stopped, program);
    for (uint32_t i = 0; i < count; i++)
        stopped->watches[i] = some_watch(stopped, program);
    stopped->stops.watches = stopped->watches;
    stopped->stops.watch_count = count;
}

/* ---- The truth ---- */

static bool is_address(const struct stopped *stopped, uint32_t pc)
{
    return bsearch(&pc, stopped->at, stopped->stops.count, sizeof pc, by_address) != NULL;
}

static bool translate(struct side *side, uint32_t va, enum access access, uint64_t *pa)
{
    struct exec_env env = {.hart = &side->hart,
                           .phys = &side->engine->phys,
                           .deprivileged = side->engine->space.deprivileged,
                           .root = side->engine->space.root};
    struct sv32_space space = exec_space(&env);
    struct sv32_walk walk;

    if (sv32_probe(&space, va, access, &walk) != SV32_OK)
        return false;
    *pa = walk.pa;
    return walk.pa < PROGRAM_RAM;
}

/* The instruction at the hart's pc. False: it cannot be fetched. */
static bool fetch(struct side *side, struct insn *insn)
{
    uint32_t raw = 0;
    uint64_t pa;

    if (!translate(side, side->hart.pc, ACCESS_FETCH, &pa))
        return false;
    memcpy(&raw, side->ram + pa, 2);
    if (insn_is_wide(raw)) {
        if (!translate(side, side->hart.pc + 2, ACCESS_FETCH, &pa))
            return false;
        memcpy((uint8_t *)&raw + 2, side->ram + pa, 2);
    }
    *insn = decode_insn(raw);
    return insn->id != INSN_ILLEGAL;
}

/* Byte by byte. */
static bool touches(struct side *side, const struct engine_watch *watch, uint32_t va,
                    uint32_t len, enum access access)
{
    for (uint32_t i = 0; i < len; i++) {
        uint64_t at = (uint32_t)(va + i);

        if (watch->physical && !translate(side, va + i, access, &at))
            continue;
        if (at - watch->at < watch->len)
            return true;
    }
    return false;
}

static bool is_access(struct stopped *stopped, struct side *side)
{
    bool loads, stores;
    struct insn insn;
    unsigned format;
    uint32_t va;

    if (!fetch(side, &insn))
        return false;
    format = insn_desc((enum insn_id)insn.id)->format;
    stores = format == FORMAT_STORE || format == FORMAT_AMO;
    loads = format == FORMAT_LOAD || format == FORMAT_LR ||
            (format == FORMAT_AMO && insn.id != INSN_sc_w);
    va = side->hart.x[insn.rs1] +
         (format == FORMAT_LOAD || format == FORMAT_STORE ? (uint32_t)insn.imm : 0);
    for (uint32_t i = 0; i < stopped->stops.watch_count; i++) {
        const struct engine_watch *watch = &stopped->watches[i];

        if (((watch->loads && loads) || (watch->stores && stores)) &&
            touches(side, watch, va, insn_width(&insn), stores ? ACCESS_STORE : ACCESS_LOAD))
            return true;
    }
    return false;
}

static bool stops_truth(struct stopped *stopped, struct side *side)
{
    const struct engine_passed *passed = &stopped->passed;
    const struct hart *hart = &side->hart;
    bool here = passed->set && passed->pc == hart->pc && passed->retired == hart->retired;

    if (!here && is_address(stopped, hart->pc))
        return true;
    if ((here && passed->access) || !is_access(stopped, side))
        return false;
    stopped->accesses++;
    return true;
}

static void run_truth(struct stopped *stopped, struct side *side, uint64_t budget)
{
    side->exit = (struct engine_exit){.stop = ENGINE_BUDGET};
    for (; budget && side->exit.stop == ENGINE_BUDGET; budget--)
        if (stops_truth(stopped, side))
            side->exit.stop = ENGINE_AT_STOP;
        else
            engine_run(side->engine, &side->hart, 1, &side->exit);
}

/* ---- Both ---- */

static void pass(struct stopped *stopped, struct side *sides)
{
    bool access = rng_below(&stopped->rng, 3);

    stopped->passed = (struct engine_passed){sides[0].hart.retired, sides[0].hart.pc,
                                             .set = true, .access = access};
    engine_pass(sides[1].engine, &sides[1].hart, access);
}

static void set_stops(struct stopped *stopped, struct side *side, const struct program *program)
{
    /* The engine may be looking at what is about to change. */
    engine_set_stops(side->engine, NULL);
    choose(stopped, program);
    engine_set_stops(side->engine, &stopped->stops);
}

bool stopped_run(struct comparison *comparison, const struct program *program, uint64_t budget)
{
    struct stopped *stopped = comparison->stops;
    struct side *sides = comparison->sides;
    uint64_t end = sides[0].hart.retired + budget;
    bool stop = true;

    stopped->passed.set = false;
    engine_unpass(sides[1].engine);
    set_stops(stopped, &sides[1], program);
    while (stop) {
        run_truth(stopped, &sides[0], end - sides[0].hart.retired);
        engine_run(sides[1].engine, &sides[1].hart, end - sides[1].hart.retired,
                   &sides[1].exit);
        stop = sides[0].exit.stop == ENGINE_AT_STOP;
        if (stop && !comparison_same_state(comparison))
            return false;
        stopped->hits += stop;
        if (stop && rng_below(&stopped->rng, 8))
            pass(stopped, sides);
        if (stop && !rng_below(&stopped->rng, 16))
            set_stops(stopped, &sides[1], program);
    }
    engine_set_stops(sides[1].engine, NULL);
    return true;
}
