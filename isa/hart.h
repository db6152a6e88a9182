/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hart.h - a hart: all the architectural state of one CPU, real or virtual, and what happens to
 * it at a trap, at a return from one, and when interrupts are checked. Instructions are defined in
 * exec_*.c, CSR fields in csr.c.
 */
#ifndef PZ_ISA_HART_H
#define PZ_ISA_HART_H

#include <stdbool.h>
#include <stdint.h>

#include "isa/attribute.h"

/* Encoded as in sstatus.SPP and as RISC-V numbers its privilege levels. */
enum hart_mode { HART_USER = 0, HART_SUPERVISOR = 1 };

/* scause values (Privileged ISA 20211203, table 4.2). */
enum cause {
    CAUSE_INSN_MISALIGNED = 0,
    CAUSE_INSN_ACCESS = 1,
    CAUSE_ILLEGAL_INSN = 2,
    CAUSE_BREAKPOINT = 3,
    CAUSE_LOAD_MISALIGNED = 4,
    CAUSE_LOAD_ACCESS = 5,
    CAUSE_STORE_MISALIGNED = 6,
    CAUSE_STORE_ACCESS = 7,
    CAUSE_ECALL_USER = 8,
    CAUSE_ECALL_SUPERVISOR = 9,
    CAUSE_ECALL_VIRTUAL = 10, /* from virtual supervisor mode: this one and 20 up, table 8.10 */
    CAUSE_INSN_PAGE_FAULT = 12,
    CAUSE_LOAD_PAGE_FAULT = 13,
    CAUSE_STORE_PAGE_FAULT = 15,
    CAUSE_INSN_GUEST_PAGE_FAULT = 20,
    CAUSE_LOAD_GUEST_PAGE_FAULT = 21,
    CAUSE_VIRTUAL_INSN = 22,
    CAUSE_STORE_GUEST_PAGE_FAULT = 23,
    CAUSE_EXCEPTIONS = 24, /* number of exception codes */
};
#define CAUSE_INTERRUPT 0x80000000u
#define CAUSE_CODE(cause) ((cause) & ~CAUSE_INTERRUPT)

/* Interrupt numbers: bit positions in sie and sip, and codes in scause. */
enum irq { IRQ_SSOFT = 1, IRQ_STIMER = 5, IRQ_SEXT = 9 };
#define IRQ_BIT(irq) (1u << (irq))

/* A trap: its cause, as scause and stval will give it. */
struct trap {
    uint32_t cause;
    uint32_t tval;

    /*
     * With guest-page faults, as htval and htinst will give it: the guest-physical address, divided
     * by 4, and TINST_READ or TINST_WRITE if it is that of an entry of the hart's own page table.
     */
    uint32_t tval2, tinst;
};

/* The pseudoinstructions for accesses that the first stage's walk makes (table 8.12, RV32). */
#define TINST_READ 0x00002000u
#define TINST_WRITE 0x00002020u

/*
 * Does tval have a virtual address of the guest's? Of a trap that leaves non-root mode, which
 * hstatus.GVA tells (8.2.1): so a hypervisor knows that stval is to be read by the guest's table,
 * not its own. A virtual instruction's tval is its bits.
 */
static inline bool trap_gva(const struct trap *trap)
{
    const uint32_t addresses =
        1u << CAUSE_INSN_MISALIGNED | 1u << CAUSE_INSN_ACCESS | 1u << CAUSE_BREAKPOINT |
        1u << CAUSE_LOAD_MISALIGNED | 1u << CAUSE_LOAD_ACCESS | 1u << CAUSE_STORE_MISALIGNED |
        1u << CAUSE_STORE_ACCESS | 1u << CAUSE_INSN_PAGE_FAULT | 1u << CAUSE_LOAD_PAGE_FAULT |
        1u << CAUSE_STORE_PAGE_FAULT | 1u << CAUSE_INSN_GUEST_PAGE_FAULT |
        1u << CAUSE_LOAD_GUEST_PAGE_FAULT | 1u << CAUSE_STORE_GUEST_PAGE_FAULT;

    return trap->cause < CAUSE_EXCEPTIONS && (addresses >> trap->cause & 1);
}

/* The guest-physical address of a guest-page fault: to the word, for htval has no more. */
static inline uint64_t trap_gpa(const struct trap *trap)
{
    return (uint64_t)trap->tval2 << 2;
}

/*
 * LR.W's reservation holds the address and the value read. SC.W succeeds if both still match,
 * as on QEMU: stricter than RISC-V requires of one hart, and the same on every engine.
 */
struct reservation {
    bool valid;
    uint32_t va;
    uint32_t value;
};

struct hart {
    uint32_t x[32]; /* x[0] is always 0 */
    uint32_t pc;
    uint8_t mode; /* enum hart_mode */
    struct reservation reservation;
    uint32_t sstatus, sie, sip, stvec, sscratch, sepc, scause, stval, satp;
    uint32_t scounteren, senvcfg;
    uint64_t retired; /* instructions retired since reset */
    uint64_t skipped; /* ticks in which it retired nothing (WFI, another's turn): time = both */
};

/* State out of reset: supervisor mode, translation off, everything else zero. */
void hart_reset(struct hart *hart, uint32_t pc);

/* Enter the supervisor's trap handler (Privileged ISA 4.1, 3.1.6.1). hart->pc is the epc. */
void hart_trap(struct hart *hart, const struct trap *trap);

/* Return from a trap: restore mode and interrupt enable, pc = sepc (Privileged ISA 3.3.2). */
void hart_sret(struct hart *hart);

/*
 * The interrupt to take before the next instruction: its scause value, or 0 for none.
 * Priority SEI, SSI, STI (Privileged ISA 4.1.3).
 */
uint32_t hart_interrupt(const struct hart *hart);

/* Would WFI resume at once? Checks sip and sie only, not the global enable. */
bool hart_wakeup(const struct hart *hart);

/* Ticks of the `time` CSR. */
uint64_t hart_time(const struct hart *hart);

/* Are all architectural fields of the two harts equal? */
bool hart_equal(const struct hart *a, const struct hart *b);

#endif
