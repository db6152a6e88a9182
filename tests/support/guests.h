/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guests.h - the micro-guests of tests/guest/, and how each has to end. */
#ifndef PZ_TESTS_SUPPORT_GUESTS_H
#define PZ_TESTS_SUPPORT_GUESTS_H

#include "tests/support/twins.h"

#define GUEST_RAM (8u << 20)

extern const struct twins_guest micro_guests[];
extern const unsigned micro_guest_count;

/* One of them by its name without "t_". Aborts when there is none. */
const struct twins_guest *micro_guest(const char *name);

/* The mini guest OS, told to run `command` and shut down. */
struct twins_guest mini_guest(const char *command);

#endif
