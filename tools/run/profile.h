/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile.h - where a run's time goes. Each VM is looked at every so many instructions of its
 * own, by ending its stay on the CPU there (vmm_step()): so the samples fall on the same
 * instructions in every run, and the guest comes out the same as without. What the monitor does
 * is not sampled but counted. What becomes of the figures is left to profile_report.h.
 *
 * Every instruction that retires is in exactly one line: the guest's since the last sample in
 * that of the stack at this one; those that the monitor ran in the monitor's.
 */
#ifndef PZ_TOOLS_RUN_PROFILE_H
#define PZ_TOOLS_RUN_PROFILE_H

#include "tools/host/host.h"
#include "tools/show/show.h"

/* Stacks told apart; what comes later is told apart only by mode. */
#define PROFILE_STACKS 65536u

/* By instructions, and by the host's clock. */
struct profile_weight {
    uint64_t insns, ns;
};

/* A function in a stack: its name in an ELF file's bytes, or else the page that it lies in. */
struct profile_frame {
    const char *name; /* NULL: none */
    uint32_t page;
};

struct profile_stack {
    unsigned vm, cpu;
    bool user;
    const struct program *program; /* NULL: the kernel, or unknown */
    unsigned depth;
    struct profile_frame *frames; /* the innermost first */
    uint64_t samples;
    struct profile_weight weight;
    uint32_t next; /* of the same hash: index + 1 */
};

/* One VM's account. */
struct profile_vm {
    uint64_t next;                 /* retired at the next sample */
    uint64_t retired;              /* at the last one, */
    struct profile_weight monitor; /* and what the monitor had had by then */
    uint64_t ns;                   /* host time since */
    uint64_t by_engine;            /* instructions that its engine interpreted for its CPU */
    bool done;
};

struct profile {
    const struct options *options;
    struct machine *machine;
    struct programs *programs;
    bool on;    /* else there is no profile, and every call does nothing */
    FILE *file; /* NULL: it goes to none */
    struct profile_vm *vms;
    struct profile_stack *stacks;
    uint32_t *heads; /* by hash: a stack's index + 1 */
    unsigned count, room;
    uint64_t samples;
    bool no_memory; /* stacks were lost */
};

/*
 * With --profile, into its file. To be closed whatever comes back; `machine` need not be made
 * yet.
 */
enum pz_err profile_open(struct profile *profile, const struct options *options,
                         struct machine *machine, struct problem *problem) PZ_MUST_CHECK;
void profile_free(struct profile *profile);

/* The same without a file, for who shows it in another way. */
enum pz_err profile_begin(struct profile *profile, const struct options *options,
                          struct machine *machine, struct problem *problem) PZ_MUST_CHECK;

/* The machine is made: read the names of its programs. */
enum pz_err profile_start(struct profile *profile, struct problem *problem) PZ_MUST_CHECK;

/* As vmm_run(): one turn, with samples. */
enum vmm_status profile_run(struct profile *profile, struct vm **ran);

/*
 * For who moves the machine by other means: what VM `k` may retire until its next sample; and
 * around each stay of it on the CPU, which is no longer than that.
 */
struct profile_stay {
    unsigned vm;
    uint64_t start, interpreted;
};
uint64_t profile_due(const struct profile *profile, unsigned k);
struct profile_stay profile_enter(const struct profile *profile, unsigned k);
void profile_leave(struct profile *profile, const struct profile_stay *stay);

/* The run is over: what is left since the last sample of each VM. */
void profile_stop(struct profile *profile);

/* What the monitor has had for a VM so far, in all. */
struct profile_weight profile_monitor(const struct profile *profile, unsigned k);

/* Instructions that it has interpreted, page by page; not those that the engine did by itself. */
uint64_t profile_interpreted(const struct profile *profile, unsigned k);

#endif
