/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * search.c - Horspool string search for eight words in 64 KiB of text: byte loads and compares.
 */
#include "user.h"

enum { LENGTH = 65536, WORD = 12, WORDS = 8, ALPHABET = 256 };

static char text[LENGTH];
static char words[WORDS][WORD];

void compute_setup(void)
{
    uint32_t state = 5;

    for (unsigned i = 0; i < LENGTH; i++)
        text[i] = (char)('a' + next_random(&state) % 20);
    for (unsigned i = 0; i < WORDS; i++) /* each is there, somewhere late */
        memcpy(words[i], text + LENGTH - (i + 1) * 997, WORD);
}

static uint32_t search(const char *word)
{
    uint8_t skip[ALPHABET];
    uint32_t at = 0;

    memset(skip, WORD, sizeof skip);
    for (unsigned i = 0; i + 1 < WORD; i++)
        skip[(uint8_t)word[i]] = (uint8_t)(WORD - 1 - i);
    while (at <= LENGTH - WORD) {
        unsigned i = WORD;

        while (i && text[at + i - 1] == word[i - 1])
            i--;
        if (!i)
            return at;
        at += skip[(uint8_t)text[at + WORD - 1]];
    }
    return LENGTH;
}

uint32_t compute_once(void)
{
    uint32_t sum = 0;

    for (unsigned i = 0; i < WORDS; i++)
        sum = mix(sum, search(words[i]));
    return sum;
}
