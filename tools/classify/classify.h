/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * classify.h - Popek and Goldberg's classes by experiment: single instructions are run natively,
 * in supervisor and in user mode, from pairs of states that differ in one thing, and what happens
 * is compared. The definitions, and what stands for what: docs/popek-goldberg.md.
 *
 *   rows.c     what is classified: instructions, CSR by CSR, with their operands
 *   states.c   from which states
 *   bench.c    one run: a state put into an engine, an instruction, what came of it
 *   assist.c   the same with hardware assistance: a guest's memory behind a second stage
 *   compare.c  where two outcomes differ
 *   derive.c   the experiments on one encoding, and a row's classes from them
 *   theorem.c  the three theorems
 *   table.c, leaves.c, json.c, witness.c, elf.c   for people and tools
 *   spec.c, unicorn.c   engines as the experiments need them
 */
#ifndef PZ_TOOLS_CLASSIFY_CLASSIFY_H
#define PZ_TOOLS_CLASSIFY_CLASSIFY_H

#include "isa/csr.h"
#include "isa/engine/engine.h"
#include "isa/variant.h"
#include "tools/base/base.h"
#include "tools/classify/rows.h"
#include "tools/host/host.h"

/* ---- States ---- */

/*
 * Where the program is in physical memory. It is at the same virtual addresses in each, with the
 * same contents; in the first nothing is translated.
 */
enum classify_place { CLASSIFY_BARE, CLASSIFY_HERE, CLASSIFY_THERE, CLASSIFY_PLACES };

/*
 * Which hart the program runs on. With hardware assistance a guest has its own hart, in non-root
 * mode, and the program is the whole guest; in root mode the same program runs on the real one.
 */
enum classify_world { CLASSIFY_NATIVE, CLASSIFY_ROOT, CLASSIFY_GUEST };

/* Of the real machine, while a guest has a hart of its own. */
struct classify_real {
    uint32_t sstatus, stvec, device;
    uint64_t exits; /* that the monitor has handled: its time */
};

struct classify_state {
    struct hart hart; /* with the satp of its place */
    uint32_t insn;    /* at the hart's pc */
    uint32_t device;  /* status of the device */
    uint8_t place;    /* enum classify_place; guest-physical, with assistance */
    uint8_t world;    /* enum classify_world */

    /* Of a guest: in which of two places its memory is, and what it must not see. */
    uint8_t where;
    struct classify_real real;
};

#define CLASSIFY_CHANGES 16u

/* A byte of memory that has changed. */
struct classify_change {
    uint32_t at; /* virtual address; with `elsewhere` a physical one, not the program's */
    uint8_t value;
    bool elsewhere;
};

struct classify_outcome {
    bool trapped, waits;
    bool delivered; /* with assistance: the trap is the program's own, and it has taken it */
    bool fenced;    /* a translation that the CPU held is gone */
    struct trap trap;
    struct hart hart;
    unsigned change_count; /* may be over CLASSIFY_CHANGES: the rest is not kept */
    struct classify_change changes[CLASSIFY_CHANGES];
};

/* Why an instruction stopped, as the definitions see it. */
enum classify_stop {
    CLASSIFY_RAN,
    CLASSIFY_REFUSED,     /* an illegal instruction; of a guest, a virtual one */
    CLASSIFY_MEMORY_TRAP, /* a page fault, an access fault, misaligned */
    CLASSIFY_CALLED,      /* ECALL, EBREAK */
    CLASSIFY_TOOK,        /* with assistance: it took a trap of its own */
};
enum classify_stop classify_stopped(const struct classify_outcome *outcome);
/* Was it refused, in whatever way? Then it is no instruction there. */
bool classify_is_illegal(const struct classify_outcome *outcome);

/*
 * On which side of the border it runs: HART_USER where a monitor has its guests, in user mode
 * or non-root mode; HART_SUPERVISOR where the monitor itself is.
 */
enum hart_mode classify_side(const struct classify_state *state);

/* States chosen for what they may expose: the k-th; false: there are no more. In user mode. */
bool classify_state_chosen(unsigned k, struct classify_state *state);
/* One at random; `seed` moves on. */
void classify_state_random(uint64_t *seed, struct classify_state *state);
uint32_t classify_random_bits(uint64_t *seed);

/* The state in another mode, or at another place. */
struct classify_state classify_state_in(const struct classify_state *state, enum hart_mode mode,
                                        enum classify_place place);

/* On a side, at a place. */
struct classify_state classify_state_on(const struct classify_state *state, enum hart_mode side,
                                        enum classify_place place);

/* ---- A run ---- */

#define CLASSIFY_RAM (192u << 10)

/* With assistance: the memory of a guest, which is never `there`; and of the whole machine. */
#define CLASSIFY_GUEST_RAM (128u << 10)
#define CLASSIFY_ASSIST_RAM (308u << 10)

