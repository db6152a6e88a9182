/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll.c - the high-level-language machine of guestos/common/hll on the host: the same sources as
 * in the guests.
 *
 *   hll FILE.wasm [ARGUMENT...]   runs a program; ends with its status, or 1
 *   hll --check FILE.wasm...      names those that are refused for what the machine does not have
 *   hll --script FILE             what wasm_script.py makes of a WebAssembly test: a line for each
 *                                 module (load, refuse, trap-load FILE) and for each call of the
 *                                 last one (call, trap NAME VALUE... [= VALUE...]). Names are in
 *                                 hexadecimal; values are i or I and a number.
 */
#include "guestos/common/hll/hll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

enum { ARENA = 96 << 20, MAX_FILE = 16 << 20, MAX_WORDS = 64, LINE = 1 << 16 };

static int32_t read_fd(int fd, void *to, uint32_t n)
{
    return (int32_t)read(fd, to, n);
}

static int32_t write_fd(int fd, const void *from, uint32_t n)
{
    return (int32_t)write(fd, from, n);
}

static bool print_nothing(struct hll *m, uint32_t *words)
{
    (void)m, (void)words;
    return true;
}

/* What WebAssembly's own tests import. */
static const struct hll_import spectest[] = {
    {"spectest", "print", ":", print_nothing},
    {"spectest", "print_i32", "i:", print_nothing},
    {"spectest", "print_i64", "I:", print_nothing},
    {NULL, NULL, NULL, NULL},
};

static struct hll_system sys = {.read = read_fd, .write = write_fd};
static void *arena;

static uint8_t *read_file(const char *path, uint32_t *n)
{
    uint8_t *bytes = malloc(MAX_FILE);
    FILE *in = fopen(path, "rb");

    if (!bytes || !in) {
        fprintf(stderr, "hll: %s: cannot be read\n", path);
        exit(2);
    }
    *n = (uint32_t)fread(bytes, 1, MAX_FILE, in);
    fclose(in);
    return bytes;
}

