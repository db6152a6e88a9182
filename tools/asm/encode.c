/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * encode.c - instructions: a name's row in insns.def says which bits it has and which operands, and
 * here these are put in. Pseudo-instructions are replaced by what they stand for (pseudo.def).
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "isa/csr.h"
#include "tools/asm/state.h"
#include "tools/show/show.h"

/* A statement. */
struct insn_text {
    struct assembly *a;
    const char *name;
    const struct insn_desc *desc;
    char *operands[ASM_OPERANDS_MOST];
    int count;
    uint32_t bits;
};

/* ---- Registers and CSRs ---- */

int asm_register(const char *name)
{
    char *end;
    unsigned long number;

    if (!strcmp(name, "fp"))
        return 8;
    for (unsigned i = 0; i < 32; i++)
        if (!strcmp(name, format_reg(i)))
            return (int)i;
    if (name[0] != 'x' || !isdigit((unsigned char)name[1]) || strlen(name) > 3)
        return -1;
    number = strtoul(name + 1, &end, 10);
    return *end || number > 31 ? -1 : (int)number;
}

static bool take_register(struct insn_text *t, int i, unsigned shift)
{
    int number = asm_register(t->operands[i]);

    if (number < 0)
        return asm_wrong(t->a, "'%.40s' is no register", t->operands[i]);
    t->bits |= (uint32_t)number << shift;
    return true;
}

static bool fix(struct insn_text *t, enum asm_fixup_kind kind, const char *text)
{
    struct asm_expr expr;

    return asm_expression(t->a, text, &expr) && asm_fix(t->a, kind, &expr);
}

static bool take_csr(struct insn_text *t, int i)
{
    for (int id = 0; id < CSR_COUNT; id++)
        if (!strcmp(csr_desc((enum csr_id)id)->name, t->operands[i])) {
            t->bits |= (uint32_t)csr_desc((enum csr_id)id)->number << 20;
            return true;
        }
    return fix(t, ASM_CSR, t->operands[i]);
}

/* ---- Formats ---- */

enum { RD = 7, RS1 = 15, RS2 = 20 };

/* "imm(rs1)", where the immediate can be missing. */
static bool take_memory(struct insn_text *t, int i, enum asm_fixup_kind kind, bool offset)
{
    char *text = t->operands[i], *open = strrchr(text, '('), *close = strrchr(text, ')');
    int base;

    if (!open || !close || close < open || *asm_blank(close + 1))
        return asm_wrong(t->a, "'%.40s': imm(register) is expected", text);
    *close = *open = '\0';
    for (char *end = close; end > open + 1 && isspace((unsigned char)end[-1]);)
        *--end = '\0';
    base = asm_register(asm_blank(open + 1));
    if (base < 0)
        return asm_wrong(t->a, "'%.40s' is no register", open + 1);
    t->bits |= (uint32_t)base << RS1;
    if (!*asm_blank(text))
        return true;
    if (!offset && strcmp(text, "0"))
        return asm_wrong(t->a, "%.20s takes no offset", t->name);
    return !offset || fix(t, kind, text);
}

/* "iorw", any of them, in this order; or 0. */
static bool take_fence(struct insn_text *t, int i, unsigned shift)
{
    static const char letters[] = "iorw";
    const char *at = t->operands[i];
    uint32_t set = 0;

    for (unsigned k = 0; k < 4; k++)
        if (*at == letters[k]) {
            set |= 8u >> k;
            at++;
        }
    if (*at && strcmp(t->operands[i], "0"))
        return asm_wrong(t->a, "'%.40s' is not of i, o, r and w", t->operands[i]);
    t->bits |= set << shift;
    return true;
}

static bool wants(struct insn_text *t, int count)
{
    return t->count == count ||
           asm_wrong(t->a, "%.20s takes %d operands, not %d", t->name, count, t->count);
}

/*
 * Where the target is too far, as gas does it: the opposite branch over a jump. Which branches are
 * that an earlier pass has found.
 */
static bool take_target(struct insn_text *t, int i)
{
    enum { OPPOSITE = 1u << 12, OVER = 8u << 7, JAL = 0x6f };
    struct assembly *a = t->a;
    unsigned number = a->branches++;
    struct asm_expr expr;

    if (!asm_expression(a, t->operands[i], &expr))
        return false;
    if (number >= ASM_STATEMENTS_MOST || !a->far->is[number])
        return asm_fix(a, ASM_BRANCH, &expr);
    if (!asm_emit32(a, (t->bits ^ OPPOSITE) | OVER))
        return false;
    t->bits = JAL;
    return asm_fix(a, ASM_JUMP, &expr);
}

