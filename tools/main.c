/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - everything that is the same for all commands: choosing one, its help, printing what went
 * wrong, the exit code.
 */
#include "tools/main.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/help.h"

static enum pz_err run_command(const struct command *command, struct options *options,
                               struct problem *problem)
{
    enum pz_err err = PZ_OK, flushed;
    struct problem second;

    if (options->help)
        help_print(stdout, command);
    else if (options->list_variants)
        err = variants_print(options->json, problem);
    else
        err = command->run(options, problem);
    flushed = output_flush(&second);
    if (flushed > err) {
        *problem = second;
        err = flushed;
    }
    outfile_forget(err >= PZ_USAGE);
    return err;
}

/*
 * Files opened later must not become standard output by filling a hole: a missing descriptor is
 * opened the wrong way round, so that using it fails as it would have.
 */
static void fill_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* `pz --help`, `pz -h`, `pz --version`: as everybody tries first. */
static const char *verb_of(const char *word)
{
    if (!strcmp(word, "--help") || !strcmp(word, "-h"))
        return "help";
    return !strcmp(word, "--version") || !strcmp(word, "-V") ? "version" : word;
}

/* A whole line in one write: other programs may share the terminal. */
static void print_problem(const struct command *command, const struct problem *problem)
{
    if (problem->text[0])
        fprintf(stderr, "pz: %s%s%s\n", command ? command->name : "", command ? ": " : "",
                problem->text);
}

int pz_main(int argc, char **argv, const char *revision, const char *date)
{
    const struct command *command = NULL;
    struct options options;
    struct problem problem = {0};
    enum pz_err err = PZ_USAGE;

    fill_descriptors();
    /* A file over the host's limit is a write that fails, and is told. */
    (void)signal(SIGXFSZ, SIG_IGN);
    if (argc < 2) {
        help_overview(stderr);
        return PZ_USAGE;
    }
    command = command_find(verb_of(argv[1]), &problem);
    if (command) {
        err = options_read(&options, command->sets, argc - 1, argv + 1, &problem);
        options.revision = revision;
        options.date = date;
        if (!err)
            err = run_command(command, &options, &problem);
        options_free(&options);
    }
    print_problem(command, &problem);
    if (terminal_signal())
        terminal_die(terminal_signal());
    return err;
}
