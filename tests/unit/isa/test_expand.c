/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_expand.c - compressed instructions: each form with every bit of its immediate and both
 * ends of its registers, as LLVM encodes it; hints; and exactly which encodings have no
 * expansion (Unprivileged ISA, tables 16.5 to 16.7).
 */
#include <string.h>

#include "isa/decode.h"
#include "isa/expand.h"
#include "tests/support/suite.h"
#include "tools/show/format.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    uint16_t parcel;
    const char *expansion;
} forms[] = {
    {0x0040, "addi s0, sp, 4"},     /* c.addi4spn s0, sp, 4 */
    {0x003c, "addi a5, sp, 8"},     /* c.addi4spn a5, sp, 8 */
    {0x0808, "addi a0, sp, 16"},    /* c.addi4spn a0, sp, 16 */
    {0x0088, "addi a0, sp, 64"},    /* c.addi4spn a0, sp, 64 */
    {0x0408, "addi a0, sp, 512"},   /* c.addi4spn a0, sp, 512 */
    {0x1fe8, "addi a0, sp, 1020"},  /* c.addi4spn a0, sp, 1020 */
    {0x4380, "lw s0, 0(a5)"},       /* c.lw s0, 0(a5) */
    {0x405c, "lw a5, 4(s0)"},       /* c.lw a5, 4(s0) */
    {0x4588, "lw a0, 8(a1)"},       /* c.lw a0, 8(a1) */
    {0x41a8, "lw a0, 64(a1)"},      /* c.lw a0, 64(a1) */
    {0x5de8, "lw a0, 124(a1)"},     /* c.lw a0, 124(a1) */
    {0xc380, "sw s0, 0(a5)"},       /* c.sw s0, 0(a5) */
    {0xc05c, "sw a5, 4(s0)"},       /* c.sw a5, 4(s0) */
    {0xc1a8, "sw a0, 64(a1)"},      /* c.sw a0, 64(a1) */
    {0xdde8, "sw a0, 124(a1)"},     /* c.sw a0, 124(a1) */
    {0x0001, "addi zero, zero, 0"}, /* c.nop */
    {0x0085, "addi ra, ra, 1"},     /* c.addi ra, 1 */
    {0x1f81, "addi t6, t6, -32"},   /* c.addi t6, -32 */
    {0x057d, "addi a0, a0, 31"},    /* c.addi a0, 31 */
    {0x0541, "addi a0, a0, 16"},    /* c.addi a0, 16 */
    {0x2009, "jal ra, 2"},          /* c.jal 2 */
    {0x3001, "jal ra, -2048"},      /* c.jal -2048 */
    {0x2801, "jal ra, 16"},         /* c.jal 16 */
    {0x2005, "jal ra, 32"},         /* c.jal 32 */
    {0x2081, "jal ra, 64"},         /* c.jal 64 */
    {0x2041, "jal ra, 128"},        /* c.jal 128 */
    {0x2201, "jal ra, 256"},        /* c.jal 256 */
    {0x2101, "jal ra, 1024"},       /* c.jal 1024 */
    {0x2ffd, "jal ra, 2046"},       /* c.jal 2046 */
    {0x4501, "addi a0, zero, 0"},   /* c.li a0, 0 */
    {0x5f81, "addi t6, zero, -32"}, /* c.li t6, -32 */
    {0x40fd, "addi ra, zero, 31"},  /* c.li ra, 31 */
    {0x6141, "addi sp, sp, 16"},    /* c.addi16sp sp, 16 */
    {0x6105, "addi sp, sp, 32"},    /* c.addi16sp sp, 32 */
    {0x6121, "addi sp, sp, 64"},    /* c.addi16sp sp, 64 */
    {0x6109, "addi sp, sp, 128"},   /* c.addi16sp sp, 128 */
    {0x6111, "addi sp, sp, 256"},   /* c.addi16sp sp, 256 */
    {0x617d, "addi sp, sp, 496"},   /* c.addi16sp sp, 496 */
    {0x7101, "addi sp, sp, -512"},  /* c.addi16sp sp, -512 */
    {0x6085, "lui ra, 1"},          /* c.lui ra, 1 */
    {0x6ffd, "lui t6, 31"},         /* c.lui t6, 31 */
    {0x7501, "lui a0, 1048544"},    /* c.lui a0, 1048544 */
    {0x757d, "lui a0, 1048575"},    /* c.lui a0, 1048575 */
    {0x8005, "srli s0, s0, 1"},     /* c.srli s0, 1 */
    {0x83fd, "srli a5, a5, 31"},    /* c.srli a5, 31 */
    {0x8541, "srai a0, a0, 16"},    /* c.srai a0, 16 */
    {0x857d, "srai a0, a0, 31"},    /* c.srai a0, 31 */
    {0x9901, "andi a0, a0, -32"},   /* c.andi a0, -32 */
    {0x8bfd, "andi a5, a5, 31"},    /* c.andi a5, 31 */
    {0x8c1d, "sub s0, s0, a5"},     /* c.sub s0, a5 */
    {0x8fa1, "xor a5, a5, s0"},     /* c.xor a5, s0 */
    {0x8d4d, "or a0, a0, a1"},      /* c.or a0, a1 */
    {0x8de9, "and a1, a1, a0"},     /* c.and a1, a0 */
    {0xa001, "jal zero, 0"},        /* c.j 0 */
    {0xbffd, "jal zero, -2"},       /* c.j -2 */
    {0xa401, "jal zero, 512"},      /* c.j 512 */
    {0xaffd, "jal zero, 2046"},     /* c.j 2046 */
    {0xc009, "beq s0, zero, 2"},    /* c.beqz s0, 2 */
    {0xd381, "beq a5, zero, -256"}, /* c.beqz a5, -256 */
    {0xcd7d, "beq a0, zero, 254"},  /* c.beqz a0, 254 */
    {0xc501, "beq a0, zero, 8"},    /* c.beqz a0, 8 */
    {0xe105, "bne a0, zero, 32"},   /* c.bnez a0, 32 */
    {0xe121, "bne a0, zero, 64"},   /* c.bnez a0, 64 */
    {0xe141, "bne a0, zero, 128"},  /* c.bnez a0, 128 */
    {0xfffd, "bne a5, zero, -2"},   /* c.bnez a5, -2 */
    {0x0086, "slli ra, ra, 1"},     /* c.slli ra, 1 */
    {0x0ffe, "slli t6, t6, 31"},    /* c.slli t6, 31 */
    {0x0542, "slli a0, a0, 16"},    /* c.slli a0, 16 */
    {0x4082, "lw ra, 0(sp)"},       /* c.lwsp ra, 0(sp) */
    {0x5ffe, "lw t6, 252(sp)"},     /* c.lwsp t6, 252(sp) */
    {0x4512, "lw a0, 4(sp)"},       /* c.lwsp a0, 4(sp) */
    {0x5502, "lw a0, 32(sp)"},      /* c.lwsp a0, 32(sp) */
    {0x4506, "lw a0, 64(sp)"},      /* c.lwsp a0, 64(sp) */
    {0xc002, "sw zero, 0(sp)"},     /* c.swsp zero, 0(sp) */
    {0xdffe, "sw t6, 252(sp)"},     /* c.swsp t6, 252(sp) */
    {0xc22a, "sw a0, 4(sp)"},       /* c.swsp a0, 4(sp) */
    {0xd02a, "sw a0, 32(sp)"},      /* c.swsp a0, 32(sp) */
    {0xc0aa, "sw a0, 64(sp)"},      /* c.swsp a0, 64(sp) */
    {0x8082, "jalr zero, 0(ra)"},   /* c.jr ra */
    {0x8f82, "jalr zero, 0(t6)"},   /* c.jr t6 */
    {0x80fe, "add ra, zero, t6"},   /* c.mv ra, t6 */
    {0x8f86, "add t6, zero, ra"},   /* c.mv t6, ra */
    {0x9002, "ebreak"},             /* c.ebreak */
    {0x9082, "jalr ra, 0(ra)"},     /* c.jalr ra */
    {0x9f82, "jalr ra, 0(t6)"},     /* c.jalr t6 */
    {0x90fe, "add ra, ra, t6"},     /* c.add ra, t6 */
    {0x9ffe, "add t6, t6, t6"},     /* c.add t6, t6 */
    /* Hints: they write x0 or shift by 0, and expand like any other. */
    {0x0005, "addi zero, zero, 1"},
    {0x0081, "addi ra, ra, 0"},
    {0x4005, "addi zero, zero, 1"},
    {0x6005, "lui zero, 1"},
    {0x8006, "add zero, zero, ra"},
    {0x9006, "add zero, zero, ra"},
    {0x0002, "slli zero, zero, 0"},
    {0x0082, "slli ra, ra, 0"},
    {0x8001, "srli s0, s0, 0"},
    {0x8401, "srai s0, s0, 0"},
};

