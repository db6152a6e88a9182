/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot.c - the first library system: starts the others beside each other, with quotas and, if
 * there is a disk, some blocks each; and switches the machine off when all have ended. The boot
 * arguments are what the POSIX-like one runs. Words with @ in front of them name systems to start
 * besides, @NAME:ARGUMENT with an argument; - in place of a command leaves the POSIX-like one out.
 */
#include "flat.h"
#include "string.h"

enum {
    POSIX_SLICES = 72,
    OTHER_SLICES = 8,
    OTHER_PAGES = 512,
    OTHER_BLOCKS = 16,
    WAIT_TICKS = 1u << 30,
};

static void start(const char *name, const char *arguments, uint32_t pages, uint32_t slices)
{
    int32_t group = flat_start_system(name, arguments, pages, slices);

    if (group < 0) {
        flat_print("boot: cannot start %s: error %d\n", name, -group);
        exo_power(1);
    }
    if (strcmp(name, "posix") == 0)
        exo_console_give((uint32_t)group);
    else
        exo_disk_bind(((uint32_t)group - 1) * OTHER_BLOCKS, OTHER_BLOCKS, (uint32_t)group);
}

/* @NAME or @NAME:ARGUMENT; what follows it. */
static const char *start_other(const char *at)
{
    char name[NAME_SIZE], argument[NAME_SIZE];
    uint32_t n = 0, k = 0;

    for (at++; *at && *at != ' ' && *at != ':' && n < NAME_SIZE - 1; at++)
        name[n++] = *at;
    for (at += *at == ':'; *at && *at != ' ' && k < NAME_SIZE - 1; at++)
        argument[k++] = *at;
    name[n] = argument[k] = '\0';
    start(name, argument, OTHER_PAGES, OTHER_SLICES);
    while (*at == ' ')
        at++;
    return at;
}

/* Nonzero if any failed. */
static uint32_t collect(void)
{
    uint32_t failed = 0;

    for (uint32_t group = 1; group < GROUPS; group++) {
        int32_t status;

        while ((status = exo_group_status(group)) == -EAGAIN)
            exo_sleep(exo_time() + WAIT_TICKS);
        failed |= status > 0;
    }
    return failed;
}

void flat_main(const char *arguments, uint32_t image_table)
{
    const char *at = flat_info->arguments;

    (void)arguments;
    (void)image_table;
    while (*at == '@')
        at = start_other(at);
    if (strcmp(at, "-") != 0) {
        const struct group_info *me = &flat_info->group[BOOT_GROUP];

        start("posix", at, me->pages_limit - me->pages - OTHER_PAGES / 8, POSIX_SLICES);
    }
    exo_power(collect());
    for (;;)
        ;
}
