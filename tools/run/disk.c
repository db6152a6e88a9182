/* SPDX-License-Identifier: GPL-2.0-or-later */
/* disk.c - `pz disk`: inspects, commits or discards a disk's snapshot. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/host/host.h"
#include "tools/run/run.h"

/* What is to be told of one. */
struct about {
    const char *verb, *path;
    uint64_t size, blocks;
    bool has_snapshot;
};

static enum pz_err print(const struct options *options, const struct about *about,
                         struct problem *problem)
{
    json_t *document;

    if (!options->json) {
        bool mib = about->size % (1u << 20) == 0;

        printf("%s: %" PRIu64 " %s, ", about->path, about->size >> (mib ? 20 : 10),
               mib ? "MiB" : "KiB");
        if (about->has_snapshot)
            printf("snapshot of %" PRIu64 " KiB %s\n", about->blocks * OVERLAY_BLOCK >> 10,
                   about->verb);
        else
            printf("no snapshot\n");
        return PZ_OK;
    }
    document = json_document("pz-disk/1");
    json_put_text(document, "file", about->path);
    json_put_text(document, "did", about->verb);
    json_put_number(document, "bytes", about->size);
    json_put(document, "snapshot", json_boolean(about->has_snapshot));
    json_put_number(document, "snapshot_bytes", about->blocks * OVERLAY_BLOCK);
    return json_print(document, problem);
}

static enum pz_err look(struct about *about, struct problem *problem)
{
    struct disk_spec spec = {.path = (char *)(uintptr_t)about->path, .snapshot = true};
    struct disk disk;
    enum pz_err err = disk_open(&disk, &spec, DISK_KEEP_MEMORY, problem);

    if (!err)
        err = disk_start(&disk, problem);
    about->size = disk.size;
    about->has_snapshot = disk.overlay.fd >= 0;
    for (uint64_t block = 0; !err && about->has_snapshot && block < disk.overlay.blocks;
         block++)
        about->blocks += overlay_has(&disk.overlay, block);
    (void)!disk_close(&disk);
    return err;
}

static enum pz_err commit(struct about *about, struct problem *problem)
{
    about->verb = "committed";
    return disk_commit(about->path, &about->blocks, problem);
}

static enum pz_err discard(struct about *about, struct problem *problem)
{
    about->verb = "thrown away";
    return disk_discard(about->path, problem);
}

static const struct {
    const char *name;
    enum pz_err (*act)(struct about *about, struct problem *problem);
} verbs[] = {{"info", NULL}, {"commit", commit}, {"discard", discard}};

enum pz_err command_disk(const struct options *options, struct problem *problem)
{
    struct about about = {.verb = "kept"};
    enum pz_err err;

    if (options->kernels.count != 2)
        return problem_set(problem, PZ_USAGE,
                           "say what to do: pz disk info|commit|discard FILE");
    about.path = options->kernels.at[1];
    for (unsigned i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(verbs[i].name, options->kernels.at[0]))
            continue;
        err = look(&about, problem);
        if (!err && verbs[i].act)
            err = verbs[i].act(&about, problem);
        return err ? err : print(options, &about, problem);
    }
    return problem_set(problem, PZ_USAGE, "'%.40s' is not one of info, commit, discard",
                       options->kernels.at[0]);
}
