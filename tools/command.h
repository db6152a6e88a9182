/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.h - the verbs of pz: a table with each one's help, options and examples, and the
 * functions behind it. pz_main() chooses, prints problems, and gives the exit code.
 */
#ifndef PZ_TOOLS_COMMAND_H
#define PZ_TOOLS_COMMAND_H

#include "tools/host/options.h"

struct command {
    const char *name, *summary;
    const char *usage;    /* after the name: "[options] [KERNEL...]" */
    const char *about;    /* a paragraph of --help */
    const char *examples; /* lines of --help */
    unsigned sets;        /* of enum options_of */
    enum pz_err (*run)(const struct options *options, struct problem *problem);
};

/* The whole program. */
int pz_main(int argc, char **argv);

enum pz_err command_run(const struct options *options, struct problem *problem);
enum pz_err command_bare(const struct options *options, struct problem *problem);
enum pz_err command_verify(const struct options *options, struct problem *problem);
enum pz_err command_bench(const struct options *options, struct problem *problem);
enum pz_err command_replay(const struct options *options, struct problem *problem);
enum pz_err command_trace(const struct options *options, struct problem *problem);
enum pz_err command_debug(const struct options *options, struct problem *problem);
enum pz_err command_translate(const struct options *options, struct problem *problem);
enum pz_err command_map(const struct options *options, struct problem *problem);
enum pz_err command_tutorial(const struct options *options, struct problem *problem);
enum pz_err command_grade(const struct options *options, struct problem *problem);
enum pz_err command_classify(const struct options *options, struct problem *problem);
enum pz_err command_doctor(const struct options *options, struct problem *problem);
enum pz_err command_version(const struct options *options, struct problem *problem);

/* Debug the recording that is the one file of the command line, for pz debug and pz replay. */
enum pz_err debug_recording(const struct options *options,
                            struct problem *problem) PZ_MUST_CHECK;

#endif
