/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtc.h - the Goldfish real-time clock, in virtual time: nanoseconds that pass with `time`, from
 * RTC_START on at reset. It never shows the host's clock.
 */
#ifndef PZ_VMM_BOARD_RTC_H
#define PZ_VMM_BOARD_RTC_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/board/state.h"

#define RTC_START 1767225600u /* seconds since 1970: 2026-01-01, 00:00 UTC */

struct rtc {
    uint64_t offset;    /* nanoseconds at `time` 0 */
    uint64_t alarm;     /* at which it interrupts */
    uint32_t time_high; /* as it was when the low half was read */
    uint8_t running;    /* there is an alarm to come */
    uint8_t pending;    /* it has come, and was not acknowledged */
    uint8_t enabled;
};

extern const struct state_field rtc_state[];

void rtc_reset(struct rtc *rtc);

/* Words at multiples of 4; `time` in ticks. */
uint32_t rtc_load(struct rtc *rtc, uint32_t offset, uint64_t time);
void rtc_store(struct rtc *rtc, uint32_t offset, uint32_t value, uint64_t time);

/*
 * It is `time` now: has the alarm come? Returns the tick at which to look again, UINT64_MAX:
 * never.
 */
uint64_t rtc_advance(struct rtc *rtc, uint64_t time);

/* Its interrupt line. */
static inline bool rtc_pending(const struct rtc *rtc)
{
    return rtc->pending && rtc->enabled;
}

#endif
