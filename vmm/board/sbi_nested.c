/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sbi_nested.c - nested acceleration: SBI calls for a supervisor that is a monitor itself. One call
 * runs a guest of its own in user mode, and returns at the guest's next trap. Without it each
 * instruction by which the supervisor changes worlds is privileged: in a VM, an exit.
 *
 * SBI's own extension for this (NACL, SBI 2.0, chapter 15) carries the state of the hypervisor
 * extension, which PZ32 has not. Its conventions are kept: probing for features, shared memory of
 * each hart, a call to synchronise. That the call returns with the guest's trap is as in POWER's
 * H_ENTER_NESTED. The firmware keeps no guest: it exchanges what is in the hart and in memory.
 */
#include "isa/csr.h"
#include "isa/nested.h"
#include "vmm/board/sbi.h"
#include "vmm/board/sbi_call.h"

enum { FEATURE_ENTER = 0 };

static struct harts_hart *current(struct board *board)
{
    return &board->harts.of[board->harts.current];
}

struct sbi_result sbi_nested_probe(struct board *board, struct hart *hart)
{
    (void)board;
    return sbi_success(hart->x[A0] == FEATURE_ENTER);
}

/* All ones for an address: no shared memory from now on. */
struct sbi_result sbi_nested_set_memory(struct board *board, struct hart *hart)
{
    struct harts_hart *own = current(board);
    uint64_t pa = hart->x[A0] | (uint64_t)hart->x[A1] << 32;

    if (hart->x[A2])
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
    own->shared = pa;
    return sbi_success(0);
}

/* In place: this is done at each exit of the guest. NULL: it cannot be memory any more. */
static struct nested *shared_memory(struct board *board)
{
    return (struct nested *)(void *)phys_host(board->phys, current(board)->shared, true);
}

static void written(struct board *board)
{
    if (board->phys->wrote)
        board->phys->wrote(board->phys, current(board)->shared, sizeof(struct nested));
}

/* The guest is entered when the call is over, so that it finds its own a0 and a1. */
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

/* x0 apart, they are 31. */
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

/* What comes from memory passes the rules of the registers: no value of it is refused. */
static void exchange_worlds(struct hart *hart, struct nested *nested)
{
    uint32_t satp = hart->satp;

    exchange_registers(hart->x, nested->x);
    exchange(&hart->pc, &nested->pc);
    hart->pc &= ~1u;
    csr_write(hart, CSR_satp, nested->satp);
    nested->satp = satp;
    hart->reservation.valid = false;
}

static uint64_t deadline(const struct hart *hart, const struct nested *nested)
{
    uint64_t now = hart_time(hart), ticks = nested->ticks[0] | (uint64_t)nested->ticks[1] << 32;

    return ticks < BOARD_NEVER - now ? now + ticks : BOARD_NEVER;
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
        sbi_return(hart, sbi_failure(SBI_FAILED));
        return;
    }
    own->entered = hart->retired;
    board->deadline = deadline(hart, nested);
    exchange_worlds(hart, nested);
    hart->mode = HART_USER;
    written(board);
}

bool sbi_nested_end(struct board *board, struct hart *hart, const struct trap *trap)
{
    struct harts_hart *own = current(board);
    struct nested *nested;
    uint64_t retired = hart->retired - own->entered;

    if (own->nested != HARTS_NESTED)
        return false;
    own->nested = HARTS_MAY_NEST;
    nested = shared_memory(board);
    if (!nested)
        return false;
    exchange_worlds(hart, nested);
    hart->mode = HART_SUPERVISOR;
    nested->cause = trap->cause;
    nested->tval = trap->tval;
    nested->retired[0] = (uint32_t)retired;
    nested->retired[1] = (uint32_t)(retired >> 32);
    written(board);
    return true;
}
