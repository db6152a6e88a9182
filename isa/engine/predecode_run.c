/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * predecode_run.c - the loop. What an instruction does is its row's function, in isa/exec_*.c;
 * here are only loads and stores that the table of the address space answers, and what comes
 * between instructions: fetching, traps, events, stops.
 */
#include "isa/decode.h"
#include "isa/engine/predecode.h"
#include "isa/engine/stops.h"
#include "isa/exec_rows.h"

enum outcome { GO_ON, TRAPPED, EVENT, LEFT, MET };

/* The hart's own count lags behind in the loop. */
static inline void count(struct predecode *predecode)
{
    predecode->env.hart->retired = predecode->end - predecode->left;
}

/* Before the hart starts or continues. */
static void set_out(struct predecode *predecode, uint64_t budget)
{
    const struct engine *engine = &predecode->engine;
    struct exec_env *env = &predecode->env;

    env->deprivileged = engine->space.deprivileged;
    env->root = engine->space.root;
    env->hgatp = engine->space.hgatp;
    env->in_place = engine->space.in_place;
    env->asked = engine->space.asked;
    env->variant = engine->variant;
    predecode->left = budget;
    predecode->end = env->hart->retired + budget;
    predecode_space_choose(predecode);
}

/* ---- One instruction by the specification ---- */

static enum outcome after_event(struct predecode *predecode)
{
    switch (predecode->env.event) {
    case EXEC_WFI: return EVENT;
    case EXEC_PAUSE: return predecode->engine.pauses ? EVENT : GO_ON;
    case EXEC_SFENCE_VMA: predecode_space_fence(predecode); return GO_ON;
    case EXEC_CSR:
    case EXEC_SRET:
        if (hart_interrupt(predecode->env.hart))
            return EVENT;
        predecode_space_choose(predecode);
        return GO_ON;
    case EXEC_NOTHING:
    case EXEC_FENCE_I: break;
    }
    return GO_ON;
}

/* An access to memory was made: the next one to this page need not be slow. */
static void fill(struct predecode *predecode, const struct insn *insn, uint32_t va)
{
    switch (insn_desc((enum insn_id)insn->id)->format) {
    case FORMAT_LOAD:
    case FORMAT_LR: predecode_space_fill(predecode, va, ACCESS_LOAD); break;
    case FORMAT_STORE:
    case FORMAT_AMO: predecode_space_fill(predecode, va, ACCESS_STORE); break;
    default: break;
    }
}

static __attribute__((noinline)) enum outcome slow(struct predecode *predecode,
                                                   const struct insn *insn)
{
    struct exec_env *env = &predecode->env;
    uint32_t va = env->hart->x[insn->rs1] + (uint32_t)insn->imm;

    count(predecode);
    if (stops_access(&predecode->engine, env, insn))
        return MET;
    predecode->insn = insn;
    if (!exec_insn(env, insn))
        return TRAPPED;
    predecode->left--;
    if (insn->id != INSN_ILLEGAL)
        fill(predecode, insn, va);
    return after_event(predecode);
}

static bool met(struct predecode *predecode)
{
    count(predecode);
    return stops_here(&predecode->engine, predecode->env.hart);
}

/* Its halves are on two pages. */
static enum outcome split(struct predecode *predecode)
{
    struct insn insn;
    enum outcome outcome;
    uint32_t raw;

    if (met(predecode))
        return MET;
    predecode->insn = NULL;
    if (!exec_fetch(&predecode->env, &raw))
        return TRAPPED;
    insn = decode_insn(raw);
    outcome = slow(predecode, &insn);
    predecode->insn = NULL;
    return outcome;
}

/* ---- The loop ---- */

static inline struct predecode_slot *slot_at(struct predecode_code *code, uint32_t pc)
{
    return &code->slots[(pc & PAGE_MASK) / 2];
}

/* Where a load or store of `width` bytes at va is; NULL: the slow path knows. */
static PZ_IN_LINE uint8_t *load_at(struct predecode *predecode, uint32_t va, unsigned width)
{
    const struct predecode_entry *entry = predecode_entry(predecode, va);

    if (entry->load != (va & (~PAGE_MASK | (width - 1))))
        return NULL;
    return (uint8_t *)(uintptr_t)(entry->addend + va);
}

