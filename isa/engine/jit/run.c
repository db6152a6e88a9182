/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.c - the loop around translated code: find code for the hart's pc, enter it, and deal with
 * the reason it came back with. What is in the code is translate.c's.
 */
#include "isa/csr.h"
#include "isa/engine/jit/hostregs.h"
#include "isa/engine/jit/internal.h"

/* ---- The address space that the hart is in ---- */

static struct space_key current_key(const struct exec_env *env)
{
    const struct hart *hart = env->hart;

    if (env->deprivileged)
        return (struct space_key){.satp = env->root, .deprivileged = true};
    if (!(hart->satp & SATP_SV32))
        return (struct space_key){.mode = HART_SUPERVISOR};
    if (hart->mode == HART_USER)
        return (struct space_key){.satp = hart->satp, .mxr = hart->sstatus & SSTATUS_MXR};
    return (struct space_key){
        .satp = hart->satp,
        .mode = hart->mode,
        .sum = hart->sstatus & SSTATUS_SUM,
        .mxr = hart->sstatus & SSTATUS_MXR,
    };
}

static void choose_space(struct jit *jit)
{
    struct space_key key = current_key(&jit->env);
    const struct space *now = jit->space;

    if (now && now->key.satp == key.satp && now->key.mode == key.mode &&
        now->key.sum == key.sum && now->key.mxr == key.mxr &&
        now->key.deprivileged == key.deprivileged)
        return;
    jit->space = space_find(jit, &key);
}

/* SFENCE.VMA of a native hart. Which of its own roots it means is not worth knowing exactly. */
static void fence(struct jit *jit)
{
    const struct exec_fence *fence = &jit->env.fence;

    for (uint32_t i = 0; i < jit->space_count; i++) {
        struct space *space = &jit->spaces[i];

        if (!space->used || space->key.deprivileged)
            continue;
        if (fence->one_va)
            space_drop_page(space, fence->va);
        else
            space_drop(space);
    }
}

/* ---- Code for a pc ---- */

static bool fetch_fault(struct jit *jit, enum sv32_result result)
{
    jit->env.trap =
        (struct trap){.cause = sv32_cause(result, ACCESS_FETCH), .tval = jit->env.hart->pc};
    return false;
}

/* The view of the page that pc is fetched from. False: it traps. */
static bool find_view(struct jit *jit, struct view **view)
{
    struct sv32_space where = exec_space(&jit->env);
    const struct phys *phys = &jit->engine.phys;
    uint32_t pc = jit->env.hart->pc;
    struct sv32_walk walk;
    enum sv32_result result = sv32_translate(&where, pc, ACCESS_FETCH, &walk);

    if (result != SV32_OK)
        return fetch_fault(jit, result);
    if (walk.pa - phys->base >= phys->size)
        return fetch_fault(jit, SV32_ACCESS_FAULT);
    if (!cache_room(jit))
        cache_flush(jit);
    *view = cache_view(jit, walk.pa, pc);
    space_set_view(jit->space, pc, *view, walk.level != 0);
    return true;
}

static const uint8_t *code_at(const struct jit *jit, uint32_t offset)
{
    return jit->cache.execute + offset;
}

/* Host code for the hart's pc, translated if need be. NULL: fetching it traps. */
static const void *find_code(struct jit *jit)
{
    uint32_t pc = jit->env.hart->pc;
    struct jump_entry *jump = space_jump(jit->space, pc);
    uint32_t *entry;
    struct view *view;

    if (jump->va == pc)
        return (const void *)(uintptr_t)jump->code;
    if (!find_view(jit, &view))
        return NULL;
    entry = &view->entry[(pc & PAGE_MASK) / 2];
    if (!*entry)
        *entry = translate(jit, view, pc);
    *jump = (struct jump_entry){.code = (uint64_t)(uintptr_t)code_at(jit, *entry), .va = pc};
    return code_at(jit, *entry);
}

/* ---- Why code came back ---- */

/* The next stop, as engine_run() tells it; ENGINE_BUDGET with `more` while there is none. */
struct outcome {
    bool more;
    enum engine_stop stop;
};

static const struct outcome go_on = {.more = true, .stop = ENGINE_BUDGET};
static const struct outcome trapped = {.stop = ENGINE_TRAP};

