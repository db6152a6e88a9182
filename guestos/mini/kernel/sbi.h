/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sbi.h - calls to the firmware (RISC-V SBI specification 2.0; the legacy calls of chapter 5
 * where the firmware has nothing newer). The only file that executes ECALL in supervisor mode.
 */
#ifndef MINI_SBI_H
#define MINI_SBI_H

#include <stdbool.h>
#include <stdint.h>

struct sbi_result {
    int32_t error; /* or, of a legacy call, the value */
    uint32_t value;
};

/* Any call, for those who know more of the firmware than this file. */
struct sbi_result sbi_call(uint32_t ext, uint32_t function, uint32_t arg0, uint32_t arg1,
                           uint32_t arg2);

/* Ask once which extensions the firmware has. Call before anything else here. */
void sbi_init(void);

void sbi_console_write(const char *text, uint32_t n);

/* Input that is already there, without waiting: how many of at most n bytes were read. */
uint32_t sbi_console_read(char *buffer, uint32_t n);

/* Raise the timer interrupt at this time; also takes back one that is pending. */
void sbi_set_timer(uint64_t when);

/* Can harts be started, interrupted and fenced from here? Only then call what follows. */
bool sbi_has_smp(void);

/* Start a hart at a physical address, with its number in a0 and the argument in a1. */
bool sbi_hart_start(uint32_t hart, uint32_t pa, uint32_t argument);

/* This hart stops, with interrupts off. Returns if it cannot. */
void sbi_hart_stop(void);

/* How many harts the host would have running, if it is Page Zero; 0: it does not say. */
uint32_t sbi_wanted_harts(void);

/* Harts are a mask: bit n is hart n. */
void sbi_send_ipi(uint32_t harts);
void sbi_remote_fence_i(uint32_t harts);

_Noreturn void sbi_shutdown(bool failed);

#endif
