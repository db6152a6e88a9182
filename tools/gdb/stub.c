/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stub.c - accepting a client, and turning bytes into packets. */
#include "tools/gdb/stub.h"

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

static unsigned first_alive(const struct gdb *gdb)
{
    const struct machine *machine = gdb->debug->machine;

    for (unsigned k = 0; k < machine->count; k++)
        if (vm_alive(&machine->vms[k]))
            return gdb_thread_of(gdb, &machine->vms[k]);
    return 0;
}

/* Resets what a previous client has negotiated or set. */
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
    if (!vm_alive(gdb_thread_vm(gdb, gdb->stop.thread)))
        gdb->stop.thread = first_alive(gdb);
    gdb->thread = gdb->speaks = gdb->stop.thread;
}

/* ---- In ---- */

static void take_packet(struct gdb *gdb)
{
    if (!gdb->no_ack)
        gdb_put(gdb, "+", 1);
    gdb_reply_clear(&gdb->reply);
    if (gdb_execute(gdb, gdb->packet.text, gdb->packet.len))
        gdb_send(gdb);
}

static void refuse_long(struct gdb *gdb)
{
    if (!gdb->no_ack)
        gdb_put(gdb, "+", 1);
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
            gdb_put(gdb, "-", 1);
        break;
    case GDB_PACKET_AGAIN:
        if (!gdb->no_ack)
            gdb_put(gdb, gdb->frame, gdb->frame_len);
        break;
    }
    return gdb->over;
}
