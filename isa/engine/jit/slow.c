/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slow.c - the slow paths of a batch, written after all its fast ones, for the stubs that something
 * jumps to.
 */
#include "isa/engine/jit/translate.h"

/* How many instructions the block has charged from the stub's on. */
static uint32_t refund(const struct batch *b, const struct stub *stub)
{
    return b->jit->cache.blocks[b->first_block + stub->block].instructions - stub->index;
}

/* As exit_leave(), but the swaps are undone by a call, which is shorter. */
static void emit_slow_exit(struct batch *b, enum reason reason, uint32_t arg)
{
    if (b->swaps)
        emit_target(emit_call(&b->e), b->leave);
    exit_emit(b, reason, arg);
}

static void budget_stub(struct batch *b, const struct stub *stub)
{
    emit_alu_imm(&b->e, SIZE64, ALU_ADD, rm_reg(LEFT_REG), (int32_t)refund(b, stub));
    emit_slow_exit(b, REASON_BUDGET, stub->pc);
}

static void step_stub(struct batch *b, const struct stub *stub)
{
    emit_alu_imm(&b->e, SIZE64, ALU_ADD, rm_reg(LEFT_REG), (int32_t)refund(b, stub));
    emit_slow_exit(b, REASON_STEP, stub->pc);
}

/* Like leave_for_system(), in a block that may go on. */
static void system_stub(struct batch *b, const struct stub *stub)
{
    emit_alu_imm(&b->e, SIZE64, ALU_ADD, rm_reg(LEFT_REG), (int32_t)refund(b, stub));
    emit_mov_imm(&b->e, RDX, stub->raw);
    emit_slow_exit(b, REASON_INSN, stub->pc);
}

static void call_stub(struct batch *b, const struct stub *stub, const uint8_t *function)
{
    if (b->swaps)
        emit_target(emit_call(&b->e), b->leave);
    emit_mov_imm(&b->e, RAX, stub->pc);
    emit_mov_imm(&b->e, RDX, stub->raw);
    emit_mov_imm(&b->e, RCX, refund(b, stub));
    emit_target(emit_call(&b->e), function);
    if (b->swaps)
        emit_target(emit_call(&b->e), b->enter);
    if (stub->carries)
        emit_mov(&b->e, SIZE32, RAX, rm_guest_memory(stub->carries));
    emit_target(emit_jmp(&b->e), stub->back);
}

static void insn_stub(struct batch *b, const struct stub *stub)
{
    call_stub(b, stub, b->jit->call_insn);
}

/* Where the window has nothing: on_fault() in window.c finds the way here. */
static void unseen_stub(struct batch *b, const struct stub *stub)
{
    struct cache *cache = &b->jit->cache;

    cache->sites[cache->site_count++] = (struct window_site){
        .access = (uint32_t)(stub->loaded - cache->write),
        .slow = (uint32_t)(b->e.at - cache->write),
    };
    call_stub(b, stub, b->jit->call_unseen);
}

/* Let the jumps at these sites, if any, come here. */
static void come_here(struct batch *b, uint8_t *const site[2])
{
    for (unsigned i = 0; i < 2; i++)
        if (site[i])
            emit_target(site[i], b->e.at);
}

/* An access that may turn out to be fast after all; site[1] has found it misaligned. */
static void access_stub(struct batch *b, const struct stub *stub)
{
    uint8_t *slow[2];

    if (stub->kind == STUB_LOAD)
        load_elsewhere(b, stub, slow);
    else
        access_hot(b, stub, slow);
    come_here(b, slow);
    if (stub->site[1])
        emit_target(stub->site[1], b->e.at);
    insn_stub(b, stub);
}

/* A jump to another page is valid only while the page's mapping is unchanged: fetch[] says. */
static void guard(struct batch *b, struct link *link)
{
    size_t slot = offsetof(struct space, fetch) + 4 * (link->pc >> PAGE_SHIFT);
    uint8_t *unlike;

    emit_alu_imm(&b->e, SIZE32, ALU_CMP, rm_space(slot), INT32_MAX);
    link->guard = (uint32_t)(b->e.at - 4 - b->jit->cache.write);
    unlike = emit_jcc_short(&b->e, COND_NE);
    link->site = (uint32_t)(emit_jmp(&b->e) - b->jit->cache.write);
    emit_target_short(unlike, b->e.at);
    emit_target(b->jit->cache.write + link->site, b->e.at);
}

/* Leaves the batch for pc by a jump that `link` records, to be resolved when first taken. */
static void unresolved(struct batch *b, const struct stub *stub)
{
    struct cache *cache = &b->jit->cache;
    uint32_t number = cache->link_count++;
    struct link *link = &cache->links[number];

    *link = (struct link){
        .pc = stub->pc,
        .site = (uint32_t)(stub->site[0] - cache->write),
        .view = b->view->id,
    };
    if (!code_same_page(b, stub->pc)) {
        guard(b, link);
    } else if (b->swaps || stub->kind == STUB_SIDE) {
        link->site = (uint32_t)(emit_jmp(&b->e) - cache->write);
        emit_target(cache->write + link->site, b->e.at);
    }
    exit_emit(b, REASON_LINK, number);
}

/* A branch in the middle of a block is taken. */
static void side_stub(struct batch *b, const struct stub *stub)
{
    uint32_t entry = code_entry(b, stub->pc);
    const struct block *own = entry ? code_own_block(b, stub->pc) : NULL;

    emit_alu_imm(&b->e, SIZE64, ALU_ADD, rm_reg(LEFT_REG), (int32_t)refund(b, stub));
    if (own) {
        emit_target(emit_jmp(&b->e), b->jit->cache.write + own->host);
        return;
    }
    registers_leave(b);
    if (entry)
        emit_target(emit_jmp(&b->e), b->jit->cache.write + entry);
    else
        unresolved(b, stub);
}

static void link_stub(struct batch *b, const struct stub *stub)
{
    uint32_t entry = code_entry(b, stub->pc);
    const struct block *own = entry ? code_own_block(b, stub->pc) : NULL;

    if (own || (entry && !b->swaps)) { /* own: translated since, in this batch */
        emit_target(stub->site[0], b->jit->cache.write + (own ? own->host : entry));
        return;
    }
    registers_leave(b);
    if (entry)
        emit_target(emit_jmp(&b->e), b->jit->cache.write + entry);
    else
        unresolved(b, stub);
}

void slow_emit(struct batch *b, const struct stub *stub)
{
    tell_mark(b, JIT_SLOW, stub->pc);
    come_here(b, stub->site);
    switch (stub->kind) {
    case STUB_BUDGET: budget_stub(b, stub); break;
    case STUB_INSN: insn_stub(b, stub); break;
    case STUB_UNSEEN: unseen_stub(b, stub); break;
    case STUB_LOAD:
    case STUB_HOT: access_stub(b, stub); break;
    case STUB_LR:
    case STUB_AMO: atomic_spins(b, stub); __attribute__((fallthrough));
    case STUB_STEP: step_stub(b, stub); break;
    case STUB_SYSTEM: system_stub(b, stub); break;
    case STUB_LINK: link_stub(b, stub); break;
    case STUB_SIDE: side_stub(b, stub); break;
    case STUB_GUESS: guess_stub(b, stub); break;
    case STUB_NONE: break;
    }
}
