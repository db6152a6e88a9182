/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine_jit.c - how fast the engine `jit` is next to `spec`: loops of compiled C under a flat
 * Sv32 root, deprivileged, as a monitor would run them; then the price of leaving and entering.
 * For people who work on the engine; `pz bench` measures the whole system.
 *
 *     clang --target=riscv32 -march=rv32ima -mabi=ilp32 -O2 -ffreestanding -fno-builtin \
 *         -nostdlib -fuse-ld=lld -Wl,--image-base=0x10000,-Ttext=0x10000 \
 *         -Wl,--oformat=binary tests/bench/engine_jit_guest.c -o guest.bin
 *     cc -O2 -I. isa/[a-z]*.c isa/engine/spec.c isa/engine/jit/[a-z]*.c tests/bench/engine_jit.c
 *     ./a.out guest.bin
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "isa/csr.h"
#include "isa/engine/jit/jit.h"
#include "isa/engine/spec.h"

#define RAM (16u << 20)
#define START 0x10000u
#define ROOT (RAM - PAGE_SIZE)
#define ROOT2 (RAM - 2 * PAGE_SIZE)
#define TABLES (RAM - 8 * PAGE_SIZE)
#define SATP(root) (SATP_SV32 | (root) >> PAGE_SHIFT)

static uint8_t *ram;

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Two roots, the same tables: RAM at its physical address, all rights. */
static void make_tables(void)
{
    for (uint32_t i = 0; i < RAM / (SV32_ENTRIES * PAGE_SIZE); i++) {
        uint32_t table = TABLES + i * PAGE_SIZE;

        store_le32(ram + ROOT + 4 * i, PTE_MAKE(table >> PAGE_SHIFT, PTE_V));
        store_le32(ram + ROOT2 + 4 * i, PTE_MAKE(table >> PAGE_SHIFT, PTE_V));
        for (uint32_t k = 0; k < SV32_ENTRIES; k++)
            store_le32(ram + table + 4 * k,
                       PTE_MAKE(i * SV32_ENTRIES + k,
                                PTE_V | PTE_R | PTE_W | PTE_X | PTE_U | PTE_A | PTE_D));
    }
}

static void load(const char *path)
{
    FILE *file = fopen(path, "rb");

    memset(ram, 0, RAM);
    if (!file || fread(ram + START, 1, RAM / 4, file) == 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    fclose(file);
    make_tables();
}

static void set_root(struct engine *engine, uint32_t root)
{
    struct engine_space space = {.deprivileged = true, .root = SATP(root)};

    engine_set_space(engine, &space);
}

/* Millions of instructions a second of the loop; its result is in *sum. */
static double time_loop(struct engine *engine, const char *path, uint32_t which, uint32_t *sum)
{
    struct engine_exit exit;
    struct hart hart;
    double start;

    load(path);
    set_root(engine, ROOT);
    engine_drop_all(engine);
    engine_code_changed(engine, 0, RAM);
    hart_reset(&hart, START);
    hart.x[10] = which;
    start = seconds();
    engine_run(engine, &hart, UINT64_MAX, &exit);
    *sum = hart.x[10];
    return (double)hart.retired / (seconds() - start) / 1e6;
}

static void time_loops(struct engine *jit, struct engine *spec, const char *path)
{
    static const char *const names[] = {"sort",  "sieve", "crc",    "copy",
                                        "chase", "calls", "matrix", "interpreter"};

    printf("%-12s %10s %10s %8s\n", "loop", "jit MIPS", "spec MIPS", "ratio");
    for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        uint32_t sum, check;
        double fast = 0, slow;

        for (unsigned k = 0; k < 3; k++) {
            double once = time_loop(jit, path, i, &sum);

            fast = once > fast ? once : fast;
        }
        slow = time_loop(spec, path, i, &check);
        printf("%-12s %10.0f %10.0f %8.0f%s\n", names[i], fast, slow, fast / slow,
               sum == check ? "" : "  NOT THE SAME RESULT");
    }
}

#define EXITS 20000000

/* addi a0, a0, 1; ecall; j back */
static void time_exits(struct engine *jit, const char *what, uint32_t other_root)
{
    static const uint32_t code[] = {0x00150513, 0x00000073, 0xff9ff06f};
    struct engine_exit exit;
    struct hart hart;
    double start;

    memcpy(ram + START, code, sizeof code);
    engine_code_changed(jit, START, sizeof code);
    hart_reset(&hart, START);
    start = seconds();
    for (unsigned i = 0; i < EXITS; i++) {
        set_root(jit, i & 1 ? ROOT : other_root);
        engine_run(jit, &hart, 1000000, &exit);
        hart.pc += 4;
    }
    printf("%-32s %6.1f ns\n", what, (seconds() - start) / EXITS * 1e9);
}

#define COLD 500000u

/* Straight-line code that runs once. */
static void time_cold(struct engine *jit)
{
    static const uint32_t code[] = {0x00150513, 0x00b50633, 0x00012083,
                                    0x0005a683, 0x00d606b3, 0x00068463};
    struct engine_exit exit;
    struct hart hart;
    double start;

    for (uint32_t i = 0; i < COLD; i++)
        store_le32(ram + 0x20000 + 4 * i, code[i % 6]);
    store_le32(ram + 0x20000 + 4 * COLD, 0x00000073);
    engine_code_changed(jit, 0, RAM);
    hart_reset(&hart, 0x20000);
    hart.x[2] = hart.x[11] = START;
    start = seconds();
    engine_run(jit, &hart, UINT64_MAX, &exit);
    printf("%-32s %6.1f M instructions/s\n", "first execution",
           (double)hart.retired / (seconds() - start) / 1e6);
}

int main(int argc, char **argv)
{
    struct spec *spec = malloc(sizeof *spec);
    struct jit *jit;

    ram = aligned_alloc(PAGE_SIZE, RAM);
    if (argc != 2 || !ram || !spec || jit_create(ram, 0, RAM, NULL, &jit) != JIT_OK) {
        fprintf(stderr, "usage: %s guest.bin\n", argv[0]);
        return EXIT_FAILURE;
    }
    spec_init(spec, ram, 0, RAM);
    time_loops(jit_engine(jit), &spec->engine, argv[1]);
    time_cold(jit_engine(jit));
    time_exits(jit_engine(jit), "exit and entry", ROOT);
    time_exits(jit_engine(jit), "exit, entry to another root", ROOT2);
    jit_destroy(jit);
    free(spec);
    free(ram);
    return EXIT_SUCCESS;
}
