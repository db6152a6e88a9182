/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options_table.h - the rows of the option table: a name, the commands that take it, where its
 * value is stored, and a line of help.
 */
#ifndef PZ_TOOLS_HOST_OPTIONS_TABLE_H
#define PZ_TOOLS_HOST_OPTIONS_TABLE_H

#include "tools/base/base.h"
#include "tools/host/options_values.h"

struct option_row;
typedef enum pz_err option_set(struct options *options, const struct option_row *row,
                               const char *value, struct problem *problem);

struct option_row {
    const char *name, *argument; /* argument NULL: the option takes none */
    options_sets sets;
    option_set *set;
    size_t field;             /* of struct options */
    struct parse_range range; /* of numbers */
    const char *help;
};

/* One more word of the command line; the list has room for all of them. */
enum pz_err options_add_word(struct words *words, const char *value);

extern const struct option_row options_rows[];
extern const unsigned options_row_count;

/* The name of a shadow policy. */
const char *options_shadow_name(unsigned policy);

/* The names of --color's and --profile-unit's values. */
const char *options_color_name(unsigned color);
const char *options_unit_name(unsigned unit);
const char *options_mode_name(unsigned mode);

#endif
