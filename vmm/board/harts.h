/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * harts.h - the board's harts: which have been started, which wait, and whose turn it is. They take
 * turns on one CPU. A turn ends when the hart has retired a quantum of instructions, waits, spins,
 * stops, or has sent an interrupt to another; then the next runnable hart in order has its turn. So
 * the order of all instructions follows from the program alone.
 *
 * There is one `time`: the instructions that all harts have retired, and the ticks that all have
 * waited through. Instructions that other harts retire count as skipped for a hart (hart.h). So
 * hart_time() of the current hart is the board's time, and no hart ever sees it go back.
 *
 * The owner of the harts' registers (bare.c, vmm/vcpu.c) checks before every entry to the CPU
 * whether the turn is over, and then which hart is next. With one hart a turn never ends.
 */
#ifndef PZ_VMM_BOARD_HARTS_H
#define PZ_VMM_BOARD_HARTS_H

#include "isa/hart.h"
#include "vmm/board/state.h"

#define HARTS_MOST 8u
#define HARTS_NOBODY HARTS_MOST
#define HARTS_QUANTUM_DEFAULT 10000u
#define HARTS_QUANTUM_LEAST 100u /* a constrained LR/SC loop must complete within a turn */

/* Numbered as in SBI HSM (SBI 2.0, table 9.1), without pending states that cannot be observed. */
enum harts_state {
    HARTS_STARTED = 0,
    HARTS_STOPPED = 1,
    HARTS_START_PENDING = 2, /* starts with its next turn */
    HARTS_SUSPENDED = 4,
};

/* Nested guests, which a supervisor runs through SBI (sbi_nested.h). */
enum harts_nested {
    HARTS_NOT_NESTED,
    HARTS_MAY_NEST,      /* it has registered shared memory */
    HARTS_ENTERS_NESTED, /* during the call that enters the guest */
    HARTS_NESTED,        /* the hart runs the guest */
};

/* The state of one hart other than its registers. */
struct harts_hart {
    uint8_t state;     /* enum harts_state */
    bool waits;        /* in WFI or suspended, until an interrupt in `wakes` */
    bool restarts;     /* enters at `start` when it goes on */
    bool ipi;          /* an IPI was sent to it: SSIP is set in its next turn */
    uint32_t wakes;    /* its sie, when it began to wait */
    uint32_t start;    /* physical */
    uint32_t opaque;   /* a1 at that entry */
    uint64_t deadline; /* of its timer; while it is current, board->deadline */
    uint8_t nested;    /* enum harts_nested */
    uint8_t fills;     /* further services of the firmware: flags of set_memory */
    uint64_t shared;   /* physical address of the shared memory */
    uint64_t entered;  /* its retired count when the guest was entered */
};

struct harts {
    uint8_t count;      /* 1 to HARTS_MOST */
    uint8_t current;    /* whose turn it is */
    uint8_t wanted;     /* running harts that the host wants; guests can query it (sbi.c) */
    uint64_t quantum;   /* maximum length of a turn in instructions */
    uint64_t end;       /* retired count of the current hart at which its turn ends */
    uint64_t elsewhere; /* instructions retired by the others */
    uint64_t turns;     /* turns that went to another hart */
    struct harts_hart of[HARTS_MOST];
};

struct board;

extern const struct state_field harts_state[], harts_hart_state[], harts_wanted_state[];

/* One hart, started: hart 0. */
void harts_init(struct harts *harts);

/* `count` harts, of which hart 0 is started. Before the machine boots. */
void harts_set(struct harts *harts, unsigned count, uint64_t quantum);

/* Is the turn of the current hart `hart` over? */
static inline bool harts_turn_is_over(const struct harts *harts, const struct hart *hart)
{
    return hart->retired >= harts->end;
}

/*
 * Has a turn just begun, after another hart's, without a retired instruction? Never with one hart.
 */
static inline bool harts_turn_begins(const struct harts *harts, const struct hart *hart)
{
    return harts->count > 1 &&
           (harts_turn_is_over(harts, hart) || harts->end - hart->retired == harts->quantum);
}

/* Instructions left in the turn; UINT64_MAX: it never ends. */
static inline uint64_t harts_left(const struct harts *harts, const struct hart *hart)
{
    if (harts->end == UINT64_MAX)
        return UINT64_MAX;
    return harts->end > hart->retired ? harts->end - hart->retired : 0;
}

/* Instructions that all harts have retired. */
static inline uint64_t harts_retired(const struct harts *harts, const struct hart *hart)
{
    return harts->elsewhere + hart->retired;
}

/*
 * Reset all harts: hart 0 becomes current and enters at `pc` with `opaque` in a1; the others are
 * stopped. `from` is the hart that was current, `to` hart 0; they may be the same. Counts go on.
 */
void harts_reset(struct board *board, struct hart *from, struct hart *to, uint32_t pc,
                 uint32_t opaque);

/*
 * Set a hart's registers as the firmware hands them over: as after reset, but with the counters
 * open to user mode, like OpenSBI, because some kernels never write scounteren. Its counts go on.
 */
void harts_reset_registers(struct hart *hart, uint32_t pc);

/* The current hart waits until an interrupt that it has enabled is pending. */
void harts_wait(struct board *board, const struct hart *hart);

/* The hart whose turn is next at time `now`. HARTS_NOBODY: all wait, or are stopped. */
unsigned harts_next(const struct board *board, uint64_t now);

/* The earliest `time` at which a waiting hart goes on; BOARD_NEVER: none can. */
uint64_t harts_wake(const struct board *board);

/*
 * Begin the turn of hart `next`, whose registers are in `to`, after that of `from`; they may be the
 * same. A reservation does not outlast a turn.
 */
void harts_begin_turn(struct board *board, unsigned next, struct hart *from, struct hart *to);

/* The current hart has executed PAUSE: end its turn, since it may be spinning on another hart. */
void harts_pause(struct board *board);

/* The state of a hart in words: "runs", "waits", "stopped"... */
const char *harts_text(const struct harts *harts, unsigned id);

/* The operations of SBI HSM. `hart` is the current one, `id` is below the count. */
void harts_start(struct board *board, unsigned id, uint32_t start, uint32_t opaque);
void harts_stop(struct board *board);
void harts_suspend(struct board *board, const struct hart *hart);
void harts_suspend_to(struct board *board, const struct hart *hart, uint32_t start,
                      uint32_t opaque);

/* Are all harts but the current one stopped? */
bool harts_others_have_stopped(const struct harts *harts);

/* Send an IPI to hart `id`. If that is another hart, the turn ends. */
void harts_send(struct board *board, unsigned id, struct hart *hart);

#endif
