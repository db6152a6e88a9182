/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spec.c - isa/exec.c, one instruction after another, over memory in which page tables keep the
 * contents that they had when first walked: a TLB that never evicts. Only the pages that
 * states.c puts tables in are copied; no program of its own reaches them.
 */
#include "tools/classify/spec.h"

#include "tools/classify/classify.h"

static bool is_table(uint64_t pa)
{
    for (unsigned place = CLASSIFY_HERE; place < CLASSIFY_PLACES; place++)
        if (pa == (uint64_t)(classify_satp((enum classify_place)place) & SATP_PPN)
                      << PAGE_SHIFT ||
            pa == (classify_pte_pa((enum classify_place)place, 0) & ~PAGE_MASK))
            return true;
    return false;
}

static uint8_t *held_table(struct classify_spec *spec, uint64_t pa)
{
    unsigned i = 0;

    while (i < spec->held && spec->tables[i].pa != pa)
        i++;
    if (i == spec->held) {
        spec->tables[i].pa = pa;
        memcpy(spec->tables[i].bytes, spec->engine.phys.ram + pa, PAGE_SIZE);
        spec->held++;
    }
    return spec->tables[i].bytes;
}

static uint8_t *page(struct phys *phys, uint64_t pa, bool store)
{
    struct classify_spec *spec = phys->owner;

    if (pa >= spec->engine.phys.size)
        return NULL;
    if (!store && is_table(pa))
        return held_table(spec, pa);
    return spec->engine.phys.ram + pa;
}

static bool owner_must_look(const struct exec_env *env)
{
    if (env->event == EXEC_CSR || env->event == EXEC_SRET)
        return hart_interrupt(env->hart) != 0;
    return env->event == EXEC_WFI;
}

static void run(struct engine *engine, struct hart *hart, uint64_t budget,
                struct engine_exit *exit)
{
    struct classify_spec *spec = (struct classify_spec *)engine;
    struct exec_env env = {.hart = hart, .phys = &spec->walked, .variant = engine->variant};

    *exit = (struct engine_exit){.stop = ENGINE_BUDGET};
    for (; budget && exit->stop == ENGINE_BUDGET; budget--) {
        if (!exec_step(&env))
            *exit = (struct engine_exit){.stop = ENGINE_TRAP, .trap = env.trap};
        else if (owner_must_look(&env))
            *exit = (struct engine_exit){.stop = ENGINE_EVENT, .event = env.event};
        if (env.event == EXEC_SFENCE_VMA)
            spec->held = 0;
    }
}

static void drop_all(struct engine *engine)
{
    ((struct classify_spec *)engine)->held = 0;
}

static const struct engine_ops ops = {
    .name = "spec",
    .abilities = ENGINE_NATIVE,
    .run = run,
    .drop_all = drop_all,
};

void classify_spec_init(struct classify_spec *spec, uint8_t *ram)
{
    memset(spec, 0, sizeof *spec);
    spec->engine.ops = &ops;
    spec->engine.phys = (struct phys){.ram = ram, .size = CLASSIFY_RAM};
    spec->walked = (struct phys){.page = page, .owner = spec};
}
