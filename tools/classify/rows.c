/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rows.c - the rows from the two tables, the CSRs that PZ32 leaves out, and operands.
 * An operand is chosen by what the registers of the states hold (states.c).
 */
#include "tools/classify/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"

/* ---- CSRs of real CPUs that PZ32 does not have ---- */

struct foreign {
    const char *name; /* with count > 1 its number is appended, from `from` on, and `ending` */
    uint16_t number, count, from;
    const char *ending;
};

static const struct foreign foreign[] = {
    {"ustatus", 0x000, 1, 0, ""},       {"fflags", 0x001, 1, 0, ""},
    {"frm", 0x002, 1, 0, ""},           {"fcsr", 0x003, 1, 0, ""},
    {"uie", 0x004, 1, 0, ""},           {"utvec", 0x005, 1, 0, ""},
    {"seed", 0x015, 1, 0, ""},          {"uscratch", 0x040, 1, 0, ""},
    {"uepc", 0x041, 1, 0, ""},          {"ucause", 0x042, 1, 0, ""},
    {"utval", 0x043, 1, 0, ""},         {"uip", 0x044, 1, 0, ""},
    {"sedeleg", 0x102, 1, 0, ""},       {"sideleg", 0x103, 1, 0, ""},
    {"stimecmp", 0x14d, 1, 0, ""},      {"vsstatus", 0x200, 1, 0, ""},
    {"vsatp", 0x280, 1, 0, ""},         {"mstatus", 0x300, 1, 0, ""},
    {"misa", 0x301, 1, 0, ""},          {"medeleg", 0x302, 1, 0, ""},
    {"mideleg", 0x303, 1, 0, ""},       {"mie", 0x304, 1, 0, ""},
    {"mtvec", 0x305, 1, 0, ""},         {"mcounteren", 0x306, 1, 0, ""},
    {"mcountinhibit", 0x320, 1, 0, ""}, {"mscratch", 0x340, 1, 0, ""},
    {"mepc", 0x341, 1, 0, ""},          {"mcause", 0x342, 1, 0, ""},
    {"mtval", 0x343, 1, 0, ""},         {"mip", 0x344, 1, 0, ""},
    {"pmpcfg", 0x3a0, 4, 0, ""},        {"pmpaddr", 0x3b0, 1, 0, ""},
    {"scontext", 0x5a8, 1, 0, ""},      {"hstatus", 0x600, 1, 0, ""},
    {"hgatp", 0x680, 1, 0, ""},         {"tselect", 0x7a0, 1, 0, ""},
    {"dcsr", 0x7b0, 1, 0, ""},          {"mcycle", 0xb00, 1, 0, ""},
    {"minstret", 0xb02, 1, 0, ""},      {"mcycleh", 0xb80, 1, 0, ""},
    {"hpmcounter", 0xc03, 29, 3, ""},   {"hpmcounter", 0xc83, 29, 3, "h"},
    {"scountovf", 0xda0, 1, 0, ""},     {"mvendorid", 0xf11, 1, 0, ""},
    {"marchid", 0xf12, 1, 0, ""},       {"mimpid", 0xf13, 1, 0, ""},
    {"mhartid", 0xf14, 1, 0, ""},
};
#define FOREIGN (sizeof foreign / sizeof foreign[0])

/* ---- Instructions that others have ---- */

static const struct {
    const char *name;
    uint32_t match, mask;
    enum insn_format format;
} strange[] = {
    {"uret", 0x00200073, 0xffffffff, FORMAT_NONE},
    {"mret", 0x30200073, 0xffffffff, FORMAT_NONE},
    {"dret", 0x7b200073, 0xffffffff, FORMAT_NONE},
    {"sfence.vm", 0x10400073, 0xfff07fff, FORMAT_SFENCE},
    {"sinval.vma", 0x16000073, 0xfe007fff, FORMAT_SFENCE},
    {"sfence.w.inval", 0x18000073, 0xffffffff, FORMAT_NONE},
    {"sfence.inval.ir", 0x18100073, 0xffffffff, FORMAT_NONE},
    {"hfence.vvma", 0x22000073, 0xfe007fff, FORMAT_SFENCE},
    {"hfence.gvma", 0x62000073, 0xfe007fff, FORMAT_SFENCE},
    {"wrs.nto", 0x00d00073, 0xffffffff, FORMAT_NONE},
    {"flw", 0x00002007, 0x0000707f, FORMAT_LOAD},
    {"fsw", 0x00002027, 0x0000707f, FORMAT_STORE},
    {"fadd.s", 0x00000053, 0xfe00007f, FORMAT_R},
    {"fsgnj.s", 0x20000053, 0xfe00707f, FORMAT_R},
    {"fsgnj.d", 0x22000053, 0xfe00707f, FORMAT_R},
    {"fmv.x.w", 0xe0000053, 0xfff0707f, FORMAT_R},
    {"fmv.w.x", 0xf0000053, 0xfff0707f, FORMAT_R},
};

