/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * variant.h - broken instruction sets (variants.def): the list, and what instructions that PZ32
 * refuses do on a CPU that has them. Called only after a refusal, so a CPU without variants pays
 * nothing.
 *
 * A deprivileged CPU executes such an instruction without a trap, on the *real* CPU's state, which
 * is the monitor's: that is what is broken. The hart that it runs is virtual, so the real
 * supervisor state comes from struct variant_cpu, except satp, which is exec_env.root.
 */
#ifndef PZ_ISA_VARIANT_H
#define PZ_ISA_VARIANT_H

#include "isa/exec_env.h"

enum variant_id {
#define VARIANT(id, name, theorem1, theorem3, precedent, source, meaning) VARIANT_##id,
#include "isa/variants.def"
    VARIANT_COUNT,
};

#define VARIANT_BIT(id) (1u << VARIANT_##id)
#define VARIANT_ALL ((1u << VARIANT_COUNT) - 1)

/* A CPU with variants, and its state besides the hart. Everything but `set` may be zero. */
struct variant_cpu {
    uint32_t set; /* of VARIANT_BIT()s */

    /* The status of the device that the running hart sees. May be NULL. */
    uint32_t (*device)(void *owner);
    void *owner;

    /* The real CPU's state, while it is deprivileged. */
    uint32_t real_sstatus, real_stvec;
    uint32_t real_device;  /* status of the monitor's own device */
    const uint64_t *exits; /* traps that the monitor has handled; NULL: none ... */
    uint32_t exit_insns;   /* ... and the instructions that the CPU has retired for each */
};

struct variant_desc {
    const char *name, *precedent, *source, *meaning;
    bool theorem1, theorem3; /* claimed: it holds */
};

/* The row of a variant. `id` < VARIANT_COUNT. */
const struct variant_desc *variant_desc(enum variant_id id);

/* One changed encoding. */
struct variant_change {
    uint8_t variant; /* enum variant_id */
    const char *function;
    uint32_t match, mask;
    bool (*exec)(struct exec_env *env, const struct insn *insn);
};

/* All of them, in the table's order; NULL from the end on. */
const struct variant_change *variant_change_at(unsigned index);

/* What a set of variants makes of these 32 bits; NULL: nothing. */
const struct variant_change *variant_find(uint32_t set, uint32_t bits);

/*
 * PZ32 refuses the instruction: true, and it has been run, if the CPU's variants have it; else it
 * has trapped. As a row of exec_rows.h does, with the next pc in the environment.
 */
bool variant_refuse(struct exec_env *env, const struct insn *insn)
    __attribute__((cold)) PZ_MUST_CHECK;

#endif
