/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_exit.c - the last exit: its path through the monitor step by step, and `why` in words. The
 * lanes are the parts that a step is the work of.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/web/state.h"
#include "vmm/probe.h"

/* Whose work a step is, and where it is to be read. */
static const struct {
    const char *lane, *where;
} places[] = {
    [PROBE_EXIT] = {"cpu", "isa/engine/engine.h"},
    [PROBE_HANDLER] = {"dispatcher", "vmm/dispatch.c"},
    [PROBE_DECODE] = {"interpreter", "isa/decode.c"},
    [PROBE_WALK] = {"shadow", "isa/sv32.c"},
    [PROBE_EMULATE] = {"interpreter", "vmm/interpret.c"},
    [PROBE_RECONCILE] = {"interpreter", "vmm/interpret.c"},
    [PROBE_FILL] = {"shadow", "vmm/shadow.c"},
    [PROBE_ATTACH] = {"shadow", "vmm/pmap.c"},
    [PROBE_INJECT] = {"dispatcher", "vmm/vm.c"},
    [PROBE_SBI] = {"interpreter", "vmm/board/sbi.c"},
    [PROBE_PARA] = {"interpreter", "vmm/para.c"},
    [PROBE_INTERRUPT] = {"dispatcher", "vmm/vm.c"},
    [PROBE_SWITCH] = {"dispatcher", "vmm/sched.c"},
    [PROBE_ENTER] = {"dispatcher", "vmm/vcpu.c"},
    [PROBE_LOOK] = {"dispatcher", "vmm/vcpu.c"},
    [PROBE_SPACE] = {"shadow", "vmm/shadow_root.c"},
    [PROBE_RESUME] = {"guest", "vmm/vcpu.c"},
    [PROBE_RESTART] = {"dispatcher", "vmm/vm.c"},
    [PROBE_END] = {"dispatcher", "vmm/vm.c"},
};

static json_t *step_row(const struct debug *debug, const struct debug_step *step)
{
    struct debug_fields reads, changes;
    char text[DEBUG_SENTENCE];
    json_t *row = json_object();

    debug_step_text(debug, step, text);
    debug_reads(step, &reads);
    debug_changes(&step->before, &step->after, &changes);
    json_put_text(row, "lane", places[step->point].lane);
    json_put_text(row, "step", debug_step_name(step));
    json_put_text(row, "where", places[step->point].where);
    json_put_number(row, "vm", step->vm - 1u);
    json_put(row, "text", json_bytes(text, strlen(text)));
    json_put(row, "read", debug_json_reads(&reads));
    json_put(row, "wrote", debug_json_changes(&changes));
    return row;
}

static json_t *exit_of(const struct debug *debug, const struct trace_event *event)
{
    char insn[DISASM_TEXT] = "", name[DEBUG_NAME];
    json_t *object = json_object();

    if (event->insn)
        (void)debug_insn(debug, event->insn, event->pc, insn);
    web_symbol(debug, event->mode, event->pc, name);
    json_put_number(object, "vm", event->vm - 1u);
    json_put_number(object, "retired", event->retired);
    json_put_text(object, "mode", debug_mode(event->mode));
    json_put_number(object, "pc", event->pc);
    json_put(object, "symbol", json_bytes(name, strlen(name)));
    json_put_text(object, "insn", insn);
    json_put_number(object, "cause", event->cause);
    json_put_text(object, "cause_name", trace_cause_name(event->cause));
    json_put_number(object, "tval", event->tval);
    json_put_text(object, "action", trace_action_name((enum trace_action)event->action));
    return object;
}

enum pz_err web_view_exit(struct web_session *session, const json_t *request, json_t *view,
                          struct problem *problem)
{
    struct debug *debug = &session->machine->debug;
    const struct debug_record *record = &debug->record;
    struct debug_fields changes;
    json_t *steps;
    enum pz_err err = debug_recorded(debug, problem);

    (void)request;
    if (err)
        return err;
    steps = json_array();
    for (unsigned i = 0; i < record->count; i++)
        (void)json_array_append_new(steps, step_row(debug, &record->steps[i]));
    debug_changes(debug_record_before(record), debug_record_after(record), &changes);
    json_put(view, "exit", exit_of(debug, &record->event));
    json_put(
        view, "lanes",
        json_pack("[s, s, s, s, s]", "guest", "cpu", "dispatcher", "interpreter", "shadow"));
    json_put(view, "steps", steps);
    json_put(view, "changes", debug_json_changes(&changes));
    json_put_number(view, "lost", record->lost);
    return PZ_OK;
}

enum pz_err web_view_why(struct web_session *session, const json_t *request, json_t *view,
                         struct problem *problem)
{
    char *text;
    json_t *data;
    enum pz_err err = web_execute(session, "why", &text, &data, problem);

    (void)request;
    json_put(view, "text", text ? json_bytes(text, strlen(text)) : json_string(""));
    (void)json_object_update_missing(view, data);
    json_decref(data);
    free(text);
    return err;
}
