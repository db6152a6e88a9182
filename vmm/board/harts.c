/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * harts.c - the harts' turns: which can run, which is next, and interrupts sent to those not
 * running.
 */
#include "vmm/board/harts.h"

#include "isa/csr_fields.h"
#include "vmm/board/board.h"

const struct state_field harts_state[] = {
    STATE_FIELD(struct harts, current),
    STATE_FIELD(struct harts, end),
    STATE_FIELD(struct harts, elsewhere),
    STATE_FIELD(struct harts, turns),
    STATE_END,
};

/* Separate from the other fields: only machines with several harts have it. */
const struct state_field harts_wanted_state[] = {
    STATE_FIELD(struct harts, wanted),
    STATE_END,
};

const struct state_field harts_hart_state[] = {
    STATE_FIELD(struct harts_hart, state),
    STATE_FIELD(struct harts_hart, waits),
    STATE_FIELD(struct harts_hart, restarts),
    STATE_FIELD(struct harts_hart, ipi),
    STATE_FIELD(struct harts_hart, wakes),
    STATE_FIELD(struct harts_hart, start),
    STATE_FIELD(struct harts_hart, opaque),
    STATE_FIELD(struct harts_hart, deadline),
    STATE_FIELD(struct harts_hart, nested),
    STATE_FIELD(struct harts_hart, shared),
    STATE_FIELD(struct harts_hart, entered),
    STATE_FIELD(struct harts_hart, fills),
    STATE_END,
};

static struct harts_hart *current(struct board *board)
{
    return &board->harts.of[board->harts.current];
}

void harts_init(struct harts *harts)
{
    harts_set(harts, 1, HARTS_QUANTUM_DEFAULT);
}

void harts_set(struct harts *harts, unsigned count, uint64_t quantum)
{
    *harts =
        (struct harts){.count = (uint8_t)count, .wanted = (uint8_t)count, .quantum = quantum};
    harts->end = count > 1 ? quantum : UINT64_MAX;
    for (unsigned i = 0; i < count; i++)
        harts->of[i] = (struct harts_hart){.state = i ? HARTS_STOPPED : HARTS_STARTED,
                                           .deadline = BOARD_NEVER};
}

/* ---- Who can run ---- */

static uint64_t deadline_of(const struct board *board, unsigned id)
{
    return id == board->harts.current ? board->deadline : board->harts.of[id].deadline;
}

/* The interrupts that are pending for a waiting hart. */
static uint32_t pending(const struct board *board, unsigned id, uint64_t now)
{
    uint32_t sip = 0;

    if (board->harts.of[id].ipi)
        sip |= IRQ_BIT(IRQ_SSOFT);
    if (now >= deadline_of(board, id))
        sip |= IRQ_BIT(IRQ_STIMER);
    if (plic_pending(&board->plic, id))
        sip |= IRQ_BIT(IRQ_SEXT);
    return sip;
}

static bool can_run(const struct board *board, unsigned id, uint64_t now)
{
    const struct harts_hart *hart = &board->harts.of[id];

    if (hart->waits)
        return pending(board, id, now) & hart->wakes;
    return hart->state != HARTS_STOPPED;
}

unsigned harts_next(const struct board *board, uint64_t now)
{
    const struct harts *harts = &board->harts;

    for (unsigned i = 1; i <= harts->count; i++)
        if (can_run(board, (harts->current + i) % harts->count, now))
            return (harts->current + i) % harts->count;
    return HARTS_NOBODY;
}

uint64_t harts_wake(const struct board *board)
{
    uint64_t earliest = BOARD_NEVER;

    for (unsigned i = 0; i < board->harts.count; i++) {
        const struct harts_hart *hart = &board->harts.of[i];

        if (!hart->waits)
            continue;
        if ((hart->wakes & IRQ_BIT(IRQ_STIMER)) && deadline_of(board, i) < earliest)
            earliest = deadline_of(board, i);
        if ((hart->wakes & IRQ_BIT(IRQ_SEXT)) && board->next < earliest)
            earliest = board->next;
    }
    return earliest;
}

const char *harts_text(const struct harts *harts, unsigned id)
{
    const struct harts_hart *hart = &harts->of[id];

    switch ((enum harts_state)hart->state) {
    case HARTS_STOPPED: return "stopped";
    case HARTS_START_PENDING: return "starting";
    case HARTS_SUSPENDED: return "suspended";
    case HARTS_STARTED: break;
    }
    if (hart->waits)
        return "waiting";
    return id == harts->current ? "running" : "ready";
}

