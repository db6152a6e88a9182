/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_asm.c - the assembler: what the disassembler writes of any instruction is assembled to the
 * same bits again; the limits of every field are kept; what can be anything ends with diagnostics
 * or a program, and never otherwise. That guests are clang's, tests/cli/asm/ checks.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tools/asm/asm.h"
#include "tools/show/show.h"

static struct asm_output output;

/* The first word of a program; the first diagnostic in `output` if there is none. */
static bool assemble(const char *text, uint32_t *word)
{
    const struct asm_input input = {.name = "t.S", .text = text};

    ck_assert(asm_assemble(&input, &output));
    ck_assert_int_eq(!output.elf, output.count > 0);
    if (!output.elf)
        return false;
    ck_assert_uint_ge(output.len, PAGE_SIZE);
    *word = output.len >= PAGE_SIZE + 4 ? load_le32(output.elf + PAGE_SIZE) : 0;
    free(output.elf);
    return true;
}

static void is(const char *text, uint32_t wanted)
{
    uint32_t word = 0;

    ck_assert_msg(assemble(text, &word), "%s: %s", text, output.diagnostics[0].text);
    ck_assert_msg(word == wanted, "%s: %08x, not %08x", text, word, wanted);
}

static void fails(const char *text, const char *why)
{
    uint32_t word;

    ck_assert_msg(!assemble(text, &word), "%s: taken", text);
    ck_assert_msg(strstr(output.diagnostics[0].text, why), "%s: '%s'", text,
                  output.diagnostics[0].text);
}

START_TEST(what_is_disassembled_assembles_to_the_same)
{
    struct disasm disasm;
    uint64_t seed = 3;

    disasm_open(&disasm, false);
    for (int id = 0; id < INSN_COUNT; id++)
        for (unsigned i = 0; i < 100; i++) {
            const struct insn_desc *desc = insn_desc((enum insn_id)id);
            char text[DISASM_TEXT];
            uint32_t bits, word = 0;

            seed = seed * 6364136223846793005ull + 1442695040888963407ull;
            bits = desc->match | ((uint32_t)(seed >> 32) & ~desc->mask);
            if (desc->format == FORMAT_FENCE || desc->format == FORMAT_NONE)
                bits &= desc->format == FORMAT_FENCE ? 0x0ff0707f : 0; /* no more is written */
            bits |= desc->match;
            if (desc->format == FORMAT_B || desc->format == FORMAT_J)
                bits &= ~(1u << 21 | 1u << 8); /* targets in the middle of an instruction */
            bits |= desc->match;
            (void)disasm_text(&disasm, bits, 0, text, sizeof text);
            ck_assert_msg(assemble(text, &word), "%s (%08x): %s", text, bits,
                          output.diagnostics[0].text);
            ck_assert_msg(word == bits, "%s: %08x, not %08x", text, word, bits);
        }
    disasm_close(&disasm);
}
END_TEST

START_TEST(targets_are_relative)
{
    is("beq a0, a1, . + 4094", 0x7eb50fe3);
    is("beq a0, a1, . - 4096", 0x80b50063);
    is("jal ra, . + 1048574", 0x7ffff0ef);
    is("jal zero, . - 1048576", 0x8000006f);
    is("bnez a0, 1f; nop; 1:", 0x00051463);
    is("j x; .space 8; x: nop", 0x00c0006f);
    fails("j . + 1048576", "the target");
    fails("j . + 1", "odd");
    fails("j nowhere", "'nowhere' is not defined");
    fails("j 1f", "there is no label 1 after");
    fails("j 1b", "there is no label 1 before");
}
END_TEST

/* How a program begins. */
static void are(const char *text, unsigned count, const uint32_t wanted[])
{
    const struct asm_input input = {.name = "t.S", .text = text};

    ck_assert(asm_assemble(&input, &output));
    ck_assert_msg(output.elf != NULL, "%s: %s", text, output.diagnostics[0].text);
    ck_assert_uint_ge(output.len, PAGE_SIZE + 4 * count);
    for (unsigned i = 0; i < count; i++)
        ck_assert_uint_eq(load_le32(output.elf + PAGE_SIZE + 4 * i), wanted[i]);
    free(output.elf);
}

