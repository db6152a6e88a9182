/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_capstone.c - decoding, expansion and disassembly compared with Capstone 5, over a dense
 * sample of all encodings. Where the two differ on purpose a row of `differences` says why; a
 * row that no longer happens fails too. The same against LLVM is tests/cli/isa/isa_llvm_mc.sh.
 */
#include "isa/decode.h"
#include "tests/support/suite.h"

#if PZ_HAVE_CAPSTONE
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <capstone/capstone.h>

#include "isa/csr.h"
#include "tests/support/samples.h"
#include "tools/show/format.h"

#define WORDS 5
#define WORD 24

/* A text in pieces: the mnemonic, then operands; numbers as 32-bit unsigned decimals. */
struct pieces {
    char word[WORDS][WORD];
    size_t count;
};

static void normalise(char *word)
{
    char *end;
    long long value = strtoll(word, &end, 0);

    if (*word && !*end)
        snprintf(word, WORD, "%u", (unsigned)value);
}

static struct pieces split(const char *text)
{
    struct pieces pieces = {.count = 0};

    while (*text && pieces.count < WORDS) {
        size_t n = strcspn(text, " ,()");

        if (n) {
            snprintf(pieces.word[pieces.count], WORD, "%.*s", (int)n, text);
            normalise(pieces.word[pieces.count++]);
        }
        text += n;
        text += strspn(text, " ,()");
    }
    return pieces;
}

static bool same(const struct pieces *a, const struct pieces *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->word[i], b->word[i]))
            return false;
    return true;
}

/* Capstone's aliases and compressed names, by operand count, as the instruction they stand for:
   $1 is the first operand. */
static const struct alias {
    const char *name;
    size_t operands;
    const char *meaning;
} aliases[] = {
    {"nop", 0, "addi zero, zero, 0"},
    {"mv", 2, "addi $1, $2, 0"},
    {"not", 2, "xori $1, $2, -1"},
    {"neg", 2, "sub $1, zero, $2"},
    {"seqz", 2, "sltiu $1, $2, 1"},
    {"snez", 2, "sltu $1, zero, $2"},
    {"sltz", 2, "slt $1, $2, zero"},
    {"sgtz", 2, "slt $1, zero, $2"},
    {"beqz", 2, "beq $1, zero, $2"},
    {"bnez", 2, "bne $1, zero, $2"},
    {"blez", 2, "bge zero, $1, $2"},
    {"bgez", 2, "bge $1, zero, $2"},
    {"bltz", 2, "blt $1, zero, $2"},
    {"bgtz", 2, "blt zero, $1, $2"},
    {"j", 1, "jal zero, $1"},
    {"jal", 1, "jal ra, $1"},
    {"ret", 0, "jalr zero, 0(ra)"},
    {"jr", 1, "jalr zero, 0($1)"},
    {"jalr", 1, "jalr ra, 0($1)"},
    {"jalr", 3, "jalr $1, $3($2)"},
    {"fence", 0, "fence iorw, iorw"},
    {"fence.tso", 0, "fence rw, rw"},
    {"rdtime", 1, "csrrs $1, time, zero"},
    {"rdtimeh", 1, "csrrs $1, timeh, zero"},
    {"rdcycle", 1, "csrrs $1, cycle, zero"},
    {"rdcycleh", 1, "csrrs $1, cycleh, zero"},
    {"rdinstret", 1, "csrrs $1, instret, zero"},
    {"rdinstreth", 1, "csrrs $1, instreth, zero"},
    {"csrr", 2, "csrrs $1, $2, zero"},
    {"csrw", 2, "csrrw zero, $1, $2"},
    {"csrs", 2, "csrrs zero, $1, $2"},
    {"csrc", 2, "csrrc zero, $1, $2"},
    {"csrwi", 2, "csrrwi zero, $1, $2"},
    {"csrsi", 2, "csrrsi zero, $1, $2"},
    {"csrci", 2, "csrrci zero, $1, $2"},
    {"sfence.vma", 0, "sfence.vma zero, zero"},
    {"sfence.vma", 1, "sfence.vma $1, zero"},
    {"c.nop", 0, "addi zero, zero, 0"},
    {"c.nop", 1, "addi zero, zero, $1"},
    {"c.addi", 2, "addi $1, $1, $2"},
    {"c.addi16sp", 2, "addi $1, $1, $2"},
    {"c.addi4spn", 3, "addi $1, $2, $3"},
    {"c.li", 2, "addi $1, zero, $2"},
    {"c.lui", 2, "lui $1, $2"},
    {"c.lw", 3, "lw $1, $2($3)"},
    {"c.sw", 3, "sw $1, $2($3)"},
    {"c.lwsp", 3, "lw $1, $2($3)"},
    {"c.swsp", 3, "sw $1, $2($3)"},
    {"c.slli", 2, "slli $1, $1, $2"},
    {"c.srli", 2, "srli $1, $1, $2"},
    {"c.srai", 2, "srai $1, $1, $2"},
    {"c.andi", 2, "andi $1, $1, $2"},
    {"c.sub", 2, "sub $1, $1, $2"},
    {"c.xor", 2, "xor $1, $1, $2"},
    {"c.or", 2, "or $1, $1, $2"},
    {"c.and", 2, "and $1, $1, $2"},
    {"c.mv", 2, "add $1, zero, $2"},
    {"c.add", 2, "add $1, $1, $2"},
    {"c.j", 1, "jal zero, $1"},
    {"c.jal", 1, "jal ra, $1"},
    {"c.jr", 1, "jalr zero, 0($1)"},
    {"c.jalr", 1, "jalr ra, 0($1)"},
    {"c.beqz", 2, "beq $1, zero, $2"},
    {"c.bnez", 2, "bne $1, zero, $2"},
    {"c.ebreak", 0, "ebreak"},
};

