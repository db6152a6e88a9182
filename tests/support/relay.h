/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * relay.h - an engine made of two others: every run is the other one's turn, with the hart and
 * the RAM as the first has left them. For tests: what an engine keeps to itself shows here.
 */
#ifndef PZ_TESTS_SUPPORT_RELAY_H
#define PZ_TESTS_SUPPORT_RELAY_H

#include "tests/support/engines.h"

/* Both run on the same RAM. NULL when one of the two could not be made. */
struct engine *relay_create(const struct engine_maker *first, const struct engine_maker *second,
                            uint8_t *ram, uint64_t size);
void relay_destroy(struct engine *engine);

#endif
