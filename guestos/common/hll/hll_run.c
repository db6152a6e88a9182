/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll_run.c - the interpreter. It runs the code that hll_verify.c made, and trusts it: what can
 * only be known now, it checks: addresses, elements of the table, divisors, the size of the stack,
 * fuel.
 *
 *   stack:  | caller's locals | its operands, arguments last |
 *                                             | callee's locals | its operands |
 */
#include <stddef.h>
#include <string.h>

#include "hll_module.h"

static inline uint32_t *word(uint32_t *words, uint32_t offset)
{
    return (uint32_t *)(void *)((char *)words + offset);
}

static inline uint32_t get_i32(uint32_t *words, uint32_t offset)
{
    return *word(words, offset);
}

static inline uint64_t get_i64(uint32_t *words, uint32_t offset)
{
    const uint32_t *w = word(words, offset);

    return w[0] | (uint64_t)w[1] << 32;
}

static inline void put_i32(uint32_t *words, uint32_t offset, uint32_t value)
{
    *word(words, offset) = value;
}

static inline void put_i64(uint32_t *words, uint32_t offset, uint64_t value)
{
    uint32_t *w = word(words, offset);

    w[0] = (uint32_t)value;
    w[1] = (uint32_t)(value >> 32);
}

/* Where n bytes at address + offset are; NULL: not all of them in memory. */
static inline uint8_t *at(const struct hll *m, uint32_t address, uint32_t offset, uint32_t n)
{
    uint32_t sum = address + offset;

    if (sum < offset || sum >= m->memory_size || m->memory_size - sum < n)
        return NULL;
    return m->memory + sum;
}

/*
 * WebAssembly is little-endian, and so are all computers that this is for. An address need not
 * be aligned; where it is, one load does, which not all of them would do for any address.
 */
