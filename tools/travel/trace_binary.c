/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_binary.c - events packed; most cost a comparison and nothing more. */
#include "tools/travel/trace_binary.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "tools/travel/recording_file.h"
#include "tools/travel/trace_columns.h"

#define ROW_MOST 96u
#define NOINLINE __attribute__((noinline))

static uint8_t *put(uint8_t *to, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *to++ = (uint8_t)value | 0x80;
    *to++ = (uint8_t)value;
    return to;
}

/* ..., -2, -1, 0, 1, 2, ... as 3, 1, 0, 2, 4. */
static uint64_t fold(int64_t difference)
{
    return (uint64_t)difference << 1 ^ (uint64_t)(difference >> 63);
}

static uint64_t fold_change(uint32_t value, uint32_t before)
{
    return fold((int32_t)(value - before));
}

/* Which bits differ of the eight bytes at this offset. */
static inline uint64_t differ(const struct trace_event *a, const struct trace_event *b,
                              size_t offset)
{
    uint64_t of_a, of_b;

    memcpy(&of_a, (const uint8_t *)a + offset, sizeof of_a);
    memcpy(&of_b, (const uint8_t *)b + offset, sizeof of_b);
    return of_a ^ of_b;
}

/* What comes before `translated`: the VM, and what kind of event it is. */
#define KIND_BYTES offsetof(struct trace_event, translated)

/* Just as it was expected? Fields are compared by twos, as they lie. */
static inline bool is_expected(const struct trace_event *event,
                               const struct trace_course *course,
                               const struct trace_event *after)
{
    _Static_assert(
        offsetof(struct trace_event, cause) == offsetof(struct trace_event, pc) + 4 &&
            offsetof(struct trace_event, insn) == offsetof(struct trace_event, tval) + 4 &&
            offsetof(struct trace_event, tables) == offsetof(struct trace_event, count) + 4,
        "pairs of fields lie together");
    return !memcmp(event, after, KIND_BYTES) &&
           !(differ(event, after, offsetof(struct trace_event, pc)) |
             differ(event, after, offsetof(struct trace_event, tval)) |
             differ(event, after, offsetof(struct trace_event, count)) |
             ((event->retired - course->retired) ^ after->retired) |
             ((event->time - course->time) ^ after->time));
}

/* The columns of `event`; returns which of them are not as `after` has them. */
static uint32_t fill_columns(uint64_t columns[TRACE_COLUMNS], const struct trace_event *event,
                             const struct trace_event *after)
{
    uint64_t skipped = event->time - event->retired;
    bool same[TRACE_COLUMNS] = {
        [TRACE_VM] = true,
        [TRACE_KIND] = event->action == after->action && event->mode == after->mode &&
                       event->cpu == after->cpu,
        [TRACE_RETIRED] = event->retired == after->retired,
        [TRACE_SKIPPED] = skipped == after->time - after->retired,
        [TRACE_CAUSE] = event->cause == after->cause,
        [TRACE_COUNT] = event->count == after->count,
    };
    uint32_t mask = 0;

    columns[TRACE_KIND] =
        (event->cpu * (unsigned)TRACE_ACTIONS + event->action) * 2 + event->mode;
    columns[TRACE_RETIRED] = event->retired;
    columns[TRACE_SKIPPED] = skipped;
    columns[TRACE_PC] = fold_change(event->pc, after->pc);
    columns[TRACE_CAUSE] = (event->cause << 1 | event->cause >> 31) & UINT32_MAX;
    columns[TRACE_TVAL] = fold_change(event->tval, after->tval);
    columns[TRACE_INSN] = event->insn ^ after->insn;
    columns[TRACE_COUNT] = event->count;
    columns[TRACE_TABLES] = fold_change(event->tables, after->tables);
    same[TRACE_PC] = !columns[TRACE_PC];
    same[TRACE_TVAL] = !columns[TRACE_TVAL];
    same[TRACE_INSN] = !columns[TRACE_INSN];
    same[TRACE_TABLES] = !columns[TRACE_TABLES];
    for (unsigned c = 0; c < TRACE_COLUMNS; c++)
        mask |= (uint32_t)!same[c] << c;
    return mask;
}