START_TEST(known_expansions)
{
    for (size_t i = 0; i < COUNT(forms); i++) {
        struct insn compressed = decode_insn(forms[i].parcel);
        char text[FORMAT_TEXT];

        format_insn(&compressed, text, sizeof text);
        ck_assert_str_eq(text, forms[i].expansion);
        ck_assert_uint_eq(compressed.len, 2);
        ck_assert_uint_eq(compressed.raw, forms[i].parcel);
    }
}
END_TEST

static bool is_floating(uint32_t parcel)
{
    unsigned quadrant = parcel & 3, funct3 = parcel >> 13;

    return quadrant != 1 && (funct3 == 1 || funct3 == 3 || funct3 == 5 || funct3 == 7);
}

/* Reserved, custom or RV64's: by quadrant and funct3. */
static bool is_reserved(uint32_t parcel)
{
    uint32_t rd = parcel >> 7 & 31, imm6 = parcel & 0x107c, bit12 = parcel & 0x1000;
    uint32_t kind = parcel >> 10 & 3;

    switch ((parcel & 3) << 4 | parcel >> 13) {
    case 0x00: return !(parcel & 0x1fe0); /* c.addi4spn of 0; all zeros with it */
    case 0x04: return true;               /* quadrant 0, 100 */
    case 0x13: return !imm6;              /* c.lui, c.addi16sp of 0 */
    case 0x14: return kind != 2 && bit12; /* shifts by 32 and more, c.subw, c.addw, reserved */
    case 0x20: return bit12;              /* c.slli by 32 and more */
    case 0x22: return !rd;                /* c.lwsp to x0 */
    case 0x24: return parcel == 0x8002;   /* c.jr x0 */
    default: return false;
    }
}