/* The alias's meaning with the operands filled in. */
static struct pieces meaning_of(const struct alias *alias, const struct pieces *operands)
{
    struct pieces meaning = split(alias->meaning);

    for (size_t i = 0; i < meaning.count; i++)
        if (meaning.word[i][0] == '$')
            memcpy(meaning.word[i], operands->word[meaning.word[i][1] - '0'], WORD);
    return meaning;
}

static struct pieces canonical(const char *text)
{
    struct pieces pieces = split(text);

    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (!strcmp(pieces.word[0], aliases[i].name) && pieces.count == aliases[i].operands + 1)
            return meaning_of(&aliases[i], &pieces);
    return pieces;
}

/* One encoding as both see it. `theirs` is empty when Capstone sees no instruction. */
struct verdict {
    struct insn insn;
    bool ours;
    char theirs[96];
};

/* The differences that are meant to be; everything else fails. */
struct difference {
    const char *why;
    bool (*applies)(const struct verdict *verdict);
    unsigned seen;
};

static bool starts(const struct verdict *verdict, const char *prefix)
{
    return !strncmp(verdict->theirs, prefix, strlen(prefix));
}

static uint32_t major(const struct verdict *verdict)
{
    return verdict->insn.raw >> 2 & 31;
}

static bool is_floating(const struct verdict *v)
{
    return !v->ours && v->insn.len == 4 && starts(v, "f") && !starts(v, "fence");
}

static bool is_floating_compressed(const struct verdict *v)
{
    return !v->ours && v->insn.len == 2 && starts(v, "c.f");
}

static bool is_other_mode(const struct verdict *v)
{
    return !v->ours && (starts(v, "mret") || starts(v, "uret") || starts(v, "dret"));
}

static bool is_unimp(const struct verdict *v)
{
    return !v->ours && starts(v, "c.unimp") && v->insn.raw == 0;
}

static bool is_loose_fence(const struct verdict *v)
{
    return v->ours && !v->theirs[0] && major(v) == 3;
}

static bool is_empty_fence(const struct verdict *v)
{
    return v->ours && v->insn.id == INSN_fence && strstr(v->theirs, "unknown");
}

static bool is_long_shift(const struct verdict *v)
{
    uint32_t raw = v->insn.raw;

    if (v->ours || !(strstr(v->theirs, "sll") || strstr(v->theirs, "sr")))
        return false;
    return v->insn.len == 2 ? raw >> 12 & 1 : raw >> 25 & 1;
}

/* C.LUI with immediate 0: bits 12 and 6..2. */
static bool is_reserved_lui(const struct verdict *v)
{
    return !v->ours && starts(v, "c.lui") && !(v->insn.raw & 0x107c);
}

/* Compressed, and nothing but x0 would be written. */
static bool is_refused_hint(const struct verdict *v)
{
    uint8_t id = v->insn.id;
    bool writes_rd = id == INSN_addi || id == INSN_lui || id == INSN_add || id == INSN_slli;

    return v->insn.len == 2 && !v->theirs[0] && writes_rd && v->insn.rd == 0;
}

static bool is_nop_hint(const struct verdict *v)
{
    return v->insn.id == INSN_addi && v->insn.rd == 0 && v->insn.rs1 == 0 &&
           !strcmp(v->theirs, "c.nop ");
}

/* The number is compared by isa_llvm_mc.sh, which assembles it. */
static bool is_foreign_csr(const struct verdict *v)
{
    uint8_t format = v->ours ? insn_desc((enum insn_id)v->insn.id)->format : FORMAT_NONE;

    return (format == FORMAT_CSR || format == FORMAT_CSRI) &&
           csr_find((uint32_t)v->insn.imm) == CSR_NONE;
}

