/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_file.c - writes and reads frames. Nothing that is read is trusted: lengths and
 * checksums are checked before use, and a problem names the offset.
 */
#define _GNU_SOURCE
#include "tools/travel/recording_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>
#define XXH_STATIC_LINKING_ONLY /* the state of a hash, by value */
#include <xxhash.h>
#include <zstd.h>

#define COMPRESS_LEAST 256u /* bytes from which on it is tried */
#define COMPRESS_LEVEL 1
#define RAW_MOST (64u << 20)
#define HEADER 20u /* bytes of it in the file */

struct header {
    char name[4];
    uint32_t stored, raw;
    uint64_t checksum;
};

static uint64_t checksum(const struct header *header, const uint8_t *stored)
{
    uint8_t fields[12];
    XXH3_state_t hash;

    memcpy(fields, header->name, 4);
    little_put32(fields + 4, header->stored);
    little_put32(fields + 8, header->raw);
    (void)XXH3_64bits_reset(&hash);
    (void)XXH3_64bits_update(&hash, fields, sizeof fields);
    (void)XXH3_64bits_update(&hash, stored, header->stored);
    return XXH3_64bits_digest(&hash);
}

/* ---- Writing ---- */

static bool write_stored(FILE *file, struct header *header, const uint8_t *bytes)
{
    uint8_t start[HEADER];

    header->checksum = checksum(header, bytes);
    memcpy(start, header->name, 4);
    little_put32(start + 4, header->stored);
    little_put32(start + 8, header->raw);
    little_put64(start + 12, header->checksum);
    return fwrite(start, sizeof start, 1, file) == 1 &&
           (!header->stored || fwrite(bytes, header->stored, 1, file) == 1);
}

/* Compress to `packed`; the new length, or 0 if that saves nothing. */
static size_t pack(const uint8_t *bytes, size_t len, uint8_t *packed)
{
    size_t size;

    if (len < COMPRESS_LEAST)
        return 0;
    size = ZSTD_compress(packed, len, bytes, len, COMPRESS_LEVEL);
    return ZSTD_isError(size) || size >= len ? 0 : size;
}

bool frame_write_bytes(FILE *file, const char *name, const uint8_t *bytes, size_t len)
{
    struct header header = {.stored = (uint32_t)len, .raw = (uint32_t)len};
    uint8_t *packed = malloc(len + 1);
    size_t size;
    bool written;

    if (!packed)
        return false;
    memcpy(header.name, name, 4);
    size = pack(bytes, len, packed);
    if (size)
        header.stored = (uint32_t)size;
    written = write_stored(file, &header, size ? packed : bytes);
    free(packed);
    return written;
}

bool frame_write(FILE *file, const char *name, json_t *fields)
{
    char *text = fields ? json_dumps(fields, JSON_COMPACT) : NULL;
    bool written;

    errno = 0;
    json_decref(fields);
    if (!text) {
        errno = ENOMEM;
        return false;
    }
    written = frame_write_bytes(file, name, (const uint8_t *)text, strlen(text));
    free(text);
    return written;
}

/* ---- Reading ---- */

enum pz_err frames_damaged(const struct frames *frames, const char *what)
{
    return problem_set(frames->problem, PZ_USAGE, "damaged at offset %zu%s%s: %s",
                       frames->start, frames->section ? ", section " : "",
                       frames->section ? frames->section : "", what);
}

#define VERSION_DIGITS 4u

/* How much of a beginning is the word of `magic` and a number; 0: it is another file. */
static size_t version_len(const uint8_t *begin, size_t len, const char *magic)
{
    size_t word = (size_t)(strchr(magic, ' ') + 1 - magic), at = word;

    if (len < word || memcmp(begin, magic, word))
        return 0;
    while (at < len && at < word + VERSION_DIGITS && begin[at] >= '0' && begin[at] <= '9')
        at++;
    return at > word && at < len && begin[at] == '\n' ? at : 0;
}

static enum pz_err check_magic(const struct frames *frames, const uint8_t *begin,
                               const char *magic, const char *what)
{
    size_t len = strlen(magic), version;

    if (frames->len >= len && !memcmp(begin, magic, len))
        return PZ_OK;
    version = version_len(begin, frames->len, magic);
    if (version)
        return problem_set(frames->problem, PZ_USAGE,
                           "a %s made by another version of pz: it begins with '%.*s', and "
                           "this pz reads '%.*s'",
                           what, (int)version, (const char *)begin, (int)len - 1, magic);
    return problem_set(frames->problem, PZ_USAGE,
                       "damaged at offset 0: not a %s of pz, which begins with '%.*s'", what,
                       (int)len - 1, magic);
}

enum pz_err frames_open(struct frames *frames, const char *path, const char *magic,
                        const char *what, size_t most, struct problem *problem)
{
    enum pz_err err;

    *frames = (struct frames){.fd = -1, .at = strlen(magic), .problem = problem};
    err = file_read(path, most, &frames->file, problem);
    frames->len = frames->file.len;
    return err ? err : check_magic(frames, frames->file.bytes, magic, what);
}

/* False: the file does not have them, or cannot be read. */
static bool read_at(const struct frames *frames, size_t at, uint8_t *bytes, size_t len)
{
    while (len) {
        ssize_t got = pread(frames->fd, bytes, len, (off_t)at);

        if (!got || (got < 0 && errno != EINTR))
            return false;
        if (got > 0) {
            bytes += got;
            at += (size_t)got;
            len -= (size_t)got;
        }
    }
    return true;
}

