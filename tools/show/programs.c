/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * programs.c - reads the ELF files of programs, and compares their code with a guest's memory.
 * Only mapped pages are compared: a kernel may load them one by one.
 */
#include "tools/show/programs.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#define FILE_MOST (64u << 20)

static char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = strdup(slash ? slash + 1 : path);
    char *dot = name ? strrchr(name, '.') : NULL;

    if (dot && dot != name)
        *dot = '\0';
    return name;
}

static void drop(struct program *program)
{
    free(program->name);
    symbols_free(&program->symbols);
    file_free(&program->file);
    *program = (struct program){0};
}

/* `must`: the user has named this file, so it must be a usable one. */
static enum pz_err add_file(struct programs *programs, const char *path, bool must,
                            struct problem *problem)
{
    struct program *program = &programs->list[programs->count];
    enum pz_err err;

    if (programs->count == PROGRAMS_MOST)
        return problem_set(problem, PZ_USAGE, "--symbols: more than %u files", PROGRAMS_MOST);
    err = file_read(path, FILE_MOST, &program->file, problem);
    if (err) {
        problem_prefix(problem, path);
        return must ? err : PZ_OK;
    }
    symbols_load(&program->symbols, program->file.bytes, program->file.len);
    program->parts = symbols_code(program->file.bytes, program->file.len, program->code);
    program->name = name_of(path);
    if (program->symbols.count && program->parts && program->name) {
        programs->count++;
        return PZ_OK;
    }
    drop(program);
    return must ? problem_set(problem, PZ_USAGE,
                              "--symbols: %s: no ELF file of 32 bits with symbols: give one "
                              "that has not been stripped",
                              path)
                : PZ_OK;
}

static int is_elf(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot && !strcmp(dot, ".elf");
}

/* In the order of their names, so that every run compares in the same order. */
static enum pz_err add_directory(struct programs *programs, const char *directory,
                                 struct problem *problem)
{
    struct dirent **entries;
    int count = scandir(directory, &entries, is_elf, alphasort);
    enum pz_err err = PZ_OK;
    char path[PATH_MAX];

    if (count < 0)
        return problem_set(problem, PZ_HOST, "--symbols: %s: %s", directory, strerror(errno));
    for (int i = 0; i < count; i++) {
        int len = snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);

        if (!err && len > 0 && (size_t)len < sizeof path)
            err = add_file(programs, path, false, problem);
        free(entries[i]);
    }
    free(entries);
    return err;
}

static bool is_directory(const char *path)
{
    struct stat status;

    return !stat(path, &status) && S_ISDIR(status.st_mode);
}

enum pz_err programs_open(struct programs **programs, const struct options *options,
                          struct problem *problem)
{
    enum pz_err err = PZ_OK;

    *programs = calloc(1, sizeof **programs);
    if (!*programs)
        return problem_memory(problem, "the symbols");
    for (unsigned i = 0; !err && i < options->symbols.count; i++) {
        const char *path = options->symbols.at[i];

        err = is_directory(path) ? add_directory(*programs, path, problem)
                                 : add_file(*programs, path, true, problem);
    }
    return err;
}

enum pz_err programs_file(struct programs **programs, const char *path, struct problem *problem)
{
    *programs = calloc(1, sizeof **programs);
    if (!*programs)
        return problem_memory(problem, "the symbols");
    return add_file(*programs, path, true, problem);
}

enum pz_err programs_beside(struct programs *programs, const char *kernel,
                            struct problem *problem)
{
    const char *slash = strrchr(kernel, '/');
    char path[PATH_MAX];
    int len =
        snprintf(path, sizeof path, "%.*suser", slash ? (int)(slash + 1 - kernel) : 0, kernel);

    if (len < 0 || (size_t)len >= sizeof path || !is_directory(path))
        return PZ_OK;
    return add_directory(programs, path, problem);
}

void programs_free(struct programs *programs)
{
    for (unsigned i = 0; programs && i < programs->count; i++)
        drop(&programs->list[i]);
    free(programs);
}

/* ---- Comparing ---- */

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Is what is mapped of a part the file's? `*here`: `va` is in what was compared. */
static bool part_matches(const struct symbols_part *part, struct peek *peek, uint32_t va,
                         bool *here)
{
    uint32_t n;

    for (uint32_t done = 0; done < part->len; done += n) {
        uint32_t at = part->address + done;
        const uint8_t *host = peek_at(peek, at, ACCESS_FETCH);

        n = smaller(part->len - done, PAGE_SIZE - (at & PAGE_MASK));
        if (!host)
            continue;
        if (memcmp(host, part->bytes + done, n))
            return false;
        *here |= va - at < n;
    }
    return true;
}

static bool program_matches(const struct program *program, struct peek *peek, uint32_t va)
{
    bool here = false;

    for (unsigned i = 0; i < program->parts; i++)
        if (!part_matches(&program->code[i], peek, va, &here))
            return false;
    return here;
}

/* A quick check: do the bytes at `va` differ? */
static bool speaks_against(const struct program *program, const uint8_t *host, uint32_t va)
{
    for (unsigned i = 0; i < program->parts; i++) {
        uint32_t offset = va - program->code[i].address;

        if (offset < program->code[i].len)
            return *host != program->code[i].bytes[offset];
    }
    return true;
}

const struct program *programs_find(struct programs *programs, struct peek *peek, uint32_t va)
{
    const uint8_t *host = peek_at(peek, va, ACCESS_FETCH);

    for (unsigned i = 0; host && i < programs->count; i++) {
        unsigned number = (programs->last + i) % programs->count;
        const struct program *program = &programs->list[number];

        if (!speaks_against(program, host, va) && program_matches(program, peek, va)) {
            programs->last = number;
            return program;
        }
    }
    return NULL;
}

struct place programs_place(struct programs *programs, const struct symbols *kernel,
                            struct peek *peek, uint32_t va)
{
    struct place place = {0};

    if (peek->hart->mode == HART_SUPERVISOR)
        place.symbols = kernel;
    else if ((place.program = programs_find(programs, peek, va)))
        place.symbols = &place.program->symbols;
    if (place.symbols)
        place.function = symbols_find(place.symbols, va, &place.offset);
    return place;
}