/* Of later manuals than Capstone's. */
static bool is_senvcfg(const struct verdict *v)
{
    return v->ours && v->insn.csr == CSR_senvcfg && strstr(v->theirs, "266");
}

/* CSRRW of cycle with x0 and x0, which is illegal since nothing may write cycle. */
static bool is_unimp_word(const struct verdict *v)
{
    return v->insn.raw == 0xc0001073 && starts(v, "unimp");
}

static struct difference differences[] = {
    {"F and D: PZ32 has no floating point", is_floating, 0},
    {"C with F and D: the same", is_floating_compressed, 0},
    {"mret, uret, dret: PZ32 has no such modes", is_other_mode, 0},
    {"c.unimp is a name for the defined illegal instruction", is_unimp, 0},
    {"shifts by 32 and more are RV64's: Capstone's RV32 mode takes them", is_long_shift, 0},
    {"c.lui of 0 is reserved", is_reserved_lui, 0},
    {"hints, compressed instructions that write x0: Capstone refuses some", is_refused_hint, 0},
    {"the hint c.nop with an immediate: Capstone leaves it out", is_nop_hint, 0},
    {"fences with reserved fields: the manual asks to ignore them, Capstone refuses",
     is_loose_fence, 0},
    {"a fence of no set: Capstone has no text for it", is_empty_fence, 0},
    {"a CSR that PZ32 does not have goes by its number here", is_foreign_csr, 0},
    {"senvcfg: Capstone has no name for it", is_senvcfg, 0},
    {"unimp is a name for a write of cycle", is_unimp_word, 0},
};
#define DIFFERENCES (sizeof differences / sizeof differences[0])

struct comparison {
    csh capstone;
    cs_insn *slot;
    unsigned long compared, agreed, unexplained;
};

static void look(struct comparison *comparison, uint32_t raw, struct verdict *verdict)
{
    uint8_t bytes[4] = {(uint8_t)raw, (uint8_t)(raw >> 8), (uint8_t)(raw >> 16),
                        (uint8_t)(raw >> 24)};
    const uint8_t *code = bytes;
    uint64_t address = 0;

    verdict->insn = decode_insn(raw);
    verdict->ours = verdict->insn.id != INSN_ILLEGAL;
    verdict->theirs[0] = 0;
    size_t left = verdict->insn.len;
    if (cs_disasm_iter(comparison->capstone, &code, &left, &address, comparison->slot))
        snprintf(verdict->theirs, sizeof verdict->theirs, "%.32s %.60s",
                 comparison->slot->mnemonic, comparison->slot->op_str);
}

static bool agree(const struct verdict *verdict, char *text, size_t size)
{
    struct pieces ours, theirs;

    format_insn(&verdict->insn, text, size);
    if (!verdict->ours || !verdict->theirs[0])
        return !verdict->ours && !verdict->theirs[0];
    ours = split(text);
    theirs = canonical(verdict->theirs);
    return same(&ours, &theirs);
}

static bool explained(const struct verdict *verdict)
{
    for (size_t i = 0; i < DIFFERENCES; i++)
        if (differences[i].applies(verdict)) {
            differences[i].seen++;
            return true;
        }
    return false;
}

static void compare(void *context, uint32_t raw)
{
    struct comparison *comparison = context;
    struct verdict verdict;
    char text[FORMAT_TEXT];

    look(comparison, raw, &verdict);
    comparison->compared++;
    if (agree(&verdict, text, sizeof text)) {
        comparison->agreed++;
        return;
    }
    if (!explained(&verdict) && comparison->unexplained++ < 20)
        fprintf(stderr, "%08x: ours '%s', Capstone's '%s'\n", raw, text, verdict.theirs);
}

START_TEST(capstone_agrees_on_the_whole_encoding_space)
{
    struct comparison comparison = {0};

    ck_assert_int_eq(cs_open(CS_ARCH_RISCV, (cs_mode)(CS_MODE_RISCV32 | CS_MODE_RISCVC),
                             &comparison.capstone),
                     CS_ERR_OK);
    comparison.slot = cs_malloc(comparison.capstone);
    samples_wide(1, compare, &comparison);
    samples_csr(compare, &comparison);
    samples_compressed(compare, &comparison);
    cs_free(comparison.slot, 1);
    cs_close(&comparison.capstone);

    ck_assert_uint_eq(comparison.unexplained, 0);
    ck_assert_uint_gt(comparison.compared, 2000000);
    ck_assert_uint_gt(comparison.agreed, comparison.compared / 2);
    for (size_t i = 0; i < DIFFERENCES; i++)
        ck_assert_msg(differences[i].seen, "no longer happens: %s", differences[i].why);
}
END_TEST

SUITE_MAIN("capstone", capstone_agrees_on_the_whole_encoding_space)
#else
int main(void)
{
    return 77; /* skipped: built without Capstone */
}
#endif
