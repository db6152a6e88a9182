/* SPDX-License-Identifier: GPL-2.0-or-later */
/* source_state.h - a migration as its source sees it, and what is asked of that. */
#ifndef PZ_TOOLS_MIGRATE_SOURCE_STATE_H
#define PZ_TOOLS_MIGRATE_SOURCE_STATE_H

#include "tools/migrate/channel.h"
#include "tools/migrate/messages.h"
#include "tools/migrate/peer.h"
#include "tools/migrate/ram.h"

/* What is asked for. */
struct source_order {
    const char *to;     /* the path of a socket */
    uint64_t bandwidth; /* bytes a second while the VMs run; 0: as many as go */
    bool post_copy;     /* after one round they go, and the rest of their memory follows */
};

enum source_state {
    SOURCE_AT_HOME,  /* no migration is under way */
    SOURCE_GREETING, /* the target makes a machine */
    SOURCE_ROUNDS,   /* the VMs run, their memory is sent */
    SOURCE_DOUBT,    /* the target was told to take them, and whether it heard is not known */
    SOURCE_PUSHING,  /* they run there; their memory follows */
    SOURCE_UNDOING,  /* they stay, as soon as the target has been told */
    SOURCE_RETAKING, /* they stay; but another process has their disks still */
    SOURCE_MOVED,    /* they are the target's */
    SOURCE_STATES,
};

struct source_figures {
    unsigned rounds;
    uint64_t pages, bytes; /* sent */
    uint64_t left;         /* pages that were sent while the VMs stood still */
    uint64_t down_ns;      /* host time, from their stop until the target runs them */
    uint64_t all_ns;
};

struct source {
    const struct options *options;
    struct machine *machine;
    struct session *session;
    struct recorder *recorder; /* NULL: there is none */
    enum source_state state;
    struct channel channel;
    struct peer peer;
    char path[LOCALSOCKET_PATH + 1];
    uint8_t id[MESSAGES_ID];
    uint64_t bandwidth;
    bool post_copy;
    struct ram_set dirty; /* the bits that the monitor marks */
    struct ram_set left;  /* pages of this round */
    uint64_t round_pages; /* at its beginning */
    bool marked;          /* it has been sent, and the target is to say that it is there */
    unsigned stuck;       /* rounds in a row that were hardly smaller than the last */
    uint64_t start, asked, stopped; /* host time */
    struct source_figures figures;
    uint8_t *message;
    uint64_t past;          /* bytes of the recording that were sent */
    bool over;              /* its result has not been asked for yet */
    struct problem problem; /* "": it went well */
};

#endif
