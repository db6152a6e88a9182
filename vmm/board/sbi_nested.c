/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sbi_nested.c - nested acceleration: SBI calls for a supervisor that is itself a monitor. One call
 * runs the supervisor's own guest in user mode, and returns at the guest's next trap. Without it, a
 * world switch takes many privileged instructions, each of which exits in a VM.
 *
 * SBI's own extension for this (NACL, SBI 2.0, chapter 15) carries the state of the hypervisor
 * extension, which PZ32 does not have. Its conventions are kept: probing for features, shared
 * memory for each hart, a call to synchronise. As in POWER's H_ENTER_NESTED, the call returns with
 * the guest's trap. The firmware keeps no state of the guest: it exchanges hart and memory
 * contents.
 */
#include "vmm/board/sbi_nested.h"

#include <stddef.h>

#include "isa/csr.h"
#include "isa/nested.h"
#include "isa/sv32.h"
#include "vmm/board/sbi.h"
#include "vmm/board/sbi_call.h"

enum { FEATURE_ENTER = 0, FEATURE_FILL = 1, FEATURE_RELAY = 2 };
#define FLAGS (SBI_NESTED_FILL | SBI_NESTED_RELAY)

#define NOINLINE __attribute__((noinline))
/* For rare calls of machines that run monitors: in type 1, size matters more than speed. */
#define SELDOM __attribute__((cold, noinline))

static struct harts_hart *current(struct board *board)
{
    return &board->harts.of[board->harts.current];
}

struct sbi_result sbi_nested_probe(struct board *board, struct hart *hart)
{
    (void)board;
    return sbi_success(hart->x[A0] <= FEATURE_RELAY);
}

/* An address of all ones ends the sharing of memory. */
struct sbi_result sbi_nested_set_memory(struct board *board, struct hart *hart)
{
    struct harts_hart *own = current(board);
    uint64_t pa = hart->x[A0] | (uint64_t)hart->x[A1] << 32;

    if (hart->x[A2] & ~FLAGS)
        return sbi_failure(SBI_INVALID_PARAM);
    if (pa == UINT64_MAX) {
        own->nested = HARTS_NOT_NESTED;
        return sbi_success(0);
    }
    if (pa & PAGE_MASK)
        return sbi_failure(SBI_INVALID_PARAM);
    if (!phys_is_ram(board->phys, pa, PAGE_SIZE, true))
        return sbi_failure(SBI_INVALID_ADDRESS);
    own->nested = HARTS_MAY_NEST;
    own->fills = (uint8_t)hart->x[A2];
    own->shared = pa;
    return sbi_success(0);
}

/* A pointer to the shared memory, since each exit uses it. NULL: it is no longer RAM. */
static struct nested *shared_memory(struct board *board)
{
    return (struct nested *)(void *)phys_host(board->phys, current(board)->shared, true);
}

/* The first `size` bytes of the shared memory were written. */
static void written(struct board *board, uint32_t len)
{
    if (board->phys->wrote)
        board->phys->wrote(board->phys, current(board)->shared, len);
}

/* The part that each exchange of worlds writes. */
#define WORLD offsetof(struct nested, guest_satp)

/* The guest is entered after the call, so that the call's results do not replace its a0 and a1. */
struct sbi_result sbi_nested_enter(struct board *board, struct hart *hart)
{
    struct harts_hart *own = current(board);

    (void)hart;
    if (own->nested != HARTS_MAY_NEST)
        return sbi_failure(SBI_NO_SHMEM);
    own->nested = HARTS_ENTERS_NESTED;
    return sbi_success(0);
}

static inline void exchange(uint32_t *a, uint32_t *b)
{
    uint32_t kept = *a;

    *a = *b;
    *b = kept;
}

/* Exchanges 31 registers: all but x0. */
static inline void exchange_registers(uint32_t *a, uint32_t *b)
{
    for (unsigned i = 1; i < 29; i += 4) {
        uint32_t kept[4] = {a[i], a[i + 1], a[i + 2], a[i + 3]};

        a[i] = b[i], a[i + 1] = b[i + 1], a[i + 2] = b[i + 2], a[i + 3] = b[i + 3];
        b[i] = kept[0], b[i + 1] = kept[1], b[i + 2] = kept[2], b[i + 3] = kept[3];
    }
    exchange(&a[29], &b[29]);
    exchange(&a[30], &b[30]);
    exchange(&a[31], &b[31]);
}

