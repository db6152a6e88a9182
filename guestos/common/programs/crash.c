/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crash.c - crash [PART]: kills one part of the system, then tries a little of everything and
 * says what is left. Each is tried a second time if it failed: a system may have mended itself.
 * Without an argument: which parts there are. 0 if all works in the end.
 */
#include "user.h"

static int in_one_piece(void)
{
    printf("crash: the system is in one piece\n");
    return 0;
}

static int list_parts(void)
{
    char name[NAME_SIZE];

    if (part(0, name) == -ENOSYS)
        return in_one_piece();
    for (uint32_t i = 0; part(i, name) == 0; i++)
        printf("%s\n", name);
    return 0;
}

static int try_file(void)
{
    char buffer[16];
    int fd = open("readme", O_READ);
    int n = fd < 0 ? fd : read(fd, buffer, sizeof(buffer));

    if (fd >= 0)
        close(fd);
    return n < 0 ? n : 0;
}

static int try_process(void)
{
    int status = 0;
    int pid = fork();

    if (pid == -ENOSYS)
        return 0;
    if (pid == 0)
        exit(3);
    if (pid < 0)
        return pid;
    pid = wait(&status, 0);
    if (pid < 0)
        return pid;
    return status == 3 ? 0 : -EINVAL;
}

static int try_pipe(void)
{
    int fds[2];
    char c = 'x';
    int error = pipe(fds);

    if (error < 0)
        return error;
    error = write(fds[1], &c, 1);
    if (error > 0)
        error = read(fds[0], &c, 1);
    close(fds[0]);
    close(fds[1]);
    return error < 0 ? error : 0;
}

static int try_memory(void)
{
    char *page = sbrk(4096);

    if (is_error(page))
        return (int)(intptr_t)page;
    *(volatile char *)page = 1;
    return 0;
}

static int try_time(void)
{
    return sleep(TICK_MS);
}

struct trial {
    const char *name;
    int (*run)(void);
};

static const struct trial trials[] = {
    {"memory", try_memory}, {"time", try_time},         {"pipes", try_pipe},
    {"files", try_file},    {"processes", try_process},
};

/* Twice at the most; what the first gave is told. */
static bool try_one(const struct trial *t)
{
    int first = t->run();
    int last = first < 0 ? t->run() : first;

    if (first == 0)
        printf("crash: %s: works\n", t->name);
    else
        printf("crash: %s: %s, then %s\n", t->name, error_text(first),
               last < 0 ? error_text(last) : "works");
    return last == 0;
}

int main(int argc, char **argv)
{
    bool good = true;
    int error;

    if (argc == 1)
        return list_parts();
    error = crash(argv[1]);
    if (error == -ENOSYS)
        return in_one_piece();
    if (error < 0) {
        printf("crash: %s: %s\n", argv[1],
               error == -ENOENT ? "no such part" : error_text(error));
        return 1;
    }
    printf("crash: %s is dead\n", argv[1]);
    for (uint32_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++)
        good &= try_one(&trials[i]);
    return !good;
}
