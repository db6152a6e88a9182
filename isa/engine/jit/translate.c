/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * translate.c - blocks. A block is a run of instructions of one page that is entered at its top
 * only; there it charges all of them to the budget at once. Blocks are made in batches, one
 * falling into the next along the likely path. Their slow paths come after the batch. What single
 * instructions become is in alu.c, memory.c and branch.c.
 */
#include "isa/engine/jit/translate.h"

translate_function *const translators[INSN_COUNT] = {
    [INSN_lb] = translate_load,
    [INSN_lh] = translate_load,
    [INSN_lw] = translate_load,
    [INSN_lbu] = translate_load,
    [INSN_lhu] = translate_load,
    [INSN_fence] = translate_nothing,
    [INSN_fence_i] = translate_nothing,
    [INSN_addi] = translate_arith,
    [INSN_slti] = translate_set,
    [INSN_sltiu] = translate_set,
    [INSN_xori] = translate_arith,
    [INSN_ori] = translate_arith,
    [INSN_andi] = translate_arith,
    [INSN_slli] = translate_shift,
    [INSN_srli] = translate_shift,
    [INSN_srai] = translate_shift,
    [INSN_auipc] = translate_auipc,
    [INSN_sb] = translate_store,
    [INSN_sh] = translate_store,
    [INSN_sw] = translate_store,
    [INSN_add] = translate_arith,
    [INSN_sub] = translate_arith,
    [INSN_sll] = translate_shift,
    [INSN_slt] = translate_set,
    [INSN_sltu] = translate_set,
    [INSN_xor] = translate_arith,
    [INSN_srl] = translate_shift,
    [INSN_sra] = translate_shift,
    [INSN_or] = translate_arith,
    [INSN_and] = translate_arith,
    [INSN_mul] = translate_mul,
    [INSN_mulh] = translate_mulh,
    [INSN_mulhsu] = translate_mulhsu,
    [INSN_mulhu] = translate_mulh,
    [INSN_div] = translate_div,
    [INSN_divu] = translate_div,
    [INSN_rem] = translate_div,
    [INSN_remu] = translate_div,
    [INSN_lui] = translate_lui,
    [INSN_beq] = translate_branch,
    [INSN_bne] = translate_branch,
    [INSN_blt] = translate_branch,
    [INSN_bge] = translate_branch,
    [INSN_bltu] = translate_branch,
    [INSN_bgeu] = translate_branch,
    [INSN_lr_w] = translate_lr,
    [INSN_sc_w] = translate_sc,
    [INSN_amoswap_w] = translate_amo,
    [INSN_amoadd_w] = translate_amo,
    [INSN_amoxor_w] = translate_amo,
    [INSN_amoand_w] = translate_amo,
    [INSN_amoor_w] = translate_amo,
    [INSN_amomin_w] = translate_amo_minmax,
    [INSN_amomax_w] = translate_amo_minmax,
    [INSN_amominu_w] = translate_amo_minmax,
    [INSN_amomaxu_w] = translate_amo_minmax,
    [INSN_jalr] = translate_jalr,
    [INSN_jal] = translate_jal,
};

/* ---- Where code is ---- */

/* The bits at pc, when they lie in the page whole. */
static bool fetch(const struct batch *b, uint32_t pc, uint32_t *raw)
{
    const struct phys *phys = &b->jit->engine.phys;
    uint32_t offset = pc & PAGE_MASK;
    const uint8_t *host = phys->ram + (b->view->pa - phys->base) + offset;
    uint16_t parcel;

    memcpy(&parcel, host, sizeof parcel);
    *raw = parcel;
    if (!insn_is_wide(parcel))
        return true;
    if (offset == PAGE_SIZE - 2)
        return false;
    *raw = load_le32(host);
    return true;
}

/* ---- Ways out ---- */

struct stub *add_stub(struct batch *b, enum stub_kind kind, uint32_t pc)
{
    struct stub *stub = &b->stub[b->stubs++];

    *stub = (struct stub){
        .kind = kind,
        .pc = pc,
        .block = (uint32_t)(b->block - &b->jit->cache.blocks[b->first_block]),
        .index = b->block->instructions,
    };
    return stub;
}

static bool same_page(const struct batch *b, uint32_t pc)
{
    return (pc & ~PAGE_MASK) == b->view->va;
}

static uint32_t entry_of(const struct batch *b, uint32_t pc)
{
    return same_page(b, pc) ? b->view->entry[(pc & PAGE_MASK) / 2] : 0;
}

