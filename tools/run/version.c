/* SPDX-License-Identifier: GPL-2.0-or-later */
/* version.c - `pz version`. */
#include "tools/base/base.h"
#include "tools/run/run.h"

enum pz_err command_version(const struct options *options, struct problem *problem)
{
    if (options->json)
        return json_print(json_document("pz-version/1"), problem);
    printf("pz %s\n", PZ_VERSION);
    return PZ_OK;
}
