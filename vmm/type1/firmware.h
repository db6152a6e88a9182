/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * firmware.h - the firmware beneath: console, timer, power, nested acceleration, by SBI. Firmware
 * without the debug console extension is asked by the legacy calls.
 */
#ifndef PZ_VMM_TYPE1_FIRMWARE_H
#define PZ_VMM_TYPE1_FIRMWARE_H

#include <stdbool.h>
#include <stdint.h>

/* Probe for features. Call this first. */
void firmware_init(void);

/* Print `len` bytes, which the CPU's translation maps one to one. */
void firmware_write(const char *bytes, uint32_t len);
void firmware_puts(const char *text);

/* The next byte typed; -1: none now. */
int firmware_read(void);

/* A timer interrupt when `time` is reached; any pending one is over. */
void firmware_alarm(uint64_t time);

/*
 * Nested acceleration (vmm/board/sbi_nested.h), with this page for the shared memory. False: the
 * firmware has none. Afterwards firmware_enter() enters a guest; false: it refuses.
 */
bool firmware_share(void *page);

/* Have it do more: SBI_NESTED_FILL, SBI_NESTED_RELAY. False: it does not do all of that. */
bool firmware_also(void *page, uint32_t flags);
bool firmware_enter(void);

_Noreturn void firmware_off(bool failed);

#endif
