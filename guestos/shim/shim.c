/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shim.c - the firmware's side of SBI (specification 2.0) on QEMU's virt machine: base, timer,
 * debug console and system reset, and the legacy calls for the same. It emulates nothing: every
 * other trap is the supervisor's own, and one that comes here is an error.
 */
#include <stdbool.h>
#include <stdint.h>

#include "machine.h"

enum {
    EXT_LEGACY_SET_TIMER = 0,
    EXT_LEGACY_PUTCHAR = 1,
    EXT_LEGACY_GETCHAR = 2,
    EXT_LEGACY_SHUTDOWN = 8,
    EXT_BASE = 0x10,
    EXT_TIME = 0x54494d45,
    EXT_DEBUG_CONSOLE = 0x4442434e,
    EXT_SYSTEM_RESET = 0x53525354,

    SPEC_VERSION = 2 << 24,     /* 2.0 */
    IMPLEMENTATION_ID = 0x505a, /* none was assigned to us */
    IMPLEMENTATION_VERSION = 1,

    SBI_SUCCESS = 0,
    SBI_ERR_NOT_SUPPORTED = -2,
    SBI_ERR_INVALID_PARAM = -3,
};

/* The numbers of functions within their extensions. */
enum {
    BASE_SPEC_VERSION = 0,
    BASE_IMPLEMENTATION_ID,
    BASE_IMPLEMENTATION_VERSION,
    BASE_PROBE_EXTENSION,
    BASE_MVENDORID,
    BASE_MARCHID,
    BASE_MIMPID,
    CONSOLE_WRITE = 0,
    CONSOLE_READ,
    CONSOLE_WRITE_BYTE,
    RESET_TYPE_SHUTDOWN = 0,
};

/* UART 16550, as QEMU leaves it at reset: usable without set-up. */
enum { UART_DATA = 0, UART_LSR = 5, LSR_DATA_READY = 0x01, LSR_CAN_SEND = 0x20 };

/* The SiFive test device ends QEMU: with exit status 0, or with the one above bit 16. */
enum { TEST_PASS = 0x5555, TEST_FAIL = 0x3333, TEST_CODE_SHIFT = 16 };

enum { REG_A0 = 10, REG_A1 = 11, REG_A2 = 12, REG_A6 = 16, REG_A7 = 17, ECALL_SIZE = 4 };

struct sbi_result {
    int32_t error;
    uint32_t value;
};

void handle_trap(uint32_t *x); /* called by start.S */

extern char shim_end[]; /* what is below belongs to us, see shim.ld */

