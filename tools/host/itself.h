/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * itself.h - runs a command of pz in a separate process, for its output. Time and bytes are
 * bounded. Callers interpret the output.
 */
#ifndef PZ_TOOLS_HOST_ITSELF_H
#define PZ_TOOLS_HOST_ITSELF_H

#include <sys/types.h>

#include "tools/base/base.h"

struct itself_output {
    int status; /* exit code; 128 and the number, of a signal */
    char *out, *err;
    size_t out_len, err_len;
};

/*
 * Run the command argv[0] with the words behind it, in `folder` (NULL: here), with nothing on its
 * standard input, until it ends; it is killed when it takes long, and when this process ends. Free
 * the output in any case.
 */
enum pz_err itself_run(const char *folder, int argc, char *const *argv,
                       struct itself_output *output, struct problem *problem) PZ_MUST_CHECK;
void itself_free(struct itself_output *output);

/*
 * In a child, just after fork(): it gets this signal when its parent ends, however that ends.
 * False: the host refuses, or the parent has ended already.
 */
bool itself_tie(pid_t parent, int signal) PZ_MUST_CHECK;

/*
 * itself_run() for a command that prints a document (--json), which comes back; to be given up with
 * json_decref(). A guest that ended as failed is none of this function's problems; a command that
 * printed no document is, and the problem has its own words.
 */
enum pz_err itself_document(int argc, char *const *argv, json_t **document,
                            struct problem *problem) PZ_MUST_CHECK;

#endif
