/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_board_doc.c - docs/board.md against the code: each device is at the address in its table and
 * in the device tree; the SBI calls that it lists are served, and no others; memory that is shared
 * with the firmware has the fields that it says.
 */
#include <libfdt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa/nested.h"
#include "tests/support/boards.h"
#include "tests/support/suite.h"
#include "tools/base/file.h"
#include "tools/host/dtb.h"

enum { A0 = 10, A6 = 16, A7 = 17, FUNCTIONS = 16 };
#define NOT_SUPPORTED ((uint32_t)-2)
#define RAM_BASE 0x80000000u
#define RAM_SIZE (1u << 20)

static struct problem problem;
static struct file doc;

/* The document, ended by a 0. */
static char *read_doc(void)
{
    ck_assert_msg(!file_read(PZ_SOURCE_DIR "/docs/board.md", 1 << 20, &doc, &problem), "%s",
                  problem.text);
    doc.bytes[doc.len - 1] = '\0';
    return (char *)doc.bytes;
}

/* The next line that begins so, from `*at` on; NULL: none. */
static const char *next_row(char **at, const char *beginning)
{
    char *line = *at;

    while (line && strncmp(line, beginning, strlen(beginning)) != 0) {
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    *at = line ? strchr(line, '\n') : NULL;
    if (*at)
        *(*at)++ = '\0';
    return line;
}

/* ---- Devices ---- */

static const struct {
    uint32_t base, size;
    int source;
} devices[] = {
    {BOARD_FINISHER_BASE, BOARD_FINISHER_SIZE, -1},
    {BOARD_RTC_BASE, BOARD_RTC_SIZE, BOARD_RTC_SOURCE},
    {BOARD_PLIC_BASE, BOARD_PLIC_SIZE, -1},
    {BOARD_UART_BASE, BOARD_UART_SIZE, BOARD_UART_SOURCE},
    {BOARD_VIRTIO_BASE, BOARD_VIRTIO_STRIDE, BOARD_VIRTIO_SOURCE},
};

/* "/soc/x@1`, `compatible`" at the end of a row. */
static void check_node(const void *tree, const char *row)
{
    char path[64], compatible[64];
    const char *at = strstr(row, "`/soc/");
    int node;

    ck_assert(at && sscanf(at, "`%63[^`]`, `%63[^`]`", path, compatible) == 2);
    node = fdt_path_offset(tree, path);
    ck_assert_msg(node >= 0, "the tree has no %s", path);
    ck_assert_msg(!fdt_node_check_compatible(tree, node, compatible), "%s is no %s", path,
                  compatible);
}

static void check_device(const void *tree, const char *row, unsigned i)
{
    unsigned base, size;
    int source = -1;

    ck_assert(sscanf(row, "| 0x%x | 0x%x | %d", &base, &size, &source) >= 2);
    ck_assert_uint_eq(base, devices[i].base);
    ck_assert_uint_eq(size, devices[i].size);
    ck_assert_int_eq(source, devices[i].source);
    check_node(tree, row);
}

static uint8_t *make_tree(void)
{
    const struct dtb_config config = {
        .ram_base = RAM_BASE, .ram_size = RAM_SIZE, .cpus = 1, .bootargs = "", .para = true};
    uint8_t *tree;
    size_t len;

    ck_assert(!dtb_build(&config, &tree, &len, &problem));
    return tree;
}

START_TEST(test_devices)
{
    char *at = read_doc();
    uint8_t *tree = make_tree();
    unsigned count = 0, nodes = 0;
    const char *row;
    int node;

    at = strstr(at, "## Memory");
    for (; (row = next_row(&at, "| 0x")) && strstr(row, "/soc/"); count++) {
        ck_assert_uint_lt(count, sizeof devices / sizeof devices[0]);
        check_device(tree, row, count);
    }
    ck_assert_uint_eq(count, sizeof devices / sizeof devices[0]);
    fdt_for_each_subnode(node, tree, fdt_path_offset(tree, "/soc")) nodes++;
    ck_assert_uint_eq(nodes, count + BOARD_SLOTS - 1);
    free(tree);
    file_free(&doc);
}
END_TEST

START_TEST(test_other_nodes)
{
    char *at = strstr(read_doc(), "## The device tree");
    uint8_t *tree = make_tree();
    unsigned listed = 0, count = 0;
    const char *row;
    int node;

    while ((row = next_row(&at, "| `/"))) {
        char path[64];

        ck_assert_int_eq(sscanf(row, "| `%63[^`]`", path), 1);
        if (!strcmp(path, "/memory@0"))
            snprintf(path, sizeof path, "/memory@%x", RAM_BASE);
        ck_assert_msg(fdt_path_offset(tree, path) >= 0, "the tree has no %s", path);
        listed += strrchr(path, '/') == path;
    }
    fdt_for_each_subnode(node, tree, 0) count++;
    ck_assert_uint_eq(count, listed + 1); /* and /soc */
    free(tree);
    file_free(&doc);
}
END_TEST

/* ---- Firmware ---- */

/* What a call on a new machine returns in a0, all arguments 0 but the first. */
static uint32_t call(uint32_t extension, uint32_t function, uint32_t first, uint32_t *value)
{
    static struct boards boards;
    const struct trap trap = {.cause = CAUSE_ECALL_SUPERVISOR};

    boards_init(&boards, "");
    boards.hart.x[A0] = first;
    boards.hart.x[A6] = function;
    boards.hart.x[A7] = extension;
    board_trap(&boards.board, &boards.hart, &trap);
    *value = boards.hart.x[A0 + 1];
    return boards.hart.x[A0];
}

struct listed {
    uint32_t extension, functions; /* a bit for each */
};

static struct listed read_row(const char *row)
{
    struct listed listed = {0, 0};
    const char *at = strchr(row + 2, '|');

    ck_assert(at && sscanf(row, "| 0x%x", &listed.extension) == 1);
    for (; at; at = strchr(at + 1, ',')) {
        unsigned function;

        ck_assert_int_eq(sscanf(at + 1, " %u", &function), 1);
        listed.functions |= 1u << function;
    }
    return listed;
}

static bool probed(uint32_t extension)
{
    uint32_t value;

    ck_assert_uint_eq(call(0x10, 3, extension, &value), 0);
    return value;
}

static void check_extension(struct listed listed)
{
    uint32_t value;

    ck_assert_msg(probed(listed.extension), "0x%x is not there", listed.extension);
    for (unsigned f = 0; f < FUNCTIONS && listed.extension > 15; f++)
        ck_assert_msg((call(listed.extension, f, 0, &value) == NOT_SUPPORTED) ==
                          !(listed.functions >> f & 1),
                      "0x%x: function %u", listed.extension, f);
}

/* All registered extensions, and all legacy numbers: those that are not listed are not there. */
static void check_others(const struct listed *listed, unsigned count)
{
    static const uint32_t known[] = {0x10,       0x54494d45, 0x735049,   0x52464e43,
                                     0x48534d,   0x53525354, 0x504d55,   0x4442434e,
                                     0x53555350, 0x43505043, 0x4e41434c, 0x09000000,
                                     0x535441,   0x53534500, 0x46574654};

    for (unsigned i = 0; i < 16 + sizeof known / sizeof known[0]; i++) {
        uint32_t extension = i < 16 ? i : known[i - 16];
        bool in = false;

        for (unsigned k = 0; k < count; k++)
            in |= listed[k].extension == extension;
        ck_assert_msg(probed(extension) == in, "0x%x", extension);
    }
}

START_TEST(test_firmware)
{
    char *at = strstr(read_doc(), "## Firmware");
    struct listed listed[32];
    unsigned count = 0;
    const char *row;

    while ((row = next_row(&at, "| 0x"))) {
        ck_assert_uint_lt(count, 32);
        listed[count] = read_row(row);
        check_extension(listed[count++]);
    }
    check_others(listed, count);
    file_free(&doc);
}
END_TEST

/* ---- Memory shared with it ---- */

#define AT(field) offsetof(struct nested, field)

/* In the order of the document. */
static const unsigned shared[] = {
    AT(x),
    AT(pc),
    AT(satp),
    AT(ticks),
    AT(cause),
    AT(tval),
    AT(retired),
    AT(guest_satp),
    AT(hgatp),
    AT(rules),
    AT(filled),
    AT(fills),
    AT(relay.inner),
    AT(relay.home),
    AT(relay.inside),
    AT(relay.satps[0]),
    AT(relay.satps[1]),
    AT(relay.entered),
    AT(relay.due),
    AT(relay.own),
    AT(relay.traps),
    AT(relay.entries),
    AT(relay.worlds),
};

START_TEST(test_shared_memory)
{
    char *at = strstr(read_doc(), "| what | offset |");
    unsigned count = 0;
    const char *row;

    (void)next_row(&at, "| ---");
    while (at && *at == '|' && (row = next_row(&at, "| "))) {
        const char *offset = strstr(row, "| 0x");

        for (offset = offset ? offset + 1 : NULL; offset; offset = strstr(offset + 1, " 0x")) {
            ck_assert_uint_lt(count, sizeof shared / sizeof shared[0]);
            ck_assert_uint_eq(strtoul(offset + 1, NULL, 16), shared[count++]);
        }
    }
    ck_assert_uint_eq(count, sizeof shared / sizeof shared[0]);
    file_free(&doc);
}
END_TEST

SUITE_MAIN("board_doc", test_devices, test_other_nodes, test_firmware, test_shared_memory)
