/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_jit_emit.c - every form of x86-64 instruction that the jit can emit, with every register
 * and every form of memory operand, is disassembled by Capstone: the text must be the intended
 * instruction, and of the length that was written.
 */
#include "tests/support/suite.h"

#if PZ_HAVE_CAPSTONE && PZ_HAVE_JIT
#include <stdio.h>
#include <string.h>

#include <capstone/capstone.h>

#include "isa/engine/jit/emit.h"

#define TEXT 96

static const char *const names64[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                      "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
static const char *const names32[] = {"eax",  "ecx",  "edx",  "ebx", "esp",  "ebp",
                                      "esi",  "edi",  "r8d",  "r9d", "r10d", "r11d",
                                      "r12d", "r13d", "r14d", "r15d"};
static const char *const names16[] = {"ax",   "cx",   "dx",   "bx",  "sp",   "bp",
                                      "si",   "di",   "r8w",  "r9w", "r10w", "r11w",
                                      "r12w", "r13w", "r14w", "r15w"};
static const char *const names8[] = {"al",   "cl",   "dl",   "bl",  "spl",  "bpl",
                                     "sil",  "dil",  "r8b",  "r9b", "r10b", "r11b",
                                     "r12b", "r13b", "r14b", "r15b"};

static csh capstone;
/* Instructions are written at `code`, and said to be at 0x1000; jumps go a little further. */
static uint8_t room[0x24000];
static uint8_t *const code = room + 0x1000;
static struct emit e;

static const char *const *names(unsigned bits)
{
    switch (bits) {
    case 8: return names8;
    case 16: return names16;
    case 32: return names32;
    default: return names64;
    }
}

static const char *const pointer_of[] = {
    [1] = "byte", [2] = "word", [4] = "dword", [8] = "qword"};

/* A number as Capstone writes it: small ones in decimal. */
static void number(char *text, uint64_t value)
{
    snprintf(text, TEXT, value > 9 ? "0x%llx" : "%llu", (unsigned long long)value);
}

static void displacement(char *text, int32_t disp)
{
    char digits[TEXT];

    number(digits, disp < 0 ? (uint64_t) - (int64_t)disp : (uint64_t)disp);
    text[0] = '\0';
    if (disp)
        snprintf(text, TEXT, disp < 0 ? " - %s" : " + %s", digits);
}

/* An r/m operand; `bits` wide, and `plain` where no width is written (lea). */
static void operand(char *text, struct host_rm rm, unsigned bits, bool plain)
{
    char disp[TEXT], index[TEXT] = "", prefix[TEXT] = "";

    if (!rm.memory) {
        snprintf(text, TEXT, "%s", names(bits)[rm.base]);
        return;
    }
    displacement(disp, rm.disp);
    if (rm.index != RSP && rm.scale)
        snprintf(index, TEXT, " + %s*%d", names64[rm.index], 1 << rm.scale);
    else if (rm.index != RSP)
        snprintf(index, TEXT, " + %s", names64[rm.index]);
    if (!plain)
        snprintf(prefix, TEXT, "%s ptr ", pointer_of[bits / 8]);
    snprintf(text, 4 * TEXT, "%s[%s%s%s]", prefix, names64[rm.base], index, disp);
}

static void begin(void)
{
    memset(code, 0xcc, 32);
    e.at = code;
}

static void expect(const char *text)
{
    char found[256];
    cs_insn *insn;
    size_t count = cs_disasm(capstone, code, (size_t)(e.at - code), 0x1000, 1, &insn);

    ck_assert_msg(count == 1, "no instruction for: %s", text);
    snprintf(found, sizeof found, "%s%s%s", insn->mnemonic, *insn->op_str ? " " : "",
             insn->op_str);
    ck_assert_str_eq(found, text);
    ck_assert_uint_eq(insn->size, (unsigned)(e.at - code));
    cs_free(insn, count);
}

static const int32_t disps[] = {0, 1, -1, 127, 128, -128, -129, 0x1400008, -0x7fffffff};
#define DISPS (sizeof disps / sizeof disps[0])

/* Calls `each` for every register and every shape of memory operand. */
static void each_rm(void (*each)(struct host_rm rm, unsigned reg))
{
    for (unsigned reg = 0; reg < HOST_REGS; reg++)
        for (unsigned base = 0; base < HOST_REGS; base++) {
            each(rm_reg(base), reg);
            for (unsigned i = 0; i < DISPS; i++)
                each(rm_mem(base, disps[i]), reg);
            for (unsigned index = 0; index < HOST_REGS; index++)
                if (index != RSP)
                    each(rm_index(base, index, (base + index) & 3, disps[index % DISPS]), reg);
        }
}

static void each_memory(struct host_rm rm, unsigned reg, void (*each)(struct host_rm, unsigned))
{
    if (rm.memory)
        each(rm, reg);
}

/* "name reg, rm" and "name rm, reg" */
static void expect_reg_rm(const char *name, unsigned reg, unsigned bits, struct host_rm rm,
                          unsigned rm_bits, bool plain)
{
    char text[6 * TEXT], other[5 * TEXT];

    operand(other, rm, rm_bits, plain);
    snprintf(text, sizeof text, "%s %s, %s", name, names(bits)[reg], other);
    expect(text);
}

static void expect_rm_reg(const char *name, struct host_rm rm, unsigned reg, unsigned bits)
{
    char text[6 * TEXT], other[5 * TEXT];

    operand(other, rm, bits, false);
    snprintf(text, sizeof text, "%s %s, %s", name, other, names(bits)[reg]);
    expect(text);
}

static void expect_rm_imm(const char *name, struct host_rm rm, unsigned bits, uint64_t imm)
{
    char text[7 * TEXT], other[5 * TEXT], digits[TEXT];

    operand(other, rm, bits, false);
    number(digits, imm);
    snprintf(text, sizeof text, "%s %s, %s", name, other, digits);
    expect(text);
}

static void expect_rm(const char *name, struct host_rm rm, unsigned bits)
{
    char text[6 * TEXT], other[5 * TEXT];

    operand(other, rm, bits, false);
    snprintf(text, sizeof text, "%s %s", name, other);
    expect(text);
}

/* ---- Moves ---- */

static void check_mov(struct host_rm rm, unsigned reg)
{
    for (unsigned size = SIZE32; size <= SIZE64; size++) {
        unsigned bits = size == SIZE64 ? 64 : 32;

        begin();
        emit_mov(&e, (enum host_size)size, reg, rm);
        expect_reg_rm("mov", reg, bits, rm, bits, false);
        begin();
        emit_store(&e, (enum host_size)size, rm, reg);
        expect_rm_reg("mov", rm, reg, bits);
    }
}

static void check_narrow_store(struct host_rm rm, unsigned reg)
{
    begin();
    emit_store8(&e, rm, reg);
    expect_rm_reg("mov", rm, reg, 8);
    begin();
    emit_store16(&e, rm, reg);
    expect_rm_reg("mov", rm, reg, 16);
}

static void check_store_imm(struct host_rm rm, unsigned reg)
{
    begin();
    emit_store_imm(&e, rm, 0x12345678u + reg);
    expect_rm_imm("mov", rm, 32, 0x12345678u + reg);
    begin();
    emit_store_imm8(&e, rm, (uint8_t)(0x10 + reg));
    expect_rm_imm("mov", rm, 8, 0x10 + reg);
    begin();
    emit_store_imm16(&e, rm, (uint16_t)(0x7010 + reg));
    expect_rm_imm("mov", rm, 16, 0x7010 + reg);
}

static void check_extend(struct host_rm rm, unsigned reg)
{
    static const struct {
        enum host_extend kind;
        const char *name;
        unsigned bits;
    } row[] = {{EXTEND_ZERO8, "movzx", 8},
               {EXTEND_ZERO16, "movzx", 16},
               {EXTEND_SIGN8, "movsx", 8},
               {EXTEND_SIGN16, "movsx", 16}};

    for (unsigned i = 0; i < 4; i++) {
        begin();
        emit_extend(&e, row[i].kind, reg, rm);
        expect_reg_rm(row[i].name, reg, 32, rm, row[i].bits, false);
    }
    begin();
    emit_movsxd(&e, reg, rm);
    expect_reg_rm("movsxd", reg, 64, rm, 32, false);
}

static void check_lea(struct host_rm rm, unsigned reg)
{
    begin();
    emit_lea(&e, SIZE32, reg, rm);
    expect_reg_rm("lea", reg, 32, rm, 32, true);
    begin();
    emit_lea(&e, SIZE64, reg, rm);
    expect_reg_rm("lea", reg, 64, rm, 64, true);
}

static void check_memory_only(struct host_rm rm, unsigned reg)
{
    each_memory(rm, reg, check_lea);
    each_memory(rm, reg, check_narrow_store);
    each_memory(rm, reg, check_store_imm);
}

START_TEST(test_moves)
{
    each_rm(check_mov);
    each_rm(check_extend);
    each_rm(check_memory_only);
}
END_TEST

START_TEST(test_move_constants)
{
    char text[TEXT];

    for (unsigned reg = 0; reg < HOST_REGS; reg++) {
        begin();
        emit_mov_imm(&e, reg, 0x89abcdefu);
        snprintf(text, sizeof text, "mov %s, 0x89abcdef", names32[reg]);
        expect(text);
        begin();
        emit_mov_imm64(&e, reg, 0x123456789abcdef0u);
        snprintf(text, sizeof text, "movabs %s, 0x123456789abcdef0", names64[reg]);
        expect(text);
    }
}
END_TEST

/* ---- Arithmetic ---- */

static const struct {
    enum host_alu op;
    const char *name;
} alu[] = {{ALU_ADD, "add"}, {ALU_OR, "or"},   {ALU_ADC, "adc"}, {ALU_SBB, "sbb"},
           {ALU_AND, "and"}, {ALU_SUB, "sub"}, {ALU_XOR, "xor"}, {ALU_CMP, "cmp"}};
#define ALUS (sizeof alu / sizeof alu[0])

static void check_alu(struct host_rm rm, unsigned reg)
{
    for (unsigned i = 0; i < 2 * ALUS; i++) {
        enum host_size size = i & 1 ? SIZE64 : SIZE32;
        unsigned bits = i & 1 ? 64 : 32;

        begin();
        emit_alu(&e, size, alu[i / 2].op, reg, rm);
        expect_reg_rm(alu[i / 2].name, reg, bits, rm, bits, false);
        begin();
        emit_alu_store(&e, size, alu[i / 2].op, rm, reg);
        expect_rm_reg(alu[i / 2].name, rm, reg, bits);
    }
}

/* Capstone writes immediates as unsigned numbers of the operand's width. */
static uint64_t shown(int32_t imm, unsigned bits)
{
    return bits == 64 ? (uint64_t)(int64_t)imm : (uint32_t)imm;
}

/* It also takes the sign of those of add, sub and cmp: compare numbers, not texts. */
static void expect_imm(const char *name, struct host_rm rm, unsigned bits, int32_t imm)
{
    char other[5 * TEXT], found[5 * TEXT];
    cs_insn *insn;
    size_t count = cs_disasm(capstone, code, (size_t)(e.at - code), 0x1000, 1, &insn);
    const char *comma;

    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(insn->mnemonic, name);
    ck_assert_uint_eq(insn->size, (unsigned)(e.at - code));
    comma = strrchr(insn->op_str, ',');
    ck_assert_ptr_nonnull(comma);
    operand(other, rm, bits, false);
    snprintf(found, sizeof found, "%.*s", (int)(comma - insn->op_str), insn->op_str);
    ck_assert_str_eq(found, other);
    ck_assert_uint_eq(shown((int32_t)strtoull(comma + 1, NULL, 0), bits), shown(imm, bits));
    cs_free(insn, count);
}

static void check_alu_imm(struct host_rm rm, unsigned reg)
{
    static const int32_t imms[] = {0,    1,    -1,         127,       128,
                                   -128, -129, 0x12345678, INT32_MAX, INT32_MIN};

    for (unsigned i = 0; i < 2 * ALUS; i++) {
        int32_t imm = imms[(reg + i) % (sizeof imms / sizeof imms[0])];

        begin();
        emit_alu_imm(&e, i & 1 ? SIZE64 : SIZE32, alu[i / 2].op, rm, imm);
        expect_imm(alu[i / 2].name, rm, i & 1 ? 64 : 32, imm);
    }
}

START_TEST(test_alu)
{
    each_rm(check_alu);
    each_rm(check_alu_imm);
}
END_TEST

static void check_group(struct host_rm rm, unsigned reg)
{
    static const struct {
        enum host_unary op;
        const char *name;
    } row[] = {{UNARY_NOT, "not"},   {UNARY_NEG, "neg"}, {UNARY_MUL, "mul"},
               {UNARY_IMUL, "imul"}, {UNARY_DIV, "div"}, {UNARY_IDIV, "idiv"}};

    for (unsigned i = 0; reg == 0 && i < sizeof row / sizeof row[0]; i++) {
        begin();
        emit_unary(&e, row[i].op, rm);
        expect_rm(row[i].name, rm, 32);
    }
}

static void check_shift(struct host_rm rm, unsigned reg)
{
    static const struct {
        enum host_shift op;
        const char *name;
    } row[] = {{SHIFT_SHL, "shl"}, {SHIFT_SHR, "shr"}, {SHIFT_SAR, "sar"}, {SHIFT_ROR, "ror"}};
    char text[6 * TEXT], other[5 * TEXT];

    for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
        begin();
        emit_shift_imm(&e, SIZE32, row[i].op, rm, (uint8_t)(reg + 2));
        expect_rm_imm(row[i].name, rm, 32, reg + 2);
        begin();
        emit_shift_imm(&e, SIZE64, row[i].op, rm, (uint8_t)(reg + 32));
        expect_rm_imm(row[i].name, rm, 64, reg + 32);
        begin();
        emit_shift_cl(&e, row[i].op, rm);
        operand(other, rm, 32, false);
        snprintf(text, sizeof text, "%s %s, cl", row[i].name, other);
        expect(text);
    }
}

