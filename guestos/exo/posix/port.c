/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * port.c - what mini's files, pipes and console (../../mini/kernel) ask of the kernel that they
 * were written for: pages, locks, sleep, characters. Here they are a library's, with their
 * variables in memory that all processes share.
 */
#include "format.h"
#include "kill.h"
#include "page.h"
#include "panic.h"
#include "posix.h"
#include "print.h"
#include "sbi.h"
#include "sched.h"
#include "string.h"

enum { CHUNK = 1024, MAX_ARCHIVE = 64 };

/* The table that ramfs.c reads, made of the archive's directory. */
struct archive_entry {
    const char *name;
    const char *start, *end;
};

extern struct archive_entry archive[];
struct archive_entry archive[MAX_ARCHIVE + 1];

void port_init(void)
{
    struct archive_entry *e = archive;

    for (const struct archive_file *f = lib_archive; f->name[0]; f++, e++) {
        const char *start = (const char *)LIB_ARCHIVE + f->offset;

        if (e == archive + MAX_ARCHIVE)
            break;
        *e = (struct archive_entry){f->name, start, start + f->size};
    }
    shared->console = cache_page(&shared->console_page);
    ramfs_init();
}

/* The library's one lock is held already. */
void spin_lock(struct spinlock *l)
{
    (void)l;
}

void spin_unlock(struct spinlock *l)
{
    (void)l;
}

void *page_alloc_zeroed(void)
{
    return cache_page(NULL);
}

void page_free(void *page)
{
    cache_free(page);
}

void print_text(const char *text, uint32_t n)
{
    while (n > 0) {
        uint32_t part = n < CHUNK ? n : CHUNK;

        memcpy(shared->console, text, part);
        exo_console_write(shared->console_page, 0, part);
        text += part;
        n -= part;
    }
}

static void flush(struct sink *s)
{
    exo_console_write(shared->console_page, 0, s->used);
    s->used = 0;
}

static void vprintk(const char *fmt, va_list args)
{
    struct sink s = {.buffer = shared->console, .size = CHUNK, .flush = flush};

    format(&s, fmt, args);
}

void printk(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vprintk(fmt, args);
    va_end(args);
}

void panic(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vprintk(fmt, args);
    va_end(args);
    exo_group_end(1);
    for (;;)
        ;
}

uint32_t sbi_console_read(char *buffer, uint32_t n)
{
    int32_t got = exo_console_read(shared->console_page, 0, n < CHUNK ? n : CHUNK);

    if (got <= 0)
        return 0;
    memcpy(buffer, shared->console, (uint32_t)got);
    return (uint32_t)got;
}

/* There is no tick that looks for what is typed: who waits for it looks by itself. */
int sched_sleep(const void *channel, struct spinlock *other)
{
    if (other->rank != LOCK_CONSOLE)
        return proc_sleep(channel, UINT64_MAX);
    proc_sleep(channel, exo_time() + shared->tick_length);
    console_poll();
    return 0;
}

void sched_wakeup(const void *channel)
{
    proc_wakeup(channel);
}

void kill_group(int group)
{
    proc_kill_group(group);
}
