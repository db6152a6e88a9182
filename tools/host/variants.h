/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * variants.h - broken instruction sets by name, as they are given on a command line and shown to
 * people. isa/variants.def defines them.
 */
#ifndef PZ_TOOLS_HOST_VARIANTS_H
#define PZ_TOOLS_HOST_VARIANTS_H

#include <stdio.h>

#include "isa/variant.h"
#include "tools/base/base.h"

#define VARIANTS_TEXT 128 /* bytes that hold the names of any set */

/* A list "a,b,c"; `what` is who asks, for messages. */
enum pz_err variants_parse(const char *what, const char *list, uint32_t *set,
                           struct problem *problem) PZ_MUST_CHECK;

/* The names of a set, "a,b,c"; "" for none. */
const char *variants_text(uint32_t set, char text[VARIANTS_TEXT]);

/* The table of all of them. */
enum pz_err variants_print(bool json, struct problem *problem) PZ_MUST_CHECK;

#endif
