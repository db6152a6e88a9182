/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_dtb.c - a device tree for any RAM and any command line: libfdt finds nothing wrong with
 * it, and what a kernel reads out of it is what was put in. The input is the RAM's base and
 * size, 8 bytes each, then the command line.
 */
#include <libfdt.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tools/host/dtb.h"
#include "vmm/board/board.h"

enum { HEAD = 16 };

/* A property's value, which must be there. */
static const char *property(const void *tree, const char *node, const char *name, int *len)
{
    int at = fdt_path_offset(tree, node);
    const char *value;

    MUST(at >= 0);
    value = fdt_getprop(tree, at, name, len);
    MUST(value);
    return value;
}

static void check_memory(const void *tree, const struct dtb_config *config)
{
    char node[32];
    fdt64_t cells[2];
    const char *value;
    int len;

    snprintf(node, sizeof node, "/memory@%llx", (unsigned long long)config->ram_base);
    value = property(tree, node, "reg", &len);
    MUST(len == (int)sizeof cells);
    memcpy(cells, value, sizeof cells);
    MUST(fdt64_to_cpu(cells[0]) == config->ram_base);
    MUST(fdt64_to_cpu(cells[1]) == config->ram_size);
}

static void check_tree(const void *tree, size_t len, const struct dtb_config *config)
{
    const char *value;
    int value_len;

    MUST(fdt_check_full(tree, len) == 0);
    MUST(fdt_totalsize(tree) == len);
    check_memory(tree, config);
    value = property(tree, "/chosen", "bootargs", &value_len);
    MUST((size_t)value_len == strlen(config->bootargs) + 1);
    MUST(!strcmp(value, config->bootargs));
}

static void build(const struct dtb_config *config)
{
    struct problem problem;
    uint8_t *tree;
    size_t len;

    memset(&problem, 0xa5, sizeof problem);
    if (dtb_build(config, &tree, &len, &problem)) {
        MUST(strlen(config->bootargs) >= DTB_BOOTARGS);
        MUST(memchr(problem.text, '\0', sizeof problem.text) && !tree);
        return;
    }
    check_tree(tree, len, config);
    free(tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct dtb_config config = {0};
    char *bootargs;

    if (len < HEAD)
        return 0;
    bootargs = calloc(1, len - HEAD + 1);
    MUST(bootargs);
    memcpy(&config.ram_base, bytes, 8);
    memcpy(&config.ram_size, bytes + 8, 8);
    memcpy(bootargs, bytes + HEAD, len - HEAD);
    config.initrd_start = config.ram_base;
    config.initrd_end = config.ram_base + len % 3;
    config.bootargs = bootargs;
    config.cpus = 1 + (unsigned)(len % HARTS_MOST);
    config.para = len & 1;
    config.seed = len % 5;
    build(&config);
    free(bootargs);
    return 0;
}
