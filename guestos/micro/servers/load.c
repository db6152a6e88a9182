/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load.c - exec: reads an ELF file of the file server's, checks it, and has the pager build a new
 * address space from it page by page, through our letter. The process is the old program until all
 * of that has worked.
 */
#include "elf.h"
#include "proc.h"

enum { MAX_SEGMENTS = 8, STACK_ALIGN = 16 };

struct image {
    uint32_t who, file, size;
    uint32_t entry, end, writable, sp;
};

static int32_t read_file(const struct image *im, uint32_t offset, void *to, uint32_t n)
{
    if (server_call(S_FS, FS_READ, im->file, offset, LETTER_PROC, n) != (int32_t)n)
        return -ENOEXEC;
    memcpy(to, letter(LETTER_PROC), n);
    return 0;
}

static int32_t read_header(struct image *im, struct elf_header *h)
{
    if (read_file(im, 0, h, sizeof(*h)) < 0 || h->magic != ELF_MAGIC ||
        h->class_and_order != ELF_CLASS32_LSB || h->type != ELF_TYPE_EXEC ||
        h->machine != ELF_MACHINE_RISCV || h->phentsize != sizeof(struct elf_segment) ||
        h->phnum > MAX_SEGMENTS)
        return -ENOEXEC;
    im->entry = h->entry;
    return 0;
}

static uint32_t round_up(uint32_t n)
{
    return (n + PAGE_BYTES - 1) & ~(uint32_t)(PAGE_BYTES - 1);
}

static uint32_t free_pages(void)
{
    struct message m = {.tag = MEM_INFO};

    return ipc_call(&m, S_MEM) < 0 ? 0 : m.word[2];
}

/*
 * Segments come in order, on page boundaries, below the stack; none is writable and executable.
 * Each comparison is arranged so that no sum can wrap.
 */
static int32_t check_segment(const struct image *im, const struct elf_segment *s)
{
    if (s->vaddr % PAGE_BYTES || s->vaddr < round_up(im->end) || s->vaddr > HEAP_LIMIT)
        return -ENOEXEC;
    if (s->memsz > HEAP_LIMIT - s->vaddr || s->filesz > s->memsz)
        return -ENOEXEC;
    if (s->offset > im->size || s->filesz > im->size - s->offset)
        return -ENOEXEC;
    if (s->flags & ELF_PF_W && s->flags & ELF_PF_X)
        return -ENOEXEC;
    return s->memsz / PAGE_BYTES > free_pages() ? -ENOMEM : 0;
}

static int32_t load_page(const struct image *im, uint32_t va, uint32_t offset, uint32_t n,
                         uint32_t rights)
{
    char *page = letter(LETTER_PROC);

    if (n > 0 && server_call(S_FS, FS_READ, im->file, offset, LETTER_PROC, n) != (int32_t)n)
        return -ENOEXEC;
    memset(page + n, 0, PAGE_BYTES - n);
    return server_call(S_MEM, MEM_PAGE, im->who, va, rights, 0);
}

static int32_t load_segment(struct image *im, const struct elf_segment *s)
{
    uint32_t rights = RIGHT_READ | (s->flags & ELF_PF_W ? RIGHT_WRITE : 0) |
                      (s->flags & ELF_PF_X ? RIGHT_EXECUTE : 0);
    int32_t error = 0;

    for (uint32_t done = 0; done < s->memsz && error == 0; done += PAGE_BYTES) {
        uint32_t left = done < s->filesz ? s->filesz - done : 0;

        error = load_page(im, s->vaddr + done, s->offset + done,
                          left < PAGE_BYTES ? left : PAGE_BYTES, rights);
    }
    if (s->flags & ELF_PF_W && im->writable == 0)
        im->writable = s->vaddr;
    im->end = s->vaddr + s->memsz;
    return error;
}

static int32_t load_segments(struct image *im)
{
    struct elf_header h;
    struct elf_segment s;
    int32_t error = read_header(im, &h);

    for (uint32_t i = 0; error == 0 && i < h.phnum; i++) {
        if (h.phoff > im->size || read_file(im, h.phoff + i * sizeof(s), &s, sizeof(s)) < 0)
            return -ENOEXEC;
        if (s.type != ELF_PT_LOAD)
            continue;
        error = check_segment(im, &s);
        if (error == 0)
            error = load_segment(im, &s);
    }
    return error;
}

/* The top page of the stack:   | ... sp | argv[0] .. argv[count], NULL | text | top */
static int32_t build_stack(struct image *im, const char *args, uint32_t count, uint32_t size)
{
    const uint32_t base = STACK_TOP - PAGE_BYTES;
    uint32_t text = STACK_TOP - size, offset = 0;
    char *page = letter(LETTER_PROC);
    uint32_t *argv;

    memset(page, 0, PAGE_BYTES);
    memcpy(page + (text - base), args, size);
    im->sp = (text - (count + 1) * sizeof(*argv)) & ~(uint32_t)(STACK_ALIGN - 1);
    argv = (uint32_t *)(void *)(page + (im->sp - base));
    for (uint32_t i = 0; i < count; i++) {
        argv[i] = text + offset;
        offset += strlen(args + offset) + 1;
    }
    return server_call(S_MEM, MEM_PAGE, im->who, base, RIGHT_READ | RIGHT_WRITE, 0);
}

/* `count` strings, each with its zero, and nothing else. */
static bool are_strings(const char *args, uint32_t count, uint32_t size)
{
    uint32_t zeros = 0;

    for (uint32_t i = 0; i < size; i++)
        zeros += args[i] == '\0';
    return count <= MAX_ARGS && zeros == count && (size == 0 || args[size - 1] == '\0');
}

static int32_t open_file(struct image *im, const char *name)
{
    struct fileinfo f;
    int32_t file;

    memset(letter(LETTER_PROC), 0, NAME_SIZE);
    copy_name(letter(LETTER_PROC), name, NAME_SIZE);
    file = server_call(S_FS, FS_OPEN, LETTER_PROC, O_READ, 0, 0);
    if (file < 0)
        return file;
    im->file = (uint32_t)file;
    server_call(S_FS, FS_STAT, im->file, LETTER_PROC, 0, 0);
    memcpy(&f, letter(LETTER_PROC), sizeof(f));
    im->size = f.size;
    return 0;
}

static int32_t commit(const struct image *im, uint32_t count)
{
    uint32_t end = round_up(im->end);
    struct message m = {
        .tag = MEM_COMMIT,
        .word = {im->who, im->entry, im->sp, count, im->writable ? im->writable : end, end}};
    int32_t error = ipc_call(&m, S_MEM);

    return error < 0 ? error : (int32_t)m.word[0];
}

int32_t load_program(struct process *p, const char *name, const char *args, uint32_t count,
                     uint32_t size)
{
    struct image im = {.who = index_of(p)};
    int32_t error;

    if (!are_strings(args, count, size))
        return -EINVAL;
    error = open_file(&im, name);
    if (error < 0)
        return error;
    error = load_segments(&im);
    if (error == 0)
        error = build_stack(&im, args, count, size);
    server_call(S_FS, FS_CLOSE, im.file, 0, 0, 0);
    if (error == 0)
        error = commit(&im, count);
    if (error < 0) {
        server_call(S_MEM, MEM_ABORT, im.who, 0, 0, 0);
        return error;
    }
    copy_name(p->name, name, NAME_SIZE);
    return NO_ANSWER;
}
