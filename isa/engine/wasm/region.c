/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * region.c - what has run of a page as one function. Its blocks are in the order of their
 * addresses, each after the end of a label for it, so that a jump forwards goes straight there; a
 * jump backwards goes through the table at the top, but for those of a block to itself:
 *
 *     loop                             the way back
 *       block ... block block          a label for each
 *         br_table next
 *       end   block 0
 *       end   block 1
 *       ...
 *
 * A block charges all its instructions to the budget at its top. Where it is left before its end,
 * it gives back the rest. If the budget is too small for all, the interpreter takes over.
 */
#include "isa/engine/wasm/internal.h"

/* ---- Which blocks there are ---- */

/* The instruction at an offset, if translated code can run it. */
static const struct insn *insn_at(const struct region *region, uint32_t offset)
{
    const struct predecode_slot *slot;

    if (offset >= PAGE_SIZE)
        return NULL;
    slot = &region->code->slots[offset / 2];
    if (slot->op == PREDECODE_UNKNOWN || slot->op == PREDECODE_SPLIT ||
        slot->op == PREDECODE_STOP)
        return NULL;
    return rows_have(region, &slot->insn) ? &slot->insn : NULL;
}

static void begin_at(struct region *region, int32_t offset)
{
    if (offset >= 0 && insn_at(region, (uint32_t)offset))
        region->number[offset / 2] = 1;
}

/* Where a block begins because of the instruction at the offset. */
static void note_leaders(struct region *region, uint32_t offset)
{
    const struct predecode_slot *slot = &region->code->slots[offset / 2];
    const struct insn *insn = insn_at(region, offset);
    unsigned format;

    if (!insn && (slot->op == PREDECODE_SLOW || slot->op == PREDECODE_STOP))
        begin_at(region, (int32_t)(offset + slot->insn.len));
    if (!insn)
        return;
    if (slot->leader)
        begin_at(region, (int32_t)offset);
    format = insn_desc((enum insn_id)insn->id)->format;
    if (format == FORMAT_B || format == FORMAT_J)
        begin_at(region, (int32_t)offset + insn->imm);
    if (format == FORMAT_J || format == FORMAT_JALR)
        begin_at(region, (int32_t)(offset + insn->len));
}

static bool find_blocks(struct region *region)
{
    memset(region->number, 0, sizeof region->number);
    region->blocks = 0;
    for (uint32_t offset = 0; offset < PAGE_SIZE; offset += 2)
        note_leaders(region, offset);
    for (uint32_t i = 0; i < PREDECODE_SLOTS; i++) {
        if (!region->number[i])
            continue;
        if (region->blocks == REGION_BLOCKS)
            return false;
        region->offset[region->blocks++] = (uint16_t)(2 * i);
        region->number[i] = (uint16_t)region->blocks;
    }
    return region->blocks != 0;
}

/* Does the block go on with the instruction at the offset? */
static const struct insn *goes_on(const struct region *region, uint32_t offset)
{
    const struct insn *insn = insn_at(region, offset);

    return insn && !region->number[offset / 2] ? insn : NULL;
}

static bool ends(const struct insn *insn)
{
    unsigned format = insn_desc((enum insn_id)insn->id)->format;

    return format == FORMAT_J || format == FORMAT_JALR;
}

/* How long it is, and whether it jumps to its own top. */
static void measure(struct region *region)
{
    uint32_t top = region->offset[region->block], offset = top;
    const struct insn *insn = insn_at(region, offset);

    region->insns = 0;
    region->loops = false;
    for (; insn; insn = ends(insn) ? NULL : goes_on(region, offset)) {
        unsigned format = insn_desc((enum insn_id)insn->id)->format;

        if (format == FORMAT_B || format == FORMAT_J)
            region->loops |= (int32_t)offset + insn->imm == (int32_t)top;
        region->insns++;
        offset += insn->len;
    }
}

/* ---- Ways out of a block ---- */

void region_flush(struct region *region)
{
    struct emit *e = &region->e;

    for (unsigned reg = 1; reg < 32; reg++) {
        if (!(region->dirty >> reg & 1))
            continue;
        emit_op_n(e, OP_LOCAL_GET, LOCAL_HART);
        emit_op_n(e, OP_LOCAL_GET, LOCAL_X + reg);
        emit_memory(e, OP_I32_STORE, 2, (uint32_t)offsetof(struct hart, x) + 4 * reg);
    }
    region->dirty = 0;
}

static void give_back(struct region *region, unsigned insns)
{
    struct emit *e = &region->e;

    if (!insns)
        return;
    emit_op_n(e, OP_LOCAL_GET, LOCAL_LEFT);
    emit_const(e, insns);
    emit_op(e, OP_I32_ADD);
    emit_op_n(e, OP_LOCAL_SET, LOCAL_LEFT);
}

void region_get_left(struct region *region)
{
    emit_op_n(&region->e, OP_LOCAL_GET, LOCAL_LEFT);
    emit_const(&region->e, region->insns - region->done);
    emit_op(&region->e, OP_I32_ADD);
}

