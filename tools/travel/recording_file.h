/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_file.h - the format of recordings and traces: a line that identifies the file, then
 * frames, each with its length and checksum, compressed if that saves space; most hold
 * named fields, as JSON.
 *
 *    "pz-recording 4\n"  head  data*  nets*  done
 *
 *    frame:  0      4        8     12         20
 *           +------+--------+-----+----------+------------
 *           | name | stored | raw | checksum | stored bytes...
 *           +------+--------+-----+----------+------------
 *
 * Numbers are little-endian. The checksum is XXH3's, of the other three fields and the bytes;
 * stored is less than raw when the bytes are compressed (zstd). A file without `done` is a run
 * that did not come to its end.
 */
#ifndef PZ_TOOLS_TRAVEL_RECORDING_FILE_H
#define PZ_TOOLS_TRAVEL_RECORDING_FILE_H

#include <jansson.h>
#include <stdio.h>

#include "tools/base/base.h"

#define RECORDING_MAGIC "pz-recording 4\n"
#define FRAME_HEAD "head"
#define FRAME_DATA "data"
#define FRAME_NET "nets"
#define FRAME_DONE "done"

/* Write one, and release the fields. False: it could not be written; errno says why. */
bool frame_write(FILE *file, const char *name, json_t *fields) PZ_MUST_CHECK;

/* The same for plain bytes. */
bool frame_write_bytes(FILE *file, const char *name, const uint8_t *bytes,
                       size_t len) PZ_MUST_CHECK;

/* A file being read. */
struct frames {
    struct file file; /* all of it; or nothing: its bytes are read when they are asked for... */
    int fd;           /* ...from here; -1 else */
    size_t len;       /* of the file */
    size_t start;     /* of the frame read last */
    size_t at;        /* of the next */
    const char *section; /* the frame that should be next, for problems; NULL: any */
    struct problem *problem;
};

/* One of its frames, checked. */
struct frame {
    char name[4];
    uint8_t *bytes; /* with a 0 behind them */
    size_t len;
};

/* `magic` is the line that the file must begin with; `what` is its kind, for messages. */
enum pz_err frames_open(struct frames *frames, const char *path, const char *magic,
                        const char *what, size_t most, struct problem *problem) PZ_MUST_CHECK;
/* The same, but only what is asked for is read: a regular file, which has any length. */
enum pz_err frames_open_lazily(struct frames *frames, const char *path, const char *magic,
                               const char *what, struct problem *problem) PZ_MUST_CHECK;
void frames_close(struct frames *frames);

/* The one that begins at frames->at; to be freed whatever comes back. */
enum pz_err frames_next(struct frames *frames, struct frame *frame) PZ_MUST_CHECK;
void frame_free(struct frame *frame);

/* The next frame must be this one; problems name it. */
enum pz_err frames_expect(struct frames *frames, const char *name,
                          struct frame *frame) PZ_MUST_CHECK;

/* The same, but it is only checked. */
enum pz_err frames_skip(struct frames *frames, const char *name) PZ_MUST_CHECK;

/* The same, of named fields. To be given up whatever comes back. */
enum pz_err frames_expect_fields(struct frames *frames, const char *name,
                                 json_t **fields) PZ_MUST_CHECK;

/* Nothing may follow. */
enum pz_err frames_end(struct frames *frames) PZ_MUST_CHECK;

/* The problem with the frame read last. */
enum pz_err frames_damaged(const struct frames *frames, const char *what);

#endif
