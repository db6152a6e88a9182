/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * grep.c - grep PATTERN [FILE...]: the lines that match. In a pattern, ^ is the start of a
 * line, $ its end, . any character, and * any number of the one before. 0 if there was one,
 * else 1.
 */
#include "user.h"

static bool match_here(const char *pattern, const char *text);

static bool match_char(char pattern, char c)
{
    return c && (pattern == '.' || pattern == c);
}

static bool match_star(char repeated, const char *rest, const char *text)
{
    do
        if (match_here(rest, text))
            return true;
    while (match_char(repeated, *text++));
    return false;
}

static bool match_here(const char *pattern, const char *text)
{
    if (!pattern[0])
        return true;
    if (pattern[1] == '*')
        return match_star(pattern[0], pattern + 2, text);
    if (pattern[0] == '$' && !pattern[1])
        return !*text;
    return match_char(pattern[0], *text) && match_here(pattern + 1, text + 1);
}

static bool match(const char *pattern, const char *text)
{
    if (pattern[0] == '^')
        return match_here(pattern + 1, text);
    do
        if (match_here(pattern, text))
            return true;
    while (*text++);
    return false;
}

static bool search(const char *pattern, int fd)
{
    char line[256];
    bool found = false;

    while (read_line(fd, line, sizeof(line)) >= 0) {
        if (match(pattern, line)) {
            printf("%s\n", line);
            found = true;
        }
    }
    return found;
}

int main(int argc, char **argv)
{
    bool found = false;

    if (argc < 2) {
        dprintf(2, "usage: grep PATTERN [FILE...]\n");
        return 2;
    }
    if (argc == 2)
        return !search(argv[1], 0);
    for (int i = 2; i < argc; i++) {
        int fd = open(argv[i], O_READ);

        if (fd < 0) {
            dprintf(2, "grep: %s: %s\n", argv[i], error_text(fd));
            return 2;
        }
        found |= search(argv[1], fd);
        close(fd);
    }
    return !found;
}
