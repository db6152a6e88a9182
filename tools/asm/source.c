/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.c - the part of the C preprocessor that guests use: comments, #include, #define with and
 * without parameters, #undef, #ifdef, #ifndef, #else, #endif. Each line then goes to the assembler.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/asm/state.h"

#define ARGUMENTS_MOST 32

/* ---- Text that grows ---- */

struct text {
    char *bytes;
    size_t len, room;
};

static bool put(struct assembly *a, struct text *text, const char *bytes, size_t len)
{
    if (text->len + len + 1 > text->room) {
        size_t room = 2 * (text->len + len) + 64;
        char *grown = room > ASM_LINE_MOST * 4 ? NULL : asm_take(a, room);

        if (!grown)
            return asm_wrong(a, "the line is too long");
        if (text->len)
            memcpy(grown, text->bytes, text->len);
        text->bytes = grown;
        text->room = room;
    }
    memcpy(text->bytes + text->len, bytes, len);
    text->len += len;
    text->bytes[text->len] = '\0';
    return true;
}

/* ---- Expanding ---- */

static struct asm_define *find(const struct assembly *a, const char *name, size_t len)
{
    for (struct asm_define *define = a->defines; define; define = define->next)
        if (!strncmp(define->name, name, len) && !define->name[len])
            return define;
    return NULL;
}

static size_t identifier(const char *text)
{
    size_t len = 0;

    while (isalnum((unsigned char)text[len]) || text[len] == '_')
        len++;
    return len;
}

/* The arguments in parentheses; `*at` is then behind them. -1: there are none, or too many. */
static int arguments_of(struct assembly *a, const char **at, char *arguments[ARGUMENTS_MOST],
                        int most)
{
    const char *from = asm_blank(*at), *here;
    int count = 0, depth = 0;

    if (*from++ != '(')
        return -1;
    for (here = from; *here; here++) {
        if (*here == '"' || *here == '\'') {
            here = asm_quoted(here) - 1;
            continue;
        }
        depth += *here == '(';
        if (depth == 0 && (*here == ')' || (*here == ',' && count + 1 < most))) {
            from = asm_blank(from);
            arguments[count++] = asm_copy(a, from, here > from ? (size_t)(here - from) : 0);
            from = here + 1;
            if (*here == ')') {
                *at = from;
                return a->over ? -1 : count;
            }
            continue;
        }
        depth -= *here == ')';
    }
    return -1;
}

/* The number of a parameter, from 0; -1: it is none. */
static int parameter(const struct asm_define *define, const char *name, size_t len)
{
    const char *at = define->parameters;

    for (int i = 0; at && *at; i++) {
        size_t here = strcspn(at, ",");

        if ((here == len && !strncmp(at, name, len)) ||
            (!strncmp(at, "...", 3) && len == 11 && !strncmp(name, "__VA_ARGS__", len)))
            return i;
        at += here + (at[here] == ',');
    }
    return -1;
}

static int parameter_count(const struct asm_define *define)
{
    int count = define->parameters[0] != '\0';

    for (const char *at = define->parameters; *at; at++)
        count += *at == ',';
    return count;
}

/* A macro's body with its arguments in it, which have been expanded. */
static char *substitute(struct assembly *a, const struct asm_define *define, char *arguments[],
                        int count)
{
    struct text text = {NULL, 0, 0};
    const char *at = define->body;

    (void)put(a, &text, "", 0);
    while (*at && !a->over) {
        size_t len = identifier(at);
        int i = len ? parameter(define, at, len) : -1;

        if (i >= 0)
            (void)put(a, &text, i < count ? arguments[i] : "",
                      i < count ? strlen(arguments[i]) : 0);
        else
            (void)put(a, &text, at, len ? len : 1);
        at += len ? len : 1;
    }
    return text.bytes;
}

