/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_binary.c - events packed. A row:
 *
 *    vm | action and mode | retired | skipped | pc | cause | tval | instruction | count | tables
 *
 * Numbers take seven bits a byte, the lowest first; differences are folded so that small negative
 * ones are small too.
 */
#include "tools/travel/trace_binary.h"

#include <stdlib.h>
#include <string.h>

#include "tools/travel/recording_file.h"
#include "tools/travel/trace_columns.h"

#define ROW_MOST 96u

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

static uint8_t *put_change(uint8_t *to, uint32_t value, uint32_t *before)
{
    to = put(to, fold((int32_t)(value - *before)));
    *before = value;
    return to;
}

static uint8_t *put_row(uint8_t *to, struct trace_before *before,
                        const struct trace_record *record)
{
    const struct trace_event *event = &record->event;
    uint64_t skipped = event->time - event->retired;

    to = put(to, event->vm - 1u);
    to = put(to, event->action * 2u + event->mode);
    to = put(to, event->retired - before->retired);
    to = put(to, skipped - before->skipped);
    to = put_change(to, event->pc, &before->pc);
    to = put(to, (event->cause << 1 | event->cause >> 31) & UINT32_MAX);
    to = put_change(to, event->tval, &before->tval);
    to = put(to, event->insn ^ before->insn);
    to = put(to, event->count);
    before->retired = event->retired;
    before->skipped = skipped;
    before->insn = event->insn;
    return put_change(to, record->tables, &before->tables);
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
    packer->before = calloc(head->count, sizeof *packer->before);
    packer->rows = malloc(TRACE_PACK);
    if (!packer->before || !packer->rows)
        return false;
    return fputs(TRACE_MAGIC, file) >= 0 && frame_write(file, FRAME_HEAD, head_fields(head));
}

static bool write_rows(struct trace_packer *packer)
{
    size_t len = packer->len;

    packer->len = 0;
    return !len || frame_write_bytes(packer->file, FRAME_DATA, packer->rows, len);
}

bool trace_binary_event(struct trace_packer *packer, const struct trace_record *record)
{
    uint8_t *at = packer->rows + packer->len;

    packer->count++;
    packer->len += (size_t)(put_row(at, &packer->before[record->event.vm - 1], record) - at);
    return packer->len + ROW_MOST <= TRACE_PACK || write_rows(packer);
}

bool trace_binary_end(struct trace_packer *packer)
{
    bool written = packer->rows && write_rows(packer) &&
                   frame_write(packer->file, FRAME_DONE,
                               json_pack("{s:I}", "events", (json_int_t)packer->count));

    free(packer->before);
    free(packer->rows);
    packer->before = NULL;
    packer->rows = NULL;
    return written;
}
