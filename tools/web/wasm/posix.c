/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * posix.c - what tools/ asks of POSIX and WASI's C library lacks. Where WebAssembly has no such
 * thing (processes, signals, files in memory), the answer is the failure that callers handle
 * anyway, or the only truth: one process, one user, no links, no terminal.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tools/web/wasm/memory.h"

/* ---- Memory ---- */

void *mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
    void *bytes;

    (void)at, (void)protection, (void)fd, (void)offset;
    if (!(flags & MAP_ANONYMOUS) || (flags & (MAP_SHARED | MAP_FIXED))) {
        errno = ENODEV;
        return MAP_FAILED;
    }
    bytes = memory_zeros(4096, len);
    return bytes ? bytes : MAP_FAILED;
}

int munmap(void *at, size_t len)
{
    (void)len;
    free(at);
    return 0;
}

int memfd_create(const char *name, unsigned flags)
{
    (void)name, (void)flags;
    errno = ENOSYS;
    return -1;
}

/* ---- Signals: there are none ---- */

int sigaction(int number, const struct sigaction *action, struct sigaction *before)
{
    (void)number, (void)action;
    if (before)
        *before = (struct sigaction){0};
    return 0;
}

int sigemptyset(int *set)
{
    *set = 0;
    return 0;
}

/* ---- Files ---- */

/* Puts the parts of `name` behind those that are there, without "." and "..". */
static void add_parts(char *path, const char *name)
{
    size_t len = strlen(path);

    while (*name) {
        size_t part = strcspn(name, "/");

        if (part == 2 && !memcmp(name, "..", 2)) {
            while (len && path[--len] != '/')
                ;
        } else if (part && !(part == 1 && *name == '.') && len + 1 + part < PATH_MAX) {
            path[len++] = '/';
            memcpy(path + len, name, part);
            len += part;
        }
        path[len] = '\0';
        name += part + (name[part] == '/');
    }
}

char *realpath(const char *restrict name, char *restrict path)
{
    char whole[PATH_MAX] = "", here[PATH_MAX];
    struct stat found;

    if (name[0] != '/' && getcwd(here, sizeof here))
        add_parts(whole, here);
    add_parts(whole, name);
    if (!whole[0])
        strcpy(whole, "/");
    if (stat(whole, &found))
        return NULL;
    return path ? strcpy(path, whole) : strdup(whole);
}

/* The file system is a process's own, so a counter is as good as chance. */
static bool next_name(char *template)
{
    static unsigned counter;
    size_t len = strlen(template);
    unsigned number = counter++;

    if (len < 6 || strcmp(template + len - 6, "XXXXXX")) {
        errno = EINVAL;
        return false;
    }
    for (unsigned i = 0; i < 6; i++, number /= 10)
        template[len - 1 - i] = (char)('0' + number % 10);
    return true;
}

int mkostemp(char *template, int flags)
{
    size_t len = strlen(template);
    int fd = -1;

    while (fd < 0 && next_name(template)) {
        fd = open(template, O_RDWR | O_CREAT | O_EXCL | flags, 0600);
        if (fd < 0 && errno != EEXIST)
            return -1;
        if (fd < 0)
            memset(template + len - 6, 'X', 6);
    }
    return fd;
}

char *mkdtemp(char *template)
{
    while (next_name(template)) {
        if (!mkdir(template, 0700))
            return template;
        if (errno != EEXIST)
            return NULL;
        memset(template + strlen(template) - 6, 'X', 6);
    }
    return NULL;
}

int fallocate(int fd, int mode, off_t at, off_t len)
{
    (void)fd, (void)mode, (void)at, (void)len;
    errno = EOPNOTSUPP;
    return -1;
}

int flock(int fd, int operation)
{
    (void)fd, (void)operation;
    return 0;
}

/* ---- Who and where ---- */

uid_t geteuid(void)
{
    return 0;
}

/* As installed: guests are found beside it (tools/host/home.h). */
unsigned long getauxval(unsigned long type)
{
    static const char name[] = "/bin/pz";

    return type == AT_EXECFN ? (unsigned long)name : 0;
}
