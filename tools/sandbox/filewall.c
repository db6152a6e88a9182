/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filewall.c - uses Landlock by its system calls: the C library has no functions for them, and
 * the kernel's headers may be older than the kernel.
 */
#define _GNU_SOURCE
#include "tools/sandbox/filewall.h"

#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/*
 * Access rights, and the version that introduced each
 * (Documentation/userspace-api/landlock.rst).
 */
#define FS_EXECUTE (1u << 0)
#define FS_WRITE_FILE (1u << 1)
#define FS_READ_FILE (1u << 2)
#define FS_READ_DIR (1u << 3)
#define FS_TRUNCATE (1u << 14)
#define NET_TCP 3u
#define SCOPES 3u
#define ASK_VERSION 1u
#define RULE_PATH 1

struct ruleset {
    uint64_t files, net, scopes;
};

struct path_rule {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

int filewall_version(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);

    return version > 0 ? (int)version : 0;
}

/* All file rights of this version: 13 at first, and one more each with versions 2, 3 and 5. */
static uint64_t file_rights(int version)
{
    unsigned bits = 13 + (version >= 2) + (version >= 3) + (version >= 5);

    return (1ull << bits) - 1;
}

int filewall_begin(void)
{
    int version = filewall_version();
    const struct ruleset ruleset = {
        .files = file_rights(version),
        .net = version >= 4 ? NET_TCP : 0,
        .scopes = version >= 6 ? SCOPES : 0,
    };

    return version ? (int)syscall(SYS_landlock_create_ruleset, &ruleset, sizeof ruleset, 0)
                   : -1;
}

/* A rule for anything but a directory may name only the rights of files. */
static uint64_t rights_of(enum filewall_door door, bool folder)
{
    const uint64_t all = file_rights(filewall_version());
    const uint64_t file = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE;
    uint64_t rights = FS_READ_FILE | FS_READ_DIR;

    if (door == FILEWALL_RUN)
        rights |= FS_EXECUTE;
    if (door == FILEWALL_CHANGE)
        rights = all & ~(uint64_t)FS_EXECUTE;
    return folder ? rights & all : rights & file & all;
}

bool filewall_open(int wall, const char *path, enum filewall_door door)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    struct stat found;
    bool added = false;

    if (fd >= 0 && !fstat(fd, &found)) {
        const struct path_rule rule = {rights_of(door, S_ISDIR(found.st_mode)), fd};

        added = !syscall(SYS_landlock_add_rule, wall, RULE_PATH, &rule, 0);
    }
    if (fd >= 0)
        close(fd);
    return added;
}

void filewall_open_matching(int wall, const char *folder, const char *pattern)
{
    char whole[PATH_MAX];
    glob_t found;

    if (snprintf(whole, sizeof whole, "%s/%s", folder, pattern) >= (int)sizeof whole ||
        glob(whole, 0, NULL, &found))
        return;
    for (size_t i = 0; i < found.gl_pathc; i++)
        (void)filewall_open(wall, found.gl_pathv[i], FILEWALL_READ);
    globfree(&found);
}

bool filewall_enter(int wall)
{
    return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
           !syscall(SYS_landlock_restrict_self, wall, 0);
}

void filewall_open_libraries(int wall)
{
    static const char *const paths[] = {
        "/lib",       "/lib32",     "/lib64",         "/libx32",          "/usr/lib",
        "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/nix/store",       "/gnu/store",
        "/dev/null",  "/dev/zero",  "/dev/urandom",   "/etc/ld.so.cache",
    };

    for (unsigned i = 0; i < sizeof paths / sizeof paths[0]; i++)
        (void)filewall_open(wall, paths[i], FILEWALL_RUN);
}

void filewall_open_programs(int wall)
{
    static const char *const paths[] = {"/bin",         "/usr/bin",     "/usr/local/bin",
                                        "/usr/include", "/usr/libexec", "/usr/local/include"};

    filewall_open_libraries(wall);
    for (unsigned i = 0; i < sizeof paths / sizeof paths[0]; i++)
        (void)filewall_open(wall, paths[i], FILEWALL_RUN);
    (void)filewall_open(wall, "/dev/null", FILEWALL_CHANGE);
}
