/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec.c - loads an ELF file into a new address space, builds the first stack, and only when
 * all of that has worked gives up the old one.
 */
#include "exec.h"

#include <stddef.h>

#include "cpu.h"
#include "elf.h"
#include "memlayout.h"
#include "page.h"
#include "proc.h"
#include "ramfs.h"
#include "sched.h"
#include "string.h"
#include "vm.h"

enum { MAX_SEGMENTS = 8, STACK_ALIGN = 16 };

/* What is being built; nothing of it is the process's yet. */
struct image {
    pte_t *root;
    struct node *file;
    uint32_t entry;
    uint32_t end; /* of the last segment */
    uint32_t sp;
    uint32_t argv;
};

bool exec_args_add(struct exec_args *args, const char *arg)
{
    uint32_t n = strlen(arg) + 1;

    if (args->count == MAX_ARGS || n > ARGS_SIZE - args->used)
        return false;
    memcpy(args->text + args->used, arg, n);
    args->used += n;
    args->count++;
    return true;
}

static int read_header(struct image *im, struct elf_header *h)
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

/*
 * Segments come in order, on page boundaries, below the stack; none is writable and executable.
 * Each comparison is arranged so that no sum can wrap.
 */
static int check_segment(const struct image *im, const struct elf_segment *s)
{
    uint32_t size = ramfs_size(im->file);

    if (s->vaddr % PAGE_SIZE || s->vaddr < page_round_up(im->end) || s->vaddr > USER_HEAP_LIMIT)
        return -ENOEXEC;
    if (s->memsz > USER_HEAP_LIMIT - s->vaddr || s->filesz > s->memsz)
        return -ENOEXEC;
    if (s->offset > size || s->filesz > size - s->offset)
        return -ENOEXEC;
    if (s->flags & ELF_PF_W && s->flags & ELF_PF_X)
        return -ENOEXEC;
    return s->memsz / PAGE_SIZE > page_available() ? -ENOMEM : 0;
}

static uint32_t segment_rights(const struct elf_segment *s)
{
    return PTE_V | PTE_U | PTE_R | (s->flags & ELF_PF_W ? PTE_W : 0) |
           (s->flags & ELF_PF_X ? PTE_X : 0);
}

/* A new zeroed page at va. No fence: this table has never been in satp. */
static char *add_page(struct image *im, uint32_t va, uint32_t rights)
{
    pte_t *pte = vm_find_or_make(im->root, va);
    char *page = pte ? page_alloc_zeroed() : NULL;

    if (page)
        *pte = pte_make(page, rights);
    return page;
}

static int load_segment(struct image *im, const struct elf_segment *s)
{
    for (uint32_t done = 0; done < s->memsz; done += PAGE_SIZE) {
        char *page = add_page(im, s->vaddr + done, segment_rights(s));
        uint32_t in_file = done < s->filesz ? s->filesz - done : 0;

        if (!page)
            return -ENOMEM;
        ramfs_read(im->file, s->offset + done, page, in_file < PAGE_SIZE ? in_file : PAGE_SIZE);
    }
    im->end = s->vaddr + s->memsz;
    return 0;
}

static int load_segments(struct image *im)
{
    struct elf_header h;
    struct elf_segment s;
    int error = read_header(im, &h);

    for (uint32_t i = 0; error == 0 && i < h.phnum; i++) {
        uint32_t at = h.phoff + i * sizeof(s);

        if (h.phoff > ramfs_size(im->file) ||
            ramfs_read(im->file, at, &s, sizeof(s)) != sizeof(s))
            return -ENOEXEC;
        if (s.type != ELF_PT_LOAD)
            continue;
        error = check_segment(im, &s);
        if (error == 0)
            error = load_segment(im, &s);
    }
    return error;
}

/*
 * The top page of the stack:   | ... sp | argv[0] .. argv[count], NULL | text | top
 * Text and pointers together are far below a page (ARGS_SIZE, MAX_ARGS).
 */
static int build_stack(struct image *im, const struct exec_args *args)
{
    const uint32_t base = USER_TOP - PAGE_SIZE;
    uint32_t text = USER_TOP - args->used;
    uint32_t offset = 0;
    char *page = add_page(im, base, PTE_V | PTE_U | PTE_R | PTE_W);
    uint32_t *argv;

    if (!page)
        return -ENOMEM;
    memcpy(page + (text - base), args->text, args->used);
    im->argv = (text - (args->count + 1) * sizeof(*argv)) & ~(uint32_t)(STACK_ALIGN - 1);
    im->sp = im->argv;
    argv = (uint32_t *)(void *)(page + (im->argv - base));
    for (uint32_t i = 0; i < args->count; i++) {
        argv[i] = text + offset;
        offset += strlen(args->text + offset) + 1;
    }
    return 0;
}

static void set_registers(struct proc *p, const struct image *im, uint32_t argc)
{
    struct trapframe *tf = proc_trapframe(p);

    *tf = (struct trapframe){.sepc = im->entry, .sstatus = SSTATUS_SPIE};
    tf->x[REG_SP] = im->sp;
    tf->x[REG_A0] = argc;
    tf->x[REG_A1] = im->argv;
}

/*
 * The lock is for those who look at us meanwhile (procinfo_get). The fence: instructions were just
 * written, maybe to a page that held others before, and may run on any CPU.
 */
static void commit(struct proc *p, const struct image *im, const char *path)
{
    pte_t *old = p->root;

    sched_lock();
    p->root = im->root;
    copy_name(p->name, path, NAME_SIZE);
    sched_unlock();
    p->heap_start = page_round_up(im->end);
    p->heap_end = p->heap_start;
    vm_activate(p->root);
    cpu_fence_i_all();
    if (old)
        vm_free(old);
}

static int build(struct image *im, const struct exec_args *args)
{
    int error;

    im->root = vm_new();
    if (!im->root)
        return -ENOMEM;
    error = load_segments(im);
    if (error == 0)
        error = build_stack(im, args);
    if (error < 0)
        vm_free(im->root);
    return error;
}

/* Open while we read it: another CPU may remove it, or even write to it. */
int exec_program(struct proc *p, const char *path, const struct exec_args *args)
{
    struct image im = {0};
    int error = ramfs_open(path, O_READ, &im.file);

    if (error < 0)
        return error;
    error = build(&im, args);
    ramfs_close(im.file);
    if (error < 0)
        return error;
    commit(p, &im, path);
    set_registers(p, &im, args->count);
    return 0;
}
