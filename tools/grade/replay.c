/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - writes the recording from outside: the check's process may not write files, and
 * only reports how far its machine ran. A guest that was built from this submission is kept
 * next to the recording.
 */
#include "tools/grade/replay.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "tools/host/host.h"
#include "tools/travel/travel.h"

#define FILE_MOST (64u << 20)

static enum pz_err cannot(const char *path, struct problem *problem)
{
    return problem_set(problem, PZ_HOST, "%.200s: cannot be written: %s", path,
                       strerror(errno));
}

/* "03-sret.user-mode": letters, digits and dashes only. */
static void name_file(const struct grade_run *run, const char *key, char *name, size_t room)
{
    (void)!snprintf(name, room, "%s%s%s.%s", key ? key : "", key ? "." : "",
                    run->exercise->name, run->check->name);
    for (; *name; name++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", *name))
            *name = '-';
}

static enum pz_err hash_file(const char *path, uint64_t *hash, struct problem *problem)
{
    struct file file;
    enum pz_err err = file_read(path, FILE_MOST, &file, problem);

    if (!err)
        *hash = statehash_bytes(file.bytes, file.len);
    file_free(&file);
    if (err)
        problem_prefix(problem, path);
    return err;
}

static enum pz_err copy_file(const char *from, const char *to, struct problem *problem)
{
    struct file file;
    enum pz_err err = file_read(from, FILE_MOST, &file, problem);
    FILE *out = err ? NULL : fopen(to, "we");

    if (!err && (!out || fwrite(file.bytes, 1, file.len, out) != file.len))
        err = cannot(to, problem);
    if (out && fclose(out) && !err)
        err = cannot(to, problem);
    file_free(&file);
    return err;
}

/* A student's guest lies in a folder that goes away. */
static enum pz_err keep_guest(const struct grade_run *run, const char *recording,
                              char guest[PATH_MAX], struct problem *problem)
{
    char whole[PATH_MAX];
    enum pz_err err;

    if (!exercise_file(run->exercise, run->check->guest)) {
        path_format(guest, PATH_MAX, "%s", realpath(run->guest, whole) ? whole : run->guest);
        return PZ_OK;
    }
    path_format(whole, sizeof whole, "%.*s.elf", (int)(strlen(recording) - 4), recording);
    err = copy_file(run->guest, whole, problem);
    if (!err && !realpath(whole, guest))
        err = cannot(whole, problem);
    return err;
}

static json_t *head_of(const struct options *options, const char *guest, uint64_t guest_hash)
{
    json_t *vms = json_array();
    char variants[VARIANTS_TEXT];

    for (unsigned k = 0; k < options->vms; k++) {
        const char *append = options_word(&options->appends, k, NULL);

        json_array_append_new(vms, json_pack("{s:s,s:s?,s:I,s:I}", "kernel", guest, "append",
                                             append, "kernel_hash", (json_int_t)guest_hash,
                                             "share", (json_int_t)VM_SHARES_DEFAULT));
    }
    return json_pack(
        "{s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "engine", "spec", "variants",
        variants_text(options->variants, variants), "monitor", (json_int_t)options->monitor,
        "shadow", (json_int_t)options->shadow, "slice",
        (json_int_t)(options->slice_count ? options->slices[0] : VMM_SLICE_DEFAULT), "mem",
        (json_int_t)options->mem, "ram_base", (json_int_t)options->ram_base, "max_insns",
        (json_int_t)options->max_insns, "vms", vms);
}

static enum pz_err add_part(json_t *head, const char *source, struct problem *problem)
{
    uint64_t hash = 0;
    enum pz_err err = source ? hash_file(source, &hash, problem) : PZ_OK;

    if (!err && source)
        json_object_set_new(head, "part",
                            json_pack("{s:s,s:I}", "source", source, "hash", (json_int_t)hash));
    return err;
}

/* What is on the guest's disk, before anything has been written. */
static enum pz_err add_disk(json_t *head, const char *path, struct problem *problem)
{
    struct disk_spec spec = {.path = (char *)(uintptr_t)path};
    struct disk disk;
    uint64_t hash = 0;
    enum pz_err err;

    if (!path)
        return PZ_OK;
    err = disk_open(&disk, &spec, DISK_KEEP_MEMORY, problem);
    if (!err)
        err = disk_start(&disk, problem);
    if (!err && !disk_hash(&disk, &hash))
        err = cannot(path, problem);
    (void)!disk_close(&disk);
    json_object_set_new(head, "disks", json_pack("[s]", path));
    json_object_set_new(head, "disk_hashes", json_pack("[I]", (json_int_t)hash));
    return err;
}

/* If a process did not finish, it is unknown how far it ran: there is nothing to compare. */
static json_t *done_of(const struct options *options, const json_t *verdict)
{
    const json_t *consoles = json_object_get(verdict, "consoles");
    json_t *vms = json_array();
    json_int_t turns = json_integer_value(json_object_get(verdict, "turns"));
    for (unsigned k = 0; k < options->vms; k++) {
        const json_t *console = json_array_get(consoles, k);

        json_array_append_new(vms,
                              json_pack("{s:I,s:I}", "console_bytes",
                                        json_integer_value(json_object_get(console, "bytes")),
                                        "console_hash",
                                        json_integer_value(json_object_get(console, "hash"))));
    }
    return json_pack("{s:I,s:o,s:b}", "turns", turns, "vms", vms, "open", consoles == NULL);
}

static enum pz_err write_frames(const char *path, json_t *head, json_t *done,
                                struct problem *problem)
{
    FILE *file = fopen(path, "we");
    bool written = file && fputs(RECORDING_MAGIC, file) >= 0 &&
                   frame_write(file, FRAME_HEAD, json_incref(head)) &&
                   frame_write(file, FRAME_DONE, json_incref(done));

    if (file && fclose(file))
        written = false;
    json_decref(head);
    json_decref(done);
    return written ? PZ_OK : cannot(path, problem);
}

static enum pz_err write_all(const struct grade_run *run, const struct options *options,
                             const char *part_source, const json_t *verdict, const char *path,
                             struct problem *problem)
{
    char guest[PATH_MAX];
    uint64_t hash = 0;
    json_t *head;
    enum pz_err err = keep_guest(run, path, guest, problem);

    if (!err)
        err = hash_file(guest, &hash, problem);
    if (err)
        return err;
    head = head_of(options, guest, hash);
    err = add_part(head, part_source, problem);
    if (!err)
        err = add_disk(head, run->disk, problem);
    if (err) {
        json_decref(head);
        return err;
    }
    return write_frames(path, head, done_of(options, verdict), problem);
}

enum pz_err grade_replay_write(const struct grade_run *run, const char *part_source,
                               const json_t *verdict, const char *replays, const char *key,
                               char path[PATH_ROOM], struct problem *problem)
{
    char name[256];
    struct options options;
    enum pz_err err = grade_check_options(run, &options, problem);

    name_file(run, key, name, sizeof name);
    if (mkdir(replays, 0777) && errno != EEXIST)
        err = cannot(replays, problem);
    path_format(path, PATH_ROOM, "%s%s%s.pzr", strcmp(replays, ".") ? replays : "",
                strcmp(replays, ".") ? "/" : "", name);
    if (!err)
        err = write_all(run, &options, part_source, verdict, path, problem);
    options_free(&options);
    return err;
}
