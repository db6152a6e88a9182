/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outfile.h - output files named by options: opened, and closed with a check that everything was
 * written, with the same messages for every option.
 */
#ifndef PZ_TOOLS_BASE_OUTFILE_H
#define PZ_TOOLS_BASE_OUTFILE_H

#include <stdbool.h>
#include <stdio.h>

#include "tools/base/problem.h"

/*
 * `option` as the user writes it ("--trace"). What the file held stays until outfile_begin(), or
 * until a file to which something was written is closed: a command that is refused loses nothing.
 */
enum pz_err outfile_open(FILE **file, const char *option, const char *path,
                         struct problem *problem) PZ_MUST_CHECK;

/* The work begins whose result this is (NULL: none is wanted). */
void outfile_begin(FILE *file);

/* A file that is written in one go. */
enum pz_err outfile_write(const void *bytes, size_t len, const char *option, const char *path,
                          struct problem *problem) PZ_MUST_CHECK;

/*
 * A file that is written under another name and renamed: is there a folder in which that can be
 * done? Asked before the work whose result it is to hold.
 */
enum pz_err outfile_check_folder(const char *option, const char *path,
                                 struct problem *problem) PZ_MUST_CHECK;

/*
 * Not opened is fine. `error`: an errno noted while it was written, or 0; ferror() is asked as
 * well.
 */
enum pz_err outfile_close(FILE *file, int error, const char *option, const char *path,
                          struct problem *problem) PZ_MUST_CHECK;

/*
 * The command has ended. `failed`: it could not do its work, so what it has made and left empty
 * goes; a file that was there before stays.
 */
void outfile_forget(bool failed);

/* The problem of a file that has been closed already. */
enum pz_err outfile_cut(int error, const char *option, const char *path,
                        struct problem *problem);

#endif
