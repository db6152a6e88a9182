/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_markup.c - text in HTML and XML: whatever the bytes are, it stays text. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/random.h"
#include "tests/support/suite.h"
#include "tools/base/base.h"

static char *made(const char *bytes, size_t len)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    ck_assert_ptr_nonnull(out);
    markup_bytes(out, bytes, len);
    ck_assert_int_eq(fclose(out), 0);
    return text;
}

static void check_is(const char *bytes, const char *wanted)
{
    char *text = made(bytes, strlen(bytes));

    ck_assert_str_eq(text, wanted);
    free(text);
}

START_TEST(what_becomes_of_it)
{
    char *text;

    check_is("<a href='x'>&\"", "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
    check_is("one\r\ntwo\tthree\rfour", "one\ntwo\tthree\u240dfour");
    check_is("\033[31m\x7f\a", "\u241b[31m\u2421\u2407");
    check_is("\u00e9 \u2192 \U0001f600", "\u00e9 \u2192 \U0001f600");
    check_is("\xff\xc3(\xed\xa0\x80", "\ufffd\ufffd(\ufffd\ufffd\ufffd");
    check_is("\xef\xbf\xbe\xef\xb7\x90\xc2\x9b", "\ufffd\ufffd\ufffd");
    check_is("\u202ename\u2069\u200f", "\ufffdname\ufffd\ufffd");
    text = made("\0<", 2);
    ck_assert_str_eq(text, "\u2400&lt;");
    free(text);
}
END_TEST

static bool begins_entity(const char *at)
{
    static const char *const entities[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&#39;"};

    for (unsigned i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (!strncmp(at, entities[i], strlen(entities[i])))
            return true;
    return false;
}

/* UTF-8, without what would end an element or an attribute, and without controls. */
static bool is_text(const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0; i < len;) {
        unsigned size = text_character((const uint8_t *)text + i, len - i);
        bool control = (unsigned char)text[i] < ' ' && text[i] != '\n' && text[i] != '\t';

        if (!size || strchr("<>\"'", text[i]) || control || text[i] == 0x7f)
            return false;
        if (text[i] == '&' && !begins_entity(text + i))
            return false;
        i += size;
    }
    return true;
}

START_TEST(any_bytes)
{
    static const char likely[] = "<>&\"'\r\n\t\033\xe2\x80\xae\xef\xbf\xbe\xc2\xf0\x9f\x98";
    struct rng rng = rng_new(1);
    char bytes[64];

    for (unsigned round = 0; round < 20000; round++) {
        size_t len = rng_next(&rng) % sizeof bytes;
        char *text;

        for (size_t i = 0; i < len; i++) {
            uint32_t draw = rng_next(&rng);

            bytes[i] = draw & 1 ? (char)(draw >> 8) : likely[(draw >> 8) % (sizeof likely - 1)];
        }
        text = made(bytes, len);
        ck_assert_msg(is_text(text), "round %u: %s", round, text);
        free(text);
    }
}
END_TEST

static int place_of(char letter)
{
    const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    const char *place = letter ? strchr(letters, letter) : NULL;

    return place ? (int)(place - letters) : -1;
}

/* Decoded bit by bit, the letters are the bytes again, and nothing is left over. */
START_TEST(base64url)
{
    uint8_t bytes[50];
    struct rng rng = rng_new(2);

    for (size_t len = 0; len <= sizeof bytes; len++) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        bool same = true;

        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)rng_next(&rng);
        ck_assert_ptr_nonnull(out);
        markup_base64url(out, bytes, len);
        ck_assert_int_eq(fclose(out), 0);
        ck_assert_uint_eq(size, (len * 8 + 5) / 6);
        for (size_t bit = 0; bit < size * 6; bit++) {
            int has = place_of(text[bit / 6]) >> (5 - bit % 6) & 1;

            same &= has == (bit < len * 8 ? bytes[bit / 8] >> (7 - bit % 8) & 1 : 0);
        }
        ck_assert(same);
        free(text);
    }
}
END_TEST

START_TEST(percent)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    ck_assert_ptr_nonnull(out);
    markup_percent(out, "a-Z.0_~ &=#+%\xc3\xa9\n");
    ck_assert_int_eq(fclose(out), 0);
    ck_assert_str_eq(text, "a-Z.0_~%20%26%3D%23%2B%25%C3%A9%0A");
    free(text);
}
END_TEST

SUITE_MAIN("markup", what_becomes_of_it, any_bytes, base64url, percent)