static PZ_IN_LINE uint8_t *store_at(struct predecode *predecode, uint32_t va, unsigned width)
{
    const struct predecode_entry *entry = predecode_entry(predecode, va);

    if (entry->store != (va & (~PAGE_MASK | (width - 1))))
        return NULL;
    return (uint8_t *)(uintptr_t)(entry->addend + va);
}

/* The type of what a row loads or stores. */
#define TYPE_lb int8_t
#define TYPE_lh int16_t
#define TYPE_lw uint32_t
#define TYPE_lbu uint8_t
#define TYPE_lhu uint16_t
#define TYPE_sb uint8_t
#define TYPE_sh uint16_t
#define TYPE_sw uint32_t

#define NEXT                                                                                   \
    {                                                                                          \
        hart->pc += insn->len;                                                                 \
        predecode->left--;                                                                     \
        break;                                                                                 \
    }
#define RUN_R(id)                                                                              \
    (void)exec_##id(env, insn);                                                                \
    NEXT
#define RUN_I RUN_R
#define RUN_SHIFT RUN_R
#define RUN_U RUN_R
#define RUN_FENCE(id) NEXT
#define RUN_LOAD(id)                                                                           \
    {                                                                                          \
        TYPE_##id value;                                                                       \
                                                                                               \
        at = load_at(predecode, exec_rs1(env, insn) + exec_imm(insn), sizeof value);           \
        if (!at)                                                                               \
            goto slowly;                                                                       \
        memcpy(&value, at, sizeof value);                                                      \
        (void)exec_set_rd(env, insn, (uint32_t)value);                                         \
        NEXT                                                                                   \
    }
#define RUN_STORE(id)                                                                          \
    {                                                                                          \
        TYPE_##id value = (TYPE_##id)exec_rs2(env, insn);                                      \
                                                                                               \
        at = store_at(predecode, exec_rs1(env, insn) + exec_imm(insn), sizeof value);          \
        if (!at)                                                                               \
            goto slowly;                                                                       \
        memcpy(at, &value, sizeof value);                                                      \
        NEXT                                                                                   \
    }
#define RUN_B(id)                                                                              \
    {                                                                                          \
        env->next_pc = hart->pc + insn->len;                                                   \
        (void)exec_##id(env, insn);                                                            \
        goto jumped;                                                                           \
    }
#define RUN_J RUN_B
#define RUN_JALR(id)                                                                           \
    {                                                                                          \
        env->next_pc = hart->pc + insn->len;                                                   \
        (void)exec_##id(env, insn);                                                            \
        if (env->next_pc - page < PAGE_SIZE)                                                   \
            slot_at(code, env->next_pc)->leader = 1;                                           \
        goto jumped;                                                                           \
    }
#define RUN_AMO(id) goto slowly;
#define RUN_LR RUN_AMO
#define RUN_CSR RUN_AMO
#define RUN_CSRI RUN_AMO
#define RUN_SFENCE RUN_AMO
#define RUN_NONE RUN_AMO

/* A backward jump has been made, or a page entered: true when that has been so often that the
 * translator is asked. */
static inline bool is_hot(struct predecode *predecode, struct predecode_code *code)
{
    return ++code->heat == predecode->hot && predecode->translator;
}

/* On one page of code, until the hart leaves it or something has to be done. */
static enum outcome run_page(struct predecode *predecode, struct predecode_code *code)
{
    struct exec_env *env = &predecode->env;
    struct hart *hart = env->hart;
    uint32_t page = hart->pc & ~PAGE_MASK;

