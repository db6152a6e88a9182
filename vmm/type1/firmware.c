/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * firmware.c - SBI calls (specification 2.0) from the supervisor's side.
 */
#include "vmm/type1/firmware.h"

#include <stddef.h>

#include "vmm/board/sbi_nested.h"

enum {
    LEGACY_SET_TIMER = 0,
    LEGACY_PUTCHAR = 1,
    LEGACY_GETCHAR = 2,
    LEGACY_SHUTDOWN = 8,
    BASE = 0x10,
    BASE_PROBE = 3,
    TIME = 0x54494d45,
    CONSOLE = 0x4442434e,
    CONSOLE_WRITE = 0,
    CONSOLE_READ = 1,
    RESET = 0x53525354,
};

struct result {
    int32_t error;
    uint32_t value;
};

static struct result call(uint32_t extension, uint32_t function, uint32_t arg0, uint32_t arg1,
                          uint32_t arg2)
{
    register uint32_t a0 __asm__("a0") = arg0;
    register uint32_t a1 __asm__("a1") = arg1;
    register uint32_t a2 __asm__("a2") = arg2;
    register uint32_t a6 __asm__("a6") = function;
    register uint32_t a7 __asm__("a7") = extension;

    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return (struct result){(int32_t)a0, a1};
}

static bool offers(uint32_t extension)
{
    struct result result = call(BASE, BASE_PROBE, extension, 0, 0);

    return !result.error && result.value;
}

/* The only state of this file: the features of the firmware. */
static struct {
    bool time, console, reset;
} has;

void firmware_init(void)
{
    has.time = offers(TIME);
    has.console = offers(CONSOLE);
    has.reset = offers(RESET);
}

void firmware_write(const char *bytes, uint32_t len)
{
    while (has.console && len) {
        struct result result = call(CONSOLE, CONSOLE_WRITE, len, (uint32_t)(uintptr_t)bytes, 0);

        if (result.error || result.value > len)
            break;
        bytes += result.value;
        len -= result.value;
    }
    while (len--)
        (void)call(LEGACY_PUTCHAR, 0, (uint8_t)*bytes++, 0, 0);
}

void firmware_puts(const char *text)
{
    uint32_t len = 0;

    while (text[len])
        len++;
    firmware_write(text, len);
}

int firmware_read(void)
{
    char byte;
    struct result result;

    if (!has.console)
        return call(LEGACY_GETCHAR, 0, 0, 0, 0).error;
    result = call(CONSOLE, CONSOLE_READ, 1, (uint32_t)(uintptr_t)&byte, 0);
    return result.error || !result.value ? -1 : (uint8_t)byte;
}

void firmware_alarm(uint64_t time)
{
    (void)call(has.time ? (uint32_t)TIME : (uint32_t)LEGACY_SET_TIMER, 0, (uint32_t)time,
               (uint32_t)(time >> 32), 0);
}

bool firmware_share(void *page)
{
    return offers(SBI_NESTED) && call(SBI_NESTED, SBI_NESTED_PROBE, 0, 0, 0).value &&
           !call(SBI_NESTED, SBI_NESTED_SET_MEMORY, (uint32_t)(uintptr_t)page, 0, 0).error;
}

bool firmware_also(void *page, uint32_t flags)
{
    return !call(SBI_NESTED, SBI_NESTED_SET_MEMORY, (uint32_t)(uintptr_t)page, 0, flags).error;
}

bool firmware_enter(void)
{
    return !call(SBI_NESTED, SBI_NESTED_ENTER, 0, 0, 0).error;
}

_Noreturn void firmware_off(bool failed)
{
    if (has.reset)
        (void)call(RESET, 0, 0, failed, 0);
    for (;;)
        (void)call(LEGACY_SHUTDOWN, 0, 0, 0, 0);
}
