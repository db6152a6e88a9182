/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linux_exec.c - a program for Linux into memory. It is one if its ELF file says so: by the OSABI,
 * by a note of GNU's, or by a header for the stack's rights, which every toolchain for Linux writes
 * and mini's does not. Static ones only: at their addresses, or position-independent ones that
 * relocate themselves.
 *
 * The first stack (System V ABI):   sp | argc | argv.. 0 | envp.. 0 | auxv.. 0 0 | text | top
 */
#include "../kernel/exec.h"
#include "../kernel/memlayout.h"
#include "../kernel/page.h"
#include "../kernel/print.h"
#include "../kernel/ramfs.h"
#include "../kernel/sched.h"
#include "../kernel/vm.h"
#include "elf.h"
#include "linux.h"
#include "string.h"

enum {
    OSABI_LINUX = 3,
    TYPE_DYN = 3,
    PT_INTERP = 3,
    PT_NOTE = 4,
    PT_GNU_STACK = 0x6474e551,
    NOTE_ABI_TAG = 1,
    MAX_SEGMENTS = 16,
    DYN_BASE = 0x10000,
    STACK_ALIGN = 16,
    RANDOM_BYTES = 16,
};

enum {
    AT_PHDR = 3,
    AT_PHENT = 4,
    AT_PHNUM = 5,
    AT_PAGESZ = 6,
    AT_ENTRY = 9,
    AT_UID = 11,
    AT_EUID = 12,
    AT_GID = 13,
    AT_EGID = 14,
    AT_HWCAP = 16,
    AT_CLKTCK = 17,
    AT_SECURE = 23,
    AT_RANDOM = 25,
    AT_EXECFN = 31,
    HWCAP_IMA = 1 << 8 | 1 << 12 | 1,
};

/* What is being built; nothing of it is the process's yet. */
struct image {
    struct node *file;
    pte_t *root;
    struct elf_header header;
    struct elf_segment segment[MAX_SEGMENTS];
    uint32_t base, end, phdr, sp;
};

static bool read_at(const struct image *im, uint32_t at, void *to, uint32_t n)
{
    return ramfs_read(im->file, at, to, n) == n;
}

static bool read_headers(struct image *im)
{
    const struct elf_header *h = &im->header;

    if (!read_at(im, 0, &im->header, sizeof(*h)) || h->magic != ELF_MAGIC ||
        h->class_and_order != ELF_CLASS32_LSB || h->machine != ELF_MACHINE_RISCV ||
        h->phentsize != sizeof(struct elf_segment) || h->phnum > MAX_SEGMENTS ||
        h->phoff > ramfs_size(im->file))
        return false;
    return read_at(im, h->phoff, im->segment, h->phnum * sizeof(struct elf_segment));
}

/* GNU's note of the operating system: name "GNU", then 0 for Linux. */
static bool is_linux_note(const struct image *im, const struct elf_segment *s)
{
    uint32_t note[5];

    return s->type == PT_NOTE && s->filesz >= sizeof(note) &&
           read_at(im, s->offset, note, sizeof(note)) && note[0] == 4 &&
           note[2] == NOTE_ABI_TAG && note[3] == 0x00554e47 && note[4] == 0;
}

static bool is_for_linux(const struct image *im)
{
    if (im->header.version_and_padding[1] == OSABI_LINUX)
        return true;
    for (uint32_t i = 0; i < im->header.phnum; i++)
        if (im->segment[i].type == PT_GNU_STACK || is_linux_note(im, &im->segment[i]))
            return true;
    return false;
}

static int say(const char *path, const char *why)
{
    printk("%s: a program for Linux, but %s\n", path, why);
    return -ENOEXEC;
}

static int check(struct image *im, const char *path)
{
    const struct elf_header *h = &im->header;

    for (uint32_t i = 0; i < h->phnum; i++)
        if (im->segment[i].type == PT_INTERP)
            return say(path, "a dynamically linked one: link it with -static");
    if (h->flags & 6)
        return say(path, "for the floating point ABI: this computer has none");
    if (h->type != ELF_TYPE_EXEC && h->type != TYPE_DYN)
        return say(path, "not an executable one");
    im->base = h->type == TYPE_DYN ? DYN_BASE : 0;
    return 0;
}

/* Pages of two segments may be one: then it has the rights of both. */
static char *add_page(struct image *im, uint32_t va, uint32_t rights)
{
    pte_t *pte = vm_find_or_make(im->root, va);
    char *page;

    if (pte && *pte & PTE_V) {
        *pte |= rights;
        return pte_page(*pte);
    }
    page = pte ? page_alloc_zeroed() : NULL;
    if (page)
        *pte = pte_make(page, PTE_V | PTE_U | PTE_R | rights);
    return page;
}

static bool is_place(const struct image *im, const struct elf_segment *s)
{
    uint32_t size = ramfs_size(im->file);

    return s->vaddr < LINUX_MAP_BASE - im->base &&
           s->memsz <= LINUX_MAP_BASE - im->base - s->vaddr && s->filesz <= s->memsz &&
           s->offset <= size && s->filesz <= size - s->offset;
}

static int load_segment(struct image *im, const struct elf_segment *s)
{
    uint32_t start = s->vaddr + im->base, end = start + s->memsz, file_end = start + s->filesz;
    uint32_t rights = (s->flags & ELF_PF_W ? PTE_W : 0) | (s->flags & ELF_PF_X ? PTE_X : 0);

    if (!is_place(im, s))
        return -ENOEXEC;
    if (s->memsz / PAGE_SIZE > page_available())
        return -ENOMEM;
    for (uint32_t va = page_round_down(start); va < end; va += PAGE_SIZE) {
        uint32_t from = va < start ? start : va;
        uint32_t to = va + PAGE_SIZE < file_end ? va + PAGE_SIZE : file_end;
        char *page = add_page(im, va, rights);

        if (!page)
            return -ENOMEM;
        if (from < to)
            ramfs_read(im->file, s->offset + (from - start), page + (from - va), to - from);
    }
    if (end > im->end)
        im->end = end;
    if (im->header.phoff - s->offset < s->filesz)
        im->phdr = start + (im->header.phoff - s->offset);
    return 0;
}

