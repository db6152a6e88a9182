/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.h - what QEMU's virt machine looks like from machine mode: the devices that the shim
 * uses, and the machine-level CSR bits (privileged specification 1.12, chapter 3).
 * Read by assembly too.
 */
#ifndef SHIM_MACHINE_H
#define SHIM_MACHINE_H

#define RAM_BASE 0x80000000
#define UART_BASE 0x10000000
#define SIFIVE_TEST_BASE 0x00100000
#define CLINT_MTIMECMP 0x02004000

#define MSTATUS_MPP_MASK 0x1800
#define MSTATUS_MPP_S 0x0800
#define MSTATUS_MPIE 0x0080

#define MIP_STIP 0x020 /* the supervisor's timer interrupt, which we raise by software */
#define MIE_MTIE 0x080 /* our own */

#define MCOUNTEREN_TM 0x2 /* supervisor mode may read time */

/* The supervisor handles all exceptions but its own ECALL (9) and machine mode's (11). */
#define MEDELEG_ALL 0xb1ff
#define MIDELEG_SUPERVISOR 0x222 /* software, timer and external interrupts */

/* One PMP entry over everything: a naturally aligned power of two with all rights. */
#define PMPCFG_NAPOT_RWX 0x1f

#define MCAUSE_ECALL_S 9
#define MCAUSE_TIMER 0x80000007

#define TRAPFRAME_SIZE 128 /* x1..x31 at their number times four */

#endif
