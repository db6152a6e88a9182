/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.c - the loop around translated code: finds code for the hart's pc, enters it, and handles
 * the reason for which it returned. translate.c makes the code.
 */
#include "isa/csr.h"
#include "isa/engine/jit/hostregs.h"
#include "isa/engine/jit/internal.h"

/* Not inlined, so that the code that runs at every exit needs no stack frame. */
#define NOINLINE __attribute__((noinline))

/* ---- The address space that the hart is in ---- */

static inline void choose_space(struct jit *jit)
{
    uint64_t key = key_of(&jit->env);

    if (jit->key != key)
        space_choose(jit, key);
}

/*
 * SFENCE.VMA of a native hart, or of one under the same second stage. It is not worth finding out
 * exactly which of its roots it applies to.
 */
static void fence(struct jit *jit)
{
    const struct exec_fence *fence = &jit->env.fence;

    for (uint32_t i = 0; i < jit->spaces_used; i++) {
        struct space *space = space_at(jit, i);

        if (!jit->slots[i].used || ((jit->slots[i].key ^ jit->key) & KEY_WHOSE))
            continue;
        if (fence->one_va)
            space_drop_page(jit, space, fence->va);
        else
            space_drop(jit, space);
    }
}

/* ---- Code for a pc ---- */

/* The physical address that va is fetched from. False: it traps. */
static bool walk_fetch(struct jit *jit, uint32_t va, struct sv32_walk *walk)
{
    struct sv32_space where = exec_space(&jit->env);
    const struct phys *phys = &jit->engine.phys;
    enum sv32_result result = sv32_translate(&where, va, ACCESS_FETCH, walk);

    if (result == SV32_OK && walk->pa - phys->base >= phys->size)
        result = SV32_ACCESS_FAULT;
    if (result == SV32_OK)
        return true;
    jit->env.trap = sv32_trap(result, ACCESS_FETCH, va, walk);
    jit->insn = NULL;
    return false;
}

static uint32_t *met_view(struct jit *jit, uint32_t va)
{
    return &jit->met_views[(va >> PAGE_SHIFT) % MET_VIEWS];
}

static struct view *enter_view(struct jit *jit, uint32_t va, const struct sv32_walk *walk)
{
    struct view *view = cache_view(jit, walk->pa, va, key_in_place(&jit->env));

    space_set_view(jit, jit->space, va, view, walk->level != 0);
    *met_view(jit, va) = (uint32_t)(view - jit->cache.views);
    return view;
}

/*
 * The view of va's page if the space's table has it, as a TLB would: no walk is needed. NULL: it
 * has none, or another view was met at such a page since.
 */
static struct view *known_view(struct jit *jit, uint32_t va)
{
    uint32_t id = jit->space->fetch[va >> PAGE_SHIFT];
    struct view *view = &jit->cache.views[*met_view(jit, va)];

    return id && view->id == id ? view : NULL;
}

static const uint8_t *host_of(const struct jit *jit, uint64_t pa)
{
    return jit->engine.phys.ram + (pa - jit->engine.phys.base);
}

/* The half of the instruction at pc that lies in the next page, if it has one there. */
static bool find_second(struct jit *jit, const struct sv32_walk *first)
{
    struct second *second = &jit->second;
    uint32_t va = jit->env.hart->pc + 2;
    struct sv32_walk walk;
    struct view *view;
    uint16_t low, high;

    second->id = 0;
    memcpy(&low, host_of(jit, first->pa), sizeof low);
    if (va & PAGE_MASK || !insn_is_wide(low))
        return true;
    if (!walk_fetch(jit, va, &walk))
        return false;
    view = enter_view(jit, va, &walk);
    cache_translated(jit, view, 1);
    memcpy(&high, host_of(jit, walk.pa), sizeof high);
    *second = (struct second){.id = view->id, .raw = low | (uint32_t)high << 16};
    return true;
}

/* The view of the page that pc is fetched from. False: it traps. */
static bool find_view(struct jit *jit, struct view **view)
{
    uint32_t pc = jit->env.hart->pc;
    struct sv32_walk walk;

    if (!cache_room(jit))
        cache_flush(jit);
    *view = known_view(jit, pc);
    if (*view && (pc & PAGE_MASK) < PAGE_SIZE - 2) {
        jit->second.id = 0;
        return true;
    }
    if (!walk_fetch(jit, pc, &walk) || !find_second(jit, &walk))
        return false;
    *view = enter_view(jit, pc, &walk);
    return true;
}

