/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * registers.c - which guest registers a batch keeps in host registers. Between batches, and
 * outside translated code, these are the nine of host_of_guest[]. A batch with a loop may
 * choose others for as long as it runs: each *swap* lends the host register of a guest
 * register that the batch seldom uses to one that it uses often. Entries to such a batch store
 * the one and load the other; exits do the reverse.
 *
 * Two of the scratch registers are lent too, where no instruction of the batch needs them.
 *
 * The choice needs the whole batch: it is based on counts from a first translation, and the
 * batch is then translated again.
 */
#include "isa/engine/jit/translate.h"

/* ---- For single instructions ---- */

static bool is_carried(const struct batch *b, unsigned guest)
{
    return guest && guest == b->carried;
}

static bool is_in(const struct batch *b, unsigned guest, unsigned reg)
{
    return is_carried(b, guest) ? reg == RAX : b->host[guest] && b->host[guest] == reg;
}

unsigned get_reg(struct batch *b, unsigned guest, unsigned scratch)
{
    if (b->host[guest])
        return b->host[guest];
    if (is_carried(b, guest))
        return RAX;
    b->scratch |= 1u << scratch;
    get_into(b, scratch, guest);
    return scratch;
}

void get_into(struct batch *b, unsigned reg, unsigned guest)
{
    if (is_known(b, guest) && b->value[guest] == 0)
        emit_alu(&b->e, SIZE32, ALU_XOR, reg, rm_reg(reg));
    else if (is_known(b, guest))
        emit_mov_imm(&b->e, reg, b->value[guest]);
    else if (!is_in(b, guest, reg))
        emit_mov(&b->e, SIZE32, reg, rm_guest(b, guest));
    if (reg == RAX)
        b->carried = 0;
}

unsigned put_reg(const struct batch *b, unsigned guest, unsigned scratch)
{
    return b->host[guest] ? b->host[guest] : scratch;
}

void put(struct batch *b, unsigned guest, unsigned reg)
{
    if (guest == 0)
        return;
    b->known &= ~(1u << guest);
    b->low[guest] = 0;
    if (!b->host[guest]) {
        emit_store(&b->e, SIZE32, rm_guest_memory(guest), reg);
        b->produced = reg == RAX ? (uint8_t)guest : 0;
    } else if (b->host[guest] != reg) {
        emit_mov(&b->e, SIZE32, b->host[guest], rm_reg(reg));
    }
}

void put_constant(struct batch *b, unsigned guest, uint32_t value)
{
    if (guest == 0)
        return;
    if (b->host[guest])
        emit_mov_imm(&b->e, b->host[guest], value);
    else
        emit_store_imm(&b->e, rm_guest_memory(guest), value);
    b->known |= 1u << guest;
    b->value[guest] = value;
    b->low[guest] = (uint8_t)(LOW_KNOWN(3u) | (value & 3));
}

void registers_compare(struct batch *b, unsigned first, unsigned second)
{
    unsigned reg = get_reg(b, first, RAX); /* before the other, which rax may have carried */

    emit_alu(&b->e, SIZE32, ALU_CMP, reg, rm_guest(b, second));
}

/* ---- Counting ---- */

#define RD 1u
#define RS1 2u
#define RS2 4u

static unsigned operands(const struct insn *insn)
{
    static const uint8_t by_format[] = {
        [FORMAT_R] = RD | RS1 | RS2,
        [FORMAT_I] = RD | RS1,
        [FORMAT_SHIFT] = RD | RS1,
        [FORMAT_LOAD] = RD | RS1,
        [FORMAT_JALR] = RD | RS1,
        [FORMAT_STORE] = RS1 | RS2,
        [FORMAT_B] = RS1 | RS2,
        [FORMAT_U] = RD,
        [FORMAT_J] = RD,
        [FORMAT_AMO] = RD | RS1 | RS2,
        [FORMAT_LR] = RD | RS1,
        [FORMAT_CSR] = RD | RS1,
        [FORMAT_CSRI] = RD,
        [FORMAT_NONE] = 0,
    };

    return insn->id == INSN_ILLEGAL ? 0 : by_format[insn_desc((enum insn_id)insn->id)->format];
}

uint32_t registers_read(const struct insn *insn)
{
    unsigned which = operands(insn);

    return (which & RS1 ? 1u << insn->rs1 : 0) | (which & RS2 ? 1u << insn->rs2 : 0);
}

uint32_t registers_written(const struct insn *insn)
{
    return operands(insn) & RD ? 1u << insn->rd : 0;
}

/* Which of rcx and rdx the translation of an instruction may change, whatever its operands. */
static uint32_t scratch_of(const struct batch *b, const struct insn *insn)
{
    const uint32_t both = 1u << RCX | 1u << RDX;

    if (insn_leaves(b->view, insn))
        return 0;
    switch (insn_desc((enum insn_id)insn->id)->format) {
    case FORMAT_R:
        if (insn->id > INSN_mul)
            return both;
        return insn->id == INSN_sll || insn->id == INSN_srl || insn->id == INSN_sra ? 1u << RCX
                                                                                    : 0;
    case FORMAT_LOAD:
    case FORMAT_STORE: return through_window(b) ? 0 : both;
    case FORMAT_AMO:
    case FORMAT_LR:
    case FORMAT_CSR:
    case FORMAT_CSRI: return both;
    default: return 0;
    }
}

