/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words.h - taking a debugger command's line apart, word by word. */
#ifndef PZ_TOOLS_DEBUG_WORDS_H
#define PZ_TOOLS_DEBUG_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEBUG_WORD 64u

/* Skip blanks. Returns whether anything is left. */
bool debug_words_left(const char **text);

/* The next word, cut to the room there is. False: no word is left. */
bool debug_words_next(const char **text, char word[DEBUG_WORD]);

/* Take "FILE:LINE", a name with a dot or a slash in it. False: something else is next. */
bool debug_words_line(const char **text, char file[DEBUG_WORD], uint32_t *line);

/* Take the next word if it is this one. */
bool debug_words_take(const char **text, const char *word);

#endif
