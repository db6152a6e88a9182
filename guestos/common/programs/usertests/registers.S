/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * registers.S - void run_with_registers(const uint32_t *x, uint32_t *out, uint32_t spins) Loads
 * x3..x31 from x[], makes a system call that fails (its result is not compared: a0 is loaded
 * again), spins so that a tick may come, and stores what the registers hold then to out[]. t0
 * (x5) counts, and ra and sp are needed: these three are not compared.
 */
#define FRAME 80
#define NO_SUCH_CALL 0

    .text
    .global run_with_registers
run_with_registers:
    addi  sp, sp, -FRAME
    .irp  n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sw    s\n, \n * 4(sp)
    .endr
    sw    gp, 48(sp)
    sw    tp, 52(sp)
    sw    a1, 56(sp)
    sw    a0, 60(sp)
    sw    a2, 64(sp)

    mv    t0, a0
    .irp  n, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24, 25, 26, \
             27, 28, 29, 30, 31
    lw    x\n, \n * 4(t0)
    .endr
    li    a7, NO_SUCH_CALL
    ecall
    lw    t0, 60(sp)
    lw    a0, 10 * 4(t0)
    lw    a7, 17 * 4(t0)
    lw    t0, 64(sp)
1:  addi  t0, t0, -1
    bnez  t0, 1b

    lw    t0, 56(sp)
    .irp  n, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, \
             26, 27, 28, 29, 30, 31
    sw    x\n, \n * 4(t0)
    .endr
    .irp  n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    lw    s\n, \n * 4(sp)
    .endr
    lw    gp, 48(sp)
    lw    tp, 52(sp)
    addi  sp, sp, FRAME
    ret
