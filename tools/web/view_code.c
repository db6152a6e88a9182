/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view_code.c - memory of the selected VM as instructions, as bytes, and as source lines. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/web/state.h"

#define INSNS_DEFAULT 16u
#define INSNS_MOST 1024u
#define BYTES_DEFAULT 256u
#define BYTES_MOST 65536u

const char *web_symbol(const struct debug *debug, unsigned mode, uint32_t address,
                       char text[DEBUG_NAME])
{
    size_t len;

    (void)debug_name(debug, debug_self(debug), mode, address, text);
    len = strlen(text);
    if (len > 3) { /* " (name)" */
        text[len - 1] = '\0';
        memmove(text, text + 2, len - 2);
    }
    return text;
}

/* A breakpoint there; 0: none. */
static unsigned point_at(const struct debug *debug, uint32_t address)
{
    for (unsigned i = 0; i < debug->points.used; i++) {
        const struct debug_point *point = debug->points.at[i];

        if (point->number && point->kind == DEBUG_BREAK && point->has_address &&
            point->address == address)
            return point->number;
    }
    return 0;
}

/* One row; its length, 0 where nothing is mapped. */
static unsigned add_insn(struct debug *debug, uint32_t at, json_t *list)
{
    const struct hart *hart = debug_hart(debug);
    char insn[DISASM_TEXT], name[DEBUG_NAME];
    unsigned point = point_at(debug, at), len;
    uint32_t raw;
    json_t *row;

    if (!debug_fetch(debug, at, &raw))
        return 0;
    len = insn_is_wide((uint16_t)raw) ? 4 : 2;
    row = json_object();
    json_put_number(row, "address", at);
    json_put_number(row, "raw", raw);
    json_put_number(row, "bytes", len);
    json_put_text(row, "insn", debug_insn(debug, raw, at, insn));
    web_symbol(debug, hart->mode, at, name);
    json_put(row, "symbol", json_bytes(name, strlen(name)));
    debug_json_line(debug, row, debug_self(debug), hart->mode, at);
    if (point)
        json_put_number(row, "point", point);
    (void)json_array_append_new(list, row);
    return len;
}

/* Around the program counter some come before it: the code is PZ32's, of whole words. */
enum pz_err web_view_dis(struct web_session *session, const json_t *request, json_t *view,
                         struct problem *problem)
{
    struct debug *debug = &session->machine->debug;
    uint32_t pc = debug_hart(debug)->pc;
    uint64_t at, count;
    json_t *list;

    if (!web_number(request, "address", UINT32_MAX, pc & ~1u, &at, problem) ||
        !web_number(request, "count", INSNS_MOST, INSNS_DEFAULT, &count, problem))
        return PZ_USAGE;
    list = json_array();
    for (unsigned len = 1; len && json_array_size(list) < count; at = (uint32_t)(at + len))
        len = add_insn(debug, (uint32_t)at & ~1u, list);
    json_put_number(view, "pc", pc);
    json_put(view, "insns", list);
    json_put_number(view, "next", at);
    return PZ_OK;
}

/* ---- Bytes ---- */

/* Page by page, as far as they are there. */
static size_t read_bytes(struct debug *debug, bool physical, uint64_t at, uint8_t *bytes,
                         size_t len)
{
    struct phys eyes = debug_memory(debug);
    size_t got = 0;

    while (got < len) {
        uint32_t part = PAGE_SIZE - (uint32_t)((at + got) & PAGE_MASK);

        part = part < len - got ? part : (uint32_t)(len - got);
        if (!(physical ? debug_look_gpa(&eyes, at + got, bytes + got, part)
                       : debug_read(debug, debug_hart(debug)->satp, (uint32_t)(at + got),
                                    bytes + got, part)))
            break;
        got += part;
    }
    return got;
}

enum pz_err web_view_memory(struct web_session *session, const json_t *request, json_t *view,
                            struct problem *problem)
{
    struct debug *debug = &session->machine->debug;
    bool physical = json_is_true(json_object_get(request, "physical"));
    uint64_t at, count;
    uint8_t *bytes;
    char *text;

    if (!web_number(request, "address", physical ? (1ull << 34) - 1 : UINT32_MAX, 0, &at,
                    problem) ||
        !web_number(request, "count", BYTES_MOST, BYTES_DEFAULT, &count, problem))
        return PZ_USAGE;
    bytes = malloc(count + 1);
    if (!bytes)
        return problem_memory(problem, "the bytes");
    count = read_bytes(debug, physical, at, bytes, count);
    text = base64_encode(bytes, count);
    json_put_number(view, "address", at);
    json_put_number(view, "count", count);
    json_put_text(view, "base64", text ? text : "");
    free(text);
    free(bytes);
    return PZ_OK;
}

/* ---- Source ---- */

enum pz_err web_view_source(struct web_session *session, const json_t *request, json_t *view,
                            struct problem *problem)
{
    struct debug *debug = &session->machine->debug;
    const struct hart *hart = debug_hart(debug);
    char *text;
    json_t *data;
    enum pz_err err;

    (void)request;
    debug_json_line(debug, view, debug_self(debug), hart->mode, hart->pc);
    debug->listed_line = 0; /* around the program counter */
    err = web_execute(session, "list", &text, &data, problem);
    json_put(view, "text", text ? json_bytes(text, strlen(text)) : json_string(""));
    if (err)
        json_put_text(view, "missing", problem->text);
    json_decref(data);
    free(text);
    return PZ_OK;
}
