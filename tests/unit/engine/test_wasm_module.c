/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_wasm_module.c - the modules that the engine `wasm` makes, as bytes: numbers, and sections
 * that fit into each other. Whether they are valid and do what they should is for Node.js to say:
 * tests/wasm/agree.sh.
 */
#include "isa/engine/wasm/emit.h"
#include "isa/engine/wasm/wasm.h"
#include "tests/support/engines.h"
#include "tests/support/suite.h"

#define RAM (1u << 20)

/* ---- Numbers ---- */

static int64_t read_leb(const uint8_t **at, bool is_signed)
{
    int64_t value = 0;
    unsigned shift = 0;
    uint8_t byte;

    do {
        byte = *(*at)++;
        value |= (int64_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    if (is_signed && (byte & 0x40))
        value -= 1ll << shift;
    return value;
}

START_TEST(test_numbers)
{
    static const uint32_t values[] = {0,      1,      63,         64,         127,       128,
                                      0x1fff, 0x2000, 0x7fffffff, 0x80000000, 0xffffffff};

    for (unsigned i = 0; i < sizeof values / sizeof values[0]; i++) {
        uint8_t bytes[16];
        struct emit e = {.at = bytes, .end = bytes + sizeof bytes};
        const uint8_t *at = bytes;

        emit_unsigned(&e, values[i]);
        ck_assert_int_eq(read_leb(&at, false), values[i]);
        emit_signed(&e, (int32_t)values[i]);
        ck_assert_int_eq(read_leb(&at, true), (int32_t)values[i]);
        ck_assert_ptr_eq(at, e.at);
    }
}
END_TEST

START_TEST(test_no_byte_too_many)
{
    uint8_t bytes[8] = {0};
    struct emit e = {.at = bytes, .end = bytes + 4};

    emit_const(&e, 0x12345678);
    ck_assert(e.full);
    ck_assert_ptr_eq(e.at, bytes + 4);
    ck_assert_uint_eq(bytes[4], 0);
    emit_end(&e, emit_begin(&e));
    ck_assert_uint_eq(bytes[4], 0);
}
END_TEST

/* ---- Modules ---- */

struct seen {
    unsigned modules, sections;
    uint32_t code; /* bytes of the last one's function */
};

/* From the first byte to the last, section by section. */
static uint32_t look(void *owner, const uint8_t *bytes, uint32_t len)
{
    static const uint8_t magic[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    struct seen *seen = owner;
    const uint8_t *at = bytes + sizeof magic;
    unsigned last = 0;

    ck_assert_mem_eq(bytes, magic, sizeof magic);
    seen->sections = 0;
    while (at < bytes + len) {
        unsigned id = *at++;
        uint32_t size = (uint32_t)read_leb(&at, false);

        ck_assert_uint_gt(id, last);
        ck_assert_uint_le(size, (uint32_t)(bytes + len - at));
        last = id;
        seen->code = size;
        seen->sections++;
        at += size;
    }
    ck_assert_ptr_eq(at, bytes + len);
    seen->modules++;
    return 0;
}

/* What runs once, and then a loop of 10 rounds. */
static void run_loop(struct engine *engine, uint8_t *ram, unsigned once)
{
    /* li a0, 10; addi a0, a0, -1; bnez a0, -4; ecall */
    const uint32_t code[] = {0x00a00513, 0xfff50513, 0xfe051ee3, 0x00000073};
    struct engine_exit exit;
    struct hart hart;

    for (unsigned i = 0; i < once; i++)
        store_le32(ram + 4 * i, 0x00158593); /* addi a1, a1, 1 */
    memcpy(ram + 4 * once, code, sizeof code);
    hart_reset(&hart, 0);
    engine_run(engine, &hart, 1000, &exit);
    ck_assert_int_eq(exit.stop, ENGINE_TRAP);
    ck_assert_uint_eq(hart.retired, once + 21);
}

/* A page is translated when it has been hot twice. */
static struct seen translate(uint32_t hot, unsigned once)
{
    struct seen seen = {0};
    const struct wasm_options options = {.hot = hot, .host = {.compile = look, .owner = &seen}};
    uint8_t *ram = ram_new(RAM);
    void *memory = calloc(1, wasm_size(RAM, &options));
    struct wasm *wasm;

    ck_assert_ptr_nonnull(memory);
    wasm = wasm_init(memory, ram, 0, RAM, &options);
    run_loop(wasm_engine(wasm), ram, once);
    ck_assert_uint_eq(wasm_stats(wasm)->refused, seen.modules);
    ck_assert_uint_eq(wasm_stats(wasm)->regions, 0);
    free(memory);
    ram_free(ram, RAM);
    return seen;
}

START_TEST(test_hot_code_is_translated)
{
    struct seen seen = translate(4, 0);

    ck_assert_uint_eq(seen.modules, 1);
    ck_assert_uint_eq(seen.sections, 5);
    ck_assert_uint_gt(seen.code, 40);
    ck_assert_uint_eq(translate(5, 0).modules, 0);
    ck_assert_uint_eq(translate(0, 0).modules, 0);
}
END_TEST

/* It costs the host as much to compile as what runs often. */
START_TEST(test_what_ran_once_is_left_out)
{
    struct seen little = translate(4, 0), much = translate(4, 200);

    ck_assert_uint_eq(much.modules, 1);
    ck_assert_uint_le(much.code, little.code + 16); /* longer offsets */
}
END_TEST

SUITE_MAIN("wasm module", test_numbers, test_no_byte_too_many, test_hot_code_is_translated,
           test_what_ran_once_is_left_out)
