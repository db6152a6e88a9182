/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parttables.h - where a walk that is a student's may set A and D: in page tables alone. */
#ifndef PZ_TOOLS_SANDBOX_PARTTABLES_H
#define PZ_TOOLS_SANDBOX_PARTTABLES_H

#include "isa/sv32.h"

/* A walk: what is asked for. */
struct parttables {
    struct sv32_space space;
    uint32_t va;
    enum access access;
};

/*
 * May the walk write to this page? Of one stage: it is the root, or a table that an entry of the
 * root names. Of two: the specification's walk reads an entry there.
 */
bool parttables_has(const struct parttables *walk, uint64_t page);

#endif
