/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_hll.c - the machine for WebAssembly: modules of a few bytes each, made here. What an
 * instruction gives for edge values, what traps, what is refused, and what the heap keeps.
 * WebAssembly's own tests are cli/hll's, where they are at hand.
 */
#include <stdlib.h>
#include <string.h>

#include "guestos/common/hll/hll.h"
#include "tests/support/suite.h"

enum { ARENA = 2 << 20, MAX_MODULE = 512, I32 = 0x7f, I64 = 0x7e };

static int32_t nothing(int fd, void *to, uint32_t n)
{
    (void)fd, (void)to;
    return (int32_t)n;
}

static int32_t nowhere(int fd, const void *from, uint32_t n)
{
    (void)fd, (void)from;
    return (int32_t)n;
}

static const struct hll_system sys = {.read = nothing, .write = nowhere};
static void *arena;
static uint8_t module[MAX_MODULE];
static uint32_t used;

static void put(const void *bytes, uint32_t n)
{
    ck_assert_uint_le(used + n, MAX_MODULE);
    memcpy(module + used, bytes, n);
    used += n;
}

#define PUT(...)                                                                               \
    do {                                                                                       \
        const uint8_t bytes[] = {__VA_ARGS__};                                                 \
        put(bytes, sizeof(bytes));                                                             \
    } while (0)

/* One function "f" of two parameters; a memory of one page; a table of one element. */
static void build(uint8_t in, uint8_t out, const uint8_t *body, uint8_t n)
{
    used = 0;
    PUT(0, 'a', 's', 'm', 1, 0, 0, 0);
    PUT(1, 7, 1, 0x60, 2, in, in, 1, out);
    PUT(3, 2, 1, 0);
    PUT(4, 4, 1, 0x70, 0, 1);
    PUT(5, 4, 1, 1, 1, 2);
    PUT(7, 5, 1, 1, 'f', 0, 0);
    PUT(10, (uint8_t)(n + 4), 1, (uint8_t)(n + 2), 0);
    put(body, n);
    PUT(0x0b);
}

static struct hll *create(void)
{
    free(arena);
    arena = aligned_alloc(16, ARENA);
    ck_assert_ptr_nonnull(arena);
    memset(arena, 0, ARENA);
    return hll_create(arena, ARENA, &sys);
}

static enum hll_result run(uint64_t a, uint64_t b, uint64_t *result, const char **why)
{
    struct hll *m = create();
    enum hll_result r = hll_load(m, module, used);
    bool wide = module[13] == I64;
    uint32_t words[4] = {(uint32_t)a, (uint32_t)(wide ? a >> 32 : b), (uint32_t)b,
                         (uint32_t)(b >> 32)};

    if (r == HLL_OK)
        r = hll_call(m, "f", words, 4);
    *result = module[16] == I64 ? words[0] | (uint64_t)words[1] << 32 : words[0];
    *why = hll_why(m);
    return r;
}

/* a op b */
static enum hll_result binary(uint8_t type, uint8_t out, uint8_t opcode, uint64_t a, uint64_t b,
                              uint64_t *result)
{
    const uint8_t body[] = {0x20, 0, 0x20, 1, opcode};
    const char *why;

    build(type, out, body, sizeof(body));
    return run(a, b, result, &why);
}

