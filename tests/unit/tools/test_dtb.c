/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_dtb.c - the device tree as a kernel reads it: libfdt accepts it, and it has every property
 * that docs/tour.md and the RISC-V bindings promise.
 */
#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tools/host/dtb.h"
#include "vmm/board/board.h"

static uint8_t *tree;
static size_t len;

static void build_cpus(unsigned cpus, uint64_t base, uint64_t size, const char *bootargs)
{
    const struct dtb_config config = {
        .ram_base = base, .ram_size = size, .cpus = cpus, .bootargs = bootargs};
    struct problem problem;

    ck_assert_msg(!dtb_build(&config, &tree, &len, &problem), "%s", problem.text);
    ck_assert_int_eq(fdt_check_full(tree, len), 0);
    ck_assert_uint_eq(fdt_totalsize(tree), len);
}

static void build(uint64_t base, uint64_t size, const char *bootargs)
{
    build_cpus(1, base, size, bootargs);
}

static const void *property(const char *node, const char *name, int *size)
{
    int at = fdt_path_offset(tree, node);
    const void *value;

    ck_assert_msg(at >= 0, "no node %s", node);
    value = fdt_getprop(tree, at, name, size);
    ck_assert_msg(value, "%s has no %s", node, name);
    return value;
}

static void has_text(const char *node, const char *name, const char *text)
{
    int size;
    const char *value = property(node, name, &size);

    ck_assert_str_eq(value, text);
    ck_assert_int_eq(size, (int)strlen(text) + 1);
}

static void has_number(const char *node, const char *name, uint32_t number)
{
    int size;
    fdt32_t value;

    memcpy(&value, property(node, name, &size), sizeof value);
    ck_assert_int_eq(size, 4);
    ck_assert_uint_eq(fdt32_to_cpu(value), number);
}

static void has_range(const char *node, uint64_t base, uint64_t range)
{
    fdt64_t cells[2];
    int size;

    memcpy(cells, property(node, "reg", &size), sizeof cells);
    ck_assert_int_eq(size, (int)sizeof cells);
    ck_assert_uint_eq(fdt64_to_cpu(cells[0]), base);
    ck_assert_uint_eq(fdt64_to_cpu(cells[1]), range);
}

/* The words of a property. */
static void has_words(const char *node, const char *name, const uint32_t *words, int count)
{
    int size;
    const fdt32_t *value = property(node, name, &size);

    ck_assert_int_eq(size, 4 * count);
    for (int i = 0; i < count; i++)
        ck_assert_uint_eq(fdt32_to_cpu(value[i]), words[i]);
}

static uint32_t phandle(const char *node)
{
    return fdt_get_phandle(tree, fdt_path_offset(tree, node));
}

static bool is_compatible(const char *node, const char *with)
{
    return fdt_node_check_compatible(tree, fdt_path_offset(tree, node), with) == 0;
}

/* What Linux's drivers bind to, as in QEMU's tree for virt. */
START_TEST(test_devices)
{
    build(0x80000000u, 16 << 20, "");
    const uint32_t cpu = phandle("/cpus/cpu@0/interrupt-controller");
    const uint32_t contexts[] = {cpu, 11, cpu, 9};

    ck_assert(is_compatible("/soc/plic@c000000", "sifive,plic-1.0.0"));
    ck_assert(is_compatible("/soc/plic@c000000", "riscv,plic0"));
    has_range("/soc/plic@c000000", BOARD_PLIC_BASE, BOARD_PLIC_SIZE);
    has_words("/soc/plic@c000000", "interrupts-extended", contexts, 4);
    has_number("/soc/plic@c000000", "riscv,ndev", 95);
    has_number("/soc/serial@10000000", "interrupts", 10);
    has_number("/soc/serial@10000000", "interrupt-parent", phandle("/soc/plic@c000000"));
    ck_assert(is_compatible("/soc/rtc@101000", "google,goldfish-rtc"));
    has_number("/soc/rtc@101000", "interrupts", 11);
    ck_assert(is_compatible("/soc/test@100000", "sifive,test1"));
    ck_assert(is_compatible("/soc/test@100000", "syscon"));
    ck_assert(is_compatible("/poweroff", "syscon-poweroff"));
    has_number("/poweroff", "regmap", phandle("/soc/test@100000"));
    has_number("/poweroff", "value", 0x5555);
    ck_assert(is_compatible("/reboot", "syscon-reboot"));
    has_number("/reboot", "regmap", phandle("/soc/test@100000"));
    has_number("/reboot", "value", 0x7777);
    for (unsigned slot = 0; slot < 8; slot++) {
        char name[64];

        snprintf(name, sizeof name, "/soc/virtio_mmio@%x", 0x10001000 + slot * 0x1000);
        has_text(name, "compatible", "virtio,mmio");
        has_range(name, 0x10001000 + slot * 0x1000, 0x1000);
        has_number(name, "interrupts", slot + 1);
    }
    free(tree);
}
END_TEST

/* What RAM hides is not there. */
START_TEST(test_hidden_devices)
{
    build(0, 16 << 20, "");
    ck_assert_int_lt(fdt_path_offset(tree, "/soc/rtc@101000"), 0);
    ck_assert_int_lt(fdt_path_offset(tree, "/soc/test@100000"), 0);
    ck_assert_int_lt(fdt_path_offset(tree, "/poweroff"), 0);
    ck_assert_int_lt(fdt_path_offset(tree, "/reboot"), 0);
    ck_assert_int_ge(fdt_path_offset(tree, "/soc/plic@c000000"), 0);
    free(tree);
}
END_TEST

