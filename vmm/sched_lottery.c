/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched_lottery.c - lottery scheduling (Waldspurger & Weihl 1994): before each turn a ticket is
 * drawn. A VM that used only a part of its last turn has more tickets until it wins again
 * (compensation tickets), so that giving up a turn early costs nothing. The generator is seeded, so
 * the order is the same in every run.
 */
#include "vmm/sched_policy.h"

#define WHOLE 1024u /* a whole turn */

static uint64_t tickets(const struct vm *vm)
{
    uint64_t factor = vm->sched.tickets ? vm->sched.tickets : WHOLE;

    return vm->config.shares * factor;
}

/* splitmix64 (Steele, Lea & Flood 2014): any seed will do. */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static struct vm *choose(struct vmm *vmm)
{
    struct vm *winner = NULL;
    uint64_t all = 0, drawn;

    SCHED_EACH_READY(vm, vmm)
    all += tickets(vm);
    drawn = draw(&vmm->sched.random) % all;
    SCHED_EACH_READY(vm, vmm)
    {
        winner = vm;
        if (drawn < tickets(vm))
            break;
        drawn -= tickets(vm);
    }
    return winner;
}

static void charge(struct vm *vm, uint64_t cost)
{
    uint64_t slice = vm->vmm->slice;
    uint64_t part = cost < slice ? cost : slice;
    uint64_t used = part * WHOLE / slice;

    vm->sched.tickets = WHOLE * (uint64_t)WHOLE / (used ? used : 1);
}

const struct sched_policy sched_lottery = {.choose = choose, .charge = charge};