static struct hll *fresh(void)
{
    if (arena)
        munmap(arena, ARENA);
    arena = mmap(NULL, ARENA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (arena == MAP_FAILED)
        exit(3);
    return hll_create(arena, ARENA, &sys);
}

static int run_program(int argc, char **argv)
{
    uint32_t n, nothing[1] = {0};
    uint8_t *bytes = read_file(argv[0], &n);
    struct hll *m = fresh();
    enum hll_result result = hll_load(m, bytes, n);

    (void)argc;
    if (result == HLL_OK)
        result = hll_call(m, "_start", nothing, 0);
    if (result == HLL_REFUSED)
        fprintf(stderr, "hll: %s: %s, at byte %u\n", argv[0], hll_why(m), hll_where(m));
    if (result == HLL_TRAPPED)
        fprintf(stderr, "hll: %s: %s\n", argv[0], hll_why(m));
    free(bytes);
    return result == HLL_EXITED ? hll_status(m) : result != HLL_OK;
}

/* Names each module that is refused for what this machine does not have, and what that is. */
static int check(int count, char **paths)
{
    sys.more = spectest;
    for (int i = 0; i < count; i++) {
        uint32_t n;
        uint8_t *bytes = read_file(paths[i], &n);
        struct hll *m = fresh();

        if (hll_load(m, bytes, n) == HLL_REFUSED &&
            (strstr(hll_why(m), "not supported") || strstr(hll_why(m), "unknown import")))
            printf("%s %s\n", paths[i], hll_why(m));
        free(bytes);
    }
    return 0;
}

struct script {
    struct hll *m;
    uint8_t *bytes;
    unsigned line, bad;
};

static void complain(struct script *s, const char *what)
{
    printf("line %u: %s (%s)\n", s->line, what, s->m ? hll_why(s->m) : "");
    s->bad++;
}

static void load(struct script *s, const char *path, enum hll_result expected)
{
    static const char *const names[] = {"loaded", "refused", "trapped", "exited"};
    enum hll_result result;
    uint32_t n;

    free(s->bytes);
    s->bytes = read_file(path, &n);
    s->m = fresh();
    result = hll_load(s->m, s->bytes, n);
    if (result != expected)
        complain(s, names[result]);
    if (result != HLL_OK)
        s->m = NULL;
}

static void unhex(char *name)
{
    size_t n = strlen(name) / 2;

    for (size_t i = 0; i < n; i++) {
        char digits[3] = {name[2 * i], name[2 * i + 1], 0};

        name[i] = (char)strtoul(digits, NULL, 16);
    }
    name[n] = 0;
}

/* Values up to "=" or the end, as words; and their types. */
static uint32_t values(char **save, uint32_t *words, char *types)
{
    uint32_t n = 0;

    for (char *v; (v = strtok_r(NULL, " \n", save)) && *v != '=';) {
        uint64_t value = strtoull(v + 1, NULL, 10);

        *types++ = *v;
        words[n++] = (uint32_t)value;
        if (*v == 'I')
            words[n++] = (uint32_t)(value >> 32);
    }
    *types = 0;
    return n;
}

static void call(struct script *s, char **save, enum hll_result expected)
{
    uint32_t words[MAX_WORDS] = {0}, wanted[MAX_WORDS], n;
    char *name = strtok_r(NULL, " \n", save), types[MAX_WORDS], type[2 * MAX_WORDS],
         both[2 * MAX_WORDS];
    const char *found;
    enum hll_result result;

    if (!s->m || !name)
        return complain(s, "no module");
    unhex(name);
    values(save, words, types);
    n = values(save, wanted, both);
    found = hll_type(s->m, name, type, sizeof(type));
    if (!found || strncmp(found, types, strlen(types)) != 0)
        return complain(s, "no such export");
    result = hll_call(s->m, name, words, MAX_WORDS);
    if (result != expected)
        complain(s, result == HLL_OK ? "returned" : "trapped");
    else if (result == HLL_OK && memcmp(words, wanted, n * sizeof(*words)) != 0)
        complain(s, "a wrong result");
}

static void global(struct script *s, char **save)
{
    uint32_t words[2] = {0, 0}, wanted[MAX_WORDS], n;
    char *name = strtok_r(NULL, " \n", save), types[MAX_WORDS];

    unhex(name);
    values(save, wanted, types);
    n = values(save, wanted, types);
    if (!s->m || !hll_global(s->m, name, words) || memcmp(words, wanted, n * sizeof(*words)))
        complain(s, "a wrong global");
}

static void command(struct script *s, char *line)
{
    char *save, *what = strtok_r(line, " \n", &save);

    if (strcmp(what, "load") == 0)
        load(s, strtok_r(NULL, " \n", &save), HLL_OK);
    else if (strcmp(what, "refuse") == 0)
        load(s, strtok_r(NULL, " \n", &save), HLL_REFUSED);
    else if (strcmp(what, "trap-load") == 0)
        load(s, strtok_r(NULL, " \n", &save), HLL_TRAPPED);
    else if (strcmp(what, "get") == 0)
        global(s, &save);
    else
        call(s, &save, strcmp(what, "trap") == 0 ? HLL_TRAPPED : HLL_OK);
}

static int run_script(const char *path)
{
    static char line[LINE];
    struct script s = {0};
    FILE *in = fopen(path, "r");

    if (!in)
        return 2;
    sys.more = spectest;
    while (fgets(line, sizeof(line), in)) {
        s.line++;
        command(&s, line);
    }
    fclose(in);
    free(s.bytes);
    printf("%u lines, %u wrong\n", s.line, s.bad);
    return s.bad != 0;
}

int main(int argc, char **argv)
{
    int status;

    if (argc < 2) {
        fprintf(stderr, "usage: hll FILE.wasm [ARGUMENT...]\n");
        return 2;
    }
    if (strcmp(argv[1], "--check") == 0) {
        status = check(argc - 2, argv + 2);
    } else if (argc == 3 && strcmp(argv[1], "--script") == 0) {
        status = run_script(argv[2]);
    } else {
        sys.argc = argc - 1;
        sys.argv = argv + 1;
        status = run_program(argc - 1, argv + 1);
    }
    return status;
}
