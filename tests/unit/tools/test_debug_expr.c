/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_debug_expr.c - the debugger's expressions: values, precedence, names, and refusals. */
#include <string.h>

#include "isa/csr.h"
#include "tests/support/suite.h"
#include "tools/debug/expr.h"

static struct symbol symbol_list[] = {{0x1000, 16, "start", true}, {0x2000, 16, "main", true}};
static struct symbol data_list[] = {{0x1800, 4, "main", false}, {0x3000, 8, "ticks", false}};
static const struct symbols symbols = {symbol_list, 2, data_list, 2};
static const struct debug_names names = {.symbols = &symbols};

/* A VM without memory: what loads from it has no value. */
static struct vm vm;

static bool value_of(const char *text, uint64_t *value)
{
    struct debug_scope scope = {.vm = &vm, .hart = &vm.vcpus[0].hart, .eyes = debug_eyes(&vm)};
    struct debug_expr expr;
    struct problem problem;

    if (debug_expr_compile(&expr, &names, &text, true, &problem))
        ck_abort_msg("%s: %s", text, problem.text);
    return debug_expr_value(&expr, &scope, value);
}

static void gives(const char *text, uint64_t wanted)
{
    uint64_t value = ~wanted;

    ck_assert_msg(value_of(text, &value), "%s has no value", text);
    ck_assert_msg(value == wanted, "%s is 0x%llx", text, (unsigned long long)value);
}

static void refused(const char *text, const char *why)
{
    struct debug_expr expr;
    struct problem problem = {0};

    ck_assert_int_eq(debug_expr_compile(&expr, &names, &text, true, &problem), PZ_USAGE);
    ck_assert_msg(strstr(problem.text, why), "%s", problem.text);
}

START_TEST(test_numbers)
{
    gives("0", 0);
    gives("42", 42);
    gives("0x2A", 42);
    gives("1_000", 1000);
    gives("18446744073709551615", UINT64_MAX);
    gives("0xffffffffffffffff", UINT64_MAX);
}
END_TEST

START_TEST(test_precedence)
{
    gives("1 + 2 * 3", 7);
    gives("(1 + 2) * 3", 9);
    gives("10 - 2 - 3", 5);
    gives("1 << 4 + 1", 32);
    gives("1 | 2 ^ 3 & 1", 3);
    gives("1 == 1 && 2 < 3 || 0", 1);
    gives("6 & 3 == 3", 0);
    gives("-1 + 2", 1);
    gives("!0 + ~0", 0);
    gives("7 % 4 / 2", 1);
    gives("1 <= 1 != 2 >= 3", 1);
    gives("1 << 64", 0);
}
END_TEST

START_TEST(test_names)
{
    memset(&vm, 0, sizeof vm);
    vm.id = 4;
    vm.cpu = &vm.vcpus[0];
    vm.cpu->hart.x[10] = 0xa0a0;
    vm.cpu->hart.x[8] = 0x88;
    vm.cpu->hart.pc = 0x123;
    vm.cpu->hart.mode = HART_SUPERVISOR;
    vm.cpu->hart.satp = SATP_SV32 | 5u << SATP_ASID_SHIFT | 7;
    vm.cpu->hart.retired = 99;
    vm.cpu->hart.skipped = 1;
    gives("a0", 0xa0a0);
    gives("$a0", 0xa0a0);
    gives("x10", 0xa0a0);
    gives("fp + s0", 0x110);
    gives("pc", 0x123);
    gives("mode == supervisor", 1);
    gives("mode == user", 0);
    gives("satp", vm.cpu->hart.satp);
    gives("asid", 5);
    gives("retired", 99);
    gives("time", 100);
    gives("vm", 3);
    gives("start + 4", 0x1004);
    gives("main", 0x2000); /* code first */
    gives("ticks + 4", 0x3004);
}
END_TEST

START_TEST(test_no_value)
{
    uint64_t value;

    ck_assert(!value_of("1 / 0", &value));
    ck_assert(!value_of("1 % (2 - 2)", &value));
    ck_assert(!value_of("*0x1000", &value));
    ck_assert(!value_of("u8(0) + 1", &value));
}
END_TEST

START_TEST(test_refused)
{
    char deep[100];

    refused("", "missing");
    refused("1 +", "missing");
    refused("(1", "')'");
    refused("1)", "unexpected");
    refused("1 2", "unexpected");
    refused("nothing", "not a register");
    refused("$main", "not a register");
    refused("0x", "not a number");
    refused("1z", "not a number");
    refused("18446744073709551616", "too large");
    refused("u8 4", "'('");
    refused("@", "not part");
    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = 0;
    refused(deep, "nested");
    memset(deep, '-', sizeof deep - 1);
    refused(deep, "nested");
}
END_TEST

START_TEST(test_too_long)
{
    char text[400] = "1";

    while (strlen(text) + 4 < sizeof text)
        strcat(text, "+pc");
    refused(text, "too long");
}
END_TEST

SUITE_MAIN("debug_expr", test_numbers, test_precedence, test_names, test_no_value, test_refused,
           test_too_long)
