/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compile.c - runs compilers in processes with limits of time and memory: a file can keep a
 * compiler busy for ever. Forbidden names are poisoned, in a header that comes before the file.
 */
#define _GNU_SOURCE
#include "tools/sandbox/compile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/wait.h>

#include "tools/host/host.h"

#define COMPILE_SECONDS 30u
#define COMPILE_BYTES (64u << 20) /* of output */
#define WORDS_MOST 40u
#define NOT_FOUND 127

struct command_line {
    const char *words[WORDS_MOST + 1];
    unsigned count;
};

static void add(struct command_line *line, const char *word)
{
    if (line->count < WORDS_MOST)
        line->words[line->count++] = word;
}

static void add_all(struct command_line *line, const char *const *words)
{
    while (*words)
        add(line, *words++);
}

static void limit(int resource, rlim_t most)
{
    const struct rlimit limits = {most, most};

    (void)setrlimit((__rlimit_resource_t)resource, &limits);
}

static void become(const struct command_line *line, int out)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)!dup2(null, STDIN_FILENO);
    (void)!dup2(out, STDOUT_FILENO);
    (void)!dup2(out, STDERR_FILENO);
    limit(RLIMIT_CPU, COMPILE_SECONDS);
    limit(RLIMIT_FSIZE, COMPILE_BYTES);
    limit(RLIMIT_CORE, 0);
    execvp(line->words[0], (char *const *)line->words);
    _exit(NOT_FOUND);
}

/* All that comes is read, so that nobody waits for us; only the beginning is kept. */
static void listen(int in, char *said)
{
    char rest[4096];
    size_t len = 0;
    ssize_t got;

    while ((got = read(in, len < COMPILE_SAID - 1 ? said + len : rest,
                       len < COMPILE_SAID - 1 ? COMPILE_SAID - 1 - len : sizeof rest)) > 0)
        if (len < COMPILE_SAID - 1)
            len += (size_t)got;
    said[len] = '\0';
}

static enum pz_err outcome(const struct command_line *line, int status,
                           struct compiled *compiled, struct problem *problem)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
        return problem_set(
            problem, PZ_HOST,
            "no compiler '%s' here: install it (Debian: gcc for parts, clang and "
            "lld for guests), or name one in %s",
            line->words[0], "CC");
    compiled->built = WIFEXITED(status) && !WEXITSTATUS(status);
    if (WIFSIGNALED(status))
        (void)!snprintf(compiled->said, COMPILE_SAID, "the compiler was ended by %s\n",
                        strsignal(WTERMSIG(status)));
    return PZ_OK;
}

static enum pz_err run(const struct command_line *line, struct compiled *compiled,
                       struct problem *problem)
{
    int ends[2], status;
    pid_t child;

    compiled->said = calloc(1, COMPILE_SAID);
    if (!compiled->said)
        return problem_memory(problem, "the compiler's words");
    if (pipe2(ends, O_CLOEXEC))
        return problem_set(problem, PZ_HOST, "the host gives no pipe: %s", strerror(errno));
    fflush(NULL);
    child = fork();
    if (!child)
        become(line, ends[1]);
    close(ends[1]);
    if (child > 0) {
        listen(ends[0], compiled->said);
        (void)waitpid(child, &status, 0);
    }
    close(ends[0]);
    if (child < 0)
        return problem_set(problem, PZ_HOST, "the host gives no process: %s", strerror(errno));
    return outcome(line, status, compiled, problem);
}

/* The names that may not be used, said to the compiler behind the headers that declare them. */
static enum pz_err write_prelude(const char *path, const json_t *forbid,
                                 struct problem *problem)
{
    FILE *file = fopen(path, "we");

    if (!file)
        return problem_set(problem, PZ_HOST, "%s: cannot be written: %s", path,
                           strerror(errno));
    fputs("#include \"isa/csr.h\"\n#include \"vmm/parts.h\"\n", file);
    for (size_t i = 0; i < json_array_size(forbid); i++)
        fprintf(file, "#undef %1$s\n#pragma GCC poison %1$s\n",
                json_string_value(json_array_get(forbid, i)));
    fclose(file);
    return PZ_OK;
}

enum pz_err compile_part(const char *source, const char *output, const json_t *forbid,
                         struct compiled *compiled, struct problem *problem)
{
    static const char *const flags[] = {
        "-shared",  "-fPIC",   "-std=gnu17",   "-O1",
        "-Wall",    "-Wextra", "-DPZ_DEBUG=0", "-fno-diagnostics-show-caret",
        "-include", NULL};
    const char *cc = getenv("CC");
    char prelude[PATH_ROOM], home[PATH_ROOM];
    struct command_line line = {.count = 0};
    enum pz_err err;

    path_format(prelude, sizeof prelude, "%s.h", output);
    path_format(home, sizeof home, "-I%s", home_directory());
    *compiled = (struct compiled){.built = false};
    err = write_prelude(prelude, forbid, problem);
    if (err)
        return err;
    add(&line, cc && cc[0] ? cc : "cc");
    add_all(&line, flags);
    add(&line, prelude);
    add(&line, home);
    add(&line, "-o");
    add(&line, output);
    add(&line, source);
    err = run(&line, compiled, problem);
    unlink(prelude);
    return err;
}

enum pz_err compile_guest(const char *source, const char *output, struct compiled *compiled,
                          struct problem *problem)
{
    static const char *const flags[] = {"--target=riscv32-unknown-elf",
                                        "-march=rv32imac",
                                        "-mabi=ilp32",
                                        "-mno-relax",
                                        "-g",
                                        "-nostdlib",
                                        "-static",
                                        "-fuse-ld=lld",
                                        NULL};
    char include[PATH_ROOM], script[PATH_ROOM];
    struct command_line line = {.count = 0};

    path_format(include, sizeof include, "-I%s/tests/guest", home_directory());
    path_format(script, sizeof script, "-Wl,-T,%s/tests/guest/guest.ld", home_directory());
    *compiled = (struct compiled){.built = false};
    add(&line, "clang");
    add_all(&line, flags);
    add(&line, include);
    add(&line, script);
    add(&line, "-o");
    add(&line, output);
    add(&line, source);
    return run(&line, compiled, problem);
}
