/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline.h - a run that can be moved in both directions: the machine of `pz run` (N VMs), with
 * a record of every byte of input, and checkpoints from which any point of the past is
 * reached again by running forwards. Stepping never disturbs: instructions, events and whose turn
 * it is are those of `pz run`, however the run is cut. Showing it is left to debug*.c and
 * gdb*.c; the checkpoints themselves to store.h and vmm/checkpoint.h.
 */
#ifndef PZ_TOOLS_TRAVEL_TIMELINE_H
#define PZ_TOOLS_TRAVEL_TIMELINE_H

#include "tools/host/host.h"
#include "tools/travel/timeline_config.h"
#include "tools/travel/timeline_position.h"

struct tally;
struct timeline;

/*
 * Machine made, kernels loaded, position {0, 0}. To be closed whatever comes back (NULL is
 * fine).
 */
enum pz_err timeline_open(struct timeline **timeline, const struct timeline_config *config,
                          struct problem *problem) PZ_MUST_CHECK;
void timeline_close(struct timeline *timeline);

/* Switch calls of hosts.trace on or off; they are on at first. */
void timeline_tell(struct timeline *timeline, bool wanted);

/* The machine. After changing it call timeline_edited(). */
struct machine *timeline_machine(struct timeline *timeline);

struct timeline_position timeline_now(const struct timeline *timeline);

/* The VM that takes the next step; its turn begins if necessary. NULL: none can run. */
struct vm *timeline_vm(struct timeline *timeline);

/* The last event before now, NULL for none, and where it left the run. May have to run again. */
const struct trace_event *timeline_last_event(struct timeline *timeline,
                                              struct timeline_position *position);

/* Why a call came back. */
enum timeline_result {
    TIMELINE_REACHED,     /* at the target, or the first point after it that can be reached */
    TIMELINE_STOPPED,     /* by a struct timeline_stop */
    TIMELINE_ENDED,       /* forwards: no VM is alive, or the recording is over */
    TIMELINE_WAITING,     /* forwards: all VMs that are alive are paused */
    TIMELINE_BEGAN,       /* backwards: it reached the beginning first */
    TIMELINE_INTERRUPTED, /* timeline_interrupt() */
    TIMELINE_DIVERGED,    /* not the run that was recorded: timeline_problem() */
};

/* When to stop. A callback returns true to stop; both may be NULL. Neither may run the timeline. */
struct timeline_stop {
    /*
     * An event has happened: the position is just after it, before another instruction. (Right
     * before it is {retired, events - 1}: see timeline_goto().)
     */
    bool (*event)(void *owner, struct timeline *timeline, const struct trace_event *event);

    /*
     * A guest's instruction is complete, or control has been taken from it (trap, interrupt or
     * firmware call): hart->pc is the next one. Called each time: runs are then slow, some
     * million instructions a second.
     */
    bool (*insn)(void *owner, struct timeline *timeline, struct vm *vm);

    /*
     * So many instructions of this VM may pass without a call of `insn`, unless an event comes
     * before. NULL, 0 or 1: it is called for each.
     */
    uint64_t (*quiet)(void *owner, struct timeline *timeline, struct vm *vm);

    /*
     * Where `insn` can stop: it is called there, after what was watched for, and sometimes in
     * between; the run stays in the engine meanwhile. It is the same run, and stops at
     * the same places, as one in which `insn` is called each time. `exits` is the timeline's. NULL:
     * it is called each time.
     */
    struct vmm_stops *stops;
    void *owner;
};

/* ---- Forwards ---- */

/* Run to `limit` (TIMELINE_END: none), or until `stop` (may be NULL) stops it. */
enum timeline_result timeline_run(struct timeline *timeline, struct timeline_position limit,
                                  const struct timeline_stop *stop);

/* The smallest possible step: one instruction retires or one event happens, or both. */
enum timeline_result timeline_step(struct timeline *timeline);

