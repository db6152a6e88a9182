/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * finisher.h - SiFive's test finisher: one register; writing to it powers the machine off or
 * restarts it.
 */
#ifndef PZ_VMM_BOARD_FINISHER_H
#define PZ_VMM_BOARD_FINISHER_H

#include <stdint.h>

struct board;

/* Values to write. */
enum { FINISHER_FAIL = 0x3333, FINISHER_PASS = 0x5555, FINISHER_RESET = 0x7777 };

/* The register's offset is 0; it reads 0. */
void finisher_store(struct board *board, uint32_t offset, uint32_t value);

#endif
