/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stops.h - breakpoints and watchpoints: a run stops before instructions at certain addresses, and
 * before those that access watched memory. Point 9 of the contract in engine.h. The user owns the
 * tables, and decides at each stop whether it applies.
 */
#ifndef PZ_ISA_ENGINE_STOPS_H
#define PZ_ISA_ENGINE_STOPS_H

#include "isa/engine/ops.h"

#define STOPS_FILTER 4096u /* bits; a power of two */

/* A range of memory. Virtual addresses apply to every address space. */
struct engine_watch {
    uint64_t at;
    uint32_t len; /* not 0; the range does not wrap around */
    bool physical;
    bool loads, stores; /* the accesses that stop; an AMO makes both, SC.W a store */
};

struct engine_stops {
    const uint32_t *at; /* virtual addresses in all spaces; ascending, no duplicates */
    uint32_t count;
    const struct engine_watch *watches;
    uint32_t watch_count;
    uint64_t filter[STOPS_FILTER / 64]; /* made by stops_index(): rules out most addresses */
};

/* Call this after setting `at` and `count`. */
void stops_index(struct engine_stops *stops);

/* Is there a stop at this address? By binary search. */
bool stops_search(const struct engine_stops *stops, uint32_t va);

static inline uint32_t stops_hash(uint32_t va)
{
    return (va >> 1 ^ va >> 13) & (STOPS_FILTER - 1);
}

static inline bool stops_have(const struct engine_stops *stops, uint32_t va)
{
    uint32_t hash = stops_hash(va);

    return (stops->filter[hash / 64] >> hash % 64 & 1) && stops_search(stops, va);
}

/* Has the user passed this place? */
static inline bool stops_passed(const struct engine *engine, const struct hart *hart)
{
    const struct engine_passed *passed = &engine->passed;

    return passed->all ||
           (passed->set && passed->pc == hart->pc && passed->retired == hart->retired);
}

/* Has the user passed the accesses of the instruction there? */
static inline bool stops_passed_access(const struct engine *engine, const struct hart *hart)
{
    return engine->passed.all || (engine->passed.access && stops_passed(engine, hart));
}

/* Does the run stop before the instruction at the hart's pc, because of its address? */
static inline bool stops_here(const struct engine *engine, const struct hart *hart)
{
    return __builtin_expect(engine->stops != NULL, 0) && stops_have(engine->stops, hart->pc) &&
           !stops_passed(engine, hart);
}

/* Does the run stop there because of the memory that the instruction would access in `env`? */
bool stops_access(const struct engine *engine, const struct exec_env *env,
                  const struct insn *insn);

/* As stops_access(), for virtual addresses only. */
bool stops_access_virtual(const struct engine *engine, const struct hart *hart,
                          const struct insn *insn);

/* Must an engine check every load or store of this page? `va` maps to `pa`. */
bool stops_watch_page(const struct engine_stops *stops, uint32_t va, uint64_t pa,
                      enum access access);

/* A hash of the stop addresses in a page of code. */
uint32_t stops_page_mark(const struct engine_stops *stops, uint32_t va);

/* Is any address in [va, va + len)? */
bool stops_within(const struct engine_stops *stops, uint32_t va, uint32_t len);

#endif
