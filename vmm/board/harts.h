/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * harts.h - the board's harts: which have been started, which wait, and whose turn it is. They
 * take turns on one CPU. A turn ends when the hart has retired a quantum of instructions, waits,
 * spins, stops, or has sent an interrupt to another; then the next in order that can run has its
 * turn. So the order of all instructions follows from the program alone.
 *
 * There is one `time`: the instructions that all harts have retired, and the ticks that all have
 * waited through. While a hart has not its turn, what the others retire counts as skipped for it
 * (hart.h): so hart_time() of the hart that has its turn is the board's time, and no hart ever
 * sees it go back.
 *
 * Who owns the registers of the harts (bare.c, vmm/vcpu.c) asks before every entry to the CPU
 * whether the turn is over, and then which hart is next. With one hart a turn never ends.
 */
#ifndef PZ_VMM_BOARD_HARTS_H
#define PZ_VMM_BOARD_HARTS_H

#include "isa/hart.h"
#include "vmm/board/state.h"

#define HARTS_MOST 8u
#define HARTS_NOBODY HARTS_MOST
#define HARTS_QUANTUM_DEFAULT 10000u
#define HARTS_QUANTUM_LEAST 100u /* a constrained LR/SC loop has to get through within a turn */

/* As SBI HSM numbers them (SBI 2.0, table 9.1). Pending states that nobody can see are left out. */
enum harts_state {
    HARTS_STARTED = 0,
    HARTS_STOPPED = 1,
    HARTS_START_PENDING = 2, /* begins with its next turn */
    HARTS_SUSPENDED = 4,
};

/* Guests of a supervisor that runs them by SBI (sbi_nested.h). */
enum harts_nested {
    HARTS_NOT_NESTED,
    HARTS_MAY_NEST,      /* it has shared memory for that */
    HARTS_ENTERS_NESTED, /* within the call that asks for it */
    HARTS_NESTED,        /* the hart is a guest's */
};

/* One hart, but for its registers. */
struct harts_hart {
    uint8_t state;     /* enum harts_state */
    bool waits;        /* in WFI or suspended, for an interrupt that is in `wakes` */
    bool restarts;     /* enters at `start` when it goes on */
    bool ipi;          /* an interrupt was sent to it: SSIP, from its next turn on */
    uint32_t wakes;    /* its sie, when it began to wait */
    uint32_t start;    /* physical */
    uint32_t opaque;   /* what it finds in a1 */
    uint64_t deadline; /* of its timer, while it has not its turn: else board->deadline */
    uint8_t nested;    /* enum harts_nested */
    uint8_t fills;     /* what else the firmware does for its supervisor: flags of set_memory */
    uint64_t shared;   /* physical address of the memory for it */
    uint64_t entered;  /* instructions that it had retired when the guest was entered */
};

struct harts {
    uint8_t count;      /* 1 to HARTS_MOST */
    uint8_t current;    /* whose turn it is */
    uint8_t wanted;     /* so many the host would have running; a guest may ask (sbi.c) */
    uint64_t quantum;   /* instructions that a turn lasts at the most */
    uint64_t end;       /* the turn ends when the current hart has retired so many */
    uint64_t elsewhere; /* instructions retired by the others */
    uint64_t turns;     /* that went to another hart */
    struct harts_hart of[HARTS_MOST];
};

struct board;

extern const struct state_field harts_state[], harts_hart_state[], harts_wanted_state[];

/* One hart, started: hart 0. */
void harts_init(struct harts *harts);

/* `count` harts, of which hart 0 is started. Before the machine boots. */
void harts_set(struct harts *harts, unsigned count, uint64_t quantum);

/* Is the turn of `hart`, which has it, over? */
static inline bool harts_turn_is_over(const struct harts *harts, const struct hart *hart)
{
    return hart->retired >= harts->end;
}

/*
 * Is its turn just beginning, another's having been before? Nothing of it has retired yet. With one
 * hart, never.
 */
static inline bool harts_turn_begins(const struct harts *harts, const struct hart *hart)
{
    return harts->count > 1 &&
           (harts_turn_is_over(harts, hart) || harts->end - hart->retired == harts->quantum);
}

/* Instructions that may retire before it is; UINT64_MAX: it never will be. */
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
 * All harts are out of reset: hart 0 enters at `pc` with `opaque` in a1, and has its turn; the
 * others have stopped. `from` had the turn before, the registers of hart 0 are in `to`, which
 * may be the same. Counts go on.
 */
void harts_reset(struct board *board, struct hart *from, struct hart *to, uint32_t pc,
                 uint32_t opaque);

/*
 * The registers of one hart as the firmware hands it over: out of reset, but with the counters open
 * to user mode, as OpenSBI does and kernels expect that never write scounteren. Its counts go on.
 */
void harts_reset_registers(struct hart *hart, uint32_t pc);

/* The current hart waits: no more of it before an interrupt that it has enabled is pending. */
void harts_wait(struct board *board, const struct hart *hart);

/* Whose turn is next, `now` being the time? HARTS_NOBODY: all wait, or have stopped. */
unsigned harts_next(const struct board *board, uint64_t now);

/* The `time` at which the first of those that wait goes on; BOARD_NEVER: none can. */
uint64_t harts_wake(const struct board *board);

/*
 * Begin the turn of hart `next`, `from` having had the one before. Its registers are in `to`, which
 * may be the same. A reservation does not outlast a turn.
 */
void harts_begin_turn(struct board *board, unsigned next, struct hart *from, struct hart *to);

/* The current hart spins, as PAUSE says: its turn ends, for another may be what it waits for. */
void harts_pause(struct board *board);

/* What a hart does, for people: "runs", "waits", "stopped"... */
const char *harts_text(const struct harts *harts, unsigned id);

/* What SBI HSM does. `hart` has its turn, `id` is below the count. */
void harts_start(struct board *board, unsigned id, uint32_t start, uint32_t opaque);
void harts_stop(struct board *board);
void harts_suspend(struct board *board, const struct hart *hart);
void harts_suspend_to(struct board *board, const struct hart *hart, uint32_t start,
                      uint32_t opaque);

/* Have all but the current hart stopped? */
bool harts_others_have_stopped(const struct harts *harts);

/* An interrupt for hart `id`. The turn ends if that is another one. */
void harts_send(struct board *board, unsigned id, struct hart *hart);

#endif