/* As gas does it: the opposite branch over a jump. */
START_TEST(branches_that_do_not_reach_are_made_longer)
{
    are("beq a0, a1, . + 4096", 2, (uint32_t[]){0x00b51463, 0x7fd0006f});
    are("beq a0, a1, . - 4098", 2, (uint32_t[]){0x00b51463, 0xffbfe06f});
    are("blt a0, a1, far; .space 4096; far:", 2, (uint32_t[]){0x00b55463, 0x0040106f});
    are("bgeu a0, a1, far; .space 4096; far:", 2, (uint32_t[]){0x00b56463, 0x0040106f});
    are("bnez a0, 1f; .space 4096; 1:", 2, (uint32_t[]){0x00050463, 0x0040106f});
    is("beq a0, a1, far; .space 4086; far:", 0x7eb50de3);

    /* The first reaches only as long as the second is short. */
    are("beq a0, a1, far; bne a0, a1, farther; .space 4084; far: .space 12; farther:", 4,
        (uint32_t[]){0x00b51463, 0x0000106f, 0x00b50463, 0x0040106f});
    fails("beq a0, a1, . + 0x200000", "the target of a jump");
    fails("beq a0, a1, far; .space 4093; far:", "odd");
    fails("beq a0, a1, nowhere; .space 8192", "'nowhere' is not defined");
}
END_TEST

/* Each reaches until one behind it is longer: from the last to the first, in many passes. */
START_TEST(a_chain_of_branches_ends)
{
    enum { BRANCHES = 6000, REACH = 511, LABELS = BRANCHES + REACH };
    static char text[50 * LABELS];
    size_t len = 0;

    for (unsigned i = 0; i < BRANCHES; i++)
        len += (size_t)snprintf(text + len, sizeof text - len,
                                "l%u: beq a0, a1, l%u + %u; .space 4; ", i, i + REACH,
                                i < BRANCHES - 1 ? 4 : 8);
    for (unsigned i = BRANCHES; i < LABELS; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "l%u: .space 8; ", i);
    for (size_t i = 0; i < len; i += 2000) /* lines have an end */
        text[i + strcspn(text + i, ";")] = '\n';
    are(text, 1, (uint32_t[]){0x00b51463});
}
END_TEST

START_TEST(fields_have_limits)
{
    is("addi a0, a0, 2047", 0x7ff50513);
    is("addi a0, a0, -2048", 0x80050513);
    fails("addi a0, a0, 2048", "2047");
    fails("sw a0, -2049(sp)", "-2048");
    fails("slli a0, a0, 32", "31");
    fails("csrwi sstatus, 32", "31");
    fails("lui a0, 0x100000", "1048575");
    fails("csrr a0, 4096", "4095");
    fails("li a0, 0x100000000", "32 bits");
    fails(".byte 256", "255");
    fails(".byte -129", "-128");
    fails("add a0, a1", "takes 3 operands");
    fails("add a0, a1, q7", "");
    fails("mv a0", "takes 2 operands");
    fails("lr.w a0, 4(a1)", "no offset");
    fails("frob a0", "'frob' is not an instruction");
    fails(".frob", "not a known directive");
    fails("li a0, x + 1", "not a number that is known here");
    fails("a: a:", "defined twice");
    fails(".option rvc", "compressed");
    fails(".word 1 / 0", "cannot be computed");
    fails("lw a0, 4(q)", "no register");
    fails("#include \"none.inc\"", "no such file");
}
END_TEST

