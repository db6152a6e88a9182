/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sbi.c - SBI calls, one function each, chosen by a table of extension and function. Calling
 * convention (SBI 2.0, chapter 3): a7 extension, a6 function, a0.. arguments; a0 gives an error,
 * a1 a value. Addresses from the guest go through phys_read() and phys_write() only. The calls
 * that concern other harts are in sbi_harts.c.
 */
#include "vmm/board/sbi.h"

#include "vmm/board/console.h"
#include "vmm/board/restart.h"
#include "vmm/board/sbi_call.h"
#include "vmm/board/sbi_nested.h"
#include "vmm/board/timer.h"

enum sbi_extension {
    SBI_LEGACY_SET_TIMER = 0,
    SBI_LEGACY_PUTCHAR = 1,
    SBI_LEGACY_GETCHAR = 2,
    SBI_LEGACY_CLEAR_IPI = 3,
    SBI_LEGACY_SEND_IPI = 4,
    SBI_LEGACY_FENCE_I = 5,
    SBI_LEGACY_SFENCE = 6,
    SBI_LEGACY_SFENCE_ASID = 7,
    SBI_LEGACY_SHUTDOWN = 8,
    SBI_LEGACY_LAST = 15,
    SBI_BASE = 0x10,
    SBI_TIME = 0x54494d45,
    SBI_IPI = 0x735049,
    SBI_RFENCE = 0x52464e43,
    SBI_HSM = 0x48534d,
    SBI_DBCN = 0x4442434e,
    SBI_SRST = 0x53525354,
    SBI_SUSP = 0x53555350,
};

/* Page Zero's own, in the experimental space: wishes of the host (docs/smp.md). */
#define SBI_WISHES 0x0800505a

#define SBI_SPEC_VERSION (2u << 24)
#define SBI_IMPLEMENTATION 0x505a /* "PZ"; not one of the registered numbers */
#define SBI_IMPLEMENTATION_VERSION 1
#define DBCN_MOST 4096u /* bytes that one call moves at most; it may do fewer than asked */

/* On RV32, a 64-bit argument takes two registers. */
static uint64_t argument64(const struct hart *hart, unsigned low)
{
    return hart->x[low] | (uint64_t)hart->x[low + 1] << 32;
}

static struct sbi_result base_spec_version(struct board *board, struct hart *hart)
{
    (void)board, (void)hart;
    return sbi_success(SBI_SPEC_VERSION);
}

static struct sbi_result base_implementation(struct board *board, struct hart *hart)
{
    (void)board, (void)hart;
    return sbi_success(SBI_IMPLEMENTATION);
}

static struct sbi_result base_version(struct board *board, struct hart *hart)
{
    (void)board, (void)hart;
    return sbi_success(SBI_IMPLEMENTATION_VERSION);
}

/* mvendorid, marchid and mimpid: 0 means that they are not given. */
static struct sbi_result base_zero(struct board *board, struct hart *hart)
{
    (void)board, (void)hart;
    return sbi_success(0);
}

static struct sbi_result base_probe(struct board *board, struct hart *hart);

static struct sbi_result set_timer(struct board *board, struct hart *hart)
{
    timer_set(board, argument64(hart, A0));
    return sbi_success(0);
}

/* Does the range end in RAM? RAM has no holes, so its last byte decides. */
static bool ends_in_ram(struct phys *phys, uint64_t pa, uint32_t len)
{
    return !len || phys_is_ram(phys, pa + len - 1, 1, false);
}

/*
 * How much of the request this call does. False: not all of the requested range is RAM, whether or
 * not this call would use all of it (SBI 2.0, 3.2).
 */
static bool dbcn_buffer(struct board *board, const struct hart *hart, uint8_t *buffer,
                        uint32_t *len)
{
    if (!ends_in_ram(board->phys, argument64(hart, A1), hart->x[A0]))
        return false;
    *len = hart->x[A0] < DBCN_MOST ? hart->x[A0] : DBCN_MOST;
    return phys_read(board->phys, argument64(hart, A1), buffer, *len);
}

static struct sbi_result dbcn_write(struct board *board, struct hart *hart)
{
    uint8_t buffer[DBCN_MOST];
    uint32_t len;

    if (!dbcn_buffer(board, hart, buffer, &len))
        return sbi_failure(SBI_INVALID_PARAM);
    console_write(board, buffer, len);
    return sbi_success(len);
}

static struct sbi_result dbcn_read(struct board *board, struct hart *hart)
{
    uint8_t buffer[DBCN_MOST];
    uint32_t len, got = 0;

    if (!dbcn_buffer(board, hart, buffer, &len))
        return sbi_failure(SBI_INVALID_PARAM);
    for (int byte; got < len && (byte = console_read(board)) >= 0;)
        buffer[got++] = (uint8_t)byte;
    if (!phys_write(board->phys, argument64(hart, A1), buffer, got))
        return sbi_failure(SBI_INVALID_PARAM);
    return sbi_success(got);
}

static struct sbi_result dbcn_write_byte(struct board *board, struct hart *hart)
{
    uint8_t byte = (uint8_t)hart->x[A0];

    console_write(board, &byte, 1);
    return sbi_success(0);
}

/*
 * All other types and reasons are reserved or platform-specific; there are none of the latter
 * (SBI 2.0, tables 10.1 to 10.3). If it succeeds, its result is never seen.
 */