void registers_count(struct batch *b, const struct insn *insn)
{
    unsigned which = operands(insn);
    struct use *use = &b->use[b->insns];

    use->guest[0] = which & RD ? insn->rd : 0;
    use->guest[1] = which & RS1 ? insn->rs1 : 0;
    use->guest[2] = which & RS2 ? insn->rs2 : 0;
    use->depth = 0;
    b->written |= registers_written(insn);
    b->scratch |= scratch_of(b, insn);
}

/* A jump at the batch's instruction `last` goes back to its instruction `first`. */
void registers_loop(struct batch *b, unsigned first, unsigned last)
{
    b->loops++;
    for (unsigned i = first; i <= last; i++)
        if (b->use[i].depth < DEEPEST)
            b->use[i].depth++;
}

/* ---- Choosing ---- */

/* How often each guest register is used, where a loop counts LOOP_TURNS times. */
static void weigh(const struct batch *b, uint32_t weight[32])
{
    memset(weight, 0, 32 * sizeof *weight);
    for (unsigned i = 0; i < b->insns; i++)
        for (unsigned k = 0; k < 3; k++)
            weight[b->use[i].guest[k]] += 1u << (LOOP_TURNS_LOG2 * b->use[i].depth);
    weight[0] = 0;
}

static unsigned heaviest_in_memory(const struct batch *b, const uint32_t weight[32])
{
    unsigned best = 0;

    for (unsigned guest = 1; guest < 32; guest++)
        if (!b->host[guest] && weight[guest] > weight[best])
            best = guest;
    return best;
}

static unsigned lightest_in_host(const struct batch *b, const uint32_t weight[32])
{
    unsigned best = 0;

    for (unsigned guest = 1; guest < 32; guest++)
        if (b->host[guest] && (!best || weight[guest] < weight[best]))
            best = guest;
    return best;
}

void registers_usual(struct batch *b)
{
    memcpy(b->host, host_of_guest, sizeof b->host);
    b->swaps = 0;
}

/* To the guest register used most of those in memory. */
static void lend(struct batch *b, const uint32_t weight[32], unsigned host, uint32_t cost)
{
    unsigned in = heaviest_in_memory(b, weight);

    if (b->scratch >> host & 1 || weight[in] < cost)
        return;
    b->swap[b->swaps++] = (struct swap){.in = (uint8_t)in, .host = (uint8_t)host};
    b->host[in] = (uint8_t)host;
}

/* What it is only known to use now that it has other registers. */
bool registers_reclaim(struct batch *b)
{
    unsigned kept = 0, swaps = b->swaps;

    for (unsigned i = 0; i < swaps; i++) {
        if (!b->swap[i].out && b->scratch >> b->swap[i].host & 1)
            b->host[b->swap[i].in] = 0;
        else
            b->swap[kept++] = b->swap[i];
    }
    b->swaps = kept;
    return kept != swaps;
}

/* A switch leaves the batch and enters another, or the same again, for each turn of its loop. */
static uint32_t swap_cost(const struct batch *b)
{
    if (b->jit->options.swap_always)
        return 1;
    return b->switches ? SWITCH_COST : SWAP_COST;
}

bool registers_choose(struct batch *b)
{
    bool always = b->jit->options.swap_always;
    uint32_t weight[32], cost = swap_cost(b);

    if (!b->loops && !always)
        return false;
    if (b->blocks > SWAP_BLOCKS)
        return false;
    weigh(b, weight);
    while (b->swaps < MOST_SWAPS) {
        unsigned in = heaviest_in_memory(b, weight), out = lightest_in_host(b, weight);

        if (weight[in] < weight[out] + cost)
            break;
        b->swap[b->swaps++] = (struct swap){(uint8_t)in, (uint8_t)out, b->host[out]};
        b->host[in] = b->host[out];
        b->host[out] = 0;
    }
    lend(b, weight, RCX, cost);
    lend(b, weight, RDX, cost);
    return b->swaps != 0;
}

/* ---- Ways in and out ---- */

void registers_enter(struct batch *b)
{
    for (unsigned i = 0; i < b->swaps; i++) {
        const struct swap *swap = &b->swap[i];

        if (swap->out)
            emit_store(&b->e, SIZE32, rm_guest_memory(swap->out), swap->host);
        emit_mov(&b->e, SIZE32, swap->host, rm_guest_memory(swap->in));
    }
}

/*
 * In reverse: what had to give its register away may have been lent another. Must change neither
 * flags nor scratch registers.
 */
void registers_leave(struct batch *b)
{
    for (unsigned i = b->swaps; i-- > 0;) {
        const struct swap *swap = &b->swap[i];

        if (b->written >> swap->in & 1)
            emit_store(&b->e, SIZE32, rm_guest_memory(swap->in), swap->host);
        if (swap->out)
            emit_mov(&b->e, SIZE32, swap->host, rm_guest_memory(swap->out));
    }
}
