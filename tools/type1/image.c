/* SPDX-License-Identifier: GPL-2.0-or-later */
/* image.c - `pz image`: an archive, written to a file. */
#include "tools/type1/pack.h"
#include "tools/type1/type1.h"

enum pz_err command_image(const struct options *options, struct problem *problem)
{
    struct file archive = {0};
    enum pz_err err;

    if (!options->output)
        return problem_set(problem, PZ_USAGE, "say where the archive goes: -o FILE");
    err = pack_vms(options, &archive, problem);
    if (!err)
        err = outfile_write(archive.bytes, archive.len, "-o", options->output, problem);
    file_free(&archive);
    return err;
}
