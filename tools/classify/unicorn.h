/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn.h - the Unicorn library's CPU with nothing between it and the instruction: in its own
 * supervisor and user mode, its own CSRs and page-table walker. The engine `unicorn` works around
 * its faults; the purpose here is to find them.
 */
#ifndef PZ_TOOLS_CLASSIFY_UNICORN_H
#define PZ_TOOLS_CLASSIFY_UNICORN_H

#include "isa/engine/engine.h"
#include "tools/base/base.h"

struct classify_unicorn;

/* An engine that runs one instruction a run, over CLASSIFY_RAM bytes at physical address 0. */
enum pz_err classify_unicorn_create(uint8_t *ram, struct classify_unicorn **out,
                                    struct problem *problem) PZ_MUST_CHECK;
void classify_unicorn_destroy(struct classify_unicorn *unicorn);
struct engine *classify_unicorn_engine(struct classify_unicorn *unicorn);

#endif
