/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client.c - `pz list`, `pause`, `resume`, `save`, `migrate`, `set`, `stats`, `console`, `stop`,
 * `kill`.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include "tools/control/attach.h"
#include "tools/control/control.h"
#include "tools/control/settings.h"

#define PATIENCE_MS 60000 /* for a run that is busy saving, say */
#define LIST_MS 3000      /* for one that is listed */
#define PROGRESS_MS 200
#define ANSWER_STEP ((size_t)1 << 20)
#define ANSWER_MOST (16 * ANSWER_STEP) /* bytes: a thousand VMs with their bills take two */

/* ---- A request and its answer ---- */

static bool send_all(int fd, const char *text, size_t len)
{
    while (len) {
        ssize_t sent = send(fd, text, len, MSG_NOSIGNAL);

        if (sent < 0 && errno != EINTR)
            return false;
        if (sent > 0) {
            text += sent;
            len -= (size_t)sent;
        }
    }
    return true;
}

/* Up to the end of the line at the most: a console may follow. */
static ssize_t take_some(int fd, char *line, size_t room)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    ssize_t there = poll(&ready, 1, PATIENCE_MS) > 0 ? recv(fd, line, room, MSG_PEEK) : -1;
    const char *end = there > 0 ? memchr(line, '\n', (size_t)there) : NULL;

    if (there <= 0)
        return there;
    return recv(fd, line, end ? (size_t)(end + 1 - line) : (size_t)there, 0);
}

/* One line, to be freed; NULL: the run is gone, or silent. */
static char *read_line(int fd)
{
    char *line = NULL, *more;
    size_t len = 0, room = 0;
    ssize_t got = 0;

    do {
        if (len == room) {
            room += ANSWER_STEP;
            more = room > ANSWER_MOST ? NULL : realloc(line, room);
            if (!more)
                break;
            line = more;
        }
        got = take_some(fd, line + len, room - len);
        len += got > 0 ? (size_t)got : 0;
    } while (got > 0 && line[len - 1] != '\n');
    if (got > 0 && line[len - 1] == '\n') {
        line[len - 1] = 0;
        return line;
    }
    free(line);
    return NULL;
}

static json_t *exchange(int fd, json_t *request, bool (*wait)(int fd, const char *name),
                        const char *name)
{
    char *text = request ? json_dumps(request, JSON_COMPACT) : NULL, *line;
    json_t *answer = NULL;

    if (text && send_all(fd, text, strlen(text)) && send_all(fd, "\n", 1) &&
        (!wait || wait(fd, name))) {
        line = read_line(fd);
        answer = line ? json_loads(line, 0, NULL) : NULL;
        free(line);
    }
    free(text);
    json_decref(request);
    return answer;
}

/* By errno. */
static enum pz_err no_run(const char *name, const char *path, struct problem *problem)
{
    const char *why = localsocket_is_none(path) ? "it is no socket" : strerror(errno);

    return problem_set(problem, PZ_USAGE, "no run '%.60s' (pz list shows them): %s: %s", name,
                       path, why);
}

/*
 * The request is given up; the connection stays open, to be closed if it is not -1. `wait`, if not
 * NULL, waits for its answer, and may do so for long.
 */
static enum pz_err ask_on(const char *name, json_t *request,
                          bool (*wait)(int fd, const char *name), json_t **answer,
                          int *connection, struct problem *problem)
{
    char path[RUNTIME_PATH];
    enum pz_err err = runtime_socket(name, path, problem);
    int fd = err ? -1 : localsocket_connect(path);

    *answer = NULL;
    if (!err && fd < 0)
        err = no_run(name, path, problem);
    if (err) {
        json_decref(request);
        return err;
    }
    *connection = fd;
    *answer = exchange(fd, request, wait, name);
    if (!*answer)
        return problem_set(problem, PZ_HOST, "%.60s does not answer", name);
    if (json_is_true(json_object_get(*answer, "ok")))
        return PZ_OK;
    return problem_set(problem, PZ_FAILED, "%.60s: %.300s", name,
                       json_string_value(json_object_get(*answer, "error"))
                           ? json_string_value(json_object_get(*answer, "error"))
                           : "no");
}

