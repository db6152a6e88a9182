/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spawn.c - the machine is saved to a file that loses its name at once; a pz clone inherits it.
 * Nothing here waits for that process: it is known by its socket when it has come so far.
 */
#define _GNU_SOURCE /* a session of its own */
#include "tools/control/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

#include "tools/control/runtime.h"
#include "tools/snapshot/snapshot.h"

#define INHERITED 3 /* the file, in the process of the clones */
#define INHERITED_PATH "/dev/fd/3"
#define WORDS 10u

extern char **environ;

static pid_t children[SPAWN_MOST];

/* A place for one more: those that have ended are let go. NULL: all still run. */
static pid_t *free_place(void)
{
    pid_t *place = NULL;

    for (unsigned i = 0; i < SPAWN_MOST; i++) {
        if (children[i] && waitpid(children[i], NULL, WNOHANG) != 0)
            children[i] = 0;
        if (!children[i])
            place = &children[i];
    }
    return place;
}

/* Saved to a file without a name; -1: a problem. */
static int save(const struct spawn_order *order, struct problem *problem)
{
    char path[RUNTIME_PATH + RUNTIME_TEMPORARY];
    struct options options = *order->options;
    struct snapshot_figures figures;
    enum pz_err err = runtime_directory(path, problem);
    int fd = -1;

    options.since = NULL;
    if (!err)
        fd = mkstemp(strcat(path, "/clone.XXXXXX"));
    if (!err && fd < 0)
        err = problem_set(problem, PZ_HOST, "%s: %s", path, strerror(errno));
    if (err)
        return -1;
    close(fd);
    fd = -1;
    err = snapshot_save(path, &options, order->machine, order->session, order->recorder,
                        &figures, problem);
    if (!err && (fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        (void)problem_set(problem, PZ_HOST, "%s: %s", path, strerror(errno));
    (void)unlink(path);
    return fd;
}

static int start(pid_t *child, char **argv, int file)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    int failed;

    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, file, INHERITED);
    failed = posix_spawn(child, "/proc/self/exe", &actions, &attributes, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failed;
}

static int start_clones(pid_t *child, const struct spawn_order *order, int file)
{
    char count[24], *argv[WORDS] = {(char *)"pz", (char *)"clone", (char *)"--name",
                                    (char *)(uintptr_t)order->name, (char *)"--count"};
    unsigned words = 5;

    (void)snprintf(count, sizeof count, "%" PRIu64, order->count);
    argv[words++] = count;
    if (order->identity)
        argv[words++] = (char *)"--identity";
    if (order->share)
        argv[words++] = (char *)"--share";
    argv[words] = (char *)INHERITED_PATH;
    return start(child, argv, file);
}

const char *spawn_clones(const struct spawn_order *order, int *process)
{
    static struct problem problem;
    pid_t *place = free_place();
    char path[RUNTIME_PATH];
    int file, failed;

    if (!order->name || strchr(order->name, ':') || runtime_socket(order->name, path, &problem))
        return "clone: 'name' must be a name for the clones, as of pz run --name";
    if (!access(path, F_OK))
        return "clone: there is a run of that 'name' already";
    if (!place)
        return "clone: 16 clones of this run still run: stop one of them";
    file = save(order, &problem);
    if (file < 0)
        return problem.text;
    failed = start_clones(place, order, file);
    close(file);
    if (failed) {
        *place = 0;
        (void)problem_set(&problem, PZ_HOST, "clone: no process can be started: %s",
                          strerror(failed));
        return problem.text;
    }
    *process = *place;
    return NULL;
}
