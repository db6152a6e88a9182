/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * consoles.h - the output of guests, separated. Several VMs share one output line by line, each
 * line with its VM's name in front; one alone has it to itself, byte by byte. Or nothing is
 * shown and everything kept, for JSON.
 */
#ifndef PZ_TOOLS_HOST_CONSOLES_H
#define PZ_TOOLS_HOST_CONSOLES_H

#include <stddef.h>
#include <stdio.h>

#include "tools/base/base.h"

/* How to show. */
struct consoles_style {
    bool keep;   /* show nothing, keep it all */
    bool prefix; /* "[vm0] " in front of each line */
    bool color;  /* the prefix in the VM's own colour */
    bool live;   /* somebody types and watches: unfinished lines are shown */
    bool screen; /* live, and lines can be wiped and drawn again */
};

struct console_text {
    char *bytes;
    size_t len, room;
};

/* False: no memory, and nothing was added. */
bool consoles_append(struct console_text *text, const uint8_t *bytes, size_t len) PZ_MUST_CHECK;

struct consoles {
    FILE *out;
    struct consoles_style style;
    unsigned count;
    struct console_text *texts; /* of each VM: its unfinished line; or all, if kept */
    size_t *shown;  /* of each VM: how much of its unfinished line is on the screen */
    int owner;      /* whose unfinished line is on the screen, -1 for nobody's */
    unsigned front; /* whose unfinished line is shown if several have one */
    bool dirty;     /* something waits for consoles_flush() */
    bool failed;    /* to write; nothing is shown after it */
    bool no_memory;
};

enum pz_err consoles_open(struct consoles *consoles, FILE *out, unsigned count,
                          struct consoles_style style, struct problem *problem) PZ_MUST_CHECK;
void consoles_close(struct consoles *consoles);

/* VM `vm` has printed. */
void consoles_put(struct consoles *consoles, unsigned vm, const uint8_t *bytes, size_t len);

/* Make way for lines of pz's own: where to write them. Unfinished lines are drawn again later. */
FILE *consoles_interject(struct consoles *consoles);

/* The keyboard is this VM's: its unfinished line is the one to show. */
void consoles_set_front(struct consoles *consoles, unsigned vm);

/* Let what was put be seen: unfinished lines too, if it is live. */
void consoles_flush(struct consoles *consoles);

/* Show what was kept, one VM after the other; from now on nothing is kept. */
void consoles_show_kept(struct consoles *consoles);

/* No more comes: unfinished lines are ended. */
void consoles_finish(struct consoles *consoles);

/* Has a write failed, or memory run out? */
bool consoles_failed(const struct consoles *consoles);

/* What went wrong with it, as a problem. A reader gone away is told as one without a text. */
enum pz_err consoles_problem(const struct consoles *consoles,
                             struct problem *problem) PZ_MUST_CHECK;

#endif
