/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.c - memory and instructions, as the selected VM sees them under its current address space.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/dap/session.h"
#include "tools/show/show.h"

#define READ_MOST (1u << 20)
#define INSNS_MOST 4096
#define BACK_MOST 4096 /* instructions before an address */

/* ---- readMemory ---- */

/* As much as is there without a gap, page by page; none where it begins outside. */
static size_t read_pages(struct dap *dap, int64_t address, uint8_t *bytes, size_t count)
{
    size_t got = 0;

    while (got < count && address >= 0 && address + (int64_t)got <= UINT32_MAX) {
        uint32_t at = (uint32_t)address + (uint32_t)got;
        size_t part = PAGE_SIZE - (at & PAGE_MASK);

        if (part > count - got)
            part = count - got;
        if (!debug_read_gva(debug_vm(dap->debug), debug_hart(dap->debug)->satp, at, bytes + got,
                            (uint32_t)part))
            break;
        got += part;
    }
    return got;
}

enum pz_err dap_read_memory(struct dap *dap, const json_t *arguments, json_t *body,
                            struct problem *problem)
{
    int64_t address = 0, count;
    char reference[24], *text;
    uint8_t *bytes;
    size_t wanted, got;
    enum pz_err err = dap_address(arguments, "memoryReference", &address, problem);

    if (err)
        return err;
    if (!dap_number(arguments, "count", 0, INT32_MAX, &count, problem))
        return PZ_USAGE;
    wanted = count < READ_MOST ? (size_t)count : READ_MOST;
    bytes = malloc(wanted + 1);
    if (!bytes)
        return problem_memory(problem, "the bytes");
    got = read_pages(dap, address, bytes, wanted);
    text = base64_encode(bytes, got);
    (void)!snprintf(reference, sizeof reference, "%s0x%08" PRIx64, address < 0 ? "-" : "",
                    address < 0 ? (uint64_t)-address : (uint64_t)address);
    json_put_text(body, "address", reference);
    json_put_text(body, "data", text ? text : "");
    if (got < wanted)
        json_put_number(body, "unreadableBytes", wanted - got);
    free(text);
    free(bytes);
    return PZ_OK;
}

/* ---- disassemble ---- */

/* The length of the instruction at an address; 0: it is not there. */
static unsigned length_at(struct dap *dap, int64_t address, uint32_t *raw)
{
    if (address < 0 || address > UINT32_MAX - 3 ||
        !debug_fetch(dap->debug, (uint32_t)address, raw))
        return 0;
    return insn_is_wide((uint16_t)*raw) ? 4 : 2;
}

/*
 * The `back` instructions before an address, of lengths that are known only from the front: from a
 * symbol's address, or any, on, if that comes to the address. False: it does not.
 */
static bool walk_back(struct dap *dap, int64_t from, int64_t address, int64_t back,
                      int64_t *found)
{
    int64_t *ring = calloc((size_t)back, sizeof *ring);
    int64_t count = 0;
    unsigned len = 1;
    uint32_t raw;

    for (; ring && from < address && len; from += len) {
        ring[count++ % back] = from;
        len = length_at(dap, from, &raw);
    }
    if (ring && from == address && count >= back)
        *found = ring[count % back];
    else
        count = -1;
    free(ring);
    return count >= back;
}

static int64_t go_back(struct dap *dap, int64_t address, int64_t back)
{
    const struct debug *debug = dap->debug;
    const struct symbols *symbols =
        debug_source_symbols(debug, debug->vm, debug_hart(debug)->mode);
    int64_t from = address - 4 * back, found = from;
    uint32_t offset = 0;

    if (from >= 0 && from <= UINT32_MAX && symbols_find(symbols, (uint32_t)from, &offset) &&
        walk_back(dap, from - offset, address, back, &found))
        return found;
    for (int64_t at = from; at <= from + 2; at += 2)
        if (walk_back(dap, at, address, back, &found))
            return found;
    return from;
}

static void put_line(struct dap *dap, json_t *row, uint32_t address, unsigned mode)
{
    const struct lines *lines = debug_source_lines(dap->debug, dap->debug->vm, mode);
    const struct lines_row *line = lines_at(lines, address);

    if (!line)
        return;
    json_put(row, "location", dap_source(dap, lines->files[line->file]));
    json_put_number(row, "line", line->line - dap->first_line_0);
}

/* One row; returns how far on the next one is. */
static unsigned put_insn(struct dap *dap, json_t *list, int64_t address)
{
    unsigned mode = debug_hart(dap->debug)->mode, len;
    char text[DISASM_TEXT], name[DEBUG_NAME];
    uint32_t raw = 0;
    json_t *row = json_object();

    len = length_at(dap, address, &raw);
    (void)!snprintf(text, sizeof text, "%s0x%08" PRIx64, address < 0 ? "-" : "",
                    address < 0 ? (uint64_t)-address : (uint64_t)address);
    json_put_text(row, "address", text);
    if (!len) {
        json_put_text(row, "instruction", "not mapped");
        json_put_text(row, "presentationHint", "invalid");
    } else {
        json_put_text(row, "instruction", debug_insn(dap->debug, raw, (uint32_t)address, text));
        (void)!snprintf(text, sizeof text, len == 4 ? "%08" PRIx32 : "%04" PRIx32,
                        len == 4 ? raw : raw & 0xffff);
        json_put_text(row, "instructionBytes", text);
        (void)debug_name(dap->debug, dap->debug->vm, mode, (uint32_t)address, name);
        if (name[0])
            json_put(row, "symbol", json_bytes(name + 2, strlen(name) - 3));
        put_line(dap, row, (uint32_t)address, mode);
    }
    (void)json_array_append_new(list, row);
    return len ? len : 4;
}

enum pz_err dap_disassemble(struct dap *dap, const json_t *arguments, json_t *body,
                            struct problem *problem)
{
    json_t *list = json_array();
    int64_t address = 0, skip, count;
    uint32_t raw;
    enum pz_err err = dap_address(arguments, "memoryReference", &address, problem);

    json_put(body, "instructions", list);
    if (err)
        return err;
    if (!dap_number(arguments, "instructionCount", 0, INSNS_MOST, &count, problem) ||
        !dap_number_or(arguments, "instructionOffset", -BACK_MOST, BACK_MOST, 0, &skip,
                       problem))
        return PZ_USAGE;
    if (skip < 0)
        address = go_back(dap, address, -skip);
    for (; skip > 0; skip--) {
        unsigned len = length_at(dap, address, &raw);

        address += len ? len : 4;
    }
    for (; count > 0; count--)
        address += put_insn(dap, list, address);
    return PZ_OK;
}
