/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hart.c - trap entry, trap return and the choice of an interrupt, on one hart. Whether a trap
 * is taken is decided elsewhere: by an engine, the board's firmware or the monitor.
 */
#include "isa/hart.h"

#include <string.h>

#include "isa/csr_fields.h"

void hart_reset(struct hart *hart, uint32_t pc)
{
    memset(hart, 0, sizeof *hart);
    hart->mode = HART_SUPERVISOR;
    hart->pc = pc;
}

/* stvec: BASE in bits 31..2; with MODE 1, interrupts (not exceptions) are vectored. */
static uint32_t trap_vector(const struct hart *hart, uint32_t cause)
{
    uint32_t base = hart->stvec & ~STVEC_MODE;
    bool vectored = (hart->stvec & STVEC_MODE) == STVEC_VECTORED;

    return vectored && (cause & CAUSE_INTERRUPT) ? base + 4 * CAUSE_CODE(cause) : base;
}

/* SPIE <- SIE, SIE <- 0, SPP <- mode: the one-deep stack of interrupt enable and mode. */
static uint32_t status_pushed(uint32_t status, uint8_t mode)
{
    uint32_t pushed = status & ~(SSTATUS_SIE | SSTATUS_SPIE | SSTATUS_SPP);

    if (status & SSTATUS_SIE)
        pushed |= SSTATUS_SPIE;
    if (mode == HART_SUPERVISOR)
        pushed |= SSTATUS_SPP;
    return pushed;
}

void hart_trap(struct hart *hart, const struct trap *trap)
{
    hart->sepc = hart->pc;
    hart->scause = trap->cause;
    hart->stval = trap->tval;
    hart->sstatus = status_pushed(hart->sstatus, hart->mode);
    hart->mode = HART_SUPERVISOR;
    hart->pc = trap_vector(hart, trap->cause);
    hart->reservation.valid = false;
}

void hart_sret(struct hart *hart)
{
    uint32_t status = hart->sstatus;

    hart->mode = status & SSTATUS_SPP ? HART_SUPERVISOR : HART_USER;
    hart->sstatus = (status & ~(SSTATUS_SIE | SSTATUS_SPP)) | SSTATUS_SPIE;
    if (status & SSTATUS_SPIE)
        hart->sstatus |= SSTATUS_SIE;
    hart->pc = hart->sepc;
    hart->reservation.valid = false;
}

uint32_t hart_interrupt(const struct hart *hart)
{
    static const uint8_t priority[] = {IRQ_SEXT, IRQ_SSOFT, IRQ_STIMER};
    bool enabled = hart->mode == HART_USER || (hart->sstatus & SSTATUS_SIE);
    uint32_t pending = hart->sip & hart->sie;

    if (!enabled || !pending)
        return 0;
    for (unsigned i = 0; i < sizeof priority; i++)
        if (pending & IRQ_BIT(priority[i]))
            return CAUSE_INTERRUPT | priority[i];
    return 0;
}

bool hart_wakeup(const struct hart *hart)
{
    return (hart->sip & hart->sie) != 0;
}

uint64_t hart_time(const struct hart *hart)
{
    return hart->retired + hart->skipped;
}

static bool reservation_equal(const struct reservation *a, const struct reservation *b)
{
    return a->valid == b->valid && (!a->valid || (a->va == b->va && a->value == b->value));
}

bool hart_equal(const struct hart *a, const struct hart *b)
{
    return memcmp(a->x, b->x, sizeof a->x) == 0 && a->pc == b->pc && a->mode == b->mode &&
           reservation_equal(&a->reservation, &b->reservation) && a->sstatus == b->sstatus &&
           a->sie == b->sie && a->sip == b->sip && a->stvec == b->stvec &&
           a->sscratch == b->sscratch && a->sepc == b->sepc && a->scause == b->scause &&
           a->stval == b->stval && a->satp == b->satp && a->scounteren == b->scounteren &&
           a->senvcfg == b->senvcfg && a->retired == b->retired && a->skipped == b->skipped;
}
