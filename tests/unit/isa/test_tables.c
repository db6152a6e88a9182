/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_tables.c - insns.def and csrs.def are consistent: rows neither overlap nor hide each other,
 * every encoding decodes to the row that a linear search finds, names and numbers are unique.
 * Whether they agree with RISC-V is tested by test_capstone.c and cli/isa/isa_llvm_mc.sh.
 */
#include <string.h>

#include "isa/csr.h"
#include "isa/decode.h"
#include "isa/expand.h"
#include "tests/support/samples.h"
#include "tests/support/suite.h"

static const char *const insn_ids[] = {
#define INSN(id, name, match, mask, format, privilege, sensitivity, decides) #id,
#include "isa/insns.def"
#undef INSN
};

static const struct insn_desc *row(unsigned id)
{
    return insn_desc((enum insn_id)id);
}

START_TEST(matches_lie_within_their_masks)
{
    for (unsigned id = 0; id < INSN_COUNT; id++) {
        ck_assert_msg((row(id)->match & ~row(id)->mask) == 0, "%s", row(id)->name);
        ck_assert_msg((row(id)->mask & 0x7f) == 0x7f, "%s: major opcode", row(id)->name);
        ck_assert_msg(insn_is_wide(row(id)->match), "%s: not 32 bits long", row(id)->name);
        ck_assert_msg((row(id)->match & 0x1f) != 0x1f, "%s: over 32 bits", row(id)->name);
    }
}
END_TEST

START_TEST(no_two_rows_overlap)
{
    for (unsigned a = 0; a < INSN_COUNT; a++)
        for (unsigned b = a + 1; b < INSN_COUNT; b++) {
            uint32_t both = row(a)->mask & row(b)->mask;

            ck_assert_msg((row(a)->match ^ row(b)->match) & both, "%s and %s", row(a)->name,
                          row(b)->name);
        }
}
END_TEST

START_TEST(rows_of_a_major_opcode_stand_together)
{
    bool closed[32] = {false};

    for (unsigned id = 1; id < INSN_COUNT; id++) {
        unsigned before = row(id - 1)->match >> 2 & 31, here = row(id)->match >> 2 & 31;

        if (before != here)
            closed[before] = true;
        ck_assert_msg(!closed[here], "%s stands apart", row(id)->name);
    }
}
END_TEST

START_TEST(insn_names_are_their_ids_and_unique)
{
    for (unsigned id = 0; id < INSN_COUNT; id++) {
        char name[16];

        strcpy(name, row(id)->name);
        for (char *dot = strchr(name, '.'); dot; dot = strchr(dot, '.'))
            *dot = '_';
        ck_assert_str_eq(name, insn_ids[id]);
        for (unsigned other = 0; other < id; other++)
            ck_assert_str_ne(row(other)->name, row(id)->name);
    }
}
END_TEST

/* A fixed sequence of pseudo-random words (xorshift32). */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

START_TEST(every_row_decodes_to_itself)
{
    uint32_t random = 1;

    for (unsigned id = 0; id < INSN_COUNT; id++)
        for (unsigned i = 0; i < 10000; i++) {
            uint32_t raw = (next_random(&random) & ~row(id)->mask) | row(id)->match;
            struct insn insn = decode_insn(raw);

            if (insn.id != id || insn.len != 4 || insn.raw != raw || insn.bits != raw)
                ck_abort_msg("%s as %08x", row(id)->name, raw);
        }
}
END_TEST

/* The decoder without its shortcuts. */
static unsigned plain_search(uint32_t raw)
{
    for (unsigned id = 0; id < INSN_COUNT; id++)
        if ((raw & row(id)->mask) == row(id)->match)
            return id;
    return INSN_ILLEGAL;
}

static void compare_with_search(void *context, uint32_t raw)
{
    unsigned *illegal = context;
    struct insn insn = decode_insn(raw);

    if (insn.id != plain_search(raw) || insn.len != 4)
        ck_abort_msg("%08x decodes to row %u, the table says %u", raw, insn.id,
                     plain_search(raw));
    *illegal += insn.id == INSN_ILLEGAL;
}

START_TEST(decoding_is_the_plain_search)
{
    unsigned illegal = 0;
    uint32_t random = 7;

    samples_wide(4, compare_with_search, &illegal);
    for (unsigned i = 0; i < 300000; i++)
        compare_with_search(&illegal, next_random(&random) | 3);
    ck_assert_uint_gt(illegal, 1000);
}
END_TEST

START_TEST(compressed_encodings_ignore_the_upper_half)
{
    for (uint32_t parcel = 0; parcel < 65536; parcel++) {
        struct insn insn;

        if (insn_is_wide(parcel))
            continue;
        insn = decode_insn(parcel | 0xdead0000u);
        ck_assert_uint_eq(insn.len, 2);
        ck_assert_uint_eq(insn.raw, parcel);
        ck_assert_uint_eq(insn.bits, expand_insn((uint16_t)parcel));
        ck_assert_uint_eq(insn.id, insn.bits ? plain_search(insn.bits) : INSN_ILLEGAL);
    }
}
END_TEST

