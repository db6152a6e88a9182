/* SPDX-License-Identifier: GPL-2.0-or-later */
/* at.c - where the machine stands, and what guests have printed since the page was told. */
#include <inttypes.h>
#include <string.h>

#include "tools/web/state.h"

#define CONSOLE_MOST (256u << 10) /* bytes of one console in one answer: the last */

/* Bytes at the end that begin a character of UTF-8 which is not complete. */
static size_t unfinished(const uint8_t *bytes, size_t len)
{
    for (size_t back = 1; back <= 3 && back <= len; back++) {
        uint8_t byte = bytes[len - back];
        size_t whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;

        if ((byte & 0xc0) == 0x80)
            continue;
        return whole > back ? back : 0;
    }
    return 0;
}

static void add_console(struct web_machine *machine, unsigned vm, json_t *list)
{
    struct debug *debug = &machine->debug;
    struct web_console *console = &machine->consoles[vm];
    size_t len, from = console->told;
    const uint8_t *bytes = timeline_console(debug->timeline, vm, &len);
    bool reset = len < from, cut;
    json_t *row;

    if (debug->machine->vms[vm].end == VM_RUNS)
        len -= unfinished(bytes, len);
    if (reset)
        from = 0;
    if (len <= from && !reset)
        return;
    cut = len - from > CONSOLE_MOST;
    if (cut)
        from = len - CONSOLE_MOST;
    row = json_object();
    json_put_number(row, "vm", vm);
    if (reset || cut)
        json_put(row, "reset", json_true());
    json_put(row, "text", json_bytes((const char *)bytes + from, len - from));
    (void)json_array_append_new(list, row);
    console->told = len;
}

static json_t *consoles(struct web_machine *machine)
{
    json_t *list = json_array();

    for (unsigned vm = 0; vm < machine->debug.machine->count; vm++) {
        add_console(machine, vm, list);
        machine->debug.consoles.texts[vm].len = 0; /* kept for nobody */
    }
    return list;
}

static json_t *vms(struct debug *debug)
{
    json_t *list = json_array();

    for (unsigned k = 0; k < debug->machine->count; k++) {
        const struct vm *vm = &debug->machine->vms[k];
        json_t *row = json_object();

        json_put_number(row, "vm", k);
        json_put_text(row, "kernel", image_name(machine_image(debug->machine, k)));
        json_put_text(row, "state", outcome_end((enum vm_end)vm->end));
        json_put_text(row, "mode", debug_mode(vm->cpu->hart.mode));
        json_put_number(row, "pc", vm->cpu->hart.pc);
        json_put_number(row, "retired", vm_retired(vm));
        json_put_number(row, "exits", vm->counters.exits);
        (void)json_array_append_new(list, row);
    }
    return list;
}

void web_at(struct web_session *session, json_t *answer)
{
    struct web_machine *machine = session->machine;
    struct debug *debug = &machine->debug;
    const struct hart *hart = debug_hart(debug);
    struct timeline_position now = timeline_now(debug->timeline);
    char name[DEBUG_NAME];
    json_t *at = json_object();

    json_put_number(at, "vm", debug->vm);
    json_put_number(at, "cpu", vm_cpu_id(debug_vm(debug), debug_cpu(debug)));
    if (debug->level)
        json_put_number(at, "level", debug->level);
    if (debug->inside)
        json_put(at, "inside",
                 json_pack("{s:i, s:i}", "step", (int)debug->inside, "of",
                           (int)debug->record.count));
    json_put_text(at, "mode", debug_mode(hart->mode));
    json_put_number(at, "pc", hart->pc);
    web_symbol(debug, hart->mode, hart->pc, name);
    json_put(at, "symbol", json_bytes(name, strlen(name)));
    debug_json_line(debug, at, debug_self(debug), hart->mode, hart->pc);
    json_put_number(at, "retired", vm_retired(debug_vm(debug)));
    json_put_number(at, "total", now.retired);
    json_put_number(at, "events", now.events);
    json_put_number(at, "begin", timeline_beginning(debug->timeline).retired);
    json_put_number(at, "known", timeline_known(debug->timeline).retired);
    json_put(at, "vms", vms(debug));
    json_put(at, "console", consoles(machine));
    json_put(answer, "at", at);
}
