/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * points.c - the client's lists of breakpoints. Each request replaces a whole list; each entry
 * is a point of the debugger, made by its commands.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/dap/session.h"
#include "tools/show/show.h"

#define COMMAND_MOST 480u

/* ---- What there is ---- */

static void drop(struct dap *dap, enum dap_list list, const char *source)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < dap->count; i++) {
        struct dap_point *point = &dap->points[i];

        if (point->list != list || (source && strcmp(point->source, source))) {
            dap->points[kept++] = *point;
            continue;
        }
        if (debug_points_delete(&dap->debug->points, point->number))
            dap->debug->hit = NULL;
        free(point->source);
    }
    dap->count = kept;
}

void dap_points_close(struct dap *dap)
{
    for (unsigned i = 0; i < dap->count; i++)
        free(dap->points[i].source);
    free(dap->points);
}

static bool add(struct dap *dap, enum dap_list list, const char *source, unsigned number)
{
    struct dap_point *point;

    if (dap->count == dap->room) {
        unsigned room = dap->room ? dap->room * 2 : 32;
        struct dap_point *points = realloc(dap->points, room * sizeof *points);

        if (!points)
            return false;
        dap->points = points;
        dap->room = room;
    }
    point = &dap->points[dap->count];
    *point = (struct dap_point){.list = list,
                                .source = source ? strdup(source) : NULL,
                                .id = dap->last_id,
                                .number = number};
    if (source && !point->source)
        return false;
    dap->count++;
    return true;
}

const char *dap_point_reason(const struct dap *dap, unsigned number, unsigned *id)
{
    static const char *const reasons[] = {[DAP_SOURCE] = "breakpoint",
                                          [DAP_FUNCTION] = "function breakpoint",
                                          [DAP_INSTRUCTION] = "instruction breakpoint",
                                          [DAP_EXCEPTION] = "exception",
                                          [DAP_DATA] = "data breakpoint"};

    *id = 0;
    for (unsigned i = 0; i < dap->count; i++)
        if (dap->points[i].number == number) {
            *id = dap->points[i].id;
            return reasons[dap->points[i].list];
        }
    return "breakpoint"; /* made by a command */
}

/* ---- Making one ---- */

/* One of the client's list on its way: its answer, and the debugger's points for it. */
struct making {
    struct dap *dap;
    enum dap_list list;
    const char *source, *condition;
    json_t *row;
};

/* The condition is the last of the command's words. False: it could not be done. */
static enum pz_err make(struct making *making, const char *command, struct problem *problem)
{
    char line[COMMAND_MOST];
    const char *condition = making->condition;
    json_t *data;
    char *text;
    int len = condition && *condition
                  ? snprintf(line, sizeof line, "%s if %s", command, condition)
                  : snprintf(line, sizeof line, "%s", command);
    enum pz_err err;

    if (len >= (int)sizeof line)
        return problem_set(problem, PZ_USAGE, "the condition is too long");
    err = dap_command(making->dap, line, &text, &data, problem);
    if (!err && !add(making->dap, making->list, making->source,
                     (unsigned)json_integer_value(json_object_get(data, "point"))))
        err = problem_memory(problem, "a breakpoint");
    json_decref(data);
    free(text);
    return err;
}

static json_t *begin(struct making *making, struct dap *dap, enum dap_list list,
                     const char *source, const json_t *wanted)
{
    *making = (struct making){.dap = dap,
                              .list = list,
                              .source = source,
                              .condition = dap_text(wanted, "condition"),
                              .row = json_object()};
    json_put_number(making->row, "id", ++dap->last_id);
    return making->row;
}

static void end(struct making *making, json_t *rows, enum pz_err err,
                const struct problem *problem)
{
    json_put(making->row, "verified", json_boolean(!err));
    if (err)
        json_put(making->row, "message", json_bytes(problem->text, strlen(problem->text)));
    (void)json_array_append_new(rows, making->row);
}

/* The list that a request has; NULL: it has none. */
static const json_t *wanted_list(const json_t *arguments, const char *name,
                                 struct problem *problem)
{
    const json_t *list = json_object_get(arguments, name);

    if (json_is_array(list))
        return list;
    (void)!problem_set(problem, PZ_USAGE, "'%s' is a list", name);
    return NULL;
}

/* ---- Source lines ---- */

/* The client's path may begin elsewhere than the compiler's: by the longest end that is known. */
static bool find_line(const struct lines *lines, const char *path, uint32_t line,
                      uint32_t *address)
{
    for (const char *at = path; at; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL)
        if (*at && lines_find(lines, at, line, address))
            return true;
    return false;
}