/* ---- A turn ---- */

void harts_reset_registers(struct hart *hart, uint32_t pc)
{
    uint64_t retired = hart->retired, skipped = hart->skipped;

    hart_reset(hart, pc);
    hart->scounteren = SCOUNTEREN_MASK;
    hart->retired = retired;
    hart->skipped = skipped;
}

/* Starts a hart as after reset, but keeps its counts. */
static void restart(struct harts *harts, struct hart *hart)
{
    enum { A0 = 10, A1 = 11 };

    harts_reset_registers(hart, harts->of[harts->current].start);
    hart->x[A0] = harts->current;
    hart->x[A1] = harts->of[harts->current].opaque;
}

static void go_on(struct harts *harts, struct hart *hart)
{
    struct harts_hart *of = &harts->of[harts->current];

    if (of->restarts)
        restart(harts, hart);
    if (of->ipi)
        hart->sip |= IRQ_BIT(IRQ_SSOFT);
    of->state = HARTS_STARTED;
    of->waits = of->restarts = of->ipi = false;
}

void harts_begin_turn(struct board *board, unsigned next, struct hart *from, struct hart *to)
{
    struct harts *harts = &board->harts;
    uint64_t now = hart_time(from);

    from->reservation.valid = to->reservation.valid = false;
    if (next != harts->current) {
        current(board)->deadline = board->deadline;
        harts->elsewhere += from->retired;
        harts->elsewhere -= to->retired;
        harts->current = (uint8_t)next;
        harts->turns++;
        board->deadline = current(board)->deadline;
        to->skipped = now - to->retired;
    }
    go_on(harts, to);
    harts->end = harts->count > 1 ? to->retired + harts->quantum : UINT64_MAX;
}

void harts_reset(struct board *board, struct hart *from, struct hart *to, uint32_t pc,
                 uint32_t opaque)
{
    struct harts *harts = &board->harts;

    for (unsigned i = 0; i < harts->count; i++)
        harts->of[i] = (struct harts_hart){.state = HARTS_STOPPED, .deadline = BOARD_NEVER};
    board->deadline = BOARD_NEVER;
    harts_start(board, 0, pc, opaque);
    harts_begin_turn(board, 0, from, to);
}

/* ---- Requests of harts ---- */

static void end_turn(struct board *board)
{
    board->harts.end = 0;
}

void harts_wait(struct board *board, const struct hart *hart)
{
    current(board)->waits = true;
    current(board)->wakes = hart->sie;
    end_turn(board);
}

void harts_pause(struct board *board)
{
    if (board->harts.count > 1)
        end_turn(board);
}

/* Interrupts sent to the stopped hart are lost, and its timer is off. */
void harts_start(struct board *board, unsigned id, uint32_t start, uint32_t opaque)
{
    board->harts.of[id] = (struct harts_hart){.state = HARTS_START_PENDING,
                                              .restarts = true,
                                              .start = start,
                                              .opaque = opaque,
                                              .deadline = BOARD_NEVER};
}

void harts_stop(struct board *board)
{
    board->deadline = BOARD_NEVER;
    current(board)->state = HARTS_STOPPED;
    end_turn(board);
}

void harts_suspend(struct board *board, const struct hart *hart)
{
    if (hart_wakeup(hart))
        return;
    harts_wait(board, hart);
    current(board)->state = HARTS_SUSPENDED;
}

void harts_suspend_to(struct board *board, const struct hart *hart, uint32_t start,
                      uint32_t opaque)
{
    struct harts_hart *of = current(board);

    harts_suspend(board, hart);
    of->ipi = hart->sip & IRQ_BIT(IRQ_SSOFT); /* still pending when it goes on */
    of->restarts = true;
    of->start = start;
    of->opaque = opaque;
    end_turn(board);
}

bool harts_others_have_stopped(const struct harts *harts)
{
    for (unsigned i = 0; i < harts->count; i++)
        if (i != harts->current && harts->of[i].state != HARTS_STOPPED)
            return false;
    return true;
}

void harts_send(struct board *board, unsigned id, struct hart *hart)
{
    struct harts_hart *of = &board->harts.of[id];

    if (id == board->harts.current) {
        hart->sip |= IRQ_BIT(IRQ_SSOFT);
    } else if (of->state != HARTS_STOPPED && of->state != HARTS_START_PENDING) {
        of->ipi = true;
        end_turn(board);
    }
}
