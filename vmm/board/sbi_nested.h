/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sbi_nested.h - the numbers of the extension for nested acceleration, for supervisor and firmware.
 * docs/board.md describes it, for authors of kernels.
 */
#ifndef PZ_VMM_BOARD_SBI_NESTED_H
#define PZ_VMM_BOARD_SBI_NESTED_H

#include "isa/hart.h"

/* A range of extensions is the vendor's; its last digits are mvendorid, which is 0 (SBI 2.0, 3). */
#define SBI_NESTED 0x09000000u

/*
 * Flags: the firmware fills the supervisor's shadow; it relays between the supervisor's guest and
 * that guest's guests.
 */
#define SBI_NESTED_FILL 1u
#define SBI_NESTED_RELAY 2u

enum sbi_nested_function {
    SBI_NESTED_PROBE = 0,      /* a0: a feature: 0, the functions; 1, 2, a flag */
    SBI_NESTED_SET_MEMORY = 1, /* a0, a1: address of a page, with a struct nested; a2: flags */
    SBI_NESTED_ENTER = 2,
};

/* Does the supervisor's ECALL ask for SBI_NESTED_ENTER? */
static inline bool sbi_nested_is_entry(const struct hart *hart)
{
    return hart->x[17] == SBI_NESTED && hart->x[16] == SBI_NESTED_ENTER;
}

#endif
