/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * board.h - the computer around the CPU: firmware (SBI), console, UART, timer and power, over
 * memory that somebody else provides. One implementation for the bare machine and for every VM:
 * that is what makes a VM functionally identical to the computer. Nothing here knows whether a
 * monitor is underneath. State is plain data; copying a struct board copies the machine's.
 */
#ifndef PZ_VMM_BOARD_BOARD_H
#define PZ_VMM_BOARD_BOARD_H

#include "isa/phys.h"

#define BOARD_UART_BASE 0x10000000u
#define BOARD_UART_SIZE 8u
#define BOARD_TIMEBASE_HZ 100000000u /* ticks of `time` in a guest's second */
#define BOARD_NEVER UINT64_MAX

/* What the host does for a board. Called at points fixed by the guest's retired count. */
struct board_host {
    void (*console_out)(void *owner, const uint8_t *bytes, uint32_t len);
    int (*console_in)(void *owner); /* the next byte typed, or -1 for none now */
    /* Before each trap that the guest itself takes or firmware serves. May be NULL. */
    void (*observe)(void *owner, const struct hart *hart, const struct trap *trap);
    void *owner;
};

enum board_power {
    BOARD_ON,
    BOARD_OFF,    /* the guest shut down, and said that all was well */
    BOARD_FAILED, /* the guest shut down, and said that it had failed */
    BOARD_IDLE,   /* it waits for an interrupt that can never come */
    BOARD_STUCK,  /* its trap handler traps before it retires an instruction, for ever */
};

/* The registers of a 16550 that hold what was written to them. */
struct uart {
    uint8_t ier, lcr, mcr, scr, dll, dlm;
    bool fifo;
};

struct console {
    int16_t ahead; /* a byte taken from the host but not yet by the guest, or -1 */
    struct uart uart;
};

struct board {
    struct phys *phys; /* the memory; not owned */
    struct board_host host;
    struct console console;
    uint64_t deadline;     /* `time` at which the timer interrupt becomes pending */
    uint8_t power;         /* enum board_power */
    uint64_t traps;        /* taken by the guest or served by firmware, interrupts too */
    uint64_t trap_retired; /* retired count at the last trap... */
    uint32_t trap_run;     /* ...and how many have come since an instruction retired */
};

void board_init(struct board *board, struct phys *phys, const struct board_host *host);

/* Reset state of a hart about to enter a kernel: a0 = hart id 0, a1 = address of the tree. */
void board_boot(struct hart *hart, uint32_t entry, uint32_t dtb);

/*
 * Deliver a trap: ECALL from supervisor mode is served by the firmware, anything else enters the
 * guest's own handler. Afterwards board->power may have changed.
 */
void board_trap(struct board *board, struct hart *hart, const struct trap *trap);

/*
 * Make the timer's pending bit say what `time` says. Returns the interrupt to take before the
 * next instruction, a scause value for board_trap(), or 0. To be asked before every entry to
 * the CPU.
 */
uint32_t board_interrupt(const struct board *board, struct hart *hart);

/* Instructions that may retire before the timer's pending bit must be looked at again. */
uint64_t board_budget(const struct board *board, const struct hart *hart);

/*
 * A WFI has retired: the ticks until the hart wakes, 0 for at once. BOARD_NEVER: no interrupt
 * can come, and board->power says so.
 */
uint64_t board_wait(struct board *board, const struct hart *hart);

/* A device access, as struct phys wants it. False: nothing there. */
bool board_io(struct board *board, uint64_t pa, unsigned width, bool store, uint32_t *value);

/* The console's status, as io.probe gives it (variant.h). `board` is a struct board. */
uint32_t board_status(void *board);

/* A name for each way a machine can end; for people. */
const char *board_power_text(enum board_power power);

#endif