static const struct {
    uint8_t type, out, opcode;
    uint64_t a, b, result;
} results[] = {
    {I32, I32, 0x6a, UINT32_MAX, 1, 0},                           /* add */
    {I32, I32, 0x6b, 0, 1, UINT32_MAX},                           /* sub */
    {I32, I32, 0x6c, 0x10000, 0x10001, 0x10000},                  /* mul */
    {I32, I32, 0x6d, (uint32_t)-7, 2, (uint32_t)-3},              /* div_s */
    {I32, I32, 0x6f, 0x80000000, UINT32_MAX, 0},                  /* rem_s */
    {I32, I32, 0x6f, (uint32_t)-7, 2, (uint32_t)-1},              /* rem_s */
    {I32, I32, 0x74, 1, 33, 2},                                   /* shl */
    {I32, I32, 0x75, 0x80000000, 31, UINT32_MAX},                 /* shr_s */
    {I32, I32, 0x76, 0x80000000, 31, 1},                          /* shr_u */
    {I32, I32, 0x77, 0xabcd9876, 0, 0xabcd9876},                  /* rotl */
    {I32, I32, 0x78, 1, 1, 0x80000000},                           /* rotr */
    {I32, I32, 0x48, 0x80000000, 0, 1},                           /* lt_s */
    {I32, I32, 0x49, 0x80000000, 0, 0},                           /* lt_u */
    {I64, I64, 0x7c, UINT64_MAX, 1, 0},                           /* add */
    {I64, I64, 0x7e, 1ull << 32, 1ull << 31, 1ull << 63},         /* mul */
    {I64, I64, 0x7f, (uint64_t)-7, 2, (uint64_t)-3},              /* div_s */
    {I64, I64, 0x80, UINT64_MAX, 10, UINT64_MAX / 10},            /* div_u */
    {I64, I64, 0x80, UINT64_MAX, 1ull << 63 | 1, 1},              /* div_u */
    {I64, I64, 0x81, 1ull << 63, UINT64_MAX, 0},                  /* rem_s */
    {I64, I64, 0x82, UINT64_MAX, 1000003, UINT64_MAX % 1000003},  /* rem_u */
    {I64, I64, 0x86, 1, 65, 2},                                   /* shl */
    {I64, I64, 0x87, 1ull << 63, 63, UINT64_MAX},                 /* shr_s */
    {I64, I64, 0x89, 0xabcd987602468ace, 60, 0xeabcd987602468ac}, /* rotl */
    {I64, I32, 0x53, 1ull << 63, 0, 1},                           /* lt_s */
    {I64, I32, 0x54, 1ull << 63, 0, 0},                           /* lt_u */
};

START_TEST(test_instructions)
{
    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
        uint64_t result = 0;

        ck_assert_int_eq(binary(results[i].type, results[i].out, results[i].opcode,
                                results[i].a, results[i].b, &result),
                         HLL_OK);
        ck_assert_uint_eq(result, results[i].result);
    }
}
END_TEST

/* Bodies that run, or trap, or are refused; b is 0, a is what says most. */
static const struct {
    const char *why; /* of the trap or the refusal; NULL: 7 comes of it */
    enum hll_result result;
    uint32_t a;
    uint8_t n, body[16];
} bodies[] = {
    {NULL, HLL_OK, 7, 2, {0x20, 0}},
    /* A local that is set while its old value is still to be used: (a, a = 1, then the first). */
    {NULL, HLL_OK, 7, 9, {0x20, 0, 0x41, 1, 0x21, 0, 0x41, 0, 0x6a}},
    {NULL, HLL_OK, 7, 11, {0x20, 0, 0x02, 0x40, 0x41, 9, 0x21, 0, 0x0c, 0, 0x0b}},
    {"integer divide by zero", HLL_TRAPPED, 1, 5, {0x20, 0, 0x20, 1, 0x6d}},
    {"integer overflow", HLL_TRAPPED, 0x80000000, 5, {0x20, 0, 0x41, 0x7f, 0x6d}},
    {"unreachable", HLL_TRAPPED, 0, 1, {0x00}},
    {"out of bounds memory access", HLL_TRAPPED, 65533, 5, {0x20, 0, 0x28, 2, 0}},
    {"out of bounds memory access", HLL_TRAPPED, UINT32_MAX, 5, {0x20, 0, 0x2d, 0, 1}},
    {"undefined element", HLL_TRAPPED, 1, 9, {0x20, 0, 0x20, 0, 0x20, 0, 0x11, 0, 0}},
    {"uninitialized element", HLL_TRAPPED, 0, 9, {0x20, 0, 0x20, 0, 0x20, 0, 0x11, 0, 0}},
    {"call stack exhausted", HLL_TRAPPED, 0, 6, {0x20, 0, 0x20, 0, 0x10, 0}},
    {"type mismatch", HLL_REFUSED, 0, 2, {0x42, 0}},
    {"type mismatch: an operand is missing", HLL_REFUSED, 0, 1, {0x6a}},
    {"unknown local", HLL_REFUSED, 0, 2, {0x20, 2}},
    {"unknown label", HLL_REFUSED, 0, 2, {0x0c, 2}},
    {"unknown function", HLL_REFUSED, 0, 2, {0x10, 1}},
    {"floating point is not supported", HLL_REFUSED, 0, 3, {0x92, 0x20, 0}},
    {"illegal opcode", HLL_REFUSED, 0, 1, {0xff}},
    {"alignment must not be larger than natural", HLL_REFUSED, 0, 5, {0x20, 0, 0x28, 3, 0}},
};

