/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * predecode_code.c - pages of decoded instructions. A page is decoded slot by slot, as the hart
 * comes by; a write decodes the slots that it touches anew, and other stops those at their offsets.
 * Which address spaces lead there is left to predecode_space.c.
 */
#include "isa/decode.h"
#include "isa/engine/predecode.h"
#include "isa/engine/stops.h"

#define WRITES_MOST 64u /* to a page that is not entered in between: it is code no longer */

static uint32_t number_of(const struct predecode *predecode, const struct predecode_code *code)
{
    return (uint32_t)(code - predecode->codes);
}

/* ---- Death ---- */

static void release(struct predecode *predecode, struct predecode_code *code)
{
    predecode->heads[code->page] = 0;
    if (code->region)
        predecode->translator->dead(predecode, code);
    code->region = 0;
    code->used = false;
    code->next = predecode->code_unused;
    predecode->code_unused = number_of(predecode, code) + 1;
}

void predecode_code_kill(struct predecode *predecode, struct predecode_code *code)
{
    predecode_space_forget(predecode, code);
    release(predecode, code);
}

static void kill_all(struct predecode *predecode)
{
    predecode_space_forget(predecode, NULL);
    for (uint32_t i = 0; i < predecode->code_count; i++)
        if (predecode->codes[i].used)
            release(predecode, &predecode->codes[i]);
}

/* A slot is to be decoded again; translated code may have its instruction in it. */
static void forget_slot(struct predecode *predecode, struct predecode_code *code, uint32_t i)
{
    if (code->slots[i].op == PREDECODE_UNKNOWN)
        return;
    code->slots[i].op = PREDECODE_UNKNOWN;
    if (code->region)
        predecode->translator->dead(predecode, code);
    code->region = 0;
}

/* The instruction two bytes before may reach into the first byte written. */
static void page_written(struct predecode *predecode, struct predecode_code *code,
                         uint32_t offset, uint32_t len)
{
    uint32_t first = offset / 2, last = (offset + len - 1) / 2;

    for (uint32_t i = first ? first - 1 : 0; i <= last; i++)
        forget_slot(predecode, code, i);
    if ((++code->writes > WRITES_MOST || len == PAGE_SIZE) && code != predecode->running)
        predecode_code_kill(predecode, code);
}

void predecode_code_written(struct predecode *predecode, uint64_t pa, uint32_t len)
{
    const struct phys *phys = &predecode->engine.phys;

    for (uint32_t n; len; pa += n, len -= n) {
        uint32_t offset = (uint32_t)(pa & PAGE_MASK), head;

        n = len < PAGE_SIZE - offset ? len : PAGE_SIZE - offset;
        if (pa - phys->base >= phys->size)
            continue;
        head = predecode->heads[(pa - phys->base) >> PAGE_SHIFT];
        if (head)
            page_written(predecode, &predecode->codes[head - 1], offset, n);
    }
}

/* ---- Life ---- */

static struct predecode_code *take(struct predecode *predecode)
{
    struct predecode_code *code;

    if (!predecode->code_unused && predecode->code_count == predecode->code_limit)
        kill_all(predecode);
    if (!predecode->code_unused)
        return &predecode->codes[predecode->code_count++];
    code = &predecode->codes[predecode->code_unused - 1];
    predecode->code_unused = code->next;
    memset(code, 0, sizeof *code);
    return code;
}

/* The code of a page of RAM, new if there is none. */
static struct predecode_code *code_of(struct predecode *predecode, uint32_t page)
{
    struct predecode_code *code;

    if (predecode->heads[page])
        return &predecode->codes[predecode->heads[page] - 1];
    code = take(predecode);
    code->page = page;
    code->used = true;
    predecode->heads[page] = number_of(predecode, code) + 1;
    predecode_space_forbid(predecode, page);
    return code;
}

