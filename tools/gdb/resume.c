/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resume.c - resuming as gdb requests, and the stop replies. Whichever thread gdb resumes, all
 * VMs take turns as in `pz run`, so the run stays the same. Resuming one thread alone only
 * means that no other can stop the run.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/debug/debug.h"
#include "tools/gdb/commands.h"
#include "tools/show/show.h"

enum { SIGNAL_INT = 2, SIGNAL_TRAP = 5, SIGNAL_LENGTH = 2 };

/* One move. */
struct go {
    struct debug_goal goal; /* first: callbacks get its address */
    struct gdb *gdb;
    bool back, steps, ranged, watching;
    unsigned thread;  /* that is stepped... */
    uint64_t retired; /* ...what it had retired, and where it was */
    uint32_t pc;
    uint32_t start, end; /* ranged: until it is not in here */
    int only;            /* the thread that can stop the run, -1 for any */

    struct gdb_access access; /* that stopped it... */
    unsigned accessor;        /* ...and whose it is */
};

/* ---- Goals ---- */

/* A VM that has ended takes no more steps: the others' steps report it. */
static bool has_stepped(const struct go *go, const struct vm *vm)
{
    const struct vm *stepped = gdb_thread_vm(go->gdb, go->thread);
    const struct hart *hart = &gdb_thread_cpu(go->gdb, go->thread)->hart;

    if (vm != stepped)
        return !go->back && !vm_alive(stepped);
    if (go->back || vm->board.harts.count > 1) {
        if (hart->retired == go->retired && hart->pc == go->pc)
            return false;
    }
    return go->back || !go->ranged || hart->pc < go->start || hart->pc >= go->end;
}

static bool is_accessing(struct go *go, struct vm *vm)
{
    if (!vm_alive(vm))
        return false;
    go->access = gdb_points_watch(&go->gdb->points, vm);
    go->accessor = gdb_thread_of(go->gdb, vm);
    return go->access.point;
}

static bool on_insn(struct debug *debug, struct debug_goal *goal, struct vm *vm)
{
    struct go *go = (struct go *)goal;

    (void)debug;
    return (go->watching && is_accessing(go, vm)) || (go->steps && has_stepped(go, vm));
}

/*
 * How many instructions cannot complete a step forwards: all of another VM's, and those of another
 * CPU until its turn is over. Backwards every place counts: a CPU that another one starts moves
 * without an instruction of its own.
 */
static uint64_t quiet(struct debug *debug, struct debug_goal *goal, struct vm *vm)
{
    const struct go *go = (const struct go *)goal;
    const struct vm *stepped = gdb_thread_vm(go->gdb, go->thread);
    uint64_t left = harts_left(&vm->board.harts, &vm->cpu->hart);

    (void)debug;
    if (go->back)
        return 1;
    if (vm != stepped)
        return vm_alive(stepped) ? UINT64_MAX : 1;
    return left && vm->cpu != gdb_thread_cpu(go->gdb, go->thread) ? left : 1;
}

/* It is that thread's step, from where it is now. */
static void watch_step(struct go *go, unsigned thread)
{
    const struct hart *hart = &gdb_thread_cpu(go->gdb, thread)->hart;

    go->thread = thread;
    go->retired = hart->retired;
    go->pc = hart->pc;
}

/* ---- Moving ---- */

/* Continues after an interruption that was not a request to stop: other messages can wait. */
static void move(struct go *go)
{
    struct debug *debug = go->gdb->debug;
    struct gdb_link *link = &go->gdb->link;

    do {
        link->running(link->owner, true);
        if (go->back)
            debug_run_back(debug, &go->goal);
        else
            debug_run(debug, &go->goal);
        link->running(link->owner, false);
    } while (debug->stop == DEBUG_SIGNAL && !link->stop_wanted(link->owner));
}

/* Whose turn it is; or was. */
static struct vm *on_cpu(const struct gdb *gdb)
{
    struct machine *machine = gdb->debug->machine;
    struct vm *vm = machine->vmm.turn.vm ? machine->vmm.turn.vm : machine->vmm.current;

