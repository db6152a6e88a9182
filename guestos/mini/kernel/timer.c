/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.c - counts ticks, wakes sleepers and looks for console input. That a tick also ends a
 * process's turn is trap.c's business.
 */
#include "timer.h"

#include "console.h"
#include "mini/abi.h"
#include "proc.h"
#include "riscv.h"
#include "sbi.h"

enum { TICKS_PER_SECOND = 1000 / TICK_MS };

static uint32_t ticks;
static uint32_t interval; /* of `time` from tick to tick */
static uint64_t next_tick;

void timer_init(uint32_t timebase)
{
    interval = timebase / TICKS_PER_SECOND;
    next_tick = read_time() + interval;
    sbi_set_timer(next_tick);
    csr_set(sie, SIE_STIE);
}

/* Ticks that we were too late for are counted, but not made up for by extra interrupts. */
void timer_tick(void)
{
    uint64_t now = read_time();

    for (; next_tick <= now; next_tick += interval)
        ticks++;
    sbi_set_timer(next_tick);
    sched_wakeup(&ticks);
    console_poll();
}

uint32_t timer_uptime_ms(void)
{
    return ticks * TICK_MS;
}

/* One tick more than asked: the current one is already partly over. */
int timer_sleep_ms(uint32_t ms)
{
    uint32_t wanted = ms / TICK_MS + (ms % TICK_MS != 0) + (ms != 0);
    uint32_t start = ticks;

    while (ticks - start < wanted) {
        if (current->killed)
            return -EINTR;
        sched_sleep(&ticks);
    }
    return 0;
}
