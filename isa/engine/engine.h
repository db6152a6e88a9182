/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine.h - the contract between the user of an engine (the monitor, the bare board, a test) and
 * the engine, which executes a hart's instructions; and the functions that the user calls. An
 * engine knows nothing of VMs; its user knows no engine by name. What an engine provides is in
 * ops.h. Every engine passes one conformance suite (tests/unit/engine/test_engine.c) and agrees
 * with `spec`, instruction by instruction, on random programs (tests/agree/).
 *
 * The contract:
 *  1. engine_run() runs the hart until a trap, or until exactly `budget` instructions have
 *     retired, whichever is first. At every return pc, x1..x31, the reservation and `retired`
 *     are exact: the same as with `spec`. An instruction that traps does not retire; pc points
 *     to it.
 *  2. A trap is reported with the cause and tval that the specification gives; it is not
 *     delivered. The hart's mode and CSRs are unchanged.
 *  3. Deprivileged (engine_set_space), the CPU is in user mode, whatever hart->mode says, and
 *     walks the page table of the given root. CSRs of the hart are then neither read nor written,
 *     but as point 12 says.
 *     Natively, the hart's own mode, satp and sstatus count, and privileged instructions execute.
 *  4. Physical addresses outside the engine's RAM are access faults. If there are devices, the
 *     user emulates the instruction (board.h).
 *  5. The engine may cache translations and decoded code. Translations are dropped by the calls
 *     below, and by the hart's own SFENCE.VMA when running natively. Widening a mapping's rights
 *     needs no call, narrowing or moving one does. Stores of the hart to its own code take
 *     effect at the latest at its next FENCE.I; writes by others are reported with
 *     engine_code_changed().
 *  6. Instructions that its CPU should trap in user mode, but does not, are declared in
 *     `untrapped`. The user of the engine must not let the hart reach one.
 *  7. engine_run_handled() calls a handler at every trap. The state is then as in point 1; the
 *     handler may change the engine's space and caches, and the hart, including its count. If the
 *     handler returns true, the run goes on from the hart's pc with a new budget, as a new
 *     engine_run() would; otherwise it ends with ENGINE_LEFT. An engine may call the handler from
 *     within its run, without unwinding; the result is the same. During a run, handlers included,
 *     the engine must not be run again: that would be a bug of its user, and ends the process.
 *  8. With a broken instruction set (engine->variant, see variant.h) the CPU executes the changed
 *     instructions instead of trapping, deprivileged too. They read the real supervisor state:
 *     the root of engine_set_space() as satp, the rest from struct variant_cpu. Nothing is
 *     `untrapped` then: the engine traps it itself, so that only the variants are broken.
 *  9. With stops set (engine_set_stops(), stops.h) the run ends with ENGINE_AT_STOP just before
 *     an instruction at one of the addresses, which has not been fetched, or one that would access
 *     watched memory, which has not been executed. An exhausted budget takes precedence. The
 *     place that the user has passed (engine_pass()) does not stop. Nothing is written to
 *     memory, and the hart cannot tell. Translations are shared by address spaces, so a stop
 *     applies to all of them: the user decides at a stop whether it was meant.
 * 10. With `pauses` set, the run ends with ENGINE_EVENT just after a PAUSE (Zihintpause) has
 *     retired, natively and deprivileged; and after an AMO that left memory as it was, or an LR
 *     that found its own reservation, and the value, still there. Without, they do not.
 * 11. In non-root mode (engine_space.hgatp; ENGINE_SECOND_STAGE) the hart runs natively, and what
 *     it takes for physical addresses passes a second stage: V = 1 in the hypervisor extension
 *     (Privileged ISA, chapter 8), with all exceptions delegated that can be, and VTW set in
 *     hstatus. Those that it takes itself are not reported but delivered, by engine->inside: the
 *     run goes on if that returns true, with nothing retired. Reported are guest-page faults,
 *     ECALL from virtual supervisor mode, and virtual instructions, among them WFI. Else it ends as
 *     it does natively. Whoever changes the second stage, but for adding entries, drops all.
 * 12. With `in_place` in a deprivileged space (ENGINE_IN_PLACE), privileged instructions of a hart
 *     whose own mode is supervisor run on the hart's own mode and CSRs, as exec_in_place() says.
 *     Those that it does not run trap, as always, and in user mode all do. Nobody else is asked;
 *     `translated` counts them. With a broken instruction set, none of its changed instructions
 *     is executed in virtual supervisor mode: where they are not run in place, they trap. With
 *     `asked`, all trap, and the user may call exec_in_place() itself.
 * 13. A handler may have `access`. To it an engine may offer, in place and not `asked`, a load or
 *     store of a virtual supervisor before it is executed; it must then do what is said there (enum
 *     engine_offered). An access that is not offered traps if it has to; the user decides alike.
 */
