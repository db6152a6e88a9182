/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lockstep.h - Popek & Goldberg's first property as a test: a guest is run once bare on `spec`,
 * and what was seen there (the whole hart at every architectural trap, console bytes, counts,
 * final RAM) is what every virtualised run must show. The guests themselves are tests/guest/.
 */
#ifndef PZ_TESTS_SUPPORT_LOCKSTEP_H
#define PZ_TESTS_SUPPORT_LOCKSTEP_H

#include "tests/support/engines.h"
#include "vmm/board/bare.h"
#include "vmm/vmm.h"

#define LOCKSTEP_MACHINE (192u << 20) /* machine memory */
#define LOCKSTEP_CONSOLE (256u << 10) /* bytes of output that are kept */

struct lockstep_guest {
    const char *name; /* <guests>/<name>.elf */
    uint64_t ram_base, ram_size;
    const char *bootargs; /* NULL: no device tree */
    const char *input;    /* console bytes, each there as soon as it is asked for */
    uint64_t limit;       /* instructions; a guest may be made to run into it */
    enum vm_end end;      /* how it has to end, bare too */

    /*
     * It narrows entries without a fence, so that only `trace` must do as the bare machine does
     * (which has no TLB). Under the others it has to end well, having checked itself.
     */
    bool unfenced;
};

/* The console of one run. */
struct lockstep_console {
    const char *input;
    uint8_t *bytes;
    uint32_t len;
    uint64_t hash; /* of all, kept or not */
};

/* What was seen bare. */
struct lockstep_record {
    const struct lockstep_guest *guest;
    struct hart hart; /* at the end */
    struct lockstep_console console;
    uint64_t traps;
    uint64_t *seen; /* for each trap: a hash of it and of the whole hart */
    uint8_t *ram;
    enum vm_end end;
};

/* The guest, bare, from boot to end. Aborts when its image is missing. */
struct lockstep_record *lockstep_record(const struct lockstep_guest *guest);
void lockstep_record_free(struct lockstep_record *record);

/* A machine with a monitor, to run VMs on one after another. */
struct lockstep_machine {
    const struct engine_maker *maker;
    struct engine *engine;
    uint8_t *ram;
    uint64_t size;
    struct vmm vmm;
};

/* False: the host cannot make this engine. */
bool lockstep_machine_init(struct lockstep_machine *machine, const struct engine_maker *maker,
                           uint64_t size) PZ_MUST_CHECK;
void lockstep_machine_fini(struct lockstep_machine *machine);

/* How a VM is run. */
struct lockstep_how {
    enum shadow_policy policy;
    uint32_t shadow_tables;
    uint32_t shares;
};

/* One virtualised run under comparison. */
struct lockstep {
    const struct lockstep_record *record;
    struct lockstep_how how;
    struct vm vm;
    struct lockstep_console console;
    uint64_t traps;
    char difference[512]; /* the first one; empty while there is none */
};

/* Put the guest on the machine, booted. Must not move. Aborts when there is no memory for it. */
void lockstep_add(struct lockstep *lockstep, struct lockstep_machine *machine,
                  const struct lockstep_record *record, const struct lockstep_how *how);

/* Run all VMs of the machine until none is alive, or `turns` turns were had. */
void lockstep_run(struct lockstep_machine *machine, uint64_t turns);

/* Compare how it ended. True: all was as on the bare machine; else `difference` tells. */
bool lockstep_same(struct lockstep *lockstep) PZ_MUST_CHECK;

/* Take the VM off the machine. */
void lockstep_remove(struct lockstep *lockstep);

/* What a trap looked like, in one number. */
uint64_t lockstep_hash(const struct hart *hart, const struct trap *trap);

#endif
