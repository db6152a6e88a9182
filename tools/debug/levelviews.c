/* SPDX-License-Identifier: GPL-2.0-or-later */
/* levelviews.c - commands that show the machines inside each other, and select one. */
#include <inttypes.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/debug/arguments.h"
#include "tools/debug/commands.h"
#include "tools/debug/say.h"
#include "tools/debug/source.h"
#include "tools/debug/words.h"

static void find(struct debug *debug, struct levels *levels)
{
    levels_find(levels, debug_vm(debug), &debug_cpu(debug)->hart, debug_symbols(debug));
}

/* All levels of type 1 run the same program, at the same addresses. */
static const char *name_of(const struct debug *debug, const struct levels *levels,
                           unsigned level, char text[DEBUG_NAME])
{
    const struct hart *hart = &levels->of[level].hart;

    text[0] = '\0';
    if (!levels_is_monitor(levels, level) || hart->mode != HART_SUPERVISOR)
        return text;
    return debug_name(debug, debug->vm, HART_SUPERVISOR, hart->pc, text);
}

/* The width of the table. */
#define COLUMNS_WIDE 110u

/* On a narrow terminal each level takes several lines. */
static void say_narrow(const struct debug *debug, const struct levels *levels, unsigned level,
                       unsigned width)
{
    const struct level *own = &levels->of[level];
    char name[DEBUG_NAME], text[DEBUG_NAME + 16];

    fprintf(debug->out, "%c%u ", level == debug->level ? '*' : ' ', level);
    (void)!snprintf(text, sizeof text, "%s %s", own->name, debug_mode(own->hart.mode));
    text_wrap(debug->out, text, 3, 3, width);
    (void)!snprintf(text, sizeof text, "0x%08" PRIx32 "%s", own->hart.pc,
                    name_of(debug, levels, level, name));
    text_wrap(debug->out, text, 0, 3, width);
    text_wrap(debug->out, levels_state(levels, level, text), 0, 3, width);
}

static void add_row(const struct debug *debug, const struct levels *levels, unsigned level,
                    struct table *table)
{
    const struct level *own = &levels->of[level];
    char name[DEBUG_NAME], state[LEVELS_TEXT];

    table_add(table, "%s%u\t%s\t%s\t0x%08" PRIx32 "%s\t%s", level == debug->level ? "* " : "",
              level, own->name, debug_mode(own->hart.mode), own->hart.pc,
              name_of(debug, levels, level, name), levels_state(levels, level, state));
}

static void add_data(const struct levels *levels, unsigned level, json_t *list)
{
    const struct level *own = &levels->of[level];
    char state[LEVELS_TEXT];
    json_t *row = json_object();

    json_put_number(row, "level", level);
    json_put_text(row, "name", own->name);
    json_put_text(row, "mode", debug_mode(own->hart.mode));
    json_put_number(row, "pc", own->hart.pc);
    json_put_text(row, "state", levels_state(levels, level, state));
    (void)json_array_append_new(list, row);
}

enum pz_err debug_levels(struct debug *debug, const char *words, struct problem *problem)
{
    unsigned width = debug_columns();
    struct levels levels;
    struct table table;
    json_t *list;

    if (*words)
        return problem_set(problem, PZ_USAGE, "levels takes no words ('level N' chooses one)");
    find(debug, &levels);
    list = json_array();
    table_init(&table, "rllll");
    for (unsigned level = 1; level <= levels.count; level++) {
        if (width && width < COLUMNS_WIDE)
            say_narrow(debug, &levels, level, width);
        else
            add_row(debug, &levels, level, &table);
        add_data(&levels, level, list);
    }
    table_print(&table, debug->out, 0, 0);
    if (levels.count == 1)
        fputs("this VM has no VMs: its kernel is not type1.elf, or it has none yet\n",
              debug->out);
    json_put(debug->data, "levels", list);
    return PZ_OK;
}

/* ---- level ---- */

static enum pz_err no_level(const struct levels *levels, uint64_t level,
                            struct problem *problem)
{
    if (!level)
        return problem_set(problem, PZ_USAGE,
                           "level 0 is pz itself: csrs, pt and map show its own state");
    return problem_set(problem, PZ_USAGE,
                       "there is no level %" PRIu64 ": the highest is %u (levels lists them)",
                       level, levels->count);
}

static enum pz_err name_kernel(struct debug *debug, unsigned level, const char *path,
                               struct problem *problem)
{
    if (level == 1 || levels_is_monitor(&debug->levels, level))
        return problem_set(problem, PZ_USAGE, "the kernel of level %u is known: %.80s", level,
                           machine_image(debug->machine, debug->vm)->path);
    return debug_source_load_level(debug, level, path, problem);
}

static void say_level(struct debug *debug, unsigned level)
{
    const struct level *own = &debug->levels.of[level];
    char state[LEVELS_TEXT];

    fprintf(debug->out, "level %u, %s: %s\n", level, own->name,
            levels_state(&debug->levels, level, state));
    json_put_number(debug->data, "level", level);
    json_put_text(debug->data, "name", own->name);
    json_put_text(debug->data, "state", state);
    debug_say_place(debug);
}

/* Valid until the machine moves: the levels are found in memory, which changes. */
enum pz_err debug_select_level(struct debug *debug, const char *words, struct problem *problem)
{
    char word[DEBUG_WORD];
    uint64_t level = debug->level;
    enum pz_err err = PZ_OK;

    if (debug_words_next(&words, word))
        err = debug_evaluate(debug, word, &level, problem);
    if (err)
        return err;
    find(debug, &debug->levels);
    debug_look_at_vm(debug);
    if (!level || level > debug->levels.count)
        return no_level(&debug->levels, level, problem);
    if (debug_words_left(&words))
        err = name_kernel(debug, (unsigned)level, words, problem);
    if (err)
        return err;
    debug->level = level > 1 ? (unsigned)level : 0;
    say_level(debug, (unsigned)level);
    return PZ_OK;
}
