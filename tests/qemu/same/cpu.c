/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu.c - what kernels find out about the CPU when they start: fields of CSRs, how many ASIDs there
 * are, registers of machine mode and of extensions that are not there, misaligned accesses, holes.
 */
#include "kit.h"

#define KEEPS(csr, value)                                                                      \
    do {                                                                                       \
        uint32_t before_ = READ(csr);                                                          \
        WRITE(csr, value);                                                                     \
        line(#csr, READ(csr));                                                                 \
        WRITE(csr, before_);                                                                   \
    } while (0)
#define TRAPS(insn)                                                                            \
    do {                                                                                       \
        line(insn, CAUSE_OF(RUN(insn)));                                                       \
        line("  stval", trapped.tval);                                                         \
    } while (0)

#define SSTATUS_OURS 0x000c0122u /* SUM, MXR, SPP, SPIE, SIE: QEMU's CPU has an FPU, too */

static void fields(void)
{
    KEEPS(scause, 0xffffffff);
    KEEPS(scause, 0x12345678);
    KEEPS(stval, 0xdeadbeef);
    KEEPS(sepc, 0x80001234);
    KEEPS(sepc, 0x80001236);
    KEEPS(sscratch, 0xffffffff);
    KEEPS(sie, 0xffffffff);
    KEEPS(sip, 0xffffffff);
    KEEPS(sip, 0x00000222);
    WRITE(sstatus, 0xffffffffu & ~2u);
    line("sstatus", READ(sstatus) & SSTATUS_OURS);
    WRITE(sstatus, 0);
    line("sstatus", READ(sstatus) & SSTATUS_OURS);
    WRITE(scounteren, 0xffffffff);
    line("scounteren", READ(scounteren) & 7);
    WRITE(senvcfg, 0xffffffff);
    line("senvcfg", READ(senvcfg) & 1);
    WRITE(senvcfg, 0);
}

/* As Linux does: all bits of the ASID that stay are there. One table maps all to itself. */
static void asids(void)
{
    static uint32_t table[1024] __attribute__((aligned(4096)));
    uint32_t satp = 0x80000000u | (uint32_t)(uintptr_t)table >> 12;

    for (uint32_t i = 0; i < 1024; i++)
        table[i] = i << 20 | 0xcf;
    WRITE(satp, satp);
    RUN("sfence.vma");
    line("translated", READ(satp) == satp);
    WRITE(satp, satp | 0x1ffu << 22);
    line("asids", READ(satp) >> 22 & 0x1ff);
    RUN("sfence.vma");
    WRITE(satp, satp);
    RUN("sfence.vma");
    WRITE(satp, 0);
    RUN("sfence.vma");
    line("bare", READ(satp));
}

static void not_there(void)
{
    TRAPS("csrr t0, mstatus");
    TRAPS("csrr t0, mhartid");
    TRAPS("csrw mtvec, t0");
    TRAPS("csrr t0, pmpcfg0");
    TRAPS("csrw pmpaddr0, t0");
    TRAPS("csrr t0, mcounteren");
    TRAPS("csrr t0, 0x150");
    TRAPS("csrr t0, 0x5c0");
    TRAPS("csrw time, t0");
    TRAPS("csrw timeh, zero");
    TRAPS("csrw 0xc00, zero");
    TRAPS(".word 0x30200073"); /* mret */
    TRAPS(".word 0x7b200073"); /* dret */
    TRAPS(".word 0x00200073"); /* uret, of the N extension */
    TRAPS(".word 0x16000073"); /* sinval.vma */
    TRAPS(".half 0");
    TRAPS(".word 0xffffffff");
    TRAPS(".word 0x0000306b"); /* custom */
    TRAPS("fence.i");
    TRAPS("fence");
    TRAPS(".word 0x0100000f"); /* pause */
    TRAPS("sfence.vma zero, t0");
}

static void misaligned(void)
{
    static uint32_t words[4] = {0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c};
    uint32_t at = (uint32_t)(uintptr_t)words;

    for (uint32_t i = 0; i < 8; i++) {
        line("word", *at32(at + i));
        line("half", *at16(at + i));
    }
    *at32(at + 5) = 0xaabbccdd;
    *at16(at + 11) = 0x1122;
    for (uint32_t i = 0; i < 4; i++)
        line("stored", words[i]);
    __asm__ volatile("mv t1, %0" : : "r"(at + 1) : "t1");
    line("lr.w", CAUSE_OF(RUN("lr.w t0, (t1)")));
}

static void holes(void)
{
    line("null", CAUSE_OF((void)*at32(0)));
    line("beside the UART", CAUSE_OF((void)*at32(0x10000100)));
    line("behind RAM", CAUSE_OF((void)*at32(0x90000000)));
    line("  stval", trapped.tval);
    line("behind RAM", CAUSE_OF(*at32(0x90000000) = 1));
    line("  stval", trapped.tval);
    line("finisher", *at32(0x100000));
    line("finisher", *at16(0x100000));
    line("finisher", CAUSE_OF((void)*at8(0x100000)));
    *at32(0x100000) = 0x1234; /* no command */
    *at16(0x100004) = 0x5555; /* no register */
}

/* It ends when what is enabled is pending, whether interrupts are on or not. */
static void waits(void)
{
    WRITE(sie, 2);
    RUN("csrsi sip, 2");
    RUN("wfi");
    line("sip", READ(sip));
    RUN("csrci sip, 2");
    line("sip", READ(sip));
    WRITE(sie, 0);
}

int main(void)
{
    fields();
    asids();
    not_there();
    misaligned();
    holes();
    waits();
    finish();
}
