/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sbi_harts.c - SBI calls about harts: IPIs, remote fences, starting, stopping and suspending.
 * harts.c handles the effect on turns.
 */
#include "isa/csr.h"
#include "isa/sv32.h"
#include "vmm/board/sbi_call.h"

#define ALL_HARTS UINT32_MAX

/*
 * A set of harts: a mask in a0, whose bit 0 is the hart in a1; a1 = -1: all (SBI 2.0, 3.1).
 * False: a hart in it does not exist.
 */
static bool harts_named(const struct board *board, const struct hart *hart, uint32_t *mask)
{
    uint32_t base = hart->x[A1], all = (1u << board->harts.count) - 1;

    if (base == ALL_HARTS) {
        *mask = all;
        return true;
    }
    if (base >= board->harts.count || hart->x[A0] & ~(all >> base))
        return false;
    *mask = hart->x[A0] << base;
    return true;
}

static struct sbi_result send_ipi(struct board *board, struct hart *hart, uint32_t mask)
{
    for (unsigned id = 0; id < board->harts.count; id++)
        if (mask & 1u << id)
            harts_send(board, id, hart);
    return sbi_success(0);
}

struct sbi_result sbi_send_ipi(struct board *board, struct hart *hart)
{
    uint32_t mask;

    if (!harts_named(board, hart, &mask))
        return sbi_failure(SBI_INVALID_PARAM);
    return send_ipi(board, hart, mask);
}

/* ---- RFENCE ---- */

/* For more pages than this it is cheaper to drop everything. */
#define FENCE_PAGES_MOST 64u

/*
 * All harts share one set of translations (the CPU they take turns on, or a VM's shadow), so a
 * fence is complete for all of them when this returns.
 */
static void fence(struct board *board, const struct exec_fence *fence)
{
    if (board->fence)
        board->fence(board, fence);
}

static struct sbi_result fence_code(struct board *board, uint32_t mask)
{
    if (mask)
        fence(board, NULL);
    return sbi_success(0);
}

struct sbi_result sbi_remote_fence_i(struct board *board, struct hart *hart)
{
    uint32_t mask;

    if (!harts_named(board, hart, &mask))
        return sbi_failure(SBI_INVALID_PARAM);
    return fence_code(board, mask);
}

static void fence_pages(struct board *board, struct exec_fence what, uint32_t start,
                        uint32_t size)
{
    uint64_t end = start + (uint64_t)size;

    what.one_va = true;
    for (uint64_t va = start & ~PAGE_MASK; va < end; va += PAGE_SIZE) {
        what.va = (uint32_t)va;
        fence(board, &what);
    }
}

/* Start and size 0, or a size of -1: the whole address space (SBI 2.0, 8.2). */
static struct sbi_result fence_range(struct board *board, uint32_t mask, uint32_t start,
                                     uint32_t size, struct exec_fence what)
{
    bool whole = size == UINT32_MAX || (!start && !size);

    if (!whole && start + (uint64_t)size > 1ull << 32)
        return sbi_failure(SBI_INVALID_ADDRESS);
    if (!mask)
        return sbi_success(0);
    if (whole || size > FENCE_PAGES_MOST * PAGE_SIZE)
        fence(board, &what);
    else
        fence_pages(board, what, start, size);
    return sbi_success(0);
}

static struct exec_fence of_asid(uint32_t asid)
{
    return (struct exec_fence){.one_asid = true, .asid = asid & SATP_ASID_MASK};
}

struct sbi_result sbi_remote_sfence(struct board *board, struct hart *hart)
{
    uint32_t mask;

    if (!harts_named(board, hart, &mask))
        return sbi_failure(SBI_INVALID_PARAM);
    return fence_range(board, mask, hart->x[A2], hart->x[A3],
                       (struct exec_fence){.one_va = false});
}

struct sbi_result sbi_remote_sfence_asid(struct board *board, struct hart *hart)
{
    uint32_t mask;

    if (!harts_named(board, hart, &mask))
        return sbi_failure(SBI_INVALID_PARAM);
    return fence_range(board, mask, hart->x[A2], hart->x[A3], of_asid(hart->x[A4]));
}

/* ---- The corresponding legacy calls ---- */

static enum sv32_result read_virtual(const struct board *board, const struct hart *hart,
                                     uint32_t va, uint8_t *byte)
{
    struct sv32_space space = sv32_space_of(hart, board->phys);
    struct sv32_walk walk;
    enum sv32_result result = sv32_probe(&space, va, ACCESS_LOAD, &walk);

    if (result == SV32_OK && !phys_read(board->phys, walk.pa, byte, 1))
        result = SV32_ACCESS_FAULT;
    return result;
}

/* The supervisor takes the page fault at its ECALL (SBI 2.0, chapter 5). */
static struct sbi_result fault(struct hart *hart, enum sv32_result result, uint32_t va)
{
    const struct trap trap = {.cause = sv32_cause(result, ACCESS_LOAD), .tval = va};

    hart_trap(hart, &trap);
    return sbi_failure(SBI_TRAPPED);
}

