/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.c - loads and stores. A store adds a page's distance, read from the space's table, to
 * the guest's address:
 *
 *     lea  eax, [rs1 + imm]
 *     mov  ecx, eax
 *     shr  ecx, 12
 *     mov  rcx, [r14 + rcx * 8 + table]
 *     test al, width - 1;  jne slow      misaligned; checked once for each base
 *     test rcx, rcx;       je slow       not in the table
 *     mov  [rcx + rax], rs2
 *
 * A load does not wait for the table: it uses the distance that the load at its pc last used in
 * this space, and the table only confirms it. It does no harm if the remembered distance is
 * stale, or another pc's.
 *
 *     mov  rdx, [r14 + last]
 *     cmp  rdx, [r14 + rcx * 8 + table]; jne elsewhere
 *     mov  rd, [rdx + rax]
 *
 * The slow path runs the instruction by isa/exec (helpers.c), which fills the table.
 */
#include "isa/engine/jit/translate.h"

struct access_shape {
    unsigned width;
    enum host_extend extend; /* for loads of less than a word */
};

static struct access_shape shape(enum insn_id id)
{
    switch (id) {
    case INSN_lb: return (struct access_shape){1, EXTEND_SIGN8};
    case INSN_lbu: return (struct access_shape){1, EXTEND_ZERO8};
    case INSN_lh: return (struct access_shape){2, EXTEND_SIGN16};
    case INSN_lhu: return (struct access_shape){2, EXTEND_ZERO16};
    case INSN_sb: return (struct access_shape){.width = 1};
    case INSN_sh: return (struct access_shape){.width = 2};
    default: return (struct access_shape){.width = 4};
    }
}

/* The virtual address, in a host register that is only read. */
static unsigned address(struct batch *b, const struct insn *insn)
{
    unsigned base = b->host[insn->rs1];

    if (base && !insn->imm && !is_known(b, insn->rs1))
        return base;
    if (is_known(b, insn->rs1) || base)
        b->carried = 0;
    if (is_known(b, insn->rs1)) {
        emit_mov_imm(&b->e, RAX, b->value[insn->rs1] + (uint32_t)insn->imm);
        return RAX;
    }
    if (base) {
        emit_lea(&b->e, SIZE32, RAX, rm_mem(base, insn->imm));
        return RAX;
    }
    get_into(b, RAX, insn->rs1);
    if (insn->imm)
        emit_alu_imm(&b->e, SIZE32, ALU_ADD, rm_reg(RAX), insn->imm);
    return RAX;
}

/* Is the address known to be aligned, from an earlier access with the same base? */
static bool surely_aligned(const struct batch *b, const struct insn *insn, unsigned width)
{
    unsigned mask = width - 1, low = b->low[insn->rs1];

    if (is_known(b, insn->rs1))
        return ((b->value[insn->rs1] + (uint32_t)insn->imm) & mask) == 0;
    return (LOW_MASK(low) & mask) == mask &&
           ((LOW_VALUE(low) + (uint32_t)insn->imm) & mask) == 0;
}

/*
 * After the check rs1 + imm is aligned, so rs1's low bits are known. The slow path of a misaligned
 * access never comes back here (helper_insn), so that this holds to the end of the block.
 */
static void check_aligned(struct batch *b, const struct insn *insn, unsigned width, unsigned va,
                          struct stub *stub)
{
    unsigned mask = width - 1;

    if (surely_aligned(b, insn, width))
        return;
    emit_test_imm8(&b->e, va, (uint8_t)mask);
    stub->site[1] = emit_jcc(&b->e, COND_NE);
    if (mask >= LOW_MASK(b->low[insn->rs1]))
        b->low[insn->rs1] = (uint8_t)(LOW_KNOWN(mask) | (-(uint32_t)insn->imm & mask));
}

struct host_rm locate(struct batch *b, const struct insn *insn, size_t table, unsigned width,
                      unsigned *va, struct stub **stub)
{
    *va = address(b, insn);
    *stub = exit_stub(b, STUB_INSN, b->pc);
    (*stub)->raw = insn->raw;
    emit_mov(&b->e, SIZE32, RCX, rm_reg(*va));
    emit_shift_imm(&b->e, SIZE32, SHIFT_SHR, rm_reg(RCX), PAGE_SHIFT);
    emit_mov(&b->e, SIZE64, RCX, rm_space_index(RCX, 3, table));
    check_aligned(b, insn, width, *va, *stub);
    emit_test(&b->e, SIZE64, RCX, RCX);
    (*stub)->site[0] = emit_jcc(&b->e, COND_E);
    if (b->jit->planted) {
        (*stub)->kind = STUB_HOT;
        (*stub)->va = (uint8_t)*va;
        (*stub)->loads = table == offsetof(struct space, load);
        (*stub)->loaded = b->e.at;
    }
    return rm_index(RCX, *va, 0, 0);
}

static struct host_rm hot(const struct stub *stub, size_t field)
{
    size_t at =
        stub->loads ? offsetof(struct space, hot_load) : offsetof(struct space, hot_store);

    return rm_space(at + field);
}

#define HOT(field) hot(stub, offsetof(struct hot, field))