static void check_imul(struct host_rm rm, unsigned reg)
{
    char text[7 * TEXT], other[5 * TEXT];

    begin();
    emit_imul(&e, SIZE32, reg, rm);
    expect_reg_rm("imul", reg, 32, rm, 32, false);
    begin();
    emit_imul(&e, SIZE64, reg, rm);
    expect_reg_rm("imul", reg, 64, rm, 64, false);
    operand(other, rm, 32, false);
    begin();
    emit_imul_imm(&e, reg, rm, 100);
    snprintf(text, sizeof text, "imul %s, %s, 0x64", names32[reg], other);
    expect(text);
    begin();
    emit_imul_imm(&e, reg, rm, 100000);
    snprintf(text, sizeof text, "imul %s, %s, 0x186a0", names32[reg], other);
    expect(text);
}

START_TEST(test_shifts_and_products)
{
    each_rm(check_group);
    each_rm(check_shift);
    each_rm(check_imul);
}
END_TEST

static const struct {
    enum host_cond cond;
    const char *name;
} conds[] = {{COND_B, "b"},   {COND_AE, "ae"}, {COND_E, "e"},   {COND_NE, "ne"},
             {COND_BE, "be"}, {COND_A, "a"},   {COND_S, "s"},   {COND_NS, "ns"},
             {COND_L, "l"},   {COND_GE, "ge"}, {COND_LE, "le"}, {COND_G, "g"}};
