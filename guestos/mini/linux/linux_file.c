/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linux_file.c - names and descriptors. mini has one directory, without others in it: to a program
 * for Linux it is /, and also /bin and whatever else it expects programs and temporary files in.
 * An open directory is a descriptor that leads nowhere, with a position that the process's state
 * keeps.
 */
#include "../kernel/copy.h"
#include "../kernel/file.h"
#include "../kernel/ramfs.h"
#include "../kernel/syscall.h"
#include "linux.h"
#include "string.h"

enum {
    ACCESS_MODE = 3,
    OPEN_CREATE = 0x40,
    OPEN_EXCLUSIVE = 0x80,
    OPEN_TRUNC = 0x200,
    OPEN_APPEND = 0x400,
    OPEN_DIRECTORY = 0x10000,
    OPEN_CLOEXEC = 0x80000,
    DUPFD = 0,
    GETFD = 1,
    SETFD = 2,
    GETFL = 3,
    SETFL = 4,
    DUPFD_CLOEXEC = 1030,
    EMPTY_PATH = 0x1000,
    MODE_FILE = 0100755,
    MODE_DIRECTORY = 0040755,
    MODE_CONSOLE = 0020620,
    MODE_PIPE = 0010600,
    STATX_BASIC = 0x7ff,
    DT_REG = 8,
};

struct file *linux_file(uint32_t fd)
{
    return fd < MAX_FDS ? current->files[fd] : NULL;
}

static const char *const prefixes[] = {"bin/",      "sbin/", "usr/bin/",
                                       "usr/sbin/", "tmp/",  "dev/"};

