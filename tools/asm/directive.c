/* SPDX-License-Identifier: GPL-2.0-or-later */
/* directive.c - what begins with a dot: sections, data, symbols, conditions. */
#include <stdlib.h>
#include <string.h>

#include "tools/asm/state.h"

#define VALUES_MOST 4096

/* ---- Data ---- */

static bool put_values(struct assembly *a, char *rest, enum asm_fixup_kind kind, size_t size)
{
    static const uint8_t zeros[8];
    char **values = asm_take(a, VALUES_MOST * sizeof *values);
    int count = values ? asm_operands(rest, values, VALUES_MOST) : 0;
    struct asm_expr expr;

    if (count < 0)
        return asm_wrong(a, "more than %d values in a line", VALUES_MOST);
    for (int i = 0; i < count; i++)
        if (!asm_expression(a, values[i], &expr) || !asm_fix(a, kind, &expr) ||
            !asm_emit(a, zeros, size))
            return false;
    return values;
}

static bool put_text(struct assembly *a, const char *at, bool zero)
{
    for (;;) {
        uint8_t byte;

        at = asm_blank(at);
        if (*at++ != '"')
            return asm_wrong(a, "a text in quotes is wanted");
        while (*at && *at != '"')
            if (!asm_character(&at, &byte))
                return asm_wrong(a, "'\\%.1s' is no character", at + 1);
            else if (!asm_emit(a, &byte, 1))
                return false;
        if (*at++ != '"')
            return asm_wrong(a, "the text has no end");
        if (zero && !asm_fill(a, 1, 0))
            return false;
        at = asm_blank(at);
        if (!*at)
            return true;
        if (*at++ != ',')
            return asm_wrong(a, "'%.20s' is left over", at - 1);
    }
}

/* ".space COUNT, BYTE" */
static bool put_space(struct assembly *a, char *rest)
{
    char *operands[2];
    int count = asm_operands(rest, operands, 2);
    int64_t size, byte = 0;

    if (count < 1)
        return asm_wrong(a, "a count of bytes is wanted");
    if (!asm_constant(a, operands[0], ".space", &size) ||
        (count == 2 && !asm_constant(a, operands[1], ".space", &byte)))
        return false;
    return size < 0 ? asm_wrong(a, "a count is not negative")
                    : asm_fill(a, (uint64_t)size, (uint8_t)byte);
}

static bool put_align(struct assembly *a, const char *rest, bool power)
{
    char text[ASM_NAME];
    int64_t align;

    (void)!snprintf(text, sizeof text, "%.*s", (int)strcspn(rest, ","), rest);
    if (!asm_constant(a, text, "the alignment", &align))
        return false;
    if (align < 0 || (power && align > 16))
        return asm_wrong(a, "an alignment is a power of two up to 65536");
    return asm_align(a, power ? 1ull << align : (uint64_t)align);
}

static bool put_origin(struct assembly *a, const char *rest)
{
    struct asm_expr expr;
    int64_t value;

    /* A label of this section is the distance from its beginning. */
    if (!asm_expression(a, rest, &expr))
        return false;
    if (!asm_number(a, &expr, &value) &&
        !(expr.count == 1 && expr.ops[0].code == 's' &&
          expr.ops[0].symbol->section == a->section && expr.ops[0].symbol->defined))
        return asm_wrong(a, ".org: the place is not known here");
    if (value < a->section->len)
        return asm_wrong(a, ".org does not go back");
    return asm_fill(a, (uint64_t)value - a->section->len, 0);
}

/* ---- Sections and symbols ---- */

static bool go_to(struct assembly *a, const char *rest)
{
    char name[ASM_NAME];
    size_t len = strcspn(rest, ", \t");
    struct asm_section *section;

    (void)!snprintf(name, sizeof name, "%.*s", len < ASM_NAME ? (int)len : (int)ASM_NAME - 1,
                    rest);
    if (name[0] != '.' && !asm_name(name))
        return asm_wrong(a, "a section's name is missing");
    section = asm_section(a, name);
    if (section)
        a->section = section;
    return section;
}

static bool push_section(struct assembly *a, const char *rest)
{
    if (a->pushed_count == ASM_NESTING_MOST)
        return asm_wrong(a, "sections are nested too deep");
    a->pushed[a->pushed_count++] = a->section;
    return go_to(a, rest);
}

static bool pop_section(struct assembly *a)
{
    if (!a->pushed_count)
        return asm_wrong(a, ".popsection without .pushsection");
    a->section = a->pushed[--a->pushed_count];
    return true;
}

static bool set_symbol(struct assembly *a, char *rest)
{
    char *operands[2];
    struct asm_symbol *symbol;
    struct asm_expr expr;
    int64_t value;

    if (asm_operands(rest, operands, 2) != 2 || !asm_name(operands[0]))
        return asm_wrong(a, "a name and a value are wanted");
    symbol = asm_symbol(a, operands[0], strlen(operands[0]));
    if (!symbol || !asm_expression(a, operands[1], &expr))
        return false;
    if (symbol->defined && !symbol->set)
        return asm_wrong(a, "'%.40s' is a label", operands[0]);
    if (asm_number(a, &expr, &value)) {
        symbol->section = NULL;
        symbol->value = value;
    } else if (expr.count == 1 && expr.ops[0].code == 's' && expr.ops[0].symbol->defined) {
        symbol->section = expr.ops[0].symbol->section;
        symbol->value = expr.ops[0].symbol->value;
    } else {
        return asm_wrong(a, "the value of '%.40s' is not known here", operands[0]);
    }
    return symbol->defined = symbol->set = true;
}