struct predecode_code *predecode_code_find(struct predecode *predecode, uint32_t va)
{
    struct sv32_space where = exec_space(&predecode->env);
    const struct phys *phys = &predecode->engine.phys;
    struct predecode_fetch *fetch = predecode_fetch(predecode, va);
    struct sv32_walk walk;
    enum sv32_result result = sv32_translate(&where, va, ACCESS_FETCH, &walk);
    struct predecode_code *code;

    if (result == SV32_OK && walk.pa - phys->base >= phys->size)
        result = SV32_ACCESS_FAULT;
    if (result != SV32_OK) {
        predecode->env.trap = sv32_trap(result, ACCESS_FETCH, va, &walk);
        return NULL;
    }
    code = code_of(predecode, (uint32_t)((walk.pa - phys->base) >> PAGE_SHIFT));
    *fetch = (struct predecode_fetch){va & ~PAGE_MASK, number_of(predecode, code)};
    predecode->space->fetched = true;
    if (walk.level) {
        predecode->space->supers = true;
        predecode->space->super[SV32_INDEX(va, 1)] = 1;
    }
    return code;
}

/* ---- Decoding ---- */

/* What runs on registers and memory alone has an op of its own. */
uint8_t predecode_code_op(const struct insn *insn)
{
    if (insn->id == INSN_ILLEGAL || insn_is_pause(insn))
        return PREDECODE_SLOW;
    switch (insn_desc((enum insn_id)insn->id)->format) {
    case FORMAT_R:
    case FORMAT_I:
    case FORMAT_SHIFT:
    case FORMAT_U:
    case FORMAT_B:
    case FORMAT_J:
    case FORMAT_JALR:
    case FORMAT_LOAD:
    case FORMAT_STORE:
    case FORMAT_FENCE: return (uint8_t)(PREDECODE_ROW + insn->id);
    default: return PREDECODE_SLOW;
    }
}

static bool has_stop(const struct predecode *predecode, uint32_t slot)
{
    return predecode->stopped[slot / 64] >> slot % 64 & 1;
}

void predecode_code_decode(struct predecode *predecode, struct predecode_code *code,
                           uint32_t offset)
{
    const uint8_t *host = predecode->engine.phys.ram + ((size_t)code->page << PAGE_SHIFT);
    struct predecode_slot *slot = &code->slots[offset / 2];
    uint16_t parcel;

    memcpy(&parcel, host + offset, sizeof parcel);
    if (insn_is_wide(parcel) && offset == PAGE_SIZE - 2) {
        slot->op = PREDECODE_SPLIT;
        return;
    }
    slot->insn = decode_insn(insn_is_wide(parcel) ? load_le32(host + offset) : parcel);
    slot->op =
        has_stop(predecode, offset / 2) ? PREDECODE_STOP : predecode_code_op(&slot->insn);
}

/* ---- Stops ---- */

static void forget_slots(struct predecode *predecode, struct predecode_code *code,
                         const uint64_t slots[PREDECODE_SLOTS / 64])
{
    for (unsigned i = 0; i < PREDECODE_SLOTS / 64; i++)
        for (uint64_t left = slots[i]; left; left &= left - 1)
            forget_slot(predecode, code, 64 * i + (unsigned)__builtin_ctzll(left));
}

void predecode_code_mark_stops(struct predecode *predecode)
{
    const struct engine_stops *stops = predecode->engine.stops;
    uint64_t now[PREDECODE_SLOTS / 64] = {0}, changed[PREDECODE_SLOTS / 64];
    uint64_t any = 0;

    for (uint32_t i = 0; stops && i < stops->count; i++) {
        uint32_t slot = (stops->at[i] & PAGE_MASK) / 2;

        now[slot / 64] |= 1ull << slot % 64;
    }
    for (unsigned i = 0; i < PREDECODE_SLOTS / 64; i++)
        any |= changed[i] = now[i] ^ predecode->stopped[i];
    memcpy(predecode->stopped, now, sizeof now);
    for (uint32_t i = 0; any && i < predecode->code_count; i++)
        if (predecode->codes[i].used)
            forget_slots(predecode, &predecode->codes[i], changed);
}
