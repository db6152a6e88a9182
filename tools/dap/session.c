/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.c - the table of requests, answering one, and building answers. The checks common to
 * all requests are here: is it well-formed, is it known, is it possible now?
 */
#define _GNU_SOURCE
#include "tools/dap/session.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"

/* When a request can be done. */
enum when {
    ANY,
    OPEN,  /* something was launched */
    STILL, /* and guests stand still */
};

static const struct {
    const char *command;
    enum when when;
    dap_function *answer;
} requests[] = {
    {"initialize", ANY, dap_initialize},
    {"launch", ANY, dap_launch},
    {"configurationDone", OPEN, dap_configuration_done},
    {"disconnect", ANY, dap_disconnect},
    {"terminate", ANY, dap_terminate},
    {"setBreakpoints", OPEN, dap_set_source},
    {"setFunctionBreakpoints", OPEN, dap_set_functions},
    {"setInstructionBreakpoints", OPEN, dap_set_instructions},
    {"setExceptionBreakpoints", OPEN, dap_set_exceptions},
    {"dataBreakpointInfo", OPEN, dap_data_info},
    {"setDataBreakpoints", OPEN, dap_set_data},
    {"threads", OPEN, dap_threads},
    {"stackTrace", STILL, dap_stack_trace},
    {"scopes", OPEN, dap_scopes},
    {"variables", OPEN, dap_variables},
    {"evaluate", STILL, dap_evaluate},
    {"disassemble", OPEN, dap_disassemble},
    {"readMemory", OPEN, dap_read_memory},
    {"continue", STILL, dap_continue},
    {"next", STILL, dap_next},
    {"stepIn", STILL, dap_step_in},
    {"stepOut", STILL, dap_step_out},
    {"stepBack", STILL, dap_step_back},
    {"reverseContinue", STILL, dap_reverse_continue},
    {"pause", OPEN, dap_pause},
};
#define REQUESTS (sizeof requests / sizeof requests[0])

/* ---- Sending ---- */

static json_t *message(struct dap *dap, const char *type)
{
    return json_pack("{s:I, s:s}", "seq", (json_int_t)++dap->seq, "type", type);
}

void dap_event(struct dap *dap, const char *event, json_t *body)
{
    json_t *out = message(dap, "event");

    json_put_text(out, "event", event);
    if (body)
        json_put(out, "body", body);
    wire_send(&dap->wire, out);
}

void dap_say(struct dap *dap, const char *category, const char *text)
{
    json_t *body = json_object();

    json_put_text(body, "category", category);
    json_put(body, "output", json_bytes(text, strlen(text)));
    dap_event(dap, "output", body);
}

/* Several VMs' lines have their names in front; one that is not finished is, for another's. */
static void say_console(struct dap *dap, unsigned vm, const struct console_text *text)
{
    char *line = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&line, &len);

    if (!out)
        return;
    if (dap->speaker != (int)vm && dap->speaker >= 0)
        fputc('\n', out);
    for (size_t i = 0; i < text->len; i++) {
        if (dap->debug->machine->count > 1 &&
            (i ? text->bytes[i - 1] == '\n' : dap->speaker != (int)vm))
            fprintf(out, "[vm%u] ", vm);
        fputc(text->bytes[i], out);
    }
    dap->speaker = text->bytes[text->len - 1] == '\n' ? -1 : (int)vm;
    fclose(out);
    if (line) {
        json_t *body = json_object();

        json_put_text(body, "category", "stdout");
        json_put(body, "output", json_bytes(line, len));
        dap_event(dap, "output", body);
    }
    free(line);
}

void dap_say_consoles(struct dap *dap)
{
    struct consoles *consoles = &dap->debug->consoles;

    for (unsigned vm = 0; vm < consoles->count; vm++)
        if (consoles->texts[vm].len) {
            say_console(dap, vm, &consoles->texts[vm]);
            consoles->texts[vm].len = 0;
        }
}

static void respond(struct dap *dap, int64_t seq, const char *command, json_t *body,
                    enum pz_err err, const struct problem *problem)
{
    json_t *out = message(dap, "response");

    json_put(out, "request_seq", json_integer(seq));
    json_put_text(out, "command", command);
    json_put(out, "success", json_boolean(!err));
    if (err) {
        json_put(out, "message", json_bytes(problem->text, strlen(problem->text)));
        json_put(out, "body",
                 json_pack("{s:{s:i, s:O, s:b}}", "error", "id", (int)err, "format",
                           json_object_get(out, "message"), "showUser", 1));
        json_decref(body);
    } else {
        json_put(out, "body", body);
    }
    wire_send(&dap->wire, out);
}

/* ---- Taking ---- */

static enum pz_err find(const struct dap *dap, const char *command, unsigned *found,
                        struct problem *problem)
{
    for (unsigned i = 0; i < REQUESTS; i++) {
        if (strcmp(requests[i].command, command))
            continue;
        *found = i;
        if (requests[i].when != ANY && !dap->debug)
            return problem_set(problem, PZ_USAGE, "%s: launch something first", command);
        if (requests[i].when == STILL && dap->running)
            return problem_set(problem, PZ_USAGE, "%s: the guests are running; pause them",
                               command);
        return PZ_OK;
    }
    return problem_set(problem, PZ_USAGE, "'%.60s' is not a request that pz dap knows",
                       command);
}

