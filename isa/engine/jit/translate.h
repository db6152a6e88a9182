/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * translate.h - state shared while a batch is translated: where guest registers are, which of them
 * are known constants, and the slow paths, which are emitted after the fast ones. internal.h lists
 * the files.
 */
#ifndef PZ_ISA_ENGINE_JIT_TRANSLATE_H
#define PZ_ISA_ENGINE_JIT_TRANSLATE_H

#include "isa/engine/jit/hostregs.h"
#include "isa/engine/jit/internal.h"

/* A batch: blocks translated together, each falling through to the next if it can. */
#define BATCH_INSNS 128u
#define MOST_BLOCKS (BATCH_INSNS + 2)          /* each has an instruction, unless stepped */
#define MOST_INSNS (BATCH_INSNS + BLOCK_INSNS) /* its last block may go beyond */
#define SIDE_INSNS 24u
#define BLOCK_INSNS 48u /* less than 128, so that the charge is a signed byte */
#define STUBS 512u

/*
 * Loops of code that runs for long: code.c. The host fetches FETCH_BYTES at once. A tight loop
 * should lie in one such piece; but many loops that begin at the same offset in a piece spoil the
 * host's predictions.
 */
#define COPY_INSNS 4u   /* a block of the batch this short is copied, not jumped to */
#define TAIL_INSNS 20u  /* instructions copied with the jump of a switch after them */
#define LONG_LOOP 96u   /* bytes of guest code: such a loop gets its own registers */
#define TIGHT_LOOP 32u  /* bytes of guest code, at most ... */
#define TIGHT_BYTES 32u /* ... and some of host code */
#define FETCH_BYTES 64u

/* Swaps of registers: registers.c. */
#define MOST_SWAPS 9u /* guest registers that have one anyway */
#define SWAPS (MOST_SWAPS + 2)
#define SWAP_BLOCKS 32u    /* a larger batch has no swaps: they lengthen each way in and out */
#define SWAP_COST 8u       /* the least gain of a swap: it costs moves on ways in and out */
#define SWITCH_COST 12u    /* the same in a batch with the jump of a switch */
#define LOOP_TURNS_LOG2 3u /* a loop is assumed to run 8 times */
#define DEEPEST 4u         /* deeper nesting counts like this */

/* batch.aligned: which low bits of the register are known, and what they are. */
#define LOW_KNOWN(bits) ((bits) << 4)
#define LOW_MASK(low) ((low) >> 4)
#define LOW_VALUE(low) ((low)&3u)

enum stub_kind {
    STUB_BUDGET,
    STUB_INSN,
    STUB_LOAD,
    STUB_HOT,
    STUB_UNSEEN,
    STUB_LINK,
    STUB_SIDE,
    STUB_GUESS,
    STUB_NONE,
    STUB_STEP,
    STUB_LR,
    STUB_AMO,
    STUB_SYSTEM,
};

/* A slow path: out of the way, after all fast ones. */
struct stub {
    enum stub_kind kind;
    uint8_t *site[2]; /* displacements of the jumps to it; [1] may be NULL */
    uint8_t *back;    /* INSN, LOAD, LR, AMO: where the fast path goes on */
    uint8_t *loaded;  /* LOAD: where it goes on once the value is there; GUESS: the guess; else:
                         the access */
    uint8_t va;       /* LOAD, HOT, LR: the host register with the address */
    uint8_t carries;  /* UNSEEN, LOAD: the guest register that rax has at `back`, or 0 */
    uint8_t facts;    /* LINK: to a tail, with what is known there: index + 1; 0: to no tail */
    bool loads;       /* LOAD, HOT: by the load table, not the store table */
    uint32_t pc, raw;
    uint32_t block; /* of the batch */
    uint32_t index; /* of the instruction in its block */
};

/* The guest registers that an instruction of the batch uses; 0 for none. */
struct use {
    uint8_t guest[3];
    uint8_t depth; /* of loops around it */
};

