/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * evaluate.c - evaluates what the user types: in the console, debugger commands or expressions;
 * for hovering and watching, only expressions, which change nothing.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/dap/session.h"
#include "tools/travel/travel.h"

#define EXPRESSION_MOST 500u

/* What has a C type, as `print` has it: without the type, which has a field of its own. */
static enum pz_err evaluate_typed(struct dap *dap, const char *text, json_t *body,
                                  struct problem *problem)
{
    char line[EXPRESSION_MOST];
    const char *type;
    json_t *data;
    char *said;
    size_t len;
    enum pz_err err;

    if (snprintf(line, sizeof line, "print %s", text) >= (int)sizeof line)
        return problem_set(problem, PZ_USAGE, "the expression is too long");
    err = dap_command(dap, line, &said, &data, problem);
    type = dap_text(data, "type");
    len = said ? strlen(said) : 0;
    if (type && len > strlen(type) + 5)
        len -= strlen(type) + 5; /* "  (TYPE)\n" */
    if (!err) {
        json_put(body, "result", json_bytes(said ? said : "", len));
        json_put_text(body, "type", type ? type : "");
    }
    json_decref(data);
    free(said);
    return err;
}

static enum pz_err evaluate(struct dap *dap, const char *text, json_t *body,
                            struct problem *problem)
{
    uint64_t value = 0;
    char result[32];
    struct debug_expr expr;
    enum pz_err err = debug_compile(dap->debug, text, &expr, problem);

    if (!err && debug_typed(dap->debug, &expr))
        return evaluate_typed(dap, text, body, problem);
    if (!err)
        err = debug_value(dap->debug, &expr, &value, problem);
    if (err)
        return err;
    (void)!snprintf(result, sizeof result, "0x%08" PRIx64, value);
    json_put_text(body, "result", result);
    json_put_text(body, "type", "u64");
    if (value <= UINT32_MAX)
        json_put_text(body, "memoryReference", result);
    return PZ_OK;
}

/* A command may move the machine: that is told behind its answer, as of any move. */
static enum pz_err run(struct dap *dap, const char *line, json_t *body, struct problem *problem)
{
    struct debug *debug = dap->debug;
    struct timeline_position before = timeline_now(debug->timeline);
    json_t *data;
    char *text;
    enum pz_err err;

    debug->stop = DEBUG_STEPPED;
    dap_interruptible(dap, true, false);
    err = dap_command(dap, line, &text, &data, problem);
    dap_interruptible(dap, false, false);
    if (!err)
        json_put(body, "result", json_bytes(text ? text : "", text ? strlen(text) : 0));
    json_decref(data);
    free(text);
    dap_say_consoles(dap);
    dap->moved = timeline_compare(before, timeline_now(debug->timeline));
    return err;
}

enum pz_err dap_evaluate(struct dap *dap, const json_t *arguments, json_t *body,
                         struct problem *problem)
{
    const char *text = dap_text(arguments, "expression");
    const char *context = dap_text(arguments, "context");

    const json_t *frame = json_object_get(arguments, "frameId");

    if (!text)
        return problem_set(problem, PZ_USAGE, "'expression' is a text");
    if (frame && !json_is_null(frame) && dap_thread_of_frame(dap, arguments, problem))
        return PZ_USAGE;
    json_put(body, "variablesReference", json_integer(0));
    if (context && !strcmp(context, "repl") && debug_is_command(text))
        return run(dap, text, body, problem);
    return evaluate(dap, text, body, problem);
}
