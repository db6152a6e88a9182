/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_disasm.c - texts of instructions: known ones of our own formatter (as llvm-mc -M
 * no-aliases writes them), and what disasm.c promises with either backend.
 */
#include <string.h>

#include "isa/decode.h"
#include "tests/support/samples.h"
#include "tests/support/suite.h"
#include "tools/show/disasm.h"
#include "tools/show/format.h"

static const struct {
    uint32_t raw;
    const char *text;
} known[] = {
    {0x01052503, "lw a0, 16(a0)"},
    {0xffc55503, "lhu a0, -4(a0)"},
    {0x0ff0000f, "fence iorw, iorw"},
    {0x0120000f, "fence w, r"},
    {0x0000000f, "fence 0, 0"},
    {0x0100000f, "pause"},
    {0x0000100f, "fence.i"},
    {0x80000013, "addi zero, zero, -2048"},
    {0x41f55513, "srai a0, a0, 31"},
    {0xfff00517, "auipc a0, 1048320"},
    {0x80a52023, "sw a0, -2048(a0)"},
    {0x100525af, "lr.w a1, (a0)"},
    {0x1ec5a52f, "sc.w.aqrl a0, a2, (a1)"},
    {0x04b5252f, "amoadd.w.aq a0, a1, (a0)"},
    {0x02c5b533, "mulhu a0, a1, a2"},
    {0xfffff537, "lui a0, 1048575"},
    {0xfe000ee3, "beq zero, zero, -4"},
    {0x80008067, "jalr zero, -2048(ra)"},
    {0x800000ef, "jal ra, -1048576"},
    {0x00000073, "ecall"},
    {0x10200073, "sret"},
    {0x12b50073, "sfence.vma a0, a1"},
    {0x18051073, "csrrw zero, satp, a0"},
    {0xc00025f3, "csrrs a1, cycle, zero"},
    {0xc03025f3, "csrrs a1, 3075, zero"},
    {0x10a51073, "csrrw zero, senvcfg, a0"},
    {0x100fe5f3, "csrrsi a1, sstatus, 31"},
    {0x00008082, "jalr zero, 0(ra)"},
    {0x00001101, "addi sp, sp, -32"},
    {0x00000000, ".half 0x0000"},
    {0x30200073, ".word 0x30200073"}, /* mret */
    {0x00052507, ".word 0x00052507"}, /* flw */
    {0x00006108, ".half 0x6108"},     /* c.flw */
};

START_TEST(known_texts)
{
    struct disasm table;

    disasm_open(&table, false);
    ck_assert_str_eq(disasm_backend(&table), "table");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct insn insn = decode_insn(known[i].raw);
        char text[FORMAT_TEXT];
        int n = format_insn(&insn, text, sizeof text);

        ck_assert_str_eq(text, known[i].text);
        ck_assert_int_eq(n, (int)strlen(text));
    }
    disasm_close(&table);
}
END_TEST

START_TEST(jumps_name_their_target)
{
    struct insn back = decode_insn(0xfe000ee3), jal = decode_insn(0x800000ef);
    char text[FORMAT_TEXT];

    format_insn_at(&back, 0x80000010, text, sizeof text);
    ck_assert_str_eq(text, "beq zero, zero, 0x8000000c");
    format_insn_at(&jal, 0x1000, text, sizeof text);
    ck_assert_str_eq(text, "jal ra, 0xfff01000");
}
END_TEST

START_TEST(every_buffer_size_is_respected)
{
    struct disasm backends[2];
    char text[DISASM_TEXT + 1];

    for (unsigned b = 0; b < 2; b++) {
        disasm_open(&backends[b], b);
        for (size_t size = 1; size < 24; size++) {
            memset(text, '#', sizeof text);
            disasm_text(&backends[b], 0x04b5252f, 0, text, size);
            ck_assert_uint_eq(strlen(text), size - 1);
            ck_assert_int_eq(text[size], '#');
        }
        disasm_close(&backends[b]);
    }
}
END_TEST

START_TEST(a_size_of_zero_writes_nothing)
{
    struct insn insn = decode_insn(0x04b5252f);

    ck_assert_int_eq(format_insn(&insn, NULL, 0), (int)strlen("amoadd.w.aq a0, a1, (a0)"));
}
END_TEST

/* What both backends must do for every encoding. */
static void check_text(void *context, uint32_t raw)
{
    struct disasm *disasm = context;
    struct insn insn = decode_insn(raw);
    char text[DISASM_TEXT];
    unsigned length = disasm_text(disasm, raw, 0x80000000, text, sizeof text);
    bool data = !strncmp(text, ".word ", 6) || !strncmp(text, ".half ", 6);

    if (length != insn.len || !text[0] || strlen(text) > FORMAT_TEXT ||
        data != (insn.id == INSN_ILLEGAL))
        ck_abort_msg("%08x: '%s' of %u bytes", raw, text, length);
}

START_TEST(exactly_pz32_s_instructions_have_text)
{
    struct disasm backends[2];

    for (unsigned b = 0; b < 2; b++) {
        disasm_open(&backends[b], b);
        samples_wide(8, check_text, &backends[b]);
        samples_csr(check_text, &backends[b]);
        samples_compressed(check_text, &backends[b]);
        disasm_close(&backends[b]);
    }
}
END_TEST

#if PZ_HAVE_CAPSTONE
START_TEST(capstone_speaks_where_it_can)
{
    static const struct {
        uint32_t raw;
        const char *text;
    } friendly[] = {
        {0x00008067, "ret"},
        {0x00008082, "c.jr ra"},
        {0xfe000ee3, "beqz zero, 0x7ffffffc"},
        {0x0000a001, "c.j 0x80000000"},
        {0x00001141, "c.addi sp, -0x10"},
        {0x18051073, "csrw satp, a0"},
        {0xc0302573, "csrrs a0, 3075, zero"}, /* PZ32 has no hpmcounter3 */
        {0x10a51073, "csrrw zero, senvcfg, a0"},
        {0x0000000f, "fence 0, 0"},
        {0x30200073, ".word 0x30200073"},
        {0x02051593, ".word 0x02051593"}, /* Capstone takes this shift by 32 */
    };
    struct disasm disasm;

    disasm_open(&disasm, true);
    ck_assert_str_eq(disasm_backend(&disasm), "capstone");
    for (size_t i = 0; i < sizeof friendly / sizeof friendly[0]; i++) {
        char text[DISASM_TEXT];

        disasm_text(&disasm, friendly[i].raw, 0x80000000, text, sizeof text);
        ck_assert_str_eq(text, friendly[i].text);
    }
    disasm_close(&disasm);
}
END_TEST
#else
START_TEST(capstone_speaks_where_it_can)
{
    struct disasm disasm;

    disasm_open(&disasm, true);
    ck_assert_str_eq(disasm_backend(&disasm), "table");
    disasm_close(&disasm);
}
END_TEST
#endif

SUITE_MAIN("disasm", known_texts, jumps_name_their_target, every_buffer_size_is_respected,
           a_size_of_zero_writes_nothing, exactly_pz32_s_instructions_have_text,
           capstone_speaks_where_it_can)
