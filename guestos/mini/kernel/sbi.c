/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sbi.c - the firmware's console, timer, harts and power switch, by the newest call that it has.
 */
#include "sbi.h"

#include "memlayout.h"
#include "riscv.h"

enum {
    EXT_BASE = 0x10,
    EXT_TIME = 0x54494d45,
    EXT_DEBUG_CONSOLE = 0x4442434e,
    EXT_HART_STATE = 0x48534d,
    EXT_IPI = 0x735049,
    EXT_REMOTE_FENCE = 0x52464e43,
    EXT_SYSTEM_RESET = 0x53525354,
    EXT_WISHES = 0x0800505a, /* Page Zero's own */

    BASE_PROBE_EXTENSION = 3,
    TIME_SET_TIMER = 0,
    CONSOLE_WRITE = 0,
    CONSOLE_READ = 1,
    HART_START = 0,
    HART_STOP = 1,
    IPI_SEND = 0,
    WISHES_HARTS = 0,
    REMOTE_FENCE_I = 0,
    RESET_SYSTEM = 0,
    RESET_TYPE_SHUTDOWN = 0,
    RESET_REASON_NONE = 0,
    RESET_REASON_FAILURE = 1,

    /* Legacy extensions: the number says all, the result is in a0. */
    LEGACY_SET_TIMER = 0,
    LEGACY_PUTCHAR = 1,
    LEGACY_GETCHAR = 2,
    LEGACY_SHUTDOWN = 8,
};

static bool has_time, has_debug_console, has_system_reset, has_smp;

struct sbi_result sbi_call(uint32_t ext, uint32_t function, uint32_t arg0, uint32_t arg1,
                           uint32_t arg2)
{
    register uint32_t a0 asm("a0") = arg0;
    register uint32_t a1 asm("a1") = arg1;
    register uint32_t a2 asm("a2") = arg2;
    register uint32_t a6 asm("a6") = function;
    register uint32_t a7 asm("a7") = ext;

    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return (struct sbi_result){(int32_t)a0, a1};
}

static bool probe(uint32_t ext)
{
    struct sbi_result r = sbi_call(EXT_BASE, BASE_PROBE_EXTENSION, ext, 0, 0);

    return r.error == 0 && r.value != 0;
}

void sbi_init(void)
{
    has_time = probe(EXT_TIME);
    has_debug_console = probe(EXT_DEBUG_CONSOLE);
    has_system_reset = probe(EXT_SYSTEM_RESET);
    has_smp = probe(EXT_HART_STATE) && probe(EXT_IPI) && probe(EXT_REMOTE_FENCE);
}

/* The debug console takes physical addresses, and may take less than it was given. */
static void debug_console_write(const char *text, uint32_t n)
{
    while (n > 0) {
        struct sbi_result r =
            sbi_call(EXT_DEBUG_CONSOLE, CONSOLE_WRITE, n, virt_to_phys(text), 0);

        if (r.error != 0)
            return; /* nowhere left to complain */
        text += r.value;
        n -= r.value;
    }
}

void sbi_console_write(const char *text, uint32_t n)
{
    if (has_debug_console) {
        debug_console_write(text, n);
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        sbi_call(LEGACY_PUTCHAR, 0, (unsigned char)text[i], 0, 0);
}

uint32_t sbi_console_read(char *buffer, uint32_t n)
{
    uint32_t got = 0;

    if (has_debug_console) {
        struct sbi_result r =
            sbi_call(EXT_DEBUG_CONSOLE, CONSOLE_READ, n, virt_to_phys(buffer), 0);

        return r.error == 0 ? r.value : 0;
    }
    while (got < n) {
        int32_t c = sbi_call(LEGACY_GETCHAR, 0, 0, 0, 0).error;

        if (c < 0)
            break;
        buffer[got++] = (char)c;
    }
    return got;
}

void sbi_set_timer(uint64_t when)
{
    uint32_t low = (uint32_t)when, high = (uint32_t)(when >> 32);

    if (has_time)
        sbi_call(EXT_TIME, TIME_SET_TIMER, low, high, 0);
    else
        sbi_call(LEGACY_SET_TIMER, 0, low, high, 0);
}

bool sbi_has_smp(void)
{
    return has_smp;
}

bool sbi_hart_start(uint32_t hart, uint32_t pa, uint32_t argument)
{
    return sbi_call(EXT_HART_STATE, HART_START, hart, pa, argument).error == 0;
}

void sbi_hart_stop(void)
{
    sbi_call(EXT_HART_STATE, HART_STOP, 0, 0, 0);
}

uint32_t sbi_wanted_harts(void)
{
    struct sbi_result r = sbi_call(EXT_WISHES, WISHES_HARTS, 0, 0, 0);

    return r.error == 0 ? r.value : 0;
}

void sbi_send_ipi(uint32_t harts)
{
    sbi_call(EXT_IPI, IPI_SEND, harts, 0, 0);
}

void sbi_remote_fence_i(uint32_t harts)
{
    sbi_call(EXT_REMOTE_FENCE, REMOTE_FENCE_I, harts, 0, 0);
}

void sbi_shutdown(bool failed)
{
    uint32_t reason = failed ? RESET_REASON_FAILURE : RESET_REASON_NONE;

    if (has_system_reset)
        sbi_call(EXT_SYSTEM_RESET, RESET_SYSTEM, RESET_TYPE_SHUTDOWN, reason, 0);
    sbi_call(LEGACY_SHUTDOWN, 0, 0, 0, 0);
    for (;;)
        wfi();
}
