/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtc.h - the Goldfish real-time clock, in virtual time: nanoseconds advance with `time`, from
 * RTC_START at reset. It never shows the host's clock.
 */
#ifndef PZ_VMM_BOARD_RTC_H
#define PZ_VMM_BOARD_RTC_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/board/state.h"

#define RTC_START 1767225600u /* seconds since 1970: 2026-01-01, 00:00 UTC */

struct rtc {
    uint64_t offset;    /* nanoseconds at `time` 0 */
    uint64_t alarm;     /* when it interrupts */
    uint32_t time_high; /* the high half, latched when the low half is read */
    uint8_t running;    /* an alarm is set */
    uint8_t pending;    /* the alarm has fired; not acknowledged yet */
    uint8_t enabled;
};

extern const struct state_field rtc_state[];

void rtc_reset(struct rtc *rtc);

/* Words at multiples of 4; `time` in ticks. */
uint32_t rtc_load(struct rtc *rtc, uint32_t offset, uint64_t time);
void rtc_store(struct rtc *rtc, uint32_t offset, uint32_t value, uint64_t time);

/* Fire the alarm if due at `time`. Returns the tick at which to check again; UINT64_MAX: never. */
uint64_t rtc_advance(struct rtc *rtc, uint64_t time);

/* The state of its interrupt line. */
static inline bool rtc_pending(const struct rtc *rtc)
{
    return rtc->pending && rtc->enabled;
}

#endif
