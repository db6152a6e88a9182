/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_file.c - writes and reads frames. Nothing that is read is trusted: lengths and
 * checksums are checked before use, and a problem names the offset.
 */
#include "tools/travel/recording_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#define XXH_STATIC_LINKING_ONLY /* the state of a hash, by value */
#include <xxhash.h>
#include <zstd.h>

#include "isa/phys.h"

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
    store_le32(fields + 4, header->stored);
    store_le32(fields + 8, header->raw);
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
    store_le32(start + 4, header->stored);
    store_le32(start + 8, header->raw);
    store_le32(start + 12, (uint32_t)header->checksum);
    store_le32(start + 16, (uint32_t)(header->checksum >> 32));
    return fwrite(start, sizeof start, 1, file) == 1 &&
           fwrite(bytes, 1, header->stored, file) == header->stored;
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

enum pz_err frames_open(struct frames *frames, const char *path, const char *magic,
                        const char *what, size_t most, struct problem *problem)
{
    size_t len = strlen(magic);
    enum pz_err err;

    *frames = (struct frames){.at = len, .problem = problem};
    err = file_read(path, most, &frames->file, problem);
    if (err)
        return err;
    if (frames->file.len >= len && !memcmp(frames->file.bytes, magic, len))
        return PZ_OK;
    return problem_set(
        problem, PZ_USAGE,
        "damaged at offset 0: no %s of pz, or of another version than this pz's, "
        "which would begin with '%.*s'",
        what, (int)len - 1, magic);
}

void frames_close(struct frames *frames)
{
    file_free(&frames->file);
}

static uint64_t load_le64(const uint8_t *p)
{
    return load_le32(p) | (uint64_t)load_le32(p + 4) << 32;
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

enum pz_err frames_next(struct frames *frames, struct frame *frame)
{
    const uint8_t *bytes = frames->file.bytes + frames->at;
    size_t left = frames->file.len - frames->at;
    struct header header;
    enum pz_err err;

    *frame = (struct frame){.len = 0};
    frames->start = frames->at;
    if (!left)
        return frames_damaged(frames, "the file ends before what it holds does");
    if (left < HEADER)
        return frames_damaged(frames, "the file ends within a frame");
    memcpy(header.name, bytes, 4);
    header.stored = load_le32(bytes + 4);
    header.raw = load_le32(bytes + 8);
    header.checksum = load_le64(bytes + 12);
    err = check_header(frames, &header, left - HEADER);
    if (err)
        return err;
    if (checksum(&header, bytes + HEADER) != header.checksum)
        return frames_damaged(frames, "a checksum does not hold");
    frames->at += HEADER + header.stored;
    return unpack(frames, &header, bytes + HEADER, frame);
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
    return frames->at == frames->file.len ? PZ_OK
                                          : frames_damaged(frames, "bytes follow its end");
}
