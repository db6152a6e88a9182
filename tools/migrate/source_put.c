/* SPDX-License-Identifier: GPL-2.0-or-later */
/* source_put.c - from a machine to messages. When each is due, source.c knows. */
#include "tools/migrate/source_put.h"

#include <stdlib.h>

bool source_put_pages(struct source *source)
{
    uint64_t before = source->left.count;
    size_t len = ram_gather(&source->left, source->machine, source->message);

    source->figures.pages += before - source->left.count;
    return !len || channel_put(&source->channel, MESSAGE_PAGES, source->message, len);
}

bool source_put_past(struct source *source, bool *more)
{
    size_t len = source->recorder ? recorder_read(source->recorder, source->past,
                                                  source->message, RAM_MESSAGE)
                                  : 0;

    source->past += len;
    *more = len;
    return !len || channel_put(&source->channel, MESSAGE_PAST, source->message, len);
}

bool source_send_past(struct source *source)
{
    bool more = true;

    if (source->recorder && !recorder_flush(source->recorder))
        return false;
    while (more)
        if (!source_put_past(source, &more) || !channel_send(&source->channel))
            return false;
    return true;
}

static json_t *samples_of(const struct machine *machine)
{
    json_t *list = json_array();
    uint64_t hash;

    for (unsigned k = 0; k < machine->count; k++)
        for (unsigned i = 0; i < machine->devices[k].disk_count; i++)
            json_array_append_new(list, disk_sample(&machine->devices[k].disks[i], &hash)
                                            ? json_integer((json_int_t)hash)
                                            : NULL);
    return list;
}

bool source_put_state(struct source *source)
{
    char *text = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&text, &len);
    json_t *disks = json_object();
    bool written;

    json_put(disks, "disks", samples_of(source->machine));
    if (!file) {
        json_decref(disks);
        return false;
    }
    written = frame_write(file, MESSAGE_HEAD, disks) &&
              snapshot_write_state(file, source->machine, source->session, source->recorder);
    nets_unlisten(source->session->nets);
    written = !fclose(file) && written && machine_yield_disks(source->machine) &&
              channel_put(&source->channel, MESSAGE_STATE, (const uint8_t *)text, len);
    free(text);
    return written;
}

bool source_put_missing(struct source *source)
{
    size_t len;
    uint8_t *bytes = ram_pack(&source->left, &len);
    bool put = bytes && channel_put(&source->channel, MESSAGE_MISSING, bytes, len);

    free(bytes);
    return put;
}