#ifndef PZ_ISA_ENGINE_ENGINE_H
#define PZ_ISA_ENGINE_ENGINE_H

#include "isa/engine/stops.h"

static inline void engine_begin(struct engine *engine, const struct engine_handler *handler)
{
    if (engine->running)
        __builtin_trap();
    engine->running = true;
    engine->handler = handler;
}

/* Run; see the contract. `budget` may be 0. */
static inline void engine_run(struct engine *engine, struct hart *hart, uint64_t budget,
                              struct engine_exit *exit)
{
    engine_begin(engine, NULL);
    engine->ops->run(engine, hart, budget, exit);
    engine->running = false;
}

/* Run with a handler for traps. */
static inline void engine_run_handled(struct engine *engine, struct hart *hart, uint64_t budget,
                                      const struct engine_handler *handler,
                                      struct engine_exit *exit)
{
    engine_begin(engine, handler);
    do
        engine->ops->run(engine, hart, budget, exit);
    while (exit->stop == ENGINE_TRAP && engine_ask(engine, &exit->trap, NULL, &budget));
    if (exit->stop == ENGINE_TRAP)
        exit->stop = ENGINE_LEFT;
    engine->running = false;
}

/*
 * Choose the address space of the following runs. Cached translations of other spaces may be kept.
 */
static inline void engine_set_space(struct engine *engine, const struct engine_space *space)
{
    if (engine->ops->set_space)
        engine->ops->set_space(engine, space);
    /* field by field: a read of the whole struct would have to wait for the host's store buffer */
    engine->space.deprivileged = space->deprivileged;
    engine->space.root = space->root;
    engine->space.hgatp = space->hgatp;
    engine->space.in_place = space->in_place;
    engine->space.asked = space->asked;
}

static inline void engine_drop_all(struct engine *engine)
{
    if (engine->ops->drop_all)
        engine->ops->drop_all(engine);
}

/* Any entry under `root` may have changed, or its memory is about to be reused. */
static inline void engine_drop_root(struct engine *engine, uint32_t root)
{
    if (engine->ops->drop_root)
        engine->ops->drop_root(engine, root);
    else
        engine_drop_all(engine);
}

/* The entry for `va` under `root` has been narrowed, moved or removed. */
static inline void engine_drop_page(struct engine *engine, uint32_t root, uint32_t va)
{
    if (engine->ops->drop_page)
        engine->ops->drop_page(engine, root, va);
    else
        engine_drop_root(engine, root);
}

/* `len` bytes at physical address `pa` were written, not by the running hart. */
static inline void engine_code_changed(struct engine *engine, uint64_t pa, uint32_t len)
{
    if (engine->ops->code_changed)
        engine->ops->code_changed(engine, pa, len);
}

/* Another hart than the one that ran last has requested a FENCE.I for all harts. */
static inline void engine_fence_i(struct engine *engine)
{
    if (engine->ops->fence_i)
        engine->ops->fence_i(engine);
}

/*
 * Stop at these places from now on; NULL: nowhere. The caller owns the table, and may change it
 * only by calling this again. This may retranslate code, which takes time; engine_pass_all() does
 * not.
 */
static inline void engine_set_stops(struct engine *engine, const struct engine_stops *stops)
{
    engine->stops = stops;
    if (engine->ops->stops_changed)
        engine->ops->stops_changed(engine);
}

/*
 * The next run starts where the hart is, even if there is a stop at its address; with `access`,
 * even if the instruction there accesses watched memory.
 */
static inline void engine_pass(struct engine *engine, const struct hart *hart, bool access)
{
    engine->passed.access = access;
    engine->passed.pc = hart->pc;
    engine->passed.retired = hart->retired;
    engine->passed.set = true;
}

/* A trap has moved the hart away from the place passed. */
static inline void engine_unpass(struct engine *engine)
{
    engine->passed.set = false;
}

/* Ignore all stops, or obey them again. */
static inline void engine_pass_all(struct engine *engine, bool all)
{
    engine->passed.all = all;
}

#endif
