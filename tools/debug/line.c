/* SPDX-License-Identifier: GPL-2.0-or-later */
/* line.c - reads commands, with libedit if it is available. */
#include "tools/debug/line.h"

#include <stdlib.h>
#include <string.h>

#include "tools/debug/commands.h"
#include "tools/debug/words.h"

char *debug_line_read(FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t len = getline(&line, &room, file);

    if (len < 0) {
        free(line);
        return NULL;
    }
    while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        line[--len] = 0;
    return line;
}

const char *debug_line_repeat(const char *line, char *last, size_t size)
{
    static const char *const going_on[] = {"s",    "step", "t",    "trap", "i",
                                           "into", "b",    "back", "x",    "dis"};
    const char *at = line;
    char name[DEBUG_WORD];

    if (!debug_words_left(&at))
        return last;
    last[0] = 0;
    (void)debug_words_next(&at, name);
    name[strcspn(name, "/")] = 0;
    for (unsigned i = 0; i < sizeof going_on / sizeof going_on[0]; i++)
        if (!strcmp(name, going_on[i]))
            (void)!snprintf(last, size, "%s", line);
    /* `x` continues where the last one ended. */
    if (!strcmp(name, "x"))
        (void)!snprintf(last, size, "x");
    return line;
}

#if PZ_HAVE_EDITLINE

#include <editline/readline.h>

/* libedit's callbacks get no owner pointer. */
static const struct debug *completing;

static char *next_name(const char *word, int state)
{
    static unsigned k;
    const char *name;

    if (!state)
        k = 0;
    name = debug_completion(completing, rl_line_buffer, word, k++);
    return name ? strdup(name) : NULL;
}

/* Where the word begins decides whether commands or names are offered. */
static char **complete(const char *word, int start, int end)
{
    (void)start, (void)end;
    rl_attempted_completion_over = 1;
    return rl_completion_matches(word, next_name);
}

void debug_line_open(struct debug *debug)
{
    completing = debug;
    rl_readline_name = "pz";
    rl_initialize();
    using_history();
    rl_attempted_completion_function = complete;
}

char *debug_line_ask(struct debug *debug)
{
    char prompt[DEBUG_PROMPT], *line;

    debug_prompt(debug, prompt);
    line = readline(prompt);
    if (line && *line)
        add_history(line);
    return line;
}

#else

void debug_line_open(struct debug *debug)
{
    (void)debug;
}

char *debug_line_ask(struct debug *debug)
{
    char prompt[DEBUG_PROMPT];

    debug_prompt(debug, prompt);
    fputs(prompt, stdout);
    fflush(stdout);
    return debug_line_read(stdin);
}

#endif