/* Is the hart at a stop? Its retired count may lag. */
static bool meets_stop(struct jit *jit)
{
    struct hart *hart = jit->env.hart;

    if (!jit->engine.stops)
        return false;
    hart->retired = jit->end - jit->leaving.left;
    jit->met = stops_here(&jit->engine, hart);
    return jit->met;
}

/* The instruction at pc, if it is all in the view's page and no stop. */
static const struct insn *insn_at(const struct jit *jit, const struct view *view, uint32_t pc)
{
    uint32_t offset = pc & PAGE_MASK;

    if (pc - view->va > PAGE_SIZE - 4 ||
        (jit->engine.stops && stops_have(jit->engine.stops, pc)))
        return NULL;
    return spec_decode(jit->spec, load_le32(host_of(jit, view->pa) + offset));
}

/* What run_system() can do of the code that the jump leads to, without entering it. */
static NOINLINE struct cluster cluster_at(struct jit *jit, const struct jump_entry *jump)
{
    struct cluster cluster = {.code = jump->code};
    const struct view *view = sample_view(jit, jump->va);
    const struct insn *insn = view ? insn_at(jit, view, jump->va) : NULL;

    if (insn && (insn->id == INSN_lw || insn->id == INSN_sw)) {
        cluster.access = insn->raw;
        insn = insn_at(jit, view, jump->va + insn->len);
    }
    if (insn && insn_leaves(view, insn))
        cluster.system = insn->raw;
    return cluster;
}

/* The same if the jump table lacks the pc; adds it. A stop takes precedence over the fetch. */
static NOINLINE const void *enter_code(struct jit *jit)
{
    uint32_t pc = jit->env.hart->pc, *entry;
    struct view *view;
    const void *code;

    if (meets_stop(jit) || !find_view(jit, &view))
        return NULL;
    entry = &view->entry[(pc & PAGE_MASK) / 2];
    if (!*entry)
        *entry = translate(jit, view, pc);
    code = jit->cache.execute + *entry;
    space_set_jump(jit->space, pc, code);
    return code;
}

/*
 * Host code for the hart's pc, translated if necessary. NULL: fetching it traps, or
 * meets_stop().
 */
static inline const void *find_code(struct jit *jit)
{
    uint32_t pc = jit->env.hart->pc;
    const struct jump_entry *jump = space_jump(jit->space, pc);

    return jump->va == pc ? (const void *)(uintptr_t)jump->code : enter_code(jit);
}

/* ---- Why code came back ---- */

/*
 * GO_ON: unless the budget is used up. Plain numbers, because they are passed through several
 * functions.
 */
enum outcome { GO_ON, TRAPPED, EVENT, LEFT, MET };

static enum engine_stop stop_of(enum outcome outcome)
{
    static const uint8_t stop[] = {
        [GO_ON] = ENGINE_BUDGET, [TRAPPED] = ENGINE_TRAP, [EVENT] = ENGINE_EVENT,
        [LEFT] = ENGINE_LEFT,    [MET] = ENGINE_AT_STOP,
    };

    return (enum engine_stop)stop[outcome];
}

/* An instruction was not executed. */
static enum outcome refused(const struct jit *jit)
{
    return jit->met ? MET : TRAPPED;
}

/* After an instruction that isa/exec has executed. */
static enum outcome after_event(struct jit *jit)
{
    switch (jit->env.event) {
    case EXEC_WFI: return EVENT;
    case EXEC_PAUSE: return jit->engine.pauses ? EVENT : GO_ON;
    case EXEC_SFENCE_VMA: fence(jit); return GO_ON;
    case EXEC_CSR:
    case EXEC_SRET:
        if (hart_interrupt(jit->env.hart))
            return EVENT;
        choose_space(jit);
        return GO_ON;
    case EXEC_NOTHING:
    case EXEC_FENCE_I: break;
    }
    return GO_ON;
}

static enum outcome finish_step(struct jit *jit, bool retired)
{
    if (!retired)
        return refused(jit);
    jit->leaving.left--;
    return after_event(jit);
}

