/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help.c - help for people at a terminal. manual.c makes manual pages, completion.c completion. */
#include "tools/help.h"

#include <unistd.h>

#include "tools/base/base.h"
#include "tools/completion.h"
#include "tools/exit.h"
#include "tools/manual.h"

#define HELP_WIDTH 96u /* columns, on a wider terminal and on none */

static unsigned help_width(void)
{
    unsigned width = terminal_width(STDOUT_FILENO);

    return width && width < HELP_WIDTH ? width : HELP_WIDTH;
}

static void print_exit_codes(FILE *out)
{
    fputs("Exit codes:\n", out);
    for (unsigned i = 0; i < exit_count; i++) {
        fprintf(out, "  %u  ", i);
        text_wrap(out, exit_texts[i], 5, 5, help_width());
    }
}

void help_overview(FILE *out)
{
    fputs("pz: a virtual machine monitor that gives every guest its own page 0\n\n"
          "Usage: pz COMMAND [options]\n\nCommands:\n",
          out);
    for (unsigned i = 0; i < command_count; i++) {
        fprintf(out, "  %-9s ", command_table[i].name);
        text_wrap(out, command_table[i].summary, 12, 12, help_width());
    }
    fputs("\nExamples:\n"
          "  pz run                   two guests, each convinced that it owns the machine\n"
          "  pz map                   who has page 0\n"
          "  pz help run              a command's options\n\n",
          out);
    print_exit_codes(out);
}

void help_print(FILE *out, const struct command *command)
{
    unsigned width = help_width();

    fprintf(out, "pz %s: %s\n\nUsage: pz %s %s\n\n", command->name, command->summary,
            command->name, command->usage);
    text_wrap(out, command->about, 0, 0, width);
    fputs("\nOptions:\n", out);
    options_help(out, command->sets, width);
    fprintf(out, "\nExamples:\n%s\n", command->examples);
    print_exit_codes(out);
}

enum pz_err help_command(const struct options *options, struct problem *problem)
{
    const struct command *command = NULL;

    if (options->completion)
        return completion_print(stdout, options->completion, problem);
    if (options->kernels.count) {
        command = command_find(options->kernels.at[0], problem);
        if (!command)
            return PZ_USAGE;
    }
    if (options->man)
        manual_print(stdout, command, options->date);
    else if (command)
        help_print(stdout, command);
    else
        help_overview(stdout);
    return PZ_OK;
}