static enum pz_err ask(const char *name, json_t *request, json_t **answer,
                       struct problem *problem)
{
    int fd = -1;
    enum pz_err err = ask_on(name, request, NULL, answer, &fd, problem);

    if (fd >= 0)
        close(fd);
    return err;
}

static json_t *request_of(const char *what, const struct options *options)
{
    json_t *request = json_object();

    json_put_number(request, "pz-control", 1);
    json_put_text(request, "do", what);
    if (options->only_vm != OPTIONS_ANY_VM)
        json_put_number(request, "vm", options->only_vm);
    return request;
}

/* ---- Telling ---- */

static void print_vms(const json_t *answer)
{
    const json_t *vm;
    const char *key;
    json_t *value;
    size_t i;

    json_array_foreach(json_object_get(answer, "vms"), i, vm)
    {
        printf("vm%" JSON_INTEGER_FORMAT " %s", json_integer_value(json_object_get(vm, "vm")),
               json_string_value(json_object_get(vm, "state")));
        json_object_foreach((json_t *)(uintptr_t)vm, key, value)
        {
            if (json_is_real(value))
                printf("  %s %.6f", key, json_real_value(value));
            else if (json_is_integer(value) && strcmp(key, "vm"))
                printf("  %s %" JSON_INTEGER_FORMAT, key, json_integer_value(value));
        }
        puts("");
    }
}

static enum pz_err tell(const struct options *options, json_t *answer, struct problem *problem)
{
    if (options->json)
        return json_print(json_incref(answer), problem);
    print_vms(answer);
    return PZ_OK;
}

/* ---- The verbs ---- */

static enum pz_err need_name(const struct options *options, struct problem *problem)
{
    if (!options->kernels.count)
        return problem_set(problem, PZ_USAGE,
                           "name a run started with pz run --name (pz list shows them)");
    if (options->kernels.count == 1)
        return PZ_OK;
    return problem_set(problem, PZ_USAGE, "too many words, from '%.60s' on: one is enough here",
                       options->kernels.at[1]);
}

static enum pz_err plain(const char *what, const struct options *options,
                         struct problem *problem)
{
    json_t *answer = NULL;
    enum pz_err err = need_name(options, problem);

    if (!err)
        err = ask(options->kernels.at[0], request_of(what, options), &answer, problem);
    if (!err)
        err = tell(options, answer, problem);
    json_decref(answer);
    return err;
}

enum pz_err command_pause(const struct options *options, struct problem *problem)
{
    return plain("pause", options, problem);
}

enum pz_err command_resume(const struct options *options, struct problem *problem)
{
    return plain("resume", options, problem);
}

enum pz_err command_stop(const struct options *options, struct problem *problem)
{
    return plain("stop", options, problem);
}

enum pz_err command_kill(const struct options *options, struct problem *problem)
{
    return plain("kill", options, problem);
}

enum pz_err command_stats(const struct options *options, struct problem *problem)
{
    json_t *answer = NULL;
    enum pz_err err;

    if (!options->prometheus)
        return plain("stats", options, problem);
    err = need_name(options, problem);
    if (!err)
        err = ask(options->kernels.at[0], request_of("metrics", options), &answer, problem);
    if (!err)
        (void)fputs(json_string_value(json_object_get(answer, "text"))
                        ? json_string_value(json_object_get(answer, "text"))
                        : "",
                    stdout);
    json_decref(answer);
    return err;
}

enum pz_err command_set(const struct options *options, struct problem *problem)
{
    json_t *request, *answer = NULL;
    enum pz_err err;

    if (options->kernels.count < 2)
        return problem_set(problem, PZ_USAGE,
                           "name a run, and what to set: pz set a shares=200 cap=50");
    request = request_of("set", options);
    err = settings_read(&options->kernels, 1, request, problem);
    if (err)
        json_decref(request);
    else
        err = ask(options->kernels.at[0], request, &answer, problem);
    if (!err)
        err = tell(options, answer, problem);
    json_decref(answer);
    return err;
}