/* Which guest registers hold which constants, where a tail is copied to. */
struct facts {
    uint32_t known, value[32];
};
#define FACTS 16u

/*
 * During the batch, guest register `in` has the host register of `out`, which is in memory; `out`
 * 0: a scratch register that the batch does not need.
 */
struct swap {
    uint8_t in, out, host;
};

struct batch {
    struct emit e;
    struct jit *jit;
    struct view *view;
    uint32_t pc; /* of the instruction at hand */
    unsigned insns;
    bool repeat;    /* retranslate code of other batches, to close a loop */
    bool repeats;   /* it has retranslated some */
    bool closed;    /* the path has met a block of the batch: a loop, or a side that rejoins */
    unsigned limit; /* of instructions, for this path */
    struct block *block; /* being made */
    uint32_t first_block;
    uint8_t *charge;  /* of this block: the immediate of its subtraction */
    bool ended;       /* the block ends with this instruction */
    uint32_t next_pc; /* when it has ended: go on translating here ... */
    bool go_on;       /* ...if this is set */
    bool copies;      /* ...with a copy of one of its blocks */
    bool tail;        /* the block is a tail, to which only one jump leads: code_is_tail() */
    uint8_t carried;  /* a guest register in memory of which rax holds a copy; or 0 */
    uint8_t produced; /* the same for the next instruction */
    uint8_t low[32];  /* what is known of the two low bits of a guest register */
    uint32_t known;   /* bit r: guest register r holds value[r]; x0 always does */
    uint32_t value[32];
    uint32_t known_before; /* `known` at the top of the block */
    struct stub stub[STUBS];
    unsigned stubs;
    struct facts facts[FACTS];
    unsigned facts_noted;

    uint8_t host[32]; /* the host register of a guest register; 0: it is in memory */
    struct swap swap[SWAPS];
    unsigned swaps;
    struct use use[MOST_INSNS];
    uint32_t block_pc[MOST_BLOCKS];
    uint16_t first_insn[MOST_BLOCKS]; /* index in use[] of each block's first instruction */
    unsigned blocks, loops;
    unsigned looping_tail; /* number of the tail whose loops count, from 1 on; or 0 */
    bool switches;         /* it has the jump of a switch */
    uint32_t written;      /* guest registers that any instruction writes */
    uint32_t scratch;      /* host registers that instructions use in between: rcx, rdx */
    const uint8_t *enter, *leave; /* subroutines that do the swaps, for slow paths */
};

typedef void translate_function(struct batch *b, const struct insn *insn);

/* ---- Single instructions: insn.c; alu.c, memory.c, atomic.c, branch.c ---- */

/* The instruction at the batch's pc. */
void insn_translate(struct batch *b, const struct insn *insn);
bool insn_is_branch(const struct insn *insn);

translate_function translate_arith, translate_shift, translate_set, translate_mul,
    translate_mulh, translate_mulhsu, translate_div, translate_lui, translate_auipc,
    translate_nothing, translate_fence, translate_load, translate_store, translate_branch,
    translate_jal, translate_jalr, translate_lr, translate_sc, translate_amo,
    translate_amo_minmax;

/* The part of a STUB_LR or STUB_AMO that goes back to the fast path, unless that ends the run. */
void atomic_spins(struct batch *b, const struct stub *stub);

/* ---- CSRs: csr.c ---- */

/* Is it an access to a CSR that the view runs in place? For translate_csr(). */
bool csr_is_translated(const struct view *view, const struct insn *insn);
void translate_csr(struct batch *b, const struct insn *insn);

/* ---- The tables of the current space, at an offset in it ---- */

static inline struct host_rm rm_space(size_t offset)
{
    return rm_mem(SPACE_REG, (int32_t)offset - WINDOW_AT);
}

static inline struct host_rm rm_space_index(unsigned index, unsigned scale, size_t offset)
{
    return rm_index(SPACE_REG, index, scale, (int32_t)offset - WINDOW_AT);
}

/* ---- Registers: registers.c ---- */

