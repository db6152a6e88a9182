/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cat.c - cat [FILE...]: files, or its input, one after the other. */
#include "user.h"

static int copy(int fd)
{
    char buffer[512];
    int n;

    while ((n = read(fd, buffer, sizeof(buffer))) > 0)
        if (write_all(1, buffer, (uint32_t)n) < 0)
            return 1;
    return n < 0;
}

int main(int argc, char **argv)
{
    int failed = argc < 2 ? copy(0) : 0;

    for (int i = 1; i < argc; i++) {
        int fd = open(argv[i], O_READ);

        if (fd < 0) {
            dprintf(2, "cat: %s: %s\n", argv[i], error_text(fd));
            failed = 1;
            continue;
        }
        failed |= copy(fd);
        close(fd);
    }
    return failed;
}
