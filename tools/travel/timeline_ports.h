/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline_ports.h - the consoles of a run that can go back: input is kept with the moment at which
 * the guest read it and is replayed; output is compared and not printed again. For timeline*.c.
 */
#ifndef PZ_TOOLS_TRAVEL_TIMELINE_PORTS_H
#define PZ_TOOLS_TRAVEL_TIMELINE_PORTS_H

#include "tools/travel/recording.h"
#include "tools/travel/timeline_config.h"

/* Where a console is now. Part of every checkpoint. */
struct port_moment {
    uint64_t polls;                  /* times that the guest has asked for a byte */
    uint64_t next;                   /* of the bytes kept, the first that it has not got */
    uint64_t printed;                /* bytes */
    uint64_t net_polls, next_packet; /* as above, of frames */
    uint64_t sent;                   /* frames */
};

/* One console: where it is, and what is known of the whole run. */
struct port {
    struct timeline_ports *ports;
    unsigned vm;
    struct port_moment now;
    struct recording_list inputs; /* bytes typed, by the time at which the guest took them */
    uint64_t known_polls;         /* before this one nothing new is asked of the host */
    uint64_t known_bytes;         /* printed, at the furthest point */
    struct packets packets; /* frames that came, by the time at which the guest took them */
    uint64_t known_net_polls, known_sent; /* as above */
    struct board_net net;                 /* what is asked for the first time, if anything */
    uint8_t *text;
    size_t len, room; /* of it, what is kept */
};

struct timeline_ports {
    struct port *ports;
    unsigned count;
    struct machine *machine;
    struct timeline_hosts hosts;
    struct nets *nets;        /* NULL: none */
    bool replaying;           /* a recording says what is typed, all of it */
    char wrong[PROBLEM_TEXT]; /* why this is not the same run; "" while it is */
};

enum pz_err ports_open(struct timeline_ports *ports, unsigned count,
                       const struct timeline_config *config, struct machine *machine,
                       struct problem *problem) PZ_MUST_CHECK;
void ports_close(struct timeline_ports *ports);

struct board_host ports_board(struct timeline_ports *ports, unsigned vm);

/* What is known of the future is forgotten. */
void ports_forget(struct timeline_ports *ports);

/* The first reason stays. */
void ports_differ(struct timeline_ports *ports, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
