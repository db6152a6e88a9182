/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page.h - for C and assembly, what has to be known while a guest's page table is in force: the
 * save area, of which there are two. One is in the trampoline's page, at CPU_SAVE behind its code;
 * the other, for near.S, is in a page without code: a store to one that has some is expensive on
 * emulators that translate code, as QEMU does.
 */
#ifndef PZ_ISA_ENGINE_CPU_PAGE_H
#define PZ_ISA_ENGINE_CPU_PAGE_H

#define CPU_SAVE 0x800

/* Offsets in a save area. From 0 on: x0 to x31, at their number times four. */
#define CPU_GUEST_SATP 0x80
#define CPU_OWN_SATP 0x84
#define CPU_OWN_SP 0x88

/* For the short cut of near.S, beside the guest only: */
#define CPU_EXPECTED 0x8c /* scause of the traps that may take it; none has all ones */
#define CPU_HART 0x90     /* address of the guest's struct hart; offsets in it are below */
#define CPU_CAUSE 0x94    /* scause and stval of the last trap */
#define CPU_TVAL 0x98
#define CPU_OTHER_SATP 0x9c /* of the hart's other mode; 0: the short cut does not lead there */
#define CPU_TRIPS 0xa0      /* how often it was taken, for a CSR */
#define CPU_CALLS 0xa4      /* for an ECALL of a program's */
#define CPU_RETURNS 0xa8    /* for an SRET to a program */
#define CPU_SINK 0xac       /* where x0 is written */
#define CPU_QUICK 0xc0      /* what is known of instructions, by hash (struct cpu_quick) */
#define CPU_BESIDE (CPU_QUICK + (1 << (CPU_QUICK_BITS + CPU_QUICK_SHIFT))) /* all of it */

/* Found by trying: it keeps apart what traps most in mini, and in Linux. Bit 11 is clear. */
#define CPU_HASH_FACTOR 0x51e4e585
#define CPU_QUICK_BITS 5  /* of the hash */
#define CPU_QUICK_SHIFT 5 /* log2 of the size of a struct cpu_quick; its fields: */
#define CPU_QUICK_RAW 0
#define CPU_QUICK_FIELD 4
#define CPU_QUICK_WRITES 8
#define CPU_QUICK_DECIDES 12
#define CPU_QUICK_SOURCE 16
#define CPU_QUICK_TARGET 20

#define CPU_QUICK_STUB 8   /* bytes of code for a register */
#define CPU_QUICK_COST 61  /* instructions from the trap on, and the return: for a CSR, */
#define CPU_CALL_COST 70   /* an ECALL, */
#define CPU_RETURN_COST 69 /* an SRET */

/* Of isa/hart.h and isa/csr_fields.h, what assembly needs: quick.h compares. */
#define CPU_CAUSE_INSN 2
#define CPU_CAUSE_CALL 8
#define CPU_USER 0
#define CPU_SUPERVISOR 1
#define CPU_SIE 0x2
#define CPU_SPIE 0x20
#define CPU_SPP 0x100
#define CPU_HART_MODE 132
#define CPU_HART_RESERVED 136
#define CPU_HART_SSTATUS 148
#define CPU_HART_SIE 152
#define CPU_HART_SIP 156
#define CPU_HART_STVEC 160
#define CPU_HART_SEPC 168
#define CPU_HART_SCAUSE 172
#define CPU_HART_STVAL 176

/* For debuggers, in bytes from the vector on: where in near.S which registers have been saved. */
#define CPU_NEAR_FIRST 8   /* six instructions, which save t0 to t5 */
#define CPU_NEAR_SRET 240  /* a0 is the guest's again */
#define CPU_NEAR_SAVED 340 /* all are, from here to the stubs, where those six are */
#define CPU_NEAR_STUBS 368
#define CPU_NEAR_END 1128

/* From here on addresses are not mapped one to one, and the vector is the trampoline's. */
#define CPU_REACH 0xffc00000

#endif
