/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_report.c - a profile's file, table and document. A line of the file is a stack from
 * the outside in, its frames separated by ";", and its weight behind the last blank: the form
 * that stackcollapse scripts give, and flamegraph.pl, inferno and speedscope read.
 */
#include "tools/run/profile_report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/run/profile_functions.h"
#include "tools/run/profile_internal.h"

#define TOP 12u
#define TOP_DOCUMENT 200u

/* ---- The file ---- */

/* Lines are collected, and written in order: the same run gives the same file. */
struct folded {
    const struct profile *profile;
    char **at;
    size_t count, room;
    bool failed;
};

static void take_line(struct folded *lines, char *text)
{
    if (text && lines->count == lines->room) {
        size_t room = lines->room ? 2 * lines->room : 256;
        char **grown = realloc(lines->at, room * sizeof *grown);

        if (grown) {
            lines->at = grown;
            lines->room = room;
        }
    }
    if (!text || lines->count == lines->room) {
        lines->failed = true;
        free(text);
        return;
    }
    lines->at[lines->count++] = text;
}

static void print_stack(FILE *out, const struct profile *profile,
                        const struct profile_stack *stack)
{
    const struct profile_frame who = {.name = profile_who(stack->user, stack->program)};
    char name[PROFILE_NAME];

    fprintf(out, "vm%u;", stack->vm);
    if (profile->machine->vms[stack->vm].board.harts.count > 1)
        fprintf(out, "cpu%u;", stack->cpu);
    fprintf(out, "%s%s", stack->user ? "user;" : "", profile_name(&who, name));
    for (unsigned i = stack->depth; i--;)
        fprintf(out, ";%s", profile_name(&stack->frames[i], name));
}

static void add_stack(struct folded *lines, const struct profile_stack *stack)
{
    uint64_t weight = profile_unit(lines->profile, stack->weight);
    char *text = NULL;
    size_t size;
    FILE *out;

    if (!weight)
        return;
    out = open_memstream(&text, &size);
    if (out) {
        print_stack(out, lines->profile, stack);
        fprintf(out, " %" PRIu64 "\n", weight);
        lines->failed |= fclose(out) != 0;
    }
    take_line(lines, text);
}

static void add_part(void *owner, unsigned vm, const char *action, const char *part,
                     struct profile_weight weight)
{
    struct folded *lines = owner;
    uint64_t number = profile_unit(lines->profile, weight);
    char text[128];

    if (!number)
        return;
    snprintf(text, sizeof text, "vm%u;monitor;%s%s%s %" PRIu64 "\n", vm, action,
             part ? ";" : "", part ? part : "", number);
    take_line(lines, strdup(text));
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void write_lines(struct folded *lines, FILE *file)
{
    qsort(lines->at, lines->count, sizeof *lines->at, by_text);
    for (size_t i = 0; i < lines->count; i++) {
        lines->failed |= fputs(lines->at[i], file) < 0;
        free(lines->at[i]);
    }
    free(lines->at);
}

bool profile_fold(const struct profile *profile, FILE *file)
{
    struct folded lines = {.profile = profile};

    take_line(&lines, strdup("")); /* there is a first one, also for a run of nothing */
    for (unsigned i = 0; i < profile->count; i++)
        add_stack(&lines, &profile->stacks[i]);
    for (unsigned k = 0; k < profile->machine->count; k++)
        profile_each_part(profile, k, add_part, &lines);
    write_lines(&lines, file);
    return !lines.failed && !profile->no_memory;
}

enum pz_err profile_write(struct profile *profile, struct problem *problem)
{
    FILE *file = profile->file;
    bool folded;

