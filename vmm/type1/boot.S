/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot.S - from the firmware to C: a0 is the hart, a1 the device tree, translation is off. Other
 * harts stay with the firmware.
 */
#define STACK_SIZE 16384

    .section .text.boot, "ax"
    .global type1_start
type1_start:
    lla   sp, stack_top
    lla   t0, cpu_own_trap
    csrw  stvec, t0
    csrw  sie, zero
    lla   t0, bss_start             # C expects zeroed statics
    lla   t1, bss_end
1:  sw    zero, 0(t0)
    addi  t0, t0, 4
    bltu  t0, t1, 1b
    mv    a0, a1
    call  type1_main
2:  j     2b                        # type1_main does not return

    .section .bss
    .balign 16
    .space STACK_SIZE
stack_top:
