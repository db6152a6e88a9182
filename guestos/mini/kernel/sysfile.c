/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sysfile.c - the system calls about files: descriptors to files, and arguments. What a file
 * does is up to file.c, pipe.c, ramfs.c and console.c.
 */
#include <stddef.h>

#include "copy.h"
#include "file.h"
#include "proc.h"
#include "ramfs.h"
#include "string.h"
#include "syscall.h"

static struct file *get_file(uint32_t fd)
{
    return fd < MAX_FDS ? current->files[fd] : NULL;
}

static int32_t lowest_free(void)
{
    for (int fd = 0; fd < MAX_FDS; fd++)
        if (!current->files[fd])
            return fd;
    return -EMFILE;
}

/* The lowest free descriptor; the file then belongs to the process. */
static int32_t install(struct file *f)
{
    int32_t fd = lowest_free();

    if (fd >= 0)
        current->files[fd] = f;
    return fd;
}

static int32_t install_or_close(struct file *f)
{
    int32_t fd = install(f);

    if (fd < 0)
        file_close(f);
    return fd;
}

/*
 * Without a descriptor to give nothing is opened: no file is made or emptied, and none is taken
 * from the table for a moment, in which another CPU would find it full.
 */
int32_t sys_open(const uint32_t *arg)
{
    char name[NAME_SIZE];
    struct file *f;
    int error = copy_string_from_user(name, arg[0], sizeof(name));

    if (error >= 0)
        error = lowest_free();
    if (error >= 0)
        error = file_open(name, arg[1], &f);
    return error < 0 ? error : install_or_close(f);
}

int32_t sys_close(const uint32_t *arg)
{
    struct file *f = get_file(arg[0]);

    if (!f)
        return -EBADF;
    current->files[arg[0]] = NULL;
    file_close(f);
    return 0;
}

int32_t sys_read(const uint32_t *arg)
{
    struct file *f = get_file(arg[0]);

    return f ? file_read(f, arg[1], arg[2]) : -EBADF;
}

int32_t sys_write(const uint32_t *arg)
{
    struct file *f = get_file(arg[0]);

    return f ? file_write(f, arg[1], arg[2]) : -EBADF;
}

int32_t sys_dup(const uint32_t *arg)
{
    struct file *f = get_file(arg[0]);

    return f ? install_or_close(file_share(f)) : -EBADF;
}

static void uninstall(int32_t fd)
{
    if (fd >= 0)
        current->files[fd] = NULL;
}

/* Either both ends get a descriptor that the program knows of, or nothing remains. */
int32_t sys_pipe(const uint32_t *arg)
{
    struct file *ends[2];
    int32_t fds[2];
    int error = file_open_pipe(&ends[0], &ends[1]);

    if (error < 0)
        return error;
    fds[0] = install(ends[0]);
    fds[1] = install(ends[1]);
    error = fds[0] < 0 || fds[1] < 0 ? -EMFILE : copy_to_user(arg[0], fds, sizeof(fds));
    if (error < 0) {
        uninstall(fds[0]);
        uninstall(fds[1]);
        file_close(ends[0]);
        file_close(ends[1]);
    }
    return error;
}

int32_t sys_unlink(const uint32_t *arg)
{
    char name[NAME_SIZE];
    int error = copy_string_from_user(name, arg[0], sizeof(name));

    return error < 0 ? error : ramfs_unlink(name);
}

int32_t sys_readdir(const uint32_t *arg)
{
    struct fileinfo info;
    int error = ramfs_entry(arg[0], &info);

    return error < 0 ? error : copy_to_user(arg[1], &info, sizeof(info));
}

int32_t sys_stat(const uint32_t *arg)
{
    struct file *f = get_file(arg[0]);
    struct fileinfo info;

    if (!f)
        return -EBADF;
    file_stat(f, &info);
    return copy_to_user(arg[1], &info, sizeof(info));
}
