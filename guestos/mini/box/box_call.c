/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box_call.c - the calls about boxes, and which of the kernel's ways to serve calls a process gets.
 * Only who is outside may make, enter, look at or end boxes: a box has none inside.
 */
#include "../kernel/copy.h"
#include "../kernel/syscall.h"
#include "../kernel/trapframe.h"
#include "../linux/linux.h"
#include "box.h"

enum { CHUNK = 128 };

void WRAP(syscall)(struct trapframe *tf);
void REAL(syscall)(struct trapframe *tf);

static int32_t create(const uint32_t *arg)
{
    struct boxconfig config;
    int error = copy_from_user(&config, arg[0], sizeof(config));

    if (error < 0)
        return error;
    config.name[NAME_SIZE - 1] = config.image[NAME_SIZE - 1] = '\0';
    box_lock();
    error = box_create(&config);
    box_unlock();
    return error;
}

static int32_t enter(const uint32_t *arg)
{
    struct box *b;
    int error;

    box_files_close_others();
    box_lock();
    b = box_by_number(arg[0]);
    error = b ? box_enter(b) : -ESRCH;
    box_unlock();
    return error;
}

static int32_t info(const uint32_t *arg)
{
    struct boxinfo i = {.box = (int32_t)arg[0]};
    const struct box *b = &boxes[arg[0] < MAX_BOXES ? arg[0] : 0];

    if (arg[0] >= MAX_BOXES)
        return -EINVAL;
    box_lock();
    if (b->used || arg[0] == 0) {
        i.config = b->config;
        i.pages = b->pages;
        i.most_pages = b->most_pages;
        i.processes = box_processes(arg[0] ? b : NULL);
        i.files = box_files_open(arg[0] ? b : NULL);
        i.started = b->started;
        i.refused = b->refused;
        i.throttled = b->throttled;
        i.cpu = b->cpu;
    }
    box_unlock();
    if (!b->used && arg[0] != 0)
        return -ENOENT;
    return copy_to_user(arg[1], &i, sizeof(i));
}

static int32_t log_part(const uint32_t *arg)
{
    char chunk[CHUNK];
    const struct box *b;
    uint32_t n = arg[3] < CHUNK ? arg[3] : CHUNK;
    int error;

    box_lock();
    b = box_by_number(arg[0]);
    n = b ? box_console_log(b, arg[1], chunk, n) : 0;
    box_unlock();
    error = b ? copy_to_user(arg[2], chunk, n) : -ESRCH;
    return error < 0 ? error : (int32_t)n;
}

static int32_t stop(const uint32_t *arg)
{
    struct box *b;

    box_lock();
    b = box_by_number(arg[0]);
    if (b)
        box_kill(b);
    box_unlock();
    return b ? 0 : -ESRCH;
}

static int32_t remove_box(const uint32_t *arg)
{
    struct box *b;
    int error;

    box_lock();
    b = box_by_number(arg[0]);
    error = b ? box_remove(b) : -ESRCH;
    box_unlock();
    return error;
}

int32_t box_call(uint32_t number, const uint32_t *arg)
{
    static int32_t (*const calls[])(const uint32_t *arg) = {
        create, enter, info, log_part, stop, remove_box,
    };

    if (box_current())
        return -EPERM;
    return calls[number - BOX_CREATE](arg);
}

void WRAP(syscall)(struct trapframe *tf)
{
    uint32_t number = tf->x[REG_A7];

    if (linux_current())
        linux_syscall(tf);
    else if (number >= BOX_CREATE && number <= BOX_REMOVE)
        tf->x[REG_A0] = (uint32_t)box_call(number, &tf->x[REG_A0]);
    else
        REAL(syscall)(tf);
    box_time_check();
}