static bool take_operands(struct insn_text *t)
{
    switch ((enum insn_format)t->desc->format) {
    case FORMAT_R:
        return wants(t, 3) && take_register(t, 0, RD) && take_register(t, 1, RS1) &&
               take_register(t, 2, RS2);
    case FORMAT_I:
        return wants(t, 3) && take_register(t, 0, RD) && take_register(t, 1, RS1) &&
               fix(t, ASM_IMM_I, t->operands[2]);
    case FORMAT_SHIFT:
        return wants(t, 3) && take_register(t, 0, RD) && take_register(t, 1, RS1) &&
               fix(t, ASM_SHAMT, t->operands[2]);
    case FORMAT_LOAD:
    case FORMAT_JALR:
        return wants(t, 2) && take_register(t, 0, RD) && take_memory(t, 1, ASM_IMM_I, true);
    case FORMAT_STORE:
        return wants(t, 2) && take_register(t, 0, RS2) && take_memory(t, 1, ASM_IMM_S, true);
    case FORMAT_B:
        return wants(t, 3) && take_register(t, 0, RS1) && take_register(t, 1, RS2) &&
               take_target(t, 2);
    case FORMAT_U:
        return wants(t, 2) && take_register(t, 0, RD) && fix(t, ASM_IMM_U, t->operands[1]);
    case FORMAT_J:
        return wants(t, 2) && take_register(t, 0, RD) && fix(t, ASM_JUMP, t->operands[1]);
    case FORMAT_CSR:
        return wants(t, 3) && take_register(t, 0, RD) && take_csr(t, 1) &&
               take_register(t, 2, RS1);
    case FORMAT_CSRI:
        return wants(t, 3) && take_register(t, 0, RD) && take_csr(t, 1) &&
               fix(t, ASM_UIMM, t->operands[2]);
    case FORMAT_AMO:
        return wants(t, 3) && take_register(t, 0, RD) && take_register(t, 1, RS2) &&
               take_memory(t, 2, ASM_IMM_I, false);
    case FORMAT_LR:
        return wants(t, 2) && take_register(t, 0, RD) && take_memory(t, 1, ASM_IMM_I, false);
    case FORMAT_FENCE: return wants(t, 2) && take_fence(t, 0, 24) && take_fence(t, 1, 20);
    case FORMAT_SFENCE:
        return wants(t, 2) && take_register(t, 0, RS1) && take_register(t, 1, RS2);
    case FORMAT_NONE: break;
    }
    return wants(t, 0);
}

/* ---- Names ---- */

static const struct insn_desc *find_row(const char *name, size_t len)
{
    for (int id = 0; id < INSN_COUNT; id++) {
        const struct insn_desc *desc = insn_desc((enum insn_id)id);

        if (!strncmp(desc->name, name, len) && !desc->name[len])
            return desc;
    }
    return NULL;
}

/* The row; atomics may have ".aq" and ".rl" behind their names. */
static bool find(struct insn_text *t)
{
    static const struct {
        const char *suffix;
        uint32_t bits;
    } orders[] = {{"", 0}, {".aqrl", 3u << 25}, {".aq", 2u << 25}, {".rl", 1u << 25}};
    size_t len = strlen(t->name);

    for (unsigned i = 0; i < 4; i++) {
        size_t suffix = strlen(orders[i].suffix);

        if (len <= suffix || strcmp(t->name + len - suffix, orders[i].suffix))
            continue;
        t->desc = find_row(t->name, len - suffix);
        if (t->desc &&
            (!suffix || t->desc->format == FORMAT_AMO || t->desc->format == FORMAT_LR)) {
            t->bits = t->desc->match | orders[i].bits;
            return true;
        }
    }
    t->desc = NULL;
    return false;
}

/* "add a0, a0, 4" means addi, "csrw sstatus, 2" csrwi: the row with an 'i' in its name. */
static void prefer_immediate(struct insn_text *t)
{
    char name[24];
    const struct insn_desc *desc;
    size_t len = strlen(t->desc->name);
    bool is_unsigned = t->desc->name[len - 1] == 'u';

    if ((t->desc->format != FORMAT_R && t->desc->format != FORMAT_CSR) || t->count != 3 ||
        asm_register(t->operands[2]) >= 0 || len + 2 > sizeof name)
        return;
    (void)!snprintf(name, sizeof name, "%.*si%s", (int)(len - is_unsigned), t->desc->name,
                    is_unsigned ? "u" : "");
    desc = find_row(name, strlen(name));
    if (desc) {
        t->desc = desc;
        t->bits = desc->match;
    }
}

/* ---- Pseudo-instructions ---- */

static const struct {
    const char *name;
    int count;
    const char *text;
} pseudos[] = {
#define PSEUDO(name, count, text) {name, count, text},
#include "tools/asm/pseudo.def"
#undef PSEUDO
};

static bool expand(struct insn_text *t, const char *text)
{
    size_t room = strlen(text) + 1, len = 0;
    char *line;

    for (int i = 0; i < t->count; i++)
        room += 2 * strlen(t->operands[i]);
    line = asm_take(t->a, room);
    for (; line && *text; text++)
        if (*text == '$') {
            const char *operand = t->operands[*++text - '0'];

            memcpy(line + len, operand, strlen(operand));
            len += strlen(operand);
        } else {
            line[len++] = *text;
        }
    if (!line)
        return false;
    text = line + strcspn(line, " ");
    line[text - line] = '\0';
    return asm_instruction(t->a, line, line + strlen(line) + 1);
}

