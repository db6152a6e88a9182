/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * disk.c - disks in layers: a block is read from what the process keeps, else from the snapshot,
 * else from the file. If there is only the file, requests go to it unchanged; otherwise block by
 * block.
 */
#include "tools/host/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define XXH_STATIC_LINKING_ONLY /* the state of a hash, by value */
#include <xxhash.h>

#include <sys/file.h>
#include <sys/stat.h>

#include "tools/base/base.h"
#include "tools/host/diskio.h"

#define BLOCK OVERLAY_BLOCK
#define SECTOR 512u
#define DISK_MOST (1ull << 42) /* bytes: 4 TiB */
#define PIECES 64u
#define SAMPLES 64u /* blocks by which a file is known again */

_Static_assert(OVERLAY_BLOCK == CHANGES_BLOCK, "one size of blocks");

/* ---- Specifications ---- */

static enum pz_err parse_word(struct disk_spec *spec, const char *word, struct problem *problem)
{
    const struct parse_range vms = {0, UINT16_MAX};

    if (!strcmp(word, "ro"))
        spec->read_only = true;
    else if (!strcmp(word, "snapshot"))
        spec->snapshot = true;
    else if (!strncmp(word, "vm=", 3)) {
        spec->names_vm = true;
        return parse_count("--disk: vm", word + 3, vms, &spec->vm, problem);
    } else
        return problem_set(
            problem, PZ_USAGE,
            "--disk: '%.40s' is not one of ro, snapshot, vm=K (a comma cannot be "
            "part of a file's name here)",
            word);
    return PZ_OK;
}

enum pz_err disk_parse(const char *text, struct disk_spec *spec, struct problem *problem)
{
    char *word, *rest;
    enum pz_err err = PZ_OK;

    *spec = (struct disk_spec){.path = strdup(text)};
    if (!spec->path)
        return problem_memory(problem, "a disk's name");
    rest = strchr(spec->path, ',');
    if (rest)
        *rest++ = '\0';
    while (!err && (word = strsep(&rest, ",")))
        err = parse_word(spec, word, problem);
    if (!err && !spec->path[0])
        err = problem_set(problem, PZ_USAGE, "--disk: give a file");
    if (!err && spec->read_only && spec->snapshot)
        err = problem_set(problem, PZ_USAGE,
                          "--disk: ro and snapshot: a disk that is only read needs none");
    return err;
}

/* ---- Opening ---- */

static enum pz_err check_file(struct disk *disk, struct problem *problem)
{
    struct stat about;

    if (fstat(disk->fd, &about))
        return problem_set(problem, PZ_HOST, "cannot be examined: %s", strerror(errno));
    if (S_ISDIR(about.st_mode))
        return problem_set(problem, PZ_USAGE, "is a directory: give a file");
    if (!S_ISREG(about.st_mode))
        return problem_set(problem, PZ_USAGE, "is not a plain file: give a file");
    if (!about.st_size)
        return problem_set(
            problem, PZ_USAGE,
            "is empty: make it as large as the disk should be (truncate -s 64M)");
    if ((uint64_t)about.st_size > DISK_MOST)
        return problem_set(problem, PZ_USAGE, "is larger than 4 TiB: give a smaller one");
    disk->size = ((uint64_t)about.st_size + SECTOR - 1) / SECTOR * SECTOR;
    disk->device = about.st_dev;
    disk->number = about.st_ino;
    return PZ_OK;
}

