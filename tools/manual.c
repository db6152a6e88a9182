/* SPDX-License-Identifier: GPL-2.0-or-later */
/* manual.c - writes man(7). What the pages say is the tables'. */
#include "tools/manual.h"

#include <ctype.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/exit.h"

static const struct {
    const char *name, *what;
} environment[] = {
    {"PZ_GUESTS", "the directory of the bundled guests, instead of the one beside the program"},
    {"PZ_HOME", "the directory with exercises, headers and the guests' sources, instead of the "
                "one beside the program"},
    {"NO_COLOR", "if set and not empty: no colours"},
    {"CC", "the compiler of pz grade for parts of the monitor (default: cc)"},
};

/* One character, so that roff takes it for what it is. */
static void put(FILE *out, char c)
{
    if (c == '\\')
        fputs("\\e", out);
    else if (c == '-')
        fputs("\\-", out);
    else if (c == '\'')
        fputs("\\(aq", out);
    else if (c == '^')
        fputs("\\(ha", out);
    else if (c == '`')
        fputs("\\(ga", out);
    else if (c == '~')
        fputs("\\(ti", out);
    else
        fputc(c, out);
}

/* Text whose lines must not begin as a request does. Ends with a newline. */
static void put_text(FILE *out, const char *text)
{
    bool begins = true;

    for (; *text; text++) {
        if (begins && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        put(out, *text);
        begins = *text == '\n';
    }
    if (!begins)
        fputc('\n', out);
}

static void put_upper(FILE *out, const char *text)
{
    while (*text)
        put(out, (char)toupper((unsigned char)*text++));
}

static void put_title(FILE *out, const struct command *command, const char *date)
{
    fputs(".TH PZ", out);
    if (command) {
        fputs("\\-", out);
        put_upper(out, command->name);
    }
    fprintf(out, " 1 \"%s\" \"Page Zero %s\" \"Page Zero\"\n", date, PZ_VERSION);
}

static void put_options(FILE *out, const struct command *command)
{
    struct options_entry entry;

    fputs(".SH OPTIONS\n", out);
    for (unsigned k = 0; options_entry(k, command->sets, &entry); k++) {
        fputs(".TP\n\\fB\\-\\-", out);
        for (const char *c = entry.name; *c; c++)
            put(out, *c);
        fputs("\\fR", out);
        if (entry.argument)
            fprintf(out, " \\fI%s\\fR", entry.argument);
        fputc('\n', out);
        put_text(out, entry.help);
    }
}

static void put_examples(FILE *out, const char *examples)
{
    fputs(".SH EXAMPLES\n.nf\n", out);
    put_text(out, examples);
    fputs(".fi\n", out);
}

static void put_exit_codes(FILE *out)
{
    fputs(".SH EXIT STATUS\n", out);
    for (unsigned i = 0; i < exit_count; i++) {
        fprintf(out, ".TP\n\\fB%u\\fR\n", i);
        put_text(out, exit_texts[i]);
    }
}

static void put_environment(FILE *out)
{
    fputs(".SH ENVIRONMENT\n", out);
    for (unsigned i = 0; i < sizeof environment / sizeof environment[0]; i++) {
        fprintf(out, ".TP\n\\fB%s\\fR\n", environment[i].name);
        put_text(out, environment[i].what);
    }
}

static void put_command(FILE *out, const struct command *command)
{
    fprintf(out, ".SH NAME\npz\\-%s \\- ", command->name);
    put_text(out, command->summary);
    fprintf(out, ".SH SYNOPSIS\n\\fBpz %s\\fR ", command->name);
    put_text(out, command->usage);
    fputs(".SH DESCRIPTION\n", out);
    put_text(out, command->about);
    put_options(out, command);
    put_exit_codes(out);
    put_environment(out);
    put_examples(out, command->examples);
    fputs(".SH SEE ALSO\n.BR pz (1)\n", out);
}

static void put_commands(FILE *out)
{
    fputs(".SH COMMANDS\n", out);
    for (unsigned i = 0; i < command_count; i++) {
        fprintf(out, ".TP\n\\fBpz %s\\fR\n", command_table[i].name);
        put_text(out, command_table[i].summary);
    }
}

static void put_overview(FILE *out)
{
    fputs(
        ".SH NAME\npz \\- virtual machine monitor that gives every guest its own page 0\n"
        ".SH SYNOPSIS\n\\fBpz\\fR \\fICOMMAND\\fR [options]\n"
        ".SH DESCRIPTION\n"
        "Page Zero runs unmodified kernels for PZ32, a strict subset of 32\\-bit RISC\\-V, "
        "deprivileged:\nit emulates every privileged instruction that traps, and keeps shadow "
        "page tables.\nEach command has a page of its own, such as\n.BR pz\\-run (1).\n",
        out);
    put_commands(out);
    put_exit_codes(out);
    put_environment(out);
    put_examples(out,
                 "pz run                   two guests, each sure that it owns the computer\n"
                 "pz map                   who has page 0\n"
                 "pz help run              a command's options\n");
    fputs(".SH SEE ALSO\n", out);
    for (unsigned i = 0; i < command_count; i++)
        fprintf(out, ".BR pz\\-%s (1)%s\n", command_table[i].name,
                i + 1 < command_count ? "," : "");
}

void manual_print(FILE *out, const struct command *command, const char *date)
{
    put_title(out, command, date);
    if (command)
        put_command(out, command);
    else
        put_overview(out);
}