    while (predecode->left && hart->pc - page < PAGE_SIZE) {
        struct predecode_slot *slot = slot_at(code, hart->pc);
        const struct insn *insn = &slot->insn;
        enum outcome outcome;
        unsigned op = slot->op;
        uint8_t *at;

dispatch:
        switch (op) {
#define INSN(id, name, match, mask, format, privilege, sensitivity, decides)                   \
    case PREDECODE_ROW + INSN_##id:                                                            \
        RUN_##format(id) break;
#include "isa/insns.def"
#undef INSN
        case PREDECODE_UNKNOWN:
            predecode_code_decode(predecode, code, hart->pc & PAGE_MASK);
            continue;
        case PREDECODE_REGION:
            if (predecode->once) {
                predecode->once = false;
                op = predecode_code_op(insn);
                goto dispatch;
            }
            predecode->translator->enter(predecode, code);
            return GO_ON;
        case PREDECODE_SPLIT: return split(predecode);
        case PREDECODE_STOP:
            if (met(predecode))
                return MET;
            op = predecode_code_op(insn);
            goto dispatch;
        default:
slowly:
            outcome = slow(predecode, insn);
            if (outcome != GO_ON || env->event != EXEC_NOTHING)
                return outcome;
            continue;
jumped:
            predecode->left--;
            if (env->next_pc <= hart->pc && slot_at(code, env->next_pc)->op >= PREDECODE_ROW &&
                is_hot(predecode, code)) {
                hart->pc = env->next_pc;
                predecode->translator->hot(predecode, code);
                return GO_ON;
            }
            hart->pc = env->next_pc;
            continue;
        }
    }
    return GO_ON;
}

static enum outcome run_here(struct predecode *predecode)
{
    uint32_t pc = predecode->env.hart->pc;
    struct predecode_slot *slot;
    struct predecode_code *code;

    if (pc & 1)
        return split(predecode);
    if (predecode->engine.stops && met(predecode)) /* before anything is fetched */
        return MET;
    code = predecode_code_at(predecode, pc);
    if (!code) {
        predecode->insn = NULL;
        return TRAPPED;
    }
    predecode->running = code;
    code->writes = 0;
    slot = slot_at(code, pc);
    slot->leader = 1;
    if (slot->op >= PREDECODE_ROW && is_hot(predecode, code))
        predecode->translator->hot(predecode, code);
    return run_page(predecode, code);
}

/* ---- Traps ---- */

/*
 * In non-root mode the hart may take it itself; else the user's handler is called, if there is one.
 * It may change the hart and the engine's space.
 */
static enum outcome trapped(struct predecode *predecode)
{
    struct engine *engine = &predecode->engine;
    const struct trap *trap = &predecode->env.trap;
    uint64_t budget = predecode->left;

    count(predecode);
    if (engine_trap_stays(engine, trap)) {
        if (!engine_deliver(engine, predecode->env.hart, trap))
            return LEFT;
    } else if (!engine->handler) {
        return TRAPPED;
    } else if (!engine_ask(engine, trap, predecode->insn, &budget)) {
        return LEFT;
    }
    set_out(predecode, budget);
    return GO_ON;
}

static enum engine_stop stop_of(enum outcome outcome)
{
    static const uint8_t stop[] = {
        [GO_ON] = ENGINE_BUDGET, [TRAPPED] = ENGINE_TRAP, [EVENT] = ENGINE_EVENT,
        [LEFT] = ENGINE_LEFT,    [MET] = ENGINE_AT_STOP,
    };

    return (enum engine_stop)stop[outcome];
}

void predecode_run(struct engine *engine, struct hart *hart, uint64_t budget,
                   struct engine_exit *exit)
{
    struct predecode *predecode = (struct predecode *)engine;
    enum outcome outcome = GO_ON;

    predecode->env.hart = hart;
    predecode->env.phys = &engine->phys;
    set_out(predecode, budget);
    while (outcome == GO_ON && predecode->left) {
        outcome = run_here(predecode);
        if (outcome == TRAPPED)
            outcome = trapped(predecode);
    }
    predecode->running = NULL;
    if (outcome != LEFT) /* otherwise the handler decides */
        count(predecode);
    engine->translated += predecode->env.translated;
    predecode->env.translated = 0;
    *exit = (struct engine_exit){.stop = stop_of(outcome)};
    if (outcome == TRAPPED)
        exit->trap = predecode->env.trap;
    if (outcome == EVENT)
        exit->event = predecode->env.event;
}
