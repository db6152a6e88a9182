/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box_files.c - the files of a box: those of its image, which nobody changes, and what the box has
 * made of them: pages that were written, files that are new, names that are gone. Outside the box
 * nothing of it is seen, and inside nothing but it. The image's bytes stay where they are, once
 * for all boxes; a page of them is copied when it is first written to.
 *
 * To the rest of the kernel a node is a pointer. Those of boxes lie in pages, above the kernel's
 * image; those of ramfs.c within it.
 */
#include <stddef.h>

#include "../kernel/copy.h"
#include "../kernel/file.h"
#include "../kernel/memlayout.h"
#include "../kernel/page.h"
#include "../kernel/ramfs.h"
#include "box.h"
#include "string.h"

enum { MAX_PAGES = FILE_MAX_SIZE / PAGE_SIZE };

struct boxnode {
    char name[NAME_SIZE]; /* empty: no directory entry */
    uint32_t opens, size;
    const char *image; /* its first `image_size` bytes, where no page has been written */
    uint32_t image_size;
    char **index; /* pages; NULL: none written */
};

enum { MAX_NODES = PAGE_SIZE / sizeof(struct boxnode) };

_Static_assert(BOX_MAX_FILES <= MAX_NODES, "an image's files fit a box's nodes");

struct archive_entry {
    const char *name;
    const char *start, *end;
};

extern const struct archive_entry archive[];

/* Who has opened which of the kernel's open files. */
static struct {
    const struct file *file;
    const struct box *box;
} opened[BOX_OPEN_FILES];

static struct spinlock lock = SPINLOCK(LOCK_RAMFS);

int WRAP(ramfs_open)(const char *name, uint32_t flags, struct node **out);
int REAL(ramfs_open)(const char *name, uint32_t flags, struct node **out);
void WRAP(ramfs_close)(struct node *n);
void REAL(ramfs_close)(struct node *n);
int WRAP(ramfs_unlink)(const char *name);
int REAL(ramfs_unlink)(const char *name);
uint32_t WRAP(ramfs_size)(const struct node *n);
uint32_t REAL(ramfs_size)(const struct node *n);
void WRAP(ramfs_stat)(const struct node *n, struct fileinfo *info);
void REAL(ramfs_stat)(const struct node *n, struct fileinfo *info);
int WRAP(ramfs_entry)(uint32_t slot, struct fileinfo *info);
int REAL(ramfs_entry)(uint32_t slot, struct fileinfo *info);
uint32_t WRAP(ramfs_read)(const struct node *n, uint32_t offset, void *dst, uint32_t size);
uint32_t REAL(ramfs_read)(const struct node *n, uint32_t offset, void *dst, uint32_t size);
int32_t WRAP(ramfs_read_to_user)(const struct node *n, uint32_t at, uint32_t va, uint32_t size);
int32_t REAL(ramfs_read_to_user)(const struct node *n, uint32_t at, uint32_t va, uint32_t size);
int32_t WRAP(ramfs_write_from_user)(struct node *n, uint32_t at, uint32_t va, uint32_t size);
int32_t REAL(ramfs_write_from_user)(struct node *n, uint32_t at, uint32_t va, uint32_t size);
int WRAP(file_open)(const char *name, uint32_t flags, struct file **out);
int REAL(file_open)(const char *name, uint32_t flags, struct file **out);
int WRAP(file_open_pipe)(struct file **reader, struct file **writer);
int REAL(file_open_pipe)(struct file **reader, struct file **writer);

/* NULL: it is one of ramfs.c. */
static struct boxnode *boxed(const struct node *n)
{
    return (const char *)n >= image_end ? (struct boxnode *)(uintptr_t)n : NULL;
}

static const struct archive_entry *find_image(const char *name)
{
    for (const struct archive_entry *e = archive; e->name; e++)
        if (strcmp(e->name, name) == 0)
            return e;
    return NULL;
}

/* An image is trusted as little as a program. */
static int check_image(const struct archive_entry *e)
{
    const struct boximage *image = (const void *)e->start;
    const struct boxentry *entry = (const void *)(image + 1);
    uint32_t size = (uint32_t)(e->end - e->start);

    if (size < sizeof(*image) || image->magic != BOX_MAGIC || image->count > BOX_MAX_FILES ||
        size - sizeof(*image) < image->count * sizeof(*entry))
        return -ENOEXEC;
    for (uint32_t i = 0; i < image->count; i++, entry++)
        if (!entry->name[0] || entry->name[NAME_SIZE - 1] || entry->offset > size ||
            entry->size > size - entry->offset || entry->size > FILE_MAX_SIZE)
            return -ENOEXEC;
    return 0;
}

