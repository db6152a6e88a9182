/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debug.c - `pz debug`: runs debugger commands from -x FILE, then from standard input unless
 * --batch. Each command's result is text, or with --json one line of JSON.
 */
#include "tools/debug/debug.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/gdb/gdb.h"
#include "tools/run/live.h"
#include "tools/run/run.h"
#include "tools/sandbox/sandbox.h"

#define LAST_LINE 512u

/* A signal handler has no owner. */
static struct debug *running;
static volatile sig_atomic_t idle; /* waiting for a line that is not typed at a prompt */

/* Interrupts what the debugger is running; if it waits for a script's next line, ends pz. */
static void on_interrupt(int number)
{
    debug_interrupt(running);
    if (idle) {
        (void)signal(number, SIG_DFL);
        (void)raise(number);
    }
}

static void catch_interrupt(struct debug *debug)
{
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};

    running = debug;
    sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
}

/* ---- Results ---- */

/* What the guests printed during this command. */
static void put_consoles(struct debug *debug, json_t *document)
{
    json_t *consoles = json_object();

    for (unsigned vm = 0; vm < debug->consoles.count; vm++) {
        struct console_text *text = &debug->consoles.texts[vm];
        char name[16];

        (void)!snprintf(name, sizeof name, "vm%u", vm);
        if (text->len)
            json_put(consoles, name, json_bytes(text->bytes, text->len));
        text->len = 0;
    }
    json_put(document, "console", consoles);
}

static enum pz_err print_json(struct debug *debug, const char *line, const char *text,
                              enum pz_err result, const struct problem *said,
                              struct problem *problem)
{
    const struct hart *hart = debug_hart(debug);
    json_t *document = json_document("pz-debug/1");
    char *bytes;

    json_put_text(document, "command", line);
    json_put(document, "ok", json_boolean(!result));
    if (result)
        json_put_text(document, "error", said->text);
    json_put_number(document, "vm", debug->vm);
    json_put_text(document, "mode", debug_mode(hart->mode));
    json_put_number(document, "retired", hart->retired);
    json_put(document, "data", json_incref(debug->data));
    json_put(document, "text", json_bytes(text, strlen(text)));
    put_consoles(debug, document);
    bytes = json_dumps(document, JSON_COMPACT);
    json_decref(document);
    if (!bytes)
        return problem_memory(problem, "a command's result");
    errno = 0;
    if (puts(bytes) == EOF || fflush(stdout))
        output_failed(errno);
    free(bytes);
    return PZ_OK;
}

static void print_text(struct debug *debug, const char *text, enum pz_err result,
                       const struct problem *said)
{
    FILE *out = consoles_interject(&debug->consoles);

    /* A guest's prompt, say: several guests' lines are kept until they end. */
    if (debug->midline && debug->consoles.count == 1)
        fputc('\n', out);
    debug->midline = false;
    fputs(text, out);
    if (result)
        fprintf(out, "%s\n", said->text);
    consoles_flush(&debug->consoles);
    fflush(out);
}

/* Run one line and show its result; `*failed` tells of a command that could not be done. */
static enum pz_err run_line(struct debug *debug, const char *line, bool *failed,
                            struct problem *problem)
{
    struct problem said = {0};
    char *text = NULL;
    size_t len = 0;
    enum pz_err result, err = PZ_OK;

    debug->out = open_memstream(&text, &len);
    debug->data = json_object();
    if (!debug->out)
        return problem_memory(problem, "a command's result");
    result = debug_execute(debug, line, &said);
    fclose(debug->out);
    *failed = *failed || result != PZ_OK;
    if (debug->options->json && line[strspn(line, " \t")])
        err = print_json(debug, line, text, result, &said, problem);
    else if (!debug->options->json)
        print_text(debug, text, result, &said);
    json_decref(debug->data);
    free(text);
    return err;
}

/* ---- Lines ---- */

/* The next line of a file, or of standard input if that is not a terminal. NULL: there is none. */
static char *read_line(FILE *file)
{
    char *line;

    idle = true;
    line = debug_line_read(file);
    idle = false;
    return line;
}

/* A failing command ends a script: the rest was written for another state. */
static enum pz_err run_script(struct debug *debug, const char *path, struct problem *problem)
{
    FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
    enum pz_err err = PZ_OK;
    bool failed = false;
    char *line;