static enum pz_err make_at(struct making *making, unsigned vm, bool any, unsigned mode,
                           uint32_t address, struct problem *problem)
{
    const struct lines *lines = debug_source_lines(making->dap->debug, vm, mode);
    const struct lines_row *row = lines_at(lines, address);
    char command[96], reference[16], which[16];

    (void)!snprintf(which, sizeof which, "%u", vm);
    (void)!snprintf(command, sizeof command, "break 0x%" PRIx32 " mode %s vm %s", address,
                    debug_mode(mode), any ? "any" : which);
    (void)!snprintf(reference, sizeof reference, "0x%08" PRIx32, address);
    if (row)
        json_put_number(making->row, "line", row->line - making->dap->first_line_0);
    json_put_text(making->row, "instructionReference", reference);
    return make(making, command, problem);
}

/* In each kernel that has the line; else in each program. */
static enum pz_err make_line(struct making *making, const char *path, uint32_t line,
                             struct problem *problem)
{
    struct debug *debug = making->dap->debug;
    bool one = debug->machine->image_count == 1, found = false;
    enum pz_err err = PZ_OK;
    uint32_t address;

    for (unsigned mode = HART_SUPERVISOR + 1; !found && mode-- > HART_USER;)
        for (unsigned vm = 0; !err && vm < debug->machine->count; vm++) {
            bool any = one && mode == HART_SUPERVISOR;

            if (!find_line(debug_source_lines(debug, vm, mode), path, line, &address))
                continue;
            found = true;
            err = make_at(making, vm, any, mode, address, problem);
            if (any)
                break;
        }
    return found ? err
                 : problem_set(problem, PZ_FAILED, "no code is known for this line%s",
                               debug_source_lines(debug, 0, HART_SUPERVISOR)->missing
                                   ? ": the kernel has no debug information"
                                   : "");
}

enum pz_err dap_set_source(struct dap *dap, const json_t *arguments, json_t *body,
                           struct problem *problem)
{
    const char *path = dap_text(json_object_get(arguments, "source"), "path");
    const json_t *list = wanted_list(arguments, "breakpoints", problem);
    json_t *rows = json_array();

    json_put(body, "breakpoints", rows);
    if (!path)
        return problem_set(problem, PZ_USAGE, "'source' has a 'path'");
    if (!list)
        return PZ_USAGE;
    drop(dap, DAP_SOURCE, path);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *wanted = json_array_get(list, i);
        struct making making;
        struct problem why;
        enum pz_err err = PZ_USAGE;
        int64_t line;

        (void)begin(&making, dap, DAP_SOURCE, path, wanted);
        if (dap_number(wanted, "line", 0, INT32_MAX - 1, &line, &why))
            err = make_line(&making, path, (uint32_t)line + dap->first_line_0, &why);
        end(&making, rows, err, &why);
    }
    return PZ_OK;
}

/* ---- The others ---- */

/* One of a list's: make what it wants. */
typedef enum pz_err want(struct making *making, const json_t *wanted, struct problem *problem);

static enum pz_err set_list(struct dap *dap, enum dap_list list, const json_t *all, want *want,
                            json_t *rows, struct problem *problem)
{
    (void)problem;
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *wanted = json_array_get(all, i);
        struct making making;
        struct problem why;

        (void)begin(&making, dap, list, NULL, wanted);
        end(&making, rows, want(&making, wanted, &why), &why);
    }
    return PZ_OK;
}

static enum pz_err set_named(struct dap *dap, enum dap_list list, const json_t *arguments,
                             want *want, json_t *body, struct problem *problem)
{
    const json_t *all = wanted_list(arguments, "breakpoints", problem);
    json_t *rows = json_array();

    json_put(body, "breakpoints", rows);
    if (!all)
        return PZ_USAGE;
    drop(dap, list, NULL);
    return set_list(dap, list, all, want, rows, problem);
}

static enum pz_err want_function(struct making *making, const json_t *wanted,
                                 struct problem *problem)
{
    const char *name = dap_text(wanted, "name");
    char command[COMMAND_MOST];

    if (!name || !*name)
        return problem_set(problem, PZ_USAGE, "a function has a 'name'");
    if (snprintf(command, sizeof command, "break %s vm any", name) >= (int)sizeof command)
        return problem_set(problem, PZ_USAGE, "the name is too long");
    return make(making, command, problem);
}

enum pz_err dap_set_functions(struct dap *dap, const json_t *arguments, json_t *body,
                              struct problem *problem)
{
    return set_named(dap, DAP_FUNCTION, arguments, want_function, body, problem);
}

static enum pz_err want_instruction(struct making *making, const json_t *wanted,
                                    struct problem *problem)
{
    int64_t address = 0;
    char command[64];
    enum pz_err err = dap_address(wanted, "instructionReference", &address, problem);

    if (err)
        return err;
    if (address < 0 || address > UINT32_MAX)
        return problem_set(problem, PZ_USAGE, "no address of 32 bits");
    (void)!snprintf(command, sizeof command, "break 0x%" PRIx64 " vm any", (uint64_t)address);
    return make(making, command, problem);
}

enum pz_err dap_set_instructions(struct dap *dap, const json_t *arguments, json_t *body,
                                 struct problem *problem)
{
    return set_named(dap, DAP_INSTRUCTION, arguments, want_instruction, body, problem);
}