int box_files_start(struct box *b)
{
    const struct archive_entry *e = find_image(b->config.image);
    const struct boxentry *entry;
    int error = e ? check_image(e) : -ENOENT;

    if (error < 0)
        return error;
    b->nodes = box_memory_take(b);
    b->log = box_memory_take(b);
    if (!b->nodes || !b->log) {
        box_files_end(b);
        return -ENOMEM;
    }
    b->image = (const void *)e->start;
    entry = (const void *)(b->image + 1);
    for (uint32_t i = 0; i < b->image->count; i++, entry++) {
        struct boxnode *n = &b->nodes[i];

        copy_name(n->name, entry->name, NAME_SIZE);
        n->image = e->start + entry->offset;
        n->image_size = n->size = entry->size;
    }
    return 0;
}

static void free_data(struct boxnode *n)
{
    for (uint32_t i = 0; n->index && i < MAX_PAGES; i++)
        if (n->index[i])
            page_free(n->index[i]);
    if (n->index)
        page_free(n->index);
    n->index = NULL;
    n->image = NULL;
    n->size = n->image_size = 0;
}

void box_files_end(struct box *b)
{
    for (uint32_t i = 0; b->nodes && i < MAX_NODES; i++)
        free_data(&b->nodes[i]);
    if (b->nodes)
        page_free(b->nodes);
    if (b->log)
        page_free(b->log);
}

static const char *skip_slash(const char *name)
{
    return *name == '/' ? name + 1 : name;
}

static struct boxnode *find(const struct box *b, const char *name)
{
    for (struct boxnode *n = b->nodes; n < b->nodes + MAX_NODES; n++)
        if (n->name[0] && strcmp(n->name, name) == 0)
            return n;
    return NULL;
}

static struct boxnode *create(const struct box *b, const char *name)
{
    for (struct boxnode *n = b->nodes; n < b->nodes + MAX_NODES; n++) {
        if (!n->name[0] && n->opens == 0) {
            copy_name(n->name, name, NAME_SIZE);
            return n;
        }
    }
    return NULL;
}

static int open(const struct box *b, const char *name, uint32_t flags, struct node **out)
{
    struct boxnode *n = find(b, name);

    if (!n && !(flags & O_CREATE && *name))
        return -ENOENT;
    if (!n)
        n = create(b, name);
    if (!n)
        return -ENOSPC;
    if (flags & O_TRUNC)
        free_data(n);
    n->opens++;
    *out = (struct node *)(void *)n;
    return 0;
}

int WRAP(ramfs_open)(const char *name, uint32_t flags, struct node **out)
{
    const struct box *b = box_current();
    int error;

    if (!b)
        return REAL(ramfs_open)(name, flags, out);
    spin_lock(&lock);
    error = open(b, skip_slash(name), flags, out);
    spin_unlock(&lock);
    return error;
}

static void forget_if_unused(struct boxnode *n)
{
    if (n->opens == 0 && !n->name[0])
        free_data(n);
}

void WRAP(ramfs_close)(struct node *node)
{
    struct boxnode *n = boxed(node);

    if (!n) {
        REAL(ramfs_close)(node);
        return;
    }
    spin_lock(&lock);
    n->opens--;
    forget_if_unused(n);
    spin_unlock(&lock);
}

int WRAP(ramfs_unlink)(const char *name)
{
    const struct box *b = box_current();
    struct boxnode *n;

    if (!b)
        return REAL(ramfs_unlink)(name);
    spin_lock(&lock);
    n = find(b, skip_slash(name));
    if (n) {
        n->name[0] = '\0';
        forget_if_unused(n);
    }
    spin_unlock(&lock);
    return n ? 0 : -ENOENT;
}

uint32_t WRAP(ramfs_size)(const struct node *node)
{
    const struct boxnode *n = boxed(node);

    return n ? n->size : REAL(ramfs_size)(node);
}

static void describe(const struct boxnode *n, struct fileinfo *info)
{
    *info = (struct fileinfo){.kind = KIND_FILE, .size = n->size};
    memcpy(info->name, n->name, NAME_SIZE);
}

void WRAP(ramfs_stat)(const struct node *node, struct fileinfo *info)
{
    const struct boxnode *n = boxed(node);

    if (!n) {
        REAL(ramfs_stat)(node, info);
        return;
    }
    spin_lock(&lock);
    describe(n, info);
    spin_unlock(&lock);
}

