/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recording_part.c - checks, compiles, goes behind the wall, and only then loads. */
#include "tools/sandbox/recording_part.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/sandbox/boxwall.h"
#include "tools/sandbox/compile.h"
#include "tools/travel/travel.h"

#define SOURCE_MOST (16u << 20)

static enum pz_err check_source(const struct recording *recording, struct problem *problem)
{
    struct file file;
    enum pz_err err = file_read(recording->part_source, SOURCE_MOST, &file, problem);

    if (!err && statehash_bytes(file.bytes, file.len) != recording->part_hash)
        err = problem_set(problem, PZ_USAGE,
                          "has changed since this was recorded: grade it again");
    file_free(&file);
    if (err)
        problem_prefix(problem, recording->part_source);
    return err;
}

static enum pz_err compile(const struct recording *recording, const char *output,
                           struct problem *problem)
{
    struct compiled compiled;
    enum pz_err err = compile_part(recording->part_source, output, NULL, &compiled, problem);

    if (!err && !compiled.built)
        err = problem_set(problem, PZ_USAGE, "%s does not compile: %.200s",
                          recording->part_source, compiled.said);
    free(compiled.said);
    return err;
}

/* Once loaded, the file is no longer needed. Remove it before the sandbox forbids that. */
static enum pz_err load(struct recording_part *part, const char *object,
                        struct problem *problem)
{
    char name[32];
    FILE *held = fopen(object, "re");
    enum pz_err err;

    unlink(object);
    if (!held)
        return problem_set(problem, PZ_HOST, "%s: %s", object, strerror(errno));
    if (!boxwall_restrain()) {
        fclose(held);
        return problem_set(problem, PZ_HOST, "the host refuses the limits for student code");
    }
    (void)!snprintf(name, sizeof name, "/proc/self/fd/%d", fileno(held));
    err = partfile_open(&part->file, name, problem);
    fclose(held);
    return err;
}

enum pz_err recording_part_open(struct recording_part *part, struct recording *recording,
                                struct problem *problem)
{
    const char *base = getenv("TMPDIR");
    char object[4096];
    int descriptor;
    enum pz_err err;

    *part = (struct recording_part){.file = {.handle = NULL}};
    if (!recording->part_source)
        return PZ_OK;
    err = check_source(recording, problem);
    if (err)
        return err;
    path_format(object, sizeof object, "%s/pz-part.XXXXXX", base && base[0] ? base : "/tmp");
    descriptor = mkstemp(object);
    if (descriptor < 0)
        return problem_set(problem, PZ_HOST, "cannot create a temporary file (%s): set TMPDIR",
                           strerror(errno));
    close(descriptor);
    err = compile(recording, object, problem);
    if (!err)
        err = load(part, object, problem);
    else
        unlink(object);
    recording->options.parts = err ? NULL : &part->file.parts;
    return err;
}

void recording_part_close(struct recording_part *part)
{
    partfile_close(&part->file);
}
