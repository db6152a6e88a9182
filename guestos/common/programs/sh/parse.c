/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * parse.c - the shell's grammar.
 *
 *   line     = job { (";" | "&") job }
 *   job      = command { "|" command }
 *   command  = { word | "<" word | ">" word | ">>" word }
 *
 * A word may be quoted by '...' or "...", a character by \. # starts a comment.
 */
#include "sh.h"

static const char operators[] = "|;&<>";

void parse_start(struct parser *p, const char *line)
{
    p->at = line;
    p->used = 0;
}

/* A newline separates jobs as ; does. */
static void skip_blanks(struct parser *p)
{
    while (*p->at == ' ' || *p->at == '\t')
        p->at++;
    if (*p->at == '#')
        while (*p->at && *p->at != '\n')
            p->at++;
}

static bool at_end_of_job(const struct parser *p)
{
    return !*p->at || *p->at == ';' || *p->at == '&' || *p->at == '\n';
}

static bool is_word_char(char c)
{
    return c && c != ' ' && c != '\t' && c != '\n' && !strchr(operators, c);
}

static bool complain(const char *what)
{
    dprintf(2, "sh: %s\n", what);
    return false;
}

static bool keep_char(struct parser *p, char c)
{
    if (p->used == sizeof(p->words))
        return complain("line too long");
    p->words[p->used++] = c;
    return true;
}

/* p->at is after the opening quote. */
static bool quoted_part(struct parser *p, char quote)
{
    while (*p->at && *p->at != quote)
        if (!keep_char(p, *p->at++))
            return false;
    if (*p->at++ != quote) {
        p->at--;
        return complain("a quote is not closed");
    }
    return true;
}

/* The word that starts here; NULL after an error, or if there is none. */
static char *parse_word(struct parser *p)
{
    char *word = p->words + p->used;
    const char *start = p->at;
    bool good = true;

    while (good && is_word_char(*p->at)) {
        char c = *p->at++;

        if (c == '\'' || c == '"')
            good = quoted_part(p, c);
        else if (c == '\\' && *p->at)
            good = keep_char(p, *p->at++);
        else
            good = keep_char(p, c);
    }
    if (p->at == start)
        complain("a name is missing");
    return p->at != start && good && keep_char(p, '\0') ? word : NULL;
}

static bool parse_redirection(struct parser *p, struct command *c)
{
    bool output = *p->at++ == '>';
    bool append = output && *p->at == '>';
    char *word;

    p->at += append;
    skip_blanks(p);
    word = parse_word(p);
    if (output) {
        c->output = word;
        c->append = append;
    } else {
        c->input = word;
    }
    return word != NULL;
}

static bool parse_argument(struct parser *p, struct command *c)
{
    if (c->argc == MAX_ARGS)
        return complain("too many arguments");
    c->argv[c->argc] = parse_word(p);
    return c->argv[c->argc++] != NULL;
}

static bool parse_command(struct parser *p, struct command *c)
{
    *c = (struct command){0};
    for (skip_blanks(p); !at_end_of_job(p) && *p->at != '|'; skip_blanks(p)) {
        bool good =
            *p->at == '<' || *p->at == '>' ? parse_redirection(p, c) : parse_argument(p, c);

        if (!good)
            return false;
    }
    c->argv[c->argc] = NULL;
    return c->argc > 0 || complain("a command is missing");
}

static bool parse_pipeline(struct parser *p, struct job *job)
{
    for (job->stages = 0; job->stages < MAX_STAGES;) {
        if (!parse_command(p, &job->stage[job->stages++]))
            return false;
        if (*p->at != '|')
            return true;
        p->at++;
    }
    return complain("too many pipes");
}

static void skip_separators(struct parser *p)
{
    for (skip_blanks(p); *p->at == ';' || *p->at == '\n'; skip_blanks(p))
        p->at++;
}

bool parse_job(struct parser *p, struct job *job, bool *error)
{
    *error = false;
    skip_separators(p);
    if (!*p->at)
        return false;
    if (!parse_pipeline(p, job)) {
        *error = true;
        return false;
    }
    job->background = *p->at == '&';
    if (*p->at)
        p->at++;
    return true;
}
