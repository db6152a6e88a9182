/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ops.h - the engine's side of the contract: its operations, its state, and how it calls the
 * handler at a trap. For authors of engines; the contract, and the functions that users call,
 * are in engine.h.
 */
#ifndef PZ_ISA_ENGINE_OPS_H
#define PZ_ISA_ENGINE_OPS_H

#include "isa/exec.h"

enum engine_stop {
    ENGINE_BUDGET,  /* the budget has retired */
    ENGINE_TRAP,    /* exit.trap; hart->pc is the epc */
    ENGINE_EVENT,   /* PAUSE retired; or natively WFI, or an interrupt has become deliverable */
    ENGINE_LEFT,    /* the handler, or the deliverer of traps, ended the run */
    ENGINE_AT_STOP, /* before an instruction that engine->stops names */
};

struct engine_exit {
    enum engine_stop stop;
    struct trap trap;      /* with ENGINE_TRAP */
    enum exec_event event; /* with ENGINE_EVENT: the event of the last instruction */
};

/* The address space that the CPU is set to. */
struct engine_space {
    bool deprivileged;
    uint32_t root;  /* deprivileged: a satp value with MODE = Sv32 and ASID 0 */
    uint32_t hgatp; /* not deprivileged: with MODE = Sv32x4, non-root mode (engine.h); or 0 */
    bool in_place;  /* deprivileged: a virtual supervisor's privileged instructions ... */
    bool asked;     /* ... trap all the same, for the user to run them */
};

/* How to deliver traps that stay in non-root mode. */
struct engine_inside {
    /* As hart_trap(), with the user's accounting of traps. False: the run ends with ENGINE_LEFT. */
    bool (*deliver)(void *owner, struct hart *hart, const struct trap *trap);
    void *owner;
};

/* Encodings: an instruction matches if (bits & mask) == match. */
struct engine_pattern {
    uint32_t match, mask;
};

struct engine;

/* A decoded load or store, and its address. The hart's pc and count are exact. */
struct engine_access {
    const struct insn *insn;
    uint32_t va;
    enum access access;
};

/* The outcome of an offered access. Except with the first, it has retired. */
enum engine_offered {
    ENGINE_REFUSED, /* nothing: the engine executes it, or reports its trap */
    ENGINE_DONE,    /* the run goes on as it was */
    ENGINE_GOES_ON, /* the run goes on with a new budget, as after a trap */
    ENGINE_ENDS,    /* the run ends with ENGINE_LEFT */
};
typedef enum engine_offered engine_offer(void *owner, const struct engine_access *access,
                                         uint64_t *budget);

/*
 * Called at a trap; true: the run goes on. `insn`, if not NULL, is the decoded instruction at pc
 * that trapped; it belongs to the engine, and is valid until the handler returns. If the run goes
 * on, the handler sets `*budget`, the instructions that may retire from here on.
 */
struct engine_handler {
    bool (*trap)(void *owner, const struct trap *trap, const struct insn *insn,
                 uint64_t *budget);
    void *owner;
    engine_offer *access; /* engine.h, point 13; NULL: nothing is offered */
};

struct engine_stops;

/* The place where stops are ignored, until the hart has moved on; or none. */
struct engine_passed {
    uint64_t retired;
    uint32_t pc;
    bool set;    /* ignore the address of that place */
    bool access; /* and the accesses of the instruction there */
    bool all;
};

/* What an engine can do besides running a hart deprivileged. */
enum engine_ability {
    ENGINE_NATIVE = 1u << 0,       /* run a hart in its own modes, without a monitor */
    ENGINE_SECOND_STAGE = 1u << 1, /* the same in non-root mode, as a monitor's guest */
    ENGINE_IN_PLACE = 1u << 2, /* run a virtual supervisor's privileged instructions in place */
};

struct engine_ops {
    const char *name;
    unsigned abilities; /* enum engine_ability, or-ed */
    const struct engine_pattern *untrapped;
    unsigned untrapped_count;

    void (*run)(struct engine *engine, struct hart *hart, uint64_t budget,
                struct engine_exit *exit);

    /* The rest may be NULL: there is nothing to do, or the engine can only drop everything. */
    void (*set_space)(struct engine *engine, const struct engine_space *space);
    void (*drop_all)(struct engine *engine);
    void (*drop_root)(struct engine *engine, uint32_t root);
    void (*drop_page)(struct engine *engine, uint32_t root, uint32_t va);
    void (*code_changed)(struct engine *engine, uint64_t pa, uint32_t len);
    /* engine->stops has changed. */
    void (*stops_changed)(struct engine *engine);
    /* FENCE.I for all harts. NULL: stores to code always take effect at once. */
    void (*fence_i)(struct engine *engine);
};

struct engine {
    const struct engine_ops *ops;
    struct phys phys;                  /* the machine's RAM, flat */
    struct engine_space space;         /* as last set */
    const struct variant_cpu *variant; /* set by the user, between runs; NULL: PZ32 as it is */
    const struct engine_handler *handler; /* of the current run; NULL: none */
    struct engine_inside inside; /* set by the user, between runs: for those in non-root mode */
    const struct engine_stops *stops; /* NULL: none */
    struct engine_passed passed;
    sv32_walker *walk; /* set by the user: of both stages, on `spec`; NULL: sv32_translate() */
    bool pauses;       /* set by the user, between runs: PAUSE ends a run */
    bool worlds;       /* likewise: at an ECALL, a handler may exchange all registers */
    bool crosses;      /* set by the engine: `other` is of use to it (isa/engine/cpu/cpu.h) */
    uint32_t
        other;    /* if so, set by the user: as space.root, in the hart's other mode; 0: none */
    bool running; /* guards against a nested run */
    uint64_t
        interpreted; /* retired instructions that an interpreter ran for the engine's CPU */
    uint64_t
        translated;    /* retired privileged instructions, run in place (engine.h, point 12) */
    uint64_t emulated; /* likewise, after a trap of the CPU: see isa/engine/cpu/cpu.h */
    uint64_t called;   /* ECALLs from user mode that the engine has delivered itself */
};

/* Call the handler at a trap. For engines; an engine that does not call it ends the run instead. */
static inline bool engine_ask(const struct engine *engine, const struct trap *trap,
                              const struct insn *insn, uint64_t *budget)
{
    return engine->handler->trap(engine->handler->owner, trap, insn, budget);
}

/* Does the hart take this trap itself, without leaving non-root mode? */
static inline bool engine_trap_stays(const struct engine *engine, const struct trap *trap)
{
    const uint32_t leave = 1u << CAUSE_ECALL_VIRTUAL | 1u << CAUSE_INSN_GUEST_PAGE_FAULT |
                           1u << CAUSE_LOAD_GUEST_PAGE_FAULT | 1u << CAUSE_VIRTUAL_INSN |
                           1u << CAUSE_STORE_GUEST_PAGE_FAULT;

    return engine->space.hgatp && !(leave >> trap->cause & 1);
}

/* Deliver a trap that stays in non-root mode. False: the run ends with ENGINE_LEFT. */
static inline bool engine_deliver(struct engine *engine, struct hart *hart,
                                  const struct trap *trap)
{
    engine->passed.set = false;
    return engine->inside.deliver(engine->inside.owner, hart, trap);
}

#endif
