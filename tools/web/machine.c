/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.c - the machine of a session: opening it as `pz debug` does, closing it, and commands of
 * the debugger.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/web/state.h"

/* ---- Opening and closing ---- */

struct web_machine *web_machine(const struct web_session *session, struct problem *problem)
{
    if (!session->machine)
        (void)problem_set(problem, PZ_USAGE, "no machine is open: use 'open' first");
    return session->machine;
}

void web_machine_close(struct web_session *session)
{
    struct web_machine *machine = session->machine;

    session->machine = NULL;
    if (!machine)
        return;
    if (machine->debug.options)
        debug_close(&machine->debug);
    if (machine->recorded)
        recording_close(&machine->recording);
    if (machine->saved)
        snapshot_close(&machine->snapshot);
    options_free(&machine->given);
    web_words_free(&machine->words);
    free(machine->consoles);
    free(machine);
}

static enum pz_err open_recording(struct web_machine *machine, struct problem *problem)
{
    enum pz_err err =
        recording_open(&machine->recording, machine->given.kernels.at[0], problem);

    machine->recorded = true;
    if (!err && machine->recording.part_source)
        return problem_set(problem, PZ_USAGE,
                           "the recording brings a student's code with it: pz debug runs it "
                           "again");
    if (!err)
        machine->options = debug_recorded_options(&machine->given, &machine->recording);
    return err;
}

static enum pz_err open_snapshot(struct web_session *session, struct problem *problem)
{
    struct web_machine *machine = session->machine;
    struct snapshot_file *file = &machine->snapshot;
    enum pz_err err = snapshot_open(file, machine->given.kernels.at[0], problem);

    machine->saved = true;
    if (!err && file->base)
        err = problem_set(problem, PZ_USAGE,
                          "the snapshot has only what differs from another: pz debug opens it");
    if (!err)
        err = web_words_saved(session, &file->head.options, &machine->words, problem);
    if (err)
        return err;
    machine->options = snapshot_options(&file->head.options, &machine->given);
    machine->start = snapshot_start(file);
    machine->options.start = &machine->start;
    return PZ_OK;
}

static enum pz_err read_options(struct web_session *session, const json_t *request,
                                struct problem *problem)
{
    struct web_machine *machine = session->machine;
    struct web_words *words = &machine->words;
    const char *kernel;
    enum pz_err err;

    words->at[words->count] = strdup("open");
    if (!words->at[words->count++])
        return problem_memory(problem, "a command line");
    err = web_words_read(session, WEB_LINE_OPEN, json_object_get(request, "argv"), words,
                         problem);
    if (err)
        return err;
    words->at[words->count] = NULL;
    err = options_read(&machine->given, OPTIONS_DEBUG, words->count, words->at, problem);
    machine->options = machine->given;
    if (!err && machine->given.list_variants)
        err = problem_set(problem, PZ_USAGE, "--variant list has no place here");
    kernel = machine->given.kernels.count == 1 ? machine->given.kernels.at[0] : NULL;
    if (!err && kernel && recording_is(kernel))
        err = open_recording(machine, problem);
    else if (!err && kernel && snapshot_is(kernel))
        err = open_snapshot(session, problem);
    return err;
}

/* What a script has typed at it ends as for `pz debug`; else the page types. */
static enum pz_err open_debug(struct web_machine *machine, struct problem *problem)
{
    enum pz_err err;

    machine->options.json = true; /* consoles print nothing */
    err =
        debug_open(&machine->debug, &machine->options, !machine->options.inputs.count, problem);
    if (err)
        return err;
    err = timeline_count_exits(machine->debug.timeline, problem);
    if (err)
        return err;
    machine->consoles = calloc(machine->debug.machine->count, sizeof *machine->consoles);
    machine->before = *debug_hart(&machine->debug);
    return machine->consoles ? PZ_OK : problem_memory(problem, "the consoles");
}

static json_t *kernels(const struct web_machine *machine)
{
    const struct debug *debug = &machine->debug;
    json_t *list = json_array();

    for (unsigned k = 0; k < debug->machine->count; k++) {
        const struct vm *vm = &debug->machine->vms[k];

        (void)json_array_append_new(
            list,
            json_pack("{s:i, s:s, s:I, s:I, s:i}", "vm", (int)k, "kernel",
                      image_name(machine_image(debug->machine, k)), "ram_base",
                      (json_int_t)vm->config.ram_base, "ram_size",
                      (json_int_t)vm->config.ram_size, "cpus", (int)vm->board.harts.count));
    }
    return list;
}

enum pz_err web_open(struct web_session *session, const json_t *request, json_t *answer,
                     struct problem *problem)
{
    enum pz_err err;

    web_machine_close(session);
    session->machine = calloc(1, sizeof *session->machine);
    if (!session->machine)
        return problem_memory(problem, "a machine");
    err = read_options(session, request, problem);
    if (!err)
        err = open_debug(session->machine, problem);
    if (err) {
        web_machine_close(session);
        return err;
    }
    json_put_text(answer, "engine", session->machine->debug.machine->engine.kind->name);
    json_put(answer, "recorded", json_boolean(session->machine->recorded));
    json_put(answer, "vms", kernels(session->machine));
    return PZ_OK;
}

enum pz_err web_close(struct web_session *session, const json_t *request, json_t *answer,
                      struct problem *problem)
{
    (void)request, (void)answer, (void)problem;
    web_machine_close(session);
    return PZ_OK;
}

/* ---- Commands ---- */

enum pz_err web_execute(struct web_session *session, const char *line, char **text,
                        json_t **data, struct problem *problem)
{
    struct debug *debug = &session->machine->debug;
    size_t len = 0;
    enum pz_err err;

    *text = NULL;
    *data = debug->data = json_object();
    debug->out = open_memstream(text, &len);
    if (!debug->out)
        return problem_memory(problem, "a command's result");
    err = debug_execute(debug, line, problem);
    if (fclose(debug->out) && !err)
        err = problem_memory(problem, "a command's result");
    debug->out = NULL;
    debug->data = NULL;
    return err;
}

enum pz_err web_command(struct web_session *session, const json_t *request, json_t *answer,
                        struct problem *problem)
{
    struct web_machine *machine = web_machine(session, problem);
    const char *line = machine ? web_text(request, "line", problem) : NULL;
    struct timeline_position was;
    struct hart before;
    char *text;
    json_t *data;
    enum pz_err err;

    if (!line)
        return PZ_USAGE;
    was = timeline_now(machine->debug.timeline);
    before = *debug_hart(&machine->debug);
    err = web_execute(session, line, &text, &data, problem);
    machine->debug.quit = false;
    if (timeline_compare(was, timeline_now(machine->debug.timeline)))
        machine->before = before;
    json_put(answer, "text", text ? json_bytes(text, strlen(text)) : json_string(""));
    json_put(answer, "data", json_object_size(data) ? json_incref(data) : json_null());
    json_decref(data);
    free(text);
    return err;
}
