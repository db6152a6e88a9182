/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn_cpu.h - the library's CPU as `unicorn` uses it: memory, registers, user mode under a
 * page table, run and stop. The only header that knows the library. unicorn_run.c decides what to
 * count, when to stop and what a trap means.
 */
#ifndef PZ_ISA_ENGINE_UNICORN_CPU_H
#define PZ_ISA_ENGINE_UNICORN_CPU_H

#include "isa/engine/engine.h"
#include "isa/engine/unicorn_error.h"
#include "isa/engine/unicorn_library.h"

#define UNICORN_REGISTERS 32 /* x1..x31, then pc */

/* Callbacks while the CPU runs. They may only record, and stop it. */
struct unicorn_hooks {
    uc_cb_hookcode_t block;        /* a block is about to run: its address and bytes */
    uc_cb_hookintr_t trap;         /* an instruction trapped: pc is 4 past it */
    uc_hook_edge_gen_t translated; /* a block was translated, for the first time or again */
    void *owner;
};

struct unicorn_cpu {
    uc_engine *uc;
    uc_context *machine_mode; /* the CPU before its first MRET */
    bool broken;              /* the library failed where it must not: run nothing on it */

    uint8_t *ram;
    uint64_t size;
    struct unicorn_hooks hooks;

    bool in_user_mode; /* under `root`, with nothing left to drop */
    bool entering;     /* on its way there: the next block is the MRET */
    uint32_t root;

    uint32_t x[32]; /* what the CPU's registers hold while it is stopped */
    uint32_t pc;
    void *slots[UNICORN_REGISTERS]; /* where the library puts the registers: x[1].., pc */

    uint8_t *beyond; /* host memory for [size of RAM, 4 GiB): not RAM, reads as zero */
    uint64_t beyond_size;
};

/* On failure, close it anyway. The caller has checked `ram`. */
enum unicorn_error unicorn_cpu_open(struct unicorn_cpu *cpu, uint8_t *ram, uint64_t size,
                                    const struct unicorn_hooks *hooks) PZ_MUST_CHECK;
void unicorn_cpu_close(struct unicorn_cpu *cpu);

/* Replace it by a new one that has translated nothing yet. */
void unicorn_cpu_renew(struct unicorn_cpu *cpu);

/*
 * Run the hart in user mode under `root` until a hook stops the CPU or the library gives up.
 * x1..x31 and pc of the hart are then those of the CPU.
 */
uc_err unicorn_cpu_run(struct unicorn_cpu *cpu, struct hart *hart, uint32_t root);

/* Drop translations of virtual addresses before the next run. */
void unicorn_cpu_drop(struct unicorn_cpu *cpu);

/* Drop code translated from [pa, pa + len) now. All of it is RAM. */
void unicorn_cpu_forget_code(struct unicorn_cpu *cpu, uint64_t pa, uint64_t len);

#endif
