/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cold.c - code that runs for the first time: pages of it are written, which is not timed, then
 * each is run once.
 */
#include "kernel.h"

#define WHERE 0x40000000u

enum { PAGES = 64, PERIOD = 8, INSTRUCTIONS = 1000, RET = 0x00008067 };

/*
 * Eight instructions again and again, the immediates differing: adds, a shift, a load, a store,
 * and a branch over one that is not taken. t1 points to the page's end, which is data.
 */
static const uint32_t pattern[PERIOD] = {
    0x00150513, /* addi a0, a0, 1 */
    0x00a5c5b3, /* xor  a1, a1, a0 */
    0x00351613, /* slli a2, a0, 3 */
    0x00b32023, /* sw   a1, 0(t1) */
    0x00c505b3, /* add  a1, a0, a2 */
    0x00032683, /* lw   a3, 0(t1) */
    0x00050463, /* beqz a0, +8: a0 is never 0 */
    0x00d585b3, /* add  a1, a1, a3 */
};

static void write_code(uint32_t seed)
{
    for (uint32_t page = 0; page < PAGES; page++) {
        uint32_t *code = (uint32_t *)(WHERE + page * PAGE_SIZE);

        for (uint32_t i = 0; i < INSTRUCTIONS; i++)
            code[i] = pattern[i % PERIOD];
        code[0] += ((seed + page) & 0x3f) << 20;
        code[INSTRUCTIONS] = RET;
    }
    fence_i();
}

static uint32_t call(uint32_t code, uint32_t value, uint32_t *data)
{
    register uint32_t a0 asm("a0") = value;
    register uint32_t t1 asm("t1") = (uint32_t)data;

    asm volatile("jalr %2" : "+r"(a0) : "r"(t1), "r"(code) : "ra", "a1", "a2", "a3", "memory");
    return a0;
}

static uint32_t run_code(uint32_t value)
{
    uint32_t data = 0;

    for (uint32_t page = 0; page < PAGES; page++)
        value = call(WHERE + page * PAGE_SIZE, value | 1, &data) & 0xffff;
    return value;
}

void bench_start(uint32_t count)
{
    uint32_t value;

    for (uint32_t i = 0; i < PAGES; i++)
        (void)space_map(kernel_root, WHERE + i * PAGE_SIZE, page_alloc(),
                        PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D);
    write_code(0);
    value = run_code(1);
    for (uint32_t done = 0; done < count; done += PAGES * INSTRUCTIONS) {
        write_code(done);
        print_mark(MARK_RUN);
        (void)run_code(1);
        print_mark(MARK_END);
    }
    print_result(value);
}
