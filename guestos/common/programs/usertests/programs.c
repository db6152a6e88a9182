/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * programs.c - exec: arguments, what survives it, and files that are no proper programs.
 */
#include "elf.h"
#include "usertests.h"

enum { SEGMENT0 = sizeof(struct elf_header), SEGMENT1 = SEGMENT0 + sizeof(struct elf_segment) };

static char program[PAGE];
static char output[256];

/* What this command line prints, by way of a file; its exit status is the result. */
static int run_shell(char *command)
{
    char *argv[] = {"sh", "-c", command, NULL};
    int pid = fork();

    CHECK(pid >= 0);
    if (pid == 0) {
        exec("sh", argv);
        exit(99);
    }
    return wait_child(pid);
}

static void read_file(const char *name)
{
    int fd = open(name, O_READ);
    int n = read(fd, output, sizeof(output) - 1);

    CHECK(n >= 0);
    output[n] = '\0';
    close(fd);
}

static void echo_to_scratch(void)
{
    char *argv[] = {"echo", "a", "", "b c", NULL};

    close(1);
    CHECK(open("scratch", O_WRITE | O_CREATE) == 1);
    exec("/echo", argv);
    exit(99);
}

void test_exec_arguments(void)
{
    CHECK(run_child(echo_to_scratch) == 0);
    read_file("scratch");
    CHECK(strcmp(output, "a  b c\n") == 0);
    CHECK(unlink("scratch") == 0);
}

void test_exec_missing(void)
{
    char *argv[] = {"nosuch", NULL};

    CHECK(exec("nosuch", argv) == -ENOENT);
    CHECK(exec("", argv) == -ENOENT);
    CHECK(exec("a-name-that-is-much-too-long", argv) == -ENAMETOOLONG);
}

void test_exec_too_many_arguments(void)
{
    char *argv[MAX_ARGS + 2];
    char *two[] = {program, program, NULL};

    for (int i = 0; i <= MAX_ARGS; i++)
        argv[i] = "x";
    argv[MAX_ARGS + 1] = NULL;
    CHECK(exec("echo", argv) == -E2BIG);
    memset(program, 'x', 600);
    CHECK(exec("echo", two) == -E2BIG);
    memset(program, 'x', sizeof(program) - 1);
    CHECK(exec("echo", two) == -E2BIG);
}

static void write_program(const void *bytes, uint32_t n)
{
    int fd = open("scratch", O_WRITE | O_CREATE | O_TRUNC);

    CHECK(fd >= 0);
    CHECK(write(fd, bytes, n) == (int)n);
    close(fd);
}

void test_exec_not_a_program(void)
{
    char *argv[] = {"scratch", NULL};

    CHECK(exec("readme", argv) == -ENOEXEC);
    write_program("", 0);
    CHECK(exec("scratch", argv) == -ENOEXEC);
    write_program("\177ELF", 4);
    CHECK(exec("scratch", argv) == -ENOEXEC);
    CHECK(unlink("scratch") == 0);
}

static uint32_t load_echo(void)
{
    int fd = open("echo", O_READ);
    int n = read(fd, program, sizeof(program));

    CHECK(n > SEGMENT1 && n < (int)sizeof(program));
    close(fd);
    return (uint32_t)n;
}

/* The file of echo with one word changed. */
struct patch {
    uint32_t offset;
    uint32_t value;
};

#define HEADER(field) offsetof(struct elf_header, field)
#define FIRST(field) (SEGMENT0 + offsetof(struct elf_segment, field))
#define SECOND(field) (SEGMENT1 + offsetof(struct elf_segment, field))

