/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * target.h - the side of a migration where a machine arrives. It runs nothing until the source has
 * told it to take the VMs; or has ended, for sure, when all of them was here. Whatever comes is
 * checked before it counts.
 */
#ifndef PZ_TOOLS_MIGRATE_TARGET_H
#define PZ_TOOLS_MIGRATE_TARGET_H

#include "tools/migrate/channel.h"
#include "tools/migrate/messages.h"
#include "tools/migrate/peer.h"
#include "tools/migrate/ram.h"

struct target {
    int listener; /* -1: there is none */
    char path[LOCALSOCKET_PATH + 1];
    struct channel channel;
    struct peer peer;
    struct recording head; /* of which options, VMs and hashes count */
    bool post_copy;
    char id[MESSAGES_ID + 1];
    struct machine *machine; /* NULL: none has been made yet */
    struct session *session;
    struct recorder *recorder; /* NULL: there is none */
    char *record;              /* the path where the source records; NULL: nowhere */
    bool inputs;               /* those of the command line count */
    bool complete;             /* it could run */
    bool owns;                 /* it does */
    bool confirmed;            /* and the source knows */
    struct pmap_source source; /* of pages that are missing */
    struct ram_set missing;    /* pages yet to come */
    bool follows;              /* they do, and the source has not been told that all are here */
    struct channel asking;     /* somebody who has connected since */
    bool asked;                /* and has sent the magic */
    uint64_t looked;           /* host time */
    struct problem *problem;
};

/*
 * Wait at unix:PATH for a source, and for what machine it has: target->head.options are those of
 * machine_open(). To be closed whatever comes back.
 */
enum pz_err target_open(struct target *target, const char *where,
                        struct problem *problem) PZ_MUST_CHECK;
void target_close(struct target *target);

/*
 * With such a machine, made to arrive: receive, until its VMs are this process's to run. A
 * recording of theirs goes on in `recorder` (may be NULL), which has to be open if there is one,
 * and only then.
 */
enum pz_err target_receive(struct target *target, struct machine *machine,
                           struct session *session, struct recorder *recorder, bool inputs,
                           struct problem *problem) PZ_MUST_CHECK;

/*
 * One message of the source's, while it sends: for target_receive(), and tests. `*done`: the VMs
 * are to run here.
 */
enum pz_err target_heed(struct target *target, const struct frame *message,
                        bool *done) PZ_MUST_CHECK;

/* Between two turns: memory that follows, and a source that asks what has become of its VMs. */
void target_look(struct target *target);

/* The run is over: the source is told, if it can be. Before the machine is closed. */
void target_finish(struct target *target);

/* Some memory has not come yet. */
bool target_is_incomplete(const struct target *target);

#endif
