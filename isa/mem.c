/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem.c - how one hart reaches memory. An access may span two pages: each part is translated
 * separately, lower address first, and no bytes are copied unless both translations succeed.
 * The bits of an instruction that lie on one page are one access.
 */
#include "isa/mem.h"

#include "isa/insn.h"

static bool fault(struct exec_env *env, uint32_t cause, uint32_t va)
{
    env->trap = (struct trap){.cause = cause, .tval = va};
    return false;
}

/* By whatever walks here; and the trap, where that fails. */
static PZ_APART_IF_FAST bool translate_or_trap(struct exec_env *env, uint32_t va,
                                               enum access access, uint64_t *pa)
{
    struct sv32_space space = exec_space(env);
    struct sv32_walk walk;
    enum sv32_result result = env->walk ? env->walk(&space, va, access, &walk)
                                        : sv32_translate(&space, va, access, &walk);

    *pa = walk.pa;
    if (result == SV32_OK)
        return true;
    env->trap = sv32_trap(result, access, va, &walk);
    return false;
}

static PZ_IN_LINE_IF_FAST bool locate(struct exec_env *env, uint32_t va, enum access access,
                                      uint8_t **host, uint64_t *pa)
{
    uint64_t where = SV32_NOWHERE;

    if (!PZ_SMALL && __builtin_expect(!env->walk, 1)) {
        struct sv32_space space = exec_space(env);

        where = sv32_locate(&space, va, access);
        env->located = (struct exec_located){.where = where, .va = va, .access = access};
    }
    if (where == SV32_NOWHERE && !translate_or_trap(env, va, access, &where))
        return false;
    *pa = where & ~SV32_SUPER;
    *host = phys_host(env->phys, *pa, access == ACCESS_STORE);
    return true;
}

bool mem_locate(struct exec_env *env, uint32_t va, enum access access, uint8_t **host,
                uint64_t *pa)
{
    return locate(env, va, access, host, pa);
}

bool mem_io(struct exec_env *env, uint32_t va, uint64_t pa, enum access access, unsigned width,
            uint32_t *value)
{
    struct phys *phys = env->phys;

    if (phys->io && phys->io(phys, pa, width, access == ACCESS_STORE, value))
        return true;
    return fault(env, sv32_cause(SV32_ACCESS_FAULT, access), va);
}

void mem_wrote(struct exec_env *env, uint64_t pa, uint32_t len)
{
    if (env->phys->wrote)
        env->phys->wrote(env->phys, pa, len);
}

/* Where the bytes of an access are: `first` of them at host[0], the rest at host[1]. */
struct span {
    uint8_t *host[2];
    uint64_t pa[2];
    unsigned first;
};

/* RAM only: devices take aligned accesses, which never span. */
static PZ_IN_LINE_IF_FAST bool locate_ram(struct exec_env *env, uint32_t va, enum access access,
                                          uint8_t **host, uint64_t *pa)
{
    if (!locate(env, va, access, host, pa))
        return false;
    if (!*host)
        return fault(env, sv32_cause(SV32_ACCESS_FAULT, access), va);
    return true;
}

static bool locate_span(struct exec_env *env, uint32_t va, enum access access,
                        struct span *span)
{
    span->first = PAGE_SIZE - (va & PAGE_MASK);
    return locate_ram(env, va, access, &span->host[0], &span->pa[0]) &&
           locate_ram(env, va + span->first, access, &span->host[1], &span->pa[1]);
}

static bool spans_pages(uint32_t va, unsigned width)
{
    return (va & PAGE_MASK) + width > PAGE_SIZE;
}

static bool load_span(struct exec_env *env, uint32_t va, unsigned width, uint32_t *value)
{
    struct span span;
    uint8_t bytes[4] = {0};

    if (!locate_span(env, va, ACCESS_LOAD, &span))
        return false;
    memcpy(bytes, span.host[0], span.first);
    memcpy(bytes + span.first, span.host[1], width - span.first);
    *value = load_le32(bytes);
    return true;
}

static bool store_span(struct exec_env *env, uint32_t va, unsigned width, uint32_t value)
{
    struct span span;
    uint8_t bytes[4];

    if (!locate_span(env, va, ACCESS_STORE, &span))
        return false;
    store_le32(bytes, value);
    memcpy(span.host[0], bytes, span.first);
    memcpy(span.host[1], bytes + span.first, width - span.first);
    mem_wrote(env, span.pa[0], span.first);
    mem_wrote(env, span.pa[1], width - span.first);
    return true;
}

static bool aligned(uint32_t va, unsigned width)
{
    return (va & (width - 1)) == 0;
}

static bool device(struct exec_env *env, uint32_t va, uint64_t pa, enum access access,
                   unsigned width, uint32_t *value)
{
    if (!aligned(va, width))
        return fault(env, sv32_cause(SV32_ACCESS_FAULT, access), va);
    return mem_io(env, va, pa, access, width, value);
}

bool mem_load(struct exec_env *env, uint32_t va, unsigned width, uint32_t *value)
{
    uint8_t *host;
    uint64_t pa;

    if (spans_pages(va, width))
        return load_span(env, va, width, value);
    if (!locate(env, va, ACCESS_LOAD, &host, &pa))
        return false;
    *value = 0;
    if (!host)
        return device(env, va, pa, ACCESS_LOAD, width, value);
    memcpy(value, host, width);
    return true;
}

bool mem_store(struct exec_env *env, uint32_t va, unsigned width, uint32_t value)
{
    uint8_t *host;
    uint64_t pa;

    if (spans_pages(va, width))
        return store_span(env, va, width, value);
    if (!locate(env, va, ACCESS_STORE, &host, &pa))
        return false;
    if (!host)
        return device(env, va, pa, ACCESS_STORE, width, &value);
    memcpy(host, &value, width);
    mem_wrote(env, pa, width);
    return true;
}

static uint32_t half_at(const uint8_t *host)
{
    uint16_t half;

    memcpy(&half, host, sizeof half);
    return half;
}

/* The upper half of an instruction, where it is on the next page. */
static bool fetch_upper(struct exec_env *env, uint32_t va, uint32_t *raw)
{
    uint8_t *host;
    uint64_t pa;

    if (!locate_ram(env, va, ACCESS_FETCH, &host, &pa))
        return false;
    *raw |= half_at(host) << 16;
    return true;
}

bool mem_fetch(struct exec_env *env, uint32_t va, uint32_t *raw)
{
    bool spans = spans_pages(va, 4);
    uint8_t *host;
    uint64_t pa;

    if (!locate_ram(env, va, ACCESS_FETCH, &host, &pa))
        return false;
    *raw = spans ? half_at(host) : load_le32(host);
    if (!insn_is_wide(*raw)) {
        *raw &= 0xffff;
        return true;
    }
    return !spans || fetch_upper(env, va + 2, raw);
}
