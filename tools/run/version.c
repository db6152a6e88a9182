/* SPDX-License-Identifier: GPL-2.0-or-later */
/* version.c - `pz version`. */
#include "tools/base/base.h"
#include "tools/run/run.h"

enum pz_err command_version(const struct options *options, struct problem *problem)
{
    const char *revision = options->revision;
    json_t *document;

    if (options->json) {
        document = json_document("pz-version/1");
        if (revision[0])
            json_put_text(document, "revision", revision);
        return json_print(document, problem);
    }
    printf("pz %s%s%s%s\n", PZ_VERSION, revision[0] ? " (" : "", revision,
           revision[0] ? ")" : "");
    return PZ_OK;
}
