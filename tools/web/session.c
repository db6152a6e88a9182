/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.c - takes a request apart, has the function of its name answer it, and puts the answer
 * together. A request can be anything.
 */
#include "tools/web/session.h"

#include <stdlib.h>
#include <string.h>

#include "tools/web/state.h"

static const struct kind {
    const char *name;
    web_function *answer;
    bool at; /* the answer says where the machine stands, too */
} kinds[] = {
    {"hello", web_hello, false},
    {"file", web_file, false},
    {"open", web_open, true},
    {"command", web_command, true},
    {"run", web_run, true},
    {"goto", web_goto, true},
    {"input", web_input, true},
    {"prepare", web_prepare, false},
    {"view", web_view, false},
    {"verb", web_verb, false},
    {"close", web_close, false},
    {"assemble", web_assemble, false},
    {"exercises", web_exercises, false},
    {"grade", web_grade, false},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

struct web_session *web_session_new(const struct web_host *host)
{
    struct web_session *session = calloc(1, sizeof *session);

    if (session)
        session->host = host;
    return session;
}

void web_session_free(struct web_session *session)
{
    if (!session)
        return;
    web_machine_close(session);
    free(session);
}

void web_interrupt(struct web_session *session)
{
    if (session->machine && session->machine->debug.timeline)
        debug_interrupt(&session->machine->debug);
}

/* ---- Requests ---- */

static const struct kind *find(const json_t *request, struct problem *problem)
{
    const char *name = web_text(request, "do", problem);

    if (!name)
        return NULL;
    for (unsigned i = 0; i < KINDS; i++)
        if (!strcmp(kinds[i].name, name))
            return &kinds[i];
    (void)!nearest_refuse("request", name, &kinds[0].name, KINDS, sizeof kinds[0],
                          "docs/web.md", problem);
    return NULL;
}

static enum pz_err answer_to(struct web_session *session, const json_t *request, size_t len,
                             json_t *answer, struct problem *problem)
{
    const struct kind *kind;
    enum pz_err err;

    if (!json_is_object(request))
        return problem_set(problem, PZ_USAGE, "a request is an object");
    kind = find(request, problem);
    if (!kind)
        return PZ_USAGE;
    if (len > WEB_SMALL_MOST && kind->answer != web_file)
        return problem_set(problem, PZ_USAGE, "a request that is too long: at most %u MiB",
                           WEB_SMALL_MOST >> 20);
    if (session->machine && kind->answer != web_prepare)
        timeline_return(session->machine->debug.timeline);
    json_put_text(answer, "do", kind->name);
    err = kind->answer(session, request, answer, problem);
    /* A command that fails may have moved the machine. */
    if (kind->at && session->machine)
        web_at(session, answer);
    return err;
}

/* What tells a page which request is answered: a number or a text of its own. */
static json_t *id_of(const json_t *request)
{
    json_t *id = json_object_get(request, "id");

    return json_is_integer(id) || json_is_string(id) ? json_incref(id) : json_null();
}

char *web_request(struct web_session *session, const char *text)
{
    json_error_t error;
    json_t *request = json_loads(text, JSON_DECODE_ANY, &error), *answer = json_object();
    struct problem problem = {0};
    enum pz_err err;
    char *bytes;

    json_put(answer, "id", id_of(request));
    if (request)
        err = answer_to(session, request, strlen(text), answer, &problem);
    else
        err = problem_set(&problem, PZ_USAGE, "not JSON: %s (at byte %d)", error.text,
                          error.position);
    json_put(answer, "ok", json_boolean(!err));
    if (err)
        json_put(answer, "error", json_bytes(problem.text, strlen(problem.text)));
    bytes = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    json_decref(request);
    return bytes;
}
