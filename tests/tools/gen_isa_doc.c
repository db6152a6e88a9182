/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gen_isa_doc.c - makes docs/isa.md of docs/isa.md.in (standard input): the lines @INSTRUCTIONS@
 * and @CSRS@ become tables, from insns.def and csrs.def. What the tables do not know (sections of
 * the manuals, meaning of CSR fields) stands here, so that it cannot be forgotten for a new row.
 *
 *   gen_isa_doc <docs/isa.md.in >docs/isa.md
 */
#include <stdio.h>
#include <string.h>

#include "isa/csr.h"
#include "isa/insn.h"

static const char *const privilege_names[] = {
    [INSN_USER] = "any mode",
    [INSN_SUPER] = "supervisor",
    [INSN_PRIVILEGE_BY_CSR] = "by CSR",
};

static const char *const sensitivity_names[] = {
    [INSN_INNOCUOUS] = "innocuous",
    [INSN_CONTROL] = "control",
    [INSN_BEHAVIOUR] = "behaviour",
    [INSN_SENSITIVITY_BY_CSR] = "by CSR",
};

static const char *const operands[] = {
    [FORMAT_R] = "rd, rs1, rs2",       [FORMAT_I] = "rd, rs1, imm",
    [FORMAT_SHIFT] = "rd, rs1, shamt", [FORMAT_LOAD] = "rd, imm(rs1)",
    [FORMAT_JALR] = "rd, imm(rs1)",    [FORMAT_STORE] = "rs2, imm(rs1)",
    [FORMAT_B] = "rs1, rs2, target",   [FORMAT_U] = "rd, imm",
    [FORMAT_J] = "rd, target",         [FORMAT_CSR] = "rd, csr, rs1",
    [FORMAT_CSRI] = "rd, csr, uimm",   [FORMAT_AMO] = "rd, rs2, (rs1)",
    [FORMAT_LR] = "rd, (rs1)",         [FORMAT_FENCE] = "pred, succ",
    [FORMAT_SFENCE] = "rs1, rs2",      [FORMAT_NONE] = "",
};

/* Groups of rows, in the table's order: each from its first row to the next group's. */
static const struct group {
    enum insn_id first;
    const char *title, *section;
} groups[] = {
    {INSN_lb, "Loads", "Unprivileged 2.6"},
    {INSN_fence, "Memory ordering", "Unprivileged 2.7, 3"},
    {INSN_addi, "Register and immediate", "Unprivileged 2.4.1"},
    {INSN_auipc, "Upper immediate, relative to pc", "Unprivileged 2.4.1"},
    {INSN_sb, "Stores", "Unprivileged 2.6"},
    {INSN_lr_w, "Load-reserved, store-conditional", "Unprivileged 8.2"},
    {INSN_amoswap_w, "Atomic memory operations", "Unprivileged 8.4"},
    {INSN_add, "Register and register", "Unprivileged 2.4.2"},
    {INSN_mul, "Multiplication", "Unprivileged 7.1"},
    {INSN_div, "Division", "Unprivileged 7.2"},
    {INSN_lui, "Upper immediate", "Unprivileged 2.4.1"},
    {INSN_beq, "Conditional branches", "Unprivileged 2.5.2"},
    {INSN_jalr, "Jumps", "Unprivileged 2.5.1"},
    {INSN_ecall, "Environment", "Unprivileged 2.8"},
    {INSN_sret, "Supervisor", "Privileged 3.3.2, 3.3.3, 4.2.1"},
    {INSN_csrrw, "CSR access", "Unprivileged 9.1"},
};
#define GROUPS (sizeof groups / sizeof groups[0])

