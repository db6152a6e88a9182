/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.h - the tick, 100 times a second, on each CPU.
 */
#ifndef MINI_TIMER_H
#define MINI_TIMER_H

#include <stdbool.h>
#include <stdint.h>

void timer_init(uint32_t timebase);

/* On each other CPU: from now on it has ticks. */
void timer_start(void);

/* The timer interrupt. False: another CPU has counted this tick, or it is not due yet. */
bool timer_tick(void);

uint32_t timer_uptime_ms(void);

/* Sleep at least that long; 0, or -EINTR when killed meanwhile. */
int timer_sleep_ms(uint32_t ms);

#endif