static bool make_global(struct assembly *a, char *rest)
{
    char *operands[64];
    int count = asm_operands(rest, operands, 64);

    for (int i = 0; i < count; i++) {
        struct asm_symbol *symbol = asm_symbol(a, operands[i], strlen(operands[i]));

        if (symbol)
            symbol->global = true;
    }
    return count >= 0 || asm_wrong(a, "more than 64 names in a line");
}

static bool option(struct assembly *a, const char *rest)
{
    static const char *const fine[] = {"norvc", "norelax", "relax", "push",
                                       "pop",   "nopic",   "pic"};

    for (unsigned i = 0; i < sizeof fine / sizeof fine[0]; i++)
        if (!strcmp(fine[i], rest))
            return true;
    return asm_wrong(a, ".option %.20s: compressed instructions are not made here", rest);
}

/* ---- Conditions ---- */

/* The condition of .if, .ifdef and .ifndef. */
static bool holds(struct assembly *a, const char *name, const char *rest)
{
    struct asm_symbol *symbol;
    int64_t value = 0;

    if (!strcmp(name, ".if"))
        return asm_constant(a, rest, name, &value) && value;
    symbol = asm_symbol(a, rest, strlen(rest));
    return symbol && symbol->defined == !strcmp(name, ".ifdef");
}

bool asm_condition(struct assembly *a, const char *name, const char *rest)
{
    struct asm_condition *top =
        a->condition_count ? &a->conditions[a->condition_count - 1] : NULL;
    bool now = !top || top->now;

    if (!strcmp(name, ".if") || !strcmp(name, ".ifdef") || !strcmp(name, ".ifndef")) {
        if (a->condition_count == ASM_NESTING_MOST)
            return asm_wrong(a, "conditions are nested too deep");
        top = &a->conditions[a->condition_count++];
        top->outer = now;
        top->now = top->taken = now && holds(a, name, rest);
        return false;
    }
    if (!strcmp(name, ".else") || !strcmp(name, ".elseif")) {
        if (!top)
            return asm_wrong(a, "%s without .if", name);
        top->now =
            top->outer && !top->taken && (!strcmp(name, ".else") || holds(a, ".if", rest));
        top->taken = top->taken || top->now;
        return false;
    }
    if (!strcmp(name, ".endif")) {
        if (!top)
            return asm_wrong(a, ".endif without .if");
        a->condition_count--;
        return false;
    }
    return now;
}

/* ---- All of them ---- */

enum kind {
    VALUES8,
    VALUES16,
    VALUES32,
    TEXT,
    TEXT_ZERO,
    SPACE,
    ALIGN,
    ALIGN_POWER,
    ORIGIN,
    THIS_SECTION,
    SECTION,
    PUSH,
    POP,
    SET,
    GLOBAL,
    OPTION,
    NOTHING,
};

static const struct {
    const char *name;
    enum kind kind;
} directives[] = {
    {".byte", VALUES8},      {".half", VALUES16},     {".short", VALUES16},
    {".2byte", VALUES16},    {".word", VALUES32},     {".long", VALUES32},
    {".4byte", VALUES32},    {".ascii", TEXT},        {".asciz", TEXT_ZERO},
    {".string", TEXT_ZERO},  {".space", SPACE},       {".zero", SPACE},
    {".skip", SPACE},        {".align", ALIGN_POWER}, {".p2align", ALIGN_POWER},
    {".balign", ALIGN},      {".org", ORIGIN},        {".text", THIS_SECTION},
    {".data", THIS_SECTION}, {".bss", THIS_SECTION},  {".rodata", THIS_SECTION},
    {".section", SECTION},   {".pushsection", PUSH},  {".popsection", POP},
    {".equ", SET},           {".set", SET},           {".globl", GLOBAL},
    {".global", GLOBAL},     {".option", OPTION},     {".type", NOTHING},
    {".size", NOTHING},      {".file", NOTHING},      {".local", NOTHING},
    {".weak", NOTHING},      {".p2alignw", NOTHING},  {".attribute", NOTHING},
};

bool asm_directive(struct assembly *a, const char *name, char *rest)
{
    unsigned i = 0, count = sizeof directives / sizeof directives[0];

    while (i < count && strcmp(directives[i].name, name))
        i++;
    if (i == count)
        return asm_wrong(a, "'%.40s' is not a known directive", name);
    switch (directives[i].kind) {
    case VALUES8: return put_values(a, rest, ASM_DATA8, 1);
    case VALUES16: return put_values(a, rest, ASM_DATA16, 2);
    case VALUES32: return put_values(a, rest, ASM_DATA32, 4);
    case TEXT: return put_text(a, rest, false);
    case TEXT_ZERO: return put_text(a, rest, true);
    case SPACE: return put_space(a, rest);
    case ALIGN: return put_align(a, rest, false);
    case ALIGN_POWER: return put_align(a, rest, true);
    case ORIGIN: return put_origin(a, rest);
    case THIS_SECTION: return go_to(a, name);
    case SECTION: return go_to(a, rest);
    case PUSH: return push_section(a, rest);
    case POP: return pop_section(a);
    case SET: return set_symbol(a, rest);
    case GLOBAL: return make_global(a, rest);
    case OPTION: return option(a, rest);
    case NOTHING: break;
    }
    return true;
}
