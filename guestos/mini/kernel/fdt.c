/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fdt.c - reads the flattened device tree (Devicetree specification 0.4, chapter 5) in one
 * pass, and keeps nothing of it. The firmware is trusted to have made a sound one. Only these
 * nodes matter here: /memory*, /chosen, /cpus/cpu*, /soc/virtio_mmio*, /hypervisor; and
 * `timebase-frequency`, which is in /cpus or, from some firmware, in a cpu's own node.
 */
#include "fdt.h"

#include <stddef.h>

#include "panic.h"
#include "string.h"

enum {
    FDT_MAGIC = 0xd00dfeed,
    FDT_BEGIN_NODE = 1,
    FDT_END_NODE = 2,
    FDT_PROP = 3,
    FDT_NOP = 4,

    HEADER_MAGIC = 0, /* offsets into the header */
    HEADER_STRUCT = 8,
    HEADER_STRINGS = 12,
    DEFAULT_ADDRESS_CELLS = 2,
    DEFAULT_SIZE_CELLS = 1,
};

enum node {
    NODE_OTHER,
    NODE_ROOT,
    NODE_MEMORY,
    NODE_CHOSEN,
    NODE_CPU,
    NODE_VIRTIO,
    NODE_HYPERVISOR
};

struct reader {
    const uint8_t *at;
    const char *strings;
    int depth;
    enum node node; /* which one of interest we are in */
    bool in_cpus;   /* below /cpus */
    uint32_t address_cells, size_cells;
    struct machine *machine;
};

struct property {
    const char *name;
    const uint8_t *value;
    uint32_t size;
};

/* The tree is big-endian. */
static uint32_t read32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t next32(struct reader *r)
{
    uint32_t v = read32(r->at);

    r->at += sizeof(v);
    return v;
}

static void skip(struct reader *r, uint32_t n)
{
    r->at += (n + 3) & ~3u;
}

/* A number of one or two cells; this computer has no use for what is above 32 bits. */
static uint32_t read_cells(const uint8_t *p, uint32_t cells)
{
    if (cells == 2 && read32(p) != 0)
        panic("device tree: memory above 4 GiB");
    return cells == 2 ? read32(p + 4) : read32(p);
}

static void memory_property(struct reader *r, const struct property *p)
{
    uint32_t a = r->address_cells, s = r->size_cells;

    if (strcmp(p->name, "reg") != 0 || r->machine->ram_size != 0)
        return;
    if (a - 1 > 1 || s - 1 > 1 || p->size < (a + s) * 4)
        panic("device tree: cannot read the size of memory");
    r->machine->ram_base = read_cells(p->value, a);
    r->machine->ram_size = read_cells(p->value + a * 4, s);
}

static void root_property(struct reader *r, const struct property *p)
{
    if (strcmp(p->name, "#address-cells") == 0)
        r->address_cells = read32(p->value);
    else if (strcmp(p->name, "#size-cells") == 0)
        r->size_cells = read32(p->value);
}

static void chosen_property(struct reader *r, const struct property *p)
{
    if (strcmp(p->name, "bootargs") != 0)
        return;
    if (!copy_name(r->machine->bootargs, (const char *)p->value, BOOTARGS_SIZE))
        panic("device tree: bootargs longer than %d", BOOTARGS_SIZE - 1);
}

/* A hart's number; of two cells, the lower one is the last. */
static void cpu_property(struct reader *r, const struct property *p)
{
    struct machine *m = r->machine;

    if (strcmp(p->name, "reg") == 0 && p->size >= 4 && m->harts < MAX_CPUS)
        m->hart[m->harts++] = read32(p->value + p->size - 4);
}

/* Registers below 4 GiB; in /soc, which numbers as the root does. */
static void virtio_property(struct reader *r, const struct property *p)
{
    struct machine *m = r->machine;

    if (strcmp(p->name, "reg") == 0 && p->size >= r->address_cells * 4 &&
        m->virtio_count < MAX_VIRTIO)
        m->virtio[m->virtio_count++] = read_cells(p->value, r->address_cells);
}

static void hypervisor_property(struct reader *r, const struct property *p)
{
    if (strcmp(p->name, "compatible") == 0 && p->size > 0)
        r->machine->para = strcmp((const char *)p->value, "pagezero,para-1") == 0;
}

static void read_property(struct reader *r)
{
    struct property p;

    p.size = next32(r);
    p.name = r->strings + next32(r);
    p.value = r->at;
    skip(r, p.size);

    if (strcmp(p.name, "timebase-frequency") == 0 && p.size >= 4)
        r->machine->timebase = read32(p.value);
    else if (r->node == NODE_ROOT && p.size >= 4)
        root_property(r, &p);
    else if (r->node == NODE_MEMORY)
        memory_property(r, &p);
    else if (r->node == NODE_CHOSEN && p.size > 0)
        chosen_property(r, &p);
    else if (r->node == NODE_CPU)
        cpu_property(r, &p);
    else if (r->node == NODE_VIRTIO)
        virtio_property(r, &p);
    else if (r->node == NODE_HYPERVISOR)
        hypervisor_property(r, &p);
}

static bool is_node(const char *name, const char *wanted)
{
    size_t n = strlen(wanted);

    return strncmp(name, wanted, n) == 0 && (name[n] == '\0' || name[n] == '@');
}

static void begin_node(struct reader *r)
{
    const char *name = (const char *)r->at;

    skip(r, strlen(name) + 1);
    r->depth++;
    r->node = NODE_OTHER;
    if (r->depth == 2)
        r->in_cpus = is_node(name, "cpus");
    if (r->depth == 1)
        r->node = NODE_ROOT;
    else if (r->depth == 2 && is_node(name, "memory"))
        r->node = NODE_MEMORY;
    else if (r->depth == 2 && is_node(name, "chosen"))
        r->node = NODE_CHOSEN;
    else if (r->depth == 2 && is_node(name, "hypervisor"))
        r->node = NODE_HYPERVISOR;
    else if (r->depth == 3 && r->in_cpus && is_node(name, "cpu"))
        r->node = NODE_CPU;
    else if (r->depth == 3 && is_node(name, "virtio_mmio"))
        r->node = NODE_VIRTIO;
}

/* The structure block: begin-node and end-node tokens nest, properties lie between them. */
static void read_structure(struct reader *r)
{
    for (;;) {
        switch (next32(r)) {
        case FDT_BEGIN_NODE: begin_node(r); break;
        case FDT_PROP: read_property(r); break;
        case FDT_END_NODE:
            r->node = NODE_OTHER;
            r->depth--;
            break;
        case FDT_NOP: break;
        default: return; /* FDT_END */
        }
    }
}

void fdt_read(const void *dtb, struct machine *m)
{
    const uint8_t *base = dtb;
    struct reader r = {
        .address_cells = DEFAULT_ADDRESS_CELLS, .size_cells = DEFAULT_SIZE_CELLS, .machine = m};

    if (read32(base + HEADER_MAGIC) != FDT_MAGIC)
        panic("no device tree");
    r.at = base + read32(base + HEADER_STRUCT);
    r.strings = (const char *)base + read32(base + HEADER_STRINGS);
    read_structure(&r);
    if (m->ram_size == 0)
        panic("device tree: no memory");
    if (m->timebase == 0)
        panic("device tree: no timebase-frequency");
}
