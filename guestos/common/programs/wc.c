/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wc.c - wc [FILE...]: lines, words and bytes of files, or of its input. */
#include "user.h"

struct counts {
    uint32_t lines, words, bytes;
    bool in_word;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

static void count_char(struct counts *n, char c)
{
    n->bytes++;
    n->lines += c == '\n';
    n->words += !is_space(c) && !n->in_word;
    n->in_word = !is_space(c);
}

static int count(int fd, const char *name)
{
    struct counts total = {0};
    char buffer[512];
    int n;

    while ((n = read(fd, buffer, sizeof(buffer))) > 0)
        for (int i = 0; i < n; i++)
            count_char(&total, buffer[i]);
    printf("%u %u %u%s%s\n", total.lines, total.words, total.bytes, *name ? " " : "", name);
    return n < 0;
}

int main(int argc, char **argv)
{
    int failed = argc < 2 ? count(0, "") : 0;

    for (int i = 1; i < argc; i++) {
        int fd = open(argv[i], O_READ);

        if (fd < 0) {
            dprintf(2, "wc: %s: %s\n", argv[i], error_text(fd));
            failed = 1;
            continue;
        }
        failed |= count(fd, argv[i]);
        close(fd);
    }
    return failed;
}
