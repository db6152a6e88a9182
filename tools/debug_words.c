/* SPDX-License-Identifier: GPL-2.0-or-later */
/* debug_words.c - words are what stands between blanks. */
#include "tools/debug_words.h"

#include <ctype.h>
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
