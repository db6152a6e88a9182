/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session.c - packets about the server itself, its threads, and the end of a session. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/gdb/commands.h"
#include "tools/gdb/document.h"

/* ---- What is agreed on ---- */

static bool offers(const char *text, const char *feature)
{
    const char *at = strstr(text, feature);
    size_t len = strlen(feature);

    return at && (at == text || at[-1] == ';' || at[-1] == ':') &&
           (at[len] == ';' || at[len] == 0);
}

void gdb_supported(struct gdb *gdb, const char *text, size_t len)
{
    (void)len;
    gdb->swbreak = offers(text, "swbreak+");
    gdb->hwbreak = offers(text, "hwbreak+");
    gdb_reply_format(&gdb->reply,
                     "PacketSize=%x;QStartNoAckMode+;vContSupported+;swbreak+;hwbreak+;"
                     "ReverseStep+;ReverseContinue+;qXfer:features:read+;qXfer:threads:read+",
                     GDB_PACKET_MOST);
}

void gdb_no_ack(struct gdb *gdb, const char *text, size_t len)
{
    (void)text, (void)len;
    gdb->no_ack = true;
    gdb_ok(gdb);
}

/* Nothing can be done about a failure here. */
void gdb_accept(struct gdb *gdb, const char *text, size_t len)
{
    (void)text, (void)len;
    gdb_ok(gdb);
}

/* The target existed before gdb attached, so it keeps running when gdb detaches. */
void gdb_attached(struct gdb *gdb, const char *text, size_t len)
{
    (void)text, (void)len;
    gdb_reply_format(&gdb->reply, "1");
}

void gdb_detach(struct gdb *gdb, const char *text, size_t len)
{
    (void)text, (void)len;
    gdb->over = GDB_DETACHED;
    gdb_ok(gdb);
}

void gdb_kill(struct gdb *gdb, const char *text, size_t len)
{
    (void)text, (void)len;
    gdb->over = GDB_KILLED;
}

void gdb_kill_process(struct gdb *gdb, const char *text, size_t len)
{
    (void)text, (void)len;
    gdb->over = GDB_KILLED;
    gdb_ok(gdb);
}

/* ---- Threads ---- */

/* A VM that has ended is listed only when there is no other: gdb needs at least one. */
static bool is_listed(const struct gdb *gdb, unsigned k)
{
    return vm_alive(gdb_thread_vm(gdb, k)) || k == gdb->stop.thread;
}

/* There can be a thousand, of five digits at the most: they fit into one packet. */
void gdb_first_threads(struct gdb *gdb, const char *text, size_t len)
{
    char separator = 'm';

    (void)text, (void)len;
    for (unsigned k = 0; k < gdb_threads(gdb); k++)
        if (is_listed(gdb, k)) {
            gdb_reply_format(&gdb->reply, "%c%x", separator, k + 1);
            separator = ',';
        }
}

void gdb_more_threads(struct gdb *gdb, const char *text, size_t len)
{
    (void)text, (void)len;
    gdb_reply_format(&gdb->reply, "l");
}

#define DESCRIPTION 240

/* ", level 3 runs: mini.elf"; nothing where the VM has no VMs. */
static const char *describe_level(const struct gdb *gdb, unsigned k, char text[DESCRIPTION])
{
    struct vm *vm = gdb_thread_vm(gdb, k);
    const struct machine *machine = gdb->debug->machine;
    struct levels levels;

    text[0] = '\0';
    if (gdb_thread_cpu(gdb, k) != vm->cpu)
        return text;
    levels_find(&levels, vm, &vm->cpu->hart,
                &machine_image(machine, machine_index(machine, vm))->symbols);
    if (levels.count > 1)
        (void)!snprintf(text, DESCRIPTION, ", level %u of %u runs: %s", levels.running,
                        levels.count, levels.of[levels.running].name);
    return text;
}