START_TEST(nothing_expands_to_what_is_no_instruction)
{
    for (uint32_t parcel = 0; parcel < 65536; parcel++) {
        uint32_t bits = expand_insn((uint16_t)parcel);

        if (insn_is_wide(parcel))
            ck_assert_uint_eq(bits, 0);
        else if (bits)
            ck_assert_uint_ne(decode_insn(bits).id, INSN_ILLEGAL);
    }
}
END_TEST

START_TEST(csr_find_inverts_the_table)
{
    unsigned found = 0;

    for (uint32_t number = 0; number < 8192; number++) {
        enum csr_id id = csr_find(number);

        if (id == CSR_NONE)
            continue;
        ck_assert_uint_eq(csr_desc(id)->number, number);
        found++;
    }
    ck_assert_uint_eq(found, CSR_COUNT); /* so no two rows share a number */
}
END_TEST

START_TEST(csr_names_are_unique)
{
    for (unsigned id = 0; id < CSR_COUNT; id++)
        for (unsigned other = 0; other < id; other++)
            ck_assert_str_ne(csr_desc((enum csr_id)other)->name,
                             csr_desc((enum csr_id)id)->name);
}
END_TEST

/* Privileged ISA 2.1: bits 9..8 are the lowest mode; scounteren opens counters to users. */
START_TEST(csr_privilege_is_in_the_number)
{
    for (unsigned id = 0; id < CSR_COUNT; id++) {
        const struct csr_desc *csr = csr_desc((enum csr_id)id);
        bool counts = csr_counts((enum csr_id)id);

        ck_assert_uint_eq(csr->privilege, INSN_SUPER);
        ck_assert_uint_eq(csr->number >> 8 & 3, counts ? 0 : 1);
        ck_assert(csr_read_only(csr->number) == counts);
    }
}
END_TEST

START_TEST(csrs_have_the_manual_s_numbers)
{
    static const struct {
        uint16_t number;
        enum csr_id id;
    } manual[] = {
        {0x100, CSR_sstatus},    {0x104, CSR_sie},      {0x105, CSR_stvec},
        {0x106, CSR_scounteren}, {0x140, CSR_sscratch}, {0x141, CSR_sepc},
        {0x142, CSR_scause},     {0x143, CSR_stval},    {0x144, CSR_sip},
        {0x180, CSR_satp},       {0xc01, CSR_time},     {0xc81, CSR_timeh},
        {0x10a, CSR_senvcfg},    {0xc00, CSR_cycle},    {0xc02, CSR_instret},
        {0xc80, CSR_cycleh},     {0xc82, CSR_instreth},
    };
    static const uint16_t absent[] = {0x000, 0x102, 0x103, 0x145, 0x300, 0x305, 0x341, 0x3a0,
                                      0x5a8, 0x7c0, 0xb00, 0xc03, 0xc1f, 0xc83, 0xc9f, 0xf14};

    ck_assert_uint_eq(sizeof manual / sizeof manual[0], CSR_COUNT);
    for (size_t i = 0; i < sizeof manual / sizeof manual[0]; i++)
        ck_assert_int_eq(csr_find(manual[i].number), manual[i].id);
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        ck_assert_int_eq(csr_find(absent[i]), CSR_NONE);
}
END_TEST

/* Popek & Goldberg's theorem, as the tables claim it: what is sensitive is privileged. */
START_TEST(whatever_is_sensitive_is_privileged)
{
    for (unsigned id = 0; id < INSN_COUNT; id++) {
        bool by_csr = row(id)->sensitivity == INSN_SENSITIVITY_BY_CSR;

        ck_assert(by_csr == (row(id)->privilege == INSN_PRIVILEGE_BY_CSR));
        if (row(id)->sensitivity == INSN_CONTROL || row(id)->sensitivity == INSN_BEHAVIOUR)
            ck_assert_msg(row(id)->privilege == INSN_SUPER, "%s", row(id)->name);
    }
    for (unsigned id = 0; id < CSR_COUNT; id++)
        ck_assert(csr_desc((enum csr_id)id)->sensitivity == INSN_INNOCUOUS ||
                  csr_desc((enum csr_id)id)->privilege == INSN_SUPER);
}
END_TEST

SUITE_MAIN("tables", matches_lie_within_their_masks, no_two_rows_overlap,
           rows_of_a_major_opcode_stand_together, insn_names_are_their_ids_and_unique,
           every_row_decodes_to_itself, decoding_is_the_plain_search,
           compressed_encodings_ignore_the_upper_half,
           nothing_expands_to_what_is_no_instruction, csr_find_inverts_the_table,
           csr_names_are_unique, csr_privilege_is_in_the_number, csrs_have_the_manual_s_numbers,
           whatever_is_sensitive_is_privileged)