#define CONDS (sizeof conds / sizeof conds[0])

static void check_cmov(struct host_rm rm, unsigned reg)
{
    char name[TEXT];

    snprintf(name, sizeof name, "cmov%s", conds[reg % CONDS].name);
    begin();
    emit_cmov(&e, conds[reg % CONDS].cond, reg, rm);
    expect_reg_rm(name, reg, 32, rm, 32, false);
}

static void check_setcc(unsigned reg)
{
    char name[TEXT];

    for (unsigned i = 0; i < CONDS; i++) {
        snprintf(name, sizeof name, "set%s", conds[i].name);
        begin();
        emit_setcc(&e, conds[i].cond, reg);
        expect_rm(name, rm_reg(reg), 8);
    }
}

START_TEST(test_flags)
{
    each_rm(check_cmov);
    for (unsigned a = 0; a < HOST_REGS; a++) {
        check_setcc(a);
        begin();
        emit_test_imm8(&e, a, 3);
        expect_rm_imm("test", rm_reg(a), 8, 3);
        for (unsigned b = 0; b < HOST_REGS; b++) {
            begin();
            emit_test(&e, SIZE32, a, b);
            expect_rm_reg("test", rm_reg(a), b, 32);
            begin();
            emit_test(&e, SIZE64, a, b);
            expect_rm_reg("test", rm_reg(a), b, 64);
        }
    }
    begin();
    emit_cdq(&e);
    expect("cdq");
}
END_TEST

