/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * assist.c - the part of the monitor specific to hardware assistance: entering virtual modes, and
 * bookkeeping for traps that the CPU delivers within them. Exits go to the dispatcher, as under
 * every technique.
 */
#include "vmm/assist.h"

#include "vmm/board/board.h"
#include "vmm/parts.h"
#include "vmm/probe.h"

/*
 * The CPU delivers this trap itself, without an exit. The board is notified because it counts
 * traps: a guest that traps endlessly is stuck after as many of them as on the bare machine.
 * Observers of traps see this one too. If the firmware has set the timer (sbi_nested.c, sstc.c),
 * the run ends, since its budget may have changed.
 */
static bool deliver(void *owner, struct hart *hart, const struct trap *trap)
{
    struct vm *vm = owner;
    uint64_t deadline = vm->board.deadline;

    board_trap(&vm->board, hart, trap);
    return vm->board.power == BOARD_ON && vm->board.deadline == deadline;
}

void assist_set_space(struct vm *vm)
{
    struct engine *engine = vm->vmm->engine;
    const struct engine_space space = {.hgatp = pmap_hgatp(&vm->pmap)};

    if (engine->space.hgatp != space.hgatp)
        engine_set_space(engine, &space);
    engine->walk = parts_own(vm->vmm) ? NULL : vm->vmm->parts->two_stage;
    engine->inside = (struct engine_inside){deliver, vm};
    PROBE(vm, PROBE_SPACE, .root = space.hgatp);
}

void assist_drop(struct vm *vm)
{
    if (assist_runs(vm))
        engine_drop_all(vm->vmm->engine);
}
