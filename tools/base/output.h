/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.h - checking that everything printed on standard output was written. */
#ifndef PZ_TOOLS_BASE_OUTPUT_H
#define PZ_TOOLS_BASE_OUTPUT_H

#include "tools/base/problem.h"

/* A write has failed, with this errno; the first one counts. */
void output_failed(int error);

/*
 * Flush standard output. A problem if this or any write before it has failed; but without a text
 * when the reader has gone away, which ends pz as SIGPIPE would have.
 */
enum pz_err output_flush(struct problem *problem) PZ_MUST_CHECK;

#endif
