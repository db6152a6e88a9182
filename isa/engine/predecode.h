/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * predecode.h - the engine `predecode`: an interpreter that decodes each instruction once and looks
 * up addresses in a table (a TLB), portable and freestanding. Its parts, which the engine `wasm`
 * builds on:
 *
 *   predecode.c        making the engine; its operations
 *   predecode_run.c    the loop: fetch, the function of the row, what stops a run
 *   predecode_space.c  address spaces: the tables from virtual pages to memory and to code
 *   predecode_code.c   pages of decoded instructions, by physical page
 *
 * Decoded code does not depend on its virtual address, so all address spaces share it. A page with
 * decoded code is in no store table: each store to it takes the slow path, which discards the
 * overwritten instructions. So a store to code takes effect at once.
 *
 * Stops (stops.h) cost next to nothing elsewhere: a slot whose page offset is that of a stop has a
 * special op, which compares the whole address; and watched pages are in no table.
 */
#ifndef PZ_ISA_ENGINE_PREDECODE_H
#define PZ_ISA_ENGINE_PREDECODE_H

#include <stddef.h>

#include "isa/engine/key.h"
#include "isa/engine/ops.h"

/* ---- Code ---- */

#define PREDECODE_SLOTS (PAGE_SIZE / 2)

/* What the loop does at a slot: execute a row of the instruction table, or one of these. */
enum predecode_op {
    PREDECODE_UNKNOWN, /* not decoded yet */
    PREDECODE_SLOW,    /* exec_insn() runs it: traps, events, devices, atomic memory */
    PREDECODE_SPLIT,   /* it continues on the next page */
    PREDECODE_STOP,    /* some page has a stop at this offset */
    PREDECODE_REGION,  /* translated code begins here */
    PREDECODE_ROW,     /* and up: enum insn_id */
};

struct predecode_slot {
    struct insn insn;
    uint8_t op;     /* enum predecode_op, or PREDECODE_ROW and the row */
    uint8_t leader; /* target of an indirect jump, or of one from another page */
    uint16_t entry; /* with PREDECODE_REGION: the number of the entry */
};

/* A physical page. */
struct predecode_code {
    uint32_t page;    /* its number in RAM */
    uint32_t next;    /* next unused one: number + 1 */
    uint32_t heat;    /* loops and entries that the interpreter has seen */
    uint32_t writes;  /* since the page was last entered */
    uint32_t calls;   /* calls of the translator for it */
    uintptr_t region; /* the translator's; 0: none */
    bool used;
    struct predecode_slot slots[PREDECODE_SLOTS];
};

/* ---- Address spaces ---- */

#define PREDECODE_TLB 1024u      /* entries; a power of two */
#define PREDECODE_FETCHES 256u   /* entries for pages of code */
#define PREDECODE_HINTS 64u      /* entries for the spaces of keys */
#define PREDECODE_NOWHERE 0x800u /* matches no page address, and no aligned offset in page 0 */

/* 16 bytes on every host, since translated code reads it. */
struct predecode_entry {
    uint32_t load, store; /* the page's virtual address, or PREDECODE_NOWHERE */
    uint64_t addend;      /* host address minus virtual address */
};

struct predecode_fetch {
    uint32_t va, code; /* the page's address, or PREDECODE_NOWHERE; the number of its code */
};

struct predecode_space {
    struct predecode_entry entries[PREDECODE_TLB];
    struct predecode_fetch fetches[PREDECODE_FETCHES];
    uint64_t key;                   /* KEY_NONE: not in use */
    uint64_t used;                  /* when it was last chosen */
    uint32_t fills;                 /* number of `entries` set so far */
    uint16_t filled[PREDECODE_TLB]; /* their indexes */
    bool fetched;                   /* any of `fetches` is set */
    bool supers;                    /* any of the next */
    uint8_t super[SV32_ENTRIES];    /* regions of 4 MiB with an entry from a superpage */
};

/* ---- The engine ---- */

struct predecode;

/* A translator of hot code. */
struct predecode_translator {
    /*
     * Run the translated code at the hart's pc, a slot of `code`; the pc and `left` are exact
     * afterwards, and `once` says whether the slot at the new pc has to be interpreted.
     */
    void (*enter)(struct predecode *predecode, struct predecode_code *code);
    /* Called for code that has been interpreted very often: translate it, or not. */
    void (*hot)(struct predecode *predecode, struct predecode_code *code);
    /* Discard the code's translation: no slot is PREDECODE_REGION afterwards. */
    void (*dead)(struct predecode *predecode, struct predecode_code *code);
};

struct predecode_options {
    uint32_t spaces; /* address spaces whose translations are kept; 0: 72 */
    uint32_t pages;  /* pages of code; 0: 512 */
};

