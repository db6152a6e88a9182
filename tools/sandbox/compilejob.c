/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compilejob.c - runs compilers on files that are not trusted: behind a wall that shows them the
 * toolchain, the public headers and the one file (filewall.h), without network, with limits of CPU
 * time, memory and output, in a folder that goes away. What is compiled, and how, is left to
 * compile.c.
 */
#define _GNU_SOURCE
#include "tools/sandbox/compilejob.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tools/host/host.h"
#include "tools/sandbox/boxwall.h"
#include "tools/sandbox/filewall.h"

#define COMPILE_SECONDS 10u            /* CPU time of each of a compiler's processes */
#define COMPILE_WALL_MS (300u * 1000u) /* after that, the host is too slow */
#define COMPILE_BYTES (64u << 20)      /* of output */
#define COMPILE_MEMORY (2ull << 30)    /* of address space */
#define REFUSED 126
#define NOT_FOUND 127

void compilejob_add(struct compilejob *job, const char *word)
{
    if (job->count < COMPILEJOB_WORDS)
        job->words[job->count++] = word;
    job->words[job->count] = NULL;
}

void compilejob_add_all(struct compilejob *job, const char *const *words)
{
    while (*words)
        compilejob_add(job, *words++);
}

/*
 * The hard limit of CPU time is one second more, so that the signal tells which limit was
 * reached.
 */
static void limit(int resource, rlim_t most)
{
    const struct rlimit limits = {most, most + (resource == RLIMIT_CPU)};

    (void)setrlimit((__rlimit_resource_t)resource, &limits);
}

/* The exercises' own files come in several pieces, and are no secret. */
static void open_source(int wall, const char *source)
{
    char whole[PATH_MAX], examples[PATH_MAX], path[PATH_ROOM];
    size_t len;

    (void)filewall_open(wall, source, FILEWALL_READ);
    path_format(path, sizeof path, "%s/examples", home_directory());
    if (!realpath(path, examples) || !realpath(source, whole))
        return;
    len = strlen(examples);
    if (!strncmp(whole, examples, len) && whole[len] == '/') {
        *strrchr(whole, '/') = '\0';
        (void)filewall_open(wall, whole, FILEWALL_READ);
    }
}

/* A compiler outside the usual directories: the program itself, and nothing beside it. */
static void open_compiler(int wall, const char *name)
{
    if (strchr(name, '/'))
        (void)filewall_open(wall, name, FILEWALL_RUN);
}

/* Without Landlock in the kernel; the caller has said what that means. */
static bool go_behind_wall(const struct compilejob *job)
{
    int wall = filewall_begin();
    bool behind;

    if (!filewall_version())
        return boxwall_compiler();
    if (wall < 0)
        return false;
    filewall_open_programs(wall);
    open_compiler(wall, job->words[0]);
    open_source(wall, job->source);
    for (const char *const *pattern = job->headers; *pattern; pattern++)
        filewall_open_matching(wall, home_directory(), *pattern);
    for (unsigned i = 0; i < COMPILEJOB_FILES && job->files[i]; i++)
        (void)filewall_open(wall, job->files[i], FILEWALL_READ);
    behind = filewall_open(wall, job->folder, FILEWALL_CHANGE) && filewall_enter(wall);
    close(wall);
    return behind && boxwall_compiler();
}

/* Of the environment, it gets only what finds programs. */
static void become(const struct compilejob *job, int out)
{
    char temporary[PATH_ROOM + 8], path[PATH_ROOM];
    char *const environment[] = {path, temporary, "LC_ALL=C", NULL};
    const char *programs = getenv("PATH");
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    path_format(temporary, sizeof temporary, "TMPDIR=%s", job->folder);
    path_format(path, sizeof path, "PATH=%s", programs ? programs : "/usr/bin:/bin");
    (void)setpgid(0, 0);
    (void)!dup2(null, STDIN_FILENO);
    (void)!dup2(out, STDOUT_FILENO);
    (void)!dup2(out, STDERR_FILENO);
    limit(RLIMIT_CPU, COMPILE_SECONDS);
    limit(RLIMIT_FSIZE, COMPILE_BYTES);
    limit(RLIMIT_CORE, 0);
    if ((job->place && chdir(job->place)) || !go_behind_wall(job))
        _exit(REFUSED);
    limit(RLIMIT_AS, COMPILE_MEMORY); /* last: a pz with sanitizers has more mapped */
    execvpe(job->words[0], (char *const *)job->words, environment);
    _exit(errno == EACCES ? REFUSED : NOT_FOUND);
}

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* Read all of the output, so that the compiler never waits for us; keep only the beginning. */
static bool take(int in, char *said, size_t *len)
{
    char rest[4096];
    bool fits = *len < COMPILE_SAID - 1;
    ssize_t got =
        read(in, fits ? said + *len : rest, fits ? COMPILE_SAID - 1 - *len : sizeof rest);

    if (got > 0 && fits)
        *len += (size_t)got;
    return got > 0 || (got < 0 && errno == EINTR);
}

