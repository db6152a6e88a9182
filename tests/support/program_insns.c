/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * program_insns.c - choosing instructions: all of insns.def, all compressed ones and some that
 * are none, with operands that make most of them do something. Pointers are kept in a few
 * registers that are seldom overwritten; one is kept for rewriting code.
 */
#include "tests/support/program_insns.h"

#include "isa/csr.h"
#include "isa/decode.h"
#include "isa/insn.h"
#include "tests/support/encode.h"

static const uint8_t pointers[] = {2, 8, 9, 18, 19, REGISTER_CODE};

static bool is_pointer(unsigned reg)
{
    for (unsigned i = 0; i < sizeof pointers; i++)
        if (pointers[i] == reg)
            return true;
    return false;
}

static bool is_reserved(unsigned reg)
{
    return reg == REGISTER_PLACE || reg == REGISTER_ALIAS;
}

static bool has_rd(enum insn_format format)
{
    return format != FORMAT_STORE && format != FORMAT_B && format != FORMAT_FENCE &&
           format != FORMAT_SFENCE && format != FORMAT_NONE;
}

static bool jumps(const struct insn *insn)
{
    return insn->id == INSN_jal || insn->id == INSN_jalr ||
           (insn->id >= INSN_beq && insn->id <= INSN_bgeu);
}

static bool untrapped_by(const struct engine_ops *ops, uint32_t raw)
{
    for (unsigned i = 0; ops && i < ops->untrapped_count; i++)
        if ((raw & ops->untrapped[i].mask) == ops->untrapped[i].match)
            return true;
    return false;
}

/* May it stand in the program? Not often if it destroys a pointer. */
static bool acceptable(const struct program *program, struct rng *rng, uint32_t raw)
{
    struct insn insn = decode_insn(raw);

    if (insn.id == INSN_ILLEGAL)
        return true;
    if (is_reserved(insn.rd) || is_reserved(insn.rs1) || is_reserved(insn.rs2))
        return false;
    if (untrapped_by(program->untrapped, raw))
        return false;
    if (program->rewrites && (jumps(&insn) || insn.rd == REGISTER_CODE))
        return false;
    return !has_rd((enum insn_format)insn_desc((enum insn_id)insn.id)->format) ||
           !is_pointer(insn.rd) || rng_one_in(rng, 16);
}

static uint32_t with_rs1(uint32_t raw, unsigned reg)
{
    return (raw & ~(31u << 15)) | reg << 15;
}

static uint32_t random_operands(struct rng *rng, enum insn_id id)
{
    return (rng_next(rng) & ~insn_desc(id)->mask) | insn_desc(id)->match;
}

static enum insn_id between(struct rng *rng, enum insn_id first, enum insn_id last)
{
    return first + rng_below(rng, last - first + 1);
}

/* Offsets from pointers are short more often than not. */
static uint32_t random_access(struct rng *rng)
{
    bool store = rng_one_in(rng, 2);
    enum insn_id id = store ? between(rng, INSN_sb, INSN_sw) : between(rng, INSN_lb, INSN_lhu);
    unsigned base = pointers[rng_below(rng, sizeof pointers)];
    int32_t offset = (int32_t)rng_below(rng, 4096) - 2048;

    if (rng_one_in(rng, 2))
        offset = (int32_t)rng_below(rng, 32) - 16;
    return store ? encode_store(id, rng_below(rng, 30), base, offset)
                 : encode_i(id, rng_below(rng, 30), base, offset);
}

static uint32_t random_atomic(struct rng *rng)
{
    enum insn_id id = rng_one_in(rng, 3) ? between(rng, INSN_lr_w, INSN_sc_w)
                                         : between(rng, INSN_sc_w, INSN_amomaxu_w);

    return with_rs1(random_operands(rng, id), pointers[rng_below(rng, sizeof pointers)]);
}

