/* SPDX-License-Identifier: GPL-2.0-or-later */
/* itself.c - a child process of the same executable; both of its outputs are read as they come. */
#define _GNU_SOURCE /* pipe2() */
#include "tools/host/itself.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>

#include "tools/host/machine.h"

#define OUTPUT_MOST (32u << 20)
#define SECONDS_MOST 120
#define CHUNK 65536u
#define NS_PER_S 1000000000ull

/* One of its outputs. */
struct drain {
    int fd;
    char *bytes;
    size_t len, room;
};

static bool drain(struct drain *drain)
{
    ssize_t got;

    if (drain->room - drain->len < CHUNK) {
        size_t room = 2 * drain->room + CHUNK;
        char *bytes = realloc(drain->bytes, room);

        if (!bytes)
            return false;
        drain->bytes = bytes;
        drain->room = room;
    }
    got = read(drain->fd, drain->bytes + drain->len, CHUNK);
    if (got < 0)
        return errno == EINTR;
    drain->len += (size_t)got;
    if (!got) {
        close(drain->fd);
        drain->fd = -1;
    }
    return drain->len <= OUTPUT_MOST;
}

/* What it has printed when it ends. False: that takes too long, or is too much. */
static bool drain_all(struct drain drains[2])
{
    uint64_t end = machine_clock(NULL) + SECONDS_MOST * NS_PER_S;

    while (drains[0].fd >= 0 || drains[1].fd >= 0) {
        struct pollfd polls[2] = {{drains[0].fd, POLLIN, 0}, {drains[1].fd, POLLIN, 0}};
        uint64_t now = machine_clock(NULL);

        if (now >= end)
            return false;
        if (poll(polls, 2, (int)((end - now) / (NS_PER_S / 1000)) + 1) < 0 && errno != EINTR)
            return false;
        for (unsigned i = 0; i < 2; i++)
            if (drains[i].fd >= 0 && polls[i].revents && !drain(&drains[i]))
                return false;
    }
    return true;
}

bool itself_tie(pid_t parent, int signal)
{
    return !prctl(PR_SET_PDEATHSIG, signal) && getppid() == parent;
}

/* In the child. What goes wrong is said where it says the rest. */
static _Noreturn void become(const char *folder, char **argv, int out, int err)
{
    static const char words[] = "pz: the process cannot be started\n";
    sigset_t none;
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);

    sigemptyset(&none);
    if (in >= 0 && dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
        dup2(err, STDERR_FILENO) >= 0 && (!folder || !chdir(folder)) &&
        !sigprocmask(SIG_SETMASK, &none, NULL))
        (void)execv("/proc/self/exe", argv);
    (void)!write(err, words, sizeof words - 1);
    _exit(PZ_HOST);
}

static int start(pid_t *child, const char *folder, char **argv, int out, int err)
{
    pid_t parent = getpid();

    *child = fork();
    if (!*child && itself_tie(parent, SIGKILL))
        become(folder, argv, out, err);
    if (!*child)
        _exit(PZ_HOST);
    return *child < 0 ? errno : 0;
}

static enum pz_err end(pid_t child, bool good, struct drain drains[2],
                       struct itself_output *output, const char *name, struct problem *problem)
{
    int status = 0;

    if (!good)
        kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    for (unsigned i = 0; i < 2; i++)
        if (drains[i].fd >= 0)
            close(drains[i].fd);
    output->out = drains[0].bytes;
    output->out_len = drains[0].len;
    output->err = drains[1].bytes;
    output->err_len = drains[1].len;
    output->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (good)
        return PZ_OK;
    return problem_set(problem, PZ_FAILED,
                       "pz %s was ended: it took more than %u seconds, or printed too much",
                       name, SECONDS_MOST);
}

enum pz_err itself_run(const char *folder, int argc, char *const *argv,
                       struct itself_output *output, struct problem *problem)
{
    char **words = calloc((size_t)argc + 2, sizeof *words);
    int out[2] = {-1, -1}, err[2] = {-1, -1}, failed = 0;
    struct drain drains[2] = {{.fd = -1}, {.fd = -1}};
    pid_t child = -1;

    if (!words)
        return problem_memory(problem, "a command line");
    words[0] = (char[]){"pz"};
    memcpy(words + 1, argv, (size_t)argc * sizeof *words);
    if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
        failed = errno;
    if (!failed)
        failed = start(&child, folder, words, out[1], err[1]);
    free(words);
    drains[0].fd = out[0];
    drains[1].fd = err[0];
    if (out[1] >= 0)
        close(out[1]);
    if (err[1] >= 0)
        close(err[1]);
    if (!failed)
        return end(child, drain_all(drains), drains, output, argv[0], problem);
    for (unsigned i = 0; i < 2; i++)
        if (drains[i].fd >= 0)
            close(drains[i].fd);
    return problem_set(problem, PZ_HOST, "pz %s cannot be started: %s", argv[0],
                       strerror(failed));
}

void itself_free(struct itself_output *output)
{
    free(output->out);
    free(output->err);
    *output = (struct itself_output){0};
}

/* What it said on standard error, but for the name that it begins with and the line's end. */
static enum pz_err told(const struct itself_output *output, const char *name,
                        struct problem *problem)
{
    const char *text = output->err ? output->err : "";
    size_t len = output->err_len;
    enum pz_err err = output->status == PZ_USAGE || output->status == PZ_HOST
                          ? (enum pz_err)output->status
                          : PZ_FAILED;

    if (len > 4 && !memcmp(text, "pz: ", 4)) {
        text += 4;
        len -= 4;
    }
    while (len && text[len - 1] == '\n')
        len--;
    if (!len)
        return problem_set(problem, err, "pz %s printed no document", name);
    return problem_set(problem, err, "pz %s: %.*s", name, (int)(len < 300 ? len : 300), text);
}

enum pz_err itself_document(int argc, char *const *argv, json_t **document,
                            struct problem *problem)
{
    struct itself_output output = {0};
    enum pz_err err = itself_run(NULL, argc, argv, &output, problem);

    *document = NULL;
    if (!err) {
        *document = json_loadb(output.out ? output.out : "", output.out_len, 0, NULL);
        if (!*document)
            err = told(&output, argv[0], problem);
    }
    itself_free(&output);
    return err;
}