/* ---- Jumps ---- */

static void check_indirect(struct host_rm rm, unsigned reg)
{
    if (reg)
        return;
    begin();
    emit_jmp_rm(&e, rm);
    expect_rm("jmp", rm, 64);
    begin();
    emit_call_rm(&e, rm);
    expect_rm("call", rm, 64);
}

static void check_conditional(unsigned i)
{
    char text[TEXT];

    begin();
    emit_target(emit_jcc(&e, conds[i].cond), code + 0x12345);
    snprintf(text, sizeof text, "j%s 0x13345", conds[i].name);
    expect(text);
    begin();
    emit_target_short(emit_jcc_short(&e, conds[i].cond), code + 0x42);
    snprintf(text, sizeof text, "j%s 0x1042", conds[i].name);
    expect(text);
}

START_TEST(test_jumps)
{
    each_rm(check_indirect);
    for (unsigned i = 0; i < CONDS; i++)
        check_conditional(i);
    begin();
    emit_target(emit_jmp(&e), code - 0x800);
    expect("jmp 0x800");
    begin();
    emit_target(emit_call(&e), code + 0x10000);
    expect("call 0x11000");
    begin();
    emit_target_short(emit_jmp_short(&e), code);
    expect("jmp 0x1000");
    begin();
    emit_ret(&e);
    expect("ret");
}
END_TEST

