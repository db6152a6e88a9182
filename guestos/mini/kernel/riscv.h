/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * riscv.h - names for what the RISC-V privileged specification (version 1.12) numbers: CSR
 * bits, trap causes, page-table entry bits; and one inline function per special instruction.
 * Read by assembly too: constants that it needs are plain #defines.
 */
#ifndef MINI_RISCV_H
#define MINI_RISCV_H

/* sstatus, section 4.1.1 */
#define SSTATUS_SIE 0x002  /* interrupts on in supervisor mode */
#define SSTATUS_SPIE 0x020 /* what SIE becomes at SRET */
#define SSTATUS_SPP 0x100  /* the mode that SRET returns to: 1 is supervisor */

/* sie and sip, section 4.1.3 */
#define SIE_SSIE 0x02 /* software: from another hart */
#define SIP_SSIP 0x02
#define SIE_STIE 0x20 /* the supervisor timer */

/* satp, section 4.1.11 */
#define SATP_SV32 0x80000000

/* Sv32, section 4.3: two levels of 1024 entries; a leaf of the upper level maps 4 MiB. */
#define PAGE_SHIFT 12
#define PAGE_SIZE 0x1000
#define SUPERPAGE_SHIFT 22
#define SUPERPAGE_SIZE 0x400000
#define PTES_PER_TABLE 1024

/*
 * A page-table entry:  31         20 19        10 9   8 7 6 5 4 3 2 1 0
 *                     |    PPN 1    |   PPN 0    | RSW |D|A|G|U|X|W|R|V|
 */
#define PTE_V 0x001
#define PTE_R 0x002
#define PTE_W 0x004
#define PTE_X 0x008
#define PTE_U 0x010
#define PTE_G 0x020
#define PTE_A 0x040
#define PTE_D 0x080
#define PTE_COW 0x100 /* ours (RSW): writable, once copied */
#define PTE_FLAGS 0x3ff
#define PTE_PPN_SHIFT 10

#ifndef __ASSEMBLER__

#include <stdint.h>

typedef uint32_t pte_t; /* a page-table entry */

/* scause, table 4.2 */
enum {
    CAUSE_INTERRUPT = (int32_t)0x80000000,
    CAUSE_SOFTWARE_INTERRUPT = CAUSE_INTERRUPT | 1,
    CAUSE_TIMER_INTERRUPT = CAUSE_INTERRUPT | 5,
    CAUSE_MISALIGNED_FETCH = 0,
    CAUSE_FETCH_ACCESS = 1,
    CAUSE_ILLEGAL_INSTRUCTION = 2,
    CAUSE_BREAKPOINT = 3,
    CAUSE_MISALIGNED_LOAD = 4,
    CAUSE_LOAD_ACCESS = 5,
    CAUSE_MISALIGNED_STORE = 6,
    CAUSE_STORE_ACCESS = 7,
    CAUSE_USER_ECALL = 8,
    CAUSE_FETCH_PAGE_FAULT = 12,
    CAUSE_LOAD_PAGE_FAULT = 13,
    CAUSE_STORE_PAGE_FAULT = 15,
};

#define csr_read(csr)                                                                          \
    ({                                                                                         \
        uint32_t csr_value;                                                                    \
        asm volatile("csrr %0, " #csr : "=r"(csr_value) : : "memory");                         \
        csr_value;                                                                             \
    })
#define csr_write(csr, value) asm volatile("csrw " #csr ", %0" : : "r"(value) : "memory")
#define csr_set(csr, bits) asm volatile("csrs " #csr ", %0" : : "r"(bits) : "memory")
#define csr_clear(csr, bits) asm volatile("csrc " #csr ", %0" : : "r"(bits) : "memory")

/* Wait for interrupt, section 3.3.3: also wakes for one that is pending but masked by SIE. */
static inline void wfi(void)
{
    asm volatile("wfi" : : : "memory");
}

/* Make earlier stores visible to instruction fetch (Zifencei). */
static inline void fence_i(void)
{
    asm volatile("fence.i" : : : "memory");
}

/* PAUSE (Zihintpause): we spin, somebody else may go first. A FENCE to a CPU that lacks it. */
static inline void spin_pause(void)
{
    asm volatile(".word 0x0100000f" ::: "memory");
}

/* Section 4.2.1: order page-table stores before later translations, of all pages or of one. */
static inline void sfence_vma_all(void)
{
    asm volatile("sfence.vma" : : : "memory");
}

static inline void sfence_vma_page(uint32_t va)
{
    asm volatile("sfence.vma %0" : : "r"(va) : "memory");
}

/* The 64-bit time in two halves: read again when the low half wrapped in between. */
static inline uint64_t read_time(void)
{
    uint32_t high, low;

    do {
        high = csr_read(timeh);
        low = csr_read(time);
    } while (high != csr_read(timeh));
    return (uint64_t)high << 32 | low;
}

#endif
#endif
