/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * systems.c - which systems, programs and crashes there are to compare, and the verb. How figures
 * are taken is in systems_measure.c.
 */
#include "tools/compare/systems.h"

#include <stdlib.h>
#include <trusted_lines.h> /* made by scripts/trusted_lines.sh */

#define ROUNDS_DEFAULT 3u

#define TRAPS "traps to the kernel"

const struct systems_kind systems_kinds[SYSTEMS_MOST] = {
    {"monolithic", "mini", "mini-common.elf", "", false, TRAPS, TRUSTED_LINES_MONOLITHIC},
    {"micro", "micro, with its servers", "micro.elf", "", false, TRAPS, TRUSTED_LINES_MICRO},
    {"exo", "exo, with a POSIX-like library system", "exo.elf", "", false, TRAPS,
     TRUSTED_LINES_EXO},
    {"container", "a box of mini", "box.elf", "box run work.img ", false, TRAPS,
     TRUSTED_LINES_CONTAINER},
    {"vm", "mini in a virtual machine", "mini-common.elf", "", true, "exits to the monitor",
     TRUSTED_LINES_VM},
};

const struct systems_work systems_works[SYSTEMS_WORKS] = {
    {"nullcall", "call that does nothing", 100, 1100},
    {"pingpong", "word to another process and back", 10, 110},
    {"fileread", "reading of the file sh", 1, 5},
    {"forkexec", "process that becomes another program", 2, 12},
    {"classify", "packet sorted", 100, 1100},
};

/*
 * micro's parts are those that its `crash` lists. No program can make a kernel fault; its orderly
 * end stands for that, because a kernel that has met a fault of its own does the same.
 */
const struct systems_crash systems_crashes[SYSTEMS_CRASHES] = {
    {"monolithic", "the kernel (halt)", "halt", false},
    {"micro", "con", "crash con", false},
    {"micro", "fs", "crash fs", false},
    {"micro", "block", "crash block", false},
    {"micro", "null", "crash null", false},
    {"micro", "mem", "crash mem", false},
    {"micro", "proc", "crash proc", false},
    {"micro", "the kernel (halt)", "halt", false},
    {"exo", "a library system (hostile)", "@hostile", false},
    {"exo", "the kernel (halt)", "halt", false},
    {"container", "a box (halt in it)", "box run work.img halt", false},
    {"container", "the kernel (halt)", "halt", false},
    {"vm", "the kernel of one VM of two (halt)", "halt", true},
};

const struct systems_trial systems_trials[SYSTEMS_TRIALS] = {
    {"files", "Control-D, exit or halt switches"},
    {"pipes", " 68 375\n"},
    {"memory", " 0 wrong words\n"},
    {"processes", " reaped\n"},
    {"written files", "kept\n"},
    {"running programs", "went on\n"},
};

enum pz_err systems_compare(const struct options *options, struct problem *problem)
{
    uint64_t rounds = options->runs ? options->runs : ROUNDS_DEFAULT;
    struct systems *systems;
    enum pz_err err;

    if (options->kernels.count || options->appends.count || options->svg)
        return problem_set(
            problem, PZ_USAGE,
            "--systems compares the bundled systems on their own workload: it goes "
            "with neither a KERNEL, --append nor --svg");
    terminal_catch_signals();
    systems = calloc(1, sizeof *systems);
    if (!systems)
        return problem_memory(problem, "the measurements");
    systems->engine = options->engine;
    err = systems_measure(systems, rounds, problem);
    progress_end();
    if (!err && options->json) {
        err = systems_print_json(systems, problem);
    } else if (!err) {
        systems_print(systems, options->markdown);
        err = output_flush(problem);
    }
    free(systems);
    return err;
}