/* A row for `event`, whose `retired` and `time` are by how much they have grown. */
static uint8_t *put_row(uint8_t *to, const struct trace_packer *packer,
                        const struct trace_event *event, const struct trace_event *after)
{
    uint64_t columns[TRACE_COLUMNS] = {[TRACE_VM] = event->vm - 1u};
    uint32_t mask = fill_columns(columns, event, after);

    if (packer->expected->vm != columns[TRACE_VM])
        mask |= 1u << TRACE_VM;
    to = put(to, packer->same);
    to = put(to, mask);
    for (unsigned c = 0; c < TRACE_COLUMNS; c++)
        if (mask >> c & 1)
            to = put(to, columns[c]);
    return to;
}

static json_t *head_fields(const struct trace_head *head)
{
    json_t *columns = json_array(), *vms = json_array();

    for (unsigned c = 0; c < TRACE_COLUMNS; c++)
        json_array_append_new(columns, json_string(trace_columns[c]));
    for (unsigned k = 0; k < head->count; k++)
        json_array_append_new(vms, json_string(head->names[k]));
    return json_pack("{s:s,s:s,s:i,s:o,s:o}", "engine", head->engine, "shadow", head->shadow,
                     "timebase_hz", (int)BOARD_TIMEBASE_HZ, "columns", columns, "vms", vms);
}

bool trace_binary_begin(struct trace_packer *packer, FILE *file, const struct trace_head *head)
{
    *packer = (struct trace_packer){.file = file};
    packer->expected = calloc(1, sizeof *packer->expected);
    packer->rows = malloc(TRACE_PACK);
    if (!packer->expected || !packer->rows)
        return false;
    packer->expected->courses = calloc(head->count, sizeof *packer->expected->courses);
    if (!packer->expected->courses)
        return false;
    return fputs(TRACE_MAGIC, file) >= 0 && frame_write(file, FRAME_HEAD, head_fields(head));
}

static bool write_rows(struct trace_packer *packer)
{
    size_t len = packer->len;

    packer->len = 0;
    return !len || frame_write_bytes(packer->file, FRAME_DATA, packer->rows, len);
}

/* Not as expected, or too many in a row were. */
static NOINLINE bool add_row(struct trace_packer *packer, const struct trace_event *event,
                             const struct trace_course *course, struct trace_event *after)
{
    uint8_t *at = packer->rows + packer->len;
    struct trace_event grown = *event;

    grown.retired -= course->retired;
    grown.time -= course->time;
    packer->len += (size_t)(put_row(at, packer, &grown, after) - at);
    packer->same = 0;
    packer->expected->vm = event->vm - 1u;
    *after = grown;
    return packer->len + ROW_MOST <= TRACE_PACK || write_rows(packer);
}

bool trace_binary_events(struct trace_packer *packer, const struct trace_event *events,
                         size_t count)
{
    struct trace_expected *expected = packer->expected;
    bool written = true;

    for (size_t i = 0; i < count && written; i++) {
        const struct trace_event *event = &events[i];
        struct trace_course *course = &expected->courses[event->vm - 1];
        struct trace_event *after = &expected->after[course->place];

        if (expected->vm == event->vm - 1u && packer->same < TRACE_SAME_MOST &&
            is_expected(event, course, after))
            packer->same++;
        else
            written = add_row(packer, event, course, after);
        *course = (struct trace_course){event->retired, event->time, trace_place(event)};
    }
    packer->count += count;
    return written;
}

bool trace_binary_end(struct trace_packer *packer)
{
    bool written = false;

    if (packer->rows) {
        if (packer->same)
            packer->len += (size_t)(put(packer->rows + packer->len, packer->same) -
                                    (packer->rows + packer->len));
        written = write_rows(packer) &&
                  frame_write(packer->file, FRAME_DONE,
                              json_pack("{s:I}", "events", (json_int_t)packer->count));
    }
    if (packer->expected)
        free(packer->expected->courses);
    free(packer->expected);
    free(packer->rows);
    *packer = (struct trace_packer){0};
    return written;
}