/* One instruction, fetched as the specification does. */
static enum outcome step(struct jit *jit)
{
    uint32_t raw;

    if (meets_stop(jit))
        return MET;
    jit->insn = NULL;
    return finish_step(jit, exec_fetch(&jit->env, &raw) && helper_exec(jit, raw));
}

/* The page that instructions are fetched from, cached to avoid a walk for each. */
struct window {
    const uint8_t *host; /* NULL: none */
    uint32_t va;
};

/* Like step(), but fetches from the window if possible, and updates it. */
static enum outcome step_in(struct jit *jit, struct window *window)
{
    uint32_t pc = jit->env.hart->pc, offset = pc & PAGE_MASK;
    struct sv32_walk walk;
    enum outcome outcome;

    if (offset > PAGE_SIZE - 4 || (pc & 1) || jit->engine.stops)
        return step(jit);
    if (!window->host || window->va != (pc & ~PAGE_MASK)) {
        if (!walk_fetch(jit, pc, &walk))
            return TRAPPED;
        *window =
            (struct window){.host = host_of(jit, walk.pa) - offset, .va = pc & ~PAGE_MASK};
    }
    outcome = finish_step(jit, helper_exec(jit, load_le32(window->host + offset)));
    if (jit->env.event != EXEC_NOTHING)
        window->host = NULL;
    return outcome;
}

/* What is left of the budget is less than a block. */
static enum outcome finish_budget(struct jit *jit)
{
    struct window window = {.host = NULL};
    enum outcome outcome = GO_ON;

    while (outcome == GO_ON && jit->leaving.left)
        outcome = step_in(jit, &window);
    return outcome;
}

/* Links a jump to `code`, if no code has been invalidated since it was taken. */
static void patch(struct jit *jit, const struct link *link, const void *code)
{
    struct cache *cache = &jit->cache;
    uint32_t offset = (uint32_t)((const uint8_t *)code - cache->execute);
    uint32_t id = jit->space->fetch[link->pc >> PAGE_SHIFT];

    if (!link->guard && id != link->view)
        return; /* the page was moved without notification: keep it out of shared code */
    emit_target(cache->write + link->site, cache->write + offset);
    if (link->guard)
        memcpy(cache->write + link->guard, &id, sizeof id);
}

/* A jump to pc that is not resolved; a guess, unless it is a link. */
static enum outcome follow_link(struct jit *jit, uint32_t pc, bool is_link)
{
    const struct link *link = &jit->cache.links[jit->leaving.arg];
    uint64_t epoch = jit->cache.epoch;
    const void *code;

    jit->env.hart->pc = pc;
    if (!jit->leaving.left)
        return GO_ON;
    code = find_code(jit);
    if (!code)
        return refused(jit);
    if (jit->cache.epoch != epoch)
        return GO_ON;
    if (is_link)
        patch(jit, link, code);
    else
        guess_settle(jit, link, pc, code);
    return GO_ON;
}

/* What is left is less than a block, or nothing, and there is more: after a sample. */
static void next_portion(struct jit *jit)
{
    uint64_t more = jit->rest < SAMPLE ? jit->rest : SAMPLE;

    sample_take(jit);
    jit->leaving.left += more;
    jit->end += more;
    jit->rest -= more;
}

/* Before the hart starts or continues. */
static inline void set_out(struct jit *jit, uint64_t budget)
{
    jit->env.deprivileged = jit->engine.space.deprivileged;
    jit->env.root = jit->engine.space.root;
    jit->env.hgatp = jit->engine.space.hgatp;
    jit->env.in_place = jit->engine.space.in_place;
    jit->env.asked = jit->engine.space.asked;
    jit->env.variant = jit->engine.variant;
    jit->env.event = EXEC_NOTHING;
    jit->leaving.left = budget < SAMPLE ? budget : SAMPLE;
    jit->rest = budget - jit->leaving.left;
    jit->end = jit->env.hart->retired + jit->leaving.left;
    jit->stopped = jit->met = false;
    choose_space(jit);
}

/* A helper has ended translated code. */
static enum outcome helper_stopped(struct jit *jit)
{
    if (jit->offered == ENGINE_ENDS)
        return LEFT;
    if (jit->offered == ENGINE_GOES_ON)
        set_out(jit, jit->budget);
    return jit->stopped ? refused(jit) : after_event(jit);
}

