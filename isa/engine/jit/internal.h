/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * internal.h - the engine's state, shared by its parts:
 *
 *   jit.c        create and destroy; the engine's operations
 *   run.c        the loop that finds code for a pc, enters it and handles the reason it returned
 *   helpers.c    functions that translated code calls: one instruction through isa/exec
 *   trampoline.c the hand-made host code: entry, exits, calls into C
 *   translate.c  batches of blocks
 *   block.c      one block
 *   insn.c       one instruction, by table: alu.c memory.c atomic.c branch.c csr.c
 *   idiom.c      several instructions translated to one host instruction
 *   skip.c       branches over one instruction, without a branch
 *   registers.c  which guest registers a batch keeps in host registers
 *   code.c       the guest's code: what is there, what has been translated
 *   exit.c       ways out of a block, and how blocks are linked
 *   guess.c      indirect jumps that mostly go to one place
 *   slow.c       the slow paths
 *   tell.c       reports to observers
 *   hot.c        pages with watched memory that are accessed all the time
 *   window.c     address spaces in the host's page tables, for code that runs for long
 *   sample.c     which code that is
 *   through.c    loads and stores of that code
 *   ram.c        RAM that can be mapped twice
 *   writers.c    which store tables hold a physical page
 *   space.c      one address space: its load, store, fetch and jump tables
 *   cache.c      host code, and which guest page it came from
 *   emit.c       x86-64 encodings
 *
 * hostregs.h says what each host register holds, translate.h what the translator's files share.
 *
 * A *block* is entered at its top only; a *batch* is the blocks that are translated together.
 * A *view* is one physical page of code seen at one virtual address: translations are keyed by
 * both, so that a pc is a constant in them. Every address space that maps the page there, and
 * every VM, shares them; but a virtual supervisor has views of its own, with its privileged
 * instructions translated, so that no mode need be checked. A view's id is never used twice.
 */
#ifndef PZ_ISA_ENGINE_JIT_INTERNAL_H
#define PZ_ISA_ENGINE_JIT_INTERNAL_H

#include "isa/engine/jit/jit.h"
#include "isa/engine/key.h"
#include "isa/engine/spec.h"
#include "isa/engine/stops.h"

#define PAGES 0x100000u /* virtual pages of a 32-bit address space */
#define PAGE_SLOTS (PAGE_SIZE / 2)
#define JUMPS 2048u /* entries of a jump table; a power of two, at least PAGE_SLOTS */
#define JUMPS_LISTED (JUMPS / 4) /* when more are set, clearing all is as cheap */
#define LASTS 512u               /* distances remembered by pc: memory.c; a power of two */
#define FILLS 32768u /* entries of the load and store tables, before they are all emptied */

/* ---- Address spaces ---- */

struct jump_entry {
    uint64_t code; /* host address */
    uint64_t va;   /* or JUMP_NONE */
};

/* How the code at a pc begins: what run_system() can do without entering it. */
struct cluster {
    uint64_t code;   /* the code that this belongs to, in any space */
    uint32_t access; /* the bits of a load or store of a word, if that comes first; else 0 */
    uint32_t system; /* the bits of the next, which leaves translated code; 0: it does not */
};
#define CLUSTERS 1024u
#define MET_VIEWS 512u
#define JUMP_NONE (1ull << 32) /* no pc, even or odd */

/* A page with watched memory, whose other bytes may be accessed fast: hot.c. */
struct hot {
    uint32_t page;       /* virtual page number, or HOT_NONE */
    uint32_t first, len; /* accesses that begin in this range of offsets take the slow path */
    uint32_t hits;       /* slow accesses since this was last set */
    uint64_t addend;     /* as in the load or store table */
};
#define HOT_NONE UINT32_MAX

#define WINDOW_PAGES 2048u /* in one window at a time */

/* The host's protection of a page of a window: window.c. */
enum shown { SHOWN_NOT, SHOWN_READ, SHOWN_WRITE };

/* Does a region of 4 MiB have entries in the tables? Is one from a superpage? */
enum region { REGION_EMPTY, REGION_USED, REGION_SUPER };

