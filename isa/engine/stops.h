/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stops.h - where a run stops: before the instructions at certain addresses, and before those
 * that access watched memory. Item 9 of the contract in engine.h; the user that sets the stops owns
 * the tables, and decides at each stop whether it was meant.
 */
#ifndef PZ_ISA_ENGINE_STOPS_H
#define PZ_ISA_ENGINE_STOPS_H

#include "isa/engine/ops.h"

#define STOPS_FILTER 4096u /* bits; a power of two */

/* A range of memory. Virtual addresses apply to every address space. */
struct engine_watch {
    uint64_t at;
    uint32_t len; /* not 0; it does not go beyond the end of the address space */
    bool physical;
    bool loads, stores; /* the accesses that stop; an AMO makes both, SC.W a store */
};

struct engine_stops {
    const uint32_t *at; /* virtual addresses, in every address space; ascending, each once */
    uint32_t count;
    const struct engine_watch *watches;
    uint32_t watch_count;
    uint64_t
        filter[STOPS_FILTER / 64]; /* stops_index() makes it: most addresses are not in `at` */
};

/* Call this after setting `at` and `count`. */
void stops_index(struct engine_stops *stops);

/* Is there a stop before the instruction at this address? By search. */
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

/* The same for the memory that the instruction accesses. */
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

/* The same, because of the memory that the instruction would access if it ran in `env`. */
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