/* ---- The list ---- */

static struct classify_row *add(struct classify_rows *rows)
{
    if (rows->count == rows->room) {
        unsigned room = rows->room ? 2 * rows->room : 256;
        struct classify_row *list = realloc(rows->list, room * sizeof *list);

        if (!list)
            return NULL;
        rows->list = list;
        rows->room = room;
    }
    rows->list[rows->count] = (struct classify_row){.claims = true};
    return &rows->list[rows->count++];
}

static bool is_csr(const struct insn_desc *desc)
{
    return desc->format == FORMAT_CSR || desc->format == FORMAT_CSRI;
}

static bool add_plain(struct classify_rows *rows, const struct insn_desc *desc)
{
    struct classify_row *row = add(rows);

    if (!row)
        return false;
    snprintf(row->name, sizeof row->name, "%s", desc->name);
    row->match = desc->match;
    row->mask = desc->mask;
    row->format = desc->format;
    row->exists = true;
    row->privilege = desc->privilege;
    row->sensitivity = desc->sensitivity;
    return true;
}

/* CSRRW and CSRRWI always write; of read-only CSRs, whose numbers say so, they do not exist. */
static bool always_writes(const struct insn_desc *desc)
{
    return (desc->match >> 12 & 3) == 1;
}

static bool add_csr(struct classify_rows *rows, const struct insn_desc *desc, const char *name,
                    uint32_t number)
{
    enum csr_id csr = csr_find(number);
    struct classify_row *row = add(rows);

    if (!row)
        return false;
    snprintf(row->name, sizeof row->name, "%.15s.%.15s", desc->name, name);
    row->match = desc->match | number << 20;
    row->mask = desc->mask | 0xfff00000u;
    row->format = desc->format;
    row->privilege = INSN_USER;
    row->sensitivity = INSN_INNOCUOUS;
    if (csr == CSR_NONE || (csr_read_only(number) && always_writes(desc)))
        return true;
    row->exists = true;
    row->privilege = csr_desc(csr)->privilege;
    row->sensitivity = csr_desc(csr)->sensitivity;
    return true;
}

static bool add_foreign(struct classify_rows *rows, const struct insn_desc *desc)
{
    for (unsigned i = 0; i < FOREIGN; i++)
        for (unsigned k = 0; k < foreign[i].count; k++) {
            char name[24];

            if (foreign[i].count == 1)
                snprintf(name, sizeof name, "%s", foreign[i].name);
            else
                snprintf(name, sizeof name, "%s%u%s", foreign[i].name, foreign[i].from + k,
                         foreign[i].ending);
            if (!add_csr(rows, desc, name, foreign[i].number + k))
                return false;
        }
    return true;
}

static bool add_csrs(struct classify_rows *rows, const struct insn_desc *desc)
{
    for (unsigned id = 0; id < CSR_COUNT; id++) {
        const struct csr_desc *csr = csr_desc((enum csr_id)id);

        if (!add_csr(rows, desc, csr->name, csr->number))
            return false;
    }
    return add_foreign(rows, desc);
}

static bool add_strange(struct classify_rows *rows)
{
    for (unsigned i = 0; i < sizeof strange / sizeof strange[0]; i++) {
        const struct insn_desc desc = {
            .name = strange[i].name,
            .match = strange[i].match,
            .mask = strange[i].mask,
            .format = (uint8_t)strange[i].format,
        };

        if (!add_plain(rows, &desc))
            return false;
        rows->list[rows->count - 1].exists = false;
    }
    return true;
}

/* ---- Variants ---- */

/* Do they have encodings in common? */
static bool touches(const struct variant_change *change, const struct classify_row *row)
{
    return ((row->match ^ change->match) & row->mask & change->mask) == 0;
}

/* The tables claim nothing of rows that a variant changes, or adds. */
static bool apply_change(struct classify_rows *rows, const struct variant_change *change)
{
    const struct insn_desc desc = {.name = change->function,
                                   .match = change->match,
                                   .mask = change->mask,
                                   .format = FORMAT_LR};
    struct classify_row *row;
    bool known = false;

    for (unsigned i = 0; i < rows->count; i++)
        if (touches(change, &rows->list[i])) {
            rows->list[i].claims = false;
            known = true;
        }
    if (known)
        return true;
    if (!add_plain(rows, &desc))
        return false;
    row = &rows->list[rows->count - 1];
    row->claims = false;
    for (char *c = row->name; *c; c++)
        *c = *c == '_' ? '.' : *c;
    return true;
}

static bool apply_variants(struct classify_rows *rows, uint32_t variants)
{
    const struct variant_change *change;

    for (unsigned i = 0; (change = variant_change_at(i)); i++)
        if ((variants >> change->variant & 1) && !apply_change(rows, change))
            return false;
    return true;
}

