/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guests.c - one row for each tests/guest/<name>.S; what it is about is written there. */
#include "tests/support/guests.h"

#include <stdio.h>
#include <stdlib.h>

#define TYPED "typed at the console\n"
#define LIMIT 2000000u /* far more than any micro-guest retires */

#define GUEST(id, how)                                                                         \
    {                                                                                          \
        .name = "t_" #id, .ram_size = GUEST_RAM, .input = TYPED, .limit = LIMIT, .end = how    \
    }
#define FITTED(id, version)                                                                    \
    {                                                                                          \
        .name = "t_" #id, .ram_size = GUEST_RAM, .input = TYPED, .limit = LIMIT,               \
        .end = VM_OFF, .devices = version                                                      \
    }
#define UNFENCED(id)                                                                           \
    {                                                                                          \
        .name = "t_" #id, .ram_size = GUEST_RAM, .input = TYPED, .limit = LIMIT,               \
        .end = VM_OFF, .unfenced = true                                                        \
    }

#define SMP(id, harts, turn, how)                                                              \
    {                                                                                          \
        .name = "t_smp_" #id, .ram_size = GUEST_RAM, .input = TYPED, .limit = LIMIT,           \
        .end = how, .cpus = harts, .quantum = turn                                             \
    }
/* Turns long and short, and of a length with which they end at ever other places. */
#define SMPS(id, how)                                                                          \
    SMP(id, 1, 0, how), SMP(id, 2, 1000, how), SMP(id, 4, 101, how), SMP(id, 8, 337, how)

const struct twins_guest micro_guests[] = {
    GUEST(ad_bits, VM_OFF),      GUEST(alias, VM_OFF),         GUEST(all4g, VM_OFF),
    GUEST(asid, VM_OFF),         GUEST(atomics, VM_OFF),       GUEST(churn, VM_OFF),
    GUEST(code_left, VM_OFF),    GUEST(counter_timer, VM_OFF), GUEST(counters, VM_OFF),
    GUEST(counts, VM_OFF),       GUEST(cross_page, VM_OFF),    GUEST(csr_ops, VM_OFF),
    GUEST(csr_user, VM_OFF),     GUEST(ecalls, VM_OFF),        GUEST(failed, VM_FAILED),
    GUEST(garbage, VM_OFF),      GUEST(holes, VM_OFF),         GUEST(idle, VM_IDLE),
    GUEST(legacy_off, VM_OFF),   GUEST(lrsc, VM_OFF),          GUEST(nested, VM_OFF),
    GUEST(para_calls, VM_OFF),   GUEST(pingpong, VM_OFF),      GUEST(plic_echo, VM_OFF),
    GUEST(plic_program, VM_OFF), GUEST(pt_write, VM_OFF),      GUEST(pte_fence, VM_OFF),
    UNFENCED(pte_narrow),        GUEST(pte_nofence, VM_OFF),   GUEST(pte_reserved, VM_OFF),
    GUEST(reboot, VM_OFF),       GUEST(root_reuse, VM_OFF),    GUEST(satp_toggle, VM_OFF),
    GUEST(sbi, VM_OFF),          GUEST(selfmap, VM_OFF),       GUEST(sled, VM_OFF),
    GUEST(smc, VM_OFF),          GUEST(srets, VM_OFF),         GUEST(sstc, VM_OFF),
    GUEST(stuck, VM_STUCK),      GUEST(stuck_root, VM_STUCK),  GUEST(sum_mxr, VM_OFF),
    GUEST(superpage, VM_OFF),    GUEST(worlds, VM_OFF),        GUEST(table_zero, VM_OFF),
    GUEST(uart, VM_OFF),         GUEST(uart_loop, VM_OFF),     GUEST(uart_user, VM_OFF),
    GUEST(user_timer, VM_OFF),   GUEST(vectored, VM_OFF),      GUEST(warl, VM_OFF),
    GUEST(wfi_sweep, VM_OFF),    GUEST(top, VM_OFF),           GUEST(zero_ram, VM_OFF),
    SMPS(boot, VM_OFF),          SMPS(fence, VM_OFF),          SMPS(idle, VM_IDLE),
    SMPS(ipi, VM_OFF),           SMPS(lock, VM_OFF),           SMPS(wfi, VM_OFF),
    SMPS(pause, VM_OFF),         SMPS(reboot, VM_OFF),         SMPS(suspend, VM_OFF),
    SMPS(spin, VM_OFF),          GUEST(callouts, VM_OFF),      GUEST(crossings, VM_OFF),
    GUEST(relays, VM_OFF),
};
const unsigned micro_guest_count = sizeof micro_guests / sizeof micro_guests[0];

const struct twins_guest *micro_guest(const char *name)
{
    for (unsigned i = 0; i < micro_guest_count; i++)
        if (strcmp(micro_guests[i].name + 2, name) == 0)
            return &micro_guests[i];
    fprintf(stderr, "no guest %s\n", name);
    abort();
}

struct twins_guest mini_guest(const char *command)
{
    return (struct twins_guest){.name = "mini",
                                .ram_size = 16u << 20,
                                .bootargs = command,
                                .limit = 2000000000u,
                                .end = VM_OFF};
}
