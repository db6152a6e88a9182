/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engines.h - the engines by name: which of them this program has, and creating one. The only place
 * that knows them all.
 */
#ifndef PZ_TOOLS_HOST_ENGINES_H
#define PZ_TOOLS_HOST_ENGINES_H

#include "isa/engine/engine.h"
#include "tools/base/base.h"

struct engines_kind {
    const char *name;
    const char *about;   /* for people */
    const char *missing; /* why this program does not have it; NULL: it has */
    unsigned abilities;  /* enum engine_ability, or-ed: as its operations say */
    uint64_t ram_most;
    enum pz_err (*create)(uint8_t *ram, uint64_t base, uint64_t size, void **own,
                          struct engine **engine, struct problem *problem);
    void (*destroy)(void *own);
    bool needs_host; /* for more than memory, which the host may refuse */
};

/* An engine made. */
struct engines_one {
    const struct engines_kind *kind;
    void *own;
    struct engine *engine;
};

/* All of them, the preferred first. */
extern const struct engines_kind *const engines_all;
extern const unsigned engines_count;

/*
 * By name; NULL: the best that works here, with a line on standard error where that is not the
 * best of this program. With `native`, only one that can run without a monitor.
 */
enum pz_err engines_choose(const char *name, bool native, const struct engines_kind **kind,
                           struct problem *problem) PZ_MUST_CHECK;

/* The best that this program has and this host lets it make; says nothing. */
const struct engines_kind *engines_best(bool native);

/* Does this host let it be made? If it needs more than memory it is tried. False: the problem says
   why not. */
bool engines_works(const struct engines_kind *kind, struct problem *problem) PZ_MUST_CHECK;

/* The same, to list all engines: a built-in one that fails is reported. */
bool engines_offered(const struct engines_kind *kind) PZ_MUST_CHECK;

/* The translator behind an engine; NULL: it is another engine, and makes no host code. */
struct jit;
struct jit *engines_jit(const struct engines_one *one);

/* Make one over `size` bytes of memory at physical address `base`. */
enum pz_err engines_open(struct engines_one *one, const struct engines_kind *kind, uint8_t *ram,
                         uint64_t base, uint64_t size, struct problem *problem) PZ_MUST_CHECK;

/*
 * As engines_open(), for a kind that the user has not named: if it cannot be made, perhaps because
 * the machine is too large, the next best is, and a line on standard error says why.
 */
enum pz_err engines_open_any(struct engines_one *one, const struct engines_kind *kind,
                             bool native, uint8_t *ram, uint64_t base, uint64_t size,
                             struct problem *problem) PZ_MUST_CHECK;
void engines_close(struct engines_one *one);

#endif