/*
 * One address space's translations. The tables are indexed by virtual page number; the host maps
 * them lazily, so that only used parts cost memory. The parts that every space uses are adjacent,
 * from `jump` to the beginning of `filled`: space.c has them mapped at once.
 */
struct space {
    uint64_t load[PAGES];  /* host address minus virtual address; 0: ask the slow path */
    uint64_t store[PAGES]; /* for pages without translated code */
    uint32_t fetch[PAGES]; /* the view that instructions are fetched from; 0: none */
    struct jump_entry jump[JUMPS];
    uint16_t jumped[JUMPS_LISTED]; /* which of them were set since they were cleared ... */
    uint32_t jumps;                /* ... unless these are more than JUMPS_LISTED */
    uint32_t fills, fetches;       /* in filled, fetched */
    uint64_t
        translated; /* privileged instructions run in place, not in the engine's count yet */
    uint64_t last[LASTS]; /* the distance last used by the load at a pc; never 0 */
    struct hot hot_load, hot_store;
    uint32_t number;              /* of this space */
    uint32_t drops;               /* how often it was emptied */
    uint32_t calm, calm_drops;    /* samples in it while `drops` was this value: sample.c */
    uint32_t shown_count;         /* in shown_page */
    uint8_t region[SV32_ENTRIES]; /* enum region, of each 4 MiB */
    uint32_t filled[FILLS];       /* virtual page numbers entered in load or store */
    uint32_t fetched[FILLS];      /* the same for fetch */
    uint8_t shown[PAGES];         /* enum shown, of each page in the window ... */
    uint32_t shown_page[WINDOW_PAGES]; /* ... which are these, and some that were */
};

/* The owner of each space's translations. Stored apart, to be searched without cache misses. */
struct slot {
    uint64_t key;
    uint64_t used; /* when last chosen; 0: never */
    bool empty;    /* emptied, and not used since */
};
#define EVICTED 64u
#define LIKELY 4u                                   /* places where spaces have entries ... */
#define LIKELY_PAGES (PAGE_SIZE / sizeof(uint64_t)) /* ... each a page of the load table */
#define LIKELY_NONE UINT32_MAX
#define HINTS 64u /* where keys were last found; a power of two */

/* An entry of a store table, found by its physical page: writers.c. */
struct writer {
    uint32_t next; /* number of another of the same page; 0: none */
    uint32_t page; /* virtual page number */
    uint32_t space;
};
#define WRITERS_NOTED 4096u /* a power of two */

struct writers {
    uint32_t *heads;     /* by physical page: number of the first */
    uint64_t *noted;     /* some listed writers, by hash, to avoid duplicates */
    struct writer *pool; /* number 0 is none */
    uint32_t count, limit;
    uint32_t unused; /* number of the first given back */
};

/* ---- Code ---- */

struct view {
    uint32_t id; /* 0: dead */
    uint32_t va; /* of the page */
    uint64_t pa;
    uint32_t stops;   /* stops_page_mark() of its page, when it was made */
    uint32_t next;    /* another view of the same physical page: index + 1 */
    bool in_place;    /* privileged instructions run on the hart: csr.c */
    bool windowed;    /* its loads and stores go through the window: window.c */
    bool stays;       /* it was windowed, which did not pay */
    uint32_t samples; /* how often it was found running for long: sample.c */
    uint32_t faults;  /* accesses outside the window, since... */
    uint64_t since;   /* ...this count of samples */
    uint64_t lines;   /* bit n: bytes 64n..64n+63 are translated */
    uint64_t of_page; /* the same of all views of the page; kept up to date in its newest */
    uint8_t loop_heads[PAGE_SLOTS / 8];  /* bit n: code jumps back to 2n */
    uint8_t tight_loops[PAGE_SLOTS / 8]; /* bit n: from at most TIGHT_LOOP bytes behind */
    uint8_t long_loops[PAGE_SLOTS / 8];  /* bit n: from LONG_LOOP bytes behind, or more */
    uint32_t entry[PAGE_SLOTS]; /* host code of the block at 2n: offset in the cache; 0: none */
};

