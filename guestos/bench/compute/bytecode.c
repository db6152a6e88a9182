/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bytecode.c - an interpreter for a stack machine, at Collatz sequences: indirect jumps.
 */
#include "user.h"

enum op { PUSH, LOAD, STORE, ADD, MULTIPLY, HALVE, IS_ODD, LESS, JUMP, JUMP_IF, HALT };

enum { N, X, STEPS, VARIABLES, STACK = 16 };

struct instruction {
    uint8_t op, argument;
};

/* for (n = 1; n < 200; n++) for (x = n; 1 < x; steps++) x = x is odd ? 3 * x + 1 : x / 2; */
static const struct instruction program[] = {
    [0] = {PUSH, 1},      [1] = {STORE, N},      /* n = 1 */
    [2] = {LOAD, N},      [3] = {STORE, X},      /* x = n */
    [4] = {PUSH, 1},      [5] = {LOAD, X},       /* 1 < x? */
    [6] = {LESS, 0},      [7] = {JUMP_IF, 17},   /* yes: a step */
    [8] = {LOAD, N},      [9] = {PUSH, 1},       /* n = n + 1 */
    [10] = {ADD, 0},      [11] = {STORE, N},     /* ... */
    [12] = {LOAD, N},     [13] = {PUSH, 200},    /* n < 200? */
    [14] = {LESS, 0},     [15] = {JUMP_IF, 2},   /* yes: the next one */
    [16] = {HALT, 0},                            /* no */
    [17] = {LOAD, STEPS}, [18] = {PUSH, 1},      /* steps = steps + 1 */
    [19] = {ADD, 0},      [20] = {STORE, STEPS}, /* ... */
    [21] = {LOAD, X},     [22] = {IS_ODD, 0},    /* is x odd? */
    [23] = {JUMP_IF, 28}, [24] = {LOAD, X},      /* no: x = x / 2 */
    [25] = {HALVE, 0},    [26] = {STORE, X},     /* ... */
    [27] = {JUMP, 4},     [28] = {LOAD, X},      /* yes: x = 3 * x + 1 */
    [29] = {PUSH, 3},     [30] = {MULTIPLY, 0},  /* ... */
    [31] = {PUSH, 1},     [32] = {ADD, 0},       /* ... */
    [33] = {STORE, X},    [34] = {JUMP, 4},
};

void compute_setup(void)
{
}

static uint32_t interpret(const struct instruction *code)
{
    uint32_t variables[VARIABLES] = {0}, stack[STACK], *top = stack;

    for (const struct instruction *at = code;;) {
        struct instruction now = *at++;

        switch ((enum op)now.op) {
        case PUSH: *top++ = now.argument; break;
        case LOAD: *top++ = variables[now.argument]; break;
        case STORE: variables[now.argument] = *--top; break;
        case ADD: top--, top[-1] += top[0]; break;
        case MULTIPLY: top--, top[-1] *= top[0]; break;
        case HALVE: top[-1] >>= 1; break;
        case IS_ODD: top[-1] &= 1; break;
        case LESS: top--, top[-1] = top[-1] < top[0]; break;
        case JUMP: at = code + now.argument; break;
        case JUMP_IF: at = *--top ? code + now.argument : at; break;
        case HALT: return variables[STEPS];
        }
    }
}

uint32_t compute_once(void)
{
    return interpret(program);
}
