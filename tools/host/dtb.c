/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dtb.c - writes the tree in one pass with libfdt's sequential functions, then gives back the
 * room that was not needed. Bindings: Devicetree specification 0.4; the names of properties
 * below /cpus are those of the RISC-V binding.
 */
#include "tools/host/dtb.h"

#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/board/board.h"
#include "vmm/board/finisher.h"
#include "vmm/board/random.h"
#include "vmm/para_interface.h"

#define DTB_REST 4096u        /* more than everything but the command line and CPUs takes */
#define DTB_CPU 512u          /* more than a CPU takes */
#define VIRT_RAM 0x80000000u  /* where QEMU's virt has its memory */
#define PLIC_HART_CONTEXTS 2u /* a machine mode's, and a supervisor mode's */
#define IRQ_MEXT 11u          /* the machine mode's external interrupt */

/* phandles */
enum {
    PLIC = 1,
    FINISHER = 2,
    CPU_INTERRUPTS = 16, /* and one more for each hart */
    CPUS = 32,           /* the same */
};

/* The first error stays, so that one look at the end is enough. */
struct writer {
    void *fdt;
    int error;
};

static void did(struct writer *writer, int result)
{
    if (!writer->error && result < 0)
        writer->error = result;
}

static void node(struct writer *writer, const char *name)
{
    did(writer, fdt_begin_node(writer->fdt, name));
}

static void end(struct writer *writer)
{
    did(writer, fdt_end_node(writer->fdt));
}

static void text(struct writer *writer, const char *name, const char *value)
{
    did(writer, fdt_property_string(writer->fdt, name, value));
}

static void cell(struct writer *writer, const char *name, uint32_t value)
{
    did(writer, fdt_property_u32(writer->fdt, name, value));
}

static void flag(struct writer *writer, const char *name)
{
    did(writer, fdt_property(writer->fdt, name, NULL, 0));
}

/* A list of cells. */
static void cells(struct writer *writer, const char *name, const uint32_t *values,
                  unsigned count)
{
    fdt32_t big[4 * PLIC_HARTS];

    for (unsigned i = 0; i < count; i++)
        big[i] = cpu_to_fdt32(values[i]);
    did(writer, fdt_property(writer->fdt, name, big, (int)(count * sizeof big[0])));
}

static void reg(struct writer *writer, uint64_t base, uint64_t size)
{
    const uint32_t values[] = {(uint32_t)(base >> 32), (uint32_t)base, (uint32_t)(size >> 32),
                               (uint32_t)size};

    cells(writer, "reg", values, 4);
}

static void address_cells(struct writer *writer, uint32_t address, uint32_t size)
{
    cell(writer, "#address-cells", address);
    cell(writer, "#size-cells", size);
}

void dtb_seed(uint64_t seed, uint8_t bytes[DTB_SEED])
{
    uint64_t state = ~seed, word;

    for (unsigned at = 0; at < DTB_SEED; at += sizeof word) {
        word = random_next(&state);
        memcpy(bytes + at, &word, sizeof word);
    }
}

static void write_seed(struct writer *writer, uint64_t seed)
{
    uint8_t bytes[DTB_SEED];

    dtb_seed(seed, bytes);
    did(writer, fdt_property(writer->fdt, "rng-seed", bytes, sizeof bytes));
}

static void write_chosen(struct writer *writer, const struct dtb_config *config)
{
    node(writer, "chosen");
    text(writer, "bootargs", config->bootargs);
    text(writer, "stdout-path", "/soc/serial@10000000");
    if (config->initrd_start != config->initrd_end) {
        cell(writer, "linux,initrd-start", (uint32_t)config->initrd_start);
        cell(writer, "linux,initrd-end", (uint32_t)config->initrd_end);
    }
    if (config->seed)
        write_seed(writer, config->seed);
    end(writer);
}

static void write_memory(struct writer *writer, const struct dtb_config *config)
{
    char name[32];

    snprintf(name, sizeof name, "memory@%llx", (unsigned long long)config->ram_base);
    node(writer, name);
    text(writer, "device_type", "memory");
    reg(writer, config->ram_base, config->ram_size);
    end(writer);
}

/* PAUSE is a hint that one hart alone has no use for. */
static const char *isa_text(unsigned count)
{
    return count > 1 ? "rv32imac_zicntr_zicsr_zifencei_zihintpause"
                     : "rv32imac_zicntr_zicsr_zifencei";
}

