/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recorder.h - making a recording during a run: it sits between the boards and their consoles, and
 * is notified of each turn. Reading it back is left to recording.h.
 */
#ifndef PZ_TOOLS_TRAVEL_RECORDER_H
#define PZ_TOOLS_TRAVEL_RECORDER_H

#include <stdio.h>

#include "tools/travel/packets.h"
#include "tools/travel/recording.h"

struct recorder_port;
struct packets;

struct recorder {
    FILE *file; /* NULL: nothing is recorded */
    const char *path;
    struct machine *machine;
    struct recorder_port *ports;
    unsigned count;
    struct recording_list lists[RECORDING_KINDS]; /* what is not in the file yet */
    size_t rows;
    struct packets packets; /* the same */
    uint64_t turns, checked;
    uint64_t past; /* bytes of the file that another process has recorded */
    int error;     /* errno of the first failure */
};

/* `path` NULL: nothing is recorded, and every other call does nothing. To be closed. */
enum pz_err recorder_open(struct recorder *recorder, const char *path, unsigned count,
                          struct problem *problem) PZ_MUST_CHECK;

/* The host for a board: `inner`, with what passes written down. */
struct board_host recorder_board(struct recorder *recorder, unsigned vm,
                                 struct board_host inner);

/* The machine is made, and about to start. */
void recorder_start(struct recorder *recorder, const struct options *options,
                    struct machine *machine);

/*
 * A run may go on elsewhere, and its recording with it: if it can be read back, which a pipe cannot
 * (NULL, and no recording: there is nothing to move). Flushed, everything so far is in the file:
 * bytes from `at` on, up to `most` (0: there are no more, or they cannot be read), and where its
 * numbers stand, as fields (JSON's null: nothing is recorded; NULL: it could not be written).
 */
bool recorder_can_move(const struct recorder *recorder);
bool recorder_flush(struct recorder *recorder);
size_t recorder_read(const struct recorder *recorder, uint64_t at, uint8_t *bytes, size_t most);
json_t *recorder_state(struct recorder *recorder);

/* And there: all these bytes, in order; and then, instead of recorder_start(), the fields. */
enum pz_err recorder_append(struct recorder *recorder, const uint8_t *bytes, size_t len,
                            struct problem *problem) PZ_MUST_CHECK;
enum pz_err recorder_go_on(struct recorder *recorder, const json_t *fields,
                           struct machine *machine, struct problem *problem) PZ_MUST_CHECK;

/* A VM was paused or goes on. */
void recorder_pause(struct recorder *recorder, unsigned vm);

/* A turn is over. */
void recorder_turn(struct recorder *recorder);

/* Everything is in the file now, or a problem says why not. */
enum pz_err recorder_close(struct recorder *recorder, struct problem *problem) PZ_MUST_CHECK;

#endif
