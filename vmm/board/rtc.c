/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtc.c - the registers of QEMU's goldfish_rtc, as Linux's driver of that name uses them: the low
 * half of a 64-bit value is read first and written last. A write changes only that half.
 */
#include "vmm/board/rtc.h"

#include "vmm/board/board.h"

enum rtc_register {
    RTC_TIME_LOW = 0x00,
    RTC_TIME_HIGH = 0x04,
    RTC_ALARM_LOW = 0x08,
    RTC_ALARM_HIGH = 0x0c,
    RTC_IRQ_ENABLED = 0x10,
    RTC_CLEAR_ALARM = 0x14,
    RTC_ALARM_STATUS = 0x18,
    RTC_CLEAR_INTERRUPT = 0x1c,
};

#define NS_PER_TICK (1000000000u / BOARD_TIMEBASE_HZ)

const struct state_field rtc_state[] = {
    STATE_FIELD(struct rtc, offset),
    STATE_FIELD(struct rtc, alarm),
    STATE_FIELD(struct rtc, time_high),
    STATE_FIELD(struct rtc, running),
    STATE_FIELD(struct rtc, pending),
    STATE_FIELD(struct rtc, enabled),
    STATE_END,
};

void rtc_reset(struct rtc *rtc)
{
    *rtc = (struct rtc){.offset = RTC_START * 1000000000ull};
}

static uint64_t now_ns(const struct rtc *rtc, uint64_t time)
{
    return rtc->offset + time * NS_PER_TICK;
}

uint64_t rtc_advance(struct rtc *rtc, uint64_t time)
{
    uint64_t now = now_ns(rtc, time), ticks;

    if (rtc->running && rtc->alarm <= now) {
        rtc->running = false;
        rtc->pending = true;
    }
    if (!rtc->running)
        return BOARD_NEVER;
    ticks = (rtc->alarm - now - 1) / NS_PER_TICK + 1;
    return ticks < BOARD_NEVER - time ? time + ticks : BOARD_NEVER;
}

static uint32_t load_time(struct rtc *rtc, uint64_t time)
{
    uint64_t now = now_ns(rtc, time);

    rtc->time_high = (uint32_t)(now >> 32);
    return (uint32_t)now;
}

uint32_t rtc_load(struct rtc *rtc, uint32_t offset, uint64_t time)
{
    switch ((enum rtc_register)offset) {
    case RTC_TIME_LOW: return load_time(rtc, time);
    case RTC_TIME_HIGH: return rtc->time_high;
    case RTC_ALARM_LOW: return (uint32_t)rtc->alarm;
    case RTC_ALARM_HIGH: return (uint32_t)(rtc->alarm >> 32);
    case RTC_IRQ_ENABLED: return rtc->enabled;
    case RTC_ALARM_STATUS: return rtc->running;
    case RTC_CLEAR_ALARM:
    case RTC_CLEAR_INTERRUPT: break;
    }
    return 0;
}

static uint64_t with_low(uint64_t value, uint32_t low)
{
    return value >> 32 << 32 | low;
}

static uint64_t with_high(uint64_t value, uint32_t high)
{
    return (uint64_t)high << 32 | (uint32_t)value;
}

void rtc_store(struct rtc *rtc, uint32_t offset, uint32_t value, uint64_t time)
{
    uint64_t now = now_ns(rtc, time);

    switch ((enum rtc_register)offset) {
    case RTC_TIME_LOW: rtc->offset += with_low(now, value) - now; break;
    case RTC_TIME_HIGH: rtc->offset += with_high(now, value) - now; break;
    case RTC_ALARM_LOW:
        rtc->alarm = with_low(rtc->alarm, value);
        rtc->running = true;
        break;
    case RTC_ALARM_HIGH: rtc->alarm = with_high(rtc->alarm, value); break;
    case RTC_IRQ_ENABLED: rtc->enabled = value & 1; break;
    case RTC_CLEAR_ALARM: rtc->running = false; break;
    case RTC_CLEAR_INTERRUPT: rtc->pending = false; break;
    case RTC_ALARM_STATUS: break;
    }
}
