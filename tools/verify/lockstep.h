/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lockstep.h - runs a guest twice: bare on the engine `spec`, and in VM 0 of a machine. The VM runs
 * as usual, in slices and beside others; at each trap that it takes, the bare side is run to its
 * own next trap, and both are compared.
 */
#ifndef PZ_TOOLS_VERIFY_LOCKSTEP_H
#define PZ_TOOLS_VERIFY_LOCKSTEP_H

#include "tools/host/host.h"
#include "tools/verify/difference.h"

/*
 * How many traps the bare side can be ahead: an interrupt, and the trap of the instruction after
 * it, come in one step.
 */
#define LOCKSTEP_AHEAD 4u

struct lockstep;

/* A console of either side. */
struct lockstep_port {
    struct lockstep *lockstep;
    struct input input;
    struct console_text printed;
};

struct lockstep {
    struct machine machine;
    struct machine_bare bare;
    struct disasm disasm;
    struct lockstep_port bare_port;
    struct lockstep_port *vm_ports;
    struct board_host *boards;
    unsigned count;

    struct difference_point ahead[LOCKSTEP_AHEAD]; /* a ring of the bare side's traps */
    unsigned ahead_at, ahead_count;
    size_t console_checked;
    bool no_memory;
    bool stepping; /* traps are not compared: see lockstep_first.h */

    uint64_t traps;                 /* compared so far */
    struct difference_point agreed; /* at the last of them */
    struct difference difference;
};

/* Must be closed whatever the result; must not move. */
enum pz_err lockstep_open(struct lockstep *lockstep, const struct options *options,
                          const struct engines_kind *kind,
                          struct problem *problem) PZ_MUST_CHECK;
void lockstep_close(struct lockstep *lockstep);

/* Run one more slice. False: the comparison is over. */
bool lockstep_step(struct lockstep *lockstep);

/* Has the compared VM ended, or is there nothing more to be learned? */
bool lockstep_is_over(const struct lockstep *lockstep);

/* At the end: compare the final states, unless there is a difference already. */
enum pz_err lockstep_finish(struct lockstep *lockstep, struct problem *problem) PZ_MUST_CHECK;

/* Has a difference been found? */
bool lockstep_differs(const struct lockstep *lockstep);

/*
 * Has one been found, or is one certain to be? This is cheaper than running to the end, but may
 * miss runs that diverge without a trap. Between slices only.
 */
bool lockstep_astray(struct lockstep *lockstep);

#endif