START_TEST(test_stack)
{
    for (unsigned reg = 0; reg < HOST_REGS; reg++) {
        begin();
        emit_push(&e, reg);
        expect_rm("push", rm_reg(reg), 64);
        begin();
        emit_pop(&e, reg);
        expect_rm("pop", rm_reg(reg), 64);
    }
}
END_TEST

/* Padding: as few instructions as can be, all of which do nothing. */
START_TEST(test_align)
{
    static uint8_t line[128] __attribute__((aligned(64)));

    for (unsigned at = 0; at <= 64; at++) {
        unsigned gap = -at % 64;
        size_t count;
        cs_insn *insn;

        e.at = line + at;
        emit_align(&e, 64);
        ck_assert_ptr_eq(e.at, line + at + gap);
        count = cs_disasm(capstone, line + at, gap, 0x1000, 0, &insn);
        ck_assert_uint_eq(count, (gap + 8) / 9);
        for (size_t i = 0; i < count; i++)
            ck_assert_str_eq(insn[i].mnemonic, "nop");
        if (count)
            cs_free(insn, count);
    }
}
END_TEST

int main(void)
{
    const TTest *const list[] = {
        test_moves, test_move_constants, test_alu,   test_shifts_and_products,
        test_flags, test_jumps,          test_stack, test_align};
    int status;

    if (cs_open(CS_ARCH_X86, CS_MODE_64, &capstone) != CS_ERR_OK)
        return 77;
    status = suite_run("jit_emit", list, sizeof list / sizeof list[0]);
    cs_close(&capstone);
    return status;
}

#else

int main(void)
{
    return 77;
}

#endif