/* What a CSR holds, and what becomes of a written value that it cannot hold (WARL). */
static const struct csr_text {
    const char *fields, *rule, *section;
} csr_texts[CSR_COUNT] = {
    [CSR_sstatus] = {"SIE 1, SPIE 5, SPP 8, SUM 18, MXR 19", "other bits are 0", "4.1.1"},
    [CSR_sie] = {"SSIE 1, STIE 5, SEIE 9", "other bits are 0", "4.1.3"},
    [CSR_stvec] = {"BASE 31..2, MODE 1..0",
                   "MODE 0 direct, 1 vectored; of 2 and 3 bit 1 is dropped", "4.1.2"},
    [CSR_scounteren] = {"CY 0, TM 1, IR 2", "other bits are 0", "4.1.5"},
    [CSR_sscratch] = {"all", "holds anything", "4.1.6"},
    [CSR_sepc] = {"all", "bit 0 is 0", "4.1.7"},
    [CSR_scause] = {"Interrupt 31, code 30..0", "holds anything", "4.1.8"},
    [CSR_stval] = {"all", "holds anything", "4.1.9"},
    [CSR_sip] = {"SSIP 1, STIP 5, SEIP 9",
                 "only SSIP can be written; the others are the board's", "4.1.3"},
    [CSR_senvcfg] = {"FIOM 0", "other bits are 0", "4.1.10"},
    [CSR_satp] = {"MODE 31, ASID 30..22, PPN 21..0", "holds anything: all 9 ASID bits exist",
                  "4.1.11"},
#define COUNTER(id, what)                                                                      \
    [CSR_##id] = {"low half of " what, "read-only: a write is illegal", "Unprivileged 10.1"},  \
    [CSR_##id##                                                                                \
        h] = {"high half of " what, "read-only: a write is illegal", "Unprivileged 10.1"}
    COUNTER(cycle, "the instructions retired"),
    COUNTER(time, "time"),
    COUNTER(instret, "the instructions retired"),
#undef COUNTER
};

/* Bits high..low of a row: 0, 1, or . for an operand's. */
static void print_bits(const struct insn_desc *row, unsigned high, unsigned low)
{
    for (unsigned bit = high + 1; bit-- > low;)
        putchar(!(row->mask >> bit & 1) ? '.' : row->match >> bit & 1 ? '1' : '0');
}

/* In the fields of the R format: funct7 rs2 rs1 funct3 rd opcode. */
static void print_encoding(const struct insn_desc *row)
{
    static const uint8_t fields[][2] = {{31, 25}, {24, 20}, {19, 15},
                                        {14, 12}, {11, 7},  {6, 0}};

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (i)
            putchar(' ');
        print_bits(row, fields[i][0], fields[i][1]);
    }
}

static void print_instruction(const struct insn_desc *row)
{
    printf("| `%s` | `", row->name);
    print_encoding(row);
    printf("` | %s | %s | %s |\n", operands[row->format], privilege_names[row->privilege],
           sensitivity_names[row->sensitivity]);
}

static void print_instructions(void)
{
    for (size_t g = 0; g < GROUPS; g++) {
        unsigned end = g + 1 < GROUPS ? (unsigned)groups[g + 1].first : INSN_COUNT;

        printf("%s### %s\n%s\n\n", g ? "\n" : "", groups[g].title, groups[g].section);
        printf("| name | encoding | operands | runs in | claimed class |\n");
        printf("| --- | --- | --- | --- | --- |\n");
        for (unsigned id = groups[g].first; id < end; id++)
            print_instruction(insn_desc((enum insn_id)id));
    }
}

/* False where a row has no text above. */
static bool print_csrs(void)
{
    printf("| name | number | fields | a written value | claimed class | section |\n");
    printf("| --- | --- | --- | --- | --- | --- |\n");
    for (unsigned id = 0; id < CSR_COUNT; id++) {
        const struct csr_desc *csr = csr_desc((enum csr_id)id);
        const struct csr_text *text = &csr_texts[id];

        if (!text->fields) {
            fprintf(stderr, "gen_isa_doc: no text for %s\n", csr->name);
            return false;
        }
        printf("| `%s` | 0x%03x | %s | %s | %s | %s |\n", csr->name, csr->number, text->fields,
               text->rule, sensitivity_names[csr->sensitivity], text->section);
    }
    return true;
}

int main(void)
{
    char line[512];
    bool good = true;

    while (fgets(line, sizeof line, stdin)) {
        if (!strcmp(line, "@INSTRUCTIONS@\n"))
            print_instructions();
        else if (!strcmp(line, "@CSRS@\n"))
            good = print_csrs() && good;
        else
            fputs(line, stdout);
    }
    return !good || ferror(stdin) || fflush(stdout) != 0;
}
