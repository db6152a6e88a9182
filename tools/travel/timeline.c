/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline.c - creating and inspecting a timeline, and when to take checkpoints: they cost a
 * small, fixed share of the run's time, whatever the guest and engine.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/travel/statehash.h"
#include "tools/travel/timeline_internal.h"

#define COST_SHARE 12u /* a checkpoint may take this part of the time run since the last */
#define INTERVAL_FIRST 4000000u
#define INTERVAL_LEAST 500000u
#define INTERVAL_MOST 400000000u
#define RERUN_MOST_NS                                                                          \
    50e6 /* and running again from one takes at most this long: half of a short wait */

/* ---- Events ---- */

static void on_event(void *owner, const struct trace_event *event)
{
    struct timeline *timeline = owner;
    const struct timeline_hosts *hosts = &timeline->config.hosts;
    const struct timeline_stop *stop = timeline->stop;
    struct vmm *vmm = &timeline->machine.vmm;
    const struct vm *vm = vmm->vms[event->vm - 1];

    if (!event->translated) {
        timeline->moment.last = *event;
        timeline->moment.last_known = true;
        /* What the exit itself retired is counted only when the step is over. */
        timeline->moment.last_at = (struct timeline_position){
            timeline->step_base + vm_retired(vm) - timeline->step_from, vmm->events};
    }
    if (hosts->trace && !timeline->untold)
        hosts->trace(hosts->owner, event);
    if (stop && stop->event && stop->event(stop->owner, timeline, event))
        timeline->stopped = true;
    if (timeline->stopped || timeline->halting)
        vmm->halt = true;
}

/* Events cost time at each exit, so they are received only if somebody needs them. */
void timeline_listen(struct timeline *timeline)
{
    bool told = timeline->config.hosts.trace && !timeline->untold;
    bool wanted = timeline->always || told || timeline->halting ||
                  (timeline->stop && timeline->stop->event);

    timeline->machine.vmm.host.trace = wanted ? on_event : NULL;
    timeline->machine.vmm.host.translated = timeline->config.hosts.translated;
    timeline->machine.vmm.host.owner = timeline;
}

void timeline_tell(struct timeline *timeline, bool wanted)
{
    timeline->untold = !wanted;
    timeline_listen(timeline);
}

/* ---- Checkpoints ---- */

static void pack(struct timeline *timeline)
{
    uint8_t *to = timeline->moment_buffer;

    memcpy(to, &timeline->moment, sizeof timeline->moment);
    to += sizeof timeline->moment;
    for (unsigned vm = 0; vm < timeline->ports.count; vm++, to += sizeof(struct port_moment))
        memcpy(to, &timeline->ports.ports[vm].now, sizeof(struct port_moment));
    for (unsigned k = 0; k < timeline->machine.count;
         k++, to += sizeof(struct devices_moment)) {
        struct devices_moment moment = devices_now(&timeline->machine.devices[k]);

        memcpy(to, &moment, sizeof moment);
    }
}

static void unpack(struct timeline *timeline)
{
    const uint8_t *from = timeline->moment_buffer;

    memcpy(&timeline->moment, from, sizeof timeline->moment);
    from += sizeof timeline->moment;
    for (unsigned vm = 0; vm < timeline->ports.count; vm++, from += sizeof(struct port_moment))
        memcpy(&timeline->ports.ports[vm].now, from, sizeof(struct port_moment));
    for (unsigned k = 0; k < timeline->machine.count;
         k++, from += sizeof(struct devices_moment)) {
        struct devices_moment moment;

        memcpy(&moment, from, sizeof moment);
        devices_go(&timeline->machine.devices[k], &moment);
    }
}

/*
 * As many instructions as run in the time of COST_SHARE checkpoints; but fewer if going back would
 * take too long.
 */
static void choose_interval(struct timeline *timeline, uint64_t cost_ns)
{
    double rate = timeline->ran_ns ? (double)timeline->since / (double)timeline->ran_ns : 0;
    double apart_ns = (double)cost_ns * COST_SHARE;
    double wanted = rate * (apart_ns < RERUN_MOST_NS ? apart_ns : RERUN_MOST_NS);

    if (timeline->config.interval || !timeline->since)
        return;
    if (wanted < INTERVAL_LEAST)
        wanted = INTERVAL_LEAST;
    timeline->interval = wanted < INTERVAL_MOST ? (uint64_t)wanted : INTERVAL_MOST;
}

void timeline_take(struct timeline *timeline)
{
    uint64_t before = timeline->history.save_ns, now = machine_work();

    pack(timeline);
    timeline->ran_ns += timeline->clock ? now - timeline->clock : 0;
    history_take(&timeline->history, &timeline->machine.vmm, timeline_now(timeline),
                 timeline->moment_buffer);
    choose_interval(timeline, timeline->history.save_ns - before);
    timeline->base = timeline->retired;
    timeline->clock = timeline->clock ? machine_work() : 0;
    timeline->ran_ns = timeline->since = 0;
}

void timeline_take_if_due(struct timeline *timeline)
{
    int before;

    if (timeline->retired - timeline->base < timeline->interval)
        return;
    before = history_find(&timeline->history, timeline_now(timeline));
    if (before >= 0)
        timeline->base = timeline->history.entries[before].at.retired;
    if (timeline->retired - timeline->base >= timeline->interval)
        timeline_take(timeline);
}

static uint64_t all_retired(const struct machine *machine)
{
    uint64_t sum = 0;

    for (unsigned k = 0; k < machine->count; k++)
        sum += vm_retired(&machine->vms[k]);
    return sum;
}

