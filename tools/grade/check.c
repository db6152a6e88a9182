/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check.c - the words of grader.json as options of a machine. Doing the check is left to run.c. */
#include "tools/grade/check.h"

#include <inttypes.h>
#include <stdio.h>

#define WORDS_MOST 64u
#define SLICE_INSNS 10000u /* where a check names none: soon enough to see what goes astray */

enum pz_err grade_check_options(const struct grade_run *run, struct options *options,
                                struct problem *problem)
{
    char limit[24];
    const char *words[WORDS_MOST + 8] = {"verify", "--engine",    "spec", "--mem",
                                         "8M",     "--max-insns", limit};
    unsigned count = 7;
    enum pz_err err;

    (void)!snprintf(limit, sizeof limit, "%" PRIu64, run->check->limit);
    for (size_t i = 0; i < json_array_size(run->check->args) && i < WORDS_MOST; i++) {
        const char *word = json_string_value(json_array_get(run->check->args, i));

        words[count++] = word ? word : "";
    }
    if (run->disk) {
        words[count++] = "--disk";
        words[count++] = run->disk;
    }
    words[count++] = run->guest;
    err = options_read(options, OPTIONS_VERIFY, (int)count, (char **)words, problem);
    options->announced = run->check->kind == EXERCISE_RUN && options->monitor == VM_PARA;
    if (!err && !options->slice_count)
        options->slices[options->slice_count++] = SLICE_INSNS;
    return err;
}