START_TEST(what_has_no_expansion)
{
    unsigned none = 0;

    for (uint32_t parcel = 0; parcel < 65536; parcel++) {
        bool expands = expand_insn((uint16_t)parcel) != 0;

        if (insn_is_wide(parcel))
            ck_assert(!expands);
        else
            ck_assert_msg(expands == !(is_floating(parcel) || is_reserved(parcel)), "%04x",
                          parcel);
        none += !expands;
    }
    ck_assert_uint_gt(none, 16384);
}
END_TEST

/* An encoding without expansion is illegal, and 2 bytes long: stval gets those 16 bits. */
START_TEST(no_expansion_is_illegal)
{
    static const uint16_t none[] = {0x0000, 0x8000, 0x6081, 0x6101, 0x9001, 0x9c01,
                                    0x1002, 0x4002, 0x8002, 0x2000, 0x6108, 0xe108};

    for (size_t i = 0; i < COUNT(none); i++) {
        struct insn insn = decode_insn(0xabcd0000u | none[i]);

        ck_assert_uint_eq(insn.id, INSN_ILLEGAL);
        ck_assert_uint_eq(insn.len, 2);
        ck_assert_uint_eq(insn.raw, none[i]);
        ck_assert_uint_eq(insn.bits, 0);
    }
}
END_TEST

SUITE_MAIN("expand", known_expansions, what_has_no_expansion, no_expansion_is_illegal)
