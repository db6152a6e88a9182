/* SPDX-License-Identifier: GPL-2.0-or-later */
/* peek.c - walks the hart's own page table; a guest's pages are looked up, never attached. */
#include "tools/show/peek.h"

#include "vmm/memory.h"

static uint8_t *page_of_vm(struct phys *phys, uint64_t pa, bool store)
{
    return store ? NULL : (uint8_t *)(uintptr_t)memory_look(phys->owner, (struct gpa){pa});
}

struct peek peek_vm(struct vm *vm)
{
    return (struct peek){&vm->cpu->hart, {.page = page_of_vm, .owner = vm}};
}

struct peek peek_bare(const struct bare *bare)
{
    const struct phys *phys = &bare->phys;

    return (struct peek){&bare->hart,
                         {.ram = phys->ram, .base = phys->base, .size = phys->size}};
}

const uint8_t *peek_at(struct peek *peek, uint32_t va, enum access access)
{
    struct sv32_space space = sv32_space_of(peek->hart, &peek->phys);
    struct sv32_walk walk;

    if (sv32_probe(&space, va, access, &walk) != SV32_OK)
        return NULL;
    return phys_host(&peek->phys, walk.pa, false);
}

/* `len` bytes, which may lie across two pages. */
static bool read_bytes(struct peek *peek, uint32_t va, enum access access, uint8_t *to,
                       uint32_t len)
{
    for (uint32_t i = 0; i < len; i++) {
        const uint8_t *byte = peek_at(peek, va + i, access);

        if (!byte)
            return false;
        to[i] = *byte;
    }
    return true;
}

static bool read_some(struct peek *peek, uint32_t va, enum access access, uint8_t *to,
                      uint32_t len)
{
    const uint8_t *host;

    if ((va & PAGE_MASK) > PAGE_SIZE - len)
        return read_bytes(peek, va, access, to, len);
    host = peek_at(peek, va, access);
    if (host)
        memcpy(to, host, len);
    return host;
}

bool peek_word(struct peek *peek, uint32_t va, uint32_t *word)
{
    uint8_t bytes[4] = {0};
    bool there = read_some(peek, va, ACCESS_LOAD, bytes, 4);

    *word = load_le32(bytes);
    return there;
}

bool peek_insn(struct peek *peek, uint32_t va, uint32_t *raw)
{
    uint8_t bytes[4] = {0};

    if (!read_some(peek, va, ACCESS_FETCH, bytes, 2))
        return false;
    *raw = load_le32(bytes);
    if (insn_is_wide(*raw) && !read_some(peek, va + 2, ACCESS_FETCH, bytes + 2, 2))
        return false;
    *raw = load_le32(bytes);
    return true;
}
