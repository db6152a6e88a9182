/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.c - counts ticks and wakes sleepers. What else a tick means, such as the end of a
 * process's turn, is trap.c's business. All CPUs have their ticks at the same times; whichever
 * comes first counts for all.
 */
#include "timer.h"

#include "common/abi.h"
#include "riscv.h"
#include "sbi.h"
#include "sched.h"
#include "spin.h"

enum { TICKS_PER_SECOND = 1000 / TICK_MS };

static struct spinlock lock = SPINLOCK(LOCK_CLOCK);
static uint32_t ticks;
static uint32_t interval; /* of `time` from tick to tick */
static uint64_t next_tick;

/*
 * Ticks that we were too late for are counted, but not made up for by extra interrupts. False:
 * another CPU has counted.
 */
static bool count_ticks(void)
{
    uint64_t now = read_time();
    uint32_t before;
    bool counted;

    spin_lock(&lock);
    before = ticks;
    for (; next_tick <= now; next_tick += interval)
        ticks++;
    sbi_set_timer(next_tick);
    counted = ticks != before;
    spin_unlock(&lock);
    return counted;
}

void timer_init(uint32_t timebase)
{
    interval = timebase / TICKS_PER_SECOND;
    next_tick = read_time() + interval;
    timer_start();
}

void timer_start(void)
{
    timer_tick();
    csr_set(sie, SIE_STIE | SIE_SSIE);
}

bool timer_tick(void)
{
    bool counted = count_ticks();

    if (counted)
        sched_wakeup(&ticks);
    return counted;
}

uint32_t timer_uptime_ms(void)
{
    return ticks * TICK_MS;
}

/* One tick more than asked: the current one is already partly over. */
int timer_sleep_ms(uint32_t ms)
{
    uint32_t wanted = ms / TICK_MS + (ms % TICK_MS != 0) + (ms != 0);
    uint32_t start;
    int error = 0;

    spin_lock(&lock);
    start = ticks;
    while (error == 0 && ticks - start < wanted)
        error = sched_sleep(&ticks, &lock);
    spin_unlock(&lock);
    return error;
}
