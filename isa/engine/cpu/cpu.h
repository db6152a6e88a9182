/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu.h - the engine that is the CPU it runs on: an RV32 hart in supervisor mode, which runs guests
 * in its own user mode under their shadow page tables. For a monitor with nothing beneath it but
 * the firmware (vmm/type1/).
 *
 * What it cannot keep of the contract (engine.h), as there is no trap on a count of instructions:
 * `retired` counts the ticks of `time` that passed while the guest ran, so runs end near the budget
 * (point 1), never beyond it. On PZ32, whose `time` counts instructions, both are exact. It has no
 * stops, no variants, and does not run harts natively. With a handler, an instruction of a
 * virtual supervisor that has trapped before, and only reads or writes a CSR whose value the hart
 * keeps, is executed where it traps: nobody is asked (points 3 and 7), and engine.emulated counts
 * it. What the handler's owner has to act on is not among these. At a program's ECALL the handler
 * must not read the hart's registers, unless `worlds` is set.
 *
 * Where the firmware does not enter guests, their page tables have to map what runs at a trap, for
 * supervisor mode only. If a guest has nothing at the addresses of the machine's RAM, all of it
 * is mapped in its table as in the monitor's own (entries of level 1 that are leaves:
 * shadow_leaf.h): then the monitor stays in it, and an exit switches no table. As soon as the
 * guest reaches for one of these addresses, they are its own again; from then on its table maps
 * one page of the monitor: the trampoline, somewhere in the last 4 MiB of the address space. Where
 * the guest maps something itself that moves away, so that all addresses stay the guest's. It is
 * planted when the guest is entered and gone when the monitor runs: shadow.c never meets it.
 */
#ifndef PZ_ISA_ENGINE_CPU_CPU_H
#define PZ_ISA_ENGINE_CPU_CPU_H

#include "isa/engine/cpu/state.h"

/*
 * `cpu` is zeroed memory, mapped one to one. RAM [base, base + size), below CPU_REACH, holds the
 * monitor and all machine memory: from here on the CPU translates, and maps all of it one to one.
 * `pool` is the part that is machine memory.
 */
void cpu_init(struct cpu *cpu, const struct cpu_host *host, uint32_t base, uint32_t size,
              const struct phys *pool);

/* What the CPU's satp is for the guest's table `root`; 0: it has no identifier, now. */
uint32_t cpu_satp(struct cpu *cpu, uint32_t root);

/* `time`, of this CPU. To be asked at least once in 2^32 ticks. */
uint64_t cpu_time(struct cpu *cpu);

/* Provided by the program: a trap of the monitor itself. Does not return. */
_Noreturn void cpu_own_trap(void);

#endif
