/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_binary.h - the compact form of a trace: the frames of recording_file.h behind a line of its
 * own. `head` names the columns, `data` holds events (trace_columns.h), `done` ends it, with their
 * count.
 */
#ifndef PZ_TOOLS_TRAVEL_TRACE_BINARY_H
#define PZ_TOOLS_TRAVEL_TRACE_BINARY_H

#include <stdio.h>

#include "tools/base/base.h"
#include "tools/travel/trace_head.h"

#define TRACE_PACK 65536u /* bytes of rows in a frame, about */

struct trace_expected;

struct trace_packer {
    FILE *file;
    struct trace_expected *expected;
    uint64_t same; /* events not written, since they were as expected */
    uint8_t *rows;
    size_t len;
    uint64_t count;
};

/* False: it could not be written; errno says why. */
bool trace_binary_begin(struct trace_packer *packer, FILE *file,
                        const struct trace_head *head) PZ_MUST_CHECK;
bool trace_binary_events(struct trace_packer *packer, const struct trace_event *events,
                         size_t count) PZ_MUST_CHECK;
bool trace_binary_end(struct trace_packer *packer) PZ_MUST_CHECK;

/* What is told of a trace that is read. */
struct trace_sink {
    enum pz_err (*head)(void *owner, const struct trace_head *head, struct problem *problem);
    void (*event)(void *owner, const struct trace_event *event);
    void *owner;
};

/* Read a file. A damaged one is refused where the damage is, with the offset. */
enum pz_err trace_binary_read(const char *path, const struct trace_sink *sink,
                              struct problem *problem) PZ_MUST_CHECK;

#endif