#define csr_read(csr)                                                                          \
    ({                                                                                         \
        uint32_t csr_value;                                                                    \
        asm volatile("csrr %0, " #csr : "=r"(csr_value));                                      \
        csr_value;                                                                             \
    })
#define csr_write(csr, value) asm volatile("csrw " #csr ", %0" : : "r"(value) : "memory")
#define csr_set(csr, bits) asm volatile("csrs " #csr ", %0" : : "r"(bits) : "memory")
#define csr_clear(csr, bits) asm volatile("csrc " #csr ", %0" : : "r"(bits) : "memory")

static volatile uint8_t *uart(uint32_t reg)
{
    return (volatile uint8_t *)(UART_BASE + reg);
}

static void uart_put(char c)
{
    while (!(*uart(UART_LSR) & LSR_CAN_SEND))
        ;
    *uart(UART_DATA) = (uint8_t)c;
}

/* -1 when nothing has arrived. */
static int32_t uart_get(void)
{
    return *uart(UART_LSR) & LSR_DATA_READY ? *uart(UART_DATA) : -1;
}

static _Noreturn void power_off(bool failed)
{
    volatile uint32_t *test = (volatile uint32_t *)SIFIVE_TEST_BASE;

    *test = failed ? 1u << TEST_CODE_SHIFT | TEST_FAIL : TEST_PASS;
    for (;;)
        ;
}

/* The comparand in two halves: out of reach first, so that no half-set one ever fires. */
static void set_timer(uint32_t low, uint32_t high)
{
    volatile uint32_t *mtimecmp = (volatile uint32_t *)CLINT_MTIMECMP;

    mtimecmp[1] = UINT32_MAX;
    mtimecmp[0] = low;
    mtimecmp[1] = high;
    csr_clear(mip, MIP_STIP);
    csr_set(mie, MIE_MTIE);
}

static struct sbi_result ok(uint32_t value)
{
    return (struct sbi_result){SBI_SUCCESS, value};
}

static struct sbi_result fail(int32_t error)
{
    return (struct sbi_result){error, 0};
}

static bool have_extension(uint32_t ext)
{
    return ext == EXT_BASE || ext == EXT_TIME || ext == EXT_DEBUG_CONSOLE ||
           ext == EXT_SYSTEM_RESET || ext <= EXT_LEGACY_GETCHAR || ext == EXT_LEGACY_SHUTDOWN;
}

static struct sbi_result call_base(uint32_t function, const uint32_t *x)
{
    switch (function) {
    case BASE_SPEC_VERSION: return ok(SPEC_VERSION);
    case BASE_IMPLEMENTATION_ID: return ok(IMPLEMENTATION_ID);
    case BASE_IMPLEMENTATION_VERSION: return ok(IMPLEMENTATION_VERSION);
    case BASE_PROBE_EXTENSION: return ok(have_extension(x[REG_A0]));
    case BASE_MVENDORID: return ok(csr_read(mvendorid));
    case BASE_MARCHID: return ok(csr_read(marchid));
    case BASE_MIMPID: return ok(csr_read(mimpid));
    default: return fail(SBI_ERR_NOT_SUPPORTED);
    }
}

/* The supervisor's buffer may not be us, nor a device below memory, nor wrap around. */
static bool buffer_is_good(uint32_t n, uint32_t low, uint32_t high)
{
    return high == 0 && low >= (uint32_t)shim_end && n <= UINT32_MAX - low;
}

static uint32_t console_read(char *to, uint32_t n)
{
    uint32_t got = 0;
    int32_t c;

    while (got < n && (c = uart_get()) >= 0)
        to[got++] = (char)c;
    return got;
}

static struct sbi_result call_console(uint32_t function, const uint32_t *x)
{
    uint32_t n = x[REG_A0];
    char *buffer = (char *)x[REG_A1];

    if (function == CONSOLE_WRITE_BYTE) {
        uart_put((char)x[REG_A0]);
        return ok(0);
    }
    if (function != CONSOLE_WRITE && function != CONSOLE_READ)
        return fail(SBI_ERR_NOT_SUPPORTED);
    if (!buffer_is_good(n, x[REG_A1], x[REG_A2]))
        return fail(SBI_ERR_INVALID_PARAM);
    if (function == CONSOLE_READ)
        return ok(console_read(buffer, n));
    for (uint32_t i = 0; i < n; i++)
        uart_put(buffer[i]);
    return ok(n);
}

static struct sbi_result call_time(uint32_t function, const uint32_t *x)
{
    if (function != 0)
        return fail(SBI_ERR_NOT_SUPPORTED);
    set_timer(x[REG_A0], x[REG_A1]);
    return ok(0);
}

static struct sbi_result call_reset(uint32_t function, const uint32_t *x)
{
    if (function != 0)
        return fail(SBI_ERR_NOT_SUPPORTED);
    if (x[REG_A0] != RESET_TYPE_SHUTDOWN)
        return fail(SBI_ERR_INVALID_PARAM);
    power_off(x[REG_A1] != 0);
}

/* Legacy calls leave a1 alone. */
static void handle_legacy(uint32_t *x)
{
    switch (x[REG_A7]) {
    case EXT_LEGACY_SET_TIMER:
        set_timer(x[REG_A0], x[REG_A1]);
        x[REG_A0] = SBI_SUCCESS;
        break;
    case EXT_LEGACY_PUTCHAR:
        uart_put((char)x[REG_A0]);
        x[REG_A0] = SBI_SUCCESS;
        break;
    case EXT_LEGACY_GETCHAR: x[REG_A0] = (uint32_t)uart_get(); break;
    case EXT_LEGACY_SHUTDOWN: power_off(false);
    default: x[REG_A0] = (uint32_t)SBI_ERR_NOT_SUPPORTED; break;
    }
}

static struct sbi_result call_extension(const uint32_t *x)
{
    switch (x[REG_A7]) {
    case EXT_BASE: return call_base(x[REG_A6], x);
    case EXT_TIME: return call_time(x[REG_A6], x);
    case EXT_DEBUG_CONSOLE: return call_console(x[REG_A6], x);
    case EXT_SYSTEM_RESET: return call_reset(x[REG_A6], x);
    default: return fail(SBI_ERR_NOT_SUPPORTED);
    }
}

static void handle_ecall(uint32_t *x)
{
    csr_write(mepc, csr_read(mepc) + ECALL_SIZE);
    if (x[REG_A7] < EXT_BASE) {
        handle_legacy(x);
    } else {
        struct sbi_result r = call_extension(x);

        x[REG_A0] = (uint32_t)r.error;
        x[REG_A1] = r.value;
    }
}

/* The deadline is the supervisor's: hand it on, and be quiet until the next one is set. */
static void handle_timer(void)
{
    csr_clear(mie, MIE_MTIE);
    csr_set(mip, MIP_STIP);
}

static void put_hex(const char *label, uint32_t n)
{
    while (*label)
        uart_put(*label++);
    for (int shift = 28; shift >= 0; shift -= 4)
        uart_put("0123456789abcdef"[n >> shift & 0xf]);
}

static _Noreturn void unexpected_trap(void)
{
    put_hex("\nshim: unexpected trap, mcause ", csr_read(mcause));
    put_hex(" mepc ", csr_read(mepc));
    put_hex(" mtval ", csr_read(mtval));
    uart_put('\n');
    power_off(true);
}

void handle_trap(uint32_t *x)
{
    switch (csr_read(mcause)) {
    case MCAUSE_ECALL_S: handle_ecall(x); break;
    case MCAUSE_TIMER: handle_timer(); break;
    default: unexpected_trap();
    }
}
