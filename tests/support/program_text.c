/* SPDX-License-Identifier: GPL-2.0-or-later */
/* program_text.c - writing a random program to a file, and reading it again. */
#include "tests/support/program_text.h"

#include <inttypes.h>

#define FIRST_LINE "random program 1"

/* Fields that are one number; the rest has indices. */
#define NUMBERS(NUMBER)                                                                        \
    NUMBER(seed)                                                                               \
    NUMBER(world)                                                                              \
    NUMBER(sstatus)                                                                            \
    NUMBER(rewrites)                                                                           \
    NUMBER(code_va)                                                                            \
    NUMBER(code_pages)                                                                         \
    NUMBER(code_in_super)                                                                      \
    NUMBER(alias_va)                                                                           \
    NUMBER(data_va)                                                                            \
    NUMBER(super_va)

void program_write(const struct program *program, FILE *to)
{
    fprintf(to, FIRST_LINE "\n");
#define WRITE(field) fprintf(to, #field " %#" PRIx64 "\n", (uint64_t)program->field);
    NUMBERS(WRITE)
#undef WRITE
    for (unsigned i = 0; i < CODE_PAGES; i++)
        fprintf(to, "code %u %#x %#x\n", i, program->code_pa[i], program->code_flags[i]);
    for (unsigned i = 0; i < PROGRAM_PAGES; i++)
        fprintf(to, "data %u %#x %#x\n", i, program->data_pa[i], program->data_flags[i]);
    for (unsigned i = 1; i < 32; i++)
        if (program->x[i])
            fprintf(to, "x %u %#x\n", i, program->x[i]);
    for (unsigned i = 0; i < program->count; i++)
        fprintf(to, "item %#x %d %u\n", program->items[i].raw, program->items[i].target,
                program->items[i].group);
    for (unsigned i = 0; i < program->run_count; i++) {
        const struct run *run = &program->runs[i];

        fprintf(to, "run %u %u %u %u %#x\n", run->event, run->page, run->resume, run->budget,
                run->value);
    }
}

static bool read_number(struct program *program, const char *name, uint64_t value)
{
#define READ(field)                                                                            \
    if (!strcmp(name, #field)) {                                                               \
        program->field = value;                                                                \
        return true;                                                                           \
    }
    NUMBERS(READ)
#undef READ
    return false;
}

/* An indexed register, or page with its flags. */
static bool read_indexed(struct program *program, const char *line)
{
    unsigned i;
    uint32_t value, flags;

    if (sscanf(line, "x %u %" SCNx32, &i, &value) == 2 && i < 32) {
        program->x[i] = i ? value : 0;
        return true;
    }
    if (sscanf(line, "code %u %" SCNx32 " %" SCNx32, &i, &value, &flags) == 3 &&
        i < CODE_PAGES) {
        program->code_pa[i] = value;
        program->code_flags[i] = flags;
        return true;
    }
    if (sscanf(line, "data %u %" SCNx32 " %" SCNx32, &i, &value, &flags) == 3 &&
        i < PROGRAM_PAGES) {
        program->data_pa[i] = value;
        program->data_flags[i] = flags;
        return true;
    }
    return false;
}

static bool read_item(struct program *program, const char *line)
{
    struct item item;

    if (program->count == PROGRAM_INSNS ||
        sscanf(line, "item %" SCNx32 " %" SCNd16 " %" SCNu8, &item.raw, &item.target,
               &item.group) != 3 ||
        item.target >= PROGRAM_INSNS)
        return false;
    program->items[program->count++] = item;
    return true;
}

static bool read_run(struct program *program, const char *line)
{
    struct run run;

    if (program->run_count == PROGRAM_RUNS ||
        sscanf(line, "run %" SCNu8 " %" SCNu8 " %" SCNu8 " %" SCNu32 " %" SCNx32, &run.event,
               &run.page, &run.resume, &run.budget, &run.value) != 5 ||
        run.event >= EVENT_KINDS || run.page >= PROGRAM_INSNS)
        return false;
    program->runs[program->run_count++] = run;
    return true;
}

static bool read_line(struct program *program, const char *line)
{
    char name[32];
    uint64_t value;

    return read_indexed(program, line) || read_item(program, line) || read_run(program, line) ||
           (sscanf(line, "%31s %" SCNx64, name, &value) == 2 &&
            read_number(program, name, value));
}

static bool sensible(const struct program *program)
{
    bool good = program->count && program->run_count && program->world < WORLDS;

    for (unsigned i = 0; i < program->count; i++)
        good = good && program->items[i].target < (int)program->count;
    for (unsigned i = 0; i < program->run_count; i++)
        good = good && program->runs[i].page < program->count + PROGRAM_PAGES;
    return good;
}

bool program_read(struct program *program, FILE *from, unsigned *line)
{
    char text[128];

    *program = (struct program){.seed = 0};
    *line = 1;
    if (!fgets(text, sizeof text, from) || strcmp(text, FIRST_LINE "\n") != 0)
        return false;
    while (++*line, fgets(text, sizeof text, from))
        if (text[0] != '#' && text[0] != '\n' && !read_line(program, text))
            return false;
    return sensible(program);
}
