/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input.c - scripts and keys. Reading standard input blocks, so that a slow writer delays a
 * guest but never changes what it reads; but not where a run answers others meanwhile.
 */
#include "tools/host/input.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SCRIPT_MOST (64u << 20)
#define PATIENCE_MS 2000
#define NAP_MS                                                                                 \
    1 /* where others have to be answered: a guest that asks all the time takes no CPU */

void input_none(struct input *input)
{
    memset(input, 0, sizeof *input);
    input->ended = input->no_keys = true;
}

void input_empty(struct input *input, bool keyboard)
{
    input_none(input);
    input->eot = input->no_keys = !keyboard;
}

enum pz_err input_open(struct input *input, const char *path, bool keyboard,
                       struct problem *problem)
{
    enum pz_err err = PZ_OK;

    memset(input, 0, sizeof *input);
    input->eot = input->no_keys = !keyboard;
    input->from_stdin = !strcmp(path, "-");
    if (!input->from_stdin)
        err = file_read(path, SCRIPT_MOST, &input->script, problem);
    if (err)
        problem_prefix(problem, path);
    return err;
}

void input_close(struct input *input)
{
    file_free(&input->script);
}

/* False: a signal came. Says once what is being waited for: it looks like a hang otherwise. */
static bool wait_for_stdin(struct input *input)
{
    struct pollfd stdin_ready = {.fd = STDIN_FILENO, .events = POLLIN};
    int ready = poll(&stdin_ready, 1, input->no_wait ? NAP_MS : input->told ? -1 : PATIENCE_MS);

    if (ready == 0 && !input->no_wait) {
        fputs("pz: VM 0 waits for standard input (to run without: </dev/null)\n", stderr);
        input->told = true;
        ready = poll(&stdin_ready, 1, -1);
    }
    return ready > 0;
}

/* A signal ends the wait: whoever runs the guest stops then. */
static int next_of_stdin(struct input *input)
{
    uint8_t byte;

    if (!wait_for_stdin(input))
        return -1;
    if (read(STDIN_FILENO, &byte, 1) == 1)
        return byte;
    input->ended = true;
    return -1;
}

static int next_of_script(struct input *input)
{
    if (input->from_stdin)
        return next_of_stdin(input);
    if (input->at < input->script.len)
        return input->script.bytes[input->at++];
    input->ended = true;
    return -1;
}

static int next_key(struct input *input)
{
    uint8_t key;

    if (!input->key_count)
        return input->no_keys ? INPUT_NEVER : -1;
    key = input->keys[input->key_at++ % INPUT_KEYS];
    input->key_count--;
    return key;
}

int input_next(struct input *input)
{
    int byte = input->ended ? -1 : next_of_script(input);

    if (byte >= 0 || !input->ended)
        return byte;
    if (input->eot) {
        input->eot = false;
        return INPUT_EOT;
    }
    byte = next_key(input);
    input->vain += byte == -1;
    return byte;
}

void input_key(struct input *input, uint8_t key)
{
    if (input->key_count < INPUT_KEYS)
        input->keys[(input->key_at + input->key_count++) % INPUT_KEYS] = key;
}

bool input_rest(const struct input *input, struct input_rest *rest)
{
    size_t script = input->ended || input->from_stdin ? 0 : input->script.len - input->at;

    *rest = (struct input_rest){
        .len = script + input->key_count,
        .from_stdin = input->from_stdin && !input->ended,
        .eot = input->eot,
        .no_keys = input->no_keys,
    };
    rest->bytes = malloc(rest->len + 1);
    if (!rest->bytes)
        return false;
    if (script)
        memcpy(rest->bytes, input->script.bytes + input->at, script);
    for (unsigned i = 0; i < input->key_count; i++)
        rest->bytes[script + i] = input->keys[(input->key_at + i) % INPUT_KEYS];
    return true;
}

/* Where nobody can type, what was typed until now ends as a script does. */
void input_go_on(struct input *input, struct input_rest *rest, bool keyboard)
{
    input_close(input);
    *input = (struct input){
        .script = {rest->bytes, rest->len},
        .from_stdin = rest->from_stdin,
        .eot = !keyboard && (rest->eot || !rest->no_keys),
        .no_keys = !keyboard,
        .no_wait = input->no_wait,
    };
    rest->bytes = NULL;
}