/* From the top down, in one page: what it takes is bounded. */
struct stack {
    char *page;
    uint32_t at; /* offset in the page */
};

static uint32_t push(struct stack *s, const void *from, uint32_t n)
{
    s->at -= n;
    memcpy(s->page + s->at, from, n);
    return USER_TOP - PAGE_SIZE + s->at;
}

static void put(uint32_t **to, uint32_t word)
{
    *(*to)++ = word;
}

/* Addresses of strings that follow each other. */
static void put_strings(uint32_t **to, uint32_t va, const char *text, uint32_t size)
{
    for (uint32_t i = 0; i < size; i += strlen(text + i) + 1)
        put(to, va + i);
    put(to, 0);
}

static uint32_t count(const char *text, uint32_t size)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < size; i += strlen(text + i) + 1)
        n++;
    return n;
}

static void put_auxv(uint32_t **to, const struct image *im, uint32_t random, uint32_t name)
{
    const uint32_t auxv[] = {
        AT_PHDR,   im->phdr,
        AT_PHENT,  sizeof(struct elf_segment),
        AT_PHNUM,  im->header.phnum,
        AT_PAGESZ, PAGE_SIZE,
        AT_ENTRY,  im->header.entry + im->base,
        AT_UID,    0,
        AT_EUID,   0,
        AT_GID,    0,
        AT_EGID,   0,
        AT_HWCAP,  HWCAP_IMA,
        AT_CLKTCK, 1000 / TICK_MS,
        AT_SECURE, 0,
        AT_RANDOM, random,
        AT_EXECFN, name,
        0,         0,
    };

    for (uint32_t i = 0; i < sizeof(auxv) / sizeof(auxv[0]); i++)
        put(to, auxv[i]);
}

enum { AUXV_WORDS = 30 };

/* The random bytes are none: everything here is the same each time. */
static int build_stack(struct image *im, const struct exec_args *args, const char *env,
                       uint32_t env_size)
{
    static const char random[RANDOM_BYTES] = "pagezero, mini.";
    struct stack s = {add_page(im, USER_TOP - PAGE_SIZE, PTE_W), PAGE_SIZE};
    uint32_t words = 1 + args->count + 1 + count(env, env_size) + 1 + AUXV_WORDS;
    uint32_t text, env_text, random_at, *to;

    if (!s.page)
        return -ENOMEM;
    text = push(&s, args->text, args->used);
    env_text = push(&s, env, env_size);
    random_at = push(&s, random, RANDOM_BYTES);
    if (s.at < words * sizeof(*to) + STACK_ALIGN)
        return -E2BIG;
    s.at = (s.at - words * sizeof(*to)) & ~(uint32_t)(STACK_ALIGN - 1);
    im->sp = USER_TOP - PAGE_SIZE + s.at;
    to = (uint32_t *)(void *)(s.page + s.at);
    put(&to, args->count);
    put_strings(&to, text, args->text, args->used);
    put_strings(&to, env_text, env, env_size);
    put_auxv(&to, im, random_at, text);
    return 0;
}

static int build(struct image *im, struct proc *p, const struct exec_args *args)
{
    const struct linux_state *s = linux_state(p);
    int error = 0;

    im->root = vm_new();
    if (!im->root)
        return -ENOMEM;
    for (uint32_t i = 0; i < im->header.phnum && error == 0; i++)
        if (im->segment[i].type == ELF_PT_LOAD)
            error = load_segment(im, &im->segment[i]);
    if (error == 0)
        error = build_stack(im, args, s ? s->env : "", s ? s->env_size : 0);
    if (error < 0)
        vm_free(im->root);
    return error;
}

/* As exec.c's, with a heap above the program. What is marked so is closed. */
static void commit(struct proc *p, const struct image *im, const char *path)
{
    const struct linux_state *old_state = linux_state(p);
    uint32_t cloexec = old_state ? old_state->cloexec : 0;
    struct trapframe *tf = proc_trapframe(p);
    pte_t *old = p->root;

    sched_lock();
    p->root = im->root;
    copy_name(p->name, path, NAME_SIZE);
    sched_unlock();
    p->heap_start = p->heap_end = page_round_up(im->end);
    for (uint32_t fd = 0; fd < MAX_FDS; fd++)
        if (cloexec >> fd & 1)
            linux_close_fd(fd);
    linux_become(p)->brk_start = p->heap_start;
    vm_activate(p->root);
    cpu_fence_i_all();
    if (old)
        vm_free(old);
    *tf = (struct trapframe){.sepc = im->header.entry + im->base, .sstatus = SSTATUS_SPIE};
    tf->x[REG_SP] = im->sp;
}

int linux_exec(struct proc *p, const char *path, const struct exec_args *args, bool *is_linux)
{
    struct image *im = page_alloc_zeroed(); /* too big for a kernel stack */
    int error = im ? ramfs_open(path, O_READ, &im->file) : -ENOMEM;

    if (error == 0) {
        *is_linux = read_headers(im) && is_for_linux(im);
        if (*is_linux)
            error = check(im, path);
        if (*is_linux && error == 0)
            error = build(im, p, args);
        ramfs_close(im->file);
    }
    if (*is_linux && error == 0)
        commit(p, im, path);
    if (im)
        page_free(im);
    return error;
}