START_TEST(values_are_as_gas_has_them)
{
    is(".word 1 + 2 << 3", 17);
    is(".word 1 | 6 - 2", 5);
    is(".word -(3 == 3) + 'a'", 98);
    is(".word ~0 >> 60 & 0xff", 15);
    is(".equ A, 5; .word A * (A + 2)", 35);
    is("x = 3; .word x", 3);
    is("#define F(a, ...) .word a, __VA_ARGS__\nF(9, 1, 2)", 9);
    is("# what isn't known: a comment\n #\n.word 7 # and behind it", 7);
    is("#define LINE __LINE__\n\n.word LINE", 3);
    is(".macro M a, b=4\n.word \\a + \\b\n.endm\nM 1", 5);
    is(".macro M a:vararg\n.word \\a\n.endm\nM 1 + 1, 7", 2);
    is(".rept 3\n.byte 1\n.endr\n.byte 2", 0x02010101);
    is(".irp x, 1, 2, 3, 4\n.byte \\x\n.endr", 0x04030201);
    is(".if 1 > 2\n.word 1\n.else\n.word 2\n.endif", 2);
    is(".ascii \"ab\\n\\x41\"", 0x410a6261);
    is("lui a0, %hi(0x12345fff)", 0x12346537);
    is("addi a0, a0, %lo(0x12345fff)", 0xfff50513);
    is("b: .word e - b; .space 4; e:", 8);
}
END_TEST

/* Programs that do not end, or would take all memory. */
START_TEST(what_has_no_end_is_stopped)
{
    fails(".macro M\nM\n.endm\nM", "too deep");
    fails(".rept 1000000000\nnop\n.endr", "");
    fails(".macro M\n.rept 100000\n.rept 100000\nnop\n.endr\n.endr\n.endm\nM", "");
}
END_TEST

START_TEST(sizes_are_bounded)
{
    fails(".space 0x7fffffff", "more than");
    fails(".balign 0x40000000", "power of two");
    fails(".org 0x7fffffff", "more than");
    fails("#define A B B\n#define B C C\n#define C D D\n#define D E E\n#define E F F\n"
          "#define F G G\n#define G H H\n#define H I I\n#define I J J\n#define J K K\n"
          "#define K L L\n#define L M M\n#define M N N\n#define N O O\n#define O P P\n"
          "#define P Q Q\n#define Q R R\n#define R S S\n.word A",
          "");
    fails(".macro M", ".endm");
    fails(".if 1", ".endif");
    fails("#ifdef X\n.word", "#endif");
    fails("#inclde \"x\"", "not known here");
    fails("# if 1\n.word 1\n# endif", "not known here");
    fails(".word ((((((((((((((((((((((((((((((((((((((((((1", "too deep");
}
END_TEST

/* Sources put together out of pieces that mean something, cut anywhere. */
START_TEST(anything_is_refused_or_assembled)
{
    static const char *const pieces[] = {
        "li ",     "a0",        ", ",
        "\n",      ".macro M ", ".endm\n",
        "\\a",     "(",         ")",
        "\"",      "'",         "1f",
        "1:",      ".irp x, ",  ".endr\n",
        "0x",      "%lo(",      ".word ",
        "#",       "#if",       "/*",
        "*/",      "//",        "\\\n",
        "=",       "call ",     "M ",
        ".org ",   ".if ",      ".else",
        ".endif ", "lw ",       "sw ",
        "sret",    ".",         "-",
        "<<",      "__LINE__",  "#define M(a, ...) ",
        "M(",      "#include ", ".section ",
        ".ascii ", "7",
    };
    uint64_t seed = 11;

    for (unsigned i = 0; i < 3000; i++) {
        char text[512] = "";
        size_t len = 0;
        uint32_t word;

        for (unsigned k = 0; k < 40; k++) {
            const char *piece;

            seed = seed * 6364136223846793005ull + 1442695040888963407ull;
            piece = pieces[(seed >> 33) % (sizeof pieces / sizeof pieces[0])];
            if (len + strlen(piece) < sizeof text)
                len += (size_t)sprintf(text + len, "%s", piece);
        }
        (void)assemble(text, &word);
    }
}
END_TEST

SUITE_MAIN("asm", what_is_disassembled_assembles_to_the_same, targets_are_relative,
           branches_that_do_not_reach_are_made_longer, a_chain_of_branches_ends,
           fields_have_limits, values_are_as_gas_has_them, what_has_no_end_is_stopped,
           sizes_are_bounded, anything_is_refused_or_assembled)
