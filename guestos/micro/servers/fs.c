/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fs.c - the file server: files in memory. Those of the archive are read-only, and seen where the
 * kernel's image has them; what is written lies in pages of our own, and is lost with us. A file
 * is named by a handle that the process server holds: of an archive's file it is good after a
 * restart too; that of another is then nobody's.
 */
#include "server.h"

enum {
    MAX_NODES = 64,
    FILE_PAGES = 384, /* for all that is written */
    NODE_PAGES = FILE_MAX_SIZE / PAGE_BYTES,
    INDEX_BITS = 8,
    BIRTHS = 0x3fffff,
    OPEN_FLAGS = O_READ | O_WRITE | O_CREATE | O_TRUNC | O_APPEND,
    LIFE_SHIFT = 14,
    NO_PAGE = 0,
};

struct archive_entry {
    const char *name, *start, *end;
};

struct node {
    char name[NAME_SIZE]; /* empty: removed, or free if nobody has it open */
    const char *image;    /* NULL: it can be written */
    uint32_t size, refs, birth;
    uint16_t page[NODE_PAGES]; /* numbers from 1; NO_PAGE: zeros */
};

static struct node nodes[MAX_NODES];
static char pages[FILE_PAGES][PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static uint16_t free_pages[FILE_PAGES];
static uint32_t free_count, births;

void server_main(uint32_t process_lives, uint32_t life);

static const void *in_archive(const void *p)
{
    return (const char *)p - info->archive_address + ARCHIVE;
}

static void read_archive(void)
{
    const struct archive_entry *e = in_archive((const void *)info->archive_table);

    for (struct node *n = nodes; e->name; e++, n++) {
        copy_name(n->name, in_archive(e->name), NAME_SIZE);
        n->image = in_archive(e->start);
        n->size = (uint32_t)(e->end - e->start);
    }
}

static int32_t handle_of(const struct node *n)
{
    return (int32_t)((uint32_t)(n - nodes) | n->birth << INDEX_BITS);
}

/* NULL: no such file any more. */
static struct node *node_of(uint32_t handle)
{
    uint32_t i = handle & ((1 << INDEX_BITS) - 1);
    struct node *n = i < MAX_NODES ? &nodes[i] : NULL;

    return n && n->birth == handle >> INDEX_BITS && (n->refs > 0 || n->name[0]) ? n : NULL;
}

static struct node *find(const char *name)
{
    for (struct node *n = nodes; n < nodes + MAX_NODES; n++)
        if (n->name[0] && strcmp(n->name, name) == 0)
            return n;
    return NULL;
}

static void truncate(struct node *n)
{
    for (uint32_t i = 0; i < NODE_PAGES; i++) {
        if (n->page[i] != NO_PAGE)
            free_pages[free_count++] = n->page[i];
        n->page[i] = NO_PAGE;
    }
    n->size = 0;
}

static void free_unused(struct node *n)
{
    if (n->refs == 0 && !n->name[0] && !n->image)
        truncate(n);
}

static struct node *create(const char *name)
{
    struct node *n = nodes;

    while (n < nodes + MAX_NODES && (n->name[0] || n->refs > 0))
        n++;
    if (n == nodes + MAX_NODES)
        return NULL;
    copy_name(n->name, name, NAME_SIZE);
    n->birth = ++births & BIRTHS;
    return n;
}

/* The letter has the name, which may begin with a slash; it may change while we look at it. */
static void get_name(char *name, uint32_t client)
{
    char *from = letter(client);

    memcpy(name, from + (*from == '/'), NAME_SIZE);
    name[NAME_SIZE - 1] = '\0';
}

/* word: whose letter, flags. */
static int32_t open(uint32_t client, uint32_t flags)
{
    char name[NAME_SIZE];
    struct node *n;

    if (flags & ~(uint32_t)OPEN_FLAGS || !(flags & (O_READ | O_WRITE)))
        return -EINVAL;
    get_name(name, client);
    if (!name[0])
        return -ENOENT;
    n = find(name);
    if (n && n->image && flags & (O_WRITE | O_TRUNC))
        return -EROFS;
    if (!n && !(flags & O_CREATE))
        return -ENOENT;
    if (!n)
        n = create(name);
    if (!n)
        return -ENOSPC;
    if (flags & O_TRUNC)
        truncate(n);
    n->refs++;
    return handle_of(n);
}

static int32_t close(uint32_t handle)
{
    struct node *n = node_of(handle);

    if (!n)
        return -EBADF;
    if (n->refs > 0)
        n->refs--;
    free_unused(n);
    return 0;
}

static int32_t unlink(uint32_t client)
{
    char name[NAME_SIZE];
    struct node *n;

    get_name(name, client);
    n = name[0] ? find(name) : NULL;
    if (!n)
        return -ENOENT;
    if (n->image)
        return -EROFS;
    n->name[0] = '\0';
    free_unused(n);
    return 0;
}

static void copy_out(const struct node *n, uint32_t offset, char *to, uint32_t size)
{
    while (size > 0) {
        uint32_t in_page = offset % PAGE_BYTES;
        uint32_t part = size < PAGE_BYTES - in_page ? size : PAGE_BYTES - in_page;
        uint16_t page = n->page[offset / PAGE_BYTES];

        if (page == NO_PAGE)
            memset(to, 0, part);
        else
            memcpy(to, pages[page - 1] + in_page, part);
        offset += part, to += part, size -= part;
    }
}

/* word: file, offset, whose letter, how much. */
static int32_t read(const struct message *m)
{
    struct node *n = node_of(m->word[0]);
    uint32_t offset = m->word[1], size = m->word[3];

    if (!n)
        return -EBADF;
    if (m->word[2] >= LETTER_COUNT || size > PAGE_BYTES)
        return -EINVAL;
    if (offset >= n->size)
        return 0;
    if (size > n->size - offset)
        size = n->size - offset;
    if (n->image)
        memcpy(letter(m->word[2]), n->image + offset, size);
    else
        copy_out(n, offset, letter(m->word[2]), size);
    return (int32_t)size;
}

/* The page that holds this offset, made if need be. */
static char *page_for_write(struct node *n, uint32_t offset)
{
    uint16_t *page = &n->page[offset / PAGE_BYTES];

    if (*page == NO_PAGE && free_count > 0) {
        *page = free_pages[--free_count];
        memset(pages[*page - 1], 0, PAGE_BYTES);
    }
    return *page == NO_PAGE ? NULL : pages[*page - 1];
}

static int32_t copy_in(struct node *n, uint32_t offset, const char *from, uint32_t size)
{
    uint32_t done = 0;

    while (done < size) {
        uint32_t at = offset + done;
        uint32_t room = PAGE_BYTES - at % PAGE_BYTES;
        uint32_t part = size - done < room ? size - done : room;
        char *page = at < FILE_MAX_SIZE ? page_for_write(n, at) : NULL;

        if (!page && done == 0)
            return at < FILE_MAX_SIZE ? -ENOMEM : -EFBIG;
        if (!page)
            break;
        memcpy(page + at % PAGE_BYTES, from + done, part);
        done += part;
        if (at + part > n->size)
            n->size = at + part;
    }
    return (int32_t)done;
}

/* word: file, offset (all ones: at its end), whose letter, how much. Tells the offset, too. */
static int32_t write(struct message *m)
{
    struct node *n = node_of(m->word[0]);

    if (!n)
        return -EBADF;
    if (n->image || m->word[2] >= LETTER_COUNT || m->word[3] > PAGE_BYTES)
        return -EINVAL;
    if (m->word[1] == UINT32_MAX)
        m->word[1] = n->size;
    return copy_in(n, m->word[1], letter(m->word[2]), m->word[3]);
}

static int32_t describe(const struct node *n, uint32_t client)
{
    struct fileinfo f = {.kind = KIND_FILE, .size = n->size, .read_only = n->image != NULL};

    copy_name(f.name, n->name, NAME_SIZE);
    memcpy(letter(client), &f, sizeof(f));
    return 0;
}

static int32_t directory(uint32_t slot, uint32_t client)
{
    if (slot >= MAX_NODES)
        return -EINVAL;
    return nodes[slot].name[0] ? describe(&nodes[slot], client) : -ENOENT;
}

/* The process server began anew: nothing is open. */
static int32_t reset(void)
{
    for (struct node *n = nodes; n < nodes + MAX_NODES; n++) {
        n->refs = 0;
        free_unused(n);
    }
    return 0;
}

static int32_t serve(struct message *m)
{
    const uint32_t *w = m->word;
    struct node *n;

    switch (m->tag & TAG_LABEL) {
    case FS_OPEN: return w[0] < LETTER_COUNT ? open(w[0], w[1]) : -EINVAL;
    case FS_CLOSE: return close(w[0]);
    case FS_READ: return read(m);
    case FS_WRITE: return write(m);
    case FS_UNLINK: return w[0] < LETTER_COUNT ? unlink(w[0]) : -EINVAL;
    case FS_DIR: return w[1] < LETTER_COUNT ? directory(w[0], w[1]) : -EINVAL;
    case FS_STAT:
        n = node_of(w[0]);
        return n && w[1] < LETTER_COUNT ? describe(n, w[1]) : -EBADF;
    case FS_RESET: return reset();
    default: return -ENOSYS;
    }
}

static bool handle(struct message *m)
{
    m->word[0] = (uint32_t)serve(m);
    m->tag = 0;
    return true;
}

void server_main(uint32_t process_lives, uint32_t life)
{
    (void)process_lives;
    births = life << LIFE_SHIFT;
    for (uint32_t i = 0; i < FILE_PAGES; i++)
        free_pages[free_count++] = (uint16_t)(i + 1);
    read_archive();
    server_loop(handle, 0);
}
