/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pair.c - words made into options, and the loops around a lockstep. */
#include "tests/support/pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/random.h"

#define WORDS 24u

static void must(enum pz_err err, const struct problem *problem)
{
    if (!err)
        return;
    fprintf(stderr, "%s\n", problem->text);
    abort();
}

struct pair *pair_open(const struct engines_kind *kind, const char *guest, const char *words)
{
    static char text[512], file[256];
    struct pair *pair = calloc(1, sizeof *pair);
    struct problem problem;
    char *argv[WORDS + 3] = {(char *)"verify"};
    int argc = 1;

    if (!pair)
        abort();
    snprintf(text, sizeof text, "%s", words);
    snprintf(file, sizeof file, "%s/%s.elf", PZ_GUESTS, guest);
    for (char *word = strtok(text, " "); word && argc < (int)WORDS; word = strtok(NULL, " "))
        argv[argc++] = word;
    argv[argc++] = file;
    pair->kind = kind;
    must(options_read(&pair->options, OPTIONS_VERIFY, argc, argv, &problem), &problem);
    must(lockstep_open(&pair->lockstep, &pair->options, kind, &problem), &problem);
    return pair;
}

void pair_close(struct pair *pair)
{
    lockstep_close(&pair->lockstep);
    options_free(&pair->options);
    free(pair);
}

static bool finish(struct pair *pair)
{
    struct problem problem;

    must(lockstep_finish(&pair->lockstep, &problem), &problem);
    return !lockstep_differs(&pair->lockstep);
}

bool pair_run(struct pair *pair)
{
    while (lockstep_step(&pair->lockstep))
        ;
    return finish(pair);
}

bool pair_run_cut(struct pair *pair, uint64_t seed)
{
    const struct vm *vm = &pair->lockstep.machine.vms[0];
    struct rng rng = rng_new(seed);

    while (vm_alive(vm) && !lockstep_differs(&pair->lockstep)) {
        uint64_t cut = rng_one_in(&rng, 4) ? rng_below(&rng, 4) : rng_below(&rng, 2000);

        if (vmm_step(&pair->lockstep.machine.vmm, cut, NULL) != VMM_RAN)
            break;
    }
    return finish(pair);
}

bool pair_go_on(void *owner, const struct lockstep *pair)
{
    (void)owner, (void)pair;
    return true;
}

void pair_first(const struct pair *pair, struct lockstep_first *first)
{
    const struct difference *difference = &pair->lockstep.difference;
    struct problem problem;

    must(lockstep_first(first, &pair->options, pair->kind, difference->vm.hart.retired + 1,
                        pair_go_on, NULL, &problem),
         &problem);
}
