/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * screen.h - one console for all VMs: what they print comes line by line, with the VM's name in
 * front if there are several; what is typed goes to one of them, until Ctrl-A and its number
 * choose another.
 */
#ifndef PZ_VMM_TYPE1_SCREEN_H
#define PZ_VMM_TYPE1_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/type1/archive.h"

#define SCREEN_LINE 120u
#define SCREEN_ESCAPE 0x01 /* Ctrl-A */

/* What is asked of the monitor itself: the key after Ctrl-A. */
enum screen_key { SCREEN_NOTHING, SCREEN_QUIT, SCREEN_COUNTERS, SCREEN_MAP };

struct screen {
    unsigned count;                       /* VMs */
    unsigned focus;                       /* that gets what is typed */
    bool escaped;                         /* Ctrl-A has been typed */
    int ahead;                            /* a byte for the VM in focus, or -1 */
    char lines[ARCHIVE_VMS][SCREEN_LINE]; /* that are not yet ended */
    uint32_t lens[ARCHIVE_VMS];
};

void screen_init(struct screen *screen, unsigned count);

/* VM `vm` prints. */
void screen_put(struct screen *screen, unsigned vm, const uint8_t *bytes, uint32_t len);

/* Look for something typed, unless a byte is still waiting. */
enum screen_key screen_look(struct screen *screen);

/* The next byte for VM `vm`, or -1. */
int screen_get(struct screen *screen, unsigned vm);

/* Unfinished lines are printed. */
void screen_flush(struct screen *screen);

/* Text and numbers of the monitor's own. */
void screen_number(uint64_t number, unsigned base);

#endif
