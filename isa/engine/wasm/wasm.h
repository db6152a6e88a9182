/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wasm.h - the engine `wasm`: a page of code that is hot is translated to a function of
 * WebAssembly, which the host compiles; everything else is left to `predecode`, on which the engine
 * is built. For a pz that is WebAssembly itself: translated code reads and writes its memory.
 */
#ifndef PZ_ISA_ENGINE_WASM_WASM_H
#define PZ_ISA_ENGINE_WASM_WASM_H

#include "isa/engine/predecode.h"

struct wasm;

/* The host's compiler. */
struct wasm_host {
    /*
     * Compile a module. It imports pz.memory and pz.table, of the pz that calls; what it exports as
     * "f0" is put into that table. Its index; 0: the host cannot.
     */
    uint32_t (*compile)(void *owner, const uint8_t *bytes, uint32_t len);
    void (*release)(void *owner, uint32_t index);
    void *owner;
};

/* That of JavaScript, in a pz that is WebAssembly (imports.c). */
extern const struct wasm_host wasm_imports;

struct wasm_options {
    struct predecode_options predecode;
    uint32_t hot; /* loops and entries of a page before it is translated; 0: 8000 */
    struct wasm_host host;
};

struct wasm_stats {
    uint64_t regions; /* translated */
    uint64_t bytes;   /* of their modules */
    uint64_t dropped; /* because their code was written, or its room taken */
    uint64_t refused; /* by the host */
};

/* Bytes of memory that the engine needs for RAM of `ram_size` bytes. */
size_t wasm_size(uint64_t ram_size, const struct wasm_options *options);

/* In zeroed memory of that size, aligned as malloc() does. RAM as for spec_init(). */
struct wasm *wasm_init(void *memory, uint8_t *ram, uint64_t base, uint64_t size,
                       const struct wasm_options *options);

/* The host's compiler gets back what is compiled. The memory is the caller's. */
void wasm_fini(struct wasm *wasm);

struct engine *wasm_engine(struct wasm *wasm);
const struct wasm_stats *wasm_stats(const struct wasm *wasm);

#endif
