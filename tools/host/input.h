/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input.h - the input of one guest's console: a script first, then, if there is one, the
 * keyboard. A guest reads bytes at points fixed by its retired count, so a script gives the
 * same run every time.
 */
#ifndef PZ_TOOLS_HOST_INPUT_H
#define PZ_TOOLS_HOST_INPUT_H

#include <stddef.h>

#include "tools/base/base.h"

#define INPUT_EOT 0x04
#define INPUT_CONSOLE "@console" /* in place of a file: what is typed at pz console */
#define INPUT_NEVER (-2)         /* as BOARD_INPUT_ENDED */
#define INPUT_KEYS 1024u         /* typed ahead of the guest */

struct input {
    struct file script;
    size_t at;
    bool from_stdin; /* the script is standard input, read as the guest asks */
    bool ended;      /* the script has */
    bool eot;        /* end of file is still to be told, after the script */
    bool no_keys;    /* no keyboard: the input ends with the script */
    bool told;       /* that standard input is slow */
    uint64_t vain;   /* times that nothing had been typed when it was asked for */
    bool no_wait;    /* does not wait for bytes that are not there yet, as with keys */

    uint8_t keys[INPUT_KEYS]; /* a ring */
    unsigned key_at, key_count;
};

/* Nothing is ever typed. */
void input_none(struct input *input);

/* An empty script: end of file, or with `keyboard` only what is typed. */
void input_empty(struct input *input, bool keyboard);

/* A file's bytes; "-" is standard input. To be closed. */
enum pz_err input_open(struct input *input, const char *path, bool keyboard,
                       struct problem *problem) PZ_MUST_CHECK;
void input_close(struct input *input);

/* The next byte; -1: none now; INPUT_NEVER: none any more. */
int input_next(struct input *input);

/* The unread input, for a run that continues elsewhere. */
struct input_rest {
    uint8_t *bytes; /* to be freed */
    size_t len;
    bool from_stdin; /* bytes of standard input follow; how many is not known */
    bool eot, no_keys;
};

/* False: no memory. */
bool input_rest(const struct input *input, struct input_rest *rest) PZ_MUST_CHECK;

/* Continue with it here; `rest` gives up its bytes. */
void input_go_on(struct input *input, struct input_rest *rest, bool keyboard);

/* A key was pressed; lost when the guest is too far behind. */
void input_key(struct input *input, uint8_t key);

#endif
