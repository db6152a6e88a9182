/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box_time.c - CPU time: counted exactly, whenever a CPU changes between the scheduler and a
 * process; limited for each period. Who has used up the time of his box waits for the next period
 * when he enters the kernel: at a tick or at a call. So a box can overdraw a period by a tick for
 * each of the CPUs that it runs on, and that comes off the next ones.
 */
#include "../kernel/riscv.h"
#include "../kernel/sched.h"
#include "../kernel/timer.h"
#include "box.h"

static uint64_t since[MAX_CPUS]; /* when each CPU began to run its process */
static uint32_t ticks_per_ms;

void WRAP(timer_init)(uint32_t timebase);
void REAL(timer_init)(uint32_t timebase);
void WRAP(switch_context)(struct context *from, const struct context *to);
void REAL(switch_context)(struct context *from, const struct context *to);
void WRAP(sched_yield)(void);
void REAL(sched_yield)(void);

void WRAP(timer_init)(uint32_t timebase)
{
    ticks_per_ms = timebase / 1000;
    REAL(timer_init)(timebase);
}

/* With the scheduler's lock. From the scheduler to a process, or back. */
void WRAP(switch_context)(struct context *from, const struct context *to)
{
    struct cpu *me = cpu_this();
    uint64_t *start = &since[me - cpus], now = read_time();
    struct box *b = box_of(me->proc);

    if (from != &me->context) {
        b = b ? b : &boxes[0];
        b->cpu += now - *start;
        b->period_cpu += now - *start;
    }
    *start = now;
    REAL(switch_context)(from, to);
}

/* What was used beyond the period's share is taken off the next ones. */
static void next_periods(struct box *b, uint64_t now, uint32_t share, uint32_t period)
{
    while (now - b->period >= period) {
        b->period = b->period_cpu ? b->period + period : now;
        b->period_cpu -= b->period_cpu < share ? b->period_cpu : share;
    }
}

/* How long the caller's box has to wait, in ms; 0: it may go on. */
static uint32_t must_wait(struct box *b)
{
    uint32_t period = BOX_PERIOD_MS * ticks_per_ms;
    uint32_t share = period / BOX_CPU_WHOLE * b->config.cpu, wait = 0;
    uint64_t now = read_time();

    sched_lock();
    next_periods(b, now, share, period);
    if (b->period_cpu + (now - since[cpu_this() - cpus]) >= share) {
        wait = (uint32_t)(b->period + period - now) / ticks_per_ms + 1;
        b->throttled++;
    }
    sched_unlock();
    return wait;
}

void box_time_check(void)
{
    struct box *b = box_current();
    uint32_t wait;

    while (b && b->config.cpu && !current->killed && (wait = must_wait(b)) > 0)
        timer_sleep_ms(wait);
}

/* A tick has ended the turn of the program that was running. */
void WRAP(sched_yield)(void)
{
    REAL(sched_yield)();
    box_time_check();
}