static void answer(struct dap *dap, const json_t *request)
{
    const char *type = json_string_value(json_object_get(request, "type"));
    const char *command = json_string_value(json_object_get(request, "command"));
    const json_t *seq = json_object_get(request, "seq");
    const json_t *arguments = json_object_get(request, "arguments");
    json_t *body = json_object();
    struct problem problem = {0};
    enum pz_err err;
    unsigned found = 0;

    if (type && strcmp(type, "request")) {
        json_decref(
            body); /* nothing was asked of the client: an answer of its own is for nobody */
        return;
    }
    if (!type || !command || !json_is_integer(seq))
        err = problem_set(&problem, PZ_USAGE,
                          "a request has 'seq', a number, and 'type' and 'command', texts");
    else if (arguments && !json_is_object(arguments) && !json_is_null(arguments))
        err = problem_set(&problem, PZ_USAGE, "%.60s: 'arguments' is not an object", command);
    else
        err = find(dap, command, &found, &problem);
    if (!err)
        err = requests[found].answer(dap, arguments, body, &problem);
    respond(dap, json_integer_value(seq), command ? command : "", body, err, &problem);
    if (!err && requests[found].answer == dap_launch)
        dap_event(dap, "initialized", NULL);
    if (dap->moved)
        dap_tell_stop(dap, "goto");
    if ((!err && requests[found].answer == dap_terminate) || (dap->debug && dap->debug->quit))
        dap_event(dap, "terminated", NULL);
    if (dap->debug)
        dap->debug->quit = false;
    dap->moved = false;
}

bool dap_serve_one(struct dap *dap)
{
    json_t *request;
    struct problem problem = {0};

    switch (wire_take(&dap->wire, &request, &problem)) {
    case WIRE_NONE: return false;
    case WIRE_MESSAGE:
        answer(dap, request);
        json_decref(request);
        break;
    case WIRE_NO_JSON: respond(dap, 0, "", json_object(), PZ_USAGE, &problem); break;
    case WIRE_BROKEN:
        respond(dap, 0, "", json_object(), PZ_USAGE, &problem);
        dap->over = dap->broken = true;
        break;
    }
    return true;
}

/* ---- Arguments ---- */

bool dap_number(const json_t *arguments, const char *name, int64_t least, int64_t most,
                int64_t *number, struct problem *problem)
{
    const json_t *value = json_object_get(arguments, name);

    *number = json_integer_value(value);
    if (json_is_integer(value) && *number >= least && *number <= most)
        return true;
    (void)!problem_set(problem, PZ_USAGE, "'%s' is a number from %" PRId64 " to %" PRId64, name,
                       least, most);
    return false;
}

bool dap_number_or(const json_t *arguments, const char *name, int64_t least, int64_t most,
                   int64_t otherwise, int64_t *number, struct problem *problem)
{
    const json_t *value = json_object_get(arguments, name);

    *number = otherwise;
    return !value || json_is_null(value) ||
           dap_number(arguments, name, least, most, number, problem);
}

const char *dap_text(const json_t *arguments, const char *name)
{
    return json_string_value(json_object_get(arguments, name));
}

enum pz_err dap_address(const json_t *arguments, const char *name, int64_t *address,
                        struct problem *problem)
{
    const char *text = dap_text(arguments, name);
    unsigned long long value;
    int64_t offset;
    char *end;

    if (!dap_number_or(arguments, "offset", INT32_MIN, UINT32_MAX, 0, &offset, problem))
        return PZ_USAGE;
    errno = 0;
    value = text ? strtoull(text, &end, 0) : 0;
    if (!text || end == text || *end || errno || value > UINT32_MAX)
        return problem_set(problem, PZ_USAGE, "'%s' is an address of 32 bits, as 0x1234", name);
    *address = (int64_t)value + offset;
    return PZ_OK;
}

enum pz_err dap_command(struct dap *dap, const char *line, char **text, json_t **data,
                        struct problem *problem)
{
    struct debug *debug = dap->debug;
    size_t len = 0;
    enum pz_err err;

    *text = NULL;
    *data = json_object();
    debug->out = open_memstream(text, &len);
    debug->data = *data;
    if (!debug->out)
        return problem_memory(problem, "a command's result");
    err = debug_execute(debug, line, problem);
    fclose(debug->out);
    debug->out = NULL;
    debug->data = NULL;
    return err;
}

json_t *dap_source(struct dap *dap, const char *file)
{
    char path[PATH_MAX], whole[PATH_MAX];
    const char *name = lines_name(file);
    json_t *source = json_object();

    json_put(source, "name", json_bytes(name, strlen(name)));
    if (debug_source_path(dap->debug, file, path) && realpath(path, whole))
        json_put(source, "path", json_bytes(whole, strlen(whole)));
    return source;
}
