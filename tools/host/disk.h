/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk.h - the file behind a guest's disk: raw bytes, opened for writing, for reading only, or
 * with a snapshot that receives the writes (overlay.h). For commands that must not change
 * anything outside the process (comparing, debugging, replaying), writes are kept in the
 * process (changes.h).
 */
#ifndef PZ_TOOLS_HOST_DISK_H
#define PZ_TOOLS_HOST_DISK_H

#include <sys/types.h>

#include "tools/base/base.h"
#include "tools/host/changes.h"
#include "tools/host/overlay.h"
#include "vmm/board/board.h"

/* FILE[,ro][,snapshot][,vm=K], read. */
struct disk_spec {
    char *path; /* to be freed */
    bool read_only, snapshot;
    bool names_vm;
    uint64_t vm;
};

/* Where a disk's writes go. */
enum disk_keep {
    DISK_KEEP_FILE,   /* to the file or its snapshot, as the specification says */
    DISK_KEEP_MEMORY, /* nowhere */
    DISK_KEEP_LOG,    /* nowhere, and there is a way back */
};

struct disk {
    int fd;                /* -1: closed */
    struct disk_spec spec; /* its path is this struct's own */
    bool logs;
    uint64_t size;
    bool read_only, writes_file, writes_snapshot, in_memory;
    struct overlay overlay;
    struct changes changes;
    dev_t device; /* which file it is */
    ino_t number;
};

enum pz_err disk_parse(const char *text, struct disk_spec *spec,
                       struct problem *problem) PZ_MUST_CHECK;

/*
 * Open the file, and look at it. To be closed whatever comes back.
 */
enum pz_err disk_open(struct disk *disk, const struct disk_spec *spec, enum disk_keep keep,
                      struct problem *problem) PZ_MUST_CHECK;

/* Take it for this process: before the first request. */
enum pz_err disk_start(struct disk *disk, struct problem *problem) PZ_MUST_CHECK;

/*
 * All is in the file, and another process may take it: it is this one's no more, until
 * disk_start(). False: the host could not write; errno says why.
 */
bool disk_yield(struct disk *disk) PZ_MUST_CHECK;

/* False: what was written last is not all in the file; errno says why. */
bool disk_close(struct disk *disk) PZ_MUST_CHECK;

uint64_t disk_sectors(const struct disk *disk);

/* What a board asks. False: the host could not; the guest is told, and nothing old is lost. */
bool disk_request(struct disk *disk, const struct board_disk_request *request);

/* Would two of them disturb each other? */
bool disk_conflict(const struct disk *a, const struct disk *b);

/* A hash of all bytes, as the guest sees them. False: they cannot be read. */
bool disk_hash(struct disk *disk, uint64_t *hash);

/* The same of its size and a few blocks, quickly: is it the same file? */
bool disk_sample(struct disk *disk, uint64_t *hash);

/* pz disk: write the snapshot's blocks to the file. */
enum pz_err disk_commit(const char *path, uint64_t *blocks,
                        struct problem *problem) PZ_MUST_CHECK;

/* pz disk: remove the snapshot. */
enum pz_err disk_discard(const char *path, struct problem *problem) PZ_MUST_CHECK;

#endif
