/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn.h - the engine `unicorn`: the Unicorn library's RISC-V CPU as the hardware, in user
 * mode under the page tables that its user builds in machine memory. Creates and destroys the
 * engine; engine.h says what an engine does. The library's own interface stays inside.
 *
 * What it requires of its user, beyond the contract:
 *  - RAM is at physical address 0.
 *  - A and D are already set in every leaf entry of the page tables: the library's walker also
 *    sets them for accesses that then trap, and for pages that it reads ahead.
 *  - All valid entries map RAM, as in shadow tables: of accesses outside RAM, only fetches are
 *    access faults. (The library also checks by the virtual address whether there is memory, so
 *    there has to be some everywhere; and it keeps only 32 of the 34 bits.)
 */
#ifndef PZ_ISA_ENGINE_UNICORN_H
#define PZ_ISA_ENGINE_UNICORN_H

#include "isa/engine/ops.h"
#include "isa/engine/unicorn_error.h"

/* The last page of the 4 GiB is the engine's own. */
#define UNICORN_RAM_LIMIT ((1ull << 32) - PAGE_SIZE)

struct unicorn;

/* An engine for the `size` bytes at `ram`, which remain the caller's. */
enum unicorn_error unicorn_create(uint8_t *ram, uint64_t size,
                                  struct unicorn **out) PZ_MUST_CHECK;

/* `unicorn` may be NULL. */
void unicorn_destroy(struct unicorn *unicorn);

struct engine *unicorn_engine(struct unicorn *unicorn);

/* A sentence for the user: what failed. */
const char *unicorn_error_text(enum unicorn_error error);

/*
 * Runs in which the library failed through no fault of an instruction, and `spec` took over: the
 * results are correct, but something is wrong with the host.
 */
uint64_t unicorn_failures(const struct unicorn *unicorn);

/* How often the library's CPU was recreated, because it had accumulated too many translations. */
uint64_t unicorn_renewals(const struct unicorn *unicorn);

/* The version of the library in use, such as "2.1.4". Old ones do not report all of it. */
const char *unicorn_version(const struct unicorn *unicorn);

#endif