#define ACCESS(ctype)                                                                          \
    typedef ctype __attribute__((may_alias)) any_##ctype;                                      \
                                                                                               \
    static inline ctype get_##ctype(const uint8_t *p)                                          \
    {                                                                                          \
        ctype value;                                                                           \
                                                                                               \
        if ((uintptr_t)p % sizeof(value) == 0)                                                 \
            return *(const any_##ctype *)(const void *)p;                                      \
        memcpy(&value, p, sizeof(value));                                                      \
        return value;                                                                          \
    }                                                                                          \
                                                                                               \
    static inline void put_##ctype(uint8_t *p, ctype value)                                    \
    {                                                                                          \
        if ((uintptr_t)p % sizeof(value) == 0)                                                 \
            *(any_##ctype *)(void *)p = value;                                                 \
        else                                                                                   \
            memcpy(p, &value, sizeof(value));                                                  \
    }

ACCESS(uint8_t)
ACCESS(uint16_t)
ACCESS(uint32_t)
ACCESS(uint64_t)
#define get_int8_t(p) ((int8_t)get_uint8_t(p))
#define get_int16_t(p) ((int16_t)get_uint16_t(p))
#define get_int32_t(p) ((int32_t)get_uint32_t(p))

static inline uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static void move(uint32_t *words, uint32_t to, uint32_t from, uint32_t n)
{
    memmove(word(words, to), word(words, from), n * sizeof(*words));
}

static uint32_t grow(struct hll *m, uint32_t pages)
{
    uint32_t old = m->memory_size / HLL_PAGE;

    if (pages > m->memory_limit / HLL_PAGE - old)
        return UINT32_MAX;
    m->memory_size += pages * HLL_PAGE;
    m->next += pages * HLL_PAGE;
    return old;
}

static const struct hll_function *element(struct hll *m, uint32_t i, uint32_t type)
{
    const struct hll_function *f;

    if (i >= m->table_size) {
        hll_trap(m, "undefined element");
        return NULL;
    }
    if (m->table[i] == 0) {
        hll_trap(m, "uninitialized element");
        return NULL;
    }
    f = &m->function[m->table[i] - 1];
    if (f->sig->same == type)
        return f;
    hll_trap(m, "indirect call type mismatch");
    return NULL;
}

static bool use_fuel(struct hll *m)
{
    if (--m->fuel > 0)
        return true;
    m->fuel = 1;
    return hll_trap(m, "out of fuel");
}

/* A frame for f, whose arguments are at `words`. False: it would not fit. */
static bool enter(struct hll *m, const struct hll_function *f, uint32_t *words)
{
    if (m->calls == HLL_MAX_CALLS || f->frame > (uint32_t)(m->stack_end - words))
        return hll_trap(m, "call stack exhausted");
    memset(words + f->sig->param_words, 0, (f->locals - f->sig->param_words) * sizeof(*words));
    return true;
}

/* What the collector of the heap looks through ends above the arguments. */
static bool call_import(struct hll *m, const struct hll_function *f, uint32_t *words)
{
    const struct hll_sig *t = f->sig;
    uint32_t room = t->param_words > t->result_words ? t->param_words : t->result_words;

    if (room > (uint32_t)(m->stack_end - words))
        return hll_trap(m, "call stack exhausted");
    m->stack_used = words + t->param_words;
    return f->import->call(m, words);
}

#define SA _Generic(a, uint32_t : (int32_t)a, uint64_t : (int64_t)a)
#define SB _Generic(b, uint32_t : (int32_t)b, uint64_t : (int64_t)b)
#define NEXT goto *label[*pc]
#define TRAP(why) return hll_trap(m, why)
#define FUEL                                                                                   \
    do {                                                                                       \
        if (m->fuel && !use_fuel(m))                                                           \
            return false;                                                                      \
    } while (0)
#define GO(to)                                                                                 \
    do {                                                                                       \
        pc = code + (to);                                                                      \
        NEXT;                                                                                  \
    } while (0)

/* Imports return at once; code gets a frame, and the caller's state is kept. */
#define ENTER(function, arguments)                                                             \
    do {                                                                                       \
        const struct hll_function *callee = function;                                          \
        uint32_t *place = word(w, arguments);                                                  \
                                                                                               \
        FUEL;                                                                                  \
        if (callee->import) {                                                                  \
            if (!call_import(m, callee, place))                                                \
                return false;                                                                  \
        } else {                                                                               \
            if (!enter(m, callee, place))                                                      \
                return false;                                                                  \
            m->call[m->calls++] = (struct hll_call_frame){pc + here_length, code, w};          \
            code = pc = callee->code;                                                          \
            w = place;                                                                         \
            NEXT;                                                                              \
        }                                                                                      \
    } while (0)

#define LEAVE(from, n)                                                                         \
    do {                                                                                       \
        move(w, 0, from, n);                                                                   \
        if (m->calls == base)                                                                  \
            return true;                                                                       \
        m->calls--;                                                                            \
        pc = m->call[m->calls].pc;                                                             \
        code = m->call[m->calls].code;                                                         \
        w = m->call[m->calls].words;                                                           \
        NEXT;                                                                                  \
    } while (0)

typedef uint32_t U_i32;
typedef uint64_t U_i64;

#define CONTROL(name, length, ...) &&L_##name,
#define UNARY(opcode, name, ...) &&L_##name,
#define BINARY(opcode, name, ...) &&L_##name, &&L_##name##_k,
#define BINARY64(opcode, name, ...) &&L_##name,
#define DIVIDE(opcode, name, ...) &&L_##name,
#define LOAD(opcode, name, ...) &&L_##name,
#define STORE(opcode, name, ...) &&L_##name,

/* The code from here on; `w` is the frame of the function that it belongs to. */
static bool interpret(struct hll *m, const uint32_t *pc, uint32_t *w)
{
    static const void *const label[] = {
#include "hll_control.def"
#include "hll_ops.def"
    };
    const uint32_t *code = pc;
    const uint32_t base = m->calls;

    NEXT;
#include "hll_bodies.h"
#include "hll_control.def"
#include "hll_ops.def"
}

bool hll_run(struct hll *m, const struct hll_function *f, uint32_t *words)
{
    if (f->import)
        return call_import(m, f, words);
    return enter(m, f, words) && interpret(m, f->code, words);
}
