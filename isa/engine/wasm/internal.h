/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * internal.h - the engine's state, and what its parts share:
 *
 *   wasm.c    making the engine; entering and leaving translated code
 *   region.c  a region: its blocks, the function around them, the module
 *   rows.c    one instruction, by its row; atomic.c
 *   emit.c    encodings
 *
 * A *region* is what has run of one physical page of code, as one function. A *block* of it is
 * entered only at its top, but may be left in the middle; jumps between blocks stay in the
 * function. Addresses are relative to the page's, which is a parameter, so that all address
 * spaces share it.
 *
 * The function's parameters and result are enum region_local and REGION_INTERPRET. The guest's
 * registers are kept in locals within a block, and in the hart between blocks.
 */
#ifndef PZ_ISA_ENGINE_WASM_INTERNAL_H
#define PZ_ISA_ENGINE_WASM_INTERNAL_H

#include "isa/engine/wasm/emit.h"
#include "isa/engine/wasm/wasm.h"

#define REGION_BLOCKS 1024u
#define REGION_BYTES (1u << 20) /* of a module, at most */

/* With the result, which is what is left of the budget: the interpreter does the next one. */
#define REGION_INTERPRET 0x80000000u

/* Locals of the function; the first five are its parameters. */
enum region_local {
    LOCAL_HART,  /* address of the hart */
    LOCAL_SPACE, /* of the address space */
    LOCAL_PAGE,  /* the page's virtual address */
    LOCAL_NEXT,  /* the block to go to */
    LOCAL_LEFT,  /* of the budget */
    LOCAL_VA,    /* of an access, or a jump */
    LOCAL_ENTRY, /* address of the entry for it */
    LOCAL_X,     /* and up: guest registers; x0's is not used */
    LOCALS = LOCAL_X + 32,
};
#define REGION_PARAMETERS LOCAL_VA

typedef uint32_t region_function(struct hart *hart, struct predecode_space *space,
                                 uint32_t page, uint32_t entry, uint32_t left);

/* The types in a module. */
enum { MODULE_TYPE_REGION, MODULE_TYPE_FILL, MODULE_TYPE_CSR };

/* A region as it is translated. */
struct region {
    struct emit e;
    struct predecode *predecode;
    struct predecode_code *code;
    uint32_t fill, csr;                 /* indices of wasm_fill() and wasm_csr() in the table */
    uint16_t number[PREDECODE_SLOTS];   /* of the block that begins there, + 1 */
    uint16_t offset[REGION_BLOCKS + 1]; /* in the page, ascending */
    unsigned blocks;

    /* The block being translated. */
    unsigned block;
    unsigned depth;         /* labels between here and the end of the next block's */
    bool loops;             /* it jumps to its own top */
    unsigned insns, done;   /* in it; translated so far */
    uint32_t at;            /* offset of the current instruction */
    uint32_t cached, dirty; /* registers that are in locals; those that the hart has not */
};

struct wasm {
    struct predecode predecode;
    struct wasm_host host;
    struct wasm_stats stats;
    struct region region;
    uint64_t epoch; /* moves on when a region dies */
    bool pauses;    /* of the engine: as the regions were made for it */
    uint8_t *module;
};

/* ---- region.c ---- */

/* Translate what has run of the code; the module's length, or 0 if it does not fit. */
uint32_t region_make(struct wasm *wasm, struct predecode_code *code);

/* Ends of a block: go on at an offset from the page, in this region or not. */
void region_jump(struct region *region, int32_t offset);
/* To the address in LOCAL_VA. */
void region_jump_indirect(struct region *region);
/* Leave: the interpreter has to do the current instruction. */
void region_interpret(struct region *region);
/* The branch condition is on the stack: jump, if it holds. */
void region_branch(struct region *region, int32_t offset);
/* The hart gets what only locals have. */
void region_flush(struct region *region);
/* Put what is left of the budget before the current instruction on the stack. */
void region_get_left(struct region *region);

/* ---- rows.c ---- */

/* Is the instruction one for translated code? */
bool rows_have(const struct region *region, const struct insn *insn);
/* False: the block ends with it. */
bool rows_emit(struct region *region, const struct insn *insn);

/* A register to the stack; from there to a register; a register to its local. */
void rows_get(struct region *region, unsigned reg);
void rows_set(struct region *region, unsigned reg);
void rows_have_local(struct region *region, unsigned reg);
/* Have the entry for an access to rs1 + imm, or leave; then its host address is on the stack. */
void rows_locate(struct region *region, const struct insn *insn, enum access access);

/* ---- atomic.c ---- */

bool atomic_emit(struct region *region, const struct insn *insn);

/* ---- wasm.c ---- */

/*
 * Called by translated code, for an access of `width` bytes at va: walk, and enter the page. Zero:
 * the interpreter has to do it.
 */
uint32_t wasm_fill(struct predecode *predecode, uint32_t va, uint32_t access, uint32_t width);

/*
 * The same for an access to a CSR that decides nothing, which it makes; `left` is the budget's rest
 * before it. Zero: it has not been made.
 */
uint32_t wasm_csr(struct predecode *predecode, const struct insn *insn, uint32_t left);

#endif