/* False: it took longer than it should on any host. */
static bool listen(int in, char *said)
{
    const uint64_t end = now_ms() + COMPILE_WALL_MS;
    size_t len = 0;
    bool more = true;

    while (more) {
        struct pollfd polled = {.fd = in, .events = POLLIN};
        uint64_t now = now_ms();

        if (now >= end)
            return false;
        if (poll(&polled, 1, (int)(end - now)) > 0)
            more = take(in, said, &len);
    }
    said[len] = '\0';
    return true;
}

static void add_said(struct compiled *compiled, const char *text)
{
    size_t len = strlen(compiled->said), more = strlen(text);

    if (len + more >= COMPILE_SAID)
        len = COMPILE_SAID - 1 - more;
    memcpy(compiled->said + len, text, more + 1);
}

static enum pz_err outcome(const struct compilejob *job, int status, struct compiled *compiled,
                           struct problem *problem)
{
    const char *name = job->words[0];

    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
        return problem_set(
            problem, PZ_HOST,
            "compiler '%s' not found: install it (Debian: gcc for parts, clang and "
            "lld for guests), or name one in %s",
            name, "CC");
    if (WIFEXITED(status) && WEXITSTATUS(status) == REFUSED)
        return problem_set(problem, PZ_HOST,
                           "the host does not let '%s' run behind a wall: a compiler must lie "
                           "in one of the system's folders for programs",
                           name);
    compiled->built = WIFEXITED(status) && !WEXITSTATUS(status) && !access(job->output, R_OK);
    if (WIFSIGNALED(status)) {
        add_said(compiled, "the compiler was ended: ");
        add_said(compiled, strsignal(WTERMSIG(status)));
        add_said(compiled, "\n");
    }
    return PZ_OK;
}

/* Processes that it has left running are ended too. */
static enum pz_err hear_out(const struct compilejob *job, pid_t child, int in,
                            struct compiled *compiled, struct problem *problem)
{
    bool in_time = listen(in, compiled->said);
    int status;

    if (!in_time)
        (void)kill(-child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    (void)kill(-child, SIGKILL);
    if (!in_time)
        return problem_set(
            problem, PZ_HOST,
            "this machine was too slow: the compiler did not finish in %u seconds",
            COMPILE_WALL_MS / 1000u);
    return outcome(job, status, compiled, problem);
}

enum pz_err compilejob_run(const struct compilejob *job, struct compiled *compiled,
                           struct problem *problem)
{
    enum pz_err err;
    int ends[2];
    pid_t child;

    compiled->said = calloc(1, COMPILE_SAID);
    if (!compiled->said)
        return problem_memory(problem, "the compiler's words");
    if (pipe2(ends, O_CLOEXEC))
        return problem_set(problem, PZ_HOST, "cannot create a pipe: %s", strerror(errno));
    fflush(NULL);
    child = fork();
    if (!child)
        become(job, ends[1]);
    close(ends[1]);
    if (child > 0) {
        (void)setpgid(child, child);
        err = hear_out(job, child, ends[0], compiled, problem);
    } else {
        err = problem_set(problem, PZ_HOST, "cannot start a process: %s", strerror(errno));
    }
    close(ends[0]);
    return err;
}

enum pz_err compilejob_begin(struct compilejob *job, const char *source, const char *output,
                             struct problem *problem)
{
    job->source = source;
    path_format(job->folder, sizeof job->folder, "%s.XXXXXX", output);
    if (!mkdtemp(job->folder))
        return problem_set(problem, PZ_HOST,
                           "cannot create a temporary directory (%s): set TMPDIR",
                           strerror(errno));
    path_format(job->output, sizeof job->output, "%s/out", job->folder);
    return PZ_OK;
}

static int remove_one(const char *path, const struct stat *found, int kind, struct FTW *where)
{
    (void)found, (void)kind, (void)where;
    return remove(path);
}

/* Move the output out of the directory, which is removed. */
enum pz_err compilejob_end(const struct compilejob *job, const char *output, enum pz_err err,
                           const struct compiled *compiled, struct problem *problem)
{
    struct stat found;

    if (!err && compiled->built &&
        (lstat(job->output, &found) || !S_ISREG(found.st_mode) || rename(job->output, output)))
        err = problem_set(problem, PZ_HOST, "%.200s: cannot be written: %s", output,
                          strerror(errno));
    (void)nftw(job->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return err;
}