/* The batch's own block at pc, if there is one. */
static const struct block *own_block(const struct batch *b, uint32_t pc)
{
    for (unsigned i = 0; i < b->blocks; i++)
        if (b->block_pc[i] == pc)
            return &b->jit->cache.blocks[b->first_block + i];
    return NULL;
}

/*
 * Is the code at pc there already, so that the batch need not make it? In a batch that repeats,
 * other batches' code does not count, until a loop is closed.
 */
static bool is_there(const struct batch *b, uint32_t pc)
{
    return entry_of(b, pc) && (!b->repeat || b->closed || own_block(b, pc));
}

/* A backward jump's target begins a loop, as far as one can see. */
static void note_head(struct batch *b, uint32_t pc)
{
    unsigned slot = (pc & PAGE_MASK) / 2;

    if (same_page(b, pc) && pc <= b->pc)
        b->view->loop_heads[slot / 8] |= (uint8_t)(1u << slot % 8);
}

static bool is_head(const struct batch *b, uint32_t pc)
{
    unsigned slot = (pc & PAGE_MASK) / 2;

    return b->view->loop_heads[slot / 8] >> slot % 8 & 1;
}

void link_to(struct batch *b, uint8_t *site, uint32_t pc)
{
    uint32_t entry = entry_of(b, pc);
    const struct block *own = entry ? own_block(b, pc) : NULL;

    note_head(b, pc);
    if (own) {
        emit_target(site, b->jit->cache.write + own->host);
        b->closed = true;
        registers_loop(b, b->first_insn[own - &b->jit->cache.blocks[b->first_block]], b->insns);
    } else if (entry && !b->swaps) {
        emit_target(site, b->jit->cache.write + entry);
    } else {
        add_stub(b, STUB_LINK, pc)->site[0] = site;
    }
}

void end_at(struct batch *b, uint32_t pc)
{
    uint32_t raw;

    b->ended = true;
    if (same_page(b, pc) && !is_there(b, pc) && b->insns < b->limit && fetch(b, pc, &raw)) {
        b->next_pc = pc;
        b->go_on = true;
    } else {
        link_to(b, emit_jmp(&b->e), pc);
    }
}

/* To an exit of the trampolines, once the swaps have been undone. */
static void emit_exit(struct batch *b, enum reason reason, uint32_t arg)
{
    emit_mov_imm(&b->e, RAX, arg);
    emit_target(emit_jmp(&b->e), b->jit->exits[reason]);
}

/* The same from a slow path, where it is to be short. */
static void emit_slow_exit(struct batch *b, enum reason reason, uint32_t arg)
{
    if (b->swaps)
        emit_target(emit_call(&b->e), b->leave);
    emit_exit(b, reason, arg);
}

void emit_leave(struct batch *b, enum reason reason, uint32_t pc)
{
    registers_leave(b);
    emit_exit(b, reason, pc);
}

/* For who looks on: what comes next is for the instruction at pc. */
static void mark(const struct batch *b, enum jit_part part, uint32_t pc)
{
    const struct jit_options *options = &b->jit->options;
    const struct cache *cache = &b->jit->cache;
    struct jit_mark mark = {part, pc, cache->execute + (b->e.at - cache->write)};

    if (options->marked)
        options->marked(options->owner, &mark);
}

/* ---- One instruction ---- */

/* Left to isa/exec, in line: the call's stub does not go back when it traps. */
static void call_exec(struct batch *b, const struct insn *insn)
{
    struct stub *stub = add_stub(b, STUB_INSN, b->pc);

    stub->site[0] = emit_jmp(&b->e);
    stub->back = b->e.at;
    stub->raw = insn->raw;
    b->known &= ~(1u << insn->rd) | 1;
    b->low[insn->rd] = 0;
}

/* What may change mode or mapping, or can only trap, ends the block. */
static bool is_system(const struct insn *insn)
{
    return insn->id == INSN_ILLEGAL || insn->id >= INSN_ecall;
}

static void leave_for_system(struct batch *b, const struct insn *insn)
{
    emit_alu_imm(&b->e, SIZE64, ALU_ADD, rm_reg(LEFT_REG), 1);
    emit_mov_imm(&b->e, RDX, insn->raw);
    emit_leave(b, REASON_INSN, b->pc);
    b->ended = true;
}

static void translate_insn(struct batch *b, const struct insn *insn)
{
    registers_count(b, insn);
    mark(b, JIT_INSN, b->pc);
    if (is_system(insn))
        leave_for_system(b, insn);
    else if (translators[insn->id])
        translators[insn->id](b, insn);
    else
        call_exec(b, insn);
}

/* ---- Blocks ---- */