    if (vm && vm_alive(vm))
        return vm;
    for (unsigned k = 0; k < machine->count; k++)
        if (vm_alive(&machine->vms[k]))
            return &machine->vms[k];
    return gdb_thread_vm(gdb, gdb->thread);
}

/* Is the next instruction's access one to stop at, that gdb has not been told of yet? */
static bool is_due(struct go *go)
{
    struct gdb *gdb = go->gdb;
    struct timeline_position now = timeline_now(gdb->debug->timeline);
    bool told = gdb->told && !timeline_compare(now, gdb->told_at);

    return go->watching && !go->back && !told && is_accessing(go, on_cpu(gdb));
}

/*
 * Going back, the place found is just before an access. A CPU that ran backwards would have stopped
 * just after it, and gdb undoes the access by itself: so take one step forwards.
 */
static void undo_access(struct go *go)
{
    struct gdb *gdb = go->gdb;
    struct vm *vms = gdb->debug->machine->vms;
    struct go step = {
        .gdb = gdb, .goal = {.insn = on_insn, .quiet = quiet, .steady = true}, .steps = true};
    bool found = is_accessing(go, on_cpu(gdb));

    for (unsigned k = 0; !found && k < gdb->debug->machine->count; k++)
        found = is_accessing(go, &vms[k]);
    watch_step(&step, go->accessor);
    if (found)
        debug_run(gdb->debug, &step.goal);
}

static void go_on(struct go *go)
{
    struct debug *debug = go->gdb->debug;

    if (is_due(go)) {
        debug->stop = DEBUG_STEPPED;
        debug->hit = NULL;
        return;
    }
    go->access.point = NULL;
    move(go);
    if (go->back && go->watching && debug->stop == DEBUG_STEPPED)
        undo_access(go);
    consoles_flush(&debug->consoles);
}

/* ---- Stops ---- */

static void note_access(struct go *go)
{
    static const char *const words[GDB_POINT_TYPES] = {[GDB_POINT_WRITE] = "watch",
                                                       [GDB_POINT_READ] = "rwatch",
                                                       [GDB_POINT_ACCESS] = "awatch"};
    struct gdb *gdb = go->gdb;

    gdb->stop.thread = go->accessor;
    gdb->told = !go->back;
    gdb->told_at = timeline_now(gdb->debug->timeline);
    (void)!snprintf(gdb->stop.reason, sizeof gdb->stop.reason, "%s:%" PRIx32 ";",
                    words[go->access.point->type], go->access.address);
}

/* What stopped it was asked for by a monitor command: gdb cannot say what it was. */
static void tell_point(struct gdb *gdb)
{
    struct debug *debug = gdb->debug;
    char *text = NULL;
    size_t len = 0;

    debug->out = open_memstream(&text, &len);
    if (!debug->out)
        return;
    debug->data = json_object();
    debug_say_stop(debug);
    fclose(debug->out);
    json_decref(debug->data);
    gdb_say(gdb, text, len);
    free(text);
}

static void note_point(struct gdb *gdb)
{
    const struct gdb_point *point = gdb_points_of(&gdb->points, gdb->debug->hit);

    gdb->stop.thread = gdb_thread_of(gdb, debug_vm(gdb->debug));
    if (!point)
        tell_point(gdb);
    else if (point->type == GDB_POINT_SOFTWARE && gdb->swbreak)
        strcpy(gdb->stop.reason, "swbreak:;");
    else if (point->type == GDB_POINT_HARDWARE && gdb->hwbreak)
        strcpy(gdb->stop.reason, "hwbreak:;");
}

static void note_step(struct go *go)
{
    go->gdb->stop.thread = go->thread;
    if (go->access.point)
        note_access(go);
}

