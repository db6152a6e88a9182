/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unpack.c - zlib and zstd do the work, piece by piece: the room for what comes out grows as it
 * comes, whatever size the file claims. Several members or frames in a row are one file; bytes
 * after the last of them are ignored, as gzip does.
 */
#include "tools/host/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define UNPACK_PIECE (256u << 10)
#define GZIP_WINDOW (16 + MAX_WBITS) /* zlib: expect gzip's header */

static const uint8_t gzip_magic[] = {0x1f, 0x8b, 0x08};
static const uint8_t zstd_magic[] = {0x28, 0xb5, 0x2f, 0xfd};

/* What comes out. */
struct output {
    struct file file;
    size_t room, most;
};

static enum pz_err too_large(const struct output *output, struct problem *problem)
{
    return problem_set(problem, PZ_USAGE,
                       "is larger than %zu MiB when unpacked: give a smaller file",
                       output->most >> 20);
}

static enum pz_err damaged(const char *kind, const char *why, struct problem *problem)
{
    return problem_set(problem, PZ_USAGE, "is damaged: %s says: %s: copy it again", kind, why);
}

/* Room for at least one byte more. */
static enum pz_err grow(struct output *output, struct problem *problem)
{
    uint8_t *bytes;

    if (output->file.len > output->most)
        return too_large(output, problem);
    if (output->room > output->file.len)
        return PZ_OK;
    bytes = realloc(output->file.bytes, output->room * 2 + UNPACK_PIECE);
    if (!bytes)
        return problem_memory(problem, "what a file unpacks to");
    output->file.bytes = bytes;
    output->room = output->room * 2 + UNPACK_PIECE;
    return PZ_OK;
}

static bool starts(const uint8_t *bytes, size_t len, const uint8_t *magic, size_t magic_len)
{
    return len >= magic_len && !memcmp(bytes, magic, magic_len);
}

/* ---- gzip ---- */

/* Does another member follow where one has ended? */
static bool another(z_stream *stream)
{
    return starts(stream->next_in, stream->avail_in, gzip_magic, sizeof gzip_magic) &&
           inflateReset(stream) == Z_OK;
}

static enum pz_err inflate_all(z_stream *stream, struct output *output, struct problem *problem)
{
    for (;;) {
        enum pz_err err = grow(output, problem);
        size_t room = output->room - output->file.len;
        int result;

        if (err)
            return err;
        stream->next_out = output->file.bytes + output->file.len;
        stream->avail_out = (uInt)(room < UNPACK_PIECE ? room : UNPACK_PIECE);
        room = stream->avail_out;
        result = inflate(stream, Z_NO_FLUSH);
        output->file.len += room - stream->avail_out;
        if (result == Z_STREAM_END && !another(stream))
            return output->file.len > output->most ? too_large(output, problem) : PZ_OK;
        if (result == Z_BUF_ERROR || (result == Z_OK && !stream->avail_in && stream->avail_out))
            return damaged("gzip", "it is cut off", problem);
        if (result == Z_MEM_ERROR)
            return problem_memory(problem, "unpacking a file");
        if (result != Z_OK && result != Z_STREAM_END)
            return damaged("gzip", stream->msg ? stream->msg : "no deflated data", problem);
    }
}

static enum pz_err from_gzip(const struct file *file, struct output *output,
                             struct problem *problem)
{
    z_stream stream = {.next_in = file->bytes, .avail_in = (uInt)file->len};
    enum pz_err err;

    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
        return problem_memory(problem, "unpacking a file");
    err = inflate_all(&stream, output, problem);
    (void)inflateEnd(&stream);
    return err;
}

/* ---- zstd ---- */

static enum pz_err decompress_all(ZSTD_DStream *stream, const struct file *file,
                                  struct output *output, struct problem *problem)
{
    ZSTD_inBuffer in = {file->bytes, file->len, 0};
    size_t result = 1;

    for (;;) {
        enum pz_err err = grow(output, problem);
        ZSTD_outBuffer out = {output->file.bytes, output->room, output->file.len};

        if (err)
            return err;
        if (!result &&
            !starts(file->bytes + in.pos, file->len - in.pos, zstd_magic, sizeof zstd_magic))
            return output->file.len > output->most ? too_large(output, problem) : PZ_OK;
        result = ZSTD_decompressStream(stream, &out, &in);
        if (ZSTD_isError(result))
            return damaged("zstd", ZSTD_getErrorName(result), problem);
        output->file.len = out.pos;
        if (result && in.pos == in.size && out.pos < out.size)
            return damaged("zstd", "it is cut off", problem);
    }
}

static enum pz_err from_zstd(const struct file *file, struct output *output,
                             struct problem *problem)
{
    ZSTD_DStream *stream = ZSTD_createDStream();
    enum pz_err err;

    if (!stream)
        return problem_memory(problem, "unpacking a file");
    err = decompress_all(stream, file, output, problem);
    ZSTD_freeDStream(stream);
    return err;
}

enum pz_err unpack(struct file *file, size_t most, struct problem *problem)
{
    struct output output = {.most = most};
    enum pz_err err;

    if (starts(file->bytes, file->len, gzip_magic, sizeof gzip_magic))
        err = from_gzip(file, &output, problem);
    else if (starts(file->bytes, file->len, zstd_magic, sizeof zstd_magic))
        err = from_zstd(file, &output, problem);
    else
        return PZ_OK;
    if (err) {
        file_free(&output.file);
        return err;
    }
    file_free(file);
    *file = output.file;
    return PZ_OK;
}