enum pz_err command_console(const struct options *options, struct problem *problem)
{
    json_t *answer = NULL;
    enum pz_err err = need_name(options, problem);
    int fd = -1;

    if (!err)
        err = ask_on(options->kernels.at[0], request_of("console", options), NULL, &answer, &fd,
                     problem);
    if (!err)
        err = attach(fd, json_is_true(json_object_get(answer, "typed")), problem);
    if (fd >= 0)
        close(fd);
    json_decref(answer);
    return err;
}

/* The run may have another working directory. */
static char *from_root(const char *path)
{
    char here[PATH_MAX], *whole;
    size_t room;

    if (*path == '/')
        return strdup(path);
    if (!getcwd(here, sizeof here))
        return NULL;
    room = strlen(here) + strlen(path) + 2;
    whole = malloc(room);
    if (whole)
        (void)!snprintf(whole, room, "%s/%s", here, path);
    return whole;
}

enum pz_err command_save(const struct options *options, struct problem *problem)
{
    json_t *request, *answer = NULL;
    enum pz_err err = need_name(options, problem);
    char *path;

    if (!err && !options->output)
        err = problem_set(problem, PZ_USAGE, "-o FILE: where is it to be saved?");
    if (err)
        return err;
    path = from_root(options->output);
    if (!path)
        return problem_memory(problem, "the file's name");
    request = request_of("save", options);
    json_put_text(request, "file", path);
    if (options->save_stop)
        json_put(request, "stop", json_true());
    free(path);
    path = options->since ? from_root(options->since) : NULL;
    if (path)
        json_put_text(request, "since", path);
    free(path);
    err = ask(options->kernels.at[0], request, &answer, problem);
    if (!err)
        err = tell(options, answer, problem);
    json_decref(answer);
    return err;
}

enum pz_err control_save_temporary(const char *name, char *path, struct problem *problem)
{
    const struct options all = {.only_vm = OPTIONS_ANY_VM};
    json_t *request, *answer = NULL;
    enum pz_err err = runtime_directory(path, problem);
    int fd;

    if (err)
        return err;
    strcat(path, "/clone.XXXXXX");
    fd = mkstemp(path);
    if (fd < 0)
        return problem_set(problem, PZ_HOST, "%s: %s", path, strerror(errno));
    close(fd);
    request = request_of("save", &all);
    json_put_text(request, "file", path);
    err = ask(name, request, &answer, problem);
    json_decref(answer);
    if (err)
        unlink(path);
    return err;
}

/* ---- Migration ---- */

static void show_migration(const char *name)
{
    json_t *answer, *migration;
    struct problem unheard;
    char left[TEXT_NUMBER], bytes[TEXT_NUMBER];

    if (!ask(name, json_pack("{s:i,s:s}", "pz-control", 1, "do", "status"), &answer,
             &unheard)) {
        migration = json_object_get(answer, "migration");
        progress_show(
            "%s: round %d, %s pages left, %s bytes sent",
            json_string_value(json_object_get(migration, "state"))
                ? json_string_value(json_object_get(migration, "state"))
                : "none",
            (int)json_integer_value(json_object_get(migration, "rounds")),
            text_grouped((uint64_t)json_integer_value(json_object_get(migration, "left")),
                         left),
            text_grouped((uint64_t)json_integer_value(json_object_get(migration, "bytes")),
                         bytes));
    }
    json_decref(answer);
}

/* As long as it takes: the answer comes when the VMs are there, or are to stay. */
static bool wait_for_migration(int fd, const char *name)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};

    while (poll(&ready, 1, PROGRESS_MS) == 0)
        show_migration(name);
    progress_end();
    return true;
}

static enum pz_err tell_migration(const struct options *options, json_t *answer,
                                  struct problem *problem)
{
    char pages[TEXT_NUMBER], bytes[TEXT_NUMBER], down[TEXT_NUMBER];

