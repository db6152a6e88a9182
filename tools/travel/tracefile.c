/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tracefile.c - the forms of a trace, and JSON lines, which are written by hand, not through a JSON
 * library: there can be millions. Every string in them is one of ours or an ELF symbol, which is
 * escaped.
 */
#include "tools/travel/tracefile.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "vmm/para.h"

#define KEPT 256u /* events: they stay in the nearest of caches */

/* ---- JSON lines ---- */

static bool lines_begin(struct tracefile *trace)
{
    disasm_open(&trace->disasm, true);
    fprintf(trace->file, "{\"schema\":\"pz-trace/1\",\"timebase_hz\":%u}\n", BOARD_TIMEBASE_HZ);
    return true;
}

static void write_string(FILE *file, const char *key, const char *text)
{
    fprintf(file, ",\"%s\":\"", key);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            fprintf(file, "\\%c", c);
        else if (c < ' ' || c > '~')
            fprintf(file, "\\u%04x", c);
        else
            fputc(c, file);
    }
    fputc('"', file);
}

static void write_insn(const struct tracefile *trace, const struct trace_event *event)
{
    char text[DISASM_TEXT];

    if (!event->insn)
        return;
    disasm_text(&trace->disasm, event->insn, event->pc, text, sizeof text);
    fprintf(trace->file, ",\"insn\":%" PRIu32, event->insn);
    write_string(trace->file, "text", text);
}

static void write_symbol(const struct tracefile *trace, const struct trace_event *event)
{
    const struct image *image = machine_image(trace->machine, event->vm - 1u);
    uint32_t offset;
    const char *name = symbols_find(&image->symbols, event->pc, &offset);

    /* A user program's addresses are not the kernel's. */
    if (!name || event->mode != HART_SUPERVISOR)
        return;
    write_string(trace->file, "symbol", name);
    fprintf(trace->file, ",\"offset\":%" PRIu32, offset);
}

/* An exit by a world switch has no cause. */
static void write_cause(const struct tracefile *trace, const struct trace_event *event)
{
    if (event->action == TRACE_SWITCH)
        return;
    fprintf(trace->file, ",\"cause\":%" PRIu32 ",\"tval\":%" PRIu32, event->cause, event->tval);
    write_string(trace->file, "why", trace_cause_name(event->cause));
}

static void lines_event(struct tracefile *trace, const struct trace_event *event)
{
    FILE *file = trace->file;

    fprintf(file,
            "{\"vm\":%u,\"cpu\":%u,\"retired\":%" PRIu64 ",\"time\":%" PRIu64 ",\"pc\":%" PRIu32
            ",\"mode\":\"%s\"",
            event->vm - 1u, event->cpu, event->retired, event->time, event->pc,
            event->mode == HART_SUPERVISOR ? "supervisor" : "user");
    write_string(file, "action", trace_action_name((enum trace_action)event->action));
    write_cause(trace, event);
    write_insn(trace, event);
    write_symbol(trace, event);
    if (event->action == TRACE_PARA)
        write_string(file, "function", para_name((enum para_function)event->count));
    else if (event->count)
        fprintf(file, ",\"count\":%" PRIu32, event->count);
    fputs("}\n", file);
}

static void lines_events(struct tracefile *trace, const struct trace_event *events,
                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        lines_event(trace, &events[i]);
}

static void lines_end(struct tracefile *trace)
{
    disasm_close(&trace->disasm);
}

/* ---- The other forms ---- */

static void note_failure(struct tracefile *trace, bool written)
{
    if (!written && !trace->error)
        trace->error = errno ? errno : EIO;
}

/* The head of a machine's trace; `names` is filled in. */
static struct trace_head head_of(const struct machine *machine, const char **names)
{
    for (unsigned k = 0; k < machine->count; k++)
        names[k] = image_name(machine_image(machine, k));
    return (struct trace_head){
        .engine = machine->engine.kind->name,
        .shadow = options_shadow_name(machine->vms[0].config.policy),
        .count = machine->count,
        .names = names,
    };
}

static bool chrome_begin(struct tracefile *trace)
{
    const char *names[VMM_VMS];
    struct trace_head head = head_of(trace->machine, names);

    return trace_chrome_begin(&trace->chrome, trace->file, &head);
}

static void chrome_events(struct tracefile *trace, const struct trace_event *events,
                          size_t count)
{
    for (size_t i = 0; i < count; i++)
        trace_chrome_event(&trace->chrome, &events[i]);
}

static void chrome_end(struct tracefile *trace)
{
    trace_chrome_end(&trace->chrome);
}

static bool binary_begin(struct tracefile *trace)
{
    const char *names[VMM_VMS];
    struct trace_head head = head_of(trace->machine, names);

    return trace_binary_begin(&trace->packer, trace->file, &head);
}

static void binary_events(struct tracefile *trace, const struct trace_event *events,
                          size_t count)
{
    note_failure(trace, trace_binary_events(&trace->packer, events, count));
}

static void binary_end(struct tracefile *trace)
{
    note_failure(trace, trace_binary_end(&trace->packer));
}

static const struct trace_form forms[] = {
    {".json", chrome_begin, chrome_events, chrome_end},
    {".bin", binary_begin, binary_events, binary_end},
    {"", lines_begin, lines_events, lines_end},
};

/* ---- The file ---- */

static const struct trace_form *form_of(const char *path)
{
    const struct trace_form *form = forms;

    for (;; form++) {
        size_t len = strlen(path), end = strlen(form->ending);

        if (len >= end && !strcmp(path + len - end, form->ending))
            return form;
    }
}

/* Names come with the machine, which is made after the file. */
static bool has_begun(struct tracefile *trace)
{
    if (trace->begun || !trace->machine->count || trace->error)
        return trace->begun;
    outfile_begin(trace->file);
    errno = 0;
    trace->begun = trace->form->begin(trace);
    note_failure(trace, trace->begun);
    return trace->begun;
}

/* The buffer is full, or the end has come. */
static void write_kept(void *owner)
{
    struct tracefile *trace = owner;
    size_t count = trace->kept.count;

    trace->kept.count = 0;
    if (!trace->file || trace->error || !has_begun(trace))
        return;
    trace->form->events(trace, trace->kept.at, count);
    /* Now: at the end errno would no longer say why. */
    note_failure(trace, !ferror(trace->file));
}

enum pz_err tracefile_open(struct tracefile *trace, const char *path,
                           const struct machine *machine, struct problem *problem)
{
    *trace = (struct tracefile){.path = path, .machine = machine};
    if (!path)
        return PZ_OK;
    trace->form = form_of(path);
    trace->kept = (struct trace_buffer){.at = calloc(KEPT, sizeof *trace->kept.at),
                                        .room = KEPT,
                                        .full = write_kept,
                                        .owner = trace};
    if (!trace->kept.at)
        return problem_memory(problem, "the trace");
    return outfile_open(&trace->file, "--trace", path, problem);
}

struct trace_buffer *tracefile_kept(struct tracefile *trace)
{
    return trace->path ? &trace->kept : NULL;
}

enum pz_err tracefile_close(struct tracefile *trace, struct problem *problem)
{
    FILE *file = trace->file;

    if (file) {
        errno = 0;
        write_kept(trace);
        if (has_begun(trace))
            trace->form->end(trace);
    }
    free(trace->kept.at);
    trace->kept.at = NULL;
    if (!file)
        return PZ_OK;
    trace->file = NULL;
    return outfile_close(file, trace->error, "--trace", trace->path, problem);
}
