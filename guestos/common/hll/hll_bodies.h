/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll_bodies.h - what a row of hll_control.def and of hll_ops.def is in the interpreter: a label,
 * what it does, and the way to the next instruction. Included in the middle of hll_run.c's
 * interpret(), where the rows have been a table of labels before.
 */
#undef CONTROL
#undef UNARY
#undef BINARY
#undef BINARY64
#undef DIVIDE
#undef LOAD
#undef STORE

#define CONTROL(name, length, ...)                                                             \
    L_##name:                                                                                  \
    {                                                                                          \
        enum { here_length = length };                                                         \
        __VA_ARGS__;                                                                           \
        pc += here_length;                                                                     \
        NEXT;                                                                                  \
    }
#define UNARY(opcode, name, in, out, result)                                                   \
    L_##name:                                                                                  \
    {                                                                                          \
        const U_##in a = get_##in(w, pc[2]);                                                   \
                                                                                               \
        put_##out(w, pc[1], result);                                                           \
        pc += 3;                                                                               \
        NEXT;                                                                                  \
    }
#define COMPUTE(name, in, out, second, result)                                                 \
    L_##name:                                                                                  \
    {                                                                                          \
        const U_##in a = get_##in(w, pc[2]), b = second;                                       \
                                                                                               \
        put_##out(w, pc[1], result);                                                           \
        pc += 4;                                                                               \
        NEXT;                                                                                  \
    }
#define BINARY(opcode, name, out, result)                                                      \
    COMPUTE(name, i32, out, get_i32(w, pc[3]), result)                                         \
    COMPUTE(name##_k, i32, out, pc[3], result)
#define BINARY64(opcode, name, out, result) COMPUTE(name, i64, out, get_i64(w, pc[3]), result)
#define DIVIDE(opcode, name, type, overflows, result)                                          \
    L_##name:                                                                                  \
    {                                                                                          \
        const U_##type a = get_##type(w, pc[2]), b = get_##type(w, pc[3]);                     \
                                                                                               \
        if (b == 0)                                                                            \
            TRAP("integer divide by zero");                                                    \
        if (overflows)                                                                         \
            TRAP("integer overflow");                                                          \
        put_##type(w, pc[1], result);                                                          \
        pc += 4;                                                                               \
        NEXT;                                                                                  \
    }
#define LOAD(opcode, name, out, ctype, log2)                                                   \
    L_##name:                                                                                  \
    {                                                                                          \
        const uint8_t *from = at(m, get_i32(w, pc[2]), pc[3], 1u << (log2));                   \
                                                                                               \
        if (!from)                                                                             \
            TRAP("out of bounds memory access");                                               \
        put_##out(w, pc[1], (U_##out)get_##ctype(from));                                       \
        pc += 4;                                                                               \
        NEXT;                                                                                  \
    }
#define STORE(opcode, name, in, ctype, log2)                                                   \
    L_##name:                                                                                  \
    {                                                                                          \
        uint8_t *to = at(m, get_i32(w, pc[1]), pc[3], 1u << (log2));                           \
                                                                                               \
        if (!to)                                                                               \
            TRAP("out of bounds memory access");                                               \
        put_##ctype(to, (ctype)get_##in(w, pc[2]));                                            \
        pc += 4;                                                                               \
        NEXT;                                                                                  \
    }
