/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rtc.c - the Goldfish clock: alarms before and after now, its interrupt, and setting it. */
#include "kit.h"

#define RTC 0x101000u
#define PLIC 0x0c000000u
#define SOURCE 11u
#define SOON 10000000ull /* ns */

enum {
    LOW = 0,
    HIGH = 4,
    ALARM_LOW = 8,
    ALARM_HIGH = 12,
    ENABLED = 16,
    CLEAR_ALARM = 20,
    STATUS = 24,
    CLEAR_INTERRUPT = 28
};

#define CLAIM (*at32(PLIC + 0x201004))

static uint32_t get(uint32_t reg)
{
    return *at32(RTC + reg);
}

static void set(uint32_t reg, uint32_t value)
{
    *at32(RTC + reg) = value;
}

static uint64_t now(void)
{
    uint32_t low = get(LOW);

    return (uint64_t)get(HIGH) << 32 | low;
}

static void alarm(uint64_t when)
{
    set(ALARM_HIGH, (uint32_t)(when >> 32));
    set(ALARM_LOW, (uint32_t)when);
}

static void show(const char *when)
{
    line(when, get(STATUS));
    line("  pending", *at32(PLIC + 0x1000));
}

static void take(void)
{
    line("claim", CLAIM);
    set(CLEAR_INTERRUPT, 1);
    CLAIM = SOURCE;
    show("taken");
}

static void wait_until(uint64_t when)
{
    while (now() < when)
        ;
}

static void past(void)
{
    alarm(1000);
    show("past, not enabled");
    line("alarm", get(ALARM_LOW));
    line("alarm", get(ALARM_HIGH));
    set(ENABLED, 1);
    show("enabled");
    take();
    alarm(now() - 5);
    show("past, enabled");
    take();
}

static void future(void)
{
    uint64_t when = now() + 100 * SOON;

    alarm(when);
    show("future");
    line("as set", get(ALARM_LOW) == (uint32_t)when);
    set(CLEAR_ALARM, 1);
    show("cleared");
    when = now() + SOON;
    alarm(when);
    wait_until(when + SOON);
    show("passed");
    set(ENABLED, 0);
    line("claim", CLAIM);
    CLAIM = SOURCE;
    show("claimed, not enabled");
    set(ENABLED, 1);
    show("enabled again");
    take();
}

static void is_set(void)
{
    set(HIGH, 0x10);
    set(LOW, 0);
    (void)get(LOW);
    line("set", get(HIGH));
    set(HIGH, 0x20);
    (void)get(LOW);
    line("set", get(HIGH));
    set(LOW, 0x80000000);
    line("set", get(LOW) >> 28);
}

int main(void)
{
    uint64_t first = now();

    *at32(PLIC + 4 * SOURCE) = 1;
    *at32(PLIC + 0x2080) = 1u << SOURCE;
    for (uint32_t reg = ALARM_LOW; reg <= CLEAR_INTERRUPT; reg += 4)
        line("reset", get(reg));
    pass(1000);
    line("goes on", now() > first);
    for (uint32_t value = 0; value < 4; value++) {
        set(ENABLED, value);
        line("enabled", get(ENABLED));
    }
    set(ENABLED, 0);
    past();
    future();
    is_set();
    line("half", CAUSE_OF((void)*at16(RTC)));
    line("byte", CAUSE_OF((void)*at8(RTC)));
    finish();
}
