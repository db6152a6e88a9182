/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loader_exec.c - an ELF file of mini's into memory, under the conditions that mini's exec.c has:
 * segments in order, on pages of their own, none writable and executable. The headers are read
 * and checked before anything of the old program goes.
 */
#include "elf.h"
#include "loader.h"
#include "user.h"

enum {
    NR_PREAD64 = 67,
    STACK_ALIGN = 16,
    MAX_HEADERS = 16,
    LINUX_EACCES = 13,
};

struct image {
    int fd;
    struct elf_header header;
    struct elf_segment segment[MAX_HEADERS];
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

int pages_new(uint32_t start, uint32_t end)
{
    uint32_t at = start == end ? start
                               : (uint32_t)linux_call(NR_MMAP2, start, end - start,
                                                      PROT_READ | PROT_WRITE,
                                                      MAP_PRIVATE_FIXED_ANONYMOUS, -1, 0);

    return at == start ? 0 : (int)at;
}

static bool read_at(int fd, uint32_t offset, void *to, uint32_t n)
{
    return linux_call(NR_PREAD64, fd, to, n, offset, 0) == (int)n;
}

static bool is_placed(const struct elf_segment *s, uint32_t end, uint32_t file_size)
{
    return s->vaddr % PAGE_SIZE == 0 && s->vaddr >= page_round_up(end) &&
           s->vaddr <= HEAP_LIMIT && s->memsz <= HEAP_LIMIT - s->vaddr &&
           s->filesz <= s->memsz && s->offset <= file_size &&
           s->filesz <= file_size - s->offset && !(s->flags & ELF_PF_W && s->flags & ELF_PF_X);
}

/* Is it a program of mini's, all of it in the file? */
static bool read_headers(struct image *im)
{
    const struct elf_header *h = &im->header;
    struct fileinfo info;
    uint32_t end = 0, loaded = 0;

    if (stat(im->fd, &info) < 0 || !read_at(im->fd, 0, &im->header, sizeof(*h)) ||
        h->magic != ELF_MAGIC || h->class_and_order != ELF_CLASS32_LSB ||
        h->type != ELF_TYPE_EXEC || h->machine != ELF_MACHINE_RISCV ||
        h->phentsize != sizeof(struct elf_segment) || h->phnum > MAX_HEADERS ||
        !read_at(im->fd, h->phoff, im->segment, h->phnum * sizeof(struct elf_segment)))
        return false;
    for (uint32_t i = 0; i < h->phnum; i++) {
        const struct elf_segment *s = &im->segment[i];

        if (s->type != ELF_PT_LOAD)
            continue;
        if (!is_placed(s, end, info.size) || ++loaded > MAX_SEGMENTS)
            return false;
        end = s->vaddr + s->memsz;
    }
    return true;
}

static void unmap(uint32_t start, uint32_t end)
{
    if (start < end)
        linux_call(NR_MUNMAP, start, end - start);
}

static void forget_program(void)
{
    for (uint32_t i = 0; i < program.segments; i++)
        unmap(program.segment[i].start, program.segment[i].end);
    unmap(program.heap_start, page_round_up(program.heap_end));
    program = (struct program){0};
}

static void replace_calls(uint32_t start, uint32_t end)
{
    for (uint32_t *at = (uint32_t *)start; at < (uint32_t *)end; at++)
        if (*at == ECALL_INSTRUCTION)
            *at = CALL_INSTRUCTION;
}

static int load_segment(const struct image *im, const struct elf_segment *s)
{
    struct area area = {s->vaddr, page_round_up(s->vaddr + s->memsz), s->flags & ELF_PF_W};
    int error = pages_new(area.start, area.end);

    if (error < 0)
        return error;
    if (s->filesz > 0 && !read_at(im->fd, s->offset, (void *)s->vaddr, s->filesz))
        return -ENOEXEC;
    if (s->flags & ELF_PF_X)
        replace_calls(area.start, area.end);
    if (!area.writable)
        linux_call(NR_MPROTECT, area.start, area.end - area.start,
                   s->flags & ELF_PF_X ? PROT_EXEC_READ : PROT_READ);
    program.segment[program.segments++] = area;
    program.heap_start = program.heap_end = area.end;
    return 0;
}

/* As exec.c builds it, at the top of a stack that is there as a whole. */
static int build_stack(const struct exec_args *args, uint32_t *registers)
{
    uint32_t text = STACK_TOP - args->used, offset = 0;
    uint32_t *argv =
        (uint32_t *)((text - (args->count + 1) * sizeof(*argv)) & ~(uint32_t)(STACK_ALIGN - 1));
    int error = pages_new(STACK_BASE, STACK_TOP);

    if (error < 0)
        return error;
    memcpy((char *)text, args->text, args->used);
    for (uint32_t i = 0; i < args->count; i++) {
        argv[i] = text + offset;
        offset += strlen(args->text + offset) + 1;
    }
    argv[args->count] = 0;
    registers[REG_SP] = registers[REG_A1] = (uint32_t)argv;
    registers[REG_A0] = args->count;
    return 0;
}

static int load(const struct image *im, const struct exec_args *args, uint32_t *registers)
{
    int error = 0;

    forget_program();
    memset(registers, 0, REGISTERS * sizeof(*registers));
    registers[REG_PC] = im->header.entry;
    for (uint32_t i = 0; i < im->header.phnum && error == 0; i++)
        if (im->segment[i].type == ELF_PT_LOAD)
            error = load_segment(im, &im->segment[i]);
    if (error == 0)
        error = build_stack(args, registers);
    linux_call(NR_FLUSH_ICACHE, 0, STACK_TOP, 0);
    return error;
}

/* Of a program that has been replaced there is nothing to go back to: it ends. */
int loader_exec(const char *path, const struct exec_args *args, uint32_t *registers)
{
    bool had_one = program.segments > 0;
    struct image im = {.fd = open(path, O_READ)};
    int error = im.fd < 0 ? im.fd : 0;

    if (error == 0 && !read_headers(&im))
        error = -ENOEXEC;
    if (error == 0) {
        error = load(&im, args, registers);
        if (error < 0 && had_one)
            kill(getpid());
        copy_name(program.name, path, sizeof(program.name));
    }
    if (im.fd >= 0)
        close(im.fd);
    return error == -LINUX_EACCES ? -EPERM : error;
}