    if (options->json)
        return json_print(json_incref(answer), problem);
    printf(
        "moved to %s: %d rounds, %s pages, %s bytes; down for %s\n",
        json_string_value(json_object_get(answer, "to")),
        (int)json_integer_value(json_object_get(answer, "rounds")),
        text_grouped((uint64_t)json_integer_value(json_object_get(answer, "pages")), pages),
        text_grouped((uint64_t)json_integer_value(json_object_get(answer, "bytes")), bytes),
        text_duration(
            (uint64_t)(json_real_value(json_object_get(answer, "down_seconds")) * 1e9), down));
    return PZ_OK;
}

enum pz_err command_migrate(const struct options *options, struct problem *problem)
{
    json_t *request, *answer = NULL;
    enum pz_err err = need_name(options, problem);
    int fd = -1;
    char *path;

    if (!err && (!options->where || strncmp(options->where, "unix:", 5)))
        err =
            problem_set(problem, PZ_USAGE,
                        "--to unix:PATH: where does pz receive wait? (Over a network: a socket "
                        "that ssh forwards, docs/migration.md)");
    if (err)
        return err;
    path = from_root(options->where + 5);
    if (!path)
        return problem_memory(problem, "the socket's name");
    request = request_of("migrate", options);
    json_put_text(request, "to", path);
    if (options->bandwidth)
        json_put_number(request, "bandwidth", options->bandwidth);
    json_put(request, "post-copy", json_boolean(options->post_copy));
    free(path);
    err = ask_on(options->kernels.at[0], request, wait_for_migration, &answer, &fd, problem);
    if (fd >= 0)
        close(fd);
    if (!err)
        err = tell_migration(options, answer, problem);
    json_decref(answer);
    return err;
}

/* Not for as long as others wait for an answer: one run that is stopped must not hide the rest. */
static bool wait_briefly(int fd, const char *name)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};

    (void)name;
    return poll(&ready, 1, LIST_MS) > 0;
}

/* `answer` NULL: it has none. */
static void list_run(const struct options *options, const char *name, json_t *answer,
                     json_t *runs)
{
    const json_t *vms = json_object_get(answer, "vms");
    json_t *run = json_pack("{s:s,s:b,s:O*}", "name", name, "answers", vms != NULL, "vms", vms);

    json_array_append_new(runs, run);
    if (options->json)
        return;
    printf(vms ? "%s\n" : "%s  does not answer\n", name);
    print_vms(answer);
}

static void list_one(const struct options *options, const char *name, json_t *runs)
{
    struct problem unheard;
    char path[RUNTIME_PATH];
    json_t *answer = NULL;
    int fd = -1;

    if (!runtime_socket(name, path, &unheard))
        localsocket_remove_dead(path);
    (void)!ask_on(name, request_of("status", options), wait_briefly, &answer, &fd, &unheard);
    if (fd >= 0) {
        list_run(options, name, answer, runs);
        close(fd);
    }
    json_decref(answer);
}

enum pz_err command_list(const struct options *options, struct problem *problem)
{
    json_t *document = json_document("pz-list/1"), *runs = json_array();
    char path[RUNTIME_PATH];
    enum pz_err err = runtime_directory(path, problem);
    DIR *directory;

    directory = err ? NULL : opendir(path);
    for (const struct dirent *entry; directory && (entry = readdir(directory));) {
        size_t len = strlen(entry->d_name), suffix = strlen(RUNTIME_SUFFIX);
        char name[256];

        if (len <= suffix || strcmp(entry->d_name + len - suffix, RUNTIME_SUFFIX))
            continue;
        (void)!snprintf(name, sizeof name, "%.*s", (int)(len - suffix), entry->d_name);
        list_one(options, name, runs);
    }
    if (directory)
        closedir(directory);
    json_put(document, "runs", runs);
    if (!err && options->json)
        return json_print(document, problem);
    json_decref(document);
    return err;
}
