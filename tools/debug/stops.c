/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stops.c - commands that make, list and delete points. */
#include <inttypes.h>
#include <string.h>

#include "tools/debug/arguments.h"
#include "tools/debug/commands.h"
#include "tools/debug/locals.h"
#include "tools/debug/run.h"
#include "tools/debug/say.h"
#include "tools/debug/source.h"
#include "tools/debug/words.h"

static struct debug_context context_of(const struct debug *debug)
{
    return (struct debug_context){
        .names = debug_source_names(debug),
        .lines = debug_source_lines(debug, debug->vm, HART_SUPERVISOR),
        .user_lines = debug_source_lines(debug, debug->vm, HART_USER),
        .vm = debug_vm(debug),
        .vms = debug->machine->count,
    };
}

static void say_made(struct debug *debug, const struct debug_point *point)
{
    unsigned mode = point->where.mode == HART_USER ? HART_USER : HART_SUPERVISOR;
    char name[DEBUG_NAME] = "";

    if (point->has_address && point->where.vm != DEBUG_ANY)
        (void)debug_name(debug, (unsigned)point->where.vm, mode, point->address, name);
    fprintf(debug->out, "%s %u: %s", debug_point_kind_name(point->kind), point->number,
            point->text);
    if (point->has_address)
        fprintf(debug->out, ", at 0x%08" PRIx32 "%s", point->address, name);
    if (point->where.vm == DEBUG_ANY)
        fputs(", in any VM", debug->out);
    else
        fprintf(debug->out, ", in vm%d", point->where.vm);
    if (point->has_address && point->where.mode != DEBUG_ANY)
        fprintf(debug->out, ", %s mode", debug_mode((unsigned)point->where.mode));
    fputc('\n', debug->out);
    json_put_number(debug->data, "point", point->number);
    json_put_text(debug->data, "kind", debug_point_kind_name(point->kind));
}

typedef enum pz_err make(struct debug_points *points, const struct debug_context *context,
                         const char *words, const struct debug_point **made,
                         struct problem *problem);

static enum pz_err make_point(struct debug *debug, make *how, const char *words,
                              struct problem *problem)
{
    struct debug_context context = context_of(debug);
    const struct debug_point *made;
    enum pz_err err = how(&debug->points, &context, words, &made, problem);

    if (!err)
        say_made(debug, made);
    return err;
}

enum pz_err debug_break(struct debug *debug, const char *words, struct problem *problem)
{
    return make_point(debug, debug_points_break, words, problem);
}

enum pz_err debug_catch(struct debug *debug, const char *words, struct problem *problem)
{
    return make_point(debug, debug_points_catch, words, problem);
}

enum pz_err debug_watch(struct debug *debug, const char *words, struct problem *problem)
{
    return make_point(debug, debug_points_watch, words, problem);
}

enum pz_err debug_delete(struct debug *debug, const char *words, struct problem *problem)
{
    uint64_t number = 0;
    enum pz_err err = *words ? debug_evaluate(debug, words, &number, problem) : PZ_OK;

    if (err)
        return err;
    if (*words && (!number || number > UINT32_MAX))
        return problem_set(problem, PZ_USAGE, "there is no point %" PRIu64, number);
    if (!debug_points_delete(&debug->points, (unsigned)number))
        return *words ? problem_set(problem, PZ_USAGE,
                                    "there is no point %" PRIu64 " (info breakpoints)", number)
                      : problem_set(problem, PZ_USAGE, "there are no points");
    debug->hit = NULL;
    return PZ_OK;
}

static void info_points(struct debug *debug)
{
    json_t *list = json_array();
    bool any = false;

    for (unsigned i = 0; i < debug->points.used; i++) {
        const struct debug_point *point = debug->points.at[i];
        json_t *row = json_object();

        if (point->number) {
            any = true;
            fprintf(debug->out, "%3u  %-10s  %s  (stopped %" PRIu64 " times)\n", point->number,
                    debug_point_kind_name(point->kind), point->text, point->hits);
            json_put_number(row, "point", point->number);
            json_put_text(row, "kind", debug_point_kind_name(point->kind));
            json_put_text(row, "text", point->text);
            json_put_number(row, "hits", point->hits);
            (void)json_array_append(list, row);
        }
        json_decref(row);
    }
    if (!any)
        fputs("there are no points (break, catch and watch make some)\n", debug->out);
    json_put(debug->data, "points", list);
}

static void info_position(struct debug *debug)
{
    struct timeline_position now = timeline_now(debug->timeline);
    const struct vm *vm = debug_vm(debug);

    fprintf(debug->out,
            "all VMs: %" PRIu64 " instructions, %" PRIu64 " events; vm%u: %" PRIu64
            " instructions\n",
            now.retired, now.events, debug->vm, vm_retired(vm));
    json_put_number(debug->data, "all_retired", now.retired);
    json_put_number(debug->data, "events", now.events);
}

enum pz_err debug_info(struct debug *debug, const char *words, struct problem *problem)
{
    if (!strcmp(words, "breakpoints") || !strcmp(words, "b") || !strcmp(words, "points"))
        info_points(debug);
    else if (!strcmp(words, "position"))
        info_position(debug);
    else if (!strcmp(words, "locals"))
        return debug_info_locals(debug, problem);
    else
        return problem_set(problem, PZ_USAGE,
                           "info breakpoints, position or locals, not '%.40s'", words);
    return PZ_OK;
}

/* A watchpoint for one search of the past; other points must not stop the search. */
enum pz_err debug_who(struct debug *debug, const char *words, struct problem *problem)
{
    static struct debug_points kept;
    struct debug_context context = context_of(debug);
    struct debug_goal goal = {.points = true};
    const struct debug_point *made;
    enum pz_err err;

    if (!*words)
        return problem_set(problem, PZ_USAGE, "give the ADDRESS whose last write to find");
    kept = debug->points;
    memset(&debug->points, 0, sizeof debug->points);
    debug->points.each = kept.each;
    err = debug_points_watch(&debug->points, &context, words, &made, problem);
    if (!err) {
        debug_run_back(debug, &goal);
        if (debug->stop == DEBUG_POINT)
            fputs("the last write was just before:\n", debug->out);
        else
            fputs("it was not written before this point:\n", debug->out);
        debug_say_stop(debug);
    }
    debug_points_close(&debug->points);
    debug->points = kept;
    debug->hit = NULL;
    return err;
}