/* What is recorded of a block, for observers. */
struct block {
    uint32_t va, view; /* the view's index */
    uint32_t host;     /* offset of its code */
    uint16_t guest_len, host_len;
    uint8_t instructions;
    bool begins;  /* its batch */
    bool repeats; /* another block has the same place, and its entry */
};

/* A direct jump between blocks that was not resolved when it was translated. */
struct link {
    uint32_t pc;    /* where to; of a guess: where from (guess.c) */
    uint32_t site;  /* offset of the jump's displacement */
    uint32_t guard; /* offset of the immediate that names the target's view; 0: same page */
    uint32_t view;  /* the id of the jump's own view */
};

/* An instruction of translated code that may fault, and where it goes on then: offsets. */
struct window_site {
    uint32_t access, slow;
};

struct cache {
    uint8_t *write, *execute;   /* the same memory, mapped twice */
    uint32_t size, used, start; /* start: after the trampolines */
    uint32_t ready;             /* host memory has been requested up to here */
    struct view *views;
    uint32_t view_count, view_limit, next_id;
    uint32_t view_fresh; /* views from this one on have never been used */
    uint32_t *heads;     /* by physical page: its first view's index + 1 */
    struct link *links;
    uint32_t link_count, link_limit;
    struct block *blocks;
    uint32_t block_count, block_limit;
    struct window_site *sites; /* by their place */
    uint32_t site_count, site_limit;
    uint64_t epoch; /* incremented when any code dies */
};

/* Why translated code returned. */
enum reason {
    REASON_STOP,   /* a helper has set `stop` */
    REASON_LINK,   /* `arg` is an unresolved link */
    REASON_GUESS,  /* the same, of a jump to the pc in `raw`, but for its lowest bit: guess.c */
    REASON_LOOKUP, /* the pc in `arg`, but for its lowest bit, is not in the jump table */
    REASON_BUDGET, /* the block at the pc in `arg` exceeds the budget */
    REASON_INSN,   /* the instruction `raw` at pc `arg` is for exec_insn */
    REASON_STEP,   /* the instruction at the pc in `arg` spans two pages, or has a stop */
    REASONS,
};

/* What the exits of translated code store. */
struct leaving {
    uint64_t left;
    uint32_t arg, raw;
};

/* The instruction that begins in the last two bytes of a page and ends in the next. */
struct second {
    uint32_t id; /* of the next page's view; 0: there is no such instruction */
    uint32_t raw;
};

typedef void enter_function(void *hart, const void *code, uint8_t *window, uint64_t left);

/* Samples of code that runs for long: sample.c. */
struct samples {
    uint64_t count;
    uint64_t found; /* samples of such code without a window */
};

struct jit {
    struct engine engine;
    struct exec_env env;
    struct sv32_kept kept; /* of second stages */
    uint64_t end;  /* the hart's retired count when what is left of the budget is used up ... */
    uint64_t rest; /* ... up to the next sample; and what the budget has beyond that */
    struct samples samples;
    size_t stride;  /* from one space to the next */
    bool windows;   /* spaces have windows, and can have pages there ... */
    bool shared;    /* ... as has been found */
    uint32_t shown; /* pages in all windows */
    struct leaving leaving;
    const struct insn *insn;     /* the instruction that trapped last; NULL: not fetched */
    struct second second;        /* at the pc last looked for */
    bool stopped;                /* a helper has met a trap: env.trap */
    bool planted;                /* accesses are translated with a check for hot pages: hot.c */
    bool met;                    /* nothing trapped, but a stop was met: engine->stops */
    bool leave;                  /* the last instruction of a helper was a misaligned access */
    enum engine_offered offered; /* an offered access that has ended translated code... */
    uint64_t budget;             /* ...and the new budget */
    enum engine_stop stop;       /* why the run has ended */
    struct space *space;         /* the current one ... */
    uint8_t *window;             /* ... its window ... */
    uint64_t key;                /* ... and its key */
    struct space *spaces;
    struct slot *slots;
    uint16_t hints[HINTS];
    struct writers writers;
    uint32_t space_count, spaces_used; /* no slot from `spaces_used` on was ever used */
    uint32_t spaces_wanted;            /* how many there may be: space.c */
    uint64_t evicted[EVICTED];         /* evicted keys, by their hash */
    uint32_t likely[LIKELY];           /* virtual page numbers: those noted last */
    uint32_t likely_next;
    uint64_t clock; /* of slot.used */
    struct cache cache;
    struct cluster clusters[CLUSTERS]; /* by pc, and its code in the cache */
    uint32_t met_views[MET_VIEWS]; /* by page: the index of the view that was last met there */
    enter_function *enter;
    const uint8_t *exits[REASONS]; /* in the writable mapping */
    const uint8_t *call_insn, *call_unseen;
    struct spec *spec; /* remembers decoding */
    struct jit_options options;
    struct jit_stats stats;
};

