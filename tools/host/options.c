/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.c - reading the command line with getopt_long(), and the help for it. The options
 * themselves are the table of options_table.c; checks that need more than one option's value are
 * left to options_check.c.
 */
#include "tools/host/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/host/options_table.h"

enum { HELP_INDENT = 23, HELP_INDENT_NARROW = 6, HELP_BESIDE = 60 }; /* columns */
#define TRIALS_DEFAULT 8u
#define ROW_CODE 256 /* getopt's codes: above all characters */

static void fill_getopt(options_sets sets, struct option *table)
{
    unsigned count = 0;

    for (unsigned i = 0; i < options_row_count; i++)
        if (options_rows[i].sets & sets)
            table[count++] =
                (struct option){options_rows[i].name,
                                options_rows[i].argument ? required_argument : no_argument,
                                NULL, (int)(ROW_CODE + i)};
    table[count] = (struct option){0};
}

/* getopt says only that it did not like a word: say what was wrong with it. */
static enum pz_err bad_option(const struct options *options, const char *word, int code,
                              struct problem *problem)
{
    const char *names[options_row_count], *nearest;
    char name[48], dashed[64], hint[NEAREST_HINT];
    unsigned count = 0;

    if (code == ':')
        return problem_set(problem, PZ_USAGE, "option '%.60s' needs a value", word);
    if (!strncmp(word, "--", 2) && strchr(word, '='))
        snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    else
        snprintf(name, sizeof name, "%s", word + strspn(word, "-"));
    for (unsigned i = 0; i < options_row_count; i++)
        if (options_rows[i].sets & options->sets)
            names[count++] = options_rows[i].name;
    for (unsigned i = 0; i < count; i++)
        if (!strcmp(names[i], name))
            return problem_set(problem, PZ_USAGE, "option '--%s' takes no value", name);
    nearest = nearest_name(name, names, count);
    snprintf(dashed, sizeof dashed, "--%s", nearest ? nearest : "");
    return problem_set(problem, PZ_USAGE, "no option '%.60s' here%s (--help lists them)", word,
                       nearest_hint(nearest ? dashed : NULL, hint));
}

static enum pz_err set(struct options *options, const struct option_row *row,
                       struct problem *problem)
{
    (void)options_add_word(&options->given, row->name);
    if (row->argument)
        (void)options_add_word(&options->given, optarg);
    return row->set(options, row, optarg, problem);
}

static enum pz_err read_words(struct options *options, int argc, char **argv,
                              struct problem *problem)
{
    const char *letters = options->sets & OPTIONS_DEBUG ? ":hx:"
                          : options->sets & (OPTIONS_GRADE | OPTIONS_IMAGE | OPTIONS_SAVE |
                                             OPTIONS_REPORT | OPTIONS_ASM)
                              ? ":ho:"
                              : ":h";
    struct option table[options_row_count + 1];
    int code;

    fill_getopt(options->sets, table);
    optind = 0; /* glibc: start anew, as tests do */
    opterr = 0;
    while ((code = getopt_long(argc, argv, letters, table, NULL)) != -1) {
        enum pz_err err = PZ_OK;

        if (code == '?' || code == ':')
            return bad_option(options, argv[optind - 1], code, problem);
        if (code == 'h')
            options->help = true;
        else if (code == 'o')
            options->output = optarg;
        else if (code == 'x')
            err = options_add_word(&options->scripts, optarg);
        else
            err = set(options, &options_rows[code - ROW_CODE], problem);
        if (err)
            return err;
    }
    while (optind < argc)
        (void)options_add_word(&options->kernels, argv[optind++]);
    return PZ_OK;
}

static bool make_room(struct options *options, int argc)
{
    struct words *const lists[] = {&options->inputs,  &options->appends, &options->kernels,
                                   &options->scripts, &options->symbols, &options->disks,
                                   &options->nets,    &options->initrds, &options->given};

    for (unsigned i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        lists[i]->at = calloc(2 * (size_t)argc + 1, sizeof *lists[i]->at);
        if (!lists[i]->at)
            return false;
    }
    return true;
}

enum pz_err options_parse(struct options *options, options_sets sets, int argc, char **argv,
                          struct problem *problem)
{
    memset(options, 0, sizeof *options);
    options->sets = sets;
    options->max_insns = UINT64_MAX;
    options->count = 16;
    options->profile_interval = OPTIONS_PROFILE_DEFAULT;
    options->only_vm = OPTIONS_ANY_VM;
    options->to = UINT64_MAX;
    options->seed = 1;
    options->trials = TRIALS_DEFAULT;
    if (!make_room(options, argc))
        return problem_memory(problem, "the command line");
    return read_words(options, argc, argv, problem);
}

void options_free(struct options *options)
{
    free(options->inputs.at);
    free(options->appends.at);
    free(options->kernels.at);
    free(options->scripts.at);
    free(options->symbols.at);
    free(options->disks.at);
    free(options->nets.at);
    free(options->initrds.at);
    free(options->given.at);
}

bool options_takes_value(const char *name, options_sets sets)
{
    for (unsigned i = 0; i < options_row_count; i++)
        if ((options_rows[i].sets & sets) && !strcmp(options_rows[i].name, name))
            return options_rows[i].argument != NULL;
    return false;
}

/* What an option means stands beside it; below it, where there is no room. */
static void help_row(FILE *out, const struct option_row *row, unsigned width)
{
    char left[48];
    int used = snprintf(left, sizeof left, "  --%s%s%s", row->name, row->argument ? " " : "",
                        row->argument ? row->argument : "");
    bool beside = width >= HELP_BESIDE && used < (int)HELP_INDENT - 1;
    unsigned indent = width >= HELP_BESIDE ? HELP_INDENT : HELP_INDENT_NARROW;

    if (beside)
        fprintf(out, "%-*s", (int)HELP_INDENT, left);
    else
        fprintf(out, "%s\n", left);
    text_wrap(out, row->help, beside ? indent : 0, indent, width);
}

void options_help(FILE *out, options_sets sets, unsigned width)
{
    for (unsigned i = 0; i < options_row_count; i++)
        if (options_rows[i].sets & sets)
            help_row(out, &options_rows[i], width);
}

bool options_entry(unsigned k, options_sets sets, struct options_entry *entry)
{
    for (unsigned i = 0; i < options_row_count; i++)
        if ((options_rows[i].sets & sets) && k-- == 0) {
            *entry = (struct options_entry){options_rows[i].name, options_rows[i].argument,
                                            options_rows[i].help};
            return true;
        }
    return false;
}

const char *options_word(const struct words *words, unsigned k, const char *otherwise)
{
    if (words->count == 1)
        return words->at[0];
    return k < words->count ? words->at[k] : otherwise;
}

bool options_has_net(const struct options *options, unsigned vm)
{
    return options->nets.count == 1 || options->vms <= 1 ? options->nets.count != 0
                                                         : vm < options->nets.count;
}