static void set_pc(struct region *region, int32_t offset)
{
    struct emit *e = &region->e;

    emit_op_n(e, OP_LOCAL_GET, LOCAL_HART);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_PAGE);
    emit_const(e, (uint32_t)offset);
    emit_op(e, OP_I32_ADD);
    emit_memory(e, OP_I32_STORE, 2, (uint32_t)offsetof(struct hart, pc));
}

static void leave(struct region *region, int32_t offset)
{
    set_pc(region, offset);
    emit_op_n(&region->e, OP_LOCAL_GET, LOCAL_LEFT);
    emit_op(&region->e, OP_RETURN);
}

static void leave_to_interpreter(struct region *region, uint32_t offset)
{
    struct emit *e = &region->e;

    set_pc(region, (int32_t)offset);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_LEFT);
    emit_const(e, REGION_INTERPRET);
    emit_op(e, OP_I32_OR);
    emit_op(e, OP_RETURN);
}

/* In a branch of its own: what follows still has the registers as they were. */
void region_interpret(struct region *region)
{
    uint32_t dirty = region->dirty;

    region_flush(region);
    region->dirty = dirty;
    give_back(region, region->insns - region->done);
    leave_to_interpreter(region, region->at);
}

/* To a block, by its number. */
static void go_to(struct region *region, unsigned block)
{
    struct emit *e = &region->e;

    if (block > region->block) {
        emit_op_n(e, OP_BR, block - region->block - 1 + region->depth);
    } else if (block == region->block) { /* the innermost label but for those within */
        emit_op_n(e, OP_BR, region->depth - 1);
    } else {
        emit_const(e, block);
        emit_op_n(e, OP_LOCAL_SET, LOCAL_NEXT);
        emit_op_n(e, OP_BR, region->blocks - 1 - region->block + region->depth);
    }
}

static bool is_inside(const struct region *region, int32_t offset)
{
    return offset >= 0 && offset < (int32_t)PAGE_SIZE && region->number[offset / 2];
}

void region_jump(struct region *region, int32_t offset)
{
    if (is_inside(region, offset))
        go_to(region, region->number[offset / 2] - 1u);
    else
        leave(region, offset);
}

void region_branch(struct region *region, int32_t offset)
{
    emit_op_n(&region->e, OP_IF, TYPE_NONE);
    region->depth++;
    give_back(region, region->insns - region->done - 1);
    region_jump(region, offset);
    region->depth--;
    emit_op(&region->e, OP_END);
}

/* Where a block of this region begins there, go to it. LOCAL_ENTRY is free. */
void region_jump_indirect(struct region *region)
{
    struct emit *e = &region->e;

    emit_op_n(e, OP_LOCAL_GET, LOCAL_VA);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_PAGE);
    emit_op(e, OP_I32_SUB);
    emit_op_n(e, OP_LOCAL_TEE, LOCAL_ENTRY);
    emit_const(e, PAGE_SIZE);
    emit_op(e, OP_I32_LT_U);
    emit_op_n(e, OP_IF, TYPE_NONE);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_ENTRY);
    emit_const(e, sizeof(struct predecode_slot) / 2);
    emit_op(e, OP_I32_MUL);
    emit_const(e, (uint32_t)(uintptr_t)region->code->slots);
    emit_op(e, OP_I32_ADD);
    emit_op_n(e, OP_LOCAL_TEE, LOCAL_ENTRY);
    emit_memory(e, OP_I32_LOAD8_U, 0, (uint32_t)offsetof(struct predecode_slot, op));
    emit_const(e, PREDECODE_REGION);
    emit_op(e, OP_I32_EQ);
    emit_op_n(e, OP_IF, TYPE_NONE);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_ENTRY);
    emit_memory(e, OP_I32_LOAD16_U, 1, (uint32_t)offsetof(struct predecode_slot, entry));
    emit_op_n(e, OP_LOCAL_SET, LOCAL_NEXT);
    emit_op_n(e, OP_BR, region->blocks - 1 - region->block + region->depth + 2);
    emit_op(e, OP_END);
    emit_op(e, OP_END);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_HART);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_VA);
    emit_memory(e, OP_I32_STORE, 2, (uint32_t)offsetof(struct hart, pc));
    emit_op_n(e, OP_LOCAL_GET, LOCAL_LEFT);
    emit_op(e, OP_RETURN);
}

/* ---- Blocks ---- */

/* At the top of a block: its instructions are charged, if the budget has them all. */
static void charge(struct region *region)
{
    struct emit *e = &region->e;

    emit_op_n(e, OP_LOCAL_GET, LOCAL_LEFT);
    emit_const(e, region->insns);
    emit_op(e, OP_I32_SUB);
    emit_op_n(e, OP_LOCAL_TEE, LOCAL_LEFT);
    emit_const(e, 0);
    emit_op(e, OP_I32_LT_S);
    emit_op_n(e, OP_IF, TYPE_NONE);
    give_back(region, region->insns);
    leave_to_interpreter(region, region->at);
    emit_op(e, OP_END);
}

