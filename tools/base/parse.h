/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * parse.h - numbers as people write them on a command line, read strictly: nothing after them,
 * no silent wrap, and a message that names the option and the range.
 */
#ifndef PZ_TOOLS_BASE_PARSE_H
#define PZ_TOOLS_BASE_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/base/problem.h"

struct parse_range {
    uint64_t least, most;
};

/* A count: decimal or 0x, '_' between digits, or an ending of k, M, G (1000, 10^6, 10^9). */
enum pz_err parse_count(const char *what, const char *text, struct parse_range range,
                        uint64_t *value, struct problem *problem) PZ_MUST_CHECK;

/* A size in bytes or an address: the same, with K, M, G of 1024. */
enum pz_err parse_size(const char *what, const char *text, struct parse_range range,
                       uint64_t *value, struct problem *problem) PZ_MUST_CHECK;

/*
 * The next part of a list "a,b,c", cut out into `part`; an empty list has one empty part. False:
 * that was the last, or `*list` is NULL.
 */
bool parse_part(const char **list, char *part, size_t room);

/* The index of `text` among `count` names; or a message that lists them. */
enum pz_err parse_choice(const char *what, const char *text, const char *const *names,
                         unsigned count, unsigned *index,
                         struct problem *problem) PZ_MUST_CHECK;

#endif
