/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps.h - a recorded step in words: what was done, which fields it read, and which it
 * changed, before and after.
 */
#ifndef PZ_TOOLS_DEBUG_STEPS_H
#define PZ_TOOLS_DEBUG_STEPS_H

#include "tools/debug/state.h"

#define DEBUG_CHANGES 40u
#define DEBUG_FIELD 24u
#define DEBUG_SENTENCE 320u

/* How a field's value is written. */
enum debug_form { DEBUG_HEX, DEBUG_DECIMAL, DEBUG_MODE, DEBUG_FLAGS, DEBUG_WORLD, DEBUG_END };

struct debug_field {
    char name[DEBUG_FIELD];
    uint8_t form;           /* enum debug_form */
    uint64_t before, after; /* of a field that was only read: the same */
};

struct debug_fields {
    unsigned count;
    struct debug_field at[DEBUG_CHANGES];
};

/* What differs between two shots of a VM. */
void debug_changes(const struct debug_shot *before, const struct debug_shot *after,
                   struct debug_fields *changes);

/* What a step looked at, with the values it found. */
void debug_reads(const struct debug_step *step, struct debug_fields *reads);

/* A step's name, and what it did in a sentence. */
const char *debug_step_name(const struct debug_step *step);
void debug_step_text(const struct debug *debug, const struct debug_step *step,
                     char text[DEBUG_SENTENCE]);

/* A field's value: "0x00000000", "supervisor", "DA-UXWRV"... */
const char *debug_value_text(enum debug_form form, uint64_t value, char text[DEBUG_SENTENCE]);

/* "name=value, name=value" and "name: before -> after", a line each. */
void debug_print_reads(FILE *out, const struct debug_fields *reads, const char *indent);
void debug_print_changes(FILE *out, const struct debug_fields *changes, const char *indent);

/* The same for programs: {name: value} and {name: [before, after]}. */
json_t *debug_json_reads(const struct debug_fields *reads);
json_t *debug_json_changes(const struct debug_fields *changes);

/* The letters of a page-table entry's flags: "DAGUXWRV", '-' for those that are not set. */
#define DEBUG_PTE 9u
const char *debug_pte_flags(uint32_t pte, char text[DEBUG_PTE]);

#endif
