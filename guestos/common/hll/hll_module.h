/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll_module.h - what the parts of the VM know of a module, and of each other. For them alone.
 *
 *   bytes -> hll_load.c (sections; hll_read.c) -> hll_verify.c (types; makes code) -> hll_run.c
 *                                                     imports: hll_host.c, hll_heap.c
 */
#ifndef HLL_MODULE_H
#define HLL_MODULE_H

#include "hll.h"

enum { HLL_I32 = 0x7f, HLL_I64 = 0x7e, HLL_ANY = 0 };

/* Limits of this implementation; what exceeds them is refused by name. */
enum {
    HLL_MAX_TYPES = 1024,
    HLL_MAX_VALUES = 256, /* parameters, or results, of one type */
    HLL_MAX_FUNCTIONS = 16384,
    HLL_MAX_FRAME = 16384, /* words of one function's locals and operands */
    HLL_MAX_NESTING = 1024,
    HLL_MAX_ELEMENTS = 65536,
    HLL_MAX_CALLS = 4096,
    HLL_STACK_WORDS = 32768,
    HLL_PAGE = 65536,
    HLL_HEAP_BYTES = 1 << 18,
    HLL_HEAP_OBJECTS = 4096,
};

struct hll_sig {
    const uint8_t *param, *result; /* types, in the module's bytes */
    uint32_t params, results;
    uint32_t param_words, result_words;
    uint32_t same; /* the first type that is equal */
};

struct hll_function {
    const struct hll_sig *sig;
    const struct hll_import *import; /* NULL: code */
    uint32_t at, end;                /* its body, in the module's bytes */
    const uint32_t *code;
    uint32_t locals, frame; /* words, parameters included; and the operands too */
};

struct hll_value_global {
    uint8_t type, changes;
    uint32_t words[2];
};

struct hll_export {
    const uint8_t *name;
    uint32_t length, kind, index;
};

struct hll_call_frame {
    const uint32_t *pc, *code;
    uint32_t *words;
};

struct hll_object;

struct hll_heap {
    uint8_t *start;
    uint32_t used;
    struct hll_object **object; /* by index; NULL: free */
    uint16_t *generation;
    uint32_t next; /* where the search for a free index goes on */
    uint32_t collections;
};

struct hll {
    const struct hll_system *system;
    uint8_t *arena;
    uint32_t next, size; /* of the arena: what is taken, from below */

    const uint8_t *bytes;
    uint32_t at, end; /* what is being read, and where that ends */
    const char *why;
    uint32_t where;
    int status;
    bool exited;

    struct hll_sig *type;
    uint32_t types;
    struct hll_function *function;
    uint32_t functions, imported;
    struct hll_value_global *global;
    uint32_t globals;
    struct hll_export *export;
    uint32_t exports;
    uint32_t *table; /* functions' indices plus one; 0: no element */
    uint32_t table_size;
    bool has_table, has_memory, has_heap;
    uint32_t start; /* the start function's index plus one */
    uint32_t code_words;

    uint8_t *memory;
    uint32_t memory_size, memory_limit; /* bytes; it may grow up to there, if there is room */
    uint32_t pages, max_pages;

    uint32_t *stack, *stack_end, *stack_used;
    struct hll_call_frame *call;
    uint32_t calls;
    uint32_t fuel;
    struct hll_heap heap;
};

/* hll_read.c: the module's bytes. After a failure everything reads as zero. */
bool hll_refuse(struct hll *m, const char *why); /* the first reason counts; false */
uint8_t hll_byte(struct hll *m);
uint32_t hll_u32(struct hll *m);
int32_t hll_s32(struct hll *m);
int64_t hll_s64(struct hll *m);
int64_t hll_s33(struct hll *m);
const uint8_t *hll_name(struct hll *m, uint32_t *length);
bool hll_is_name(const uint8_t *name, uint32_t length, const char *text);
uint32_t hll_count(struct hll *m, uint32_t limit, const char *why); /* of a vector */
void *hll_take(struct hll *m, uint32_t n, uint32_t size); /* from the arena; NULL: refused */

/* hll_load.c */
uint32_t hll_type_words(uint8_t type);
uint8_t hll_value_type(struct hll *m);
bool hll_constant(struct hll *m, uint8_t type, uint32_t *words);

/* hll_verify.c: all bodies. False: refused. */
bool hll_verify(struct hll *m);

/* hll_run.c: the function runs on the arguments at `words`. False: it trapped, or exited. */
bool hll_run(struct hll *m, const struct hll_function *f, uint32_t *words);

/* hll_host.c, hll_heap.c: ends with a NULL name. */
extern const struct hll_import hll_host_imports[];
extern const struct hll_import hll_heap_imports[];
bool hll_heap_start(struct hll *m);

/* hll_divide.c: quotient or remainder, without the compiler's library. */
uint64_t hll_divide(uint64_t a, uint64_t b, bool rest);
uint64_t hll_divide_signed(uint64_t a, uint64_t b, bool rest);
uint32_t hll_popcount(uint32_t a);

/* The code that the verifier makes: words, an operation and its operands. */
enum hll_op {
#define CONTROL(name, length, what) HLL_##name,
#define UNARY(opcode, name, in, out, result) HLL_##name,
#define BINARY(opcode, name, out, result) HLL_##name, HLL_##name##_k,
#define BINARY64(opcode, name, out, result) HLL_##name,
#define DIVIDE(opcode, name, type, overflows, result) HLL_##name,
#define LOAD(opcode, name, out, ctype, log2) HLL_##name,
#define STORE(opcode, name, in, ctype, log2) HLL_##name,
#include "hll_control.def"
#include "hll_ops.def"
#undef CONTROL
#undef UNARY
#undef BINARY
#undef BINARY64
#undef DIVIDE
#undef LOAD
#undef STORE
    HLL_OPS
};

#endif