/* After an instruction that isa/exec has run. */
static struct outcome after_event(struct jit *jit)
{
    switch (jit->env.event) {
    case EXEC_WFI: return (struct outcome){.stop = ENGINE_EVENT};
    case EXEC_SFENCE_VMA: fence(jit); return go_on;
    case EXEC_CSR:
    case EXEC_SRET:
        if (hart_interrupt(jit->env.hart))
            return (struct outcome){.stop = ENGINE_EVENT};
        choose_space(jit);
        return go_on;
    case EXEC_NOTHING:
    case EXEC_FENCE_I: break;
    }
    return go_on;
}

static struct outcome finish_step(struct jit *jit, bool retired)
{
    if (!retired)
        return trapped;
    jit->leaving.left--;
    return after_event(jit);
}

/* One instruction, fetched as the specification does. */
static struct outcome step(struct jit *jit)
{
    uint32_t raw;

    return finish_step(jit, exec_fetch(&jit->env, &raw) && helper_exec(jit, raw));
}

/* What is left of the budget is less than a block. */
static struct outcome finish_budget(struct jit *jit)
{
    struct outcome outcome = go_on;

    while (outcome.more && jit->leaving.left)
        outcome = step(jit);
    return outcome;
}

/* Resolve a jump to `code`, if nothing has died since it was taken. */
static void patch(struct jit *jit, const struct link *link, const void *code)
{
    struct cache *cache = &jit->cache;
    uint32_t offset = (uint32_t)((const uint8_t *)code - cache->execute);
    uint32_t id = jit->space->fetch[link->pc >> PAGE_SHIFT];

    if (!link->guard && id != link->view)
        return; /* the page has been moved without a word: keep it out of shared code */
    emit_target(cache->write + link->site, cache->write + offset);
    if (link->guard)
        memcpy(cache->write + link->guard, &id, sizeof id);
}

static struct outcome follow_link(struct jit *jit)
{
    const struct link *link = &jit->cache.links[jit->leaving.arg];
    uint64_t epoch = jit->cache.epoch;
    const void *code;

    jit->env.hart->pc = link->pc;
    if (!jit->leaving.left)
        return go_on;
    code = find_code(jit);
    if (!code)
        return trapped;
    if (jit->cache.epoch == epoch)
        patch(jit, link, code);
    return go_on;
}

static struct outcome came_back(struct jit *jit, enum reason reason)
{
    struct leaving *leaving = &jit->leaving;

    if (reason == REASON_STOP)
        return jit->stopped ? trapped : go_on;
    if (reason == REASON_LINK)
        return follow_link(jit);
    jit->env.hart->pc = leaving->arg;
    if (reason == REASON_LOOKUP)
        return go_on;
    jit->env.hart->retired = jit->end - leaving->left;
    if (reason == REASON_BUDGET)
        return finish_budget(jit);
    if (!leaving->left)
        return go_on;
    if (reason == REASON_STEP)
        return step(jit);
    return finish_step(jit, helper_exec(jit, leaving->raw));
}

static void begin(struct jit *jit, struct hart *hart, uint64_t budget)
{
    jit->env.hart = hart;
    jit->env.phys = &jit->engine.phys;
    jit->env.deprivileged = jit->engine.space.deprivileged;
    jit->env.root = jit->engine.space.root;
    jit->env.event = EXEC_NOTHING;
    jit->end = hart->retired + budget;
    jit->leaving.left = budget;
    jit->stopped = false;
    choose_space(jit);
}

/* One turn: into translated code, or one step where there can be none. */
static struct outcome turn(struct jit *jit)
{
    struct hart *hart = jit->env.hart;
    const void *code;

    if (hart->pc & 1)
        return step(jit);
    code = find_code(jit);
    if (!code)
        return trapped;
    return came_back(jit, (enum reason)jit->enter((uint8_t *)hart + HART_BIAS, code, jit->space,
                                                  jit->leaving.left));
}

void run(struct engine *engine, struct hart *hart, uint64_t budget, struct engine_exit *exit)
{
    struct jit *jit = (struct jit *)engine;
    struct outcome outcome = go_on;

    begin(jit, hart, budget);
    while (outcome.more && jit->leaving.left)
        outcome = turn(jit);
    hart->retired = jit->end - jit->leaving.left;
    *exit = (struct engine_exit){.stop = outcome.stop};
    if (outcome.stop == ENGINE_TRAP)
        exit->trap = jit->env.trap;
    else if (outcome.stop == ENGINE_EVENT)
        exit->event = jit->env.event;
}
