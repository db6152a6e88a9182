/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page.h - the layout of the trampoline page, for C and assembly: code from its beginning, and
 * from CPU_SAVE on what has to be known while a guest's page table is in force.
 */
#ifndef PZ_ISA_ENGINE_CPU_PAGE_H
#define PZ_ISA_ENGINE_CPU_PAGE_H

#define CPU_SAVE 0x800 /* x0 to x31, at their number times four; then: */
#define CPU_GUEST_SATP 0x80
#define CPU_OWN_SATP 0x84
#define CPU_OWN_SP 0x88

#endif