static enum outcome came_back(struct jit *jit, enum reason reason)
{
    struct leaving *leaving = &jit->leaving;

    if (reason == REASON_STOP)
        return helper_stopped(jit);
    if (reason == REASON_LINK)
        return follow_link(jit, jit->cache.links[leaving->arg].pc, true);
    if (reason == REASON_GUESS)
        return follow_link(jit, leaving->raw & ~1u, false); /* as JALR does */
    jit->env.hart->pc = leaving->arg;
    if (reason == REASON_LOOKUP) {
        jit->env.hart->pc &= ~1u; /* as JALR does */
        return GO_ON;
    }
    jit->env.hart->retired = jit->end - leaving->left;
    if (reason == REASON_BUDGET) {
        if (!jit->rest)
            return finish_budget(jit);
        next_portion(jit);
        return GO_ON;
    }
    if (!leaving->left)
        return GO_ON;
    return step(jit);
}

/*
 * `insn` is the instruction that trapped, if known. The user's handler may have changed the
 * hart in any way.
 */
static inline enum outcome ask(struct jit *jit, const struct insn *insn)
{
    uint64_t budget = 0;

    if (!engine_ask(&jit->engine, &jit->env.trap, insn, &budget))
        return LEFT;
    set_out(jit, budget);
    return GO_ON;
}

static NOINLINE const void *end_run(struct jit *jit, enum outcome outcome)
{
    if (outcome != LEFT) /* otherwise the handler decides */
        jit->env.hart->retired = jit->end - jit->leaving.left;
    jit->stop = stop_of(outcome);
    return NULL;
}

/*
 * A trap outside translated code, or in code that has stored its pc in the hart. In non-root mode
 * the hart may take it itself. Otherwise the user's handler, if there is one, is called.
 */
static enum outcome trapped(struct jit *jit)
{
    struct hart *hart = jit->env.hart;

    hart->retired = jit->end - jit->leaving.left;
    if (engine_trap_stays(&jit->engine, &jit->env.trap)) {
        if (!engine_deliver(&jit->engine, hart, &jit->env.trap))
            return LEFT;
        jit->stopped = jit->met = false;
        choose_space(jit);
        return GO_ON;
    }
    return jit->engine.handler ? ask(jit, jit->insn) : TRAPPED;
}

/* Where the hart continues after the outcome; NULL: the run is over, and `stop` says why. */
static NOINLINE const void *next_code(struct jit *jit, enum outcome outcome)
{
    for (;;) {
        const void *code;

        if (outcome == TRAPPED)
            outcome = trapped(jit);
        if (outcome != GO_ON || (!jit->leaving.left && !jit->rest))
            return end_run(jit, outcome);
        if (!jit->leaving.left)
            next_portion(jit);
        if (jit->env.hart->pc & 1) {
            outcome = step(jit);
        } else {
            code = find_code(jit);
            if (code)
                return code;
            outcome = refused(jit);
        }
    }
}

/* The same when the next pc is most likely known. */
static inline const void *known_code(struct jit *jit, enum outcome outcome)
{
    uint32_t pc = jit->env.hart->pc;
    const struct jump_entry *jump = space_jump(jit->space, pc);

    if (outcome == GO_ON && jit->leaving.left && jump->va == pc && !(pc & 1))
        return (const void *)(uintptr_t)jump->code;
    return next_code(jit, outcome);
}

const void *run_on(struct jit *jit, enum reason reason)
{
    return next_code(jit, came_back(jit, reason));
}

/*
 * In place, accesses to CSRs come here only if their translated code found that they must trap
 * (csr.c). So only an sret that stays in supervisor mode may be executed.
 */
static bool stays(const struct jit *jit, const struct insn *insn)
{
    return insn->id == INSN_sret && (jit->env.hart->sstatus & SSTATUS_SPP);
}

/* Like exec_insn(), but with a shortcut for instructions that certainly trap. */
static inline bool runs(struct jit *jit, const struct insn *insn)
{
    if (exec_permitted(&jit->env, insn))
        return exec_insn(&jit->env, insn);
    if (exec_is_in_place(&jit->env) ? stays(jit, insn) : jit->env.variant != NULL)
        return exec_insn(&jit->env, insn);
    exec_refuse(&jit->env, insn);
    return false;
}

