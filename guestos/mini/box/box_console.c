/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box_console.c - a box's console: a log of the last 4 KiB, and, if it is attached, the terminal
 * too. One that is not attached reads the end of the file. ^C reaches groups of a box only while
 * the terminal's foreground is the box's.
 */
#include "../kernel/console.h"
#include "../kernel/copy.h"
#include "box.h"
#include "string.h"

enum { CHUNK = 128 };

static struct spinlock lock = SPINLOCK(LOCK_COUNTS);
static int foreground;

int32_t WRAP(console_read)(uint32_t va, uint32_t n);
int32_t REAL(console_read)(uint32_t va, uint32_t n);
int32_t WRAP(console_write)(uint32_t va, uint32_t n);
int32_t REAL(console_write)(uint32_t va, uint32_t n);
void WRAP(console_set_foreground)(int group);
void REAL(console_set_foreground)(int group);

int32_t WRAP(console_read)(uint32_t va, uint32_t n)
{
    const struct box *b = box_current();

    return b && !b->config.attached ? 0 : REAL(console_read)(va, n);
}

static void add(struct box *b, const char *text, uint32_t n)
{
    spin_lock(&lock);
    for (uint32_t i = 0; i < n; i++)
        b->log[b->logged++ % BOX_LOG_SIZE] = text[i];
    spin_unlock(&lock);
}

static int32_t write_log(struct box *b, uint32_t va, uint32_t n)
{
    char chunk[CHUNK];
    uint32_t done = 0;

    while (done < n) {
        uint32_t part = n - done < CHUNK ? n - done : CHUNK;
        int error = copy_from_user(chunk, va + done, part);

        if (error < 0)
            return done ? (int32_t)done : error;
        add(b, chunk, part);
        done += part;
    }
    return (int32_t)done;
}

int32_t WRAP(console_write)(uint32_t va, uint32_t n)
{
    struct box *b = box_current();

    if (b && b->config.attached) {
        int32_t done = REAL(console_write)(va, n);

        return done > 0 ? write_log(b, va, (uint32_t)done) : done;
    }
    return b ? write_log(b, va, n) : REAL(console_write)(va, n);
}

uint32_t box_console_log(const struct box *b, uint32_t offset, char *to, uint32_t n)
{
    uint32_t first, i;

    spin_lock(&lock);
    first = b->logged > BOX_LOG_SIZE ? b->logged - BOX_LOG_SIZE : 0;
    for (i = 0; i < n && first + offset + i < b->logged; i++)
        to[i] = b->log[(first + offset + i) % BOX_LOG_SIZE];
    spin_unlock(&lock);
    return i;
}

static const struct proc *find(int pid)
{
    for (uint32_t i = 0; i < MAX_PROCESSES; i++)
        if (procs[i].state != STATE_UNUSED && procs[i].pid == pid)
            return &procs[i];
    return NULL;
}

/* The group that the box's first process is in, which may be of outside. */
static int outer_group(const struct box *b)
{
    const struct proc *first = find(box_find(b, 1));

    return first ? first->group : 0;
}

void WRAP(console_set_foreground)(int group)
{
    const struct box *b = box_current();

    if (b) {
        int outer = outer_group(b);

        if (!b->config.attached || (foreground != outer && box_of(find(foreground)) != b))
            return;
        group = group ? box_find(b, group) : outer;
    }
    foreground = group;
    REAL(console_set_foreground)(group);
}
