/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flat.h - what every library system can use: a new one is started, and has something to say.
 */
#ifndef EXO_FLAT_H
#define EXO_FLAT_H

#include <stdbool.h>

#include "exo/call.h"

#define PAGE 4096u

#define flat_info ((const struct exo_info *)BOOT_INFO)
#define flat_archive ((const struct archive_file *)BOOT_ARCHIVE)
#define flat_save ((struct save *)BOOT_SAVE)

/* Each system's own. */
_Noreturn void flat_main(const char *arguments, uint32_t image_table);

/* Zero pages for [start, end); called by crt0.S. */
void flat_zero_pages(uint32_t start, uint32_t end);

/* A page with a table for it, if need be, in any environment that is ours to change. */
int32_t flat_map(uint32_t env, uint32_t group, uint32_t va, uint32_t name, uint32_t bits);

/* A line, or a part of one, by way of a page that only this needs. */
void flat_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* NULL: there is no such file. */
const struct archive_file *flat_file(const char *name);

/*
 * Start a system: an environment, which runs the flat image of that file, in a group with these
 * quotas. Gives the group, or an error.
 */
int32_t flat_start_system(const char *name, const char *arguments, uint32_t pages,
                          uint32_t slices);

/* The same in a group that is there already (NONE: ours): the environment, not started yet. */
int32_t flat_new_environment(const struct archive_file *file, const char *arguments,
                             uint32_t group);

#endif
