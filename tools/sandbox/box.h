/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box.h - a child process for code that is not trusted: limits of time and memory, no files but to
 * read, no network, no other processes; and a private way for its verdict to come back. What the
 * limits are made of is boxwall.h's.
 *
 * The verdict comes through a pipe whose number the child's code is not told, behind a random word
 * that it is not told either; printing, exit(0) and writing to other descriptors give no verdict.
 * All the same it is one process: code that searches its memory for the word can forge a verdict.
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

/* Run it. To be closed whatever comes back. */
enum pz_err box_run(struct box *box, box_work *work, void *owner,
                    const struct box_limits *limits, struct problem *problem) PZ_MUST_CHECK;
void box_close(struct box *box);

#endif
