/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.h - the monitor's reports of its work: one event for each exit, and counters of exits by
 * cause, by instruction and by action, with the host time they took. Their names are here too; the
 * tools print and store them.
 */
#ifndef PZ_VMM_TRACE_H
#define PZ_VMM_TRACE_H

#include "isa/csr.h"
#include "isa/hart.h"
#include "isa/insn.h"
#include "vmm/hosted.h"
#include "vmm/para_interface.h"

/* What the monitor did about an exit. */
enum trace_action {
    TRACE_EMULATE,   /* a privileged instruction ran on the virtual hart */
    TRACE_INJECT,    /* the guest's own handler gets the trap */
    TRACE_INTERRUPT, /* the guest's own handler gets an interrupt */
    TRACE_SBI,       /* a firmware call was served */
    TRACE_FILL,      /* a shadow or second-stage entry was made or widened */
    TRACE_MMIO,      /* a load, store or AMO on a device was emulated */
    TRACE_PTE_WRITE, /* a store to a watched page was emulated */
    TRACE_INTERPRET, /* a page with an untrapped sensitive instruction was interpreted */
    TRACE_SWITCH,    /* world switch: this VM entered the CPU */
    TRACE_KILL,      /* the VM was ended */
    TRACE_RESTART,   /* the guest restarted its machine, by a firmware call or a device */
    TRACE_PARA,      /* a hypercall was served (para.h) */
    TRACE_ACTIONS,
};

struct trace_event {
    uint16_t vm;
    uint8_t action;   /* enum trace_action */
    uint8_t mode;     /* virtual mode before the exit */
    uint8_t cpu;      /* hart id within the VM */
    bool translated;  /* not an exit: reported on request only (struct vmm_host) */
    uint64_t retired; /* by all of its CPUs */
    uint64_t time;
    uint32_t pc;          /* gva */
    uint32_t cause, tval; /* of the exit, as the engine reported them, or of the interrupt */
    uint32_t insn;        /* bits of the instruction if known, else 0 */
    uint32_t count;  /* TRACE_INTERPRET: instructions run; TRACE_PARA: the function; else 0 */
    uint32_t tables; /* the VM's shadow leaf tables after the exit; only in kept events */
};

/*
 * A buffer of events, for an observer that wants all of them but not one by one: the monitor's fast
 * path writes them straight into it. `full` is called when `count` reaches `room`, and empties the
 * buffer.
 */
struct trace_buffer {
    struct trace_event *at;
    uint32_t count, room;
    void (*full)(void *owner);
    void *owner;
};

/* Called after the next event has been stored. */
static inline void trace_keep(struct trace_buffer *buffer)
{
    if (__builtin_expect(++buffer->count == buffer->room, 0))
        buffer->full(buffer->owner);
}

struct trace_counter {
    uint64_t count;
#if PZ_HOSTED
    uint64_t ns;
#endif
};

/* Type 1 counts actions only, and needs no tables of details. */
#define TRACE_KEPT(rows) (PZ_HOSTED ? (rows) : 1)

struct trace_counters {
    struct trace_counter action[TRACE_ACTIONS];
    struct trace_counter cause[TRACE_KEPT(CAUSE_EXCEPTIONS)];
    struct trace_counter insn[TRACE_KEPT(INSN_COUNT)]; /* TRACE_EMULATE: which instruction */
    struct trace_counter csr[TRACE_KEPT(CSR_COUNT)];   /* TRACE_EMULATE: which CSR it named */
    struct trace_counter para[TRACE_KEPT(PARA_FUNCTIONS + 1)]; /* TRACE_PARA: which function */
    uint64_t exits;
    uint64_t emulated;    /* instructions that the monitor ran one by one */
    uint64_t interpreted; /* by page, by mode (hybrid.h), and by engines for their CPU */
    uint64_t translated;  /* privileged instructions without an exit (translate.h) */
    uint64_t callouts;    /* loads and stores without an exit (adapt.h) */
};

/* Add an exit to the counter of its cause. */
static inline void trace_count_cause(struct trace_counters *counters, uint32_t cause,
                                     uint64_t exits)
{
    if (PZ_HOSTED)
        counters->cause[cause].count += exits;
}

/* Short names: "emulate", "inject", ... */
const char *trace_action_name(enum trace_action action);

/* Is it a fault of the second stage of translation? */
static inline bool trace_is_second_stage(uint32_t cause)
{
    return cause == CAUSE_INSN_GUEST_PAGE_FAULT || cause == CAUSE_LOAD_GUEST_PAGE_FAULT ||
           cause == CAUSE_STORE_GUEST_PAGE_FAULT;
}

/* Names of exceptions and interrupts by scause value: "load page fault", "timer interrupt". */
const char *trace_cause_name(uint32_t cause);

#endif
