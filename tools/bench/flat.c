/* SPDX-License-Identifier: GPL-2.0-or-later */
/* flat.c - memory from the bottom up: tables and pages as they are asked for. */
#include "tools/bench/flat.h"

#include <string.h>

#include <sys/mman.h>

#include "isa/csr.h"
#include "isa/sv32.h"

#define LEAF (PTE_V | PTE_U | PTE_A | PTE_D)

enum pz_err bench_flat_open(struct bench_flat *flat, const struct engines_kind *kind,
                            struct problem *problem)
{
    void *ram =
        mmap(NULL, BENCH_FLAT_RAM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    *flat = (struct bench_flat){.fresh = PAGE_SIZE};
    if (ram == MAP_FAILED)
        return problem_memory(problem, "an engine by itself");
    flat->ram = ram;
    return engines_open(&flat->engine, kind, flat->ram, 0, BENCH_FLAT_RAM, problem);
}

void bench_flat_close(struct bench_flat *flat)
{
    engines_close(&flat->engine);
    if (flat->ram)
        munmap(flat->ram, BENCH_FLAT_RAM);
    flat->ram = NULL;
}

/* `size` bytes of RAM, page-aligned; 0 when there are no more. */
static uint32_t take(struct bench_flat *flat, uint32_t size)
{
    uint32_t pa = flat->fresh;

    size = (size + PAGE_MASK) & ~PAGE_MASK;
    if (size > BENCH_FLAT_RAM - pa)
        return 0;
    flat->fresh += size;
    return pa;
}

uint32_t bench_flat_root(struct bench_flat *flat)
{
    uint32_t pa = take(flat, PAGE_SIZE);

    return pa ? SATP_SV32 | pa >> PAGE_SHIFT : 0;
}

static uint8_t *entry_at(struct bench_flat *flat, uint32_t table, uint32_t va, unsigned level)
{
    return flat->ram + table + 4 * SV32_INDEX(va, level);
}

static bool map_page(struct bench_flat *flat, uint32_t root, uint32_t va, uint32_t entry)
{
    uint8_t *upper = entry_at(flat, (root & SATP_PPN) << PAGE_SHIFT, va, 1);
    uint32_t table = PTE_PPN(load_le32(upper)) << PAGE_SHIFT;

    if (!table) {
        table = take(flat, PAGE_SIZE);
        if (!table)
            return false;
        store_le32(upper, PTE_MAKE(table >> PAGE_SHIFT, PTE_V));
    }
    store_le32(entry_at(flat, table, va, 0), entry);
    return true;
}

uint8_t *bench_flat_map(struct bench_flat *flat, uint32_t root, uint32_t va, uint32_t size,
                        uint32_t rights)
{
    uint32_t pa = take(flat, size);

    for (uint32_t offset = 0; offset < size; offset += PAGE_SIZE)
        if (!pa || !map_page(flat, root, va + offset,
                             PTE_MAKE((pa + offset) >> PAGE_SHIFT, LEAF | rights)))
            return NULL;
    return flat->ram + pa;
}

void bench_flat_enter(struct bench_flat *flat, uint32_t root)
{
    const struct engine_space space = {.deprivileged = true, .root = root};

    engine_set_space(flat->engine.engine, &space);
}