/* ---- space.c ---- */

bool space_init(struct jit *jit);
void space_destroy(struct jit *jit);
/* Add the current space's count to the engine's. */
void space_tell_translated(struct jit *jit);
/* Make the space of the key the current one; it may replace another. */
void space_choose(struct jit *jit, uint64_t key);
void space_fill(struct jit *jit, uint32_t va, enum access access);
/* Enter the result of `walk` for a fetch at va. */
void space_set_view(struct jit *jit, struct space *space, uint32_t va, const struct view *view,
                    bool super);
void space_drop_page(struct jit *jit, struct space *space, uint32_t va);
void space_drop(struct jit *jit, struct space *space);
/* Remove the view from all fetch and jump tables. */
void space_forget_view(struct jit *jit, const struct view *view);
void space_forget_code(struct jit *jit);

static inline struct jump_entry *space_jump(struct space *space, uint32_t va)
{
    return &space->jump[va / 2 % JUMPS];
}

/* Enter the code at va in the jump table. */
void space_set_jump(struct space *space, uint32_t va, const void *code);

/* Note that the region of va has an entry. */
void space_use(struct jit *jit, struct space *space, uint32_t va, bool super);

static inline struct space *space_at(const struct jit *jit, uint32_t number)
{
    return (struct space *)((uint8_t *)jit->spaces + number * jit->stride);
}

/* ---- window.c ---- */

/* The distance from a space to its window; the gap before it is for addresses below 0. */
#define SPACE_BYTES ((sizeof(struct space) + PAGE_MASK) & ~(size_t)PAGE_MASK)
#define WINDOW_AT ((int32_t)(SPACE_BYTES + PAGE_SIZE))
/* A gap of the same size follows: an access at the last byte may go beyond it. */
#define WINDOW_STRIDE ((size_t)WINDOW_AT + (1ull << 32) + PAGE_SIZE)

/* Memory for `count` spaces, with windows if possible. NULL: there is none. */
void *window_reserve(struct jit *jit, uint32_t count);
/* Prepare the space for its first use. False: the host has no memory for it. */
bool window_open(const struct jit *jit, struct space *space);
/* Call before the first code that uses windows. False: they cannot be used. */
bool window_ready(struct jit *jit);
/* An access at va in the current space, by the code at pc, was not in the window. */
void window_missed(struct jit *jit, uint32_t pc, uint32_t va, enum access access);
void window_hide(struct jit *jit, struct space *space, uint32_t page);
void window_hide_stores(struct space *space, uint32_t page);
void window_hide_all(struct jit *jit, struct space *space);
/* Translated code begins or ends to run on this thread. */
void window_enter(struct jit *jit);
void window_leave(void);

/* ---- ram.c ---- */

bool ram_is_shared(const struct jit *jit);
/* Make it so. False: it cannot be. */
bool ram_share(struct jit *jit);

/* ---- sample.c ---- */

#define SAMPLE (1u << 18) /* instructions from one to the next */

/* The hart, at its pc, has run that many. */
void sample_take(struct jit *jit);
/* The view of the code that the hart is about to run, if there is one. */
struct view *sample_view(struct jit *jit, uint32_t pc);
/* Translate the code of the view anew, windowed or not. */
void sample_renew(struct jit *jit, struct view *view, bool windowed);

/* ---- writers.c ---- */

bool writers_init(struct jit *jit);
void writers_destroy(struct jit *jit);
/* The current space's store table is about to have an entry for va, at pa. */
void writers_note(struct jit *jit, uint64_t pa, uint32_t va);
/* Remove the physical page from all store tables. */
void writers_forbid(struct jit *jit, uint64_t pa);

