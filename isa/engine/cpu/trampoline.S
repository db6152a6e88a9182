/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trampoline.S - into a guest and out of it. RISC-V does not change page tables at a trap, so these
 * instructions, and the registers that they save, are in a page that guest's and monitor's page
 * tables map at one address. cpu.c copies the code there; it knows no address but a0's.
 */
#include "isa/engine/cpu/page.h"

    .section .text.cpu, "ax"
    .global cpu_code, cpu_code_exit, cpu_code_end
    .balign 4
cpu_code:                           # a0: CPU_SAVE of the page, where both tables map it
    lw    t0, CPU_GUEST_SATP(a0)
    csrw  satp, t0
    csrw  sscratch, a0
    .irp  n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    lw    x\n, \n * 4(a0)
    .endr
    lw    a0, 10 * 4(a0)
    sret

    .balign 4
cpu_code_exit:                      # stvec: a trap of the guest's
    csrrw a0, sscratch, a0
    beqz  a0, 1f                    # sscratch is 0 while the monitor runs: its own trap
    .irp  n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    sw    x\n, \n * 4(a0)
    .endr
    sc.w  zero, zero, (a0)          # no reservation outlives a stay (x0's place is free)
    csrrw t0, sscratch, zero
    sw    t0, 10 * 4(a0)
    lw    t0, CPU_OWN_SATP(a0)
    csrw  satp, t0
    lui   t1, %hi(cpu_back)
    addi  t1, t1, %lo(cpu_back)
    jr    t1
1:  lui   t1, %hi(cpu_own_trap)
    addi  t1, t1, %lo(cpu_own_trap)
    jr    t1
cpu_code_end:

    .text
    .global cpu_loop, cpu_switch, cpu_back
    .balign 4
cpu_loop:                           # for cpu.c to try how long the way is
    j     cpu_loop

    .balign 4
cpu_switch:                         # a0: a save area; a1: cpu_near, or cpu_code where it is mapped
    addi  sp, sp, -64
    sw    ra, 0(sp)
    .irp  n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sw    s\n, 4 + \n * 4(sp)
    .endr
    sw    sp, CPU_OWN_SP(a0)
    jr    a1

cpu_back:                           # a0: as above; all else is the guest's
    lw    sp, CPU_OWN_SP(a0)
    lw    ra, 0(sp)
    .irp  n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    lw    s\n, 4 + \n * 4(sp)
    .endr
    addi  sp, sp, 64
    ret
