/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn_run.c - running the engine `unicorn`: exact budgets, traps and counts, from a CPU that
 * counts nothing and reports only the cause of a trap. unicorn_cpu.c drives that CPU,
 * unicorn_blocks.c reads its blocks, unicorn_code.c keeps its code.
 *
 * Before each block the CPU calls on_block(): the block's instructions are charged to the
 * budget; if they exceed it, the CPU stops before the block, and the rest of the budget is
 * interpreted. After a trap inside a block, the instructions from the trap on are refunded.
 *
 * After a trap other than ECALL the interpreter runs the same instruction, which gives the
 * cause and tval of the specification. If it does not trap there (the CPU's TLB was stale, or
 * the CPU rejects a valid encoding), one instruction has retired and the run continues. The
 * same happens when the library stops for an unknown reason: there is always progress.
 */
#include "isa/engine/unicorn_run.h"

#include "isa/engine/engine.h"

/* ---- What the CPU calls ---- */

static void stop_before(struct unicorn *unicorn, enum stop stop, const struct block *block)
{
    unicorn->stop = stop;
    unicorn->refused = block->count;
    unicorn->refused_size = block->size ? block->size : 1;
    unicorn_library.emu_stop(unicorn->cpu.uc);
}

static void on_block(uc_engine *uc, uint64_t address, uint32_t size, void *owner)
{
    struct unicorn *unicorn = owner;
    const struct block *block;

    (void)uc;
    if (unicorn->cpu.entering) {
        unicorn->cpu.entering = false;
        return;
    }
    block = blocks_find(&unicorn->blocks, unicorn->cpu.root, (uint32_t)address, size);
    if (unicorn->attend) {
        stop_before(unicorn, STOP_ATTEND, block);
        return;
    }
    if (block->verdict != BLOCK_RUN) {
        stop_before(unicorn, block->verdict == BLOCK_STALE ? STOP_STALE : STOP_INTERPRET,
                    block);
        return;
    }
    if (block->count > unicorn->left) {
        stop_before(unicorn, STOP_SHORT, block);
        return;
    }
    unicorn->left -= block->count;
    unicorn->va = block->va;
    unicorn->size = block->size;
    unicorn->count = block->count;
    unicorn->attend = block->fences;
}

static void on_trap(uc_engine *uc, uint32_t cause, void *owner)
{
    struct unicorn *unicorn = owner;

    unicorn->stop = STOP_TRAP;
    unicorn->cause = cause;
    unicorn_library.emu_stop(uc);
}

/*
 * The library's buffer for translations must never fill up: version 2.0.1 then crashes, or
 * reports wrong pcs for traps from then on. It holds 1 GiB; a block was measured to take 320
 * bytes plus up to 47 for each of its bytes, so this limit is far below.
 */
#define TRANSLATED_LIMIT (64u << 20)
#define TRANSLATED_BLOCK 512u
#define TRANSLATED_BYTE 64u

/* The bytes of a block may differ from when it was last counted. */
static void on_translated(uc_engine *uc, uc_tb *block, uc_tb *previous, void *owner)
{
    struct unicorn *unicorn = owner;

    (void)uc, (void)previous;
    blocks_forget(&unicorn->blocks);
    unicorn->translated += TRANSLATED_BLOCK + TRANSLATED_BYTE * block->size;
    unicorn->attend |= unicorn->translated > TRANSLATED_LIMIT;
}

const struct unicorn_hooks unicorn_hooks = {
    .block = on_block,
    .trap = on_trap,
    .translated = on_translated,
};

/* ---- Forgetting translations ---- */

void unicorn_forget_code(struct unicorn *unicorn, uint64_t pa, uint64_t len)
{
    uint64_t first = pa & ~(uint64_t)(CODE_LINE - 1);
    uint64_t end = (pa + len + CODE_LINE - 1) & ~(uint64_t)(CODE_LINE - 1);

    unicorn_cpu_forget_code(&unicorn->cpu, first, end - first);
    code_forgotten(&unicorn->code, first, end - first);
    blocks_forget(&unicorn->blocks);
}