static uint32_t random_arithmetic(struct rng *rng)
{
    switch (rng_below(rng, 4)) {
    case 0: return random_operands(rng, between(rng, INSN_addi, INSN_srai));
    case 1: return random_operands(rng, rng_one_in(rng, 2) ? INSN_lui : INSN_auipc);
    default: return random_operands(rng, between(rng, INSN_add, INSN_remu));
    }
}

/* Compressed, with a meaning (mostly); jumps only now and then, for they go astray. */
static uint32_t random_compressed(struct rng *rng)
{
    for (;;) {
        uint32_t raw = rng_next(rng) & 0xffff;
        struct insn insn = decode_insn(raw);

        if (insn_is_wide(raw) || (insn.id == INSN_ILLEGAL && !rng_one_in(rng, 32)) ||
            (jumps(&insn) && !rng_one_in(rng, 8)) ||
            (insn.id == INSN_ebreak && !rng_one_in(rng, 4)))
            continue;
        return raw;
    }
}

/* A CSR that exists. satp seldom: what is written there is the end of the run. */
static uint32_t random_csr(struct rng *rng)
{
    enum csr_id csr = (enum csr_id)rng_below(rng, CSR_COUNT);

    if (csr == CSR_satp && !rng_one_in(rng, 8))
        csr = CSR_sscratch;
    return encode_csr(between(rng, INSN_csrrw, INSN_csrrci), rng_below(rng, 30),
                      csr_desc(csr)->number, rng_below(rng, 32));
}

/* In supervisor mode they are what is of interest; elsewhere they only trap. */
static uint32_t random_privileged(const struct program *program, struct rng *rng)
{
    if (rng_one_in(rng, world_is_privileged(program->world) ? 3 : 8))
        return random_operands(rng, between(rng, INSN_ecall, INSN_csrrci));
    return random_csr(rng);
}

/* Half of those that order memory are PAUSE. */
static uint32_t random_fence(struct rng *rng)
{
    uint32_t raw = random_operands(rng, between(rng, INSN_fence, INSN_fence_i));

    return decode_insn(raw).id == INSN_fence && raw >> 31 ? INSN_PAUSE_BITS : raw;
}

static uint32_t random_wide(const struct program *program, struct rng *rng)
{
    uint32_t kind = rng_below(rng, 100);

    if (world_is_privileged(program->world) && rng_one_in(rng, 6))
        return random_privileged(program, rng);

    if (kind < 45)
        return random_arithmetic(rng);
    if (kind < 80)
        return random_access(rng);
    if (kind < 90)
        return random_atomic(rng);
    if (kind < 93)
        return encode_i(INSN_jalr, rng_below(rng, 30), REGISTER_CODE,
                        2 * (int32_t)rng_below(rng, 24) - 24);
    if (kind < 95)
        return random_fence(rng);
    if (kind < 98)
        return random_privileged(program, rng);
    if (kind < 99)
        return rng_next(rng) | 3;
    return random_operands(rng, between(rng, INSN_lb, INSN_csrrci));
}

uint32_t program_random_insn(const struct program *program, struct rng *rng, uint32_t like)
{
    uint32_t raw;

    do
        raw = insn_is_wide(like) ? random_wide(program, rng) : random_compressed(rng);
    while (!acceptable(program, rng, raw));
    return raw;
}

static void add(struct program *program, uint32_t raw, int target)
{
    program->items[program->count++] = (struct item){.raw = raw, .target = (int16_t)target};
}

/* Targets are near, before or after; a branch's offset is always in reach. */
static void add_jump(struct program *program, struct rng *rng)
{
    int target = (int)program->count + (int)rng_below(rng, 24) - 10;
    unsigned kind = rng_below(rng, 8);

    if (kind == 0)
        add(program, encode_i(INSN_jalr, rng_below(rng, 28), REGISTER_CODE, 0), -1);
    else if (kind < 3)
        add(program, encode_jal(kind == 1, 0), target < 0 ? 0 : target);
    else
        add(program,
            encode_branch(between(rng, INSN_beq, INSN_bgeu), rng_below(rng, 28),
                          rng_below(rng, 28), 0),
            target < 0 ? 0 : target);
}