/* Whoever comes from outside to the block's pc enters here; what is repeated has an entry. */
static void set_entry(struct batch *b, struct block *block)
{
    uint32_t *entry = &b->view->entry[(block->va & PAGE_MASK) / 2];

    block->repeats = *entry != 0;
    b->repeats |= block->repeats;
    if (!block->repeats)
        *entry = block->host;
}

static void begin_block(struct batch *b, uint32_t pc)
{
    struct cache *cache = &b->jit->cache;

    b->first_insn[b->blocks] = (uint16_t)b->insns;
    b->block_pc[b->blocks++] = pc;
    b->block = &cache->blocks[cache->block_count++];
    *b->block = (struct block){
        .va = pc,
        .view = (uint32_t)(b->view - cache->views),
        .host = (uint32_t)(b->e.at - cache->write),
    };
    set_entry(b, b->block);
    b->known = 1;
    b->value[0] = 0;
    memset(b->low, 0, sizeof b->low);
    b->ended = b->go_on = false;
    b->pc = pc;
    mark(b, JIT_BLOCK, pc);
}

/* Charge the block's instructions; how many they are is known when it ends. */
static void begin_charge(struct batch *b)
{
    emit_alu_imm(&b->e, SIZE64, ALU_SUB, rm_reg(LEFT_REG), 0);
    b->charge = b->e.at - 1;
    add_stub(b, STUB_BUDGET, b->pc)->site[0] = emit_jcc(&b->e, COND_B);
}

static void end_block(struct batch *b)
{
    const struct cache *cache = &b->jit->cache;
    struct block *block = b->block;

    if (b->charge)
        *b->charge = block->instructions;
    b->view->lines |= cache_lines(block->va, block->guest_len);
    block->host_len = (uint16_t)(b->e.at - cache->write - block->host);
}

static void count_insn(struct batch *b, const struct insn *insn)
{
    b->block->instructions++;
    b->block->guest_len += insn->len;
    b->insns++;
}

/* What is not translated: the second half is not at hand, or this is an address to stop at. */
static void step_block(struct batch *b)
{
    b->charge = NULL;
    emit_leave(b, REASON_STEP, b->pc);
}

/* With it: as long as the next page is what it was, which its view in fetch[] says. */
static void second_block(struct batch *b)
{
    const struct second *second = &b->jit->second;
    uint32_t next = (b->pc + 2) >> PAGE_SHIFT;
    struct insn insn = *spec_decode(b->jit->spec, second->raw);

    begin_charge(b);
    emit_alu_imm(&b->e, SIZE32, ALU_CMP,
                 rm_mem(SPACE_REG, (int32_t)(offsetof(struct space, fetch) + 4 * next)),
                 (int32_t)second->id);
    add_stub(b, STUB_STEP, b->pc)->site[0] = emit_jcc(&b->e, COND_NE);
    translate_insn(b, &insn);
    count_insn(b, &insn);
    if (!b->ended)
        end_at(b, b->pc + insn.len);
}

/*
 * An instruction across two pages depends on both. Only when it is about to run, first of its
 * batch, has its second half been looked for.
 */
static void straddling_block(struct batch *b)
{
    if (b->jit->second.id && b->insns == 0)
        second_block(b);
    else
        step_block(b);
    b->block->guest_len = 2;
    b->ended = true;
}

static bool is_stop(const struct batch *b, uint32_t pc)
{
    const struct engine_stops *stops = b->jit->engine.stops;

    return stops && stops_have(stops, pc);
}

/* Whoever comes here asks first, and then runs the instruction by itself. */
static void stop_block(struct batch *b)
{
    step_block(b);
    b->block->guest_len = 2;
    b->ended = true;
}

bool block_goes_on(const struct batch *b, uint32_t pc, uint32_t *raw)
{
    return !is_stop(b, pc) && !is_there(b, pc) && same_page(b, pc) && fetch(b, pc, raw);
}

/* The instruction at pc, or several that are one of the host's; `insn` becomes the last. */
static void translate_next(struct batch *b, struct insn *insn)
{
    struct rotation rotation;

    if (!rotation_find(b, insn, &rotation)) {
        translate_insn(b, insn);
        count_insn(b, insn);
        return;
    }
    rotation_translate(b, &rotation);
    for (unsigned i = 0; i < 3; i++) {
        registers_count(b, &rotation.insn[i]);
        count_insn(b, &rotation.insn[i]);
    }
    *insn = rotation.insn[2];
    b->pc = rotation.end - insn->len;
}

static void block_body(struct batch *b, uint32_t raw)
{
    struct insn insn;

    begin_charge(b);
    for (;;) {
        insn = *spec_decode(b->jit->spec, raw);
        translate_next(b, &insn);
        if (b->ended)
            return;
        b->pc += insn.len;
        if (b->block->instructions == BLOCK_INSNS || !block_goes_on(b, b->pc, &raw)) {
            end_at(b, b->pc);
            return;
        }
    }
}