/* ---- hot.c ---- */

/*
 * A slow load or store at va, at pa, in a page with watched memory; `addend` as for the table of
 * its kind.
 */
void hot_note(struct jit *jit, uint32_t va, uint64_t pa, enum access access, uint64_t addend);

static inline void hot_forget_all(struct space *space)
{
    space->hot_load.page = space->hot_store.page = HOT_NONE;
}

static inline void hot_forget(struct space *space, uint32_t page)
{
    if (space->hot_load.page == page)
        space->hot_load.page = HOT_NONE;
    if (space->hot_store.page == page)
        space->hot_store.page = HOT_NONE;
}

/* Memory from the host, zero, taken only as it is touched. NULL: there is none. */
void *pages_reserve(size_t bytes);
void pages_release(void *memory, size_t bytes);
/*
 * All of its pages that [at, at + bytes) touches are about to be used. Only for speed: a page that
 * is read before it is written faults twice in the host, and the second time interrupts the host's
 * other CPUs, if they run threads of this process.
 */
void pages_prepare(void *at, size_t bytes);

/* ---- cache.c ---- */

enum jit_error cache_init(struct jit *jit);
void cache_destroy(struct jit *jit);
/* The view of the physical page at va, for a hart in this mode. */
struct view *cache_view(struct jit *jit, uint64_t pa, uint32_t va, bool in_place);
/* As cache_view(), but NULL if there is none. */
struct view *cache_find(struct jit *jit, uint64_t pa, uint32_t va, bool in_place);
/* Is there translated code of the page of these bytes? */
bool cache_holds(const struct jit *jit, uint64_t pa);
/* Code is translated from these lines of the view's page: whoever writes there drops it. */
void cache_translated(struct jit *jit, struct view *view, uint64_t lines);
void cache_written(struct jit *jit, uint64_t pa, uint32_t len);
void cache_flush(struct jit *jit);
/* Drop the code of pages whose stops have changed. */
void cache_stops_changed(struct jit *jit);
/* Room for one more batch of blocks? */
bool cache_room(const struct jit *jit);
/* Before translating: ask the host for memory in units larger than a page. */
void cache_prepare(struct jit *jit);
struct jit_block cache_describe(const struct jit *jit, const struct block *block);

/* The index of a physical page in the tables. */
static inline uint64_t cache_page(const struct jit *jit, uint64_t pa)
{
    return (pa - jit->engine.phys.base) >> PAGE_SHIFT;
}

/* The 64-byte lines of a page that [at, at + len) touches, as in struct view. `len` is not 0. */
static inline uint64_t cache_lines(uint64_t at, uint32_t len)
{
    unsigned first = (at & PAGE_MASK) / 64, last = ((at & PAGE_MASK) + len - 1) / 64;

    return (~0ull << first) & (~0ull >> (63 - last));
}

/* ---- guess.c ---- */

/* The jump that the link is of has gone to `target`, whose code is there. */
void guess_settle(struct jit *jit, const struct link *link, uint32_t target, const void *code);

/* ---- trampoline.c, translate.c, helpers.c, run.c ---- */

void trampoline_make(struct jit *jit);
/* Translate the code at pc, which lies in the view; its offset in the cache. */
uint32_t translate(struct jit *jit, struct view *view, uint32_t pc);
/* Does the instruction leave translated code, for run_system()? */
bool insn_leaves(const struct view *view, const struct insn *insn);
bool helper_insn(struct jit *jit, uint32_t pc, uint32_t raw, uint64_t left);
/* The same for an access outside the window. */
bool helper_unseen(struct jit *jit, uint32_t pc, uint32_t raw, uint64_t left);
/* exec_insn(), with updates of the engine's tables; unless there is a stop. */
bool helper_exec(struct jit *jit, uint32_t raw);
/* Called by translated code that returns: where to continue, NULL to return to run_hart(). */
const void *run_on(struct jit *jit, enum reason reason);
const void *run_system(struct jit *jit); /* the same for REASON_INSN */
void run_hart(struct engine *engine, struct hart *hart, uint64_t budget,
              struct engine_exit *exit);

#endif
