/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * near.S - into a guest and out of it where the monitor is mapped beside it: no table is switched.
 * The save area is the one beside the guest (page.h).
 *
 * The way out has a short cut. What traps most often are a kernel's instructions that read or
 * write a CSR of which the virtual hart only keeps the value. quick.h has noted those that have
 * trapped, by their bits: for such a one nothing but six registers is saved, the value is
 * exchanged, and the guest goes on. It takes CPU_QUICK_COST instructions. A program's ECALL and
 * the SRET that returns to it are among the noted: between them the hart changes its mode, and
 * the table with it. All that can fail fails after the same number of instructions, so any other
 * exit takes always as many more.
 */
#include "isa/engine/cpu/page.h"

    .text
    .global cpu_near, cpu_near_exit, cpu_quick_sources, cpu_quick_targets
    .global cpu_quick_call, cpu_quick_return
    .balign 4
cpu_near:                           # a0: the save area; the guest's table maps it there, too
    csrw  sscratch, a0
    .irp  n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    lw    x\n, \n * 4(a0)
    .endr
    lw    a0, 10 * 4(a0)
    sret

    .option push
    .option norvc                   # so that four bytes are an instruction
    .balign 4
cpu_near_exit:                      # stvec, then
    csrrw a0, sscratch, a0
    beqz  a0, 2f                    # sscratch is 0 while the monitor runs: its own trap
    .if   . - cpu_near_exit != CPU_NEAR_FIRST
    .error "CPU_NEAR_FIRST is another"
    .endif
    .irp  n, 5, 6, 7, 28, 29, 30    # t0 to t5
    sw    x\n, \n * 4(a0)
    .endr
    csrr  t0, scause
    sw    t0, CPU_CAUSE(a0)         # to be read again, these would trap again in a VM
    csrr  t1, stval
    sw    t1, CPU_TVAL(a0)
    lui   t2, CPU_HASH_FACTOR >> 12
    addi  t2, t2, CPU_HASH_FACTOR & 0x7ff
    mul   t2, t1, t2
    srli  t2, t2, 32 - CPU_QUICK_BITS
    slli  t2, t2, CPU_QUICK_SHIFT
    add   t2, t2, a0                # what is known of an instruction with this hash
    lw    t3, CPU_QUICK + CPU_QUICK_RAW(t2)
    lw    t4, CPU_EXPECTED(a0)
    xor   t3, t3, t1
    xor   t0, t0, t4
    or    t3, t3, t0                # not 0: another instruction, or not for the short cut
    lw    t4, CPU_QUICK + CPU_QUICK_SOURCE(t2)
    bltz  t4, 3f                    # no offset: to a stub, or cpu_quick_call, or cpu_quick_return
    add   t4, t4, a0
    lw    t4, 0(t4)
    nop                             # the way by a stub is as long
found:                              # t4: the value to write
    lw    t0, CPU_QUICK + CPU_QUICK_FIELD(t2)
    lw    t1, CPU_HART(a0)
    add   t1, t1, t0
    lw    t0, 0(t1)                 # the value that the CSR has
    lw    t5, CPU_QUICK + CPU_QUICK_WRITES(t2)
    xor   t4, t4, t0
    and   t4, t4, t5                # the bits that change
    lw    t5, CPU_QUICK + CPU_QUICK_DECIDES(t2)
    and   t5, t4, t5
    or    t3, t3, t5                # not 0: nor if the monitor has to act on one
    bnez  t3, 1f
failed:
    xor   t4, t4, t0
    sw    t4, 0(t1)
    csrr  t1, sepc
    addi  t1, t1, 4
    csrw  sepc, t1
    lw    t1, CPU_TRIPS(a0)
    addi  t1, t1, 1
    sw    t1, CPU_TRIPS(a0)
    lw    t4, CPU_QUICK + CPU_QUICK_TARGET(t2)
    bltz  t4, 3f
    add   t4, t4, a0
    sw    t0, 0(t4)                 # t0: the value that was read
    nop
end:
    sc.w  zero, zero, (a0)          # as below
    .irp  n, 5, 6, 7, 28, 29, 30
    lw    x\n, \n * 4(a0)
    .endr
    csrrw a0, sscratch, a0
    .if   . - cpu_near_exit != CPU_NEAR_SRET
    .error "CPU_NEAR_SRET is another"
    .endif
    sret
gone:
    .if   (. - cpu_near_exit) / 4 != CPU_QUICK_COST
    .error "CPU_QUICK_COST is another"
    .endif

1:  .irp  n, 1, 2, 3, 4, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, \
             27, 31
    sw    x\n, \n * 4(a0)
    .endr
    .if   . - cpu_near_exit != CPU_NEAR_SAVED
    .error "CPU_NEAR_SAVED is another"
    .endif
    sc.w  zero, zero, (a0)          # no reservation outlives a stay (x0's place is free)
    csrrw t0, sscratch, zero
    sw    t0, 10 * 4(a0)
    j     cpu_back