struct classify_bench {
    struct engine *engine;
    uint8_t *ram;   /* the engine's, `size` bytes at 0 */
    uint8_t *image; /* memory before a run, including tables in use */
    uint32_t size;
    bool assist;
    uint8_t where; /* with assistance: where the program is now */

    uint32_t device; /* the device's status, for engines that show it */
    struct variant_cpu variant;
    uint64_t exits; /* the real machine's, of a guest's state */
    uint64_t runs;
    void (*sleep)(void); /* instead of classify_sleep(); may be NULL */
};

/* Long enough for 32 bits of a host's clock to pass. */
void classify_sleep(void);
void classify_wait(struct classify_bench *bench);

/* On CLASSIFY_RAM bytes, or with assistance CLASSIFY_ASSIST_RAM; the bench must not move then. */
bool classify_bench_init(struct classify_bench *bench, struct engine *engine, uint8_t *ram,
                         bool assist) PZ_MUST_CHECK;
/* Use a broken instruction set from here on. The bench must not move then. */
void classify_bench_break(struct classify_bench *bench, uint32_t variants);
void classify_bench_fini(struct classify_bench *bench);

void classify_run(struct classify_bench *bench, const struct classify_state *state,
                  struct classify_outcome *outcome);

/* The same, in a hart that holds a translation whose entry has since been changed. */
void classify_run_stale(struct classify_bench *bench, const struct classify_state *state,
                        struct classify_outcome *outcome);

/* ---- Hardware assistance ---- */

/* The machine's memory, and the second stages in it; the program is in the first place. */
void classify_assist_init(struct classify_bench *bench);
/* Set memory and engine up as a state requires. */
void classify_assist_put(struct classify_bench *bench, const struct classify_state *state);
/* Where the memory of a state's program begins. */
uint32_t classify_memory(const struct classify_state *state);

/* ---- Memory ---- */

#define CLASSIFY_CODE 0x4000u /* the instruction is the last word of this page */
#define CLASSIFY_PC (CLASSIFY_CODE + PAGE_SIZE - 4)
#define CLASSIFY_PROBE_PC (CLASSIFY_PC + PAGE_SIZE)
#define CLASSIFY_DATA 0x8000u    /* two pages, RW, */
#define CLASSIFY_READ 0xa000u    /* R, */
#define CLASSIFY_EXEC 0xb000u    /* X */
#define CLASSIFY_PROBE 0xc000u   /* RW; the next page is the same, after the change */
#define CLASSIFY_HANDLER 0x1000u /* the supervisor's, where it is physically */

/* The contents of all memory in a mode, but for the instruction. */
void classify_image(uint8_t *image);
void classify_tables(uint8_t *image, enum classify_place place, enum hart_mode mode);
uint32_t classify_base(enum classify_place place);
uint32_t classify_satp(enum classify_place place);
uint32_t classify_pte_pa(enum classify_place place, uint32_t va);

/* ---- Experiments ---- */

/* What is varied, or looked at. */
enum classify_kind {
    CLASSIFY_PRIVILEGED,   /* supervisor and user mode: it traps in the latter only */
    CLASSIFY_UNPRIVILEGED, /* ... it does not trap in user mode */
    CLASSIFY_CONTROL,      /* one state, before and after: control state was changed */
    CLASSIFY_MODE,         /* supervisor and user mode: both run, and differ */
    CLASSIFY_LOCATION,     /* two places in memory */
    CLASSIFY_STATE,        /* two contents of a control register */
    CLASSIFY_TIME,         /* two times, or one state twice */
    CLASSIFY_DEVICE,       /* two states of a device */
    CLASSIFY_KINDS,
};
const char *classify_kind_name(enum classify_kind kind);
/* Of these kinds, a set that makes an instruction sensitive, or user-sensitive. */
#define CLASSIFY_BIT(kind) (1u << (kind))
#define CLASSIFY_BEHAVIOUR                                                                     \
    (CLASSIFY_BIT(CLASSIFY_MODE) | CLASSIFY_BIT(CLASSIFY_LOCATION) |                           \
     CLASSIFY_BIT(CLASSIFY_STATE) | CLASSIFY_BIT(CLASSIFY_TIME) |                              \
     CLASSIFY_BIT(CLASSIFY_DEVICE))
#define CLASSIFY_SENSITIVE (CLASSIFY_BIT(CLASSIFY_CONTROL) | CLASSIFY_BEHAVIOUR)
#define CLASSIFY_USER_SENSITIVE (CLASSIFY_SENSITIVE & ~CLASSIFY_BIT(CLASSIFY_MODE))

/*
 * The k-th way to vary a state in one thing, and of which kind it is; false: there are no more.
 */
bool classify_vary(const struct classify_state *state, unsigned k,
                   struct classify_state *varied, enum classify_kind *kind);

