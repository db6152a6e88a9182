/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * twins.h - Popek & Goldberg's first property as a test: a guest is run once bare on `spec`,
 * and what was seen there (the whole hart at every architectural trap, console bytes, counts,
 * final RAM) is what every virtualised run must show. The guests themselves are tests/guest/.
 */
#ifndef PZ_TESTS_SUPPORT_TWINS_H
#define PZ_TESTS_SUPPORT_TWINS_H

#include "tests/support/engines.h"
#include "tests/support/world.h"
#include "vmm/board/bare.h"
#include "vmm/vmm.h"

#define TWINS_MACHINE (192u << 20) /* machine memory */
#define TWINS_CONSOLE (256u << 10) /* bytes of output that are kept */

struct twins_guest {
    const char *name; /* <guests>/<name>.elf */
    uint64_t ram_base, ram_size;
    const char *bootargs; /* NULL: no device tree */
    const char *input;    /* console bytes, each there as soon as it is asked for */
    unsigned cpus;        /* 0: one */
    uint64_t quantum;     /* of their turns; 0: the usual */
    uint64_t limit;       /* instructions; a guest may be made to run into it */
    enum vm_end end;      /* how it has to end, bare too */
    enum world_devices devices;

    /*
     * It narrows entries without a fence, so that only `trace` must do as the bare machine does
     * (which has no TLB). Under the others, and with assistance, where the engine's own TLB serves,
     * it has to end well, having checked itself.
     */
    bool unfenced;
};

/* The console of one run. */
struct twins_console {
    const char *input;
    uint8_t *bytes;
    uint32_t len;
    uint64_t hash; /* of all, kept or not */
};

/* What was seen bare. */
struct twins_record {
    const struct twins_guest *guest;
    struct hart hart; /* at the end: of the hart that had its turn */
    unsigned current; /* which that was */
    struct hart others[HARTS_MOST];
    struct twins_console console;
    struct world world;
    uint64_t traps;
    uint64_t *seen; /* for each trap: a hash of it and of the whole hart */
    uint8_t *ram;
    enum vm_end end;
};

/* The guest, bare, from boot to end. Aborts when its image is missing. */
struct twins_record *twins_record(const struct twins_guest *guest);
void twins_record_free(struct twins_record *record);

/* A machine with a monitor, to run VMs on one after another. */
struct twins_machine {
    const struct engine_maker *maker;
    struct engine *engine;
    uint8_t *ram;
    uint64_t size;
    struct vmm vmm;
};

/* False: the host cannot make this engine. */
bool twins_machine_init(struct twins_machine *machine, const struct engine_maker *maker,
                        uint64_t size) PZ_MUST_CHECK;
void twins_machine_fini(struct twins_machine *machine);

/* How a VM is run. */
struct twins_how {
    enum shadow_policy policy;
    enum vm_monitor monitor;
    uint32_t shadow_tables;
    uint32_t shares;
};

/* One virtualised run under comparison. */
struct twins {
    const struct twins_record *record;
    struct twins_how how;
    struct vm vm;
    struct twins_console console;
    struct world world;
    uint64_t traps;
    char difference[512]; /* the first one; empty while there is none */
};

/* Put the guest on the machine, booted. Must not move. Aborts when there is no memory for it. */
void twins_add(struct twins *twins, struct twins_machine *machine,
               const struct twins_record *record, const struct twins_how *how);

/* Run all VMs of the machine until none is alive, or `turns` turns were had. */
void twins_run(struct twins_machine *machine, uint64_t turns);

/* Compare how it ended. True: all was as on the bare machine; else `difference` tells. */
bool twins_same(struct twins *twins) PZ_MUST_CHECK;

/* Take the VM off the machine. */
void twins_remove(struct twins *twins);

/* What a trap looked like, in one number. */
uint64_t twins_hash(const struct hart *hart, const struct trap *trap);

#endif
