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
 * The instruction that is overwritten is the first one of the kernel, of a program or of a server
 * after the same count in each system, while they work. micro's parts are those that its `crash`
 * lists; `block` does nothing without a disk, and is killed by that.
 */
#define AT "3000000"
#define CALLS "nullcall 100000"
#define BOX "box run work.img "

const struct systems_crash systems_crashes[SYSTEMS_CRASHES] = {
    {"monolithic", "a program", CALLS, AT ",user/nullcall.elf", false},
    {"monolithic", "the kernel", CALLS, AT, false},
    {"micro", "a program", CALLS, AT ",micro/user/nullcall.elf", false},
    {"micro", "con", "nullcall 2000", AT ",micro/user/con.elf", false},
    {"micro", "fs", "fileread 50", AT ",micro/user/fs.elf", false},
    {"micro", "block", "crash block", NULL, false},
    {"micro", "null", "ipc 5000", AT ",micro/user/null.elf", false},
    {"micro", "mem", "faults 1000", AT ",micro/user/mem.elf", false},
    {"micro", "proc", CALLS, AT ",micro/user/proc.elf", false},
    {"micro", "the kernel", CALLS, AT, false},
    {"exo", "another library system (hostile)", "@hostile", NULL, false},
    {"exo", "the library of its programs", CALLS, AT ",exo-user/posix.elf", false},
    {"exo", "the kernel", CALLS, AT, false},
    {"container", "a program in a box", BOX CALLS, AT ",user/nullcall.elf", false},
    {"container", "a box (halt in it)", BOX "halt", NULL, false},
    {"container", "the kernel", BOX CALLS, AT, false},
    {"vm", "the kernel of one VM of two", CALLS, AT, true},
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
