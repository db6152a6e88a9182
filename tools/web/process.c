/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process.c - a verb for the page is a process of this program, in the session's folder. */
#include "tools/web/process.h"

#include "tools/host/host.h"

enum pz_err process_verb(void *folder, int argc, char **argv, struct web_output *output,
                         struct problem *problem)
{
    struct itself_output printed = {0};
    enum pz_err err = itself_run(folder, argc, argv, &printed, problem);

    *output = (struct web_output){
        .status = printed.status,
        .out = printed.out,
        .out_len = printed.out_len,
        .err = printed.err,
        .err_len = printed.err_len,
    };
    return err;
}
