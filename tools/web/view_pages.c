/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_pages.c - machine memory by owner, who has page 0, and the way of one address through all
 * tables.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/web/state.h"

/* ---- Machine memory ---- */

#define RUNS_MOST 65536u

static const char *const kind_names[PAGE_KINDS] = {
    [PAGE_FREE] = "free",
    [PAGE_RESERVED] = "reserved",
    [PAGE_MONITOR] = "monitor",
    [PAGE_GUEST] = "guest",
    [PAGE_PMAP] = "pmap",
    [PAGE_SHADOW_ROOT] = "shadow-root",
    [PAGE_SHADOW_LEAF] = "shadow-leaf",
    [PAGE_SHADOW_LINK] = "shadow-link",
    [PAGE_SHARED] = "shared",
    [PAGE_SHARE_TABLE] = "share-table",
};

static const struct page *page_of(const struct machine *machine, uint32_t number)
{
    return allocate_info(&machine->vmm.allocator, (struct mpa){number << PAGE_SHIFT});
}

static void add_run(json_t *list, uint32_t first, uint32_t count, const struct page *page)
{
    json_t *row = json_object();
    unsigned kind = page ? page->kind : PAGE_FREE;

    json_put_number(row, "first", first);
    json_put_number(row, "count", count);
    json_put(row, "owner",
             page && page->owner != ALLOCATE_MONITOR ? json_integer(page->owner - 1)
                                                     : json_null());
    json_put_text(row, "kind", kind_names[kind]);
    (void)json_array_append_new(list, row);
}

/* Pages that were never given out are free, and nobody's. */
static json_t *runs(const struct machine *machine, bool *cut)
{
    const struct allocator *allocator = &machine->vmm.allocator;
    uint32_t begin = allocator->base >> PAGE_SHIFT, end = begin + allocator->count,
             from = begin;
    uint32_t fresh = allocator->fresh < end ? allocator->fresh : end;
    json_t *list = json_array();

    while (from < fresh && json_array_size(list) < RUNS_MOST) {
        const struct page *page = page_of(machine, from), *next = page;
        uint32_t to = from;

        while (next->kind == page->kind && next->owner == page->owner && ++to < fresh)
            next = page_of(machine, to);
        add_run(list, from, to - from, page);
        from = to;
    }
    *cut = from < fresh;
    if (!*cut && from < end)
        add_run(list, from, end - from, NULL);
    return list;
}

enum pz_err web_view_pages(struct web_session *session, const json_t *request, json_t *view,
                           struct problem *problem)
{
    const struct machine *machine = session->machine->debug.machine;
    const struct allocator *allocator = &machine->vmm.allocator;
    json_t *kinds = json_array();
    bool cut;

    (void)request, (void)problem;
    for (unsigned kind = 0; kind < PAGE_KINDS; kind++)
        (void)json_array_append_new(kinds, json_string(kind_names[kind]));
    json_put_number(view, "first", allocator->base >> PAGE_SHIFT);
    json_put_number(view, "count", allocator->count);
    json_put_number(view, "used", allocator->used);
    json_put(view, "kinds", kinds);
    json_put(view, "runs", runs(machine, &cut));
    json_put(view, "cut", json_boolean(cut));
    return PZ_OK;
}

/* ---- Page 0 ---- */

static json_t *map_row(const struct map_row *row)
{
    char bytes[2 * MAP_BYTES + 1];
    json_t *object = json_object();

    json_put(object, "mapped", json_boolean(row->mapped));
    json_put_number(object, "gva", row->gva.v);
    if (!row->mapped)
        return object;
    for (unsigned i = 0; i < MAP_BYTES; i++)
        (void)!snprintf(bytes + 2 * i, 3, "%02x", row->bytes[i]);
    json_put_number(object, "gpa", row->gpa.v);
    json_put_number(object, "machine", row->mpa.v);
    json_put_text(object, "bytes", bytes);
    return object;
}

enum pz_err web_view_tables(struct web_session *session, const json_t *request, json_t *view,
                            struct problem *problem)
{
    struct machine *machine = session->machine->debug.machine;
    json_t *list = json_array();

    (void)request, (void)problem;
    for (unsigned k = 0; k < machine->count; k++) {
        json_t *row = json_object();
        struct map_vm map;

        map_look(&map, machine, k, 0);
        json_put_number(row, "vm", k);
        json_put(row, "program", map_row(&map.rows[MAP_PROGRAM]));
        json_put(row, "kernel", map_row(&map.rows[MAP_KERNEL]));
        (void)json_array_append_new(list, row);
    }
    json_put(view, "vms", list);
    return PZ_OK;
}

/* ---- One address ---- */

enum pz_err web_view_walk(struct web_session *session, const json_t *request, json_t *view,
                          struct problem *problem)
{
    struct debug *debug = &session->machine->debug;
    char line[32], *text;
    json_t *data;
    uint64_t gva;
    enum pz_err err;

    if (!web_number(request, "gva", UINT32_MAX, debug_hart(debug)->pc, &gva, problem))
        return PZ_USAGE;
    (void)!snprintf(line, sizeof line, "pt 0x%" PRIx64, gva);
    err = web_execute(session, line, &text, &data, problem);
    json_put_number(view, "vm", debug->vm);
    json_put_text(view, "stage",
                  debug_vm(debug)->config.monitor == VM_ASSIST ? "second" : "shadow");
    json_put(view, "text", text ? json_bytes(text, strlen(text)) : json_string(""));
    (void)json_object_update(view, data);
    json_decref(data);
    free(text);
    return err;
}
