/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * absent.c - in place of what cannot be where there are no processes, threads or sockets: the
 * commands say so, and what other commands ask of them answers as where it is not asked for.
 */
#include "tools/bench/bench.h"
#include "tools/control/control.h"
#include "tools/dap/dap.h"
#include "tools/gdb/gdb.h"
#include "tools/grade/class.h"
#include "tools/host/host.h"
#include "tools/migrate/migrate.h"
#include "tools/run/threads.h"
#include "tools/show/apart.h"
#include "tools/tutorial/tutorial.h"
#include "tools/web/web.h"

static enum pz_err absent(const char *what, struct problem *problem)
{
    return problem_set(
        problem, PZ_USAGE,
        "%s needs processes or sockets, which pz does not have in WebAssembly: use pz on "
        "a host",
        what);
}

/* ---- Commands ---- */

#define ABSENT_COMMANDS(ABSENT)                                                                \
    ABSENT(bench)                                                                              \
    ABSENT(console)                                                                            \
    ABSENT(dap)                                                                                \
    ABSENT(kill)                                                                               \
    ABSENT(list)                                                                               \
    ABSENT(migrate)                                                                            \
    ABSENT(pause)                                                                              \
    ABSENT(resume)                                                                             \
    ABSENT(save)                                                                               \
    ABSENT(set)                                                                                \
    ABSENT(stats)                                                                              \
    ABSENT(stop)                                                                               \
    ABSENT(tutorial)                                                                           \
    ABSENT(web)

#define ABSENT_COMMAND(name)                                                                   \
    enum pz_err command_##name(const struct options *options, struct problem *problem)         \
    {                                                                                          \
        (void)options;                                                                         \
        return absent("pz " #name, problem);                                                   \
    }
ABSENT_COMMANDS(ABSENT_COMMAND)

/* ---- host: no process can be started ---- */

enum pz_err itself_run(const char *folder, int argc, char *const *argv,
                       struct itself_output *output, struct problem *problem)
{
    (void)folder, (void)argc, (void)argv;
    *output = (struct itself_output){0};
    return absent("running another pz", problem);
}

void itself_free(struct itself_output *output)
{
    (void)output;
}

enum pz_err itself_document(int argc, char *const *argv, json_t **document,
                            struct problem *problem)
{
    (void)argc, (void)argv;
    *document = NULL;
    return absent("running another pz", problem);
}

/* ---- control: a run has no socket ---- */

enum pz_err control_save_temporary(const char *name, char *path, struct problem *problem)
{
    (void)name, (void)path;
    return absent("a run with a name", problem);
}

enum pz_err control_check(const struct options *options, struct problem *problem)
{
    return options->name || options->control ? absent("a run with a socket", problem) : PZ_OK;
}

enum pz_err control_open(struct control *control, const struct options *options,
                         struct problem *problem)
{
    *control = (struct control){.fd = -1};
    return control_check(options, problem);
}

void control_close(struct control *control)
{
    (void)control;
}

void control_start(struct control *control, const struct request_host *host)
{
    (void)control, (void)host;
}

void control_look(struct control *control)
{
    (void)control;
}

void control_printed(void *control, unsigned vm, const uint8_t *bytes, uint32_t len)
{
    (void)control, (void)vm, (void)bytes, (void)len;
}

bool control_wait(struct control *control, int ms)
{
    (void)control, (void)ms;
    return false;
}

/* ---- gdb ---- */

enum pz_err gdb_serve(struct debug *debug, const char *address, bool recording,
                      struct problem *problem)
{
    (void)debug, (void)address, (void)recording;
    return absent("--gdb", problem);
}

enum pz_err gdb_run(const struct options *options, struct problem *problem)
{
    (void)options;
    return absent("--gdb", problem);
}

/* ---- grade: a class is graded by processes ---- */

enum pz_err gradeclass(const struct options *options, const struct exercise *exercise,
                       struct problem *problem)
{
    (void)options, (void)exercise;
    return absent("--all", problem);
}

/* ---- migrate: no VM leaves or comes ---- */

void source_open(struct source *source, const struct options *options, struct machine *machine,
                 struct session *session, struct recorder *recorder)
{
    (void)source, (void)options, (void)machine, (void)session, (void)recorder;
}

void source_close(struct source *source)
{
    (void)source;
}

void source_look(struct source *source)
{
    (void)source;
}

bool source_holds(const struct source *source)
{
    (void)source;
    return false;
}

void source_wait(const struct source *source, int ms)
{
    (void)source, (void)ms;
}

enum pz_err target_open(struct target *target, const char *where, struct problem *problem)
{
    (void)target, (void)where;
    return absent("pz receive", problem);
}

void target_close(struct target *target)
{
    (void)target;
}

enum pz_err target_receive(struct target *target, struct machine *machine,
                           struct session *session, struct recorder *recorder, bool inputs,
                           struct problem *problem)
{
    (void)target, (void)machine, (void)session, (void)recorder, (void)inputs;
    return absent("pz receive", problem);
}

void target_look(struct target *target)
{
    (void)target;
}

void target_finish(struct target *target)
{
    (void)target;
}

/* ---- show: what reads debugging information is a library that is not here ---- */

bool apart_ask(apart_reader *read, const uint8_t *bytes, size_t len, apart_receiver *receive,
               void *owner)
{
    (void)read, (void)bytes, (void)len, (void)receive, (void)owner;
    return false;
}

bool apart_take(int from, void *to, size_t len)
{
    (void)from, (void)to, (void)len;
    return false;
}

void *apart_take_table(int from, size_t count, size_t size)
{
    (void)from, (void)count, (void)size;
    return NULL;
}

/* ---- run: one thread ---- */

enum pz_err threads_open(struct threads *threads, const struct options *options,
                         const struct engines_kind *kind, const struct threads_hosts *hosts,
                         struct problem *problem)
{
    (void)threads, (void)options, (void)kind, (void)hosts;
    return absent("--threads", problem);
}

void threads_close(struct threads *threads)
{
    (void)threads;
}

enum pz_err threads_run(struct threads *threads, struct problem *problem)
{
    (void)threads;
    return absent("--threads", problem);
}
