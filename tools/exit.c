/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exit.c - the exit codes in words. */
#include "tools/exit.h"

#include "tools/base/base.h"

const char *const exit_texts[] = {
    [PZ_OK] = "success: every guest shut down and reported success, every check held",
    [PZ_FAILED] = "a guest failed or was stopped, or a check found a difference",
    [PZ_USAGE] =
        "the command line is wrong, or a file named on it is (not a riscv32 kernel...)",
    [PZ_HOST] =
        "the host failed: out of memory, a file cannot be read or written, no such engine",
};

const unsigned exit_count = sizeof exit_texts / sizeof exit_texts[0];