START_TEST(test_computer)
{
    build(0, 16 << 20, "");
    has_range("/memory@0", 0, 16 << 20);
    has_text("/memory@0", "device_type", "memory");
    has_number("/cpus", "timebase-frequency", BOARD_TIMEBASE_HZ);
    has_number("/cpus/cpu@0", "reg", 0);
    has_text("/cpus/cpu@0", "riscv,isa", "rv32imac_zicntr_zicsr_zifencei");
    has_text("/cpus/cpu@0", "mmu-type", "riscv,sv32");
    has_text("/soc/serial@10000000", "compatible", "ns16550a");
    has_range("/soc/serial@10000000", BOARD_UART_BASE, BOARD_UART_SIZE);
    has_text("/chosen", "stdout-path", "/soc/serial@10000000");
    has_text("/chosen", "bootargs", "");
    free(tree);
}
END_TEST

/* PAUSE is told of where it does something. */
START_TEST(test_cpus)
{
    build_cpus(3, 0, 16 << 20, "");
    has_number("/cpus/cpu@2", "reg", 2);
    has_text("/cpus/cpu@0", "riscv,isa", "rv32imac_zicntr_zicsr_zifencei_zihintpause");
    has_text("/cpus/cpu@2", "riscv,isa", "rv32imac_zicntr_zicsr_zifencei_zihintpause");
    has_number("/cpus/cpu-map/cluster0/core2", "cpu", phandle("/cpus/cpu@2"));
    free(tree);
}
END_TEST

/* The computer is QEMU's virt to a kernel that looks for it, if its memory is where that has it. */
START_TEST(test_kind)
{
    build(0, 16 << 20, "");
    ck_assert(is_compatible("/", "pagezero,pz32"));
    ck_assert(!is_compatible("/", "riscv-virtio"));
    free(tree);
    build(0x80000000u, 16 << 20, "");
    ck_assert(is_compatible("/", "pagezero,pz32"));
    ck_assert(is_compatible("/", "riscv-virtio"));
    free(tree);
}
END_TEST

static void seed(uint64_t seed, uint8_t bytes[DTB_SEED])
{
    const struct dtb_config config = {
        .ram_size = 16 << 20, .cpus = 1, .bootargs = "", .seed = seed};
    struct problem problem;
    int size;

    ck_assert(!dtb_build(&config, &tree, &len, &problem));
    memcpy(bytes, property("/chosen", "rng-seed", &size), DTB_SEED);
    ck_assert_int_eq(size, DTB_SEED);
    free(tree);
}

/* The same seed, the same bytes; without one there are none: nobody would be surprised by them. */
START_TEST(test_seed)
{
    uint8_t one[DTB_SEED], again[DTB_SEED], other[DTB_SEED];

    build(0, 16 << 20, "");
    ck_assert_ptr_null(fdt_getprop(tree, fdt_path_offset(tree, "/chosen"), "rng-seed", NULL));
    free(tree);
    seed(7, one);
    seed(7, again);
    seed(8, other);
    ck_assert_mem_eq(one, again, DTB_SEED);
    ck_assert_mem_ne(one, other, DTB_SEED);
    ck_assert_mem_ne(one, one + DTB_SEED / 2, DTB_SEED / 2);
}
END_TEST

START_TEST(test_high_memory)
{
    build(0x80000000u, 1u << 30, "a=b \"c\"; d");
    has_range("/memory@80000000", 0x80000000u, 1u << 30);
    has_text("/chosen", "bootargs", "a=b \"c\"; d");
    free(tree);
}
END_TEST

/* No larger than it needs to be, and every length up to the limit fits. */
START_TEST(test_sizes)
{
    char bootargs[DTB_BOOTARGS + 1];
    size_t least;

    build(0, 1 << 20, "");
    least = len;
    ck_assert_uint_lt(least, 4096);
    free(tree);
    for (size_t i = 0; i < DTB_BOOTARGS; i += i < 64 ? 1 : 61) {
        memset(bootargs, 'x', i);
        bootargs[i] = '\0';
        build(0, 1 << 20, bootargs);
        ck_assert_uint_le(len, least + i + 4);
        has_text("/chosen", "bootargs", bootargs);
        free(tree);
    }
}
END_TEST

START_TEST(test_too_long)
{
    char bootargs[DTB_BOOTARGS + 1];
    const struct dtb_config config = {.ram_size = 1 << 20, .cpus = 1, .bootargs = bootargs};
    struct problem problem;

    memset(bootargs, 'x', DTB_BOOTARGS);
    bootargs[DTB_BOOTARGS] = '\0';
    ck_assert(dtb_build(&config, &tree, &len, &problem) == PZ_USAGE);
    ck_assert_ptr_null(tree);
    ck_assert_ptr_nonnull(strstr(problem.text, "--append: longer than 4095 bytes"));
}
END_TEST

SUITE_MAIN("dtb", test_devices, test_hidden_devices, test_computer, test_cpus, test_kind,
           test_seed, test_high_memory, test_sizes, test_too_long)