/*
 * One instruction as the guest sees it: until one has retired, or control has passed to the guest's
 * handler or the firmware; the monitor's own work (a fill) is skipped.
 */
enum timeline_result timeline_step_insn(struct timeline *timeline);

/* To just after the next exit (world switches and interrupts are none). */
enum timeline_result timeline_next_exit(struct timeline *timeline);

/* ---- Either way ---- */

/* The earliest known position of the run. */
struct timeline_position timeline_beginning(const struct timeline *timeline);

/* The last checkpoint before `at`; if there is none, the first of all. */
struct timeline_position timeline_checkpoint_before(const struct timeline *timeline,
                                                    struct timeline_position at);

/* The earliest known point from which no event happens until `at`. */
struct timeline_position timeline_quiet_since(const struct timeline *timeline,
                                              struct timeline_position at);

/* To a position; if it cannot be reached, to the next that can. */
enum timeline_result timeline_goto(struct timeline *timeline, struct timeline_position to);

/* ---- Backwards ---- */

/* Undo one timeline_step(), one timeline_step_insn(); to just after the exit before. */
enum timeline_result timeline_back_step(struct timeline *timeline);
enum timeline_result timeline_back_insn(struct timeline *timeline);
enum timeline_result timeline_back_exit(struct timeline *timeline);

/* To the last position before now at which `stop` stops. */
enum timeline_result timeline_back(struct timeline *timeline, const struct timeline_stop *stop);

/* ---- Ahead of going back ---- */

/*
 * Work that may save some later, in pieces for when nobody waits: takes a checkpoint from which the
 * place where all VMs have retired `to` is near, and runs at most `insns` instructions again for
 * that. True: there is more to do, for the same `to`. The machine then stands elsewhere:
 * timeline_return() comes before anything else but more of this.
 */
bool timeline_prepare(struct timeline *timeline, uint64_t to, uint64_t insns);

/* Back to where it stood. */
void timeline_return(struct timeline *timeline);

/* ---- What is known ---- */

/* The furthest place at which the run has been. */
struct timeline_position timeline_known(const struct timeline *timeline);

/* Count the exits of the run, from here on. Once, and before it runs. */
enum pz_err timeline_count_exits(struct timeline *timeline,
                                 struct problem *problem) PZ_MUST_CHECK;

/* Those of the run as far as it is known. NULL: they are not counted. */
const struct tally *timeline_exits(const struct timeline *timeline);

/* ---- */

/* From a signal handler or callback: the call in progress returns soon. */
void timeline_interrupt(struct timeline *timeline);

/*
 * The machine was changed from outside (a register, memory): what came after is forgotten, and
 * history begins here. A recording ends here, too: the rest is live.
 */
enum pz_err timeline_edited(struct timeline *timeline, struct problem *problem) PZ_MUST_CHECK;

/*
 * A hash of what guests can observe: registers, CSRs, devices and RAM of all VMs, and how each
 * ended. Equal on every engine at the same point. Monitor's tables and counters are not in it.
 */
uint64_t timeline_hash(struct timeline *timeline);

/* The same of one VM; of its memory, only pages that are not all zero count. */
uint64_t timeline_vm_hash(struct vm *vm);

/* What TIMELINE_DIVERGED means, in a sentence. */
const char *timeline_problem(const struct timeline *timeline);

/* What the console of a VM has shown up to now. */
const uint8_t *timeline_console(const struct timeline *timeline, unsigned vm, size_t *len);

/* For people and tests: how many checkpoints there are, and what they take. */
struct timeline_figures {
    uint64_t checkpoints, taken, restored;
    uint64_t bytes, most_bytes;          /* kept now; at the most so far */
    uint64_t save_ns, restore_ns, rerun; /* host time; instructions run that were known */
    uint64_t interval;
};
struct timeline_figures timeline_figures(const struct timeline *timeline);

#endif
