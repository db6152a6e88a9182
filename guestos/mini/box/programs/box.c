/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box.c - box run [OPTIONS] IMAGE COMMAND [ARGUMENT...]: a command in a box of its own, made of
 * an image and removed when the command has ended; with -d it goes on by itself. box ps, log,
 * stop, rm: what boxes there are, and what becomes of them.
 */
#include "mini/box.h"

#include "user.h"

enum { USAGE = 2, NOT_FOUND = 127, KILLED = 128, RETRY_MS = 10 };
enum { PAGES = 512, PROCESSES = 8, FILES = 12, CPU = 0 };

int box_call(int number, ...); /* call.S */

static int usage(void)
{
    dprintf(2, "usage: box run [-d] [-v] [-n NAME] [-m PAGES] [-p PROCESSES] [-f FILES]\n"
               "               [-c THOUSANDTHS OF A CPU] IMAGE COMMAND [ARGUMENT...]\n"
               "       box ps | box log NUMBER | box stop NUMBER | box rm NUMBER\n");
    return USAGE;
}

static int fail(const char *what, int error)
{
    dprintf(2, "box: %s: %s\n", what, error_text(error));
    return 1;
}

struct options {
    struct boxconfig config;
    bool tell;
};

/* Options up to the image; the number of words that they are, or 0 if they are wrong. */
static int parse(struct options *o, int argc, char **argv)
{
    int i = 2;

    for (; i < argc && argv[i][0] == '-'; i++) {
        struct boxconfig *c = &o->config;
        char letter = argv[i][1];
        uint32_t *number = letter == 'm'   ? &c->pages
                           : letter == 'p' ? &c->processes
                           : letter == 'f' ? &c->files
                           : letter == 'c' ? &c->cpu
                                           : NULL;

        if (letter == 'd')
            c->attached = 0;
        else if (letter == 'v')
            o->tell = true;
        else if (++i == argc || (!number && letter != 'n'))
            return 0;
        else if (letter == 'n')
            copy_name(c->name, argv[i], NAME_SIZE);
        else if (!parse_number(argv[i], number))
            return 0;
    }
    return argc - i >= 2 ? i : 0;
}

static _Noreturn void start(int box, char **argv)
{
    int error = box_call(BOX_ENTER, box);

    if (error == 0)
        error = exec(argv[0], argv);
    dprintf(2, "box: %s: %s\n", argv[0], error_text(error));
    exit(NOT_FOUND);
}

static int wait_for(int child)
{
    int status = 0, pid;

    do
        pid = wait(&status, 0);
    while (pid > 0 && pid != child);
    return status & STATUS_KILLED ? KILLED : status & STATUS_EXIT_MASK;
}

static void tell(int box)
{
    struct boxinfo i;

    if (box_call(BOX_INFO, box, &i) == 0)
        dprintf(2,
                "box: %s: %u processes, at most %u pages, %u refused, %u waits, %u us of CPU\n",
                i.config.name, i.started, i.most_pages, i.refused, i.throttled,
                (uint32_t)i.cpu / 100);
}

static int run(int argc, char **argv)
{
    struct options o = {
        .config = {
            .attached = 1, .pages = PAGES, .processes = PROCESSES, .files = FILES, .cpu = CPU}};
    int at = parse(&o, argc, argv), box, child, status;

    if (!at)
        return usage();
    copy_name(o.config.image, argv[at], NAME_SIZE);
    if (!o.config.name[0])
        copy_name(o.config.name, argv[at], NAME_SIZE);
    box = box_call(BOX_CREATE, &o.config);
    if (box < 0)
        return fail(argv[at], box);
    child = fork();
    if (child == 0)
        start(box, argv + at + 1);
    if (child < 0)
        return fail("fork", child);
    if (!o.config.attached) {
        printf("box %d\n", box);
        return 0;
    }
    status = wait_for(child);
    if (o.tell)
        tell(box);
    while (box_call(BOX_REMOVE, box) == -EAGAIN)
        sleep(RETRY_MS);
    return status;
}

static int list(void)
{
    struct boxinfo i;
    int error;

    printf("%3s %-12s %-12s %5s %5s %5s %8s\n", "BOX", "NAME", "IMAGE", "PROCS", "PAGES",
           "FILES", "CPU us");
    for (int slot = 1; (error = box_call(BOX_INFO, slot, &i)) != -EINVAL; slot++)
        if (error == 0)
            printf("%3d %-12s %-12s %5u %5u %5u %8u\n", i.box, i.config.name, i.config.image,
                   i.processes, i.pages, i.files, (uint32_t)i.cpu / 100);
        else if (error != -ENOENT)
            return fail("ps", error);
    return 0;
}

static int show_log(int box)
{
    char text[128];
    uint32_t at = 0;
    int n;

    while ((n = box_call(BOX_LOG, box, at, text, sizeof(text))) > 0) {
        write_all(1, text, (uint32_t)n);
        at += (uint32_t)n;
    }
    return n < 0 ? fail("log", n) : 0;
}

int main(int argc, char **argv)
{
    uint32_t number;
    int error = 0;

    if (argc >= 2 && strcmp(argv[1], "run") == 0)
        return run(argc, argv);
    if (argc == 2 && strcmp(argv[1], "ps") == 0)
        return list();
    if (argc != 3 || !parse_number(argv[2], &number))
        return usage();
    if (strcmp(argv[1], "log") == 0)
        return show_log((int)number);
    if (strcmp(argv[1], "stop") == 0)
        error = box_call(BOX_STOP, number);
    else if (strcmp(argv[1], "rm") == 0)
        error = box_call(BOX_REMOVE, number);
    else
        return usage();
    return error < 0 ? fail(argv[2], error) : 0;
}