/*
 * "mini, supervisor, 22,805 instructions", and of type 1 which level runs; markup's own characters
 * are left out.
 */
static void describe(const struct gdb *gdb, unsigned k, char text[DESCRIPTION])
{
    const struct vm *vm = gdb_thread_vm(gdb, k);
    const struct hart *hart = &gdb_thread_cpu(gdb, k)->hart;
    const char *path =
        machine_image(gdb->debug->machine, machine_index(gdb->debug->machine, vm))->path;
    const char *slash = strrchr(path, '/');
    char level[DESCRIPTION];

    (void)!snprintf(text, DESCRIPTION, "%.40s, %s, %" PRIu64 " instructions%.80s",
                    slash ? slash + 1 : path,
                    vm_alive(vm) ? debug_mode(hart->mode) : vm_end_text(vm->end), hart->retired,
                    describe_level(gdb, k, level));
    for (char *at = text; *at; at++)
        if (strchr("<>&\"'", *at) || (uint8_t)*at < ' ' || (uint8_t)*at > '~')
            *at = '?';
}

#define NAME 24

/* "vm1"; of several CPUs "vm1 cpu0". */
static const char *name_of(const struct gdb *gdb, unsigned k, char text[NAME])
{
    const struct vm *vm = gdb_thread_vm(gdb, k);
    unsigned index = machine_index(gdb->debug->machine, vm);

    if (vm->board.harts.count > 1)
        (void)!snprintf(text, NAME, "vm%u cpu%u", index, vm_cpu_id(vm, gdb_thread_cpu(gdb, k)));
    else
        (void)!snprintf(text, NAME, "vm%u", index);
    return text;
}

void gdb_thread_extra(struct gdb *gdb, const char *text, size_t len)
{
    char about[DESCRIPTION];
    int thread;

    (void)len;
    if (!gdb_thread(gdb, &text, &thread) || thread < 0 || *text) {
        gdb_malformed(gdb);
        return;
    }
    describe(gdb, (unsigned)thread, about);
    gdb_reply_hex(&gdb->reply, about, strlen(about));
}

void gdb_thread_alive(struct gdb *gdb, const char *text, size_t len)
{
    int thread;

    (void)len;
    if (gdb_thread(gdb, &text, &thread) && thread >= 0 && !*text &&
        is_listed(gdb, (unsigned)thread))
        gdb_ok(gdb);
    else
        gdb_malformed(gdb);
}

/* Hg: whose registers and memory; Hc: who is stepped. */
void gdb_set_thread(struct gdb *gdb, const char *text, size_t len)
{
    char what = *text;
    int thread;

    (void)len;
    if ((what != 'g' && what != 'c') || !(text++, gdb_thread(gdb, &text, &thread)) || *text) {
        gdb_malformed(gdb);
        return;
    }
    if (what == 'c')
        gdb->mover = thread;
    else if (thread >= 0)
        gdb->thread = gdb->speaks = (unsigned)thread;
    gdb_ok(gdb);
}

void gdb_current_thread(struct gdb *gdb, const char *text, size_t len)
{
    (void)text, (void)len;
    gdb_reply_format(&gdb->reply, "QC%x", gdb->thread + 1);
}

void gdb_xfer_threads(struct gdb *gdb, const char *text, size_t len)
{
    struct gdb_document document;

    (void)len;
    if (!gdb_document_open(gdb, &document))
        return;
    fputs("<threads>\n", document.out);
    for (unsigned k = 0; k < gdb_threads(gdb); k++) {
        char about[DESCRIPTION], name[NAME];

        if (!is_listed(gdb, k))
            continue;
        describe(gdb, k, about);
        fprintf(document.out, "<thread id=\"%x\" name=\"%s\">%s</thread>\n", k + 1,
                name_of(gdb, k, name), about);
    }
    fputs("</threads>\n", document.out);
    gdb_document_answer(gdb, &document, text);
}