static void translate_block(struct batch *b, uint32_t pc)
{
    uint32_t raw;

    begin_block(b, pc);
    if (is_stop(b, pc))
        stop_block(b);
    else if (fetch(b, pc, &raw))
        block_body(b, raw);
    else
        straddling_block(b);
    end_block(b);
}

/* ---- Slow paths ---- */

/* What the block has charged from the stub's instruction on. */
static uint32_t refund(const struct batch *b, const struct stub *stub)
{
    return b->jit->cache.blocks[b->first_block + stub->block].instructions - stub->index;
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

static void insn_stub(struct batch *b, const struct stub *stub)
{
    if (b->swaps)
        emit_target(emit_call(&b->e), b->leave);
    emit_mov_imm(&b->e, RAX, stub->pc);
    emit_mov_imm(&b->e, RDX, stub->raw);
    emit_mov_imm(&b->e, RCX, refund(b, stub));
    emit_target(emit_call(&b->e), b->jit->call_insn);
    if (b->swaps)
        emit_target(emit_call(&b->e), b->enter);
    emit_target(emit_jmp(&b->e), stub->back);
}

static void load_stub(struct batch *b, const struct stub *stub)
{
    uint8_t *slow = load_elsewhere(b, stub);

    emit_target(slow, b->e.at);
    if (stub->site[1])
        emit_target(stub->site[1], b->e.at);
    insn_stub(b, stub);
}

/* A jump to another page holds only while the page is what it was: fetch[] says. */
static void guard(struct batch *b, struct link *link)
{
    uint32_t slot = (uint32_t)(offsetof(struct space, fetch) + 4 * (link->pc >> PAGE_SHIFT));
    uint8_t *unlike;

    emit_alu_imm(&b->e, SIZE32, ALU_CMP, rm_mem(SPACE_REG, (int32_t)slot), INT32_MAX);
    link->guard = (uint32_t)(b->e.at - 4 - b->jit->cache.write);
    unlike = emit_jcc_short(&b->e, COND_NE);
    link->site = (uint32_t)(emit_jmp(&b->e) - b->jit->cache.write);
    emit_target_short(unlike, b->e.at);
    emit_target(b->jit->cache.write + link->site, b->e.at);
}

/* Out of the batch to pc, by a jump of which `link` is to know; to be resolved when followed. */
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
    if (!same_page(b, stub->pc)) {
        guard(b, link);
    } else if (b->swaps) {
        link->site = (uint32_t)(emit_jmp(&b->e) - cache->write);
        emit_target(cache->write + link->site, b->e.at);
    }
    emit_exit(b, REASON_LINK, number);
}

static void link_stub(struct batch *b, const struct stub *stub)
{
    uint32_t entry = entry_of(b, stub->pc);
    const struct block *own = entry ? own_block(b, stub->pc) : NULL;

    if (own) { /* translated since, in this batch */
        emit_target(stub->site[0], b->jit->cache.write + own->host);
        return;
    }
    registers_leave(b);
    if (entry)
        emit_target(emit_jmp(&b->e), b->jit->cache.write + entry);
    else
        unresolved(b, stub);
}

static void emit_stub(struct batch *b, const struct stub *stub)
{
    mark(b, JIT_SLOW, stub->pc);
    for (unsigned i = 0; i < 2; i++)
        if (stub->site[i])
            emit_target(stub->site[i], b->e.at);
    switch (stub->kind) {
    case STUB_BUDGET: budget_stub(b, stub); break;
    case STUB_INSN: insn_stub(b, stub); break;
    case STUB_LOAD: load_stub(b, stub); break;
    case STUB_STEP: step_stub(b, stub); break;
    case STUB_LINK: link_stub(b, stub); break;
    }
}

/* ---- A batch ---- */

/* A path from pc along the likely ways, until it meets code that is there or `most` is made. */
static void translate_path(struct batch *b, uint32_t pc, unsigned most)
{
    b->limit = b->insns + most < BATCH_INSNS ? b->insns + most : BATCH_INSNS;
    b->closed = false;
    for (b->go_on = true, b->next_pc = pc; b->go_on;)
        translate_block(b, b->next_pc);
}

/* How far a batch has come. */
struct mark {
    uint8_t *at;
    unsigned insns, stubs, blocks;
};

static struct mark mark_of(const struct batch *b)
{
    return (struct mark){.at = b->e.at, b->insns, b->stubs, b->blocks};
}