/* The distance in rcx, if the access is in the hot page and outside the watched range. */
static void find_hot(struct batch *b, const struct stub *stub, uint8_t *slow[2])
{
    emit_mov(&b->e, SIZE32, RCX, rm_reg(stub->va));
    emit_shift_imm(&b->e, SIZE32, SHIFT_SHR, rm_reg(RCX), PAGE_SHIFT);
    emit_alu(&b->e, SIZE32, ALU_CMP, RCX, HOT(page));
    slow[0] = emit_jcc(&b->e, COND_NE);
    emit_mov(&b->e, SIZE32, RCX, rm_reg(stub->va));
    emit_alu_imm(&b->e, SIZE32, ALU_AND, rm_reg(RCX), PAGE_MASK);
    emit_alu(&b->e, SIZE32, ALU_SUB, RCX, HOT(first));
    emit_alu(&b->e, SIZE32, ALU_CMP, RCX, HOT(len));
    slow[1] = emit_jcc(&b->e, COND_B);
    emit_mov(&b->e, SIZE64, RCX, HOT(addend));
}

void access_hot(struct batch *b, const struct stub *stub, uint8_t *slow[2])
{
    find_hot(b, stub, slow);
    emit_target(emit_jmp(&b->e), stub->loaded);
}

void access_load(struct emit *e, const struct insn *insn, unsigned to, struct host_rm from)
{
    struct access_shape s = shape((enum insn_id)insn->id);

    if (s.width == 4)
        emit_mov(e, SIZE32, to, from);
    else
        emit_extend(e, s.extend, to, from);
}

#define LOAD_TABLE offsetof(struct space, load)

/* Where the last distance used by the load at pc is kept. */
static struct host_rm last_at(uint32_t pc)
{
    uint32_t slot = (pc >> 1 ^ pc >> 10) % LASTS;

    return rm_space(offsetof(struct space, last) + 8 * slot);
}

/* The load, with the distance in rcx. */
static void load_there(struct batch *b, const struct stub *stub)
{
    const struct insn *insn = spec_decode(b->jit->spec, stub->raw);

    access_load(&b->e, insn, put_reg(b, insn->rd, RAX), rm_index(RCX, stub->va, 0, 0));
    emit_target(emit_jmp(&b->e), stub->loaded);
}

/* The load from a page at a different distance from the last; rcx is still the page's number. */
void load_elsewhere(struct batch *b, const struct stub *stub, uint8_t *slow[2])
{
    emit_mov(&b->e, SIZE64, RCX, rm_space_index(RCX, 3, LOAD_TABLE));
    emit_test(&b->e, SIZE64, RCX, RCX);
    slow[0] = emit_jcc(&b->e, COND_E);
    slow[1] = NULL;
    emit_store(&b->e, SIZE64, last_at(stub->pc), RCX);
    load_there(b, stub);
    if (!b->jit->planted)
        return;
    emit_target(slow[0], b->e.at);
    find_hot(b, stub, slow);
    load_there(b, stub);
}

void translate_load(struct batch *b, const struct insn *insn)
{
    unsigned to, va;
    struct stub *stub;

    if (through_window(b)) {
        through_load(b, insn);
        return;
    }
    to = put_reg(b, insn->rd, RAX);
    va = address(b, insn);
    stub = exit_stub(b, STUB_LOAD, b->pc);
    stub->raw = insn->raw;
    stub->va = (uint8_t)va;
    stub->loads = true;
    emit_mov(&b->e, SIZE32, RCX, rm_reg(va));
    emit_shift_imm(&b->e, SIZE32, SHIFT_SHR, rm_reg(RCX), PAGE_SHIFT);
    emit_mov(&b->e, SIZE64, RDX, last_at(b->pc));
    check_aligned(b, insn, shape((enum insn_id)insn->id).width, va, stub);
    emit_alu(&b->e, SIZE64, ALU_CMP, RDX, rm_space_index(RCX, 3, LOAD_TABLE));
    stub->site[0] = emit_jcc(&b->e, COND_NE);
    access_load(&b->e, insn, to, rm_index(RDX, va, 0, 0));
    stub->loaded = b->e.at;
    put(b, insn->rd, to);
    stub->carries = b->produced;
    stub->back = b->e.at;
}

void access_store(struct emit *e, const struct insn *insn, struct host_rm to, unsigned reg)
{
    unsigned width = shape((enum insn_id)insn->id).width;

    if (width == 1)
        emit_store8(e, to, reg);
    else if (width == 2)
        emit_store16(e, to, reg);
    else
        emit_store(e, SIZE32, to, reg);
}

void access_store_constant(struct emit *e, const struct insn *insn, struct host_rm to,
                           uint32_t value)
{
    unsigned width = shape((enum insn_id)insn->id).width;

    if (width == 1)
        emit_store_imm8(e, to, (uint8_t)value);
    else if (width == 2)
        emit_store_imm16(e, to, (uint16_t)value);
    else
        emit_store_imm(e, to, value);
}

void translate_store(struct batch *b, const struct insn *insn)
{
    struct access_shape s = shape((enum insn_id)insn->id);
    struct host_rm to;
    struct stub *stub;
    unsigned va;

    if (through_window(b)) {
        through_store(b, insn);
        return;
    }
    to = locate(b, insn, offsetof(struct space, store), s.width, &va, &stub);
    if (is_known(b, insn->rs2))
        access_store_constant(&b->e, insn, to, b->value[insn->rs2]);
    else
        access_store(&b->e, insn, to, get_reg(b, insn->rs2, RDX));
    stub->back = b->e.at;
}
