/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_cpu.c - the selected virtual CPU: registers, and CSRs beside those of the real CPU, each
 * with whether the last move has changed it.
 */
#include <string.h>

#include "tools/web/state.h"

static void add_register(json_t *list, struct debug *debug, unsigned i,
                         const struct hart *before)
{
    const struct hart *hart = debug_hart(debug);
    char name[DEBUG_NAME] = "";
    json_t *row = json_object();

    if (hart->x[i] >= PAGE_SIZE)
        web_symbol(debug, HART_SUPERVISOR, hart->x[i], name);
    json_put_text(row, "name", format_reg(i));
    json_put_number(row, "value", hart->x[i]);
    json_put(row, "changed", json_boolean(hart->x[i] != before->x[i]));
    json_put_number(row, "before", before->x[i]);
    json_put(row, "symbol", json_bytes(name, strlen(name)));
    (void)json_array_append_new(list, row);
}

enum pz_err web_view_regs(struct web_session *session, const json_t *request, json_t *view,
                          struct problem *problem)
{
    struct web_machine *machine = session->machine;
    struct debug *debug = &machine->debug;
    const struct hart *hart = debug_hart(debug);
    json_t *list = json_array();

    (void)request, (void)problem;
    for (unsigned i = 0; i < 32; i++)
        add_register(list, debug, i, &machine->before);
    json_put(view, "regs", list);
    json_put_number(view, "pc", hart->pc);
    json_put_number(view, "pc_before", machine->before.pc);
    json_put_text(view, "mode", debug_mode(hart->mode));
    json_put_text(view, "mode_before", debug_mode(machine->before.mode));
    json_put_number(view, "retired", hart->retired);
    return PZ_OK;
}

/* The debugger's command says what the real CPU has; here that is put beside. */
static json_t *csr_rows(const struct web_machine *machine, const json_t *data)
{
    const json_t *reals = json_object_get(data, "real");
    const struct hart *hart = debug_hart(&machine->debug);
    json_t *list = json_array();

    for (int i = 0; i < CSR_COUNT; i++) {
        enum csr_id id = (enum csr_id)i;
        const char *name = csr_desc(id)->name;
        const char *real = json_string_value(json_object_get(reals, name));
        uint32_t now = csr_read(hart, id), before = csr_read(&machine->before, id);
        json_t *row = json_object();

        json_put_text(row, "name", name);
        json_put_number(row, "virtual", now);
        json_put_text(row, "real", real ? real : "");
        json_put(row, "changed", json_boolean(now != before));
        json_put_number(row, "before", before);
        (void)json_array_append_new(list, row);
    }
    return list;
}

enum pz_err web_view_csrs(struct web_session *session, const json_t *request, json_t *view,
                          struct problem *problem)
{
    struct web_machine *machine = session->machine;
    char *text;
    json_t *data;
    enum pz_err err = web_execute(session, "csrs", &text, &data, problem);

    (void)request;
    if (!err) {
        const struct debug *debug = &machine->debug;
        bool assist = debug_vm(debug)->config.monitor == VM_ASSIST;

        json_put_text(view, "mode", debug_mode(debug_hart(debug)->mode));
        json_put_text(view, "real_mode", assist ? "the same, in non-root mode" : "user");
        json_put(view, "csrs", csr_rows(machine, data));
    }
    json_decref(data);
    free(text);
    return err;
}