/* A macro's use: what it becomes, and `*at` behind it. NULL: it is none after all. */
static char *use(struct assembly *a, struct asm_define *define, const char **at, unsigned depth)
{
    char *arguments[ARGUMENTS_MOST], *body, *whole;
    const char *end = *at;
    int count = 0;

    if (define->parameters) {
        int wanted = parameter_count(define);

        count = arguments_of(a, &end, arguments,
                             strstr(define->parameters, "...") ? wanted : ARGUMENTS_MOST);
        if (count < 0)
            return NULL;
        for (int i = 0; i < count; i++)
            if (!(arguments[i] = asm_expand(a, arguments[i], depth + 1)))
                return NULL;
    }
    body = define->parameters ? substitute(a, define, arguments, count)
                              : asm_copy(a, define->body, strlen(define->body));
    if (!body)
        return NULL;
    define->busy = true;
    whole = asm_expand(a, body, depth + 1);
    define->busy = false;
    *at = end;
    return whole;
}

/* One piece of a line that is no macro: as it is. Its length. */
static size_t plain(const char *at, size_t len)
{
    if (*at == '"' || *at == '\'')
        return (size_t)(asm_quoted(at) - at);
    return len ? len : 1;
}

char *asm_expand(struct assembly *a, const char *line, unsigned depth)
{
    struct text text = {NULL, 0, 0};
    const char *at = line;
    char number[16], *expanded;

    if (depth > ASM_NESTING_MOST) {
        asm_wrong(a, "macros are nested too deep");
        return NULL;
    }
    (void)put(a, &text, "", 0);
    while (*at && !a->over) {
        size_t len = identifier(at);
        struct asm_define *define =
            len && !isdigit((unsigned char)*at) ? find(a, at, len) : NULL;
        const char *behind = at + len;

        if (len == 8 && !strncmp(at, "__LINE__", len)) {
            (void)!snprintf(number, sizeof number, "%u", a->place.line);
            (void)put(a, &text, number, strlen(number));
            at = behind;
        } else if (define && !define->busy && (expanded = use(a, define, &behind, depth))) {
            (void)put(a, &text, expanded, strlen(expanded));
            at = behind;
        } else {
            len = plain(at, len);
            (void)put(a, &text, at, len);
            at += len;
        }
    }
    return a->over ? NULL : text.bytes;
}

/* ---- Directives ---- */

static void define(struct assembly *a, const char *text)
{
    size_t len = identifier(text);
    struct asm_define *made = asm_take(a, sizeof *made);
    const char *at = text + len;
    size_t end;

    if (!made)
        return;
    if (!len) {
        asm_wrong(a, "#define: a name is missing");
        return;
    }
    made->name = asm_copy(a, text, len);
    if (*at == '(') {
        char *to = asm_copy(a, at, strlen(at));

        made->parameters = to;
        for (at++; *at && *at != ')'; at++)
            if (to && !isspace((unsigned char)*at))
                *to++ = *at;
        if (to)
            *to = '\0';
        at += *at == ')';
    }
    at = asm_blank(at);
    for (end = strlen(at); end && isspace((unsigned char)at[end - 1]);)
        end--;
    made->body = asm_copy(a, at, end);
    made->next = a->defines;
    if (!a->over)
        a->defines = made;
}

static void undefine(struct assembly *a, const char *name)
{
    struct asm_define **at = &a->defines;
    size_t len = identifier(name);

    while (*at)
        if (!strncmp((*at)->name, name, len) && !(*at)->name[len])
            *at = (*at)->next;
        else
            at = &(*at)->next;
}

static void include(struct assembly *a, const char *text)
{
    const char *end = *text == '"' ? strchr(text + 1, '"') : NULL;
    char name[ASM_NAME * 2], *bytes;
    struct asm_place place = a->place;

    if (!end || (size_t)(end - text) > sizeof name) {
        asm_wrong(a, "#include \"FILE\" is wanted");
        return;
    }
    (void)!snprintf(name, sizeof name, "%.*s", (int)(end - text - 1), text + 1);
    if (a->nesting == ASM_NESTING_MOST) {
        asm_wrong(a, "files include each other too deep");
        return;
    }
    bytes = a->input->include ? a->input->include(a->input->owner, name) : NULL;
    if (!bytes) {
        asm_wrong(a, "%.80s: there is no such file", name);
        return;
    }
    a->nesting++;
    asm_source(a, name, bytes);
    a->nesting--;
    free(bytes);
    a->place = place;
}