static bool auipc_pair(struct insn_text *t, enum asm_fixup_kind kind, const char *symbol,
                       unsigned rd, uint32_t second)
{
    return fix(t, kind, symbol) && asm_emit32(t->a, 0x17 | rd << RD) &&
           asm_emit32(t->a, second);
}

/* As compilers do it: in one instruction if that is enough. */
static bool load_immediate(struct insn_text *t)
{
    int64_t value;
    int rd = asm_register(t->operands[0]);
    uint32_t low, high, base = 0;

    if (rd < 0)
        return asm_wrong(t->a, "'%.40s' is no register", t->operands[0]);
    if (!asm_constant(t->a, t->operands[1], "li", &value))
        return false;
    if (value < INT32_MIN || value > UINT32_MAX)
        return asm_wrong(t->a, "li: the value has more than 32 bits");
    low = (uint32_t)value & 0xfff;
    high = ((uint32_t)value + 0x800) & 0xfffff000u;
    if (high && !asm_emit32(t->a, 0x37 | high | (uint32_t)rd << RD))
        return false;
    if (high && !low)
        return true;
    base = high ? (uint32_t)rd : 0;
    return asm_emit32(t->a, 0x13 | low << 20 | base << RS1 | (uint32_t)rd << RD);
}

static bool load_address(struct insn_text *t)
{
    int rd = asm_register(t->operands[0]);

    if (rd < 0)
        return asm_wrong(t->a, "'%.40s' is no register", t->operands[0]);
    return auipc_pair(t, ASM_PAIR_I, t->operands[1], (unsigned)rd,
                      0x13 | (uint32_t)rd << RS1 | (uint32_t)rd << RD);
}

static bool call(struct insn_text *t, unsigned link, unsigned by)
{
    return auipc_pair(t, ASM_PAIR_I, t->operands[t->count - 1], by,
                      0x67 | by << RS1 | link << RD);
}

/* "lw a0, symbol" and "sw a0, symbol, t0" */
static bool by_symbol(struct insn_text *t)
{
    bool store = t->desc->format == FORMAT_STORE;
    int reg = asm_register(t->operands[0]);
    int by = store ? asm_register(t->operands[2]) : reg;

    if (reg < 0 || by < 0)
        return asm_wrong(t->a, "a register is wanted");
    return auipc_pair(t, store ? ASM_PAIR_S : ASM_PAIR_I, t->operands[1], (unsigned)by,
                      t->desc->match | (uint32_t)by << RS1 |
                          (uint32_t)reg << (store ? RS2 : RD));
}

/* Those whose size or form depends on operands. False: it is none of them. */
static bool special(struct insn_text *t, bool *good)
{
    enum { ZERO = 0, RA = 1, T1 = 6 };
    const char *name = t->name;
    bool known = true;

    if (!strcmp(name, "li") && t->count == 2)
        *good = load_immediate(t);
    else if ((!strcmp(name, "la") || !strcmp(name, "lla")) && t->count == 2)
        *good = load_address(t);
    else if (!strcmp(name, "call") && t->count == 1)
        *good = call(t, RA, RA);
    else if (!strcmp(name, "tail") && t->count == 1)
        *good = call(t, ZERO, T1);
    else if (!strcmp(name, "unimp") && !t->count)
        *good = asm_emit32(t->a, 0xc0001073);
    else
        known = false;
    return known;
}

static bool refuse(struct insn_text *t)
{
    static const char *const known[] = {"li", "la", "lla", "call", "tail"};

    for (unsigned i = 0; i < sizeof pseudos / sizeof pseudos[0]; i++)
        if (!strcmp(pseudos[i].name, t->name))
            return wants(t, pseudos[i].count);
    for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++)
        if (!strcmp(known[i], t->name))
            return wants(t, i < 3 ? 2 : 1);
    return asm_wrong(t->a, "'%.40s' is not an instruction", t->name);
}

bool asm_instruction(struct assembly *a, const char *name, char *rest)
{
    struct insn_text t = {.a = a, .name = name};
    bool good;

    t.count = asm_operands(rest, t.operands, ASM_OPERANDS_MOST);
    if (t.count < 0)
        return asm_wrong(a, "more than %u operands", ASM_OPERANDS_MOST);
    if (special(&t, &good))
        return good;
    for (unsigned i = 0; i < sizeof pseudos / sizeof pseudos[0]; i++)
        if (t.count == pseudos[i].count && !strcmp(pseudos[i].name, name) &&
            strcmp(pseudos[i].text, name))
            return expand(&t, pseudos[i].text);
    if (!find(&t))
        return refuse(&t);
    prefer_immediate(&t);
    if (t.desc->format == FORMAT_JALR && t.count == 2 && asm_register(t.operands[1]) >= 0)
        return expand(&t, "jalr $0, 0($1)");
    if ((t.desc->format == FORMAT_LOAD && t.count == 2 && !strchr(t.operands[1], '(')) ||
        (t.desc->format == FORMAT_STORE && t.count == 3))
        return by_symbol(&t);
    return take_operands(&t) && asm_emit32(a, t.bits);
}
