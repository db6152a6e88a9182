/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rig.c - the memory, the device and the assertions of rig.h. */
#include "tests/support/rig.h"

#include <check.h>

#include "isa/decode.h"

static struct rig *owner(struct phys *phys)
{
    return phys->owner;
}

static uint8_t *rig_page(struct phys *phys, uint64_t pa, bool store)
{
    ck_assert_msg(pa >> 34 == 0 && (pa & PAGE_MASK) == 0, "phys.page() asked for %llx",
                  (unsigned long long)pa);
    if (pa == RIG_HIGH)
        return owner(phys)->high;
    return pa == RIG_ROM && !store ? owner(phys)->rom : NULL;
}

static void rig_wrote(struct phys *phys, uint64_t pa, uint32_t len)
{
    struct rig *rig = owner(phys);
    unsigned slot = rig->writes++ % (sizeof rig->wrote / sizeof rig->wrote[0]);

    rig->wrote[slot].pa = pa;
    rig->wrote[slot].len = len;
}

static bool rig_io(struct phys *phys, uint64_t pa, unsigned width, bool store, uint32_t *value)
{
    struct rig *rig = owner(phys);

    if (pa - RIG_DEVICE >= 4 || width == 2 || (store && rig->device_store_fails))
        return false;
    if (store) {
        rig->device = *value;
        rig->device_stores++;
    } else {
        *value = width == 1 ? rig->device & 0xff : rig->device;
        rig->device_loads++;
    }
    return true;
}

void rig_init(struct rig *rig)
{
    memset(rig, 0, sizeof *rig);
    hart_reset(&rig->hart, RIG_CODE);
    for (unsigned i = 1; i < 32; i++)
        rig->hart.x[i] = 0x01010101u * i;
    rig->hart.retired = 1000;
    rig->phys = (struct phys){.ram = rig->ram,
                              .base = RIG_BASE,
                              .size = RIG_SIZE,
                              .page = rig_page,
                              .wrote = rig_wrote,
                              .io = rig_io,
                              .owner = rig};
    rig->env = (struct exec_env){.hart = &rig->hart, .phys = &rig->phys};
}

void rig_poke(struct rig *rig, uint64_t pa, uint32_t word)
{
    uint8_t *host = pa == RIG_ROM ? rig->rom : phys_host(&rig->phys, pa, true);

    ck_assert_ptr_nonnull(host);
    store_le32(host, word);
}

uint32_t rig_peek(struct rig *rig, uint64_t pa)
{
    uint8_t *host = phys_host(&rig->phys, pa, false);

    ck_assert_ptr_nonnull(host);
    return load_le32(host);
}

bool rig_exec(struct rig *rig, uint32_t raw)
{
    struct insn insn = decode_insn(raw);

    return exec_insn(&rig->env, &insn);
}

void rig_expect_hart(const struct hart *actual, const struct hart *expected)
{
    for (unsigned i = 0; i < 32; i++)
        ck_assert_msg(actual->x[i] == expected->x[i], "x%u is %08x, expected %08x", i,
                      actual->x[i], expected->x[i]);
    ck_assert_uint_eq(actual->pc, expected->pc);
    ck_assert_uint_eq(actual->mode, expected->mode);
    ck_assert_uint_eq(actual->reservation.valid, expected->reservation.valid);
    ck_assert_uint_eq(actual->sstatus, expected->sstatus);
    ck_assert_uint_eq(actual->sie, expected->sie);
    ck_assert_uint_eq(actual->sip, expected->sip);
    ck_assert_uint_eq(actual->stvec, expected->stvec);
    ck_assert_uint_eq(actual->sscratch, expected->sscratch);
    ck_assert_uint_eq(actual->sepc, expected->sepc);
    ck_assert_uint_eq(actual->scause, expected->scause);
    ck_assert_uint_eq(actual->stval, expected->stval);
    ck_assert_uint_eq(actual->scounteren, expected->scounteren);
    ck_assert_uint_eq(actual->senvcfg, expected->senvcfg);
    ck_assert_uint_eq(actual->satp, expected->satp);
    ck_assert_uint_eq(actual->retired, expected->retired);
    ck_assert_uint_eq(actual->skipped, expected->skipped);
    ck_assert(hart_equal(actual, expected));
}

struct hart rig_next(const struct rig *rig)
{
    struct hart next = rig->hart;

    next.pc += 4;
    next.retired++;
    return next;
}

void rig_expect_retired(struct rig *rig, uint32_t raw, const struct hart *expected)
{
    bool retired = rig_exec(rig, raw);

    ck_assert_msg(retired, "%08x trapped with cause %u", raw, rig->env.trap.cause);
    rig_expect_hart(&rig->hart, expected);
}

void rig_expect_trap(struct rig *rig, uint32_t raw, uint32_t cause, uint32_t tval)
{
    struct hart before = rig->hart;

    ck_assert_msg(!rig_exec(rig, raw), "%08x did not trap", raw);
    ck_assert_uint_eq(rig->env.trap.cause, cause);
    ck_assert_uint_eq(rig->env.trap.tval, tval);
    rig_expect_hart(&rig->hart, &before);
}