/* The conditions of one file. */
struct conditions {
    unsigned depth,
        off; /* `off`: so many are open since the one that does not hold; 0: all do */
};

static bool begins(const char **at, const char *word)
{
    size_t len = strlen(word);

    if (strncmp(*at, word, len) || isalnum((unsigned char)(*at)[len]))
        return false;
    *at = asm_blank(*at + len);
    return true;
}

static void conditional(struct assembly *a, struct conditions *c, const char *at, bool wanted)
{
    c->depth++;
    if (c->off)
        c->off++;
    else if ((find(a, at, identifier(at)) != NULL) != wanted)
        c->off = 1;
}

/* As in C's preprocessor for assembly, `# words` is a comment, unless it could be a directive. */
static bool is_comment(const char *at)
{
    return at[-1] != '#' && !begins(&at, "if") && !begins(&at, "elif") && !begins(&at, "error");
}

static void directive(struct assembly *a, struct conditions *c, const char *at)
{
    if (begins(&at, "ifdef")) {
        conditional(a, c, at, true);
    } else if (begins(&at, "ifndef")) {
        conditional(a, c, at, false);
    } else if (begins(&at, "else") && c->depth) {
        c->off = c->off == 1 ? 0 : c->off ? c->off : 1;
    } else if (begins(&at, "endif") && c->depth) {
        c->depth--;
        c->off -= c->off > 0;
    } else if (!c->off) {
        if (begins(&at, "define"))
            define(a, at);
        else if (begins(&at, "undef"))
            undefine(a, at);
        else if (begins(&at, "include"))
            include(a, at);
        else if (*at && !is_comment(at))
            asm_wrong(a, "#%.20s: not known here", at);
    }
}

/* ---- Lines ---- */

/* A line that a backslash continues is one; comments become blanks. Returns what follows. */
static const char *next_line(const char *at, char *line, size_t room, unsigned *lines,
                             bool *fits)
{
    size_t len = 0;

    *lines = 1;
    *fits = true;
    while (*at && *at != '\n') {
        if (at[0] == '\\' && (at[1] == '\n' || (at[1] == '\r' && at[2] == '\n'))) {
            at += at[1] == '\n' ? 2 : 3;
            ++*lines;
            continue;
        }
        if (at[0] == '/' && at[1] == '/') {
            at += strcspn(at, "\n");
            continue;
        }
        if (at[0] == '/' && at[1] == '*') {
            const char *end = strstr(at + 2, "*/"), *stop = end ? end + 2 : at + strlen(at);

            for (; at < stop; at++)
                *lines += *at == '\n';
            line[len < room ? len++ : len - 1] = ' ';
            continue;
        }
        {
            const char *stop = *at == '"' || *at == '\'' ? asm_quoted(at) : at + 1;

            for (; at < stop && *at != '\n' && *at; at++)
                if (len < room)
                    line[len++] = *at;
        }
        *fits = *fits && len < room;
    }
    line[len] = '\0';
    return *at ? at + 1 : at;
}

void asm_source(struct assembly *a, const char *name, const char *text)
{
    char *line = malloc(ASM_LINE_MOST + 1), *expanded;
    const char *file = asm_copy(a, name, strlen(name));
    struct conditions conditions = {0, 0};
    unsigned number = 1, lines;

    if (!line)
        a->no_memory = a->over = true;
    for (const char *at = text; *at && !a->over; number += lines) {
        const char *first;
        bool fits;

        at = next_line(at, line, ASM_LINE_MOST, &lines, &fits);
        first = asm_blank(line);
        a->place = (struct asm_place){file, number, (unsigned)(first - line) + 1};
        if (!fits)
            asm_wrong(a, "the line is too long");
        else if (*first == '#')
            directive(a, &conditions, asm_blank(first + 1));
        else if (!conditions.off && *first && (expanded = asm_expand(a, line, 0)))
            asm_line(a, expanded);
    }
    if (conditions.depth && !a->over)
        asm_wrong(a, "#endif is missing");
    free(line);
}