START_TEST(test_bodies)
{
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        uint64_t result;
        const char *why;

        build(I32, I32, bodies[i].body, bodies[i].n);
        ck_assert_int_eq(run(bodies[i].a, 0, &result, &why), bodies[i].result);
        ck_assert_str_eq(why, bodies[i].why ? bodies[i].why : "");
        if (!bodies[i].why)
            ck_assert_uint_eq(result, 7);
    }
}
END_TEST

/* Whatever is cut off, the rest is refused, and says where; or is a module of less. */
START_TEST(test_cut)
{
    static const uint8_t body[] = {0x20, 0};
    char type[8];

    build(I32, I32, body, sizeof(body));
    for (uint32_t n = 0; n < used; n++) {
        struct hll *m = create();

        if (hll_load(m, module, n) == HLL_OK)
            ck_assert_ptr_null(hll_type(m, "f", type, sizeof(type)));
        else
            ck_assert(*hll_why(m) && hll_where(m) <= n);
    }
}
END_TEST

/* Imported are new, set_word, word and used; "f" has two parameters. */
static void build_heap(const uint8_t *body, uint8_t n)
{
    used = 0;
    PUT(0, 'a', 's', 'm', 1, 0, 0, 0);
    PUT(1, 17, 3, 0x60, 2, I32, I32, 1, I32, 0x60, 3, I32, I32, I32, 0, 0x60, 0, 1, I32);
    PUT(2, 52, 4);
    PUT(4, 'h', 'e', 'a', 'p', 3, 'n', 'e', 'w', 0, 0);
    PUT(4, 'h', 'e', 'a', 'p', 8, 's', 'e', 't', '_', 'w', 'o', 'r', 'd', 0, 1);
    PUT(4, 'h', 'e', 'a', 'p', 4, 'w', 'o', 'r', 'd', 0, 0);
    PUT(4, 'h', 'e', 'a', 'p', 4, 'u', 's', 'e', 'd', 0, 2);
    PUT(3, 2, 1, 0);
    PUT(7, 5, 1, 1, 'f', 0, 4);
    PUT(10, (uint8_t)(n + 4), 1, (uint8_t)(n + 2), 0);
    put(body, n);
    PUT(0x0b);
}

static enum hll_result run_heap(uint32_t a, uint32_t *result, const char **why)
{
    struct hll *m = create();
    enum hll_result r = hll_load(m, module, used);
    uint32_t words[2] = {a, 0};

    if (r == HLL_OK)
        r = hll_call(m, "f", words, 2);
    *result = words[0];
    *why = hll_why(m);
    return r;
}

/* b = new(0, 9), with word 8 = 7; then a times new(0, 9), which nobody keeps; then word 8 of b. */
START_TEST(test_reachable)
{
    static const uint8_t body[] = {
        0x41, 0,    0x41, 9,    0x10, 0,    0x22, 1,    0x41, 8,    0x41, 7,    0x10,
        1,    0x03, 0x40, 0x41, 0,    0x41, 9,    0x10, 0,    0x1a, 0x20, 0,    0x41,
        1,    0x6b, 0x22, 0,    0x0d, 0,    0x0b, 0x20, 1,    0x41, 8,    0x10, 2,
    };
    const char *why;
    uint32_t result;

    build_heap(body, sizeof(body));
    ck_assert_int_eq(run_heap(20000, &result, &why), HLL_OK);
    ck_assert_uint_eq(result, 7);
}
END_TEST

/* word(a, 0), of what is no object. */
START_TEST(test_no_object)
{
    static const uint8_t body[] = {0x20, 0, 0x41, 0, 0x10, 2};
    static const uint32_t handles[] = {0, 1, 0xe0000000, 0xe0000fff, 0xefffffff, UINT32_MAX};
    const char *why;
    uint32_t result;

    build_heap(body, sizeof(body));
    for (size_t i = 0; i < sizeof(handles) / sizeof(handles[0]); i++) {
        ck_assert_int_eq(run_heap(handles[i], &result, &why), HLL_TRAPPED);
        ck_assert_ptr_nonnull(strstr(why, "heap: "));
    }
}
END_TEST

SUITE_MAIN("hll", test_instructions, test_bodies, test_cut, test_reachable, test_no_object)
