/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.c - the comparison as a document for programs.
 */
#include "tools/compare/write.h"
#include "tools/show/show.h"

static json_t *samples_document(const struct samples *samples)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < samples->count; i++)
        json_array_append_new(array, json_real(samples->at[i]));
    return array;
}

static void put_virtual(json_t *object, const struct measure *row)
{
    json_put_text(object, "shadow", options_shadow_name(row->technique.policy));
    json_put(object, "direct", json_real(row->direct_ppm / 1e6));
    json_put_number(object, "table_bytes", row->tables);
    json_put(object, "exits", outcome_counters(&row->counters));
}

static json_t *row_document(const struct measure *row)
{
    const struct technique *technique = &row->technique;
    json_t *object = json_object();

    json_put_text(object, "technique", technique->name);
    json_put_text(object, "engine", technique->kind->name);
    json_put(object, "monitor",
             technique->bare ? json_null()
                             : json_string(monitor_desc(technique->monitor)->name));
    json_put_text(object, "about", technique->about);
    json_put_text(object, "asks", technique->asks);
    json_put(object, "served", json_boolean(row->served));
    if (!row->served)
        return object;
    json_put_text(object, "end", row->end.end);
    json_put_number(object, "retired", row->end.retired);
    json_put_number(object, "console_bytes", row->end.console.len);
    json_put_text(object, "same", measure_verdict_word(row->verdict));
    json_put(object, "cpu_ns", samples_document(&row->ns));
    json_put(object, "ratio", samples_document(&row->ratio));
    json_put(object, "guest_lines",
             row->lines == MEASURE_UNKNOWN ? json_null() : json_integer(row->lines));
    if (!technique->bare)
        put_virtual(object, row);
    return object;
}

static json_t *guest_document(const struct measure_guest *guest)
{
    json_t *object = json_object(), *rows = json_array();

    json_put_text(object, "kernel", guest->name);
    for (unsigned i = 0; i < guest->count; i++)
        json_array_append_new(rows, row_document(&guest->rows[i]));
    json_put(object, "rows", rows);
    return object;
}

enum pz_err write_json(const struct measure_guest *guests, unsigned count,
                       struct problem *problem)
{
    json_t *document = json_document("pz-compare/1"), *array = json_array();
    bool ok = true;

    for (unsigned k = 0; k < count; k++) {
        for (unsigned i = 0; i < guests[k].count; i++)
            if (guests[k].rows[i].served && guests[k].rows[i].verdict == MEASURE_DIFFERENT)
                ok = false;
        json_array_append_new(array, guest_document(&guests[k]));
    }
    json_put(document, "ok", json_boolean(ok));
    json_put(document, "guests", array);
    return json_print(document, problem);
}