struct predecode {
    struct engine engine;
    struct exec_env env;
    uint64_t left, end; /* of the budget; the hart's retired count when it is used up */
    struct predecode_space *spaces, *space; /* all of them, and the current one... */
    uint64_t key;                           /* ...with its key */
    uint64_t clock;                         /* of predecode_space.used */
    uint32_t space_count;
    uint16_t hints[PREDECODE_HINTS]; /* where keys were last found */
    uint32_t *heads;                 /* by page of RAM: the number of its code + 1; 0: none */
    struct predecode_code *codes, *running;
    uint32_t code_count, code_limit, code_unused; /* the last: number + 1 */
    const struct insn *insn; /* the instruction that trapped last; NULL: not fetched */
    const struct predecode_translator *translator; /* NULL: none */
    uint32_t hot;                                  /* heat at which it is called */
    bool once; /* translated code has left one of its own slots to the interpreter */
    uint64_t stopped[PREDECODE_SLOTS / 64]; /* slots at whose offset a page has a stop */
};

/* Bytes of memory that the engine needs for RAM of `ram_size` bytes. */
size_t predecode_size(uint64_t ram_size, const struct predecode_options *options);

/* Make the engine in zeroed memory of that size, aligned as by malloc(). RAM as for spec_init(). */
struct predecode *predecode_init(void *memory, uint8_t *ram, uint64_t base, uint64_t size,
                                 const struct predecode_options *options);

/* As predecode_init(), with all but the struct itself in `room`. */
void predecode_set_up(struct predecode *predecode, void *room, uint8_t *ram, uint64_t base,
                      uint64_t size, const struct predecode_options *options);

/* The operations of the contract (ops.h), and a table of them for an engine of that name. */
void predecode_run(struct engine *engine, struct hart *hart, uint64_t budget,
                   struct engine_exit *exit);
void predecode_drop_page(struct engine *engine, uint32_t root, uint32_t va);
void predecode_drop_root(struct engine *engine, uint32_t root);
void predecode_drop_all(struct engine *engine);
void predecode_code_changed(struct engine *engine, uint64_t pa, uint32_t len);
void predecode_stops_changed(struct engine *engine);
#define PREDECODE_OPS(own_name)                                                                \
    {                                                                                          \
        .name = (own_name),                                                                    \
        .abilities = ENGINE_NATIVE | ENGINE_SECOND_STAGE | ENGINE_IN_PLACE,                    \
        .run = predecode_run, .drop_page = predecode_drop_page,                                \
        .drop_root = predecode_drop_root, .drop_all = predecode_drop_all,                      \
        .code_changed = predecode_code_changed, .stops_changed = predecode_stops_changed,      \
    }

/* ---- predecode_space.c ---- */

/* Make the space of the environment's key the current one. */
void predecode_space_choose(struct predecode *predecode);
/* An access to va has succeeded: enter its page in the tables. */
void predecode_space_fill(struct predecode *predecode, uint32_t va, enum access access);
/* As predecode_space_fill(), after a walk that has just been made. */
void predecode_space_enter(struct predecode *predecode, uint32_t va, enum access access,
                           const struct sv32_walk *walk);
void predecode_space_drop(struct predecode_space *space);
void predecode_space_drop_page(struct predecode_space *space, uint32_t va);
/* SFENCE.VMA of a native hart, or of one under the same second stage. */
void predecode_space_fence(struct predecode *predecode);
/* Remove the page of RAM from all store tables. */
void predecode_space_forbid(struct predecode *predecode, uint32_t page);
/* Remove the code from all tables; NULL: remove all code. */
void predecode_space_forget(struct predecode *predecode, const struct predecode_code *code);

static inline struct predecode_entry *predecode_entry(struct predecode *predecode, uint32_t va)
{
    return &predecode->space->entries[va >> PAGE_SHIFT & (PREDECODE_TLB - 1)];
}

static inline struct predecode_fetch *predecode_fetch(struct predecode *predecode, uint32_t va)
{
    return &predecode->space->fetches[va >> PAGE_SHIFT & (PREDECODE_FETCHES - 1)];
}

/* ---- predecode_code.c ---- */

/* The code that va is fetched from. NULL: fetching it traps, as env.trap says. */
struct predecode_code *predecode_code_find(struct predecode *predecode, uint32_t va);
void predecode_code_decode(struct predecode *predecode, struct predecode_code *code,
                           uint32_t offset);
void predecode_code_written(struct predecode *predecode, uint64_t pa, uint32_t len);
void predecode_code_kill(struct predecode *predecode, struct predecode_code *code);
/* The op of a slot that has been decoded, when no translated code begins there, and no stop is. */
uint8_t predecode_code_op(const struct insn *insn);
/* Update the slots after engine->stops has changed. */
void predecode_code_mark_stops(struct predecode *predecode);

/* As predecode_code_find(), with a fast path for code in the table. */
static inline struct predecode_code *predecode_code_at(struct predecode *predecode, uint32_t va)
{
    const struct predecode_fetch *fetch = predecode_fetch(predecode, va);

    if (fetch->va == (va & ~PAGE_MASK))
        return &predecode->codes[fetch->code];
    return predecode_code_find(predecode, va);
}

#endif
