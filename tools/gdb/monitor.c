/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor.c - gdb's `monitor`: every command of the debugger, and `gdb`, which says how this
 * server shall behave.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/debug/debug.h"
#include "tools/gdb/commands.h"

#define LINE_MOST 512u

/* ---- monitor gdb ---- */

static enum pz_err read_or_any(struct debug *debug, const char **words, const char *any,
                               uint64_t most, int64_t *value, struct problem *problem)
{
    char word[DEBUG_WORD] = "";
    uint64_t number = 0;
    enum pz_err err;

    *value = DEBUG_ANY;
    if (!debug_words_next(words, word))
        return problem_set(problem, PZ_USAGE, "a number, or any");
    if (!strcmp(word, any))
        return PZ_OK;
    err = debug_evaluate(debug, word, &number, problem);
    if (!err && number > most)
        return problem_set(problem, PZ_USAGE, "'%s' is too large: the maximum is 0x%" PRIx64,
                           word, most);
    *value = (int64_t)number;
    return err;
}

/* "[vm N|any] [mode user|supervisor|any] [satp V|any]": all of it, or nothing */
static enum pz_err set_points(struct gdb *gdb, const char *words, struct problem *problem)
{
    struct debug_where where = {.vm = DEBUG_ANY, .mode = DEBUG_ANY};
    struct debug *debug = gdb->debug;
    enum pz_err err = PZ_OK;
    int64_t value;

    while (!err && debug_words_left(&words)) {
        if (debug_words_take(&words, "vm")) {
            err = read_or_any(debug, &words, "any", debug->machine->count - 1, &value, problem);
            where.vm = (int)value;
        } else if (debug_words_take(&words, "mode")) {
            err = read_or_any(debug, &words, "any", HART_SUPERVISOR, &value, problem);
            where.mode = (int)value;
        } else if (debug_words_take(&words, "satp")) {
            err = read_or_any(debug, &words, "any", UINT32_MAX, &value, problem);
            where.in_space = value != DEBUG_ANY;
            where.satp = (uint32_t)value;
        } else {
            err = problem_set(problem, PZ_USAGE,
                              "gdb points [vm N] [mode M] [satp V]; not '%.40s'", words);
        }
    }
    if (!err)
        gdb->points.where = where;
    return err;
}

static enum pz_err choose(const char *words, const char *off, const char *on, bool *value,
                          struct problem *problem)
{
    if (!strcmp(words, off) || !strcmp(words, on)) {
        *value = !strcmp(words, on);
        return PZ_OK;
    }
    return problem_set(problem, PZ_USAGE, "%s or %s, not '%.40s'", off, on, words);
}

static void say_settings(struct gdb *gdb)
{
    const struct debug_where *where = &gdb->points.where;
    FILE *out = gdb->debug->out;

    fprintf(out, "gdb memory %s\n", gdb->physical ? "physical" : "virtual");
    fputs("gdb points", out);
    if (where->vm != DEBUG_ANY)
        fprintf(out, " vm %d", where->vm);
    if (where->mode != DEBUG_ANY)
        fprintf(out, " mode %s", debug_mode((unsigned)where->mode));
    if (where->in_space)
        fprintf(out, " satp 0x%08" PRIx32, where->satp);
    fprintf(out, "%s\n",
            where->vm == DEBUG_ANY && where->mode == DEBUG_ANY && !where->in_space
                ? " (in any VM, mode and address space)"
                : "");
    fprintf(out, "gdb end %s\n", gdb->stays ? "stay" : "exit");
}

static enum pz_err own_command(struct gdb *gdb, const char *words, struct problem *problem)
{
    (void)debug_words_left(&words);
    if (debug_words_take(&words, "memory") && debug_words_left(&words))
        return choose(words, "virtual", "physical", &gdb->physical, problem);
    if (debug_words_take(&words, "points"))
        return set_points(gdb, words, problem);
    if (debug_words_take(&words, "end") && debug_words_left(&words))
        return choose(words, "exit", "stay", &gdb->stays, problem);
    if (debug_words_left(&words))
        return problem_set(problem, PZ_USAGE,
                           "gdb memory virtual|physical; gdb points [vm N] [mode M] [satp V]; "
                           "gdb end exit|stay; not '%.40s'",
                           words);
    say_settings(gdb);
    return PZ_OK;
}

/* ---- Any command ---- */

static enum pz_err execute(struct gdb *gdb, const char *line, struct problem *problem)
{
    const char *words = line;
    enum pz_err err;

    if (debug_words_take(&words, "gdb"))
        return own_command(gdb, words, problem);
    gdb->link.running(gdb->link.owner, true);
    err = debug_execute(gdb->debug, line, problem);
    gdb->link.running(gdb->link.owner, false);
    return err;
}

/* gdb keeps what it has read of a machine that it has not moved itself. */
static void say_moved(struct gdb *gdb, struct timeline_position from)
{
    if (!timeline_compare(from, timeline_now(gdb->debug->timeline)))
        return;
    fputs("(the machine has moved: 'maintenance flush register-cache' lets gdb see it)\n",
          gdb->debug->out);
    gdb->stop.reason[0] = 0;
}

static void speak_of(struct gdb *gdb)
{
    struct vm *vm = gdb_thread_vm(gdb, gdb->speaks);
    const struct vcpu *cpu = gdb_thread_cpu(gdb, gdb->speaks);

    gdb->debug->vm = machine_index(gdb->debug->machine, vm);
    gdb->debug->cpu = cpu == vm->cpu ? 0 : vm_cpu_id(vm, cpu) + 1;
}

static void note_whom(struct gdb *gdb)
{
    const struct vm *vm = debug_vm(gdb->debug);

    gdb->speaks =
        gdb_thread_of(gdb, vm) + vm_cpu_id(vm, debug_cpu(gdb->debug)) - vm_cpu_id(vm, vm->cpu);
}

static void run_line(struct gdb *gdb, const char *line)
{
    struct debug *debug = gdb->debug;
    struct timeline_position from;
    struct problem problem = {0};
    char *text = NULL;
    size_t len = 0;

    gdb_settle(gdb);
    from = timeline_now(debug->timeline);
    speak_of(gdb);
    debug->out = open_memstream(&text, &len);
    if (!debug->out)
        return;
    debug->data = json_object();
    if (execute(gdb, line, &problem))
        fprintf(debug->out, "%s\n", problem.text);
    say_moved(gdb, from);
    fclose(debug->out);
    json_decref(debug->data);
    consoles_flush(&debug->consoles);
    note_whom(gdb);
    gdb_say(gdb, text, len);
    free(text);
    if (debug->quit)
        gdb->over = GDB_KILLED;
}

void gdb_monitor(struct gdb *gdb, const char *text, size_t len)
{
    char line[LINE_MOST];

    if (len % 2 || len / 2 >= sizeof line) {
        gdb_refuse(gdb, "a command of at most %u characters", LINE_MOST - 1);
        return;
    }
    if (!gdb_packet_hex(&text, line, len / 2) || memchr(line, 0, len / 2)) {
        gdb_malformed(gdb);
        return;
    }
    line[len / 2] = 0;
    run_line(gdb, line);
    gdb_ok(gdb);
}