/* The operand of a guest register, for reading. */
static inline struct host_rm rm_guest(const struct batch *b, unsigned guest)
{
    if (guest && guest == b->carried)
        return rm_reg(RAX);
    return b->host[guest] ? rm_reg(b->host[guest]) : rm_guest_memory(guest);
}

static inline bool is_known(const struct batch *b, unsigned guest)
{
    return b->known >> guest & 1;
}

/* A host register that holds the guest register: its own, else `scratch` after loading it. */
unsigned get_reg(struct batch *b, unsigned guest, unsigned scratch);
/* Copy it to a certain host register. If that is rax, it no longer carries another. */
void get_into(struct batch *b, unsigned reg, unsigned guest);
/* Where to compute rd: its own host register, else `scratch`. */
unsigned put_reg(const struct batch *b, unsigned guest, unsigned scratch);
/* rd has been computed in `reg`: the last that the instruction writes. */
void put(struct batch *b, unsigned guest, unsigned reg);
void put_constant(struct batch *b, unsigned guest, uint32_t value);

/* Emit a comparison of two, neither known. */
void registers_compare(struct batch *b, unsigned first, unsigned second);

/* Sets of guest registers, bit r for register r. */
uint32_t registers_read(const struct insn *insn);
uint32_t registers_written(const struct insn *insn);

/* Begin a batch with the usual registers: those in host registers between batches. */
void registers_usual(struct batch *b);
void registers_count(struct batch *b, const struct insn *insn);
void registers_loop(struct batch *b, unsigned first, unsigned last);
/*
 * Choose swaps after all uses are counted. False: the batch is best as it is; else translate it
 * again.
 */
bool registers_choose(struct batch *b);
/*
 * Has the batch used a scratch register that was lent? It is not lent any more; translate the batch
 * again.
 */
bool registers_reclaim(struct batch *b);
/* Code between batches' places for registers and this batch's. */
void registers_enter(struct batch *b);
void registers_leave(struct batch *b);

/* ---- Idioms: idiom.c ---- */

/* Instructions, from the one at hand on, that become one of the host's. */
struct idiom {
    struct insn insn[3];
    unsigned count;
    uint32_t end; /* pc after them */
};
bool idiom_find(const struct batch *b, const struct insn *first, struct idiom *idiom);
void idiom_translate(struct batch *b, const struct idiom *idiom);

/* ---- Branches over one instruction: skip.c ---- */

/* Is the branch at the batch's pc one over a single instruction? */
bool skip_find(const struct batch *b, const struct insn *branch, struct insn *skipped);
void skip_translate(struct batch *b, const struct insn *branch, const struct insn *skipped);

/* Compares rs1 with rs2 of a branch; returns the condition by which it is taken: branch.c. */
enum host_cond branch_compare(struct batch *b, const struct insn *insn);

/* ---- Memory: memory.c ---- */

/*
 * Emit the lookup of an access at imm(rs1): returns an operand on rcx and perhaps rax, after checks
 * that jump to a slow path, which returns to `*back` if that is set. `table` is the load or store
 * table's offset in struct space. `*va` is the host register with the virtual address.
 */
struct host_rm locate(struct batch *b, const struct insn *insn, size_t table, unsigned width,
                      unsigned *va, struct stub **stub);

/* Parts of a STUB_LOAD and a STUB_HOT; the jumps to the slow path are at slow[], or NULL. */
void load_elsewhere(struct batch *b, const struct stub *stub, uint8_t *slow[2]);
void access_hot(struct batch *b, const struct stub *stub, uint8_t *slow[2]);

/* The access itself, for the instruction. */
void access_load(struct emit *e, const struct insn *insn, unsigned to, struct host_rm from);
void access_store(struct emit *e, const struct insn *insn, struct host_rm to, unsigned reg);
void access_store_constant(struct emit *e, const struct insn *insn, struct host_rm to,
                           uint32_t value);

/* ---- The same through a window: through.c ---- */

