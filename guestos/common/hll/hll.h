/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll.h - a virtual machine for a high-level language's programs: WebAssembly modules (core
 * specification 2.0, integers only: README.md), verified, then interpreted, with a collected heap
 * that they import. It needs nothing of its system but what `struct hll_system` names, and no
 * memory but one arena: so the same sources, and the same modules, run everywhere.
 */
#ifndef HLL_H
#define HLL_H

#include <stdbool.h>
#include <stdint.h>

struct hll;

/* Values are kept in words: an i32 in one, an i64 in two, the low one first. */
struct hll_import {
    const char *module, *name;
    const char *type; /* parameters, a colon, results: i for i32, I for i64. "iii:i" */
    /* Arguments are at `words`, results go there. False: the program ends (hll_trap, hll_exit). */
    bool (*call)(struct hll *m, uint32_t *words);
};

struct hll_system {
    /* As POSIX's: the number of bytes, or a negative number. The module's memory, checked. */
    int32_t (*read)(int fd, void *to, uint32_t n);
    int32_t (*write)(int fd, const void *from, uint32_t n);
    int argc;
    char *const *argv;
    const struct hll_import
        *more;     /* imports beside the VM's own; ends with a NULL name, or NULL */
    uint32_t fuel; /* backward jumps and calls that may be made; 0: no limit */
};

enum hll_result {
    HLL_OK,
    HLL_REFUSED, /* not a module, or one that the verifier refuses: nothing of it ran */
    HLL_TRAPPED, /* a run-time check failed */
    HLL_EXITED,  /* the program ended itself: hll_status() */
};

/*
 * A VM in an arena of zeroed memory, aligned to 16: all that it ever uses. NULL: too small. The
 * system stays the caller's, and must outlive it.
 */
struct hll *hll_create(void *arena, uint32_t size, const struct hll_system *system);

/*
 * Verify a module and make it ready to run: memory, tables, the start function. One module for
 * each VM. The bytes stay the caller's, and must stay as they are. A module that traps here has
 * been verified.
 */
enum hll_result hll_load(struct hll *m, const uint8_t *bytes, uint32_t n);

/* Call what the module exports by this name: `words` holds the arguments, then the results. */
enum hll_result hll_call(struct hll *m, const char *name, uint32_t *words, uint32_t max);

/* The types of an exported function, as in struct hll_import; NULL: there is none. */
const char *hll_type(struct hll *m, const char *name, char *buffer, uint32_t size);

/* An exported global's value; false: there is none. */
bool hll_global(struct hll *m, const char *name, uint32_t *words);

/* Why it was refused or trapped; where in the module, when refused; and with what it ended. */
const char *hll_why(const struct hll *m);
uint32_t hll_where(const struct hll *m);
int hll_status(const struct hll *m);

/* Words of code that the verifier made, and bytes of the arena that are in use before it runs. */
uint32_t hll_code_words(const struct hll *m);
uint32_t hll_used(const struct hll *m);

/* For imports: end the program; and n bytes of its memory, NULL if they are not all there. */
bool hll_trap(struct hll *m, const char *why);
bool hll_exit(struct hll *m, int status);
uint8_t *hll_memory(struct hll *m, uint32_t at, uint32_t n);
const struct hll_system *hll_system(const struct hll *m);

#endif