/* The mask is in memory, at a virtual address; at 0 it means all (SBI 2.0, 5.4). */
static struct sbi_result legacy_mask(const struct board *board, struct hart *hart,
                                     uint32_t *mask)
{
    uint32_t all = (1u << board->harts.count) - 1, at = hart->x[A0];
    uint8_t byte = 0;

    *mask = at ? 0 : all;
    for (unsigned i = 0; at && i < sizeof *mask; i++) {
        enum sv32_result result = read_virtual(board, hart, at + i, &byte);

        if (result != SV32_OK)
            return fault(hart, result, at + i);
        *mask |= (uint32_t)byte << 8 * i;
    }
    return *mask & ~all ? sbi_failure(SBI_INVALID_PARAM) : sbi_success(0);
}

/* Legacy calls have one result, in a0: here, whether an IPI was pending (SBI 2.0, 5.4). */
struct sbi_result sbi_legacy_clear_ipi(struct board *board, struct hart *hart)
{
    bool pending = hart->sip & IRQ_BIT(IRQ_SSOFT);

    (void)board;
    hart->sip &= ~IRQ_BIT(IRQ_SSOFT);
    return (struct sbi_result){pending, 0};
}

struct sbi_result sbi_legacy_send_ipi(struct board *board, struct hart *hart)
{
    uint32_t mask;
    struct sbi_result result = legacy_mask(board, hart, &mask);

    return result.error ? result : send_ipi(board, hart, mask);
}

struct sbi_result sbi_legacy_fence_i(struct board *board, struct hart *hart)
{
    uint32_t mask;
    struct sbi_result result = legacy_mask(board, hart, &mask);

    return result.error ? result : fence_code(board, mask);
}

struct sbi_result sbi_legacy_sfence(struct board *board, struct hart *hart)
{
    uint32_t mask;
    struct sbi_result result = legacy_mask(board, hart, &mask);

    return result.error ? result
                        : fence_range(board, mask, hart->x[A1], hart->x[A2],
                                      (struct exec_fence){.one_va = false});
}

struct sbi_result sbi_legacy_sfence_asid(struct board *board, struct hart *hart)
{
    uint32_t mask;
    struct sbi_result result = legacy_mask(board, hart, &mask);

    return result.error
               ? result
               : fence_range(board, mask, hart->x[A1], hart->x[A2], of_asid(hart->x[A3]));
}

/* ---- HSM ---- */

/* Can a hart begin to execute there? */
static bool may_start_at(const struct board *board, uint32_t start)
{
    uint16_t parcel;

    return !(start & 1) && phys_read(board->phys, start, &parcel, sizeof parcel);
}

struct sbi_result sbi_hart_start(struct board *board, struct hart *hart)
{
    uint32_t id = hart->x[A0];

    if (id >= board->harts.count)
        return sbi_failure(SBI_INVALID_PARAM);
    if (board->harts.of[id].state == HARTS_START_PENDING)
        return sbi_failure(SBI_INVALID_PARAM);
    if (board->harts.of[id].state != HARTS_STOPPED)
        return sbi_failure(SBI_ALREADY_AVAILABLE);
    if (!may_start_at(board, hart->x[A1]))
        return sbi_failure(SBI_INVALID_ADDRESS);
    harts_start(board, id, hart->x[A1], hart->x[A2]);
    return sbi_success(0);
}

/* The hart stops, so the result is never seen. */
struct sbi_result sbi_hart_stop(struct board *board, struct hart *hart)
{
    (void)hart;
    harts_stop(board);
    return sbi_failure(SBI_FAILED);
}

struct sbi_result sbi_hart_status(struct board *board, struct hart *hart)
{
    uint32_t id = hart->x[A0];

    if (id >= board->harts.count)
        return sbi_failure(SBI_INVALID_PARAM);
    return sbi_success(board->harts.of[id].state);
}

/*
 * Only the two default types exist, retentive and non-retentive; all others are reserved or
 * platform-specific (SBI 2.0, tables 9.6 and 9.7).
 */
struct sbi_result sbi_hart_suspend(struct board *board, struct hart *hart)
{
    const uint32_t retentive = 0, not_retentive = 1u << 31;
    uint32_t type = hart->x[A0];

    if (type != retentive && type != not_retentive)
        return sbi_failure(SBI_INVALID_PARAM);
    if (type == retentive) {
        harts_suspend(board, hart);
        return sbi_success(0);
    }
    if (!may_start_at(board, hart->x[A1]))
        return sbi_failure(SBI_INVALID_ADDRESS);
    harts_suspend_to(board, hart, hart->x[A1], hart->x[A2]);
    return sbi_success(0);
}

/* ---- SUSP ---- */

/*
 * SUSPEND_TO_RAM: devices keep their state, and any interrupt that the hart has enabled wakes the
 * machine. The hart then resumes as from a non-retentive suspend (SBI 2.0, 13.1).
 */
struct sbi_result sbi_system_suspend(struct board *board, struct hart *hart)
{
    const uint32_t suspend_to_ram = 0;

    if (hart->x[A0] != suspend_to_ram)
        return sbi_failure(SBI_INVALID_PARAM);
    if (!may_start_at(board, hart->x[A1]))
        return sbi_failure(SBI_INVALID_ADDRESS);
    if (!harts_others_have_stopped(&board->harts))
        return sbi_failure(SBI_DENIED);
    harts_suspend_to(board, hart, hart->x[A1], hart->x[A2]);
    return sbi_success(0);
}