/* Does the batch access memory through the window? */
bool through_window(const struct batch *b);
void through_load(struct batch *b, const struct insn *insn);
void through_store(struct batch *b, const struct insn *insn);

/* ---- The guest's code: code.c ---- */

/* The bits at pc, which is in the batch's page, when they lie there whole. */
bool code_fetch(const struct batch *b, uint32_t pc, uint32_t *raw);
bool code_same_page(const struct batch *b, uint32_t pc);
/* Where the code at pc is entered from outside: offset in the cache; 0: there is none. */
uint32_t code_entry(const struct batch *b, uint32_t pc);
/* The batch's own block at pc, or NULL. */
const struct block *code_own_block(const struct batch *b, uint32_t pc);
/* Does the code at pc exist already, so that the batch need not make it? */
bool code_is_there(const struct batch *b, uint32_t pc);
/*
 * Is it a tail: code that runs for long and leads to the jump of a switch within a few
 * instructions? It is copied for each jump to it. The host predicts each copy of the switch's jump
 * separately, the constants known at the jump are known in the copy, and nothing else enters it.
 */
bool code_is_tail(const struct batch *b, uint32_t pc);
/* Is the code at pc a tail, or may it branch to one before it jumps elsewhere? */
bool code_nears_tail(const struct batch *b, uint32_t pc);
/* Is it an indirect jump, as of a switch, or to an interpreter's next operation? */
bool code_is_switch(const struct insn *insn);
/* Is pc an address to stop at? */
bool code_is_stop(const struct batch *b, uint32_t pc);
/* Is the instruction at pc, which follows one of the block at hand, part of it? */
bool code_goes_on(const struct batch *b, uint32_t pc, uint32_t *raw);
/* The instruction at hand jumps to pc; does a loop begin there, as far as one has seen? */
void code_note_head(struct batch *b, uint32_t pc);
bool code_is_head(const struct batch *b, uint32_t pc);
/* Are blocks put where loops need them? */
bool code_is_laid_out(const struct batch *b);
/* The same, and so short a loop that its place matters to the host. */
bool code_is_tight(const struct batch *b, uint32_t pc);
/* Does a loop begin at pc that is better left to a batch of its own? */
bool code_begins_batch(const struct batch *b, uint32_t pc);

/* ---- Ways out: exit.c ---- */

struct stub *exit_stub(struct batch *b, enum stub_kind kind, uint32_t pc);
/* Go to guest address pc, by a jump whose displacement is at `site`. */
void exit_to(struct batch *b, uint8_t *site, uint32_t pc);
/* The same for a branch that does not end its block, which is a tail. */
void exit_aside(struct batch *b, uint8_t *site, uint32_t pc);
/* Does a copy of the code at pc follow if the block ends by going there? */
bool exit_copies(const struct batch *b, uint32_t pc);
/* The block ends by going to pc, whose code may as well follow. */
void exit_end_at(struct batch *b, uint32_t pc);
/* To an exit of the trampolines with `arg` in eax, once the batch's swaps have been undone. */
void exit_emit(struct batch *b, enum reason reason, uint32_t arg);
/* Undo them and leave for good. */
void exit_leave(struct batch *b, enum reason reason, uint32_t pc);

/* ---- Guesses of indirect jumps: guess.c ---- */

/* Is the jump, of a block that is a tail, likely to go to the same place each time? */
bool guess_pays(const struct batch *b, const struct insn *jump);
/* What comes next jumps to the address in eax by the table; before that, try the guess. */
void guess_emit(struct batch *b);
void guess_stub(struct batch *b, const struct stub *stub);

/* ---- Slow paths, blocks, and those who look on: slow.c, block.c, tell.c ---- */

void slow_emit(struct batch *b, const struct stub *stub);
/* The block at pc. It says itself where to go on (batch.next_pc, go_on). */
void block_translate(struct batch *b, uint32_t pc);
/* What comes next is for the instruction at pc. */
void tell_mark(const struct batch *b, enum jit_part part, uint32_t pc);
/* The batch is made. */
void tell_batch(const struct batch *b);

#endif