static void write_cpu(struct writer *writer, unsigned id, unsigned count)
{
    char name[16];

    (void)!snprintf(name, sizeof name, "cpu@%u", id);
    node(writer, name);
    cell(writer, "phandle", CPUS + id);
    text(writer, "device_type", "cpu");
    cell(writer, "reg", id);
    text(writer, "status", "okay");
    text(writer, "compatible", "riscv");
    text(writer, "riscv,isa", isa_text(count));
    text(writer, "mmu-type", "riscv,sv32");
    node(writer, "interrupt-controller");
    cell(writer, "#interrupt-cells", 1);
    flag(writer, "interrupt-controller");
    text(writer, "compatible", "riscv,cpu-intc");
    cell(writer, "phandle", CPU_INTERRUPTS + id);
    end(writer);
    end(writer);
}

/* One cluster, and each hart is a core of it. */
static void write_cpu_map(struct writer *writer, unsigned count)
{
    char name[16];

    node(writer, "cpu-map");
    node(writer, "cluster0");
    for (unsigned id = 0; id < count; id++) {
        (void)!snprintf(name, sizeof name, "core%u", id);
        node(writer, name);
        cell(writer, "cpu", CPUS + id);
        end(writer);
    }
    end(writer);
    end(writer);
}

static void write_cpus(struct writer *writer, unsigned count)
{
    node(writer, "cpus");
    address_cells(writer, 1, 0);
    cell(writer, "timebase-frequency", BOARD_TIMEBASE_HZ);
    for (unsigned id = 0; id < count; id++)
        write_cpu(writer, id, count);
    write_cpu_map(writer, count);
    end(writer);
}

/* Several strings in one property, each with its 0: `len` bytes. */
static void texts(struct writer *writer, const char *name, const char *values, size_t len)
{
    did(writer, fdt_property(writer->fdt, name, values, (int)len));
}

/* The beginning of a device's node; `base` is in its name. */
static void device(struct writer *writer, const char *kind, uint64_t base, uint64_t size)
{
    char name[32];

    snprintf(name, sizeof name, "%s@%llx", kind, (unsigned long long)base);
    node(writer, name);
    reg(writer, base, size);
}

static void interrupt(struct writer *writer, unsigned source)
{
    cell(writer, "interrupt-parent", PLIC);
    cell(writer, "interrupts", source);
}

/* Contexts are numbered as on QEMU's virt: the first of each hart is machine mode's. */
static void write_plic(struct writer *writer, unsigned cpus)
{
    static const char compatible[] = "sifive,plic-1.0.0\0riscv,plic0";
    uint32_t contexts[2 * PLIC_HART_CONTEXTS * PLIC_HARTS];

    for (unsigned id = 0; id < cpus; id++) {
        const uint32_t of[] = {CPU_INTERRUPTS + id, IRQ_MEXT, CPU_INTERRUPTS + id, IRQ_SEXT};

        memcpy(&contexts[2 * PLIC_HART_CONTEXTS * id], of, sizeof of);
    }
    device(writer, "plic", BOARD_PLIC_BASE, BOARD_PLIC_SIZE);
    texts(writer, "compatible", compatible, sizeof compatible);
    cell(writer, "#interrupt-cells", 1);
    cell(writer, "#address-cells", 0);
    flag(writer, "interrupt-controller");
    cells(writer, "interrupts-extended", contexts, 2 * PLIC_HART_CONTEXTS * cpus);
    cell(writer, "riscv,ndev", PLIC_SOURCES - 1);
    cell(writer, "phandle", PLIC);
    end(writer);
}

static void write_uart(struct writer *writer)
{
    device(writer, "serial", BOARD_UART_BASE, BOARD_UART_SIZE);
    text(writer, "compatible", "ns16550a");
    cell(writer, "clock-frequency", BOARD_UART_HZ);
    interrupt(writer, BOARD_UART_SOURCE);
    end(writer);
}

static void write_rtc(struct writer *writer)
{
    device(writer, "rtc", BOARD_RTC_BASE, BOARD_RTC_SIZE);
    text(writer, "compatible", "google,goldfish-rtc");
    interrupt(writer, BOARD_RTC_SOURCE);
    end(writer);
}

static void write_finisher(struct writer *writer)
{
    static const char compatible[] = "sifive,test1\0sifive,test0\0syscon";

    device(writer, "test", BOARD_FINISHER_BASE, BOARD_FINISHER_SIZE);
    texts(writer, "compatible", compatible, sizeof compatible);
    cell(writer, "phandle", FINISHER);
    end(writer);
}

