/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ramfs.c - the files in memory. A read-only node points into the kernel image (archive.S); a
 * writable one has an index page that points to its data pages, made when first written to. One
 * lock protects the directory and all of what is in the files; of a long read or write, it is
 * held for one piece after the other.
 */
#include "ramfs.h"

#include <stdbool.h>
#include <stddef.h>

#include "copy.h"
#include "memlayout.h"
#include "page.h"
#include "panic.h"
#include "spin.h"
#include "string.h"

enum { MAX_NODES = 64, MAX_PAGES = FILE_MAX_SIZE / PAGE_SIZE };

struct node {
    char name[NAME_SIZE]; /* empty: no directory entry */
    uint32_t opens;
    uint32_t size;
    const char *image; /* the bytes of a read-only file */
    char **index;      /* the pages of a writable one; NULL as long as it is empty */
};

/* One row of the table that archive.S builds; the last has no name. */
struct archive_entry {
    const char *name;
    const char *start, *end;
};

extern const struct archive_entry archive[];

static struct spinlock lock = SPINLOCK(LOCK_RAMFS);
static struct node nodes[MAX_NODES];

/* What a hole reads as: a file truncated under a writer that then went on at its old offset. */
static const char hole[PAGE_SIZE];

static bool is_unused(const struct node *n)
{
    return n->name[0] == '\0' && n->opens == 0;
}

static struct node *create(const char *name)
{
    for (struct node *n = nodes; n < nodes + MAX_NODES; n++) {
        if (is_unused(n)) {
            copy_name(n->name, name, NAME_SIZE);
            return n;
        }
    }
    return NULL;
}

void ramfs_init(void)
{
    for (const struct archive_entry *e = archive; e->name; e++) {
        struct node *n = create(e->name);

        if (!n)
            panic("more programs than the file system has room for");
        n->image = e->start;
        n->size = (uint32_t)(e->end - e->start);
    }
}

static const char *skip_slash(const char *name)
{
    return *name == '/' ? name + 1 : name;
}

static struct node *find(const char *name)
{
    name = skip_slash(name);
    for (struct node *n = nodes; n < nodes + MAX_NODES; n++)
        if (n->name[0] && strcmp(n->name, name) == 0)
            return n;
    return NULL;
}

static void free_data(struct node *n)
{
    if (n->index) {
        for (uint32_t i = 0; i < MAX_PAGES; i++)
            if (n->index[i])
                page_free(n->index[i]);
        page_free(n->index);
    }
    n->index = NULL;
    n->size = 0;
}

static int open(const char *name, uint32_t flags, struct node **out)
{
    struct node *n = find(name);

    if (!n && !(flags & O_CREATE && *skip_slash(name)))
        return -ENOENT;
    if (n && n->image && flags & (O_WRITE | O_TRUNC | O_APPEND))
        return -EROFS;
    if (!n)
        n = create(skip_slash(name));
    if (!n)
        return -ENOSPC;
    if (flags & O_TRUNC)
        free_data(n);
    n->opens++;
    *out = n;
    return 0;
}

int ramfs_open(const char *name, uint32_t flags, struct node **out)
{
    int error;

    spin_lock(&lock);
    error = open(name, flags, out);
    spin_unlock(&lock);
    return error;
}

static void forget_if_unused(struct node *n)
{
    if (is_unused(n)) {
        free_data(n);
        *n = (struct node){0};
    }
}

void ramfs_close(struct node *n)
{
    spin_lock(&lock);
    n->opens--;
    forget_if_unused(n);
    spin_unlock(&lock);
}

static int unlink(const char *name)
{
    struct node *n = find(name);

    if (!n)
        return -ENOENT;
    if (n->image)
        return -EROFS;
    n->name[0] = '\0';
    forget_if_unused(n);
    return 0;
}

int ramfs_unlink(const char *name)
{
    int error;

    spin_lock(&lock);
    error = unlink(name);
    spin_unlock(&lock);
    return error;
}

/* One word, and old by the time that the caller sees it: the lock would change nothing. */
uint32_t ramfs_size(const struct node *n)
{
    return n->size;
}