enum pz_err frames_open_lazily(struct frames *frames, const char *path, const char *magic,
                               const char *what, struct problem *problem)
{
    uint8_t begin[32] = {0};
    struct stat about;

    *frames = (struct frames){.at = strlen(magic), .problem = problem};
    frames->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (frames->fd < 0 || fstat(frames->fd, &about))
        return problem_set(problem, PZ_HOST, "cannot be read: %s", strerror(errno));
    if (!S_ISREG(about.st_mode))
        return problem_set(problem, PZ_USAGE, "not a file");
    frames->len = (size_t)about.st_size;
    (void)!read_at(frames, 0, begin, frames->len < sizeof begin ? frames->len : sizeof begin);
    return check_magic(frames, begin, magic, what);
}

void frames_close(struct frames *frames)
{
    file_free(&frames->file);
    if (frames->fd >= 0)
        close(frames->fd);
    frames->fd = -1;
}

static enum pz_err unpack(const struct frames *frames, const struct header *header,
                          const uint8_t *stored, struct frame *frame)
{
    memcpy(frame->name, header->name, 4);
    frame->len = header->raw;
    frame->bytes = malloc((size_t)header->raw + 1);
    if (!frame->bytes)
        return problem_memory(frames->problem, "what the file holds");
    frame->bytes[header->raw] = 0;
    if (header->stored == header->raw)
        memcpy(frame->bytes, stored, header->raw);
    else if (ZSTD_decompress(frame->bytes, header->raw, stored, header->stored) != header->raw)
        return frames_damaged(frames, "it cannot be decompressed");
    return PZ_OK;
}

static enum pz_err check_header(const struct frames *frames, const struct header *header,
                                size_t left)
{
    if (header->raw > RAW_MOST || header->stored > header->raw)
        return frames_damaged(frames, "a length makes no sense");
    if (left < header->stored)
        return frames_damaged(frames, "the file ends within a frame");
    return PZ_OK;
}

static enum pz_err read_header(struct frames *frames, struct header *header)
{
    size_t left = frames->len - frames->at;
    uint8_t bytes[HEADER];

    frames->start = frames->at;
    if (!left)
        return frames_damaged(frames, "the file ends before its contents do");
    if (left < HEADER)
        return frames_damaged(frames, "the file ends within a frame");
    if (frames->fd < 0)
        memcpy(bytes, frames->file.bytes + frames->at, HEADER);
    else if (!read_at(frames, frames->at, bytes, HEADER))
        return frames_damaged(frames, "it cannot be read");
    memcpy(header->name, bytes, 4);
    header->stored = little_get32(bytes + 4);
    header->raw = little_get32(bytes + 8);
    header->checksum = little_get64(bytes + 12);
    return check_header(frames, header, left - HEADER);
}

/* What follows a header; `*buffer`, to be freed, has it if it was read just now. */
static enum pz_err read_stored(struct frames *frames, const struct header *header,
                               const uint8_t **stored, uint8_t **buffer)
{
    *buffer = NULL;
    if (frames->fd < 0) {
        *stored = frames->file.bytes + frames->at + HEADER;
    } else {
        *stored = *buffer = malloc((size_t)header->stored + 1);
        if (!*buffer)
            return problem_memory(frames->problem, "what the file holds");
        if (!read_at(frames, frames->at + HEADER, *buffer, header->stored))
            return frames_damaged(frames, "it cannot be read");
    }
    if (checksum(header, *stored) != header->checksum)
        return frames_damaged(frames, "a checksum does not hold");
    return PZ_OK;
}

enum pz_err frames_next(struct frames *frames, struct frame *frame)
{
    const uint8_t *stored;
    uint8_t *buffer = NULL;
    struct header header;
    enum pz_err err = read_header(frames, &header);

    *frame = (struct frame){.len = 0};
    if (!err)
        err = read_stored(frames, &header, &stored, &buffer);
    if (!err) {
        frames->at += HEADER + header.stored;
        err = unpack(frames, &header, stored, frame);
    }
    free(buffer);
    return err;
}

void frame_free(struct frame *frame)
{
    free(frame->bytes);
    frame->bytes = NULL;
}

enum pz_err frames_expect(struct frames *frames, const char *name, struct frame *frame)
{
    enum pz_err err;

    frames->section = name;
    err = frames_next(frames, frame);
    if (!err && memcmp(frame->name, name, sizeof frame->name))
        err = frames_damaged(frames, "another section is in its place");
    return err;
}

enum pz_err frames_skip(struct frames *frames, const char *name)
{
    const uint8_t *stored;
    uint8_t *buffer = NULL;
    struct header header;
    enum pz_err err;

    frames->section = name;
    err = read_header(frames, &header);
    if (!err)
        err = read_stored(frames, &header, &stored, &buffer);
    free(buffer);
    if (!err && memcmp(header.name, name, sizeof header.name))
        err = frames_damaged(frames, "another section is in its place");
    if (!err)
        frames->at += HEADER + header.stored;
    return err;
}

enum pz_err frames_expect_fields(struct frames *frames, const char *name, json_t **fields)
{
    struct frame frame;
    enum pz_err err = frames_expect(frames, name, &frame);

    *fields = err ? NULL : json_loadb((const char *)frame.bytes, frame.len, 0, NULL);
    frame_free(&frame);
    if (!err && !*fields)
        err = frames_damaged(frames, "its fields are not JSON");
    return err;
}

enum pz_err frames_end(struct frames *frames)
{
    frames->start = frames->at;
    return frames->at == frames->len ? PZ_OK : frames_damaged(frames, "bytes follow its end");
}
