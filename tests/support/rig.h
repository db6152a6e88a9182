/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rig.h - one hart with a little memory and a device, for unit tests of isa/: run an instruction,
 * then compare the whole state with what it should be. No engine, no board.
 */
#ifndef PZ_TESTS_SUPPORT_RIG_H
#define PZ_TESTS_SUPPORT_RIG_H

#include "isa/exec.h"

#define RIG_BASE 0x80000000u /* flat RAM */
#define RIG_SIZE (32 * PAGE_SIZE)
#define RIG_CODE (RIG_BASE + 0x100) /* pc at the start */
#define RIG_DATA (RIG_BASE + 8 * PAGE_SIZE)
#define RIG_HIGH 0x3fffff000ull /* one more page, the last of the 34-bit space */
#define RIG_ROM 0x200000000ull  /* a page that may be read, not written */
#define RIG_DEVICE 0x10000000u  /* a word of device; takes widths 1 and 4 */

struct rig {
    struct hart hart;
    struct phys phys;
    struct exec_env env;
    uint8_t ram[RIG_SIZE], high[PAGE_SIZE], rom[PAGE_SIZE];

    uint32_t device;
    unsigned device_loads, device_stores;
    bool device_store_fails;

    /* What phys.wrote() was told, in order. */
    struct {
        uint64_t pa;
        uint32_t len;
    } wrote[8];
    unsigned writes;
};

/* Supervisor mode, translation off, pc = RIG_CODE, every other register a value of its own. */
void rig_init(struct rig *rig);

/* Memory at a physical address that is RAM. */
void rig_poke(struct rig *rig, uint64_t pa, uint32_t word);
uint32_t rig_peek(struct rig *rig, uint64_t pa);

/* Decode and run one instruction, without fetching it. False: trapped. */
bool rig_exec(struct rig *rig, uint32_t raw);

/* Assert: it retires, and afterwards the hart is `expected`, field by field. */
void rig_expect_retired(struct rig *rig, uint32_t raw, const struct hart *expected);

/* Assert: it traps with this cause and tval, and the hart is as it was. */
void rig_expect_trap(struct rig *rig, uint32_t raw, uint32_t cause, uint32_t tval);

/* Assert that two harts are the same, field by field. */
void rig_expect_hart(const struct hart *actual, const struct hart *expected);

/* The hart as it should be after a 4-byte instruction that does nothing but go on. */
struct hart rig_next(const struct rig *rig);

#endif