/* One instruction that changes no memory: it retires, or the handler is called at once. */
static inline enum outcome system_insn(struct jit *jit, const struct insn *insn)
{
    jit->stats.slow++;
    if (!runs(jit, insn)) {
        jit->insn = insn;
        if (jit->engine.space.hgatp || !jit->engine.handler)
            return TRAPPED;
        return ask(jit, insn);
    }
    jit->engine.interpreted += !jit->env.in_place; /* else exec_in_place() has counted it */
    jit->leaving.left--;
    return after_event(jit);
}

/* Does a load or store as translated code does. False: translated code has to do it. */
static inline bool access_word(struct jit *jit, const struct insn *insn)
{
    struct hart *hart = jit->env.hart;
    uint32_t va = hart->x[insn->rs1] + (uint32_t)insn->imm;
    bool store = insn->id == INSN_sw;
    uint64_t addend = (store ? jit->space->store : jit->space->load)[va >> PAGE_SHIFT];
    uint8_t *at = (uint8_t *)(uintptr_t)(addend + va);

    if (!addend || va & 3)
        return false;
    if (store)
        store_le32(at, hart->x[insn->rs2]);
    else if (insn->rd)
        hart->x[insn->rd] = load_le32(at);
    hart->pc += insn->len;
    hart->retired++;
    jit->leaving.left--;
    return true;
}

static inline const struct cluster *cluster_of(struct jit *jit, const struct jump_entry *jump)
{
    struct cluster *cluster = &jit->clusters[jump->va / 2 % CLUSTERS];

    if (cluster->code != jump->code)
        *cluster = cluster_at(jit, jump);
    return cluster;
}

/* If a cluster continues at the hart's pc: the bits of the next instruction to run; otherwise 0. */
static inline uint32_t goes_on_with(struct jit *jit)
{
    const struct jump_entry *jump = space_jump(jit->space, jit->env.hart->pc);
    const struct cluster *cluster;

    if (jump->va != jit->env.hart->pc)
        return 0;
    cluster = cluster_of(jit, jump);
    if (!cluster->system)
        return 0;
    if (cluster->access &&
        (!access_word(jit, spec_decode(jit->spec, cluster->access)) || !jit->leaving.left))
        return 0;
    return cluster->system;
}

/*
 * A cluster of such instructions: if the next code would only leave again, it is not entered
 * (Agesen, Mattson, Rugina and Sheldon, ATC 2012). Each counts as an exit all the same.
 */
const void *run_system(struct jit *jit)
{
    struct hart *hart = jit->env.hart;
    uint32_t raw = jit->leaving.raw;

    hart->pc = jit->leaving.arg;
    hart->retired = jit->end - jit->leaving.left;
    if (!jit->leaving.left)
        return next_code(jit, GO_ON);
    for (;;) {
        enum outcome outcome = system_insn(jit, spec_decode(jit->spec, raw));

        raw = outcome == GO_ON && jit->leaving.left ? goes_on_with(jit) : 0;
        if (!raw)
            return known_code(jit, outcome);
        jit->stats.clustered++;
    }
}

/*
 * Halves that were written separately must be read separately: one read of both cannot be
 * forwarded from the host's store buffer, and the wait would be a third of an exit's cost.
 */
static void tell_trap(const volatile struct trap *from, struct trap *to)
{
    to->cause = from->cause;
    to->tval = from->tval;
    to->tval2 = from->tval2;
    to->tinst = from->tinst;
}

void run_hart(struct engine *engine, struct hart *hart, uint64_t budget,
              struct engine_exit *exit)
{
    struct jit *jit = (struct jit *)engine;
    const void *code;

    jit->env.hart = hart;
    jit->env.phys = &jit->engine.phys;
    set_out(jit, budget);
    code = known_code(jit, GO_ON);
    if (code && jit->windows)
        window_enter(jit);
    if (code)
        jit->enter((uint8_t *)hart + HART_BIAS, code, jit->window, jit->leaving.left);
    window_leave();
    space_tell_translated(jit);
    exit->stop = jit->stop;
    exit->event = jit->stop == ENGINE_EVENT ? jit->env.event : EXEC_NOTHING;
    if (jit->stop == ENGINE_TRAP)
        tell_trap(&jit->env.trap, &exit->trap);
    else
        exit->trap = (struct trap){0};
}