static const struct patch patches[] = {
    {HEADER(magic), 0},
    {HEADER(class_and_order), 0x00010102},       /* 64 bits */
    {HEADER(class_and_order), 0x00010201},       /* big-endian */
    {HEADER(type), ELF_MACHINE_RISCV << 16 | 3}, /* position-independent */
    {HEADER(type), 3 << 16 | ELF_TYPE_EXEC},     /* of another computer */
    {HEADER(phoff), UINT32_MAX},
    {HEADER(phoff), 0xfffffff0},
    {HEADER(phoff), 0x7fffffff},
    {HEADER(ehsize), 31 << 16 | 52}, /* size of a segment */
    {HEADER(phnum), 0xffff},
    {FIRST(offset), UINT32_MAX},
    {FIRST(offset), 0x7fffffff},
    {FIRST(vaddr), 1},
    {FIRST(vaddr), (uint32_t)KERNEL},
    {FIRST(vaddr), (uint32_t)LAST_PAGE},
    {FIRST(vaddr), (uint32_t)STACK_GUARD},
    {FIRST(vaddr), 0x00100000}, /* not in order any more */
    {FIRST(filesz), 0x7fffffff},
    {FIRST(memsz), UINT32_MAX},
    {FIRST(memsz), 0xc0000000},
    {FIRST(memsz), 0xbffe0000}, /* more than there can be memory */
    {FIRST(memsz), 1},
    {FIRST(flags), ELF_PF_R | ELF_PF_W | ELF_PF_X},
    {SECOND(vaddr), 0},
    {SECOND(memsz), 0xfffff000},
};

void test_exec_broken_elf(void)
{
    char *argv[] = {"scratch", NULL};

    for (uint32_t i = 0; i < sizeof(patches) / sizeof(patches[0]); i++) {
        uint32_t n = load_echo();
        int error;

        memcpy(program + patches[i].offset, &patches[i].value, sizeof(uint32_t));
        write_program(program, n);
        error = exec("scratch", argv);
        CHECK(error == -ENOEXEC || error == -ENOMEM);
    }
    CHECK(unlink("scratch") == 0);
}

static void exec_scratch(void)
{
    char *argv[] = {"scratch", NULL};

    close(1);
    open("result", O_WRITE | O_CREATE);
    exec("scratch", argv);
    exit(99);
}

void test_exec_from_ram_file(void)
{
    write_program(program, load_echo());
    CHECK(run_child(exec_scratch) == 0);
    read_file("result");
    CHECK(strcmp(output, "\n") == 0);
    CHECK(unlink("scratch") == 0);
    CHECK(unlink("result") == 0);
}

/* A good file whose first instruction is the kernel's: loaded, and killed at once. */
void test_exec_bad_entry(void)
{
    uint32_t n = load_echo();
    uint32_t entry = (uint32_t)KERNEL;

    memcpy(program + HEADER(entry), &entry, sizeof(entry));
    write_program(program, n);
    check_killed(exec_scratch);
    CHECK(unlink("scratch") == 0);
    CHECK(unlink("result") == 0);
}

static void cat_from_pipe(void)
{
    char *argv[] = {"wc", NULL};
    int fds[2];

    CHECK(pipe(fds) == 0);
    CHECK(write(fds[1], "two words", 9) == 9);
    close(fds[1]);
    close(0);
    dup(fds[0]);
    close(1);
    open("result", O_WRITE | O_CREATE);
    exec("wc", argv);
    exit(99);
}

void test_exec_keeps_files(void)
{
    CHECK(run_child(cat_from_pipe) == 0);
    read_file("result");
    CHECK(strcmp(output, "0 2 9\n") == 0);
    CHECK(unlink("result") == 0);
}

void test_shell(void)
{
    CHECK(run_shell("echo 'a  b' \"c;d\" e\\ f >result; echo g>>result # not this") == 0);
    read_file("result");
    CHECK(strcmp(output, "a  b c;d e f\ng\n") == 0);
    CHECK(run_shell("cat result | grep ^g | wc > result2; cat < result2 > result") == 0);
    read_file("result");
    CHECK(strcmp(output, "1 1 2\n") == 0);
    CHECK(run_shell("exit 3") == 3);
    CHECK(run_shell("grep nothing readme") == 1);
    CHECK(run_shell("nosuch 2") == 127);
    CHECK(run_shell("echo |") == 2);
    CHECK(run_shell("echo x & wait; rm result result2") == 0);
}