/* ---- Rewriting code ---- */

/* x31 = an instruction; stored over another one; FENCE.I. What and where is found out later. */
static void add_rewrite(struct program *program, struct rng *rng, uint8_t group)
{
    unsigned first = program->count;
    bool by_atomic = rng_one_in(rng, 3);

    add(program, insn_desc(INSN_lui)->match, -1);
    add(program, insn_desc(INSN_addi)->match, -1);
    if (by_atomic)
        add(program, insn_desc(INSN_addi)->match, -1);
    add(program, insn_desc(by_atomic ? INSN_amoswap_w : INSN_sw)->match, -1);
    add(program, insn_desc(INSN_fence_i)->match, -1);
    for (unsigned i = first; i < program->count; i++)
        program->items[i].group = group;
}

static bool inside_group(const struct program *program, unsigned item)
{
    return item && program->items[item].group &&
           program->items[item].group == program->items[item - 1].group;
}

unsigned program_entry_item(const struct program *program, struct rng *rng)
{
    for (;;) {
        unsigned item = rng_below(rng, program->count);

        if (!inside_group(program, item))
            return item;
    }
}

unsigned program_plain_item(const struct program *program, struct rng *rng)
{
    for (;;) {
        unsigned item = rng_below(rng, program->count);

        if (program->items[item].group == 0)
            return item;
    }
}

/* A whole item is overwritten, so that no rewriting sequence ever loses its FENCE.I. */
static void finish_rewrite(struct program *program, struct rng *rng, struct item *items)
{
    unsigned place = program_plain_item(program, rng);
    uint32_t word = program_random_insn(program, rng, program->items[place].raw);
    uint32_t upper = (word + 0x800) & 0xfffff000;
    int32_t offset = (int32_t)(program_address(program, place) - program->code_va);
    bool wide = insn_is_wide(word);

    items[0].raw = encode_u(INSN_lui, 31, upper);
    items[1].raw = encode_i(INSN_addi, 31, 31, (int32_t)(word - upper));
    if (items[2].raw == insn_desc(INSN_sw)->match) {
        items[2].raw = encode_store(wide ? INSN_sw : INSN_sh, 31, REGISTER_ALIAS, offset);
        return;
    }
    items[2].raw = encode_i(INSN_addi, REGISTER_PLACE, REGISTER_ALIAS, offset);
    items[3].raw = wide ? encode_r(INSN_amoswap_w, 0, REGISTER_PLACE, 31)
                        : encode_store(INSN_sh, 31, REGISTER_PLACE, 0);
}

static void finish_rewrites(struct program *program, struct rng *rng)
{
    for (unsigned i = 0; i < program->count; i++)
        if (program->items[i].group && !inside_group(program, i))
            finish_rewrite(program, rng, &program->items[i]);
}

static void finish_jumps(struct program *program, struct rng *rng)
{
    for (unsigned i = 0; i < program->count; i++) {
        int16_t *target = &program->items[i].target;

        if (*target >= 0 &&
            (*target >= (int)program->count || inside_group(program, (unsigned)*target)))
            *target = (int16_t)program_entry_item(program, rng);
    }
}

void program_choose_insns(struct program *program, struct rng *rng)
{
    uint8_t group = 0;
    unsigned count = 10 + rng_below(rng, PROGRAM_INSNS - 20);

    program->rewrites = rng_one_in(rng, 3);
    add(program, 0x00000013, -1); /* there has to be one that may be overwritten */
    while (program->count < count) {
        uint32_t kind = rng_below(rng, 100);

        if (kind < 12) {
            add_jump(program, rng);
        } else if (kind < 16 && program->rewrites) {
            add_rewrite(program, rng, ++group);
        } else {
            add(program, program_random_insn(program, rng, rng_one_in(rng, 3) ? 1 : 3), -1);
        }
    }
    finish_jumps(program, rng);
    finish_rewrites(program, rng);
}
