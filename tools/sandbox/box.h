/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box.h - a child process that does a check: limits of time and memory, no files but to read, no
 * network, no other processes; and a private channel for its verdict. How the limits are
 * enforced is left to boxwall.h. Student code does not run in it, but in a process of its own
 * (partproc.h), which knows neither the pipe nor the word.
 *
 * The verdict comes through a pipe, behind a random word; printing, exit(0) and writing to other
 * descriptors give no verdict.
 */
#ifndef PZ_TOOLS_SANDBOX_BOX_H
#define PZ_TOOLS_SANDBOX_BOX_H

#include <jansson.h>
#include <stdint.h>

#include "tools/base/base.h"
#include "tools/sandbox/boxwall.h"

#define BOX_PRINTED (8u << 10) /* bytes that are kept of what it prints */
#define BOX_WHERE 128

enum box_end {
    BOX_VERDICT,   /* `verdict` */
    BOX_CRASH,     /* a signal: `signal`, `where` */
    BOX_EXIT,      /* it ended by itself, without a verdict: `status` */
    BOX_TIME,      /* over its limit of CPU or wall-clock time */
    BOX_FORBIDDEN, /* tried what is not allowed: `where` names the system call */
    BOX_FORGED,    /* something else came through the pipe */
};

struct box {
    enum box_end end;
    json_t *verdict;
    int signal, status;
    char where[BOX_WHERE];     /* the function of the crash; the system call; "" not known */
    char printed[BOX_PRINTED]; /* on stdout and stderr */
};

/* Done in the child; what it returns is the verdict. NULL: no memory. */
typedef json_t *box_work(void *owner);

struct box_job {
    /* In the child before it is walled in; NULL: nothing. False: the host refused. */
    bool (*prepare)(void *owner);
    int (*writes)(void); /* a descriptor that it may write besides; -1: none */
    box_work *work;
    void *owner;
    struct box_limits limits;
};

/* Run it. To be closed whatever comes back. */
enum pz_err box_run(struct box *box, const struct box_job *job,
                    struct problem *problem) PZ_MUST_CHECK;
void box_close(struct box *box);

/*
 * In a process that a child has started beside itself: its signals are told to `report`, as a line
 * of JSON, and what they can be told of the verdict's pipe is forgotten. `mend` is asked before,
 * with the address of a wrong access; true: go on.
 */
void box_aside(void (*report)(const char *line), bool (*mend)(void *address));

#endif
