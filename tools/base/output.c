/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.c - the one variable here is process-wide because standard output is. */
#include "tools/base/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tools/base/terminal.h"

static int first_error;

void output_failed(int error)
{
    if (!first_error)
        first_error = error ? error : EIO;
}

enum pz_err output_flush(struct problem *problem)
{
    bool failed = ferror(stdout);

    errno = 0;
    if (fflush(stdout) || failed)
        output_failed(errno);
    if (!first_error)
        return PZ_OK;
    if (first_error == EPIPE) {
        terminal_note_pipe();
        return PZ_FAILED;
    }
    return problem_set(problem, PZ_HOST, "standard output: %s", strerror(first_error));
}