/* Values from memory are made legal as by CSR writes; none is refused. */
static NOINLINE void exchange_all(struct hart *hart, struct nested *nested, uint32_t enter,
                                  uint32_t leave)
{
    exchange_registers(hart->x, nested->x);
    exchange(&hart->pc, &nested->pc);
    hart->pc &= ~1u;
    csr_write(hart, CSR_satp, enter);
    nested->satp = leave;
    hart->reservation.valid = false;
}

static void exchange_worlds(struct hart *hart, struct nested *nested)
{
    exchange_all(hart, nested, nested->satp, hart->satp);
}

static uint64_t deadline(uint64_t now, const struct nested *nested)
{
    uint64_t ticks = nested_number(nested->ticks);

    return ticks < BOARD_NEVER - now ? now + ticks : BOARD_NEVER;
}

static void report(struct nested *nested, const struct trap *trap, uint64_t retired)
{
    nested->cause = trap->cause;
    nested->tval = trap->tval;
    nested_put(nested->retired, retired);
}

void sbi_nested_begin(struct board *board, struct hart *hart)
{
    struct harts_hart *own = current(board);
    struct nested *nested;

    if (own->nested != HARTS_ENTERS_NESTED)
        return;
    nested = shared_memory(board);
    own->nested = nested ? HARTS_NESTED : HARTS_MAY_NEST;
    if (!nested) {
        hart->x[A0] = (uint32_t)SBI_FAILED; /* the call has returned, with success */
        return;
    }
    own->entered = hart->retired;
    board->deadline = deadline(hart_time(hart), nested);
    if (own->fills & SBI_NESTED_RELAY)
        nested_put(nested->relay.own, board->deadline);
    exchange_worlds(hart, nested);
    hart->mode = HART_USER;
    written(board, sizeof *nested);
}

/* ---- Filling ---- */

#define SHADOW_FLAGS (PTE_V | PTE_U | PTE_A | PTE_D)

static bool access_of(uint32_t cause, enum access *access)
{
    switch (cause) {
    case CAUSE_INSN_PAGE_FAULT: *access = ACCESS_FETCH; return true;
    case CAUSE_LOAD_PAGE_FAULT: *access = ACCESS_LOAD; return true;
    case CAUSE_STORE_PAGE_FAULT: *access = ACCESS_STORE; return true;
    default: return false;
    }
}

/*
 * The shadow entry that the guest's own tables and the second stage imply; 0: none. If an A or D
 * bit must be set, or memory is not attached yet, the supervisor decides.
 */
static uint32_t proven(struct board *board, const struct nested *nested, uint32_t va,
                       enum access access, unsigned *level)
{
    const struct sv32_space space = {
        .phys = board->phys,
        .satp = nested->guest_satp,
        .hgatp = nested->hgatp,
        .mode = nested->rules & NESTED_SUPERVISOR ? HART_SUPERVISOR : HART_USER,
        .sum = nested->rules & NESTED_SUM,
        .mxr = nested->rules & NESTED_MXR,
    };
    uint32_t rights = PTE_R | PTE_W | PTE_X;
    struct sv32_walk walk;

    if (sv32_probe(&space, va, access, &walk) != SV32_OK)
        return 0;
    *level = 0;
    if (space.satp & SATP_SV32) {
        if (!(walk.pte & PTE_A) || (access == ACCESS_STORE && !(walk.pte & PTE_D)))
            return 0;
        rights = sv32_rights(&space, walk.pte);
        *level = walk.level;
    }
    return PTE_MAKE(walk.pa >> PAGE_SHIFT, SHADOW_FLAGS | rights);
}

/*
 * The address of the empty entry for it in the supervisor's shadow. 0: there is no leaf table, or
 * the entry is taken.
 */
static uint64_t place_of(struct board *board, uint32_t satp, uint32_t va)
{
    uint64_t at = ((uint64_t)(satp & SATP_PPN) << PAGE_SHIFT) + 4 * SV32_INDEX(va, 1);
    const uint8_t *entry = satp & SATP_SV32 ? phys_host(board->phys, at, false) : NULL;
    uint32_t table = entry ? load_le32(entry) : 0;

    if (!(table & PTE_V) || PTE_LEAF(table))
        return 0;
    at = ((uint64_t)PTE_PPN(table) << PAGE_SHIFT) + 4 * SV32_INDEX(va, 0);
    entry = phys_host(board->phys, at, false);
    return entry && !load_le32(entry) ? at : 0;
}

