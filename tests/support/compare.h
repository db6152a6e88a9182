/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare.h - the same random program on two engines, everything compared after every run; and
 * the shortest program that still shows a difference. What programs are made of is program.h's.
 * Where both engines can, half of those that run natively do so in non-root mode, with a second
 * stage that leads everywhere to the same address, but lacks some rights to some pages.
 */
#ifndef PZ_TESTS_SUPPORT_COMPARE_H
#define PZ_TESTS_SUPPORT_COMPARE_H

#include <stdio.h>

#include "tests/support/engines.h"
#include "tests/support/program.h"

/* One of the two that are compared. */
struct side {
    const struct engine_maker *maker;
    struct engine *engine;
    uint8_t *ram;
    struct space spaces[2];
    struct hart hart;
    struct engine_exit exit;
    bool non_root;
    unsigned delivered; /* traps that stayed in non-root mode, in this run */
};

/* sides[0] is the truth. */
struct comparison {
    struct side sides[2];
    uint64_t retired; /* by all programs so far */
    uint64_t traps[CAUSE_EXCEPTIONS];
    uint64_t delivered;   /* the same of traps that stayed in non-root mode */
    char difference[160]; /* what was found, in words */
    unsigned failed_run;
    struct stopped
        *stops; /* stops are set in the second, and compared; NULL: none (stopped.h) */
};

void comparison_open(struct comparison *comparison, const struct engine_maker *truth,
                     const struct engine_maker *tested);
void comparison_close(struct comparison *comparison);

/* True when both engines agree on all of it. */
bool comparison_run(struct comparison *comparison, const struct program *program);

/* The same exit, hart and memory in use? Else `difference` says what is not. */
bool comparison_same_state(struct comparison *comparison);

/* Are the two RAMs the same to the last byte? */
bool comparison_same_ram(const struct comparison *comparison);

/* Cut down a program that fails, on engines made anew each time. False: it does not fail there. */
bool comparison_shrink(const struct comparison *comparison, struct program *program);

/* The program, to the last detail, for whoever has to find out why. */
void program_print(const struct program *program, FILE *to);

#endif
