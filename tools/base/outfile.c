/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outfile.c - opening and closing what an option asked to be written. */
#include "tools/base/outfile.h"

#include <errno.h>
#include <string.h>

enum pz_err outfile_open(FILE **file, const char *option, const char *path,
                         struct problem *problem)
{
    *file = fopen(path, "we");
    if (*file)
        return PZ_OK;
    return problem_set(problem, PZ_HOST, "%s: %.300s: cannot be written: %s", option,
                       *path ? path : "''", strerror(errno));
}

enum pz_err outfile_cut(int error, const char *option, const char *path,
                        struct problem *problem)
{
    return problem_set(problem, PZ_HOST, "%s: %.300s: could not be written in full: %s", option,
                       path, strerror(error));
}

enum pz_err outfile_close(FILE *file, int error, const char *option, const char *path,
                          struct problem *problem)
{
    if (!file)
        return PZ_OK;
    errno = 0;
    /* Flushed first: a failure to do so is the reason that a user can mend. */
    if ((fflush(file) || ferror(file)) && !error)
        error = errno ? errno : EIO;
    if (fclose(file) && !error)
        error = errno ? errno : EIO;
    return error ? outfile_cut(error, option, path, problem) : PZ_OK;
}