/* As if the blocks since had not been translated. */
static void rewind_batch(struct batch *b, const struct mark *mark)
{
    struct cache *cache = &b->jit->cache;

    for (unsigned i = mark->blocks; i < b->blocks; i++)
        if (!cache->blocks[b->first_block + i].repeats)
            b->view->entry[(b->block_pc[i] & PAGE_MASK) / 2] = 0;
    cache->block_count = b->first_block + mark->blocks;
    b->e.at = mark->at;
    b->insns = mark->insns;
    b->stubs = mark->stubs;
    b->blocks = mark->blocks;
}

/*
 * Unlikely ways out of the batch that come back to it soon are the other ways through its loop:
 * they belong to the batch.
 */
static void add_sides(struct batch *b)
{
    for (unsigned i = 0; i < b->stubs && b->insns < BATCH_INSNS; i++) {
        const struct mark mark = mark_of(b);
        uint32_t pc = b->stub[i].pc;

        if (b->stub[i].kind != STUB_LINK || !same_page(b, pc) || own_block(b, pc))
            continue;
        translate_path(b, pc, SIDE_INSNS);
        if (!b->closed)
            rewind_batch(b, &mark);
    }
}

static void translate_blocks(struct batch *b, uint32_t pc)
{
    b->loops = 0;
    b->repeats = false;
    translate_path(b, pc, BATCH_INSNS);
    if (b->loops || b->repeats)
        add_sides(b);
}

/*
 * Again, with the registers that were chosen. Ways out store those that the batch writes: each
 * must have known of all. Sides that were another batch's before may bring in more of them.
 */
static void make_blocks_again(struct batch *b, uint32_t pc, const struct mark *start)
{
    uint32_t written;

    do {
        written = b->written;
        rewind_batch(b, start);
        translate_blocks(b, pc);
    } while (b->written != written);
}

/*
 * The blocks of a batch. Where code has been translated as far as this, the rest is there; but
 * if this begins a loop, all of it is translated again to have the loop in one batch. What
 * registers are best for the loop is known after that.
 */
static void make_blocks(struct batch *b, uint32_t pc)
{
    const struct mark start = mark_of(b);

    b->repeat = is_head(b, pc);
    translate_blocks(b, pc);
    if (b->repeats && !b->loops) {
        rewind_batch(b, &start);
        b->repeat = false;
        translate_blocks(b, pc);
    }
    if (registers_choose(b))
        make_blocks_again(b, pc, &start);
}

/* What slow paths share. */
static void make_subroutines(struct batch *b)
{
    b->leave = b->e.at;
    registers_leave(b);
    emit_ret(&b->e);
    b->enter = b->e.at;
    registers_enter(b);
    emit_ret(&b->e);
}

/* From now on the blocks are entered from outside, with the usual registers. */
static void make_entries(struct batch *b)
{
    struct cache *cache = &b->jit->cache;

    for (unsigned i = 0; i < b->blocks; i++) {
        const struct block *block = &cache->blocks[b->first_block + i];

        if (block->repeats)
            continue;
        b->view->entry[(block->va & PAGE_MASK) / 2] = (uint32_t)(b->e.at - cache->write);
        registers_enter(b);
        emit_target(emit_jmp(&b->e), cache->write + block->host);
    }
}

static void finish_batch(struct batch *b)
{
    if (b->swaps)
        make_subroutines(b);
    for (unsigned i = 0; i < b->stubs; i++)
        emit_stub(b, &b->stub[i]);
    if (b->swaps)
        make_entries(b);
    b->jit->stats.blocks += b->blocks;
    b->jit->stats.instructions += b->insns;
}

static void tell(const struct batch *b)
{
    const struct jit_options *options = &b->jit->options;
    const struct cache *cache = &b->jit->cache;

    for (uint32_t i = b->first_block; options->translated && i < cache->block_count; i++) {
        struct jit_block block = cache_describe(b->jit, &cache->blocks[i]);

        options->translated(options->owner, &block);
    }
}

uint32_t translate(struct jit *jit, struct view *view, uint32_t pc)
{
    struct cache *cache = &jit->cache;
    struct batch b;

    cache_prepare(jit);
    b.e.at = cache->write + cache->used;
    b.jit = jit;
    b.view = view;
    b.insns = b.stubs = b.blocks = 0;
    b.written = 0;
    b.first_block = cache->block_count;
    registers_usual(&b);
    make_blocks(&b, pc);
    finish_batch(&b);
    cache->used = (uint32_t)(b.e.at - cache->write);
    jit->stats.host_bytes = cache->used - cache->start;
    tell(&b);
    return view->entry[(pc & PAGE_MASK) / 2];
}
