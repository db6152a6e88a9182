/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cowtest.c - cowtest: parent and child each write to the same pages after a fork, and neither
 * may see what the other wrote. Also shows how many pages the fork itself took, and how many
 * writing.
 */
#include "user.h"

enum { PAGES = 32, PAGE = 4096, FROM_PARENT = 0x11, FROM_CHILD = 0x22, BEFORE = 0x33 };

static int count_other(const char *memory, char wanted)
{
    int other = 0;

    for (int i = 0; i < PAGES; i++)
        other += memory[i * PAGE] != wanted;
    return other;
}

static void fill(char *memory, char value)
{
    for (int i = 0; i < PAGES; i++)
        memory[i * PAGE] = value;
}

static uint32_t free_pages(void)
{
    struct meminfo info = {0};

    meminfo(&info);
    return info.free_pages;
}

/* The parent wrote after the fork, before this child ran on: here all is as at the fork. */
static _Noreturn void child(char *memory)
{
    int wrong;

    sleep(TICK_MS);
    wrong = count_other(memory, BEFORE);
    fill(memory, FROM_CHILD);
    exit(wrong + count_other(memory, FROM_CHILD));
}

int main(void)
{
    char *memory = sbrk(PAGES * PAGE);
    uint32_t at_start, after_fork;
    int status = 0, wrong, pid;

    if (is_error(memory))
        return 1;
    fill(memory, BEFORE);
    at_start = free_pages();
    pid = fork();
    if (pid == 0)
        child(memory);
    after_fork = free_pages();
    fill(memory, FROM_PARENT);
    printf("cowtest: fork took %u pages, writing to %d shared ones took %u\n",
           at_start - after_fork, PAGES, after_fork - free_pages());
    wrong = wait(&status, 0) != pid || status != 0 || count_other(memory, FROM_PARENT);
    printf("cowtest: %s\n", wrong ? "FAILED" : "ok");
    return wrong;
}
