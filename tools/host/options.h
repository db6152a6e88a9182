/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - reading the command line. All commands share one table of options; each takes its
 * part of it.
 */
#ifndef PZ_TOOLS_HOST_OPTIONS_H
#define PZ_TOOLS_HOST_OPTIONS_H

#include "tools/host/options_values.h"

/*
 * Read the words after a command's name (argv[0]). To be freed whatever comes back. Commands use
 * options_read() (options_check.h), which also looks whether they go together.
 */
enum pz_err options_parse(struct options *options, options_sets sets, int argc, char **argv,
                          struct problem *problem) PZ_MUST_CHECK;
void options_free(struct options *options);

/* The part of --help that lists the options of these sets. */
void options_help(FILE *out, options_sets sets, unsigned width);

/* What help says of one option. */
struct options_entry {
    const char *name, *argument; /* argument NULL: it takes none */
    const char *help;
};

/* The k-th option of these sets; false: there are fewer. */
bool options_entry(unsigned k, options_sets sets, struct options_entry *entry);

/* Does the option of this name take a value, where these sets are? */
bool options_takes_value(const char *name, options_sets sets);

/* The k-th of several words: one alone is for all VMs, and none is `otherwise`. */
const char *options_word(const struct words *words, unsigned k, const char *otherwise);

/* Has machine `vm` a network card? */
bool options_has_net(const struct options *options, unsigned vm);

#endif
