/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.c - the lines that the host reads: marks, the result, and a last word when the kernel
 * cannot go on. A line is one firmware call, so that a mark arrives at one moment.
 */
#include "kernel.h"

static const char name[] = BENCH_NAME;

void memory_copy(void *to, const void *from, uint32_t len)
{
    uint32_t *t = to;
    const uint32_t *f = from;

    if (((uint32_t)to | (uint32_t)from | len) % 4 == 0) {
        for (uint32_t i = 0; i < len / 4; i++)
            t[i] = f[i];
        return;
    }
    for (uint32_t i = 0; i < len; i++)
        ((char *)to)[i] = ((const char *)from)[i];
}

static char *put(char *at, const char *text)
{
    while (*text)
        *at++ = *text++;
    return at;
}

static char *put_hex(char *at, uint32_t value)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        *at++ = "0123456789abcdef"[value >> shift & 0xf];
    return at;
}

void print(const char *text)
{
    const char *end = text;

    while (*end)
        end++;
    sbi_console_write(text, (uint32_t)(end - text));
}

void print_mark(enum bench_mark mark)
{
    static const char lines[][8] = {
        [MARK_BASE] = "@base\n", [MARK_RUN] = "@run\n", [MARK_END] = "@end\n"};

    if (mark <= MARK_END)
        print(lines[mark]);
}

void print_result(uint32_t result)
{
    char line[64], *at = line;

    at = put(at, name);
    at = put(at, ": result ");
    at = put_hex(at, result);
    *at++ = '\n';
    *at = '\0';
    print(line);
}

void panic(const char *why, uint32_t a, uint32_t b)
{
    char line[64], *at = line;

    print("panic: ");
    print(why);
    *at++ = ' ';
    at = put_hex(at, a);
    *at++ = ' ';
    at = put_hex(at, b);
    *at++ = '\n';
    *at = '\0';
    print(line);
    sbi_shutdown(true);
}
