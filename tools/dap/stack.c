/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stack.c - inspecting the stopped machine: call stacks, registers. A frame is numbered by its
 * thread and its place in the stack; variables by thread and kind.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/dap/session.h"
#include "tools/show/show.h"

enum kind { REGISTERS, CSRS, KINDS };

/* ---- Stacks ---- */

static void put_place(struct dap *dap, json_t *frame, const json_t *row)
{
    const char *file = dap_text(row, "file");
    char reference[16];
    json_int_t line = json_integer_value(json_object_get(row, "line"));

    (void)!snprintf(reference, sizeof reference, "0x%08" PRIx32,
                    (uint32_t)json_integer_value(json_object_get(row, "pc")));
    json_put_text(frame, "instructionPointerReference", reference);
    if (file)
        json_put(frame, "source", dap_source(dap, file));
    json_put(frame, "line", json_integer(file ? line - dap->first_line_0 : 0));
    json_put(frame, "column", json_integer(0));
}

/* "(name+0x10)" as a person wants it. */
static void put_name(json_t *frame, const json_t *row)
{
    const char *symbol = dap_text(row, "symbol"), *mode = dap_text(row, "mode");
    char name[DEBUG_NAME + 32];
    size_t len = symbol ? strlen(symbol) : 0;

    if (len > 2)
        (void)!snprintf(name, sizeof name, "%.*s", (int)len - 2, symbol + 1);
    else
        (void)!snprintf(name, sizeof name, "0x%08" PRIx32 " in %s mode",
                        (uint32_t)json_integer_value(json_object_get(row, "pc")),
                        mode ? mode : "");
    json_put(frame, "name", json_bytes(name, strlen(name)));
}

static json_t *frame_of(struct dap *dap, const json_t *row, size_t number)
{
    json_t *frame = json_object();
    const char *trap = dap_text(row, "trap");
    char label[96];

    json_put_number(frame, "id", dap_thread_selected(dap) * DAP_FRAMES_MOST + number + 1);
    if (trap) {
        (void)!snprintf(label, sizeof label, "--- %.80s ---", trap);
        json_put_text(frame, "name", label);
        json_put_text(frame, "presentationHint", "label");
        json_put(frame, "line", json_integer(0));
        json_put(frame, "column", json_integer(0));
    } else {
        put_name(frame, row);
        put_place(dap, frame, row);
    }
    return frame;
}

enum pz_err dap_stack_trace(struct dap *dap, const json_t *arguments, json_t *body,
                            struct problem *problem)
{
    json_t *data, *rows, *frames = json_array();
    int64_t start, levels;
    char *text;
    enum pz_err err = dap_thread(dap, arguments, problem);

    json_put(body, "stackFrames", frames);
    if (err)
        return err;
    if (!dap_number_or(arguments, "startFrame", 0, INT32_MAX, 0, &start, problem) ||
        !dap_number_or(arguments, "levels", 0, INT32_MAX, 0, &levels, problem))
        return PZ_USAGE;
    err = dap_command(dap, "bt", &text, &data, problem);
    rows = json_object_get(data, "stack");
    for (size_t i = (size_t)start;
         i < json_array_size(rows) && (!levels || i < (size_t)(start + levels)); i++)
        (void)json_array_append_new(frames, frame_of(dap, json_array_get(rows, i), i));
    json_put_number(body, "totalFrames", json_array_size(rows));
    json_decref(data);
    free(text);
    return err;
}

/* ---- Variables ---- */

static json_t *scope(const char *name, unsigned thread, enum kind kind)
{
    return json_pack("{s:s, s:s, s:i, s:b}", "name", name, "presentationHint", "registers",
                     "variablesReference", (int)(thread * KINDS + kind) + 1, "expensive", 0);
}

/* Registers are of the hart, whichever frame is looked at. */
enum pz_err dap_scopes(struct dap *dap, const json_t *arguments, json_t *body,
                       struct problem *problem)
{
    enum pz_err err = dap_thread_of_frame(dap, arguments, problem);
    unsigned thread;

    if (err)
        return err;
    thread = dap_thread_selected(dap);
    json_put(body, "scopes",
             json_pack("[o, o]", scope("Registers", thread, REGISTERS),
                       scope("CSRs", thread, CSRS)));
    return PZ_OK;
}

static void put(json_t *list, const char *name, uint32_t value, bool points)
{
    char text[16];
    json_t *row = json_object();

    (void)!snprintf(text, sizeof text, "0x%08" PRIx32, value);
    json_put_text(row, "name", name);
    json_put_text(row, "value", text);
    json_put_text(row, "type", "u32");
    json_put_text(row, "evaluateName", name);
    json_put(row, "variablesReference", json_integer(0));
    if (points)
        json_put_text(row, "memoryReference", text);
    (void)json_array_append_new(list, row);
}

static void put_text(json_t *list, const char *name, const char *value)
{
    (void)json_array_append_new(list,
                                json_pack("{s:s, s:s, s:s, s:i}", "name", name, "value", value,
                                          "evaluateName", name, "variablesReference", 0));
}

static void put_registers(json_t *list, const struct hart *hart, uint64_t count)
{
    char retired[24];

    put(list, "pc", hart->pc, true);
    for (unsigned i = 1; i < 32; i++)
        put(list, format_reg(i), hart->x[i], true);
    put_text(list, "mode", debug_mode(hart->mode));
    (void)!snprintf(retired, sizeof retired, "%" PRIu64, count);
    put_text(list, "retired", retired);
}

enum pz_err dap_variables(struct dap *dap, const json_t *arguments, json_t *body,
                          struct problem *problem)
{
    int64_t most = (int64_t)dap_thread_count(dap) * KINDS, reference;
    json_t *list = json_array();
    const struct hart *hart;

    json_put(body, "variables", list);
    if (!dap_number(arguments, "variablesReference", 1, most, &reference, problem))
        return PZ_USAGE;
    dap_thread_select(dap, (unsigned)((reference - 1) / KINDS));
    hart = debug_hart(dap->debug);
    if ((reference - 1) % KINDS == REGISTERS) {
        put_registers(list, hart, hart->retired);
        return PZ_OK;
    }
    for (unsigned id = 0; id < CSR_COUNT; id++)
        put(list, csr_desc((enum csr_id)id)->name, csr_read(hart, (enum csr_id)id), false);
    return PZ_OK;
}
