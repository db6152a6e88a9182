/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * space.h - address-space identifiers, for cpu.c alone: which guest's root has which, and what is
 * dropped. The fences themselves are in fence.h.
 */
#ifndef PZ_ISA_ENGINE_CPU_SPACE_H
#define PZ_ISA_ENGINE_CPU_SPACE_H

#include "isa/engine/cpu/fence.h"

/* The identifier of a root; 0: it has none, and nothing is cached of it. */
static uint32_t find_space(struct cpu *cpu, uint32_t root)
{
    uint8_t *hint = &cpu->hints[root % CPU_SPACES];

    if (cpu->spaces[*hint] == root)
        return *hint;
    for (uint32_t asid = 1; asid < cpu->space_count; asid++)
        if (cpu->spaces[asid] == root)
            return *hint = (uint8_t)asid;
    return 0;
}

static uint32_t take_space(struct cpu *cpu, uint32_t root)
{
    uint32_t asid = cpu->next_space;

    cpu->next_space = asid + 1 < cpu->space_count ? asid + 1 : 1;
    if (SATP_ASID(cpu->in_force) == asid)
        retreat(cpu);
    cpu->spaces[asid] = root;
    cpu->crowded[asid] = false;
    fence_space(asid);
    return asid;
}

static void choose_space(struct cpu *cpu)
{
    uint32_t root = cpu->engine.space.root;

    if (cpu->space_count == 1)
        return;
    if (cpu->asid && cpu->spaces[cpu->asid] == root)
        return;
    cpu->asid = find_space(cpu, root);
    if (!cpu->asid)
        cpu->asid = take_space(cpu, root);
}

/* Its table may be gone when this returns. */
static void drop_root(struct engine *engine, uint32_t root)
{
    struct cpu *cpu = (struct cpu *)engine;
    uint32_t asid = find_space(cpu, root);

    if (!asid)
        return;
    if (!((cpu->in_force ^ root) & SATP_PPN))
        retreat(cpu);
    cpu->spaces[asid] = 0;
    cpu->crowded[asid] = false;
    fence_later(cpu, &(struct cpu_fence){.asid = (uint8_t)asid, .whole = true});
}

static void drop_page(struct engine *engine, uint32_t root, uint32_t va)
{
    struct cpu *cpu = (struct cpu *)engine;
    uint32_t asid = find_space(cpu, root);

    if (asid)
        fence_later(cpu, &(struct cpu_fence){.va = va, .asid = (uint8_t)asid});
}

static void drop_all(struct engine *engine)
{
    (void)engine;
    fence_all();
}

#endif
