/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_read.c - reads the compact trace. Every field of a row is checked before it is used. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/travel/recording_file.h"
#include "tools/travel/trace_binary.h"
#include "tools/travel/trace_columns.h"

#define FILE_MOST ((size_t)4 << 30)

struct reading {
    const struct trace_sink *sink;
    struct problem *problem;
    struct frames frames;
    struct trace_expected *expected;
    unsigned count; /* VMs; 0: no head yet */
    uint64_t events;
    bool done;
};

/* ---- Rows ---- */

/* The bytes of one frame. */
struct rows {
    const uint8_t *at, *end;
    bool bad;
};

static uint64_t get(struct rows *rows)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte;

        if (rows->at == rows->end)
            break;
        byte = *rows->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return value;
    }
    rows->bad = true;
    return 0;
}

static uint32_t get_change(struct rows *rows, uint32_t before)
{
    uint64_t folded = get(rows);

    return before + (uint32_t)(folded >> 1 ^ (0 - (folded & 1)));
}

/* An event that has grown by what was expected, or by what a row says. */
static void tell(struct reading *reading, struct trace_event *event)
{
    struct trace_course *course = &reading->expected->courses[event->vm - 1];

    event->retired += course->retired;
    event->time += course->time;
    *course = (struct trace_course){event->retired, event->time, trace_place(event)};
    reading->events++;
    reading->sink->event(reading->sink->owner, event);
}

static struct trace_event *expected_of(struct reading *reading, unsigned vm)
{
    struct trace_expected *expected = reading->expected;
    struct trace_event *after = &expected->after[expected->courses[vm].place];

    expected->vm = vm;
    after->vm = (uint16_t)(vm + 1);
    return after;
}

/* The columns that a row has, into what was expected. */
static bool get_columns(struct rows *rows, uint32_t mask, struct trace_event *event)
{
    uint64_t skipped = event->time - event->retired, value;

    if (mask >> TRACE_KIND & 1) {
        value = get(rows);
        if (value >= 2 * TRACE_ACTIONS * HARTS_MOST)
            return false;
        event->cpu = (uint8_t)(value / 2 / TRACE_ACTIONS);
        event->action = (uint8_t)(value / 2 % TRACE_ACTIONS);
        event->mode = value & 1;
    }
    if (mask >> TRACE_RETIRED & 1)
        event->retired = get(rows);
    if (mask >> TRACE_SKIPPED & 1)
        skipped = get(rows);
    event->time = event->retired + skipped;
    if (mask >> TRACE_PC & 1)
        event->pc = get_change(rows, event->pc);
    if (mask >> TRACE_CAUSE & 1) {
        value = get(rows);
        event->cause = (uint32_t)(value >> 1 | value << 31);
    }
    if (mask >> TRACE_TVAL & 1)
        event->tval = get_change(rows, event->tval);
    if (mask >> TRACE_INSN & 1)
        event->insn ^= (uint32_t)get(rows);
    if (mask >> TRACE_COUNT & 1)
        event->count = (uint32_t)get(rows);
    if (mask >> TRACE_TABLES & 1)
        event->tables = get_change(rows, event->tables);
    return !rows->bad;
}

static bool read_row(struct reading *reading, struct rows *rows)
{
    uint64_t mask = get(rows), vm = reading->expected->vm;
    struct trace_event *after, event;

    if (mask >> TRACE_COLUMNS)
        return false;
    if (mask & 1u << TRACE_VM)
        vm = get(rows);
    if (rows->bad || vm >= reading->count)
        return false;
    after = expected_of(reading, (unsigned)vm);
    if (!get_columns(rows, (uint32_t)mask, after))
        return false;
    event = *after;
    tell(reading, &event);
    return true;
}

static enum pz_err read_rows(struct reading *reading, const struct frame *frame)
{
    struct rows rows = {.at = frame->bytes, .end = frame->bytes + frame->len};

