/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words.c - splits lines into words, at blanks. */
#include "tools/debug/words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool debug_words_left(const char **text)
{
    while (isspace((unsigned char)**text))
        ++*text;
    return **text;
}

static size_t word_length(const char *text)
{
    size_t len = 0;

    while (text[len] && !isspace((unsigned char)text[len]))
        len++;
    return len;
}

bool debug_words_next(const char **text, char word[DEBUG_WORD])
{
    size_t len, room;

    if (!debug_words_left(text))
        return false;
    len = word_length(*text);
    room = len < DEBUG_WORD ? len : DEBUG_WORD - 1;
    memcpy(word, *text, room);
    word[room] = 0;
    *text += len;
    return true;
}

bool debug_words_take(const char **text, const char *word)
{
    size_t len = strlen(word);

    if (!debug_words_left(text) || word_length(*text) != len || strncmp(*text, word, len))
        return false;
    *text += len;
    return true;
}

bool debug_words_line(const char **text, char file[DEBUG_WORD], uint32_t *line)
{
    char word[DEBUG_WORD], *colon, *end;
    const char *at = *text;
    unsigned long number;

    if (!debug_words_next(&at, word))
        return false;
    colon = strrchr(word, ':');
    if (!colon || colon == word || !isdigit((unsigned char)colon[1]))
        return false;
    number = strtoul(colon + 1, &end, 10);
    if (*end || number > UINT32_MAX)
        return false;
    *colon = 0;
    if (!strpbrk(word, "./"))
        return false;
    memcpy(file, word, DEBUG_WORD);
    *line = (uint32_t)number;
    *text = at;
    return true;
}
