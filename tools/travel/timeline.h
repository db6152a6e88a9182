/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline.h - a run that can be walked in both directions: the machine of `pz run` (N VMs), with
 * every byte that came in from outside kept, and checkpoints from which any point of the past is
 * reached again by running forwards. Stepping never disturbs: instructions, events and whose turn
 * it is are those of `pz run`, however the run is cut. What is shown of it is for debug*.c and
 * gdb*.c; the checkpoints themselves are store.h's and vmm/checkpoint.h's.
 */
#ifndef PZ_TOOLS_TRAVEL_TIMELINE_H
#define PZ_TOOLS_TRAVEL_TIMELINE_H

#include "tools/host/host.h"
#include "tools/travel/timeline_config.h"
#include "tools/travel/timeline_position.h"

struct timeline;
struct vmm_stops;

/* Machine made, kernels loaded, position {0, 0}. To be closed whatever comes back (NULL is fine). */
enum pz_err timeline_open(struct timeline **timeline, const struct timeline_config *config,
                          struct problem *problem) PZ_MUST_CHECK;
void timeline_close(struct timeline *timeline);

/* Is hosts.trace to be called from now on? At first it is. */
void timeline_tell(struct timeline *timeline, bool wanted);

/* To look at. Whoever changes it calls timeline_edited(). */
struct machine *timeline_machine(struct timeline *timeline);

struct timeline_position timeline_now(const struct timeline *timeline);

/* The VM that the next step is of: its turn is begun if need be. NULL: none can run. */
struct vm *timeline_vm(struct timeline *timeline);

/* The last event before now, NULL for none, and where it left the run. May have to run again. */
const struct trace_event *timeline_last_event(struct timeline *timeline,
                                              struct timeline_position *position);

/* Why a call came back. */
enum timeline_result {
    TIMELINE_REACHED,     /* where it was sent, or the first point behind that can be reached */
    TIMELINE_STOPPED,     /* a struct timeline_stop said so */
    TIMELINE_ENDED,       /* forwards: no VM is alive, or the recording is over */
    TIMELINE_WAITING,     /* forwards: all VMs that are alive are paused */
    TIMELINE_BEGAN,       /* backwards: the beginning came first, and that is where it is now */
    TIMELINE_INTERRUPTED, /* timeline_interrupt() */
    TIMELINE_DIVERGED,    /* not the run that was recorded: timeline_problem() */
};

/* When to stop. A callback returns true to stop; both may be NULL. Neither may run the timeline. */
struct timeline_stop {
    /*
     * An event has happened: the position is right behind it, before another instruction. (Right
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
     * So many instructions of this VM may pass without `insn` being asked, unless an event comes
     * before. NULL, 0 or 1: each is asked.
     */
    uint64_t (*quiet)(void *owner, struct timeline *timeline, struct vm *vm);

    /*
     * Where `insn` can have anything to say: it is asked there, behind what was watched for, and
     * at chances between; the run stays in the engine meanwhile. It is the same run, and stops at
     * the same places, as one in which `insn` is asked each time. `exits` is the timeline's. NULL:
     * it is asked each time.
     */
    struct vmm_stops *stops;
    void *owner;
};

/* ---- Forwards ---- */

/* Run to `limit` (TIMELINE_END: none), or until `stop` (may be NULL) says so. */
enum timeline_result timeline_run(struct timeline *timeline, struct timeline_position limit,
                                  const struct timeline_stop *stop);

/* The smallest step that there is: one instruction retires or one event happens, or both. */
enum timeline_result timeline_step(struct timeline *timeline);

/*
 * One instruction as the guest sees it: until one has retired or the guest's control was taken
 * to a handler or by the firmware; the monitor's own work (a fill) is passed over.
 */
enum timeline_result timeline_step_insn(struct timeline *timeline);

/* To right behind the next exit (world switches and interrupts are none). */
enum timeline_result timeline_next_exit(struct timeline *timeline);

/* ---- Either way ---- */

/* Where what is known of the run begins. */
struct timeline_position timeline_beginning(const struct timeline *timeline);

/* The last checkpoint before `at`; the first there is when none is before it. */
struct timeline_position timeline_checkpoint_before(const struct timeline *timeline,
                                                    struct timeline_position at);

/* The earliest point known from which to `at` no event comes. */
struct timeline_position timeline_quiet_since(const struct timeline *timeline,
                                              struct timeline_position at);

/* To a position. One that cannot be reached gives the next that can. */
enum timeline_result timeline_goto(struct timeline *timeline, struct timeline_position to);

/* ---- Backwards ---- */

/* Undo one timeline_step(), one timeline_step_insn(); to right behind the exit before. */
enum timeline_result timeline_back_step(struct timeline *timeline);
enum timeline_result timeline_back_insn(struct timeline *timeline);
enum timeline_result timeline_back_exit(struct timeline *timeline);

/* To the last point before now at which `stop` says so. */
enum timeline_result timeline_back(struct timeline *timeline, const struct timeline_stop *stop);

/* ---- */

/* From a signal handler or callback: the call under way comes back soon. */
void timeline_interrupt(struct timeline *timeline);

/*
 * The machine was changed from outside (a register, memory): what came after is forgotten, and
 * history begins here. With a recording this ends what it can say: the rest is live.
 */
enum pz_err timeline_edited(struct timeline *timeline, struct problem *problem) PZ_MUST_CHECK;

/*
 * A hash of what guests can tell: registers, CSRs, devices and RAM of all VMs, and how each
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
    uint64_t save_ns, restore_ns, rerun; /* host time; instructions run again */
    uint64_t interval;
};
struct timeline_figures timeline_figures(const struct timeline *timeline);

#endif