static struct sbi_result system_reset(struct board *board, struct hart *hart)
{
    enum { TYPE_SHUTDOWN, TYPE_COLD_REBOOT, TYPE_WARM_REBOOT };
    enum { REASON_NONE, REASON_FAILURE };
    enum board_power off = hart->x[A1] == REASON_NONE ? BOARD_OFF : BOARD_FAILED;

    if (hart->x[A1] > REASON_FAILURE)
        return sbi_failure(SBI_INVALID_PARAM);
    switch (hart->x[A0]) {
    case TYPE_SHUTDOWN: board->power = (uint8_t)off; break;
    case TYPE_COLD_REBOOT: restart_ask(board, RESTART_COLD, off); break;
    case TYPE_WARM_REBOOT: restart_ask(board, RESTART_WARM, off); break;
    default: return sbi_failure(SBI_INVALID_PARAM);
    }
    return sbi_success(0);
}

static struct sbi_result wanted_harts(struct board *board, struct hart *hart)
{
    (void)hart;
    return sbi_success(board->harts.wanted);
}

/* Legacy calls give one result, in a0 alone: sbi_call() leaves a1 as it was. */
static struct sbi_result legacy_putchar(struct board *board, struct hart *hart)
{
    (void)dbcn_write_byte(board, hart);
    return sbi_success(0);
}

static struct sbi_result legacy_getchar(struct board *board, struct hart *hart)
{
    (void)hart;
    return (struct sbi_result){console_read(board), 0};
}

static struct sbi_result legacy_shutdown(struct board *board, struct hart *hart)
{
    (void)hart;
    board->power = BOARD_OFF;
    return sbi_success(0);
}

static const struct sbi_entry {
    uint32_t extension, function;
    sbi_function *serve;
} sbi_table[] = {
    {SBI_NESTED, SBI_NESTED_ENTER, sbi_nested_enter}, /* first: the most frequent call */
    {SBI_NESTED, SBI_NESTED_PROBE, sbi_nested_probe},
    {SBI_NESTED, SBI_NESTED_SET_MEMORY, sbi_nested_set_memory},
    {SBI_BASE, 0, base_spec_version},
    {SBI_BASE, 1, base_implementation},
    {SBI_BASE, 2, base_version},
    {SBI_BASE, 3, base_probe},
    {SBI_BASE, 4, base_zero},
    {SBI_BASE, 5, base_zero},
    {SBI_BASE, 6, base_zero},
    {SBI_TIME, 0, set_timer},
    {SBI_IPI, 0, sbi_send_ipi},
    {SBI_RFENCE, 0, sbi_remote_fence_i},
    {SBI_RFENCE, 1, sbi_remote_sfence},
    {SBI_RFENCE, 2, sbi_remote_sfence_asid},
    {SBI_HSM, 0, sbi_hart_start},
    {SBI_HSM, 1, sbi_hart_stop},
    {SBI_HSM, 2, sbi_hart_status},
    {SBI_HSM, 3, sbi_hart_suspend},
    {SBI_DBCN, 0, dbcn_write},
    {SBI_DBCN, 1, dbcn_read},
    {SBI_DBCN, 2, dbcn_write_byte},
    {SBI_SRST, 0, system_reset},
    {SBI_SUSP, 0, sbi_system_suspend},
    {SBI_WISHES, 0, wanted_harts},
    {SBI_LEGACY_SET_TIMER, 0, set_timer},
    {SBI_LEGACY_PUTCHAR, 0, legacy_putchar},
    {SBI_LEGACY_GETCHAR, 0, legacy_getchar},
    {SBI_LEGACY_CLEAR_IPI, 0, sbi_legacy_clear_ipi},
    {SBI_LEGACY_SEND_IPI, 0, sbi_legacy_send_ipi},
    {SBI_LEGACY_FENCE_I, 0, sbi_legacy_fence_i},
    {SBI_LEGACY_SFENCE, 0, sbi_legacy_sfence},
    {SBI_LEGACY_SFENCE_ASID, 0, sbi_legacy_sfence_asid},
    {SBI_LEGACY_SHUTDOWN, 0, legacy_shutdown},
};
#define SBI_ENTRIES (sizeof sbi_table / sizeof sbi_table[0])

static struct sbi_result base_probe(struct board *board, struct hart *hart)
{
    if (board->extra.serve && board->extra.extension == hart->x[A0])
        return sbi_success(1);
    for (unsigned i = 0; i < SBI_ENTRIES; i++)
        if (sbi_table[i].extension == hart->x[A0])
            return sbi_success(1);
    return sbi_success(0);
}

static bool is_legacy(uint32_t extension)
{
    return extension <= SBI_LEGACY_LAST;
}

static struct sbi_result serve(struct board *board, struct hart *hart)
{
    uint32_t extension = hart->x[A7];
    uint32_t function = is_legacy(extension) ? 0 : hart->x[A6];

    for (unsigned i = 0; i < SBI_ENTRIES; i++)
        if (sbi_table[i].extension == extension && sbi_table[i].function == function)
            return sbi_table[i].serve(board, hart);
    return sbi_failure(SBI_NOT_SUPPORTED);
}

void sbi_call(struct board *board, struct hart *hart)
{
    struct sbi_result result;

    if (board->extra.serve && board->extra.extension == hart->x[A7]) {
        board->extra.serve(board, hart);
        return;
    }
    result = serve(board, hart);
    if (result.error == SBI_TRAPPED)
        return;
    if (is_legacy(hart->x[A7]))
        result.value = hart->x[A1];
    sbi_return(hart, result);
    sbi_nested_begin(board, hart);
}
