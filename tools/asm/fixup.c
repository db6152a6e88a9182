/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fixup.c - puts values into instructions and data, now that all addresses are known. */
#include <inttypes.h>

#include "tools/asm/state.h"

/* How far a branch reaches, in bytes. */
#define BRANCH_LEAST (-4096)
#define BRANCH_MOST 4094
#define PASSES_MOST 8u

static uint32_t imm_i(int64_t value)
{
    return (uint32_t)value << 20;
}

static uint32_t imm_s(int64_t value)
{
    return ((uint32_t)value & 0xfe0) << 20 | ((uint32_t)value & 31) << 7;
}

static uint32_t imm_b(int64_t value)
{
    uint32_t v = (uint32_t)value;

    return (v >> 12 & 1) << 31 | (v >> 5 & 63) << 25 | (v >> 1 & 15) << 8 | (v >> 11 & 1) << 7;
}

static uint32_t imm_j(int64_t value)
{
    uint32_t v = (uint32_t)value;

    return (v >> 20 & 1) << 31 | (v >> 1 & 0x3ff) << 21 | (v >> 11 & 1) << 20 |
           (v >> 12 & 255) << 12;
}

static bool within(struct assembly *a, int64_t value, int64_t least, int64_t most,
                   const char *what)
{
    if (value >= least && value <= most)
        return true;
    return asm_wrong(a, "%s: %" PRId64 " is not from %" PRId64 " to %" PRId64, what, value,
                     least, most);
}

static void or_into(struct asm_fixup *fixup, uint32_t offset, uint32_t bits)
{
    uint8_t *at = fixup->section->bytes + fixup->offset + offset;

    store_le32(at, load_le32(at) | bits);
}

static void fix_data(struct assembly *a, struct asm_fixup *fixup, int64_t value)
{
    unsigned size = fixup->kind == ASM_DATA8 ? 1 : fixup->kind == ASM_DATA16 ? 2 : 4;
    int64_t most = ((int64_t)1 << 8 * size) - 1;

    if (!within(a, value, -(most / 2 + 1), most, "the value"))
        return;
    for (unsigned i = 0; i < size; i++)
        fixup->section->bytes[fixup->offset + i] = (uint8_t)((uint64_t)value >> 8 * i);
}

/* A place up to 2 GiB away, in two instructions. */
static void fix_pair(struct asm_fixup *fixup, int64_t distance)
{
    uint32_t high = ((uint32_t)distance + 0x800) & 0xfffff000u;
    int64_t low = (int64_t)(((uint32_t)distance & 0xfff) ^ 0x800) - 0x800;

    or_into(fixup, 0, high);
    or_into(fixup, 4, fixup->kind == ASM_PAIR_I ? imm_i(low) : imm_s(low));
}

static void fix_insn(struct assembly *a, struct asm_fixup *fixup, int64_t value,
                     int64_t distance)
{
    bool far = fixup->kind == ASM_BRANCH || fixup->kind == ASM_JUMP;

    if (far && (distance & 1)) {
        asm_wrong(a, "the target is at an odd address");
        return;
    }
    switch (fixup->kind) {
    case ASM_IMM_I:
        if (within(a, value, -2048, 2047, "the immediate"))
            or_into(fixup, 0, imm_i(value));
        return;
    case ASM_IMM_S:
        if (within(a, value, -2048, 2047, "the immediate"))
            or_into(fixup, 0, imm_s(value));
        return;
    case ASM_IMM_U:
        if (within(a, value, 0, 0xfffff, "the immediate"))
            or_into(fixup, 0, (uint32_t)value << 12);
        return;
    case ASM_SHAMT:
        if (within(a, value, 0, 31, "the shift"))
            or_into(fixup, 0, imm_i(value));
        return;
    case ASM_CSR:
        if (within(a, value, 0, 4095, "the CSR's number"))
            or_into(fixup, 0, imm_i(value));
        return;
    case ASM_UIMM:
        if (within(a, value, 0, 31, "the immediate"))
            or_into(fixup, 0, (uint32_t)value << 15);
        return;
    case ASM_BRANCH:
        if (within(a, distance, BRANCH_LEAST, BRANCH_MOST,
                   "the target of a branch, in bytes from here"))
            or_into(fixup, 0, imm_b(distance));
        return;
    case ASM_JUMP:
        if (within(a, distance, -0x100000, 0xffffe, "the target of a jump, in bytes from here"))
            or_into(fixup, 0, imm_j(distance));
        return;
    default: fix_pair(fixup, distance); return;
    }
}

static const char *undefined_in(const struct asm_expr *expr)
{
    for (unsigned i = 0; i < expr->count; i++)
        if (expr->ops[i].code == 's' && !expr->ops[i].symbol->defined)
            return expr->ops[i].symbol->name;
    return NULL;
}

static int32_t distance_of(const struct asm_fixup *fixup, int64_t value)
{
    return (int32_t)((uint32_t)value - fixup->section->address - fixup->offset);
}

static bool reaches(const struct assembly *a, const struct asm_fixup *fixup)
{
    int64_t value;
    int32_t distance;

    if (undefined_in(&fixup->expr) || !asm_number(a, &fixup->expr, &value))
        return true; /* or nothing does; it is told later */
    distance = distance_of(fixup, value);
    return distance >= BRANCH_LEAST && distance <= BRANCH_MOST;
}

/*
 * A longer branch can put others out of reach, so this is done until nothing changes: each pass has
 * one more at least. After some of them all are made longer, so that no source takes for ever.
 */
bool asm_find_far(struct assembly *a)
{
    bool all = a->far->passes++ == PASSES_MOST, found = false;

    for (const struct asm_fixup *fixup = a->fixups; fixup; fixup = fixup->next) {
        if (fixup->kind != ASM_BRANCH || fixup->branch >= ASM_STATEMENTS_MOST ||
            (!all && reaches(a, fixup)))
            continue;
        a->far->is[fixup->branch] = 1;
        found = true;
    }
    return found;
}

void asm_fix_all(struct assembly *a)
{
    for (struct asm_fixup *fixup = a->fixups; fixup && !a->over; fixup = fixup->next) {
        const char *name = undefined_in(&fixup->expr);
        int64_t value;

        a->place = fixup->place;
        if (name && name[0] >= '0' && name[0] <= '9')
            asm_wrong(a, "there is no label %.*s after this line",
                      (int)strspn(name, "0123456789"), name);
        else if (name)
            asm_wrong(a, "'%.60s' is not defined", name);
        else if (!asm_number(a, &fixup->expr, &value))
            asm_wrong(a, "the value cannot be computed");
        else if (fixup->kind <= ASM_DATA32)
            fix_data(a, fixup, value);
        else
            fix_insn(a, fixup, value, distance_of(fixup, value));
    }
}