static void describe(const struct node *n, struct fileinfo *info)
{
    *info =
        (struct fileinfo){.kind = KIND_FILE, .size = n->size, .read_only = n->image != NULL};
    memcpy(info->name, n->name, NAME_SIZE);
}

void ramfs_stat(const struct node *n, struct fileinfo *info)
{
    spin_lock(&lock);
    describe(n, info);
    spin_unlock(&lock);
}

int ramfs_entry(uint32_t slot, struct fileinfo *info)
{
    bool used;

    if (slot >= MAX_NODES)
        return -EINVAL;
    spin_lock(&lock);
    used = nodes[slot].name[0] != '\0';
    if (used)
        describe(&nodes[slot], info);
    spin_unlock(&lock);
    return used ? 0 : -ENOENT;
}

/* The bytes from offset on that lie together, at most *size of them; *size is how many. */
static const char *bytes_at(const struct node *n, uint32_t offset, uint32_t *size)
{
    uint32_t in_page = offset % PAGE_SIZE;
    uint32_t left = offset < n->size ? n->size - offset : 0;
    const char *page;

    *size = *size < left ? *size : left;
    if (n->image || *size == 0)
        return n->image ? n->image + offset : NULL;
    *size = *size < PAGE_SIZE - in_page ? *size : PAGE_SIZE - in_page;
    page = n->index[offset / PAGE_SIZE];
    return (page ? page : hole) + in_page;
}

uint32_t ramfs_read(const struct node *n, uint32_t offset, void *dst, uint32_t size)
{
    uint32_t done = 0, part = 1;

    while (done < size && part > 0) {
        const char *from;

        part = size - done;
        spin_lock(&lock);
        from = bytes_at(n, offset + done, &part);
        memcpy((char *)dst + done, from, part);
        spin_unlock(&lock);
        done += part;
    }
    return done;
}

/* The piece that lies together at an offset; *part is how much may be copied, and was. */
static int read_part(const struct node *n, uint32_t offset, uint32_t va, uint32_t *part)
{
    const char *from;
    int error;

    spin_lock(&lock);
    from = bytes_at(n, offset, part);
    error = copy_to_user(va, from, *part);
    spin_unlock(&lock);
    return error;
}

int32_t ramfs_read_to_user(const struct node *n, uint32_t offset, uint32_t va, uint32_t size)
{
    uint32_t done = 0;

    while (done < size) {
        uint32_t part = size - done;
        int error = read_part(n, offset + done, va + done, &part);

        if (error < 0)
            return done ? (int32_t)done : error;
        if (part == 0)
            break;
        done += part;
    }
    return (int32_t)done;
}

/* The page that holds this offset, made if need be; NULL when memory is out. */
static char *page_for_write(struct node *n, uint32_t offset)
{
    uint32_t i = offset / PAGE_SIZE;

    if (!n->index)
        n->index = page_alloc_zeroed();
    if (!n->index)
        return NULL;
    if (!n->index[i])
        n->index[i] = page_alloc_zeroed();
    return n->index[i];
}

static int write_part(struct node *n, uint32_t offset, uint32_t va, uint32_t part)
{
    char *page;
    int error;

    spin_lock(&lock);
    page = page_for_write(n, offset);
    error = page ? copy_from_user(page + offset % PAGE_SIZE, va, part) : -ENOMEM;
    if (error == 0 && offset + part > n->size)
        n->size = offset + part;
    spin_unlock(&lock);
    return error;
}

int32_t ramfs_write_from_user(struct node *n, uint32_t offset, uint32_t va, uint32_t size)
{
    uint32_t done = 0;

    while (done < size) {
        uint32_t at = offset + done;
        uint32_t room = PAGE_SIZE - at % PAGE_SIZE;
        uint32_t part = size - done < room ? size - done : room;
        int error = at < FILE_MAX_SIZE ? write_part(n, at, va + done, part) : -EFBIG;

        if (error < 0)
            return done ? (int32_t)done : error;
        done += part;
    }
    return (int32_t)done;
}
