/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ulib.c - the programs' library: formatted output, lines, numbers, error texts.
 */
#include "format.h"
#include "user.h"

enum { BUFFER_SIZE = 128, STDOUT = 1, STDERR = 2 };

int write_all(int fd, const void *buffer, uint32_t n)
{
    const char *from = buffer;

    while (n > 0) {
        int done = write(fd, from, n);

        if (done < 0)
            return done;
        from += done;
        n -= (uint32_t)done;
    }
    return 0;
}

static void flush_to_fd(struct sink *s)
{
    write_all(s->fd, s->buffer, s->used);
    s->used = 0;
}

static void vdprintf(int fd, const char *fmt, va_list args)
{
    char buffer[BUFFER_SIZE];
    struct sink s = {.buffer = buffer, .size = sizeof(buffer), .flush = flush_to_fd, .fd = fd};

    format(&s, fmt, args);
}

void printf(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vdprintf(STDOUT, fmt, args);
    va_end(args);
}

void dprintf(int fd, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vdprintf(fd, fmt, args);
    va_end(args);
}

/* One byte a read: what follows the line is left for whoever reads next. */
int read_line(int fd, char *line, uint32_t size)
{
    uint32_t n = 0;
    char c;

    for (;;) {
        int got = read(fd, &c, 1);

        if (got <= 0 && n == 0)
            return -1;
        if (got <= 0 || c == '\n')
            break;
        if (n < size - 1)
            line[n++] = c;
    }
    line[n] = '\0';
    return (int)n;
}

bool parse_number(const char *s, uint32_t *n)
{
    uint32_t value = 0;

    if (!*s)
        return false;
    for (; *s; s++) {
        uint32_t digit = (uint32_t)(*s - '0');

        if (digit > 9 || value > (UINT32_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *n = value;
    return true;
}

uint32_t number_argument(int argc, char **argv, uint32_t fallback)
{
    uint32_t n = fallback;

    if (argc > 2 || (argc == 2 && !parse_number(argv[1], &n))) {
        dprintf(STDERR, "usage: %s [number]\n", argv[0]);
        exit(2);
    }
    return n;
}

const char *error_text(int error)
{
    static const char *const texts[] = {
        [EPERM] = "not allowed",
        [ENOENT] = "no such file",
        [ESRCH] = "no such process",
        [EINTR] = "interrupted",
        [E2BIG] = "too many arguments",
        [ENOEXEC] = "not a program",
        [EBADF] = "bad file descriptor",
        [ECHILD] = "no child process",
        [EAGAIN] = "too many processes",
        [ENOMEM] = "out of memory",
        [EFAULT] = "bad address",
        [EINVAL] = "bad argument",
        [ENFILE] = "too many open files in the system",
        [EMFILE] = "too many open files",
        [EFBIG] = "file too large",
        [ENOSPC] = "no room for another file",
        [EROFS] = "read-only file",
        [EPIPE] = "nobody reads the pipe",
        [ENAMETOOLONG] = "name too long",
        [ENOSYS] = "no such system call",
    };
    uint32_t n = (uint32_t)-error;
    const char *text = n < sizeof(texts) / sizeof(texts[0]) ? texts[n] : NULL;

    return text ? text : "unknown error";
}