2:  la    t0, cpu_own_trap
    jr    t0

    .if   . - cpu_near_exit != CPU_NEAR_STUBS
    .error "CPU_NEAR_STUBS is another"
    .endif
3:  jr    t4

    # For each register that is not in the save area, at CPU_QUICK_STUB bytes times its number: its
    # value to t4; t0 to it.
cpu_quick_sources:
    .irp  n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, \
             23, 24, 25, 26, 27, 28, 29, 30, 31
    .if   \n == 10
    csrr  t4, sscratch
    .else
    mv    t4, x\n
    .endif
    j     found
    .endr
cpu_quick_targets:
    .irp  n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, \
             23, 24, 25, 26, 27, 28, 29, 30, 31
    .if   \n == 10
    csrw  sscratch, t0
    .else
    mv    x\n, t0
    .endif
    j     end
    .endr
    .if   . - cpu_quick_targets != 32 * CPU_QUICK_STUB
    .error "CPU_QUICK_STUB is another"
    .endif

    # These begin as the stubs do, with t0, t1, t2 and t3 as there. Up to the branch they change
    # nothing, and take as many instructions as it is from a stub to the other one.
cpu_quick_call:                     # a program's ECALL: to its kernel
    lw    t0, CPU_CAUSE(a0)         # not an instruction of which the CPU gives no bits
    xori  t0, t0, CPU_CAUSE_CALL
    or    t3, t3, t0
    lw    t1, CPU_OTHER_SATP(a0)
    seqz  t0, t1
    or    t3, t3, t0
    lw    t2, CPU_HART(a0)
    lw    t0, CPU_HART_SSTATUS(t2)
    andi  t4, t0, CPU_SIE
    slli  t4, t4, 4                 # where SPIE is
    andi  t0, t0, ~(CPU_SIE | CPU_SPIE | CPU_SPP)
    or    t0, t0, t4
    bnez  t3, 1b
    .if   . - cpu_quick_call != failed - found + 2 * 4   # 2: a stub
    .error "cpu_quick_call fails elsewhere"
    .endif
    sw    t0, CPU_HART_SSTATUS(t2)
    csrr  t0, sepc
    sw    t0, CPU_HART_SEPC(t2)
    li    t4, CPU_CAUSE_CALL
    sw    t4, CPU_HART_SCAUSE(t2)
    sw    zero, CPU_HART_STVAL(t2)
    lw    t0, CPU_HART_STVEC(t2)
    andi  t0, t0, ~3
    csrw  sepc, t0
    lw    t0, CPU_CALLS(a0)
    addi  t0, t0, 1
    sw    t0, CPU_CALLS(a0)
    li    t0, CPU_SUPERVISOR
    li    t4, CPU_CAUSE_INSN
cross:                              # t0: the new mode; t4: the cause that is expected in it
    sb    t0, CPU_HART_MODE(t2)
    sb    zero, CPU_HART_RESERVED(t2)
    sw    t4, CPU_EXPECTED(a0)
    lw    t0, CPU_GUEST_SATP(a0)
    sw    t0, CPU_OTHER_SATP(a0)
    sw    t1, CPU_GUEST_SATP(a0)
    csrw  satp, t1
    j     end
crossed:
    .if   found - 2 * 4 - cpu_near_exit + crossed - cpu_quick_call + gone - end != CPU_CALL_COST * 4
    .error "CPU_CALL_COST is another"
    .endif

cpu_quick_return:                   # an SRET
    lw    t1, CPU_OTHER_SATP(a0)
    seqz  t0, t1
    or    t3, t3, t0
    lw    t2, CPU_HART(a0)
    lw    t0, CPU_HART_SIP(t2)
    lw    t4, CPU_HART_SIE(t2)
    and   t4, t4, t0
    or    t3, t3, t4                # not 0: an interrupt is pending
    lw    t0, CPU_HART_SSTATUS(t2)
    andi  t4, t0, CPU_SPP
    or    t3, t3, t4                # not 0: nor does it lead to a program
    andi  t4, t0, CPU_SPIE
    bnez  t3, 1b
    .if   . - cpu_quick_return != failed - found + 2 * 4
    .error "cpu_quick_return fails elsewhere"
    .endif
    srli  t4, t4, 4                 # where SIE is
    andi  t0, t0, ~CPU_SIE
    or    t0, t0, t4
    ori   t0, t0, CPU_SPIE
    sw    t0, CPU_HART_SSTATUS(t2)
    lw    t0, CPU_HART_SEPC(t2)
    csrw  sepc, t0
    lw    t0, CPU_RETURNS(a0)
    addi  t0, t0, 1
    sw    t0, CPU_RETURNS(a0)
    li    t0, CPU_USER
    li    t4, CPU_CAUSE_CALL
    j     cross
    .if   found - 2 * 4 - cpu_near_exit + . - cpu_quick_return + crossed - cross + gone - end != \
          CPU_RETURN_COST * 4
    .error "CPU_RETURN_COST is another"
    .endif
    .if   . - cpu_near_exit != CPU_NEAR_END
    .error "CPU_NEAR_END is another"
    .endif
    .option pop
