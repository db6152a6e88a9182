/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * completion.c - one writer for each shell. Which words an option's value can be is asked of those
 * who read it; where nobody knows, a value called FILE or DIR is one, and others are left alone.
 */
#include "tools/completion.h"

#include <string.h>

#include "tools/base/base.h"
#include "tools/grade/grade.h"

/* The k-th word; NULL: there are not so many. */
typedef const char *word_at(unsigned k);

static const char *engine_word(unsigned k)
{
    return k < engines_count ? engines_all[k].name : NULL;
}

static const char *shadow_word(unsigned k)
{
    return k < SHADOW_POLICIES ? options_shadow_name(k) : NULL;
}

static const char *monitor_word(unsigned k)
{
    return k < VM_MONITORS ? monitor_desc((enum vm_monitor)k)->name : NULL;
}

static const char *color_word(unsigned k)
{
    return k <= COLOR_NEVER ? options_color_name(k) : NULL;
}

static const char *unit_word(unsigned k)
{
    return k <= PROFILE_NS ? options_unit_name(k) : NULL;
}

static const char *mode_word(unsigned k)
{
    return k <= CLASSIFY_MODE_ASSIST ? options_mode_name(k) : NULL;
}

static const char *variant_word(unsigned k)
{
    return k < VARIANT_COUNT ? variant_desc((enum variant_id)k)->name : NULL;
}

static const char *format_word(unsigned k)
{
    return k < grade_format_count ? grade_format_names[k] : NULL;
}

static const char *const shells[] = {"bash", "zsh", "fish"};
enum { BASH, ZSH, FISH, SHELLS };

static const char *shell_word(unsigned k)
{
    return k < SHELLS ? shells[k] : NULL;
}

static const struct {
    const char *option;
    word_at *word;
} values[] = {
    {"engine", engine_word},    {"engines", engine_word},    {"shadow", shadow_word},
    {"policies", shadow_word},  {"monitor", monitor_word},   {"color", color_word},
    {"format", format_word},    {"profile-unit", unit_word}, {"variant", variant_word},
    {"completion", shell_word}, {"mode", mode_word}};

static word_at *words_of(const struct options_entry *entry)
{
    for (unsigned i = 0; i < sizeof values / sizeof values[0]; i++)
        if (!strcmp(values[i].option, entry->name))
            return values[i].word;
    return NULL;
}

static void put_words(FILE *out, word_at *word)
{
    for (unsigned k = 0; word(k); k++)
        fprintf(out, "%s%s", k ? " " : "", word(k));
}

static bool takes(const struct options_entry *entry, const char *what)
{
    return entry->argument && !words_of(entry) && !strcmp(entry->argument, what);
}

static bool takes_commands(const struct command *command)
{
    return strstr(command->usage, "COMMAND");
}

static bool takes_files(const struct command *command)
{
    return strstr(command->usage, "KERNEL") || strstr(command->usage, "FILE");
}

static void put_commands(FILE *out)
{
    for (unsigned i = 0; i < command_count; i++)
        fprintf(out, "%s%s", i ? " " : "", command_table[i].name);
}

/* Inside single quotes: what would end them, or is special there, is left out or escaped. */
static void put_quoted(FILE *out, const char *text, const char *special, const char *quote)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs(quote, out);
        else if (strchr(special, *text))
            fprintf(out, "\\%c", *text);
        else
            fputc(*text, out);
    }
}

/* ---- bash ---- */

/* What is common to all commands: an option of one name takes the same in all of them. */
static void bash_values(FILE *out)
{
    struct options_entry entry;

    fputs("    case $previous in\n", out);
    for (unsigned k = 0; options_entry(k, ~0u, &entry); k++) {
        word_at *word = words_of(&entry);

        if (!entry.argument)
            continue;
        fprintf(out, "    --%s)\n", entry.name);
        if (word) {
            fputs("        _pz_words \"", out);
            put_words(out, word);
            fputs("\"\n", out);
        } else if (takes(&entry, "FILE")) {
            fputs("        _pz_files -f\n", out);
        } else if (takes(&entry, "DIR")) {
            fputs("        _pz_files -d\n", out);
        }
        fputs("        return\n        ;;\n", out);
    }
    fputs("    esac\n", out);
}

static void bash_command(FILE *out, const struct command *command)
{
    struct options_entry entry;

    fprintf(out, "    %s)\n        options=\"", command->name);
    for (unsigned k = 0; options_entry(k, command->sets, &entry); k++)
        fprintf(out, "%s--%s", k ? " " : "", entry.name);
    fputs("\"\n", out);
    if (takes_commands(command))
        fputs("        others=\"$commands\"\n", out);
    if (takes_files(command))
        fputs("        files=yes\n", out);
    fputs("        ;;\n", out);
}