static void note_stop(struct go *go)
{
    struct gdb *gdb = go->gdb;
    struct gdb_stop *stop = &gdb->stop;

    gdb->told = false;
    *stop =
        (struct gdb_stop){.signal = SIGNAL_TRAP,
                          .thread = go->steps ? go->thread : gdb_thread_of(gdb, on_cpu(gdb))};
    switch (gdb->debug->stop) {
    case DEBUG_POINT: note_point(gdb); break;
    case DEBUG_STEPPED: note_step(go); break;
    case DEBUG_SIGNAL: stop->signal = SIGNAL_INT; break;
    case DEBUG_BEGAN: strcpy(stop->reason, "replaylog:begin;"); break;
    case DEBUG_ENDED: strcpy(stop->reason, "replaylog:end;"); break;
    case DEBUG_WAITING: break;
    case DEBUG_DIVERGED: tell_point(gdb); break;
    }
    if (!vm_alive(gdb_thread_vm(gdb, stop->thread)))
        stop->thread = gdb_thread_of(gdb, on_cpu(gdb));
    gdb->thread = gdb->speaks = stop->thread;
}

static bool all_over(const struct machine *machine)
{
    for (unsigned k = 0; k < machine->count; k++)
        if (vm_alive(&machine->vms[k]))
            return false;
    return true;
}

static void say_stop(struct gdb *gdb)
{
    const struct gdb_stop *stop = &gdb->stop;

    if (all_over(gdb->debug->machine) && !gdb->stays && !gdb->fixed) {
        gdb_reply_format(&gdb->reply, "W%02x", report_all_well(gdb->debug->machine) ? 0 : 1);
        gdb->over = GDB_ENDED;
        return;
    }
    gdb_reply_format(&gdb->reply, "T%02xthread:%x;%s", stop->signal, stop->thread + 1,
                     stop->reason);
    gdb_expedite(gdb, stop->thread);
}

void gdb_ask_stop(struct gdb *gdb, const char *text, size_t len)
{
    (void)text, (void)len;
    say_stop(gdb);
}

static void run(struct go *go)
{
    struct gdb *gdb = go->gdb;
    struct debug_where where = gdb->points.where;
    struct vmm_watch watches[GDB_POINTS];

    gdb_settle(gdb);
    if (go->only >= 0 && where.vm == DEBUG_ANY)
        gdb->points.where.vm =
            (int)machine_index(gdb->debug->machine, gdb_thread_vm(gdb, (unsigned)go->only));
    go->goal.points = !(go->back && go->steps);
    go->goal.watches = watches;
    go->goal.watch_count = go->goal.points ? gdb_points_watches(&gdb->points, watches) : 0;
    go->watching = go->goal.watch_count;
    go->goal.insn = go->steps || go->watching ? on_insn : NULL;
    go->goal.steady = true;
    go->goal.quiet = go->steps ? quiet : NULL;
    if (gdb_points_plant(&gdb->points, gdb->debug)) {
        go_on(go);
        note_stop(go);
        say_stop(gdb);
    } else {
        gdb_refuse(gdb, "too many points: delete some of the debugger's own");
    }
    gdb_points_lift(&gdb->points, gdb->debug);
    gdb->points.where = where;
}

/* ---- Packets ---- */

/* The VM to step: one that is alive, if possible. */
static unsigned stepped(const struct gdb *gdb, int thread)
{
    unsigned k = thread >= 0       ? (unsigned)thread
                 : gdb->mover >= 0 ? (unsigned)gdb->mover
                                   : gdb->thread;

    return vm_alive(gdb_thread_vm(gdb, k)) ? k : gdb_thread_of(gdb, on_cpu(gdb));
}

/* Guests get no signals: what gdb would deliver is left out. */
static bool is_signal(const char *text, size_t len)
{
    uint64_t number;

    return !len || (len == SIGNAL_LENGTH && gdb_packet_number(&text, &number) && !*text);
}

static void start(struct gdb *gdb, struct go *go, const char *text, size_t len)
{
    go->gdb = gdb;
    go->only = -1;
    watch_step(go, stepped(gdb, -1));
    if (is_signal(text, len))
        run(go);
    else
        gdb_malformed(gdb);
}

void gdb_continue(struct gdb *gdb, const char *text, size_t len)
{
    start(gdb, &(struct go){.steps = false}, text, len);
}

void gdb_step(struct gdb *gdb, const char *text, size_t len)
{
    start(gdb, &(struct go){.steps = true}, text, len);
}