    while (rows.at < rows.end) {
        uint64_t same = get(&rows);

        if (same > TRACE_SAME_MOST)
            return frames_damaged(&reading->frames, "a row makes no sense");
        for (; same; same--) {
            struct trace_event event = *expected_of(reading, reading->expected->vm);

            tell(reading, &event);
        }
        if (rows.at < rows.end && !read_row(reading, &rows))
            return frames_damaged(&reading->frames, "a row makes no sense");
    }
    return rows.bad ? frames_damaged(&reading->frames, "a row makes no sense") : PZ_OK;
}

/* ---- Head and end ---- */

static enum pz_err tell_head(struct reading *reading, const json_t *fields)
{
    const json_t *vms = json_object_get(fields, "vms");
    const char *names[VMM_VMS];
    struct trace_head head = {
        .engine = json_string_value(json_object_get(fields, "engine")),
        .shadow = json_string_value(json_object_get(fields, "shadow")),
        .count = (unsigned)json_array_size(vms),
        .names = names,
    };

    if (!head.engine || !head.shadow || !head.count || head.count > VMM_VMS)
        return frames_damaged(&reading->frames, "a field of the head is missing or wrong");
    for (unsigned k = 0; k < head.count; k++) {
        names[k] = json_string_value(json_array_get(vms, k));
        if (!names[k])
            return frames_damaged(&reading->frames, "a field of the head is missing or wrong");
    }
    reading->expected = calloc(1, sizeof *reading->expected);
    if (reading->expected)
        reading->expected->courses = calloc(head.count, sizeof *reading->expected->courses);
    if (!reading->expected || !reading->expected->courses)
        return problem_memory(reading->problem, "the trace");
    reading->count = head.count;
    return reading->sink->head(reading->sink->owner, &head, reading->problem);
}

static enum pz_err read_fields(struct reading *reading, const struct frame *frame)
{
    json_t *fields = json_loadb((const char *)frame->bytes, frame->len, 0, NULL);
    enum pz_err err = PZ_OK;

    if (!fields)
        return frames_damaged(&reading->frames, "its fields are not JSON");
    if (!memcmp(frame->name, FRAME_HEAD, 4))
        err = reading->count ? frames_damaged(&reading->frames, "a second head")
                             : tell_head(reading, fields);
    else if ((uint64_t)json_integer_value(json_object_get(fields, "events")) != reading->events)
        err = frames_damaged(&reading->frames, "it has another number of events than it says");
    else
        reading->done = true;
    json_decref(fields);
    return err;
}

static enum pz_err read_frame(struct reading *reading, const struct frame *frame)
{
    if (!memcmp(frame->name, FRAME_HEAD, 4))
        return read_fields(reading, frame);
    if (!reading->count)
        return frames_damaged(&reading->frames, "it does not begin with a header");
    if (!memcmp(frame->name, FRAME_DATA, 4))
        return read_rows(reading, frame);
    if (!memcmp(frame->name, FRAME_DONE, 4))
        return read_fields(reading, frame);
    return frames_damaged(&reading->frames, "a frame of a kind that this pz does not know");
}

static enum pz_err read_all(struct reading *reading)
{
    struct frame frame;
    enum pz_err err = PZ_OK;

    while (!err && !reading->done) {
        err = frames_next(&reading->frames, &frame);
        if (!err)
            err = read_frame(reading, &frame);
        frame_free(&frame);
    }
    return err ? err : frames_end(&reading->frames);
}

enum pz_err trace_binary_read(const char *path, const struct trace_sink *sink,
                              struct problem *problem)
{
    struct reading reading = {.sink = sink, .problem = problem};
    enum pz_err err =
        frames_open(&reading.frames, path, TRACE_MAGIC, "trace", FILE_MOST, problem);

    if (!err)
        err = read_all(&reading);
    if (reading.expected)
        free(reading.expected->courses);
    free(reading.expected);
    frames_close(&reading.frames);
    if (err)
        problem_prefix(problem, path);
    return err;
}
