/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verb.c - commands of pz that a page may have run, by the host, for what they print. */
#include <stdlib.h>
#include <string.h>

#include "tools/web/state.h"

static const char *const verbs[] = {
    "asm", "classify", "compare", "map",    "grade",     "verify",  "bare",
    "run", "nest",     "help",    "doctor", "translate", "version", "zoo",
};
#define VERBS (sizeof verbs / sizeof verbs[0])

json_t *web_verbs(void)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < VERBS; i++)
        (void)json_array_append_new(list, json_string(verbs[i]));
    return list;
}

static bool is_allowed(const char *name)
{
    for (unsigned i = 0; i < VERBS; i++)
        if (!strcmp(verbs[i], name))
            return true;
    return false;
}

static enum pz_err read_verb(struct web_session *session, const json_t *list,
                             struct web_words *words, struct problem *problem)
{
    const char *name = json_string_value(json_array_get(list, 0));
    json_t *rest;
    enum pz_err err = PZ_OK;

    if (!name)
        return problem_set(problem, PZ_USAGE, "'argv' is a list of texts, the verb first");
    if (!is_allowed(name))
        return problem_set(problem, PZ_USAGE, "'%.40s' cannot be run from a page", name);
    words->at[0] = strdup(name);
    if (!words->at[0])
        return problem_memory(problem, "a command line");
    words->count = 1;
    rest = json_copy((json_t *)(uintptr_t)list);
    (void)json_array_remove(rest, 0);
    err = web_words_read(session, WEB_LINE_VERB, rest, words, problem);
    json_decref(rest);
    words->at[words->count] = NULL;
    return err;
}

enum pz_err web_verb(struct web_session *session, const json_t *request, json_t *answer,
                     struct problem *problem)
{
    struct web_words words = {.count = 0};
    struct web_output output = {0};
    enum pz_err err;

    if (!session->host->verb)
        return problem_set(problem, PZ_USAGE, "verbs cannot be run here");
    err = read_verb(session, json_object_get(request, "argv"), &words, problem);
    if (!err)
        err =
            session->host->verb(session->host->owner, words.count, words.at, &output, problem);
    if (!err) {
        json_put(answer, "status", json_integer(output.status));
        json_put(answer, "out", json_bytes(output.out, output.out_len));
        json_put(answer, "err", json_bytes(output.err, output.err_len));
    }
    web_words_free(&words);
    free(output.out);
    free(output.err);
    return err;
}