void timeline_restore(struct timeline *timeline, unsigned index)
{
    history_restore(&timeline->history, &timeline->machine.vmm, index, timeline->moment_buffer);
    unpack(timeline);
    timeline->retired = timeline->base = all_retired(&timeline->machine);
    timeline->prepared = false;
}

/* ---- Making one ---- */

static enum pz_err open_machine(struct timeline *timeline, struct problem *problem)
{
    const struct options *options = timeline->config.options;
    const struct engines_kind *kind;
    struct machine_hosts hosts = {0};
    struct board_host *boards = calloc(options->vms, sizeof *boards);
    enum pz_err err = engines_choose(options->engine, false, &kind, problem);

    if (!boards)
        return problem_memory(problem, "the consoles");
    for (unsigned vm = 0; vm < options->vms; vm++)
        boards[vm] = ports_board(&timeline->ports, vm);
    hosts.boards = boards;
    hosts.keep = DISK_KEEP_LOG;
    hosts.unloaded = options->start != NULL;
    hosts.vmm.clock = options->stats ? machine_clock : NULL;
    if (!err)
        err = machine_open(&timeline->machine, options, kind, &hosts, problem);
    free(boards);
    if (!err && options->start)
        err = options->start->go(options->start->owner, &timeline->machine, problem);
    timeline->retired = timeline->base = all_retired(&timeline->machine);
    if (!err && timeline->recording)
        err = recording_kernels_same(timeline->recording, &timeline->machine, problem);
    if (!err && timeline->recording)
        err = recording_disks_same(timeline->recording, &timeline->machine, problem);
    return err;
}

static enum pz_err open_history(struct timeline *timeline, struct problem *problem)
{
    uint64_t limit = timeline->config.checkpoint_mem;
    enum pz_err err;

    timeline->moment_size = sizeof(struct moment) +
                            timeline->ports.count * sizeof(struct port_moment) +
                            timeline->machine.count * sizeof(struct devices_moment);
    timeline->moment_buffer = calloc(1, timeline->moment_size);
    if (!timeline->moment_buffer)
        return problem_memory(problem, "checkpoints");
    err = history_open(&timeline->history, limit ? limit : TIMELINE_MEM_DEFAULT,
                       timeline->moment_size, problem);
    if (err)
        return err;
    timeline->interval = timeline->config.interval ? timeline->config.interval : INTERVAL_FIRST;
    timeline_take(timeline);
    if (!timeline->history.count)
        return problem_set(problem, PZ_USAGE,
                           "not even the beginning fits: raise --checkpoint-mem");
    return PZ_OK;
}

static enum pz_err open_parts(struct timeline *timeline, struct problem *problem)
{
    enum pz_err err = ports_open(&timeline->ports, (unsigned)timeline->config.options->vms,
                                 &timeline->config, &timeline->machine, problem);

    if (!err)
        err = open_machine(timeline, problem);
    timeline_listen(timeline);
    known_restart(timeline);
    return err ? err : open_history(timeline, problem);
}

enum pz_err timeline_open(struct timeline **timeline, const struct timeline_config *config,
                          struct problem *problem)
{
    *timeline = calloc(1, sizeof **timeline);
    if (!*timeline)
        return problem_memory(problem, "the run");
    memcpy((void *)&(*timeline)->config, config, sizeof *config);
    (*timeline)->recording = config->recording;
    return open_parts(*timeline, problem);
}

void timeline_close(struct timeline *timeline)
{
    if (!timeline)
        return;
    if (timeline->moment_buffer)
        history_close(&timeline->history);
    free(timeline->moment_buffer);
    known_close(timeline);
    machine_close(&timeline->machine);
    ports_close(&timeline->ports);
    free(timeline);
}

/* ---- Inspecting it ---- */

struct machine *timeline_machine(struct timeline *timeline)
{
    return &timeline->machine;
}

struct timeline_position timeline_now(const struct timeline *timeline)
{
    return (struct timeline_position){timeline->retired, timeline->machine.vmm.events};
}

void timeline_interrupt(struct timeline *timeline)
{
    timeline->interrupted = 1;
}

enum pz_err timeline_edited(struct timeline *timeline, struct problem *problem)
{
    timeline->recording = NULL;
    timeline->machine.vmm.horizon = VMM_NO_HORIZON;
    timeline->retired = all_retired(&timeline->machine);
    known_restart(timeline);
    timeline->ports.wrong[0] = '\0';
    ports_forget(&timeline->ports);
    history_clear(&timeline->history);
    timeline_take(timeline);
    if (timeline->history.count)
        return PZ_OK;
    return problem_set(problem, PZ_HOST, "no checkpoint fits: there is no way to return here");
}

uint64_t timeline_hash(struct timeline *timeline)
{
    return statehash_all(&timeline->machine.vmm);
}

uint64_t timeline_vm_hash(struct vm *vm)
{
    return statehash_vm(vm);
}

const char *timeline_problem(const struct timeline *timeline)
{
    return timeline->ports.wrong;
}

const uint8_t *timeline_console(const struct timeline *timeline, unsigned vm, size_t *len)
{
    const struct port *port = &timeline->ports.ports[vm];

    *len = port->now.printed < port->len ? port->now.printed : port->len;
    return port->text;
}

struct timeline_figures timeline_figures(const struct timeline *timeline)
{
    const struct history *history = &timeline->history;

    return (struct timeline_figures){
        .checkpoints = history->count,
        .taken = history->taken,
        .restored = history->restored,
        .bytes = history->store.bytes,
        .most_bytes = history->most_bytes,
        .save_ns = history->save_ns,
        .restore_ns = history->restore_ns,
        .rerun = timeline->rerun,
        .interval = timeline->interval,
    };
}
