/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_chrome.c - the picture, drawn as events come: a guest's slice is drawn at its end, for
 * only then its length is known.
 */
#include "tools/travel/trace_chrome.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/para.h"

enum track { TRACK_USER = 1, TRACK_KERNEL = 2, TRACK_MONITOR = 3 };

/* Begin an event: "ph" and what every one has. */
static void put(struct trace_chrome *chrome, const char *phase, const char *name, unsigned pid,
                enum track track, uint64_t at)
{
    fprintf(chrome->file,
            "%s\n{\"ph\":\"%s\",\"name\":\"%s\",\"pid\":%u,\"tid\":%d,\"ts\":%" PRIu64,
            chrome->some ? "," : "", phase, name, pid, track, at);
    chrome->some = true;
}

static void put_name(struct trace_chrome *chrome, const char *what, unsigned pid,
                     enum track track, const char *name)
{
    put(chrome, "M", what, pid, track, 0);
    fputs(",\"args\":{\"name\":\"", chrome->file);
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;

        if (c == '"' || c == '\\' || c < ' ' || c > '~')
            fprintf(chrome->file, "\\u%04x", c);
        else
            fputc(c, chrome->file);
    }
    fputs("\"}}", chrome->file);
}

static void put_names(struct trace_chrome *chrome, const struct trace_head *head)
{
    for (unsigned k = 0; k < head->count; k++) {
        char name[160];

        snprintf(name, sizeof name, "vm%u %s", k, head->names[k]);
        put_name(chrome, "process_name", k + 1, TRACK_USER, name);
        put_name(chrome, "thread_name", k + 1, TRACK_USER, "guest user");
        put_name(chrome, "thread_name", k + 1, TRACK_KERNEL, "guest kernel");
        put_name(chrome, "thread_name", k + 1, TRACK_MONITOR, "monitor");
    }
}

bool trace_chrome_begin(struct trace_chrome *chrome, FILE *file, const struct trace_head *head)
{
    *chrome = (struct trace_chrome){.file = file, .count = head->count};
    chrome->lanes = calloc(head->count, sizeof *chrome->lanes);
    if (!chrome->lanes)
        return false;
    disasm_open(&chrome->disasm, true);
    fprintf(file,
            "{\"otherData\":{\"schema\":\"pz-trace-chrome/1\",\"engine\":\"%s\","
            "\"shadow\":\"%s\",\"unit\":\"1 us = 1 retired instruction\"},\n\"traceEvents\":[",
            head->engine, head->shadow);
    put_names(chrome, head);
    return true;
}

/* ---- Events ---- */

/* Instructions that the monitor's work retired in the guest's place. */
static uint64_t length_of(const struct trace_event *event)
{
    switch ((enum trace_action)event->action) {
    case TRACE_EMULATE:
    case TRACE_MMIO:
    case TRACE_PTE_WRITE: return 1;
    case TRACE_INTERPRET: return event->count;
    default: return 0;
    }
}

static void put_flow(struct trace_chrome *chrome, const char *phase, unsigned pid,
                     enum track track, uint64_t at, uint64_t flow)
{
    put(chrome, phase, "trap", pid, track, at);
    fprintf(chrome->file, ",\"cat\":\"trap\",\"id\":%" PRIu64 ",\"bp\":\"e\"}", flow);
}

/* What ran since the guest last went on, up to the event. */
static void put_guest(struct trace_chrome *chrome, const struct trace_event *event,
                      enum track track)
{
    struct trace_lane *lane = &chrome->lanes[event->vm - 1];
    bool user = track == TRACK_USER;

    put(chrome, "X", user ? "user" : "kernel", event->vm, track, lane->resumed);
    fprintf(chrome->file, ",\"dur\":%" PRIu64 ",\"args\":{\"pc at end\":\"0x%08" PRIx32 "\"}}",
            event->retired - lane->resumed, event->pc);
    if (lane->flow)
        put_flow(chrome, "f", event->vm, track, lane->resumed, lane->flow);
}

static void put_insn(struct trace_chrome *chrome, const struct trace_event *event)
{
    char text[DISASM_TEXT];

    if (!event->insn)
        return;
    disasm_text(&chrome->disasm, event->insn, event->pc, text, sizeof text);
    /* A tab is all that a disassembler could say that JSON does not take. */
    for (char *c = text; *c; c++)
        *c = *c < ' ' || *c == '"' || *c == '\\' ? ' ' : *c;
    fprintf(chrome->file, ",\"instruction\":\"%s\"", text);
}

static void put_work(struct trace_chrome *chrome, const struct trace_event *event)
{
    put(chrome, "X", trace_action_name((enum trace_action)event->action), event->vm,
        TRACK_MONITOR, event->retired);
    fprintf(chrome->file,
            ",\"dur\":%" PRIu64 ",\"args\":{\"pc\":\"0x%08" PRIx32 "\",\"time\":%" PRIu64
            ",\"cpu\":%u",
            length_of(event), event->pc, event->time, event->cpu);
    if (event->action != TRACE_SWITCH)
        fprintf(chrome->file, ",\"cause\":\"%s\",\"tval\":\"0x%08" PRIx32 "\"",
                trace_cause_name(event->cause), event->tval);
    put_insn(chrome, event);
    if (event->action == TRACE_PARA)
        fprintf(chrome->file, ",\"function\":\"%s\"",
                para_name((enum para_function)event->count));
    else if (event->count)
        fprintf(chrome->file, ",\"count\":%" PRIu32, event->count);
    fputs("}}", chrome->file);
}

static void put_tables(struct trace_chrome *chrome, const struct trace_event *event)
{
    struct trace_lane *lane = &chrome->lanes[event->vm - 1];

    if (lane->tables == event->tables)
        return;
    lane->tables = event->tables;
    put(chrome, "C", "shadow tables", event->vm, TRACK_MONITOR, event->retired);
    fprintf(chrome->file, ",\"args\":{\"leaf tables\":%" PRIu32 "}}", event->tables);
}

void trace_chrome_event(struct trace_chrome *chrome, const struct trace_event *event)
{
    struct trace_lane *lane = &chrome->lanes[event->vm - 1];
    enum track track = event->mode == HART_SUPERVISOR ? TRACK_KERNEL : TRACK_USER;
    uint64_t flow = ++chrome->flows;

    put_guest(chrome, event, track);
    put_flow(chrome, "s", event->vm, track, event->retired, flow);
    put_work(chrome, event);
    put_flow(chrome, "t", event->vm, TRACK_MONITOR, event->retired, flow);
    put_tables(chrome, event);
    lane->flow = flow;
    lane->resumed = event->retired + length_of(event);
}

void trace_chrome_end(struct trace_chrome *chrome)
{
    fputs("\n]}\n", chrome->file);
    disasm_close(&chrome->disasm);
    free(chrome->lanes);
    chrome->lanes = NULL;
}
