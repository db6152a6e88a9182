/* SPDX-License-Identifier: GPL-2.0-or-later */
/* client.c - sending replies as frames, and functions shared by all packets. */
#include "tools/gdb/client.h"

#include <stdarg.h>

#include "tools/debug/debug.h"

/* ---- Out ---- */

void gdb_put(struct gdb *gdb, const void *bytes, size_t len)
{
    if (gdb->over != GDB_LOST && !gdb->link.send(gdb->link.owner, bytes, len))
        gdb->over = GDB_LOST;
}

void gdb_send(struct gdb *gdb)
{
    gdb->frame_len = gdb_packet_frame(&gdb->reply, gdb->frame);
    gdb_put(gdb, gdb->frame, gdb->frame_len);
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

void gdb_malformed(struct gdb *gdb)
{
    enum { INVALID = 0x16 };

    gdb_reply_clear(&gdb->reply);
    gdb_reply_format(&gdb->reply, "E%02x", INVALID);
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

/* ---- What packets share ---- */

static unsigned cpus(const struct gdb *gdb)
{
    return gdb->debug->machine->vms[0].board.harts.count;
}

unsigned gdb_threads(const struct gdb *gdb)
{
    return gdb->debug->machine->count * cpus(gdb);
}

struct vm *gdb_thread_vm(const struct gdb *gdb, unsigned thread)
{
    return &gdb->debug->machine->vms[thread / cpus(gdb)];
}

struct vcpu *gdb_thread_cpu(const struct gdb *gdb, unsigned thread)
{
    return &gdb_thread_vm(gdb, thread)->vcpus[thread % cpus(gdb)];
}

unsigned gdb_thread_of(const struct gdb *gdb, const struct vm *vm)
{
    return machine_index(gdb->debug->machine, vm) * cpus(gdb) + vm_cpu_id(vm, vm->cpu);
}

struct vm *gdb_vm(struct gdb *gdb)
{
    return gdb_thread_vm(gdb, gdb->thread);
}

struct hart *gdb_hart(struct gdb *gdb)
{
    return &gdb_thread_cpu(gdb, gdb->thread)->hart;
}

bool gdb_thread(const struct gdb *gdb, const char **text, int *thread)
{
    uint64_t id;

    *thread = -1;
    if (gdb_packet_word(text, "-1"))
        return true;
    if (!gdb_packet_number(text, &id) || id > gdb_threads(gdb))
        return false;
    *thread = (int)id - 1;
    return true;
}

bool gdb_may_edit(struct gdb *gdb)
{
    if (!gdb->fixed)
        return true;
    gdb_refuse(gdb, "this is a recording: it can be inspected, not changed");
    return false;
}

void gdb_settle(struct gdb *gdb)
{
    static const char lost[] = "pz: no checkpoint fits: there is no way to return here\n";
    struct problem problem;

    if (gdb->edited && debug_edited(gdb->debug, &problem))
        gdb_say(gdb, lost, sizeof lost - 1);
    gdb->edited = false;
}
