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

#define DTB_REST 2048u /* more than everything but the command line takes */
#define UART_CLOCK_HZ 3686400u

enum { CPU_INTERRUPTS = 1 }; /* phandle */

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
    fdt32_t big[4];

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

static void write_chosen(struct writer *writer, const char *bootargs)
{
    node(writer, "chosen");
    text(writer, "bootargs", bootargs);
    text(writer, "stdout-path", "/soc/uart@10000000");
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

static void write_cpu(struct writer *writer)
{
    node(writer, "cpu@0");
    text(writer, "device_type", "cpu");
    cell(writer, "reg", 0);
    text(writer, "status", "okay");
    text(writer, "compatible", "riscv");
    text(writer, "riscv,isa", "rv32imac");
    text(writer, "mmu-type", "riscv,sv32");
    node(writer, "interrupt-controller");
    cell(writer, "#interrupt-cells", 1);
    flag(writer, "interrupt-controller");
    text(writer, "compatible", "riscv,cpu-intc");
    cell(writer, "phandle", CPU_INTERRUPTS);
    end(writer);
    end(writer);
}

static void write_cpus(struct writer *writer)
{
    node(writer, "cpus");
    address_cells(writer, 1, 0);
    cell(writer, "timebase-frequency", BOARD_TIMEBASE_HZ);
    write_cpu(writer);
    end(writer);
}

static void write_soc(struct writer *writer)
{
    node(writer, "soc");
    address_cells(writer, 2, 2);
    text(writer, "compatible", "simple-bus");
    flag(writer, "ranges");
    node(writer, "uart@10000000");
    text(writer, "compatible", "ns16550a");
    reg(writer, BOARD_UART_BASE, BOARD_UART_SIZE);
    cell(writer, "clock-frequency", UART_CLOCK_HZ);
    end(writer);
    end(writer);
}

static void write_tree(struct writer *writer, const struct dtb_config *config)
{
    did(writer, fdt_finish_reservemap(writer->fdt));
    node(writer, "");
    address_cells(writer, 2, 2);
    text(writer, "compatible", "pagezero,pz32");
    text(writer, "model", "Page Zero PZ32");
    write_chosen(writer, config->bootargs);
    write_memory(writer, config);
    write_cpus(writer);
    write_soc(writer);
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
    size_t room = arguments + DTB_REST;
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
