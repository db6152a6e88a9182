/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stub.c - a client's session: bytes to packets, replies to frames, and what all packets share. */
#include "tools/gdb/stub.h"

#include <stdarg.h>
#include <string.h>

#include "tools/gdb/commands.h"

enum { SIGNAL_TRAP = 5 };

void gdb_open(struct gdb *gdb, struct debug *debug, bool recording)
{
    memset(gdb, 0, sizeof *gdb);
    gdb->debug = debug;
    gdb->fixed = recording;
    gdb->stop.signal = SIGNAL_TRAP;
    gdb->mover = -1;
    gdb_points_clear(&gdb->points);
}

static unsigned first_alive(const struct machine *machine)
{
    for (unsigned k = 0; k < machine->count; k++)
        if (vm_alive(&machine->vms[k]))
            return k;
    return 0;
}

/* What a client before this one has agreed on, asked for or set does not count. */
void gdb_connect(struct gdb *gdb, const struct gdb_link *link)
{
    gdb->link = *link;
    memset(&gdb->packet, 0, sizeof gdb->packet);
    gdb_reply_clear(&gdb->reply);
    gdb->frame_len = 0;
    gdb->no_ack = gdb->swbreak = gdb->hwbreak = gdb->physical = false;
    gdb->mover = -1;
    gdb->over = GDB_GOES_ON;
    gdb_points_clear(&gdb->points);
    if (!vm_alive(&gdb->debug->machine->vms[gdb->stop.vm]))
        gdb->stop.vm = first_alive(gdb->debug->machine);
    gdb->thread = gdb->speaks = gdb->stop.vm;
}

/* ---- Out ---- */

static void put(struct gdb *gdb, const void *bytes, size_t len)
{
    if (gdb->over != GDB_LOST && !gdb->link.send(gdb->link.owner, bytes, len))
        gdb->over = GDB_LOST;
}

void gdb_send(struct gdb *gdb)
{
    gdb->frame_len = gdb_packet_frame(&gdb->reply, gdb->frame);
    put(gdb, gdb->frame, gdb->frame_len);
    gdb_reply_clear(&gdb->reply);
}

void gdb_say(struct gdb *gdb, const char *text, size_t len)
{
    const size_t most = GDB_PACKET_MOST / 2 - 1;

    while (len && gdb->over != GDB_LOST) {
        size_t part = len < most ? len : most;

        gdb_reply_clear(&gdb->reply);
        gdb_reply_bytes(&gdb->reply, "O", 1);
        gdb_reply_hex(&gdb->reply, text, part);
        gdb_send(gdb);
        text += part;
        len -= part;
    }
}

void gdb_ok(struct gdb *gdb)
{
    gdb_reply_format(&gdb->reply, "OK");
}

void gdb_refuse(struct gdb *gdb, const char *format, ...)
{
    char text[PROBLEM_TEXT];
    va_list list;

    va_start(list, format);
    (void)!vsnprintf(text, sizeof text, format, list);
    va_end(list);
    gdb_reply_clear(&gdb->reply);
    gdb_reply_format(&gdb->reply, "E.%s", text);
}

/* ---- In ---- */

static void take_packet(struct gdb *gdb)
{
    if (!gdb->no_ack)
        put(gdb, "+", 1);
    gdb_reply_clear(&gdb->reply);
    if (gdb_execute(gdb, gdb->packet.text, gdb->packet.len))
        gdb_send(gdb);
}

static void refuse_long(struct gdb *gdb)
{
    if (!gdb->no_ack)
        put(gdb, "+", 1);
    gdb_refuse(gdb, "a packet of more than %u bytes", GDB_PACKET_MOST);
    gdb_send(gdb);
}

enum gdb_over gdb_take(struct gdb *gdb, uint8_t byte)
{
    switch (gdb_packet_take(&gdb->packet, byte)) {
    case GDB_PACKET_NOTHING: break;
    case GDB_PACKET_READY: take_packet(gdb); break;
    case GDB_PACKET_LONG: refuse_long(gdb); break;
    case GDB_PACKET_WRONG:
        if (!gdb->no_ack)
            put(gdb, "-", 1);
        break;
    case GDB_PACKET_AGAIN:
        if (!gdb->no_ack)
            put(gdb, gdb->frame, gdb->frame_len);
        break;
    }
    return gdb->over;
}

/* ---- What packets share ---- */

struct vm *gdb_vm(struct gdb *gdb)
{
    return &gdb->debug->machine->vms[gdb->thread];
}

bool gdb_thread(const struct gdb *gdb, const char **text, int *vm)
{
    uint64_t id;

    *vm = -1;
    if (gdb_packet_word(text, "-1"))
        return true;
    if (!gdb_packet_number(text, &id) || id > gdb->debug->machine->count)
        return false;
    *vm = (int)id - 1;
    return true;
}

bool gdb_may_edit(struct gdb *gdb)
{
    if (!gdb->fixed)
        return true;
    gdb_refuse(gdb, "this is a recording: it can be looked at, not changed");
    return false;
}

void gdb_settle(struct gdb *gdb)
{
    static const char lost[] = "pz: no checkpoint fits: there is no way back to here\n";
    struct problem problem;

    if (gdb->edited && debug_edited(gdb->debug, &problem))
        gdb_say(gdb, lost, sizeof lost - 1);
    gdb->edited = false;
}