int WRAP(ramfs_entry)(uint32_t slot, struct fileinfo *info)
{
    const struct box *b = box_current();
    bool used;

    if (!b)
        return REAL(ramfs_entry)(slot, info);
    if (slot >= MAX_NODES)
        return -EINVAL;
    spin_lock(&lock);
    used = b->nodes[slot].name[0];
    if (used)
        describe(&b->nodes[slot], info);
    spin_unlock(&lock);
    return used ? 0 : -ENOENT;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* What a file has at an offset: a written page, the image, or zeros; *size is how much of it. */
static const char *bytes_at(const struct boxnode *n, uint32_t offset, uint32_t *size)
{
    static const char hole[PAGE_SIZE];
    uint32_t in_page = offset % PAGE_SIZE;
    const char *page = NULL;

    *size = least(*size, offset < n->size ? n->size - offset : 0);
    *size = least(*size, PAGE_SIZE - in_page);
    if (*size > 0 && n->index)
        page = n->index[offset / PAGE_SIZE];
    if (page)
        return page + in_page;
    if (offset < n->image_size) {
        *size = least(*size, n->image_size - offset);
        return n->image + offset;
    }
    return hole + in_page;
}

uint32_t WRAP(ramfs_read)(const struct node *node, uint32_t offset, void *dst, uint32_t size)
{
    const struct boxnode *n = boxed(node);
    uint32_t done = 0, part = 1;

    if (!n)
        return REAL(ramfs_read)(node, offset, dst, size);
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

int32_t WRAP(ramfs_read_to_user)(const struct node *node, uint32_t at, uint32_t va,
                                 uint32_t size)
{
    const struct boxnode *n = boxed(node);
    uint32_t done = 0, part = 1;
    int error = 0;

    if (!n)
        return REAL(ramfs_read_to_user)(node, at, va, size);
    while (done < size && part > 0 && error == 0) {
        const char *from;

        part = size - done;
        spin_lock(&lock);
        from = bytes_at(n, at + done, &part);
        error = copy_to_user(va + done, from, part);
        spin_unlock(&lock);
        done += error == 0 ? part : 0;
    }
    return done || error == 0 ? (int32_t)done : error;
}

/* The page to write to: of the image it becomes a copy. NULL: memory is out. */
static char *page_for_write(struct boxnode *n, uint32_t offset)
{
    uint32_t i = offset / PAGE_SIZE, start = i * PAGE_SIZE;

    if (!n->index)
        n->index = page_alloc_zeroed();
    if (!n->index)
        return NULL;
    if (!n->index[i]) {
        n->index[i] = page_alloc_zeroed();
        if (n->index[i] && start < n->image_size)
            memcpy(n->index[i], n->image + start, least(PAGE_SIZE, n->image_size - start));
    }
    return n->index[i];
}

static int write_part(struct boxnode *n, uint32_t at, uint32_t va, uint32_t part)
{
    char *page;
    int error;

    spin_lock(&lock);
    page = page_for_write(n, at);
    error = page ? copy_from_user(page + at % PAGE_SIZE, va, part) : -ENOMEM;
    if (error == 0 && at + part > n->size)
        n->size = at + part;
    spin_unlock(&lock);
    return error;
}

int32_t WRAP(ramfs_write_from_user)(struct node *node, uint32_t at, uint32_t va, uint32_t size)
{
    struct boxnode *n = boxed(node);
    uint32_t done = 0;

    if (!n)
        return REAL(ramfs_write_from_user)(node, at, va, size);
    while (done < size) {
        uint32_t here = at + done;
        uint32_t part = least(size - done, PAGE_SIZE - here % PAGE_SIZE);
        int error = here < FILE_MAX_SIZE ? write_part(n, here, va + done, part) : -EFBIG;

        if (error < 0)
            return done ? (int32_t)done : error;
        done += part;
    }
    return (int32_t)done;
}

/* The kernel has room for so many open files; each box has a share of them. */
uint32_t box_files_open(const struct box *b)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < BOX_OPEN_FILES && opened[i].file; i++)
        n += opened[i].box == b && opened[i].file->holders > 0;
    return n;
}

static void note(const struct file *f, const struct box *b)
{
    uint32_t i = 0;

    while (i < BOX_OPEN_FILES - 1 && opened[i].file && opened[i].file != f)
        i++;
    opened[i].file = f;
    opened[i].box = b;
}

static bool may_open(struct box *b, uint32_t n)
{
    if (!b || box_files_open(b) + n <= b->config.files)
        return true;
    box_count_refusal(b);
    return false;
}

int WRAP(file_open)(const char *name, uint32_t flags, struct file **out)
{
    struct box *b = box_current();
    int error = -ENFILE;

    box_lock();
    if (may_open(b, 1))
        error = REAL(file_open)(name, flags, out);
    if (error == 0)
        note(*out, b);
    box_unlock();
    return error;
}

int WRAP(file_open_pipe)(struct file **reader, struct file **writer)
{
    struct box *b = box_current();
    int error = -ENFILE;

    box_lock();
    if (may_open(b, 2))
        error = REAL(file_open_pipe)(reader, writer);
    if (error == 0) {
        note(*reader, b);
        note(*writer, b);
    }
    box_unlock();
    return error;
}

void box_files_close_others(void)
{
    for (int fd = 3; fd < MAX_FDS; fd++) {
        file_close(current->files[fd]);
        current->files[fd] = NULL;
    }
}
