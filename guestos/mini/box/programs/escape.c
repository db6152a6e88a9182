/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * escape.c - escape: a hostile program in a box. It tries to see, signal, name, read and starve
 * what is outside, and says what came of it: one line for each attempt, `held` if nothing did.
 * Outside of a box it would succeed, and says so.
 */
#include "mini/box.h"
#include "user.h"

int box_call(int number, ...);

enum { MANY = 200, LARGE = 100000, KERNEL = (int)0xc0000000u };

static int escaped;

static void say(const char *attempt, bool held)
{
    printf("%s: %s\n", attempt, held ? "held" : "ESCAPED");
    escaped |= !held;
}

/* We are process 1, and there is nobody else. */
static void see(void)
{
    struct procinfo info;
    uint32_t others = 0;

    for (uint32_t slot = 0; procinfo(slot, &info) != -EINVAL; slot++)
        if (procinfo(slot, &info) == 0)
            others += info.pid != 1 || info.parent != 0;
    say("see processes", others == 0 && getpid() == 1);
}

static void signal_others(void)
{
    int killed = 0;

    for (int pid = -MANY; pid < MANY; pid++)
        killed += pid != getpid() && kill(pid) != -ESRCH;
    say("kill processes", killed == 0);
}

/* `secret` is a file outside; no name leads to it, nor to the archive's other files. */
static void name_files(void)
{
    static const char *const names[] = {"secret",   "/secret",   "//secret", "../secret",
                                        "./secret", "tools.img", "usertests"};
    int opened = 0;

    for (uint32_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        opened += open(names[i], O_READ) != -ENOENT;
    opened += exec("usertests", (char *[]){"usertests", NULL}) != -ENOENT;
    say("name files", opened == 0);
}

static void list_files(void)
{
    struct fileinfo info;
    int foreign = 0;

    for (uint32_t slot = 0; readdir(slot, &info) != -EINVAL; slot++)
        if (readdir(slot, &info) == 0)
            foreign += strcmp(info.name, "secret") == 0 || strcmp(info.name, "init") == 0;
    say("list files", foreign == 0);
}

/* What is inherited beyond 0, 1 and 2 is closed. */
static void use_descriptors(void)
{
    struct fileinfo info;
    int got = 0;

    for (int fd = 3; fd < MAX_FDS; fd++)
        got += stat(fd, &info) != -EBADF;
    say("use descriptors", got == 0);
}

static void make_boxes(void)
{
    struct boxconfig config = {
        .name = "inner", .image = "tools.img", .pages = 10, .processes = 1};
    struct boxinfo info;
    bool held = box_call(BOX_CREATE, &config) == -EPERM;

    for (int box = 0; box < MANY; box++)
        held &= box_call(BOX_ENTER, box) == -EPERM &&
                box_call(BOX_INFO, box, &info) == -EPERM && box_call(BOX_STOP, box) == -EPERM &&
                box_call(BOX_REMOVE, box) == -EPERM;
    say("use boxes", held);
}

static void withhold_memory(void)
{
    struct meminfo info;

    meminfo(&info);
    say("withhold memory", info.total_pages < LARGE / 100 &&
                               hold(info.free_pages + 1) == -ENOMEM &&
                               is_error(sbrk((int)(info.free_pages + 1) * 4096)));
    hold(0);
}

/* The kernel may not read or write for us what we may not. */
static void use_kernel_pointers(void)
{
    static char name[] = "mine";
    int fd = open(name, O_WRITE | O_CREATE);
    bool held = fd >= 0;

    for (uint32_t at = (uint32_t)KERNEL; at < (uint32_t)KERNEL + 0x40000; at += 4096)
        held &= write(fd, (const void *)(uintptr_t)at, 4) == -EFAULT &&
                write(1, (const void *)(uintptr_t)at, 4) == -EFAULT;
    close(fd);
    say("use the kernel's memory", held && unlink(name) == 0);
}

int main(void)
{
    see();
    signal_others();
    name_files();
    list_files();
    use_descriptors();
    make_boxes();
    withhold_memory();
    use_kernel_pointers();
    printf("escape: %s\n", escaped ? "ESCAPED" : "held");
    return escaped;
}
