/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spec.h - the specification as an engine that holds on to translations for as long as
 * the Privileged ISA allows (4.2.1): until SFENCE.VMA. The engine `spec` never caches, so that on
 * it a fence has nothing to show.
 */
#ifndef PZ_TOOLS_CLASSIFY_SPEC_H
#define PZ_TOOLS_CLASSIFY_SPEC_H

#include "isa/engine/engine.h"

#define CLASSIFY_SPEC_TABLES 4u /* a root and a table for each of two places */

struct classify_spec {
    struct engine engine;
    struct phys walked; /* memory as the hart sees it: tables are the copies below */
    unsigned held;      /* how many copies there are */
    struct {
        uint64_t pa;
        uint8_t bytes[PAGE_SIZE];
    } tables[CLASSIFY_SPEC_TABLES];
};

/* Over CLASSIFY_RAM bytes at physical address 0. */
void classify_spec_init(struct classify_spec *spec, uint8_t *ram);

#endif