bool sbi_nested_fill(struct board *board, const struct hart *hart, const struct trap *trap)
{
    const struct harts_hart *own = current(board);
    struct nested *nested;
    enum access access;
    uint32_t entry;
    unsigned level;
    uint64_t at;

    if (own->nested != HARTS_NESTED || !(own->fills & SBI_NESTED_FILL) ||
        !access_of(trap->cause, &access))
        return false;
    nested = shared_memory(board);
    if (!nested || !nested->hgatp || nested->filled >= NESTED_FILLS)
        return false;
    at = place_of(board, hart->satp, trap->tval);
    entry = at ? proven(board, nested, trap->tval, access, &level) : 0;
    if (!entry || !phys_write(board->phys, at, &entry, sizeof entry))
        return false;
    nested->fills[nested->filled++] =
        (struct nested_fill){(trap->tval & ~PAGE_MASK) | (level > 0), entry};
    written(board, sizeof *nested);
    return true;
}

/* ---- Relaying ---- */

/*
 * Relay a trap from the supervisor's nested guest to the supervisor's guest, if a monitor would
 * only pass it on.
 */
static SELDOM bool relay_trap(const struct board *board, struct hart *hart,
                              struct nested *nested, struct nested *inner,
                              const struct trap *trap)
{
    struct nested_relay *relay = &nested->relay;
    uint64_t ran = hart->retired - board->harts.of[board->harts.current].entered;

    if (trap->cause != CAUSE_ECALL_USER && trap->cause != CAUSE_ILLEGAL_INSN)
        return false;
    exchange_all(hart, inner, relay->home, relay->satps[1]);
    report(inner, trap, ran - nested_number(relay->entered));
    nested->guest_satp = relay->satps[0];
    nested->rules |= NESTED_SUPERVISOR;
    relay->inside = 0;
    relay->traps++;
    return true;
}

static const struct nested_world *find_world(const struct nested_relay *relay, uint32_t satp)
{
    for (unsigned i = 0; i < NESTED_WORLDS && relay->worlds[i].satp; i++)
        if (relay->worlds[i].satp == satp)
            return &relay->worlds[i];
    return NULL;
}

/*
 * Relay an entry of the supervisor's guest to a nested guest, if the supervisor has named its
 * world. This sets the timer, as the call does. If that guest has named worlds itself, its own
 * firmware relays.
 */
static SELDOM bool relay_entry(struct board *board, struct hart *hart, struct nested *nested,
                               struct nested *inner, const struct trap *trap)
{
    struct nested_relay *relay = &nested->relay;
    const struct nested_world *world = find_world(relay, inner->satp);
    uint64_t ran = hart->retired - board->harts.of[board->harts.current].entered;
    uint64_t due = deadline(hart_time(hart), inner), own = nested_number(relay->own);

    if (trap->cause != CAUSE_ECALL_USER || !sbi_nested_is_entry(hart) || !world ||
        inner->relay.inner)
        return false;
    sbi_return(hart, sbi_success(0));
    exchange_all(hart, inner, world->enter, relay->satps[0]);
    nested->guest_satp = relay->satps[1] = world->satp;
    nested->rules &= ~(uint32_t)NESTED_SUPERVISOR;
    relay->inside = 1;
    relay->entries++;
    nested_put(relay->entered, ran);
    nested_put(relay->due, deadline(ran, inner));
    board->deadline = due < own ? due : own;
    return true;
}

/* If entries were filled since the call, the supervisor must be told before the world changes. */
static SELDOM bool relay(struct board *board, struct hart *hart, const struct trap *trap)
{
    struct nested *nested = shared_memory(board), *inner;
    bool done;

    if (!nested || !nested->relay.inner || nested->relay.inner & PAGE_MASK || nested->filled)
        return false;
    inner = (struct nested *)(void *)phys_host(board->phys, nested->relay.inner, true);
    if (!inner)
        return false;
    done = (nested->relay.inside ? relay_trap(board, hart, nested, inner, trap)
                                 : relay_entry(board, hart, nested, inner, trap));
    if (done && board->phys->wrote)
        board->phys->wrote(board->phys, nested->relay.inner, WORLD);
    if (done)
        written(board, sizeof *nested);
    return done;
}

bool sbi_nested_end(struct board *board, struct hart *hart, const struct trap *trap)
{
    struct harts_hart *own = current(board);
    struct nested *nested;
    uint64_t retired = hart->retired - own->entered;

    if (own->nested != HARTS_NESTED)
        return false;
    if (own->fills & SBI_NESTED_RELAY && relay(board, hart, trap))
        return true;
    own->nested = HARTS_MAY_NEST;
    nested = shared_memory(board);
    if (!nested)
        return false;
    exchange_worlds(hart, nested);
    hart->mode = HART_SUPERVISOR;
    report(nested, trap, retired);
    written(board, WORLD);
    return true;
}