/* Drops the block that was found stale, page by page. */
static void forget_block(struct unicorn *unicorn, uint32_t va, uint32_t size)
{
    uint64_t pa;

    for (uint32_t n; size; va += n, size -= n) {
        uint32_t room = PAGE_SIZE - (va & PAGE_MASK);

        n = size < room ? size : room;
        if (blocks_locate(&unicorn->blocks, unicorn->cpu.root, va, &pa))
            unicorn_forget_code(unicorn, pa, n);
    }
}

/* After FENCE.I: drops every translation whose code has changed. */
static void forget_changed_code(struct unicorn *unicorn)
{
    uint64_t pa;

    while (code_find_changed(&unicorn->code, &pa))
        unicorn_forget_code(unicorn, pa, CODE_LINE);
}

/* Drops everything, including the CPU itself. */
static void renew_cpu(struct unicorn *unicorn)
{
    unicorn_cpu_renew(&unicorn->cpu);
    code_forgotten(&unicorn->code, 0, unicorn->engine.phys.size);
    blocks_forget(&unicorn->blocks);
    unicorn->translated = 0;
    unicorn->renewals++;
}

static void attend(struct unicorn *unicorn)
{
    unicorn->attend = false;
    if (unicorn->translated > TRANSLATED_LIMIT)
        renew_cpu(unicorn);
    else
        forget_changed_code(unicorn);
}

/* ---- Interpreting ---- */

/* ENGINE_BUDGET: it has retired. */
static enum engine_stop interpret_one(struct unicorn *unicorn, struct exec_env *env)
{
    const struct insn *insn;
    uint32_t raw;

    if (stops_here(&unicorn->engine, env->hart))
        return ENGINE_AT_STOP;
    if (!exec_fetch(env, &raw))
        return ENGINE_TRAP;
    insn = spec_decode(&unicorn->spec, raw);
    if (stops_access(&unicorn->engine, env, insn))
        return ENGINE_AT_STOP;
    if (!exec_insn(env, insn))
        return ENGINE_TRAP;
    unicorn->attend |= env->event == EXEC_FENCE_I;
    unicorn->engine.interpreted++;
    unicorn->left--;
    return env->event == EXEC_PAUSE && unicorn->engine.pauses ? ENGINE_EVENT : ENGINE_BUDGET;
}

/* Interpret up to `count` instructions, within the budget. False: the run has ended. */
static bool interpret(struct unicorn *unicorn, struct hart *hart, uint64_t count,
                      struct engine_exit *exit)
{
    struct exec_env env = {
        .hart = hart,
        .phys = &unicorn->spec.engine.phys,
        .deprivileged = true,
        .root = unicorn->engine.space.root,
        .variant = unicorn->engine.variant,
    };

    for (; count && unicorn->left; count--) {
        exit->stop = interpret_one(unicorn, &env);
        if (exit->stop != ENGINE_BUDGET) {
            exit->trap = exit->stop == ENGINE_TRAP ? env.trap : (struct trap){0};
            exit->event = exit->stop == ENGINE_EVENT ? env.event : EXEC_NOTHING;
            return false;
        }
    }
    return true;
}

/* ---- Running ---- */

static bool fetch_failed(const struct unicorn *unicorn)
{
    return unicorn->stop == STOP_TRAP &&
           (unicorn->cause == CAUSE_INSN_PAGE_FAULT || unicorn->cause == CAUSE_INSN_ACCESS);
}

/*
 * Instructions of the current block that have not run, pc being where the CPU stopped. If it
 * stopped on entry to another block, all have run, though pc may be inside this one.
 */
static uint32_t unfinished(struct unicorn *unicorn, uint32_t pc, uc_err err)
{
    bool stopped_before_one = unicorn->stop != STOP_TRAP && unicorn->stop != STOP_NONE;
    bool between_blocks = stopped_before_one || fetch_failed(unicorn) ||
                          err == UC_ERR_FETCH_UNMAPPED || err == UC_ERR_FETCH_PROT;

    if (between_blocks || pc - unicorn->va >= unicorn->size)
        return 0;
    return unicorn->count -
           blocks_count(&unicorn->blocks, unicorn->cpu.root, unicorn->va, pc - unicorn->va);
}