/* After the last instruction of a block that does not jump. */
static void fall_through(struct region *region)
{
    region_flush(region);
    if (region->at >= PAGE_SIZE || insn_at(region, region->at))
        region_jump(region, (int32_t)region->at);
    else
        leave_to_interpreter(region, region->at);
}

static void emit_insns(struct region *region)
{
    bool on = true;

    for (region->done = 0; region->done < region->insns; region->done++) {
        const struct insn *insn = insn_at(region, region->at);

        on = rows_emit(region, insn);
        region->at += insn->len;
    }
    if (on)
        fall_through(region);
}

static void emit_block(struct region *region, unsigned block)
{
    region->block = block;
    region->at = region->offset[block];
    region->cached = region->dirty = 0;
    measure(region);
    region->depth = region->loops;
    if (region->loops)
        emit_op_n(&region->e, OP_LOOP, TYPE_NONE);
    charge(region);
    emit_insns(region);
    if (region->loops)
        emit_op(&region->e, OP_END);
}

static void emit_body(struct region *region)
{
    struct emit *e = &region->e;
    uint8_t *begin = emit_begin(e);

    emit_unsigned(e, 1);
    emit_unsigned(e, LOCALS - REGION_PARAMETERS);
    emit_byte(e, TYPE_I32);
    emit_op_n(e, OP_LOOP, TYPE_NONE);
    for (unsigned i = 0; i < region->blocks; i++)
        emit_op_n(e, OP_BLOCK, TYPE_NONE);
    emit_op_n(e, OP_LOCAL_GET, LOCAL_NEXT);
    emit_op_n(e, OP_BR_TABLE, region->blocks - 1);
    for (unsigned i = 0; i < region->blocks; i++)
        emit_unsigned(e, i);
    for (unsigned i = 0; i < region->blocks; i++) {
        emit_op(e, OP_END);
        emit_block(region, i);
    }
    emit_op(e, OP_END);
    emit_op(e, OP_UNREACHABLE);
    emit_op(e, OP_END);
    emit_end(e, begin);
}

/* ---- The module ---- */

enum {
    SECTION_TYPE = 1,
    SECTION_IMPORT,
    SECTION_FUNCTION,
    SECTION_EXPORT = 7,
    SECTION_CODE = 10
};
enum { IMPORT_TABLE = 1, IMPORT_MEMORY = 2 };

static void emit_type(struct emit *e, unsigned parameters)
{
    emit_byte(e, TYPE_FUNC);
    emit_unsigned(e, parameters);
    for (unsigned i = 0; i < parameters; i++)
        emit_byte(e, TYPE_I32);
    emit_unsigned(e, 1);
    emit_byte(e, TYPE_I32);
}

static uint8_t *section(struct emit *e, unsigned id, unsigned elements)
{
    uint8_t *begin;

    emit_byte(e, id);
    begin = emit_begin(e);
    emit_unsigned(e, elements);
    return begin;
}

static void emit_imports(struct emit *e)
{
    uint8_t *begin = section(e, SECTION_IMPORT, 2);

    emit_name(e, "pz");
    emit_name(e, "memory");
    emit_byte(e, IMPORT_MEMORY);
    emit_byte(e, 0); /* no maximum */
    emit_unsigned(e, 1);
    emit_name(e, "pz");
    emit_name(e, "table");
    emit_byte(e, IMPORT_TABLE);
    emit_byte(e, TYPE_FUNCREF);
    emit_byte(e, 0);
    emit_unsigned(e, 1);
    emit_end(e, begin);
}

static void emit_module(struct region *region)
{
    static const uint8_t magic[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    struct emit *e = &region->e;
    uint8_t *begin;

    for (unsigned i = 0; i < sizeof magic; i++)
        emit_byte(e, magic[i]);
    begin = section(e, SECTION_TYPE, 3);
    emit_type(e, REGION_PARAMETERS);
    emit_type(e, 4); /* wasm_fill() */
    emit_type(e, 3); /* wasm_csr() */
    emit_end(e, begin);
    emit_imports(e);
    begin = section(e, SECTION_FUNCTION, 1);
    emit_unsigned(e, MODULE_TYPE_REGION);
    emit_end(e, begin);
    begin = section(e, SECTION_EXPORT, 1);
    emit_name(e, "f0");
    emit_unsigned(e, 0); /* a function ... */
    emit_unsigned(e, 0); /* ... the first */
    emit_end(e, begin);
    begin = section(e, SECTION_CODE, 1);
    emit_body(region);
    emit_end(e, begin);
}

uint32_t region_make(struct wasm *wasm, struct predecode_code *code)
{
    struct region *region = &wasm->region;

    region->predecode = &wasm->predecode;
    region->code = code;
    region->fill = (uint32_t)(uintptr_t)wasm_fill;
    region->csr = (uint32_t)(uintptr_t)wasm_csr;
    region->e = (struct emit){.at = wasm->module, .end = wasm->module + REGION_BYTES};
    if (!find_blocks(region))
        return 0;
    emit_module(region);
    return region->e.full ? 0 : (uint32_t)(region->e.at - wasm->module);
}
