/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.h - one exit, as the monitor really handled it: what each step found and left,
 * taken down while it was done (vmm/probe.h). What is said of it is left to steps.h.
 */
#ifndef PZ_TOOLS_DEBUG_RECORD_H
#define PZ_TOOLS_DEBUG_RECORD_H

#include "vmm/probe.h"

#define DEBUG_STEPS 48u

/* All that a step can change, of one VM and of the CPU. */
struct debug_shot {
    struct hart hart;
    uint64_t deadline, wake;
    uint64_t fills, drops;  /* shadow entries made and dropped so far */
    struct console console; /* the device */
    uint8_t end;            /* enum vm_end */
    uint16_t world;         /* the id of the VM that the CPU is set to; 0: none */
    uint32_t root;          /* the CPU's page table, a satp value; or of hgatp */

    /* Of the address that a memory access wanted: the guest's leaf entry, the shadow's, the
     * aligned word there. */
    bool has_pte, has_word;
    uint64_t pte_pa;
    uint32_t pte, shadow, word;
};

struct debug_step {
    uint8_t point; /* enum probe_point */
    uint16_t vm;   /* id */
    struct debug_shot before, after;
    const char *name;
    bool has_trap;
    struct trap trap;
    struct insn insn;
    struct sv32_walk walk;
    struct shadow_mapping mapping;
    uint16_t from;  /* PROBE_SWITCH: id, or 0 */
    uint8_t result; /* enum sv32_result */
    uint8_t access; /* enum access */
    uint8_t event;  /* enum exec_event */
    bool on_device; /* PROBE_EMULATE: an access to what is no RAM... */
    uint64_t gpa;   /* ...there; or PROBE_ATTACH: what was attached... */
    struct mpa mpa; /* ...and where it is */
};

struct debug_record {
    struct vm *vm;   /* whose exit it is; NULL: nothing was recorded */
    bool open;       /* steps are still to come */
    bool keep;       /* the next exit is not to begin a new record */
    bool has_va;     /* it was about an address of memory... */
    uint32_t va;     /* ...this one */
    int shadow_root; /* index of the root that the CPU walked, -1 for none */
    bool on_device;  /* the guest's table leads to what is no RAM... */
    uint64_t gpa;    /* ...there */
    unsigned count;
    uint64_t lost; /* steps for which there was no room */
    struct debug_shot last;
    struct trace_event event; /* what the monitor told of it */
    bool told;
    struct debug_step steps[DEBUG_STEPS];
};

/* For struct vmm_host: `record` is a struct debug_record. */
void debug_record_probe(void *record, struct vm *vm, const struct probe *probe);

/* The monitor told of an event. */
void debug_record_event(struct debug_record *record, const struct trace_event *event);

/* Before anything was done about the exit, and after the monitor was done with it. */
const struct debug_shot *debug_record_before(const struct debug_record *record);
const struct debug_shot *debug_record_after(const struct debug_record *record);

/* The first step of this kind; NULL for none. */
const struct debug_step *debug_record_find(const struct debug_record *record,
                                           enum probe_point point);

#endif
