/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node.c - the files in memory: those of the archive, which all may read where they lie, and
 * those that programs write, in pages that all processes map.
 */
#include "posix.h"
#include "string.h"

static bool is_unused(const struct node *n)
{
    return n->name[0] == '\0' && n->opens == 0;
}

static struct node *create(const char *name)
{
    for (struct node *n = shared->node; n < shared->node + MAX_NODES; n++) {
        if (is_unused(n)) {
            copy_name(n->name, name, NAME_SIZE);
            return n;
        }
    }
    return NULL;
}

/* Systems and their libraries are in the archive, too: they are no programs. */
void node_init(void)
{
    for (const struct archive_file *f = archive; f->name[0]; f++) {
        struct node *n = create(f->name);

        if (!n)
            return;
        n->image = (const char *)LIB_ARCHIVE + f->offset;
        n->size = f->size;
    }
}

static const char *skip_slash(const char *name)
{
    return *name == '/' ? name + 1 : name;
}

static struct node *find(const char *name)
{
    name = skip_slash(name);
    for (struct node *n = shared->node; n < shared->node + MAX_NODES; n++)
        if (n->name[0] && strcmp(n->name, name) == 0)
            return n;
    return NULL;
}

static void free_data(struct node *n)
{
    for (uint32_t i = 0; n->index && i < FILE_PAGES; i++)
        if (n->index[i])
            cache_free(n->index[i]);
    if (n->index)
        cache_free(n->index);
    n->index = NULL;
    n->size = 0;
}

int32_t node_open(const char *name, uint32_t flags, struct node **out)
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

static void forget_if_unused(struct node *n)
{
    if (is_unused(n)) {
        free_data(n);
        *n = (struct node){0};
    }
}

void node_close(struct node *n)
{
    n->opens--;
    forget_if_unused(n);
}

int32_t node_unlink(const char *name)
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

void node_stat(const struct node *n, struct fileinfo *out)
{
    *out = (struct fileinfo){.kind = KIND_FILE, .size = n->size, .read_only = n->image != NULL};
    memcpy(out->name, n->name, NAME_SIZE);
}

int32_t node_entry(uint32_t slot, struct fileinfo *out)
{
    if (slot >= MAX_NODES)
        return -EINVAL;
    if (!shared->node[slot].name[0])
        return -ENOENT;
    node_stat(&shared->node[slot], out);
    return 0;
}

/* The bytes from offset on that lie together, at most *n of them; NULL: a hole of zeros. */
static const char *bytes_at(const struct node *file, uint32_t offset, uint32_t *n)
{
    uint32_t left = offset < file->size ? file->size - offset : 0, in_page = offset % PAGE;
    const char *page;

    *n = *n < left ? *n : left;
    if (file->image || *n == 0)
        return file->image ? file->image + offset : NULL;
    *n = *n < PAGE - in_page ? *n : PAGE - in_page;
    page = file->index ? file->index[offset / PAGE] : NULL;
    return page ? page + in_page : NULL;
}

static void copy(void *to, const char *from, uint32_t n)
{
    if (from)
        memcpy(to, from, n);
    else
        memset(to, 0, n);
}

uint32_t node_read(const struct node *n, uint32_t offset, void *to, uint32_t size)
{
    uint32_t done = 0, part = 1;

    while (done < size && part > 0) {
        const char *from;

        part = size - done;
        from = bytes_at(n, offset + done, &part);
        copy((char *)to + done, from, part);
        done += part;
    }
    return done;
}

int32_t node_read_to_user(const struct node *n, uint32_t offset, uint32_t va, uint32_t size)
{
    uint32_t done = 0;

    while (done < size) {
        uint32_t part = size - done;
        const char *from = bytes_at(n, offset + done, &part);
        int32_t error = vm_range(va + done, part, MAP_W);

        if (error < 0)
            return done ? (int32_t)done : error;
        if (part == 0)
            break;
        copy((void *)(va + done), from, part);
        done += part;
    }
    return done || size == 0 || vm_range(va, 1, MAP_W) == 0 ? (int32_t)done : -EFAULT;
}

static int32_t write_part(struct node *n, uint32_t at, uint32_t va, uint32_t part)
{
    int32_t error = vm_range(va, part, MAP_R);

    if (error == 0 && !n->index)
        n->index = cache_page(NULL);
    if (error == 0 && n->index && !n->index[at / PAGE])
        n->index[at / PAGE] = cache_page(NULL);
    if (error < 0)
        return error;
    if (!n->index || !n->index[at / PAGE])
        return -ENOMEM;
    memcpy(n->index[at / PAGE] + at % PAGE, (const void *)va, part);
    n->size = n->size > at + part ? n->size : at + part;
    return 0;
}

int32_t node_write(struct node *n, uint32_t offset, uint32_t va, uint32_t size)
{
    uint32_t done = 0;

    while (done < size) {
        uint32_t at = offset + done, room = PAGE - at % PAGE;
        uint32_t part = size - done < room ? size - done : room;
        int32_t error = at < FILE_MAX_SIZE ? write_part(n, at, va + done, part) : -EFBIG;

        if (error < 0)
            return done ? (int32_t)done : error;
        done += part;
    }
    return (int32_t)done;
}