static const char *skip_prefix(const char *path)
{
    for (bool again = true; again;) {
        again = *path == '/' || (path[0] == '.' && (path[1] == '/' || !path[1]));
        path += again ? 1 : 0;
    }
    for (uint32_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
        if (strncmp(path, prefixes[i], strlen(prefixes[i])) == 0)
            return path + strlen(prefixes[i]);
    return path;
}

int32_t linux_path(uint32_t va, char *name, bool *is_root)
{
    char path[LINUX_PATH];
    int32_t n = copy_string_from_user(path, va, sizeof(path));
    const char *rest;

    if (n < 0)
        return n;
    rest = skip_prefix(path);
    *is_root = n > 0 && !*rest;
    if (n == 0 || strchr(rest, '/'))
        return -ENOENT;
    if (strcmp(rest, "tty") == 0)
        rest = "console";
    return copy_name(name, rest, NAME_SIZE) ? 0 : -ENAMETOOLONG;
}

void linux_close_fd(uint32_t fd)
{
    struct linux_state *s = linux_current();

    file_close(current->files[fd]);
    current->files[fd] = NULL;
    s->cloexec &= (uint16_t) ~(1u << fd);
    s->directory[fd] = 0;
}

/* The lowest free one from `least` on. */
static int32_t install(struct file *f, uint32_t least, bool cloexec)
{
    for (uint32_t fd = least; f && fd < MAX_FDS; fd++) {
        if (current->files[fd])
            continue;
        current->files[fd] = f;
        linux_current()->cloexec |= (uint16_t)(cloexec << fd);
        return (int32_t)fd;
    }
    if (f)
        file_close(f);
    return f ? -EMFILE : -ENFILE;
}

/* A descriptor that leads nowhere, with a mark: a directory's position, or that it is /dev/null. */
static int32_t open_marked(uint32_t flags, uint16_t mark)
{
    struct file *f;
    int32_t fd;

    if (flags & ACCESS_MODE && mark != LINUX_NULL)
        return -LINUX_EISDIR;
    fd = file_open("console", O_READ, &f);
    if (fd < 0)
        return fd;
    f->readable = f->writable = false;
    fd = install(f, 0, flags & OPEN_CLOEXEC);
    if (fd >= 0)
        linux_current()->directory[fd] = mark;
    return fd;
}

static bool exists(const char *name)
{
    struct file *f;

    if (file_open(name, O_READ, &f) < 0)
        return false;
    file_close(f);
    return true;
}

static int32_t open_file(const char *name, uint32_t flags)
{
    static const uint8_t modes[] = {O_READ, O_WRITE, O_READ | O_WRITE, O_READ};
    uint32_t ours = modes[flags & ACCESS_MODE];
    struct file *f;
    int32_t error;

    if (flags & OPEN_DIRECTORY)
        return exists(name) ? -LINUX_ENOTDIR : -ENOENT;
    if (flags & OPEN_CREATE && flags & OPEN_EXCLUSIVE && exists(name))
        return -LINUX_EEXIST;
    ours |= (flags & OPEN_CREATE ? O_CREATE : 0) | (flags & OPEN_TRUNC ? O_TRUNC : 0) |
            (flags & OPEN_APPEND ? O_APPEND : 0);
    error = file_open(name, ours, &f);
    return error < 0 ? error : install(f, 0, flags & OPEN_CLOEXEC);
}

int32_t linux_openat(const uint32_t *arg)
{
    char name[NAME_SIZE];
    bool is_root;
    int32_t error = linux_path(arg[1], name, &is_root);

    if (error < 0)
        return error;
    if (is_root || strcmp(name, "null") == 0)
        return open_marked(arg[2], is_root ? 1 : LINUX_NULL);
    return open_file(name, arg[2]);
}

int32_t linux_close(const uint32_t *arg)
{
    if (!linux_file(arg[0]))
        return -EBADF;
    linux_close_fd(arg[0]);
    return 0;
}

/* A descriptor's directory goes with it. */
static int32_t duplicate(uint32_t fd, uint32_t least, bool cloexec)
{
    struct linux_state *s = linux_current();
    int32_t to;

    if (!linux_file(fd))
        return -EBADF;
    if (least >= MAX_FDS)
        return -EINVAL;
    to = install(file_share(linux_file(fd)), least, cloexec);
    if (to >= 0)
        s->directory[to] = s->directory[fd];
    return to;
}

int32_t linux_dup(const uint32_t *arg)
{
    return duplicate(arg[0], 0, false);
}

int32_t linux_dup3(const uint32_t *arg)
{
    if (!linux_file(arg[0]) || arg[1] >= MAX_FDS)
        return -EBADF;
    if (arg[0] == arg[1])
        return -EINVAL;
    if (linux_file(arg[1]))
        linux_close_fd(arg[1]);
    return duplicate(arg[0], arg[1], arg[2] & OPEN_CLOEXEC);
}

int32_t linux_fcntl64(const uint32_t *arg)
{
    struct linux_state *s = linux_current();
    const struct file *f = linux_file(arg[0]);
    uint32_t bit = f ? 1u << arg[0] : 0;

    if (!f)
        return -EBADF;
    switch (arg[1]) {
    case DUPFD: return duplicate(arg[0], arg[2], false);
    case DUPFD_CLOEXEC: return duplicate(arg[0], arg[2], true);
    case GETFD: return (s->cloexec & bit) != 0;
    case SETFD: s->cloexec = (uint16_t)((s->cloexec & ~bit) | (arg[2] & 1 ? bit : 0)); return 0;
    case GETFL: return f->readable && f->writable ? 2 : f->writable;
    case SETFL: return 0;
    default: return -EINVAL;
    }
}

int32_t linux_pipe2(const uint32_t *arg)
{
    struct linux_state *s = linux_current();
    int32_t error = sys_pipe(arg);
    uint32_t fds[2];

    if (error == 0 && arg[1] & OPEN_CLOEXEC) {
        error = copy_from_user(fds, arg[0], sizeof(fds));
        for (int i = 0; i < 2 && error == 0; i++)
            s->cloexec |= fds[i] < MAX_FDS ? (uint16_t)(1u << fds[i]) : 0;
    }
    return error;
}

/* No terminal's settings are here to be asked for. */
int32_t linux_ioctl(const uint32_t *arg)
{
    return linux_file(arg[0]) ? -LINUX_ENOTTY : -EBADF;
}

int32_t linux_getcwd(const uint32_t *arg)
{
    int error;

    if (arg[1] < 2)
        return -LINUX_ERANGE;
    error = copy_to_user(arg[0], "/", 2);
    return error < 0 ? error : 2;
}

int32_t linux_chdir(const uint32_t *arg)
{
    char name[NAME_SIZE];
    bool is_root;
    int32_t error = linux_path(arg[0], name, &is_root);

    if (error == 0 && !is_root)
        error = exists(name) ? -LINUX_ENOTDIR : -ENOENT;
    return error;
}

int32_t linux_unlinkat(const uint32_t *arg)
{
    char name[NAME_SIZE];
    bool is_root;
    int32_t error = linux_path(arg[1], name, &is_root);

    if (error < 0 || is_root)
        return error < 0 ? error : -LINUX_EISDIR;
    return ramfs_unlink(name);
}

int32_t linux_faccessat(const uint32_t *arg)
{
    char name[NAME_SIZE];
    bool is_root;
    int32_t error = linux_path(arg[1], name, &is_root);

    return error < 0 || is_root || exists(name) ? error : -ENOENT;
}

/* Nothing is a symbolic link. */
int32_t linux_readlinkat(const uint32_t *arg)
{
    int32_t error = linux_faccessat(arg);

    return error < 0 ? error : -EINVAL;
}

struct statx {
    uint32_t mask, block_size;
    uint64_t attributes;
    uint32_t links, uid, gid;
    uint16_t mode, spare;
    uint64_t inode, size, blocks, rest[25];
};

_Static_assert(sizeof(struct statx) == 256, "Linux's structure");

static void describe(const struct file *f, bool is_directory, struct statx *st)
{
    static const uint16_t modes[] = {
        [KIND_FILE] = MODE_FILE, [KIND_CONSOLE] = MODE_CONSOLE, [KIND_PIPE] = MODE_PIPE};
    struct fileinfo info = {.kind = KIND_FILE};

    if (!is_directory)
        file_stat(f, &info);
    *st =
        (struct statx){.mask = STATX_BASIC, .block_size = 4096, .links = 1, .size = info.size};
    st->mode = is_directory ? MODE_DIRECTORY : modes[info.kind];
    st->blocks = (info.size + 511) / 512;
    st->inode = is_directory ? 1 : (uint64_t)(uintptr_t)f->node;
}

/* (directory, path, flags, mask, result); an empty path is the descriptor itself. */
int32_t linux_statx(const uint32_t *arg)
{
    char name[NAME_SIZE];
    struct statx st;
    struct file *f = NULL;
    bool is_root = false;
    int32_t error = linux_path(arg[1], name, &is_root);

    if (error == -ENOENT && arg[2] & EMPTY_PATH) {
        f = linux_file(arg[0]);
        if (!f)
            return -EBADF;
        error = linux_current()->directory[arg[0]];
        describe(f, error && error != LINUX_NULL, &st);
        return copy_to_user(arg[4], &st, sizeof(st));
    }
    if (error == 0 && !is_root)
        error = file_open(name, O_READ, &f);
    if (error < 0)
        return error;
    describe(f, is_root, &st);
    file_close(f);
    return copy_to_user(arg[4], &st, sizeof(st));
}

struct entry {
    uint64_t inode;
    int64_t next;
    uint16_t size;
    uint8_t type;
    char name[NAME_SIZE];
} __attribute__((packed));

/* One entry of the directory's at `slot`, at va, if it fits: its size; 0: it does not. */
static int32_t put_entry(uint32_t slot, const char *name, uint32_t va, uint32_t room)
{
    struct entry e = {.inode = slot + 1, .next = slot + 1, .type = DT_REG};
    uint32_t used = (uint32_t)(sizeof(e) - NAME_SIZE + strlen(name) + 1 + 7) & ~7u;
    int32_t error;

    copy_name(e.name, name, NAME_SIZE);
    e.size = (uint16_t)used;
    if (used > room)
        return 0;
    error = copy_to_user(va, &e, used < sizeof(e) ? used : sizeof(e));
    return error < 0 ? error : (int32_t)used;
}

int32_t linux_getdents64(const uint32_t *arg)
{
    uint16_t *position = arg[0] < MAX_FDS ? &linux_current()->directory[arg[0]] : NULL;
    struct fileinfo info;
    int32_t done = 0, n = 1, error;

    if (!linux_file(arg[0]) || !*position || *position == LINUX_NULL)
        return linux_file(arg[0]) ? -LINUX_ENOTDIR : -EBADF;
    while ((error = ramfs_entry(*position - 1u, &info)) != -EINVAL) {
        if (error == 0)
            n = put_entry(*position - 1u, info.name, arg[1] + (uint32_t)done,
                          arg[2] - (uint32_t)done);
        if (n <= 0)
            break;
        done += error == 0 ? n : 0;
        (*position)++;
    }
    return done || n > 0 ? done : n < 0 ? n : -EINVAL;
}