void gdb_reverse_step(struct gdb *gdb, const char *text, size_t len)
{
    start(gdb, &(struct go){.steps = true, .back = true}, text, len);
}

void gdb_reverse_continue(struct gdb *gdb, const char *text, size_t len)
{
    start(gdb, &(struct go){.back = true}, text, len);
}

void gdb_ask_resume(struct gdb *gdb, const char *text, size_t len)
{
    (void)text, (void)len;
    gdb_reply_format(&gdb->reply, "vCont;c;C;s;S;t;r");
}

/* The combined effect of a vCont's actions. */
struct wish {
    bool known, everyone; /* an action that moves was seen; one for all threads was */
    bool steps, ranged;
    int thread;
    uint64_t start, end;
};

/* "c", "C05", "s", "S05", "t", "rSTART,END" */
static bool read_action(const char **text, struct wish *action)
{
    uint64_t number;
    char what = **text;

    if (!what || !strchr("cCsStr", what))
        return false;
    ++*text;
    action->known = what != 't';
    action->steps = strchr("sSr", what);
    action->ranged = what == 'r';
    if (what == 'C' || what == 'S')
        return gdb_packet_number(text, &number);
    return what != 'r' || (gdb_packet_number(text, &action->start) &&
                           gdb_packet_char(text, ',') && gdb_packet_number(text, &action->end));
}

/* ";ACTION[:THREAD]...". The first step is what is done; a thread that is not named runs on. */
static bool read_wish(const struct gdb *gdb, const char *text, struct wish *wish)
{
    while (*text) {
        struct wish action = {.thread = -1};

        if (!gdb_packet_char(&text, ';') || !read_action(&text, &action) ||
            (gdb_packet_char(&text, ':') && !gdb_thread(gdb, &text, &action.thread)))
            return false;
        wish->everyone |= action.known && action.thread < 0;
        action.everyone = wish->everyone;
        if (action.known && !wish->steps && (action.steps || !wish->known))
            *wish = action;
    }
    return wish->known;
}

void gdb_resume(struct gdb *gdb, const char *text, size_t len)
{
    struct wish wish = {.thread = -1};
    struct go go = {.gdb = gdb};

    (void)len;
    if (!read_wish(gdb, text, &wish)) {
        gdb_malformed(gdb);
        return;
    }
    go.steps = wish.steps;
    go.ranged = wish.ranged;
    go.start = (uint32_t)wish.start;
    go.end = (uint32_t)wish.end;
    go.only = wish.everyone ? -1 : wish.thread;
    watch_step(&go, stepped(gdb, wish.thread >= 0 ? wish.thread : (int)gdb->thread));
    run(&go);
}

/* "TYPE,ADDRESS,KIND": of a breakpoint the kind is the instruction's length. */
static bool read_point(const char *text, struct gdb_point *point)
{
    uint64_t type, address, len;

    if (!gdb_packet_number(&text, &type) || !gdb_packet_char(&text, ',') ||
        !gdb_packet_number(&text, &address) || !gdb_packet_char(&text, ',') ||
        !gdb_packet_number(&text, &len) || (*text && *text != ';') || type >= GDB_POINT_TYPES ||
        address > UINT32_MAX || !len || len > GDB_WATCH_MOST)
        return false;
    *point = (struct gdb_point){
        .type = (uint8_t)type, .address = (uint32_t)address, .len = (uint32_t)len};
    return true;
}

void gdb_insert(struct gdb *gdb, const char *text, size_t len)
{
    struct gdb_point point;

    (void)len;
    if (!read_point(text, &point))
        gdb_malformed(gdb);
    else if (!gdb_points_add(&gdb->points, point))
        gdb_refuse(gdb, "there are %u points already", GDB_POINTS);
    else
        gdb_ok(gdb);
}

void gdb_remove(struct gdb *gdb, const char *text, size_t len)
{
    struct gdb_point point;

    (void)len;
    if (!read_point(text, &point)) {
        gdb_malformed(gdb);
        return;
    }
    gdb_points_remove(&gdb->points, point);
    gdb_ok(gdb);
}
