/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe.h - the monitor's work on one exit, step by step, for observers (`pz debug`). A probe is
 * called after its step; it changes nothing. Without one, a step costs the test of a pointer.
 */
#ifndef PZ_VMM_PROBE_H
#define PZ_VMM_PROBE_H

#include "vmm/hosted.h"
#include "vmm/vmm.h"

enum probe_point {
    PROBE_EXIT,    /* the CPU has trapped to the monitor: `trap` */
    PROBE_HANDLER, /* the dispatcher has chosen a handler: `name` */
    PROBE_DECODE,  /* an instruction is about to run on the virtual CPU: `insn` */
    PROBE_WALK,    /* the guest's page table was walked: `walk`, `result`, `access` */
    PROBE_EMULATE, /* an instruction ran on the virtual CPU: `insn`, and `trap` if it trapped */
    PROBE_RECONCILE, /* the monitor's state was updated to match: `event` */
    PROBE_FILL,      /* a shadow entry was made: `mapping` */
    PROBE_ATTACH,    /* a page was attached for the second stage: `gpa`, `mpa` */
    PROBE_INJECT,    /* the guest's handler was entered: `trap` */
    PROBE_SBI,       /* the firmware served a call */
    PROBE_PARA,      /* the monitor served a hypercall: `name` */
    PROBE_INTERRUPT, /* the guest's handler was entered by an interrupt: `trap` */
    PROBE_SWITCH,    /* world switch: from `from` (NULL: none) to this VM */
    PROBE_ENTER,     /* a VM is about to get the CPU; nothing is set up yet */
    PROBE_LOOK,      /* pending interrupts were checked */
    PROBE_SPACE,     /* the CPU was given a shadow root, or the second stage's: `root` */
    PROBE_RESUME,    /* the guest is about to run */
    PROBE_RESTART,   /* the machine has restarted */
    PROBE_END,       /* the board was powered off, so the VM has ended */
};

/* Only the fields listed for `point` are set. */
struct probe {
    enum probe_point point;
    const char *name;
    const struct trap *trap;
    const struct insn *insn;
    const struct sv32_walk *walk;
    const struct shadow_mapping *mapping;
    const struct vm *from;
    struct gpa gpa;
    struct mpa mpa;
    uint32_t root;
    enum sv32_result result;
    enum access access;
    enum exec_event event;
};

/* Report a finished step: PROBE(vm, PROBE_EXIT, .trap = trap). */
#define PROBE(vm, step, ...)                                                                   \
    do {                                                                                       \
        if (PZ_HOSTED && __builtin_expect((vm)->vmm->host.probe != NULL, 0))                   \
            (vm)->vmm->host.probe((vm)->vmm->host.probe_owner, (vm),                           \
                                  &(struct probe){.point = (step), __VA_ARGS__});              \
    } while (0)

#endif
