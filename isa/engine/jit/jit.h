/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * jit.h - the engine `jit`: a dynamic translator from PZ32 to x86-64. It runs harts natively and
 * deprivileged, as `spec` does. This is its public interface; internal.h lists its files.
 * A hosted engine: it needs mmap and malloc.
 */
#ifndef PZ_ISA_ENGINE_JIT_JIT_H
#define PZ_ISA_ENGINE_JIT_JIT_H

#include "isa/engine/ops.h"

struct jit;

enum jit_error {
    JIT_OK,
    JIT_NO_MEMORY, /* the host has no more memory */
    JIT_NO_CODE,   /* the host refuses executable memory */
    JIT_BAD_RAM,   /* not a multiple of the page size, or above 4 GiB */
};

/* A range of guest code and its translation. Valid until the next engine_run(). */
struct jit_block {
    uint64_t pa;
    uint32_t va, guest_len; /* of the guest's bytes; jumps followed begin another block */
    uint32_t instructions;
    const uint8_t *host;
    uint32_t host_len; /* without its slow paths */
};

/* Host code as it is generated: what follows, up to the next mark, is ... */
enum jit_part {
    JIT_BLOCK, /* how the block at pc begins */
    JIT_INSN,  /* for the instruction at pc */
    JIT_SLOW,  /* a slow path of it */
};
struct jit_mark {
    enum jit_part part;
    uint32_t pc;
    const uint8_t *host;
};

/* All zero is the default. */
struct jit_options {
    uint32_t cache_bytes; /* host code, default 64 MiB; at least 64 KiB */
    uint32_t spaces;      /* address spaces whose translations are kept, default 128 */
    bool swap_always; /* for tests: other registers in each batch, even where it costs time */
    bool hot_at_once; /* for tests: pages with watched memory are hot from the first access */
    /*
     * RAM is private memory of this process with nothing behind it: the engine may put shared
     * memory with the same contents in its place, so that it can map pages a second time.
     */
    bool may_share;
    bool window_at_once; /* for tests: all code accesses memory through windows, where it can */

    /* Called for every block translated, for perf's map files and the like. May be NULL. */
    void (*translated)(void *owner, const struct jit_block *block);
    void (*marked)(void *owner, const struct jit_mark *mark); /* the same, and piece by piece */
    void *owner;
};

struct jit_stats {
    uint64_t blocks, instructions; /* translated */
    uint64_t flushes;              /* times the whole cache was emptied */
    uint64_t invalidated;          /* pages of code dropped because they were written */
    uint64_t slow;                 /* instructions that left translated code for a helper */
    uint64_t clustered;  /* of these, privileged ones that followed another directly */
    uint64_t fills;      /* of the load and store tables */
    uint64_t spaces;     /* address spaces that have tables */
    uint64_t windowed;   /* pages of code translated anew, to access memory through windows */
    uint64_t guesses;    /* jumps that have a guess of where they go: guess.c */
    uint64_t host_bytes; /* of host code now in the cache */
};

/*
 * RAM of `size` bytes, a multiple of the page size, at physical address `base`. With
 * JIT_NO_MEMORY and JIT_NO_CODE, errno is the host's reason.
 */
enum jit_error jit_create(uint8_t *ram, uint64_t base, uint64_t size,
                          const struct jit_options *options, struct jit **out) PZ_MUST_CHECK;
void jit_destroy(struct jit *jit);

/* Change the callbacks for translations; see struct jit_options. */
void jit_tell(struct jit *jit, void (*translated)(void *owner, const struct jit_block *block),
              void (*marked)(void *owner, const struct jit_mark *mark), void *owner);

/*
 * For inspection: translate the code at physical address `pa`, as seen at `va`, though nothing is
 * about to run it; `in_place`, as for a virtual supervisor (engine.h, point 12). False: there is no
 * RAM, or it has already been translated.
 */
bool jit_translate(struct jit *jit, uint64_t pa, uint32_t va, bool in_place) PZ_MUST_CHECK;

/* Where host code is: `fixed` bytes shared by all blocks, then blocks up to `used` bytes. */
struct jit_code {
    const uint8_t *host;
    uint32_t fixed, used;
};
struct jit_code jit_code(const struct jit *jit);

struct engine *jit_engine(struct jit *jit);
const struct jit_stats *jit_stats(const struct jit *jit);

/* Call `each` for every block now in the cache, oldest first. */
void jit_each_block(struct jit *jit, void (*each)(void *owner, const struct jit_block *block),
                    void *owner);

#endif