static enum pz_err open_file(struct disk *disk, const char *path, struct problem *problem)
{
    disk->fd = open(path, (disk->writes_file ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
    if (disk->fd < 0 && errno == EISDIR)
        return problem_set(problem, PZ_USAGE, "is a directory: give a file");
    if (disk->fd < 0 && disk->writes_file)
        return problem_set(problem, PZ_HOST, "cannot be opened for writing: %s%s",
                           strerror(errno),
                           errno == EACCES || errno == EROFS ? " (to read only: add ,ro)" : "");
    if (disk->fd < 0)
        return problem_set(problem, PZ_HOST, "cannot be opened: %s", strerror(errno));
    return check_file(disk, problem);
}

enum pz_err disk_open(struct disk *disk, const struct disk_spec *spec, enum disk_keep keep,
                      struct problem *problem)
{
    bool file = keep == DISK_KEEP_FILE;
    enum pz_err err;

    *disk = (struct disk){.fd = -1, .overlay.fd = -1, .spec = *spec};
    disk->spec.path = strdup(spec->path);
    if (!disk->spec.path)
        return problem_memory(problem, "a disk's name");
    disk->read_only = spec->read_only;
    disk->writes_snapshot = file && spec->snapshot;
    disk->writes_file = file && !spec->snapshot && !spec->read_only;
    disk->in_memory = !file && !spec->read_only;
    disk->logs = keep == DISK_KEEP_LOG;
    if (file)
        signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes is an error like any other */
    err = open_file(disk, spec->path, problem);
    if (err)
        problem_prefix(problem, spec->path);
    return err;
}

/* A snapshot counts wherever there is one and it was asked for. */
enum pz_err disk_start(struct disk *disk, struct problem *problem)
{
    const char *path = disk->spec.path;
    enum pz_err err = PZ_OK;

    if (flock(disk->fd, (disk->writes_file ? LOCK_EX : LOCK_SH) | LOCK_NB))
        return problem_set(
            problem, PZ_USAGE,
            "%s: is in use by another pz: wait until it has ended, or use a copy", path);
    if (disk->spec.snapshot)
        err = overlay_open(&disk->overlay, path, disk->size, disk->writes_snapshot, problem);
    if (!err && disk->in_memory &&
        !changes_open(&disk->changes, (disk->size + BLOCK - 1) / BLOCK, disk->logs))
        err = problem_memory(problem, "a disk's blocks");
    return err;
}

bool disk_close(struct disk *disk)
{
    bool kept = overlay_close(&disk->overlay);

    changes_close(&disk->changes);
    if (disk->fd >= 0 && close(disk->fd))
        kept = false;
    disk->fd = -1;
    free(disk->spec.path);
    disk->spec.path = NULL;
    return kept;
}

uint64_t disk_sectors(const struct disk *disk)
{
    return disk->size / SECTOR;
}

bool disk_conflict(const struct disk *a, const struct disk *b)
{
    return a->device == b->device && a->number == b->number &&
           (a->writes_file || b->writes_file || (a->writes_snapshot && b->writes_snapshot));
}

/* ---- By blocks ---- */

static bool is_plain(const struct disk *disk)
{
    return !disk->in_memory && disk->overlay.fd < 0;
}

static bool read_block(const struct disk *disk, uint64_t block, uint8_t *bytes)
{
    if (disk->in_memory && changes_has(&disk->changes, block))
        return changes_read(&disk->changes, block, bytes);
    if (overlay_has(&disk->overlay, block))
        return overlay_read(&disk->overlay, block, bytes);
    return diskio_read(disk->fd, bytes, BLOCK, block * BLOCK);
}

static bool write_block(struct disk *disk, uint64_t block, const uint8_t *bytes)
{
    return disk->in_memory ? changes_write(&disk->changes, block, bytes)
                           : overlay_write(&disk->overlay, block, bytes);
}

/* What to do with the part of a block that a piece of a request is about. */
typedef bool block_work(struct disk *disk, uint64_t block, uint32_t at, uint8_t *bytes,
                        uint32_t len);

static bool load_part(struct disk *disk, uint64_t block, uint32_t at, uint8_t *bytes,
                      uint32_t len)
{
    uint8_t whole[BLOCK];

    if (len == BLOCK)
        return read_block(disk, block, bytes);
    if (!read_block(disk, block, whole))
        return false;
    memcpy(bytes, whole + at, len);
    return true;
}

/* `bytes` NULL: zeros. */
static bool store_part(struct disk *disk, uint64_t block, uint32_t at, uint8_t *bytes,
                       uint32_t len)
{
    uint8_t whole[BLOCK];

    if (len == BLOCK && bytes)
        return write_block(disk, block, bytes);
    if (len != BLOCK && !read_block(disk, block, whole))
        return false;
    if (bytes)
        memcpy(whole + at, bytes, len);
    else
        memset(whole + at, 0, len);
    return write_block(disk, block, whole);
}

static bool work_on(struct disk *disk, uint64_t offset, uint8_t *bytes, uint64_t len,
                    block_work *work)
{
    for (uint32_t n; len; offset += n, len -= n) {
        uint32_t at = (uint32_t)(offset % BLOCK), room = BLOCK - at;

        n = len < room ? (uint32_t)len : room;
        if (!work(disk, offset / BLOCK, at, bytes, n))
            return false;
        bytes = bytes ? bytes + n : NULL;
    }
    return true;
}

static bool move_blocks(struct disk *disk, const struct board_disk_request *request)
{
    block_work *work = request->op == BOARD_DISK_READ ? load_part : store_part;
    uint64_t offset = request->offset;

    for (unsigned i = 0; i < request->count; i++) {
        if (!work_on(disk, offset, request->buffers[i].bytes, request->buffers[i].len, work))
            return false;
        offset += request->buffers[i].len;
    }
    return true;
}

/* ---- Requests ---- */

static bool move_plain(const struct disk *disk, const struct board_disk_request *request)
{
    struct iovec pieces[PIECES];

    if (request->count > PIECES)
        return false;
    for (unsigned i = 0; i < request->count; i++)
        pieces[i] = (struct iovec){request->buffers[i].bytes, request->buffers[i].len};
    return request->op == BOARD_DISK_READ
               ? diskio_readv(disk->fd, pieces, request->count, request->offset)
               : diskio_writev(disk->fd, pieces, request->count, request->offset);
}

static bool flush(struct disk *disk)
{
    if (disk->writes_snapshot)
        return overlay_flush(&disk->overlay);
    return !disk->writes_file || !fdatasync(disk->fd);
}

static bool serve(struct disk *disk, const struct board_disk_request *request)
{
    switch (request->op) {
    case BOARD_DISK_READ:
    case BOARD_DISK_WRITE:
        return is_plain(disk) ? move_plain(disk, request) : move_blocks(disk, request);
    case BOARD_DISK_FLUSH: return flush(disk);
    case BOARD_DISK_DISCARD:
    case BOARD_DISK_ZERO:
        return is_plain(disk) ? diskio_zero(disk->fd, request->offset, request->len)
                              : work_on(disk, request->offset, NULL, request->len, store_part);
    }
    return false;
}

bool disk_request(struct disk *disk, const struct board_disk_request *request)
{
    return serve(disk, request) && (!request->through || flush(disk));
}

bool disk_yield(struct disk *disk)
{
    bool kept = flush(disk) && overlay_close(&disk->overlay);

    disk->overlay.fd = -1;
    return !flock(disk->fd, LOCK_UN) && kept;
}

/* ---- All of it ---- */

static bool is_zero(const uint8_t *bytes)
{
    return !bytes[0] && !memcmp(bytes, bytes + 1, BLOCK - 1);
}

/* Blocks of zeros do not count, so that holes need not be read. */
static bool hash_block(struct disk *disk, uint64_t block, XXH3_state_t *state)
{
    uint8_t bytes[BLOCK];

    if (!read_block(disk, block, bytes))
        return false;
    if (is_zero(bytes))
        return true;
    (void)XXH3_64bits_update(state, &block, sizeof block);
    (void)XXH3_64bits_update(state, bytes, BLOCK);
    return true;
}

/* May a block that lies in a hole of the file hold something all the same? */
static bool is_layered(const struct disk *disk, uint64_t block)
{
    return overlay_has(&disk->overlay, block) ||
           (disk->in_memory && changes_has(&disk->changes, block));
}

bool disk_hash(struct disk *disk, uint64_t *hash)
{
    uint64_t from = 0, to = 0, blocks = (disk->size + BLOCK - 1) / BLOCK;
    bool more = true;
    XXH3_state_t state;

    (void)XXH3_64bits_reset(&state);
    (void)XXH3_64bits_update(&state, &disk->size, sizeof disk->size);
    for (uint64_t block = 0; block < blocks; block++) {
        if (more && block * BLOCK >= to) {
            from = block * BLOCK;
            more = diskio_data(disk->fd, &from, &to, disk->size);
        }
        if (!is_layered(disk, block) && (!more || (block + 1) * BLOCK <= from))
            continue;
        if (!hash_block(disk, block, &state))
            return false;
    }
    *hash = XXH3_64bits_digest(&state);
    return true;
}

bool disk_sample(struct disk *disk, uint64_t *hash)
{
    uint64_t blocks = (disk->size + BLOCK - 1) / BLOCK;
    uint64_t step = blocks / SAMPLES + 1;
    XXH3_state_t state;

    (void)XXH3_64bits_reset(&state);
    (void)XXH3_64bits_update(&state, &disk->size, sizeof disk->size);
    for (uint64_t block = 0; block < blocks; block += step)
        if (!hash_block(disk, block, &state))
            return false;
    *hash = XXH3_64bits_digest(&state);
    return true;
}

/* ---- Commit ---- */

static enum pz_err copy_blocks(struct disk *disk, uint64_t *blocks, struct problem *problem)
{
    uint8_t bytes[BLOCK];

    for (uint64_t block = 0; block < disk->overlay.blocks; block++) {
        uint64_t at = block * BLOCK, rest = disk->size - at;

        if (!overlay_has(&disk->overlay, block))
            continue;
        if (!overlay_read(&disk->overlay, block, bytes) ||
            !diskio_write(disk->fd, bytes, rest < BLOCK ? rest : BLOCK, at))
            return problem_set(problem, PZ_HOST,
                               "cannot be written: %s: its snapshot is kept whole",
                               strerror(errno));
        ++*blocks;
    }
    if (fdatasync(disk->fd))
        return problem_set(problem, PZ_HOST,
                           "cannot be written: %s: its snapshot is kept whole",
                           strerror(errno));
    return PZ_OK;
}

/* The file for writing and its snapshot, both for nobody else. */
static enum pz_err open_both(struct disk *disk, const char *path, struct problem *problem)
{
    struct disk_spec spec = {.path = (char *)(uintptr_t)path};
    enum pz_err err = disk_open(disk, &spec, DISK_KEEP_FILE, problem);

    if (!err)
        err = disk_start(disk, problem);
    if (!err)
        err = overlay_open(&disk->overlay, path, disk->size, false, problem);
    if (!err && disk->overlay.fd < 0)
        err = problem_set(problem, PZ_USAGE, "%s has no snapshot", path);
    return err;
}

static enum pz_err remove_snapshot(const char *path, struct problem *problem)
{
    char *snapshot = overlay_path(path);
    enum pz_err err = PZ_OK;

    if (!snapshot)
        return problem_memory(problem, "a snapshot");
    if (unlink(snapshot))
        err = problem_set(problem, PZ_HOST, "%s cannot be removed: %s", snapshot,
                          strerror(errno));
    free(snapshot);
    return err;
}

enum pz_err disk_commit(const char *path, uint64_t *blocks, struct problem *problem)
{
    struct disk disk;
    enum pz_err err = open_both(&disk, path, problem);

    *blocks = 0;
    if (!err) {
        err = copy_blocks(&disk, blocks, problem);
        if (err)
            problem_prefix(problem, path);
    }
    if (!err)
        err = remove_snapshot(path, problem);
    if (!disk_close(&disk) && !err)
        err = problem_set(problem, PZ_HOST, "%s cannot be closed: %s", path, strerror(errno));
    return err;
}

enum pz_err disk_discard(const char *path, struct problem *problem)
{
    struct disk disk;
    enum pz_err err = open_both(&disk, path, problem);

    if (!err)
        err = remove_snapshot(path, problem);
    (void)!disk_close(&disk);
    return err;
}