static bool add_all(struct classify_rows *rows)
{
    for (unsigned id = 0; id < INSN_COUNT; id++) {
        const struct insn_desc *desc = insn_desc((enum insn_id)id);

        if (!(is_csr(desc) ? add_csrs(rows, desc) : add_plain(rows, desc)))
            return false;
    }
    return add_strange(rows);
}

bool classify_rows_init(struct classify_rows *rows, uint32_t variants)
{
    *rows = (struct classify_rows){0};
    if (add_all(rows) && apply_variants(rows, variants))
        return true;
    classify_rows_fini(rows);
    return false;
}

void classify_rows_fini(struct classify_rows *rows)
{
    free(rows->list);
    *rows = (struct classify_rows){0};
}

static enum pz_err no_row(const struct classify_rows *rows, const char *name,
                          struct problem *problem)
{
    const char **names = malloc(rows->count * sizeof *names);
    char hint[NEAREST_HINT] = "";

    for (unsigned i = 0; names && i < rows->count; i++)
        names[i] = rows->list[i].name;
    if (names)
        nearest_hint(nearest_name(name, names, rows->count), hint);
    free(names);
    return problem_set(problem, PZ_USAGE, "no row '%.60s'%s (pz classify --json lists them)",
                       name, hint);
}

enum pz_err classify_rows_find(const struct classify_rows *rows, const char *name,
                               const struct classify_row **row, struct problem *problem)
{
    for (unsigned i = 0; i < rows->count; i++)
        if (!strcmp(rows->list[i].name, name)) {
            *row = &rows->list[i];
            return PZ_OK;
        }
    return no_row(rows, name, problem);
}

/* ---- Operands ---- */

#define RD(n) ((uint32_t)(n) << 7)
#define RS1(n) ((uint32_t)(n) << 15)
#define RS2(n) ((uint32_t)(n) << 20)
#define IMM(n) ((uint32_t)(n) << 20)
#define CHOSEN 6
#define END 0xffffffffu

/* For the bits that a row leaves open. x10 to x15 point to memory, x6 holds bits of CSRs. */
static const uint32_t fillers[FORMAT_NONE + 1][CHOSEN + 1] = {
    [FORMAT_R] = {RD(5) | RS1(10) | RS2(11), RD(7) | RS1(11) | RS2(6), RD(6) | RS1(6) | RS2(0),
                  END},
    [FORMAT_I] = {RD(5) | RS1(11) | IMM(0x7ff), RD(7) | RS1(6) | IMM(0x801), END},
    [FORMAT_SHIFT] = {RD(5) | RS1(11) | IMM(31), RD(6) | RS1(6) | IMM(1), END},
    [FORMAT_LOAD] = {RD(5) | RS1(10), RD(5) | RS1(12), RD(5) | RS1(13), RD(7) | RS1(14),
                     RD(0) | RS1(10) | IMM(4), END},
    [FORMAT_JALR] = {RD(1) | RS1(10) | IMM(4), RD(0) | RS1(1), RD(5) | RS1(5), END},
    [FORMAT_STORE] = {RS1(10) | RS2(11), RS1(14) | RS2(6), RS1(15) | RS2(11) | RD(4), END},
    [FORMAT_B] = {RS1(10) | RS2(11) | RD(16), RS1(11) | RS2(10) | RD(16),
                  RS1(6) | RS2(6) | RD(8), END},
    [FORMAT_U] = {RD(5) | 0x12345000u, RD(6) | 0xfffff000u, END},
    [FORMAT_J] = {RD(1) | 8u << 21, RD(0) | 0xff0ff000u, END},
    [FORMAT_CSR] = {RD(5) | RS1(0), RD(0) | RS1(6), RD(5) | RS1(6), RD(7) | RS1(7),
                    RD(5) | RS1(11), END},
    [FORMAT_CSRI] = {RD(5) | RS1(0), RD(0) | RS1(2), RD(5) | RS1(31), RD(7) | RS1(16), END},
    [FORMAT_AMO] = {RD(5) | RS1(10) | RS2(11), RD(7) | RS1(15) | RS2(6), END},
    [FORMAT_LR] = {RD(5) | RS1(10), RD(7) | RS1(12), END},
    [FORMAT_FENCE] = {0x0ff00000u, 0x03300000u, END},
    [FORMAT_SFENCE] = {0, RS1(16), RS1(16) | RS2(9), RS2(9), END},
    [FORMAT_NONE] = {0, END},
};

uint32_t classify_chosen(const struct classify_row *row, unsigned k)
{
    for (unsigned i = 0; i <= k; i++)
        if (fillers[row->format][i] == END)
            return 0;
    return row->match | (fillers[row->format][k] & ~row->mask);
}

uint32_t classify_random(const struct classify_row *row, uint32_t bits)
{
    return row->match | (bits & ~row->mask);
}
