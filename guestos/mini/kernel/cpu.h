/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu.h - what each CPU (hart) has for itself. The kernel keeps the address of it in tp;
 * programs have a tp of their own, so trapentry.S changes it on the way in and out. Read by
 * boot.S too.
 */
#ifndef MINI_CPU_H
#define MINI_CPU_H

#define CPU_STACK_TOP 0 /* where boot.S finds stack_top */
#define CPU_PARA 4      /* where paraentry.S finds para */

#ifndef __ASSEMBLER__

#include <stdint.h>

struct proc;

enum {
    MAX_CPUS = 8,
    MAX_HART = 31, /* the highest number that fits one word of the firmware's hart masks */
};

/* What switch.S preserves, in its order. */
struct context {
    uint32_t ra;
    uint32_t sp;
    uint32_t s[12];
};

/* Called: an idle CPU for which an interrupt is on its way. Stopped: until the host wants it. */
enum cpu_state { CPU_BUSY, CPU_IDLE, CPU_CALLED, CPU_STOPPED };

struct cpu {
    uint8_t *stack_top;     /* of the stack that it starts on, and that its scheduler keeps */
    void *para;             /* what it shares with a monitor; NULL: nothing */
    uint32_t hart;          /* the firmware's number for it */
    struct proc *proc;      /* what it runs; NULL in the scheduler */
    struct context context; /* the scheduler's, while a process runs */
    enum cpu_state state;   /* the scheduler's lock protects it */
    uint32_t held;          /* spin locks: bit n for one of rank n */
    uint32_t ipis;          /* harts to interrupt, once no lock is held */
};

extern struct cpu cpus[MAX_CPUS]; /* the first is the one that booted */
extern uint32_t cpu_count;
extern uint32_t cpu_wanted; /* of these, those from the first on that the host wants */

/* The CPU that asks. It may be another one after each call that sleeps. */
static inline struct cpu *cpu_this(void)
{
    struct cpu *me;

    asm volatile("mv %0, tp" : "=r"(me));
    return me;
}

/* The host does not want this CPU: it stops. It begins as at first if it is started again. */
_Noreturn void cpu_stop(void);

/* Interrupt another CPU, as soon as this one holds no lock. */
void cpu_interrupt(const struct cpu *other);
void cpu_send_ipis(void); /* called by spin_unlock */

/* Make stores up to now visible to instruction fetch, on all CPUs. */
void cpu_fence_i_all(void);

#endif
#endif
