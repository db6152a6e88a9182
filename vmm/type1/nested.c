/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nested.c - nested acceleration beyond the mere call: the firmware fills shadow tables, and relays
 * between a guest that is a monitor and that monitor's guests.
 */
#include "vmm/type1/nested.h"

#include "isa/engine/cpu/cpu.h"
#include "vmm/board/sbi_nested.h"
#include "vmm/vmm.h"

/* Called for few guests: so the way of all others has no part of them. */
#define SELDOM __attribute__((cold, noinline))

SELDOM void nested_tell_tables(const struct vm *vm, struct nested *nested)
{
    const struct hart *hart = &vm->cpu->hart;

    nested->guest_satp = hart->satp;
    nested->hgatp = pmap_hgatp(&vm->pmap);
    nested->rules = (hart->mode == HART_SUPERVISOR ? NESTED_SUPERVISOR : 0) |
                    (hart->sstatus & SSTATUS_SUM ? NESTED_SUM : 0) |
                    (hart->sstatus & SSTATUS_MXR ? NESTED_MXR : 0);
}

/* By now the shadow is in the world of the last, as the firmware changes none after a fill. */
SELDOM void nested_hear_fills(struct vm *vm, struct nested *nested)
{
    for (uint32_t i = 0; i < nested->filled && i < NESTED_FILLS; i++)
        shadow_adopt(&vm->shadow, (struct gva){nested->fills[i].va & ~PAGE_MASK},
                     nested->fills[i].va & 1);
    nested->filled = 0;
}

/* ---- Relaying ---- */

static struct harts_hart *board_hart(struct vm *vm)
{
    return &vm->board.harts.of[vm->board.harts.current];
}

/*
 * Would a trap of its guest's, or its call, be nothing but an exchange of worlds? Then no interrupt
 * but the timer's can be due in between, and no instruction of its guest's is its own to execute.
 */
static bool may_relay(struct vm *vm)
{
    const struct hart *hart = &vm->cpu->hart;
    const struct harts_hart *own = board_hart(vm);
    uint8_t state = hart->mode == HART_USER ? HARTS_NESTED : HARTS_MAY_NEST;

    return own->nested == state && !(hart->sie & ~IRQ_BIT(IRQ_STIMER)) && !hart->scounteren;
}

/* To enter the space whose state is at this place; 0: it has not been entered, or is not right. */
static uint32_t satp_for(struct vm *vm, unsigned place, uint64_t *state)
{
    uint32_t root = shadow_recent_root(&vm->shadow, place, state);

    return root ? cpu_satp((struct cpu *)vm->vmm->engine, root) : 0;
}

/* The worlds whose shadows have been entered before, and are right as they are. */
static void name_worlds(struct vm *vm, struct nested_relay *relay)
{
    struct hart own = {
        .mode = HART_SUPERVISOR, .satp = relay->satps[0], .sstatus = vm->cpu->hart.sstatus};
    uint64_t home = shadow_state(&own), state;
    struct nested_world *world = relay->worlds;

    relay->home = satp_for(vm, shadow_recent_place(home), &state);
    if (state != home)
        relay->home = 0;
    for (unsigned i = 0; i < SHADOW_RECENT_USER; i++) {
        world->enter = satp_for(vm, i, &state);
        world->satp = (uint32_t)state;
        world += world->enter && (uint32_t)((state ^ home) >> 32) == HART_SUPERVISOR;
    }
    world->satp = 0;
}

SELDOM void nested_tell_worlds(struct vm *vm, struct nested *nested)
{
    const struct hart *hart = &vm->cpu->hart;
    struct nested_relay *relay = &nested->relay;
    const struct nested *inner;

    if (!may_relay(vm))
        return;
    inner = (const void *)phys_host(&vm->phys, board_hart(vm)->shared, true);
    if (!inner || (board_hart(vm)->fills & SBI_NESTED_RELAY && inner->relay.inner))
        return;
    relay->inside = hart->mode == HART_USER;
    relay->satps[relay->inside] = hart->satp;
    relay->satps[!relay->inside] = inner->satp;
    nested_put(relay->entered, board_hart(vm)->entered - hart->retired);
    name_worlds(vm, relay);
    if (relay->home)
        relay->inner = (uint32_t)(uintptr_t)inner;
}

/* As dispatch.c and board.c count them. */
static void count_relayed(struct vm *vm, const struct nested_relay *relay)
{
    struct trace_counters *counters = &vm->counters;
    uint32_t all = relay->traps + relay->entries;

    counters->exits += all;
    counters->action[TRACE_INJECT].count += relay->traps;
    counters->action[TRACE_SBI].count += relay->entries;
    vm->vmm->events += all;
    vm->board.traps += all;
}

/* In the middle of a stay: `retired` is what it was when the guest was entered. */
static void follow_relay(struct vm *vm, const struct nested_relay *relay)
{
    struct hart *hart = &vm->cpu->hart;
    struct harts_hart *own = board_hart(vm);
    uint64_t due = nested_number(relay->due);

    hart->mode = relay->inside ? HART_USER : HART_SUPERVISOR;
    hart->satp = relay->satps[relay->inside];
    hart->reservation.valid = false;
    own->nested = relay->inside ? HARTS_NESTED : HARTS_MAY_NEST;
    if (!relay->entries)
        return;
    own->entered = hart->retired + nested_number(relay->entered);
    vm->board.deadline = due == UINT64_MAX ? BOARD_NEVER : hart_time(hart) + due;
}

SELDOM void nested_hear_relayed(struct vm *vm, struct nested *nested)
{
    struct nested_relay *relay = &nested->relay;
    uint32_t root;

    relay->inner = 0;
    if (!(relay->traps + relay->entries))
        return;
    follow_relay(vm, relay);
    count_relayed(vm, relay);
    relay->traps = relay->entries = 0;
    vm->phys.wrote(&vm->phys, board_hart(vm)->shared, sizeof *nested);
    if (shadow_follow(&vm->shadow, &vm->cpu->hart, &root) != SHADOW_OK) {
        vm_kill(vm, VM_NO_MEMORY);
        return;
    }
    vm->vmm->cpu.root = vm->vmm->engine->space.root = root;
}
