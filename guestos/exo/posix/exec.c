/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec.c - a program file becomes a new environment, which takes the place of the old one when
 * all of it has worked.
 */
#include "elf.h"
#include "posix.h"
#include "string.h"

enum { STACK_ALIGN = 16 };

struct image {
    struct space space;
    struct node *file;
    struct range segment[MAX_SEGMENTS];
    uint32_t segments, entry, end, argv, pages;
};

static uint32_t round_up(uint32_t n)
{
    return (n + PAGE - 1) & ~(PAGE - 1);
}

static int32_t read_header(struct image *im, struct elf_header *h)
{
    if (ramfs_read(im->file, 0, h, sizeof(*h)) != sizeof(*h))
        return -ENOEXEC;
    if (h->magic != ELF_MAGIC || h->class_and_order != ELF_CLASS32_LSB ||
        h->type != ELF_TYPE_EXEC || h->machine != ELF_MACHINE_RISCV ||
        h->phentsize != sizeof(struct elf_segment) || h->phnum > MAX_SEGMENTS)
        return -ENOEXEC;
    im->entry = h->entry;
    return 0;
}

/* In order, on pages, below the library; none writable and executable. No sum can wrap. */
static int32_t check_segment(const struct image *im, const struct elf_segment *s)
{
    uint32_t size = ramfs_size(im->file);

    if (s->vaddr % PAGE || s->vaddr < round_up(im->end) || s->vaddr > HEAP_LIMIT)
        return -ENOEXEC;
    if (s->memsz > HEAP_LIMIT - s->vaddr || s->filesz > s->memsz)
        return -ENOEXEC;
    if (s->offset > size || s->filesz > size - s->offset)
        return -ENOEXEC;
    if (s->flags & ELF_PF_W && s->flags & ELF_PF_X)
        return -ENOEXEC;
    return s->memsz / PAGE > vm_free_pages() ? -ENOMEM : 0;
}

static int32_t load_segment(struct image *im, const struct elf_segment *s)
{
    uint32_t rights =
        MAP_R | (s->flags & ELF_PF_W ? MAP_W : 0) | (s->flags & ELF_PF_X ? MAP_X : 0);

    for (uint32_t done = 0; done < s->memsz; done += PAGE) {
        uint32_t left = done < s->filesz ? s->filesz - done : 0;
        void *page =
            space_page(&im->space, s->vaddr + done, rights, left < PAGE ? 0 : PAGE_DIRTY);

        if (!page)
            return -ENOMEM;
        ramfs_read(im->file, s->offset + done, page, left < PAGE ? left : PAGE);
        im->pages++;
    }
    im->end = s->vaddr + s->memsz;
    im->segment[im->segments++] = (struct range){s->vaddr, round_up(im->end), rights};
    return 0;
}

static int32_t load_segments(struct image *im)
{
    struct elf_header h;
    struct elf_segment s;
    int32_t error = read_header(im, &h);

    for (uint32_t i = 0; error == 0 && i < h.phnum; i++) {
        if (h.phoff > ramfs_size(im->file) ||
            ramfs_read(im->file, h.phoff + i * sizeof(s), &s, sizeof(s)) != sizeof(s))
            return -ENOEXEC;
        if (s.type != ELF_PT_LOAD)
            continue;
        error = check_segment(im, &s);
        if (error == 0)
            error = load_segment(im, &s);
    }
    return error;
}

/* The top page:   | ... sp | argv[0] .. argv[count], NULL | text | top */
static int32_t build_stack(struct image *im)
{
    const struct args *args = &shared->args;
    const uint32_t base = USER_TOP - PAGE;
    uint32_t text = USER_TOP - args->used;
    uint32_t *page = space_page(&im->space, base, MAP_R | MAP_W, 0), *argv, offset = 0;

    if (!page)
        return -ENOMEM;
    memcpy((char *)page + (text - base), args->text, args->used);
    im->argv = (text - (args->count + 1) * sizeof(*argv)) & ~(uint32_t)(STACK_ALIGN - 1);
    argv = page + (im->argv - base) / sizeof(*argv);
    for (uint32_t i = 0; i < args->count; i++) {
        argv[i] = text + offset;
        offset += (uint32_t)strlen(args->text + offset) + 1;
    }
    return 0;
}

/* From here on there is a new program. The old environment goes, with the lock. */
static void commit(struct proc *p, struct image *im, const char *path)
{
    struct frame f = {{im->entry}};

    f.x[REG_SP] = im->argv;
    f.x[REG_A0] = shared->args.count;
    f.x[REG_A1] = im->argv;
    memcpy(p->segment, im->segment, sizeof(p->segment));
    p->heap_start = p->heap_end = round_up(im->end);
    p->fault_handler = 0;
    p->pages = im->pages + 1;
    copy_name(p->name, path, NAME_SIZE);
    asm volatile("fence.i" : : : "memory");
    space_run(&im->space, &f);
    if (me)
        exo_env_destroy(SELF);
}

int32_t exec_program(struct proc *p, const char *path)
{
    struct image im = {.segments = 0};
    int32_t error = ramfs_open(path, O_READ, &im.file);

    if (error < 0)
        return error;
    error = vm_free_pages() ? space_new(&im.space, p) : -ENOMEM;
    if (error == 0) {
        error = load_segments(&im);
        if (error == 0)
            error = build_stack(&im);
        if (error < 0)
            space_drop(&im.space);
    }
    ramfs_close(im.file);
    if (error == 0)
        commit(p, &im, path);
    return error == -EAGAIN ? -ENOMEM : error;
}