    if (!file)
        return problem_set(problem, PZ_HOST, "-x: %.200s: %s", path, strerror(errno));
    while (!err && !failed && !debug->quit && (line = read_line(file))) {
        if (!debug->options->json && line[strspn(line, " \t")] && line[0] != '#') {
            char prompt[DEBUG_PROMPT];

            debug_prompt(debug, prompt);
            fprintf(consoles_interject(&debug->consoles), "%s%s\n", prompt, line);
        }
        err = run_line(debug, line, &failed, problem);
        free(line);
    }
    if (file != stdin)
        fclose(file);
    if (!err && failed)
        err = problem_set(problem, PZ_FAILED, "%.200s: stopped at a command that failed", path);
    return err;
}

static enum pz_err run_lines(struct debug *debug, struct problem *problem)
{
    char last[LAST_LINE] = "";
    enum pz_err err = PZ_OK;
    bool failed = false;
    char *line;

    if (debug->live)
        debug_line_open(debug);
    while (!err && !debug->quit &&
           (line = debug->live ? debug_line_ask(debug) : read_line(stdin))) {
        const char *meant = debug->live ? debug_line_repeat(line, last, sizeof last) : line;

        err = run_line(debug, meant, &failed, problem);
        free(line);
    }
    if (!err && failed && !debug->live)
        err = problem_set(problem, PZ_FAILED, "some commands failed");
    return err;
}

static void greet(struct debug *debug)
{
    if (!debug->live || debug->options->json || debug->options->gdb)
        return;
    debug->out = stdout;
    printf("pz debug: the machine %s; help lists commands\n",
           debug->options->start ? "is where it was saved"
                                 : "is about to run its first instruction");
    debug_say_place(debug);
}

static enum pz_err run_all(struct debug *debug, const struct options *options,
                           struct problem *problem)
{
    bool live = options->gdb || (!options->batch && terminal_interactive());
    enum pz_err err = debug_open(debug, options, live, problem);

    if (err)
        return err;
    catch_interrupt(debug);
    greet(debug);
    for (unsigned i = 0; !err && !debug->quit && i < options->scripts.count; i++)
        err = run_script(debug, options->scripts.at[i], problem);
    if (!err && !debug->quit && options->gdb)
        err = gdb_serve(debug, options->gdb, options->recording, problem);
    else if (!err && !debug->quit && !options->batch)
        err = run_lines(debug, problem);
    consoles_finish(&debug->consoles);
    return err;
}

static enum pz_err debug_options(const struct options *options, struct problem *problem)
{
    struct debug *debug = calloc(1, sizeof *debug);
    enum pz_err err;

    if (!debug)
        return problem_memory(problem, "the debugger");
    err = run_all(debug, options, problem);
    signal(SIGINT, SIG_DFL);
    debug_close(debug);
    free(debug);
    return err;
}

enum pz_err debug_recording(const struct options *options, struct problem *problem)
{
    struct recording recording;
    struct recording_part part = {.file = {.handle = NULL}};
    struct options both;
    enum pz_err err;

    if (options->inputs.count)
        return problem_set(problem, PZ_USAGE, "--input: a recording has its input in it");
    err = recording_open(&recording, options->kernels.at[0], problem);
    if (!err)
        err = recording_part_open(&part, &recording, problem);
    if (!err) {
        both = debug_recorded_options(options, &recording);
        err = debug_options(&both, problem);
    }
    recording_part_close(&part);
    recording_close(&recording);
    return err;
}

static enum pz_err debug_saved(const struct options *given, struct problem *problem)
{
    struct snapshot_file file;
    struct options_start start = snapshot_start(&file);
    struct options options;
    enum pz_err err = snapshot_open(&file, given->kernels.at[0], problem);

    if (!err) {
        options = snapshot_options(&file.head.options, given);
        options.start = &start;
        err = debug_options(&options, problem);
    }
    snapshot_close(&file);
    return err;
}

enum pz_err command_debug(const struct options *options, struct problem *problem)
{
    if (options->kernels.count == 1 && recording_is(options->kernels.at[0]))
        return debug_recording(options, problem);
    if (options->kernels.count == 1 && snapshot_is(options->kernels.at[0]))
        return debug_saved(options, problem);
    return debug_options(options, problem);
}