/* Every slot, whether there is a device in it or not. */
static void write_slots(struct writer *writer)
{
    for (unsigned slot = 0; slot < BOARD_SLOTS; slot++) {
        device(writer, "virtio_mmio", BOARD_VIRTIO_BASE + slot * BOARD_VIRTIO_STRIDE,
               BOARD_VIRTIO_STRIDE);
        text(writer, "compatible", "virtio,mmio");
        interrupt(writer, BOARD_VIRTIO_SOURCE + slot);
        end(writer);
    }
}

/* Is a device in sight, or is RAM over it? */
static bool visible(const struct dtb_config *config, uint64_t base)
{
    return base - config->ram_base >= config->ram_size;
}

static void write_soc(struct writer *writer, const struct dtb_config *config)
{
    node(writer, "soc");
    address_cells(writer, 2, 2);
    text(writer, "compatible", "simple-bus");
    flag(writer, "ranges");
    write_plic(writer, config->cpus);
    write_uart(writer);
    write_slots(writer);
    if (visible(config, BOARD_RTC_BASE))
        write_rtc(writer);
    if (visible(config, BOARD_FINISHER_BASE))
        write_finisher(writer);
    end(writer);
}

/* How the finisher is used: for Linux's drivers of the name. */
static void write_syscon(struct writer *writer, const char *name, const char *compatible,
                         uint32_t value)
{
    node(writer, name);
    text(writer, "compatible", compatible);
    cell(writer, "regmap", FINISHER);
    cell(writer, "offset", 0);
    cell(writer, "value", value);
    end(writer);
}

/* Where Linux too looks for what it runs under, as for Xen. */
static void write_hypervisor(struct writer *writer)
{
    node(writer, "hypervisor");
    text(writer, "compatible", "pagezero,para-1");
    cell(writer, "pagezero,sbi-extension", PARA_EXTENSION);
    end(writer);
}

/* With RAM where QEMU's virt has it, a kernel that was made for that machine may be told so. */
static void write_kind(struct writer *writer, const struct dtb_config *config)
{
    static const char compatible[] = "pagezero,pz32\0riscv-virtio";
    bool virt = config->ram_base == VIRT_RAM;

    texts(writer, "compatible", compatible, virt ? sizeof compatible : strlen(compatible) + 1);
}

static void write_tree(struct writer *writer, const struct dtb_config *config)
{
    did(writer, fdt_finish_reservemap(writer->fdt));
    node(writer, "");
    address_cells(writer, 2, 2);
    write_kind(writer, config);
    text(writer, "model", "Page Zero PZ32");
    write_chosen(writer, config);
    write_memory(writer, config);
    write_cpus(writer, config->cpus);
    write_soc(writer, config);
    if (config->para)
        write_hypervisor(writer);
    if (visible(config, BOARD_FINISHER_BASE)) {
        write_syscon(writer, "poweroff", "syscon-poweroff", FINISHER_PASS);
        write_syscon(writer, "reboot", "syscon-reboot", FINISHER_RESET);
    }
    end(writer);
    did(writer, fdt_finish(writer->fdt));
}

static enum pz_err build_in(struct writer *writer, size_t room, const struct dtb_config *config,
                            size_t *len, struct problem *problem)
{
    did(writer, fdt_create(writer->fdt, (int)room));
    write_tree(writer, config);
    if (writer->error)
        return problem_set(problem, PZ_HOST, "the device tree cannot be made: libfdt: %s",
                           fdt_strerror(writer->error));
    *len = fdt_totalsize(writer->fdt);
    return PZ_OK;
}

enum pz_err dtb_build(const struct dtb_config *config, uint8_t **tree, size_t *len,
                      struct problem *problem)
{
    size_t arguments = strlen(config->bootargs) + 1;
    size_t room = arguments + DTB_REST + config->cpus * DTB_CPU;
    struct writer writer = {0};
    enum pz_err err;

    *tree = NULL;
    if (arguments > DTB_BOOTARGS)
        return problem_set(problem, PZ_USAGE, "--append: longer than %u bytes: shorten it",
                           DTB_BOOTARGS - 1);
    writer.fdt = calloc(1, room);
    if (!writer.fdt)
        return problem_memory(problem, "the device tree");
    err = build_in(&writer, room, config, len, problem);
    if (err)
        free(writer.fdt);
    else
        *tree = writer.fdt;
    return err;
}