/* Runs on the CPU until it stops; the hart is then exact. */
static void run_cpu(struct unicorn *unicorn, struct hart *hart)
{
    uint64_t budget = unicorn->left;
    uc_err err;

    unicorn->stop = STOP_NONE;
    unicorn->size = 0;
    err = unicorn_cpu_run(&unicorn->cpu, hart, unicorn->engine.space.root);
    if (unicorn->cpu.broken) {
        unicorn->left = budget; /* none of it has reached the hart */
        unicorn->stop = STOP_NONE;
        return;
    }
    if (unicorn->stop == STOP_TRAP)
        hart->pc -= 4; /* the library has moved it on, whatever the instruction's length */
    unicorn->left += unfinished(unicorn, hart->pc, err);
    hart->retired += budget - unicorn->left;
}

/* The library stopped without a trap: at an EBREAK, or because of an internal failure. */
static bool find_reason(struct unicorn *unicorn, struct hart *hart, struct engine_exit *exit)
{
    bool retired = interpret(unicorn, hart, 1, exit);

    unicorn->failures += retired;
    return retired;
}

static bool trapped(struct unicorn *unicorn, struct hart *hart, struct engine_exit *exit)
{
    if (unicorn->cause != CAUSE_ECALL_USER)
        return interpret(unicorn, hart, 1, exit);
    *exit = (struct engine_exit){.stop = ENGINE_TRAP, .trap = {.cause = CAUSE_ECALL_USER}};
    return false;
}

/* Handles the reason for which the CPU stopped. False: the run has ended. */
static bool go_on(struct unicorn *unicorn, struct hart *hart, struct engine_exit *exit)
{
    switch (unicorn->stop) {
    case STOP_NONE: return find_reason(unicorn, hart, exit);
    case STOP_SHORT: return interpret(unicorn, hart, unicorn->left, exit);
    case STOP_STALE: forget_block(unicorn, hart->pc, unicorn->refused_size); break;
    case STOP_INTERPRET: break;
    case STOP_ATTEND: return true;
    case STOP_TRAP: return trapped(unicorn, hart, exit);
    }
    return interpret(unicorn, hart, unicorn->refused, exit);
}

/* The library's CPU does not report single accesses. */
static bool is_watching(const struct unicorn *unicorn)
{
    return unicorn->engine.stops && unicorn->engine.stops->watch_count &&
           !unicorn->engine.passed.all;
}

/* One round on the CPU and its handling. False: the run has ended. */
static bool take_turn(struct unicorn *unicorn, struct hart *hart, struct engine_exit *exit)
{
    if (unicorn->attend)
        attend(unicorn);
    if (unicorn->cpu.broken || is_watching(unicorn))
        return interpret(unicorn, hart, unicorn->left, exit);
    run_cpu(unicorn, hart);
    return go_on(unicorn, hart, exit);
}

/*
 * A round may retire nothing, if the CPU only had to drop something stale. If that repeats, the
 * library cannot run this instruction.
 */
#define IDLE_TURNS 4u

void unicorn_run(struct engine *engine, struct hart *hart, uint64_t budget,
                 struct engine_exit *exit)
{
    struct unicorn *unicorn = (struct unicorn *)engine;
    unsigned idle = 0;

    if (!engine->space.deprivileged) {
        unicorn->spec.engine.variant = engine->variant;
        unicorn->spec.engine.stops = engine->stops;
        unicorn->spec.engine.passed = engine->passed;
        unicorn->spec.engine.pauses = engine->pauses;
        engine_run(&unicorn->spec.engine, hart, budget, exit);
        return;
    }
    blocks_set_interpreted(&unicorn->blocks, engine->variant != NULL, engine->pauses);
    *exit = (struct engine_exit){.stop = ENGINE_BUDGET};
    for (unicorn->left = budget; unicorn->left;) {
        uint64_t before = unicorn->left;

        if (!take_turn(unicorn, hart, exit))
            return;
        idle = unicorn->left == before ? idle + 1 : 0;
        if (idle > IDLE_TURNS && !interpret(unicorn, hart, 1, exit))
            return;
    }
}
