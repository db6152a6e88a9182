/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trampoline.c - hand-written host code, by which C enters translated code, translated code
 * calls run_on() and helpers, and returns. Emitted once, at the beginning of the cache.
 */
#include "isa/engine/jit/hostregs.h"
#include "isa/engine/jit/internal.h"

/* Compilers use a0..a5 and sp most, then s0 and s1. */
const uint8_t host_of_guest[32] = {
    [10] = RBX, [11] = RSI, [12] = RDI, [13] = R8, [14] = R9,
    [15] = R10, [2] = R11,  [8] = R12,  [9] = R13,
};

/* The System V ABI's callee-saved registers. Six, and 8 bytes more, align the stack. */
static const uint8_t saved[] = {RBP, RBX, R12, R13, R14, R15};

static void spill(struct emit *e)
{
    for (unsigned guest = 1; guest < 32; guest++)
        if (host_of_guest[guest])
            emit_store(e, SIZE32, rm_guest_memory(guest), host_of_guest[guest]);
}

static void reload(struct emit *e)
{
    for (unsigned guest = 1; guest < 32; guest++)
        if (host_of_guest[guest])
            emit_mov(e, SIZE32, host_of_guest[guest], rm_guest_memory(guest));
}

/* enter_function: rdi = hart, rsi = code, rdx = window, rcx = left. */
static void make_enter(struct emit *e)
{
    for (unsigned i = 0; i < sizeof saved; i++)
        emit_push(e, saved[i]);
    emit_alu_imm(e, SIZE64, ALU_SUB, rm_reg(RSP), 8);
    emit_mov(e, SIZE64, HART_REG, rm_reg(RDI));
    emit_mov(e, SIZE64, SPACE_REG, rm_reg(RDX));
    emit_mov(e, SIZE64, LEFT_REG, rm_reg(RCX));
    emit_mov(e, SIZE64, RAX, rm_reg(RSI));
    reload(e);
    emit_jmp_rm(e, rm_reg(RAX));
}

static void call_c(struct emit *e, uintptr_t function)
{
    emit_mov_imm64(e, RAX, (uint64_t)function);
    emit_call_rm(e, rm_reg(RAX));
}

/*
 * Code has come back: rdi = the jit, rsi = the reason; the guest's registers are in the hart.
 * Calls run_on() or a similar function, which says where to continue; returns to the caller only
 * if there is no code.
 */
static void make_ask(struct emit *e, uintptr_t function)
{
    uint8_t *over;

    emit_mov(e, SIZE64, RBX, rm_reg(RDI));
    call_c(e, function);
    emit_test(e, SIZE64, RAX, RAX);
    over = emit_jcc(e, COND_E);
    emit_mov(e, SIZE64, SPACE_REG, rm_mem(RBX, offsetof(struct jit, window)));
    emit_mov(e, SIZE64, LEFT_REG, rm_mem(RBX, offsetof(struct jit, leaving.left)));
    reload(e);
    emit_jmp_rm(e, rm_reg(RAX));
    emit_target(over, e->at);
    emit_alu_imm(e, SIZE64, ALU_ADD, rm_reg(RSP), 8);
    for (unsigned i = sizeof saved; i-- > 0;)
        emit_pop(e, saved[i]);
    emit_ret(e);
}

/* Jumped to with eax = leaving.arg, edx = leaving.raw. */
static void make_exit(struct emit *e, struct jit *jit, enum reason reason, const uint8_t *ask)
{
    spill(e);
    emit_mov_imm64(e, RDI, (uint64_t)(uintptr_t)jit);
    emit_store(e, SIZE64, rm_mem(RDI, offsetof(struct jit, leaving.left)), LEFT_REG);
    emit_store(e, SIZE32, rm_mem(RDI, offsetof(struct jit, leaving.arg)), RAX);
    emit_store(e, SIZE32, rm_mem(RDI, offsetof(struct jit, leaving.raw)), RDX);
    emit_mov_imm(e, RSI, reason);
    if (reason == REASON_INSN)
        make_ask(e, (uintptr_t)run_system);
    else
        emit_target(emit_jmp(e), ask);
}

/* Called with eax = pc, edx = raw, ecx = what the block has charged from this instruction on. */
static void make_call_insn(struct emit *e, struct jit *jit, const uint8_t *ask,
                           uintptr_t helper)
{
    uint8_t *abandon;

    spill(e);
    emit_alu_imm(e, SIZE64, ALU_SUB, rm_reg(RSP), 8);
    emit_alu(e, SIZE64, ALU_ADD, RCX, rm_reg(LEFT_REG));
    emit_mov(e, SIZE32, RSI, rm_reg(RAX));
    emit_mov_imm64(e, RDI, (uint64_t)(uintptr_t)jit);
    call_c(e, helper);
    emit_alu_imm(e, SIZE64, ALU_ADD, rm_reg(RSP), 8);
    emit_alu_imm(e, SIZE32, ALU_AND, rm_reg(RAX), 1);
    abandon = emit_jcc_short(e, COND_E);
    reload(e);
    emit_ret(e);
    emit_target_short(abandon, e->at);
    emit_alu_imm(e, SIZE64, ALU_ADD, rm_reg(RSP), 8);
    emit_mov_imm64(e, RDI, (uint64_t)(uintptr_t)jit);
    emit_mov_imm(e, RSI, REASON_STOP);
    emit_target(emit_jmp(e), ask);
}

void trampoline_make(struct jit *jit)
{
    struct cache *cache = &jit->cache;
    struct emit e = {.at = cache->write + 16}; /* offset 0 means "no code" */
    const uint8_t *ask;

    jit->enter = (enter_function *)(uintptr_t)(cache->execute + (e.at - cache->write));
    make_enter(&e);
    ask = e.at;
    make_ask(&e, (uintptr_t)run_on);
    for (unsigned reason = REASON_LINK; reason < REASONS; reason++) {
        jit->exits[reason] = e.at;
        make_exit(&e, jit, (enum reason)reason, ask);
    }
    jit->call_insn = e.at;
    make_call_insn(&e, jit, ask, (uintptr_t)helper_insn);
    jit->call_unseen = e.at;
    make_call_insn(&e, jit, ask, (uintptr_t)helper_unseen);
    cache->start = cache->used = (uint32_t)(e.at - cache->write);
}