static void bash_print(FILE *out)
{
    fputs("# bash completion for pz; made by: pz help --completion bash\n"
          "# The last of a list a,b,c is completed.\n"
          "_pz_words() {\n"
          "    local before=\n"
          "    [[ $word != *,* ]] || before=${word%,*},\n"
          "    mapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$1\" -- \"${word##*,}\")\n"
          "}\n"
          "_pz_files() {\n"
          "    compopt -o filenames 2>/dev/null\n"
          "    mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$word\")\n"
          "}\n"
          "_pz() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local options= others= files= commands=\"",
          out);
    put_commands(out);
    fputs("\"\n"
          "    COMPREPLY=()\n"
          "    # --option=value comes in three words.\n"
          "    [[ $word != = ]] || word=\n"
          "    [[ $previous != = ]] || previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
          "    if ((COMP_CWORD == 1)); then\n"
          "        _pz_words \"$commands --help --version\"\n"
          "        return\n"
          "    fi\n",
          out);
    bash_values(out);
    fputs("    case ${COMP_WORDS[1]} in\n", out);
    for (unsigned i = 0; i < command_count; i++)
        bash_command(out, &command_table[i]);
    fputs("    esac\n"
          "    if [[ $word == -* ]]; then\n"
          "        _pz_words \"$options\"\n"
          "    elif [[ -n $others ]]; then\n"
          "        _pz_words \"$others\"\n"
          "    elif [[ -n $files ]]; then\n"
          "        _pz_files -f\n"
          "    fi\n"
          "}\n"
          "complete -F _pz pz\n",
          out);
}

/* ---- zsh ---- */

static void zsh_option(FILE *out, const struct options_entry *entry)
{
    word_at *word = words_of(entry);

    fprintf(out, "            '*--%s[", entry->name);
    put_quoted(out, entry->help, "[]:\\", "'\\''");
    fputc(']', out);
    if (entry->argument) {
        fputc(':', out);
        put_quoted(out, entry->argument, "[]:\\", "'\\''");
        fputc(':', out);
    }
    if (word) {
        fputc('(', out);
        put_words(out, word);
        fputc(')', out);
    } else if (takes(entry, "FILE")) {
        fputs("_files", out);
    } else if (takes(entry, "DIR")) {
        fputs("_files -/", out);
    }
    fputs("' \\\n", out);
}

static void zsh_commands(FILE *out)
{
    fputs("            '1:command:(", out);
    put_commands(out);
    fputs(")'\n        ;;\n", out);
}

static void zsh_command(FILE *out, const struct command *command)
{
    struct options_entry entry;

    fprintf(out, "    %s)\n        _arguments \\\n", command->name);
    for (unsigned k = 0; options_entry(k, command->sets, &entry); k++)
        zsh_option(out, &entry);
    if (takes_commands(command))
        zsh_commands(out);
    else
        fprintf(out, "            '*:file:%s'\n        ;;\n",
                takes_files(command) ? "_files" : "");
}

static void zsh_print(FILE *out)
{
    fputs("#compdef pz\n# zsh completion for pz; made by: pz help --completion zsh\n"
          "_pz() {\n    local -a commands\n    commands=(\n",
          out);
    for (unsigned i = 0; i < command_count; i++) {
        fprintf(out, "        '%s:", command_table[i].name);
        put_quoted(out, command_table[i].summary, ":\\", "'\\''");
        fputs("'\n", out);
    }
    fputs("    )\n"
          "    if ((CURRENT == 2)); then\n        _describe command commands\n"
          "        return\n    fi\n"
          "    local command=$words[2]\n    shift words\n    ((CURRENT--))\n"
          "    case $command in\n",
          out);
    for (unsigned i = 0; i < command_count; i++)
        zsh_command(out, &command_table[i]);
    fputs("    esac\n}\n"
          "if [[ $funcstack[1] == _pz ]]; then\n    _pz \"$@\"\nelse\n    compdef _pz pz\nfi\n",
          out);
}

/* ---- fish ---- */

static void fish_option(FILE *out, const struct command *command,
                        const struct options_entry *entry)
{
    word_at *word = words_of(entry);

    fprintf(out, "complete -c pz -n '__fish_seen_subcommand_from %s' -l %s", command->name,
            entry->name);
    if (word) {
        fputs(" -x -a '", out);
        put_words(out, word);
        fputc('\'', out);
    } else if (takes(entry, "FILE")) {
        fputs(" -r -F", out);
    } else if (takes(entry, "DIR")) {
        fputs(" -x -a '(__fish_complete_directories)'", out);
    } else if (entry->argument) {
        fputs(" -x", out);
    }
    fputs(" -d '", out);
    put_quoted(out, entry->help, "\\", "\\'");
    fputs("'\n", out);
}

static void fish_command(FILE *out, const struct command *command)
{
    struct options_entry entry;

    fprintf(out, "complete -c pz -n __fish_use_subcommand -a %s -d '", command->name);
    put_quoted(out, command->summary, "\\", "\\'");
    fputs("'\n", out);
    for (unsigned k = 0; options_entry(k, command->sets, &entry); k++)
        fish_option(out, command, &entry);
    if (takes_files(command))
        fprintf(out, "complete -c pz -n '__fish_seen_subcommand_from %s' -F\n", command->name);
    if (takes_commands(command)) {
        fprintf(out, "complete -c pz -n '__fish_seen_subcommand_from %s' -a '", command->name);
        put_commands(out);
        fputs("'\n", out);
    }
}

static void fish_print(FILE *out)
{
    fputs("# fish completion for pz; made by: pz help --completion fish\ncomplete -c pz -f\n",
          out);
    for (unsigned i = 0; i < command_count; i++)
        fish_command(out, &command_table[i]);
}

enum pz_err completion_print(FILE *out, const char *shell, struct problem *problem)
{
    static void (*const writers[])(FILE *) = {
        [BASH] = bash_print, [ZSH] = zsh_print, [FISH] = fish_print};
    unsigned chosen;
    enum pz_err err = parse_choice("--completion", shell, shells, SHELLS, &chosen, problem);

    if (!err)
        writers[chosen](out);
    return err;
}
