/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * difference.h - compares two harts that should be equal field by field, and keeps the first
 * difference between two runs, so that it can be shown after both have gone on.
 */
#ifndef PZ_TOOLS_VERIFY_DIFFERENCE_H
#define PZ_TOOLS_VERIFY_DIFFERENCE_H

#include "isa/sv32.h"
#include "tools/show/show.h"

#define DIFFERENCE_TEXT 120
#define DIFFERENCE_FIELDS 64u
#define DIFFERENCE_CODE 7u /* instructions shown */

/* A place in a run: the state before a trap is delivered. */
struct difference_point {
    struct hart hart;
    struct trap trap;
    size_t console_len; /* bytes printed so far */
};

/* One value that differs. */
struct difference_field {
    char name[24];
    uint64_t bare, vm;
};

/* Instructions around a pc. */
struct difference_code {
    unsigned count;
    struct {
        uint32_t pc;
        bool here; /* the pc */
        char text[DISASM_TEXT];
    } lines[DIFFERENCE_CODE];
};

struct difference {
    char what[DIFFERENCE_TEXT]; /* a sentence; "" while there is no difference */
    struct difference_point bare, vm;
    unsigned count;
    struct difference_field fields[DIFFERENCE_FIELDS];
    struct difference_code bare_code, vm_code;
};

/* Note each field in which the two points differ. */
void difference_list(struct difference *difference);

/* Note one. */
void difference_add(struct difference *difference, const char *name, uint64_t bare,
                    uint64_t vm);

/* The instructions around the hart's pc, as it would fetch them. */
void difference_show_code(struct difference_code *code, const struct hart *hart,
                          struct phys *phys, const struct disasm *disasm);

#endif