    if (!file)
        return PZ_OK;
    profile->file = NULL;
    outfile_begin(file);
    errno = 0;
    folded = profile_fold(profile, file);
    folded &= fclose(file) == 0;
    if (folded)
        return PZ_OK;
    return outfile_cut(errno ? errno : ENOMEM, "--profile", profile->options->profile, problem);
}

/* ---- For people ---- */

static const char *share_of(uint64_t part, uint64_t all, char text[TEXT_NUMBER])
{
    return text_share(all ? (uint32_t)((double)part / (double)all * 1e6) : 0, text);
}

static struct profile_weight sum_of(const struct profile_split *split)
{
    return (struct profile_weight){split->user.insns + split->kernel.insns +
                                       split->monitor.insns,
                                   split->user.ns + split->kernel.ns + split->monitor.ns};
}

static void add_row(struct table *table, const char *who, struct profile_weight part,
                    struct profile_weight all)
{
    char insns[TEXT_NUMBER], share[TEXT_NUMBER], ns[TEXT_NUMBER], time[TEXT_NUMBER];

    table_add(table, "%s\t%s\t%s\t%s\t%s", who, text_grouped(part.insns, insns),
              share_of(part.insns, all.insns, share), text_duration(part.ns, ns),
              share_of(part.ns, all.ns, time));
}

static void print_functions(FILE *out, const struct profile *profile, uint64_t all,
                            unsigned width)
{
    struct profile_function *list;
    struct table table;
    size_t count;

    list = profile_functions(profile, &count);
    table_init(&table, "rrll");
    table_add(&table, "own\twith calls\tfunction\tof");
    for (size_t i = 0; i < count && i < TOP && list[i].self.insns; i++) {
        char own[TEXT_NUMBER], total[TEXT_NUMBER], name[PROFILE_NAME];

        table_add(&table, "%s\t%s\t%s\t%s", share_of(list[i].self.insns, all, own),
                  share_of(list[i].total.insns, all, total), profile_name(&list[i].frame, name),
                  profile_who(list[i].user, list[i].program));
    }
    table_print(&table, out, 2, width);
    free(list);
}

void profile_summary(FILE *out, const struct profile *profile, unsigned width)
{
    struct profile_split split = profile_split(profile);
    struct profile_weight all = sum_of(&split);
    char samples[TEXT_NUMBER], interval[TEXT_NUMBER];
    struct table table;

    fprintf(out, "profile: %s samples, one every %s instructions\n",
            text_grouped(profile->samples, samples),
            text_grouped(profile->options->profile_interval, interval));
    table_init(&table, "lrrrr");
    table_add(&table, "\tinstructions\tshare\thost time\tshare");
    add_row(&table, "guest, user", split.user, all);
    add_row(&table, "guest, kernel", split.kernel, all);
    add_row(&table, "monitor", split.monitor, all);
    table_print(&table, out, 2, width);
    print_functions(out, profile, all.insns, width);
}

/* ---- JSON ---- */

static json_t *weight_fields(struct profile_weight weight)
{
    json_t *object = json_object();

    json_put_number(object, "insns", weight.insns);
    json_put_number(object, "ns", weight.ns);
    return object;
}

static json_t *function_fields(const struct profile_function *function)
{
    json_t *object = json_object();
    const char *who = profile_who(function->user, function->program);
    char name[PROFILE_NAME];

    (void)profile_name(&function->frame, name);
    json_put(object, "function", json_bytes(name, strlen(name)));
    json_put_text(object, "mode", function->user ? "user" : "supervisor");
    json_put(object, "of", json_bytes(who, strlen(who)));
    json_put(object, "self", weight_fields(function->self));
    json_put(object, "total", weight_fields(function->total));
    return object;
}

json_t *profile_document(const struct profile *profile)
{
    json_t *object = json_object(), *functions = json_array();
    struct profile_split split = profile_split(profile);
    struct profile_function *list;
    size_t count;

    list = profile_functions(profile, &count);
    for (size_t i = 0; i < count && i < TOP_DOCUMENT; i++)
        json_array_append_new(functions, function_fields(&list[i]));
    free(list);
    json_put_text(object, "file", profile->options->profile);
    json_put_number(object, "interval", profile->options->profile_interval);
    json_put_number(object, "samples", profile->samples);
    json_put(object, "user", weight_fields(split.user));
    json_put(object, "kernel", weight_fields(split.kernel));
    json_put(object, "monitor", weight_fields(split.monitor));
    json_put(object, "functions", functions);
    return object;
}