/* A filter's name is what `catch` takes: only such as initialize has told of. */
static enum pz_err want_exception(struct making *making, const json_t *wanted,
                                  struct problem *problem)
{
    static const char *const plain[] = {"trap", "inject", "interrupt", "switch", "kill"};
    const char *filter =
        json_is_string(wanted) ? json_string_value(wanted) : dap_text(wanted, "filterId");
    char command[64];
    unsigned cause, known = 0;

    for (unsigned i = 0; filter && i < sizeof plain / sizeof plain[0]; i++)
        known += !strcmp(filter, plain[i]);
    for (cause = 0; filter && !known && cause < CAUSE_EXCEPTIONS; cause++) {
        (void)!snprintf(command, sizeof command, "inject %u", cause);
        known += !strcmp(filter, command);
    }
    if (!known)
        return problem_set(problem, PZ_USAGE, "there is no such filter");
    (void)!snprintf(command, sizeof command, "catch %.40s vm any", filter);
    return make(making, command, problem);
}

enum pz_err dap_set_exceptions(struct dap *dap, const json_t *arguments, json_t *body,
                               struct problem *problem)
{
    const json_t *filters = wanted_list(arguments, "filters", problem);
    const json_t *options = json_object_get(arguments, "filterOptions");
    json_t *rows = json_array();
    enum pz_err err = PZ_USAGE;

    json_put(body, "breakpoints", rows);
    if (!filters)
        return PZ_USAGE;
    drop(dap, DAP_EXCEPTION, NULL);
    err = set_list(dap, DAP_EXCEPTION, filters, want_exception, rows, problem);
    return err ? err : set_list(dap, DAP_EXCEPTION, options, want_exception, rows, problem);
}

/* ---- Data ---- */

/*
 * What identifies the data is the VM and the words of `watch`: "0 reg a0". A name with a reference
 * to variables is a register or a CSR of that VM (of several CPUs, of the one that has its turn),
 * one without an address.
 */
enum pz_err dap_data_info(struct dap *dap, const json_t *arguments, json_t *body,
                          struct problem *problem)
{
    const char *name = dap_text(arguments, "name");
    char id[COMMAND_MOST];
    int64_t reference, bytes, thread;
    unsigned vm = dap->debug->vm;
    uint32_t address;
    struct problem why;

    if (!name)
        return problem_set(problem, PZ_USAGE, "data has a 'name'");
    if (!dap_number_or(arguments, "variablesReference", 0, INT32_MAX, 0, &reference, problem) ||
        !dap_number_or(arguments, "bytes", 1, DEBUG_WATCH_MOST, 4, &bytes, problem))
        return PZ_USAGE;
    thread = (reference - 1) / 2;
    if (reference && thread < dap_thread_count(dap))
        vm = (unsigned)thread / dap_thread_cpus(dap);
    json_put(body, "dataId", json_null());
    if (reference && debug_register(name, strlen(name)) > 0)
        (void)!snprintf(id, sizeof id, "%u reg %.40s", vm, name);
    else if (reference && debug_csr(name, strlen(name)) != CSR_NONE)
        (void)!snprintf(id, sizeof id, "%u csr %.40s", vm, name);
    else if (!reference && !debug_address(dap->debug, name, &address, &why))
        (void)!snprintf(id, sizeof id, "%u 0x%" PRIx32 " len %d", vm, address, (int)bytes);
    else {
        json_put_text(body, "description",
                      "what can be watched: registers, CSRs, and addresses of memory");
        return PZ_OK;
    }
    json_put_text(body, "dataId", id);
    json_put_text(body, "description", strchr(id, ' ') + 1);
    json_put(body, "accessTypes", json_pack("[s]", "write"));
    return PZ_OK;
}

static enum pz_err want_data(struct making *making, const json_t *wanted,
                             struct problem *problem)
{
    const char *id = dap_text(wanted, "dataId"), *access = dap_text(wanted, "accessType");
    struct debug *debug = making->dap->debug;
    unsigned before = debug->vm;
    char command[COMMAND_MOST];
    unsigned long vm;
    char *words;
    enum pz_err err;

    if (access && strcmp(access, "write"))
        return problem_set(problem, PZ_USAGE, "only writes are watched here");
    vm = id ? strtoul(id, &words, 10) : 0;
    if (!id || *words != ' ' || vm >= debug->machine->count ||
        snprintf(command, sizeof command, "watch%s", words) >= (int)sizeof command)
        return problem_set(problem, PZ_USAGE, "'dataId' is not one of dataBreakpointInfo's");
    debug->vm = (unsigned)vm;
    err = make(making, command, problem);
    debug->vm = before;
    return err;
}

enum pz_err dap_set_data(struct dap *dap, const json_t *arguments, json_t *body,
                         struct problem *problem)
{
    return set_named(dap, DAP_DATA, arguments, want_data, body, problem);
}
