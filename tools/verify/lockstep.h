/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lockstep.h - a guest twice: bare on the engine `spec`, and in VM 0 of a machine. The VM runs
 * as it always does, in slices and with others beside it; at each trap that it takes, the bare
 * one is brought to its own next trap, and both are compared.
 */
#ifndef PZ_TOOLS_VERIFY_LOCKSTEP_H
#define PZ_TOOLS_VERIFY_LOCKSTEP_H

#include "tools/host/host.h"
#include "tools/verify/difference.h"

/*
 * Traps that the bare side can be ahead: an interrupt, and the trap of the instruction after it,
 * come in one step.
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
    bool stepping; /* traps are not looked at: see lockstep_first.h */

    uint64_t traps;                 /* compared */
    struct difference_point agreed; /* the last of them */
    struct difference difference;
};

/* To be closed whatever comes back; must not move. */
enum pz_err lockstep_open(struct lockstep *lockstep, const struct options *options,
                          const struct engines_kind *kind,
                          struct problem *problem) PZ_MUST_CHECK;
void lockstep_close(struct lockstep *lockstep);

/* A slice further. False: it is over. */
bool lockstep_step(struct lockstep *lockstep);

/* Has the compared VM ended, or is there nothing more to be learned? */
bool lockstep_is_over(const struct lockstep *lockstep);

/* It is over: compare what is left, unless there is a difference already. */
enum pz_err lockstep_finish(struct lockstep *lockstep, struct problem *problem) PZ_MUST_CHECK;

/* Has a difference been found? */
bool lockstep_differs(const struct lockstep *lockstep);

/*
 * Has one been found, or is there bound to be one? Cheaper than to run to the end, and less than
 * that can say: two runs that part without a trap are not noticed. Between slices only.
 */
bool lockstep_astray(struct lockstep *lockstep);

#endif
