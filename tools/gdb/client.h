/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client.h - a session of gdb's with the debugger: what was agreed on, asked for and told, and what
 * all packets share. Each VM is a thread, numbered from 1. What is debugged is left to
 * debug/state.h.
 */
#ifndef PZ_TOOLS_GDB_CLIENT_H
#define PZ_TOOLS_GDB_CLIENT_H

#include "tools/debug/debug.h"
#include "tools/gdb/packet.h"
#include "tools/gdb/points.h"

/* The client's end. */
struct gdb_link {
    /* False: it is gone. */
    bool (*send)(void *owner, const void *bytes, size_t len);

    /* Guests are about to run: call debug_interrupt() if the client may want them to stop. */
    void (*running)(void *owner, bool running);

    /* The run was interrupted: does the client want it to stop, or is it gone? */
    bool (*stop_wanted)(void *owner);
    void *owner;
};

/* Why a client's session is over. */
enum gdb_over {
    GDB_GOES_ON,
    GDB_LOST,     /* the connection is gone; the machine stays where it is */
    GDB_DETACHED, /* the guests run on */
    GDB_KILLED,   /* the guests end */
    GDB_ENDED,    /* no VM is alive, and gdb knows */
};

/* The last stop, to be repeated on request. */
struct gdb_stop {
    uint8_t signal;
    unsigned thread;
    char reason[40]; /* "watch:1234;" */
};

struct gdb {
    struct debug *debug;
    struct gdb_link link;
    struct gdb_packet packet;
    struct gdb_reply reply;
    char frame[GDB_FRAME_MOST]; /* the last packet sent */
    size_t frame_len;

    bool no_ack, swbreak, hwbreak; /* as agreed with the client */
    bool fixed;                    /* a recording: nothing may be changed */
    bool edited;                   /* something was, since the machine last moved */
    bool stays;                    /* when all VMs have ended, so that there is a way back */
    bool physical;                 /* addresses of memory are guest-physical */
    unsigned thread;               /* whose registers and memory are shown */
    int mover;                     /* thread that is stepped; -1: whichever `thread` is */
    unsigned speaks;               /* thread that monitor commands apply to */
    struct gdb_points points;
    struct gdb_stop stop;
    enum gdb_over over;

    /* The client was told of an access that is about to be made, and has not moved on. */
    bool told;
    struct timeline_position told_at;
};

/* Bytes for the client; does nothing once it is gone. */
void gdb_put(struct gdb *gdb, const void *bytes, size_t len);

/* Send gdb->reply, and clear it. */
void gdb_send(struct gdb *gdb);

/* A line for the client's user, outside of any reply. */
void gdb_say(struct gdb *gdb, const char *text, size_t len);

/* Replies: "OK"; a packet is not well formed; an error in words. */
void gdb_ok(struct gdb *gdb);
void gdb_malformed(struct gdb *gdb);
void gdb_refuse(struct gdb *gdb, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Threads are CPUs, of all VMs, numbered from 0: those of VM 0, those of VM 1 and so on. With one
 * CPU each, a thread is a VM.
 */
unsigned gdb_threads(const struct gdb *gdb);
struct vm *gdb_thread_vm(const struct gdb *gdb, unsigned thread);
struct vcpu *gdb_thread_cpu(const struct gdb *gdb, unsigned thread);

/* The thread of a VM's CPU that has its turn. */
unsigned gdb_thread_of(const struct gdb *gdb, const struct vm *vm);

/* Those of gdb->thread. */
struct vm *gdb_vm(struct gdb *gdb);
struct hart *gdb_hart(struct gdb *gdb);

/* A thread-id: the thread's number, -1 for any. False: it is none. */
bool gdb_thread(const struct gdb *gdb, const char **text, int *thread);

/* May the machine be changed? If not, the client is told why. */
bool gdb_may_edit(struct gdb *gdb);

/*
 * The machine is about to move: what the client has changed, if anything, becomes the beginning
 * of a new history. A run that is determined from its beginning would not have come here.
 */
void gdb_settle(struct gdb *gdb);

#endif