/* The parts of a machine's state that can differ. */
enum classify_field {
    FIELD_x0,
    FIELD_pc = 32,
    FIELD_mode,
    FIELD_reservation,
    FIELD_sstatus,
    FIELD_sie,
    FIELD_sip,
    FIELD_stvec,
    FIELD_sscratch,
    FIELD_sepc,
    FIELD_scause,
    FIELD_stval,
    FIELD_scounteren,
    FIELD_senvcfg,
    FIELD_satp,
    FIELD_time,
    FIELD_memory,
    FIELD_waits,
    FIELD_fenced,
    FIELD_trap,
    FIELDS,
};
typedef uint64_t classify_fields; /* a bit each */
const char *classify_field_name(enum classify_field field);
/* Of the fields of a hart, up to satp; the reservation has no one number. */
uint32_t classify_field_value(const struct hart *hart, enum classify_field field);

/* Control state that a run without trap has changed. */
classify_fields classify_controlled(const struct classify_state *state,
                                    const struct classify_outcome *outcome);
/* Where two outcomes differ that their initial states do not explain. */
classify_fields classify_differ(const struct classify_state *a, const struct classify_state *b,
                                const struct classify_outcome *of_a,
                                const struct classify_outcome *of_b);

/* Two states and what sets them apart. Of CONTROL only the first is used. */
struct classify_pair {
    struct classify_state a, b;
    bool stale; /* run in a hart that holds an old translation */
};

struct classify_witness {
    struct classify_pair pair;
    classify_fields fields; /* that differ */
    uint8_t kind;           /* enum classify_kind */
    uint8_t mode;           /* of the first state; with assistance its side */
    bool unrepeatable;      /* one state gave two results, so values are of the moment */
    bool late;              /* ... and only after classify_wait() */
    bool violates;          /* its encoding is not privileged */
};

/* Of each kind at most one for each mode. */
#define CLASSIFY_WITNESSES (2 * CLASSIFY_KINDS)

enum classify_privilege {
    CLASSIFY_ILLEGAL, /* no encoding that was tried ever ran, or made a call */
    CLASSIFY_NEVER,   /* no encoding is privileged */
    CLASSIFY_SOME,
    CLASSIFY_ALWAYS,
    CLASSIFY_CALLS, /* it traps in both modes: ECALL, EBREAK */
};

/* What was found out about a row. */
struct classify_result {
    const struct classify_row *row;
    enum classify_privilege privilege;
    unsigned kinds;      /* bits of enum classify_kind; of all its encodings */
    unsigned user_kinds; /* in user mode */
    unsigned violations; /* sensitive kinds of encodings that are not privileged */
    unsigned user_violations;
    unsigned witness_count;
    struct classify_witness witnesses[CLASSIFY_WITNESSES];
    uint32_t leaves
        [2]; /* by the guest's mode: a bit for each cause by which it left non-root mode */
    uint64_t runs;
};

struct classify_options {
    uint64_t seed, trials;
};

/* Try a row's encodings, each from all states. */
void classify_row_run(struct classify_bench *bench, const struct classify_row *row,
                      const struct classify_options *options, struct classify_result *result);

/*
 * The high half of a host's clock changes every few seconds, so instructions that may read one
 * are run again after some. False: no memory.
 */
bool classify_clocks(struct classify_bench *bench, struct classify_result *results,
                     unsigned count) PZ_MUST_CHECK;

/* Run a witness's states again. False: it does not show what it did. */
bool classify_recheck(struct classify_bench *bench, const struct classify_witness *witness,
                      struct classify_outcome *a, struct classify_outcome *b) PZ_MUST_CHECK;

/* The number of this witness among those of its kind in its row, from 1. */
unsigned classify_witness_number(const struct classify_result *result, unsigned index);

/* CONTROL, else BEHAVIOUR, else INNOCUOUS: the one class that the tables give. */
enum insn_sensitivity classify_class(const struct classify_result *result);
const char *classify_class_name(enum insn_sensitivity class);
const char *classify_privilege_name(enum classify_privilege privilege);

/* Is the row as the tables claim? */
bool classify_as_claimed(const struct classify_result *result);

/* ---- Theorems ---- */

struct classify_verdicts {
    unsigned violations[4]; /* by theorem, 1 to 3: rows that are counterexamples */
};
void classify_judge(const struct classify_result *results, unsigned count,
                    struct classify_verdicts *verdicts);
/* Do theorems 1 and 3 come out as variants.def claims? */
bool classify_variants_as_claimed(const struct classify_verdicts *verdicts, uint32_t variants);
/* Is this row a counterexample? */
bool classify_counters(const struct classify_result *result, unsigned theorem);
/* The witness that says so. */
const struct classify_witness *classify_counter_witness(const struct classify_result *result,
                                                        unsigned theorem);

/* `pz classify`. */
enum pz_err command_classify(const struct options *options, struct problem *problem);

#endif
