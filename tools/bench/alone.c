/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alone.c - runs a compute guest's user program directly on an engine; its few system calls are
 * served here. This is the baseline for the cost of virtualisation.
 */
#include "tools/bench/alone.h"

#include <stdio.h>
#include <string.h>

#include "isa/sv32.h"
#include "tools/bench/flat.h"

#define STEP 20000000u /* instructions between looks at the clock */

/* As guestos/bench/runtime/calls.h and bench.ld have them. */
enum bench_call { CALL_MARK = 1, CALL_RESULT = 2, CALL_EXIT = 4, CALL_MAP = 11 };
enum { MARK_RUN = 1, MARK_END = 2 };
#define KERNEL_BASE 0xc0000000u
#define USER_BASE 0x10000u /* where the program's code and its entry are */
#define STACK_TOP 0x80000000u
#define STACK_SIZE 16384u

enum { REG_SP = 2, REG_A0 = 10, REG_A1 = 11, REG_A7 = 17, ECALL_SIZE = 4 };

struct alone {
    struct bench_flat flat;
    uint32_t root;
    struct hart hart;
    struct bench_marks *marks;
    bool ended;
};

static enum pz_err no_memory(struct problem *problem)
{
    return problem_set(problem, PZ_HOST, "the program does not fit an engine by itself");
}

static enum pz_err load(struct alone *alone, const struct elf *elf, struct problem *problem)
{
    alone->root = bench_flat_root(&alone->flat);
    for (unsigned i = 0; i < elf->count; i++) {
        const struct elf_segment *segment = &elf->segments[i];
        bool entry = segment->va == USER_BASE;
        uint8_t *memory;

        if (segment->va >= KERNEL_BASE)
            continue;
        memory = bench_flat_map(&alone->flat, alone->root, segment->va, segment->size,
                                entry ? PTE_R | PTE_X : PTE_R | PTE_W);
        if (!memory)
            return no_memory(problem);
        memcpy(memory, segment->bytes, segment->len);
    }
    hart_reset(&alone->hart, USER_BASE);
    if (!bench_flat_map(&alone->flat, alone->root, STACK_TOP - STACK_SIZE, STACK_SIZE,
                        PTE_R | PTE_W))
        return no_memory(problem);
    alone->hart.mode = HART_USER;
    alone->hart.x[REG_SP] = STACK_TOP;
    return PZ_OK;
}

static void say(struct alone *alone, const char *text)
{
    bench_marks_put(alone->marks, text, strlen(text), machine_clock(NULL));
}

static void say_mark(struct alone *alone, uint32_t mark)
{
    say(alone, mark == MARK_RUN ? "@run\n" : mark == MARK_END ? "@end\n" : "");
}

static void say_result(struct alone *alone, uint32_t result)
{
    char line[32];

    snprintf(line, sizeof line, "alone: result %08x\n", result);
    say(alone, line);
}

static enum pz_err serve(struct alone *alone, struct problem *problem)
{
    uint32_t *x = alone->hart.x;

    alone->hart.pc += ECALL_SIZE;
    switch (x[REG_A7]) {
    case CALL_MARK: say_mark(alone, x[REG_A0]); return PZ_OK;
    case CALL_RESULT: say_result(alone, x[REG_A0]); return PZ_OK;
    case CALL_EXIT: alone->ended = true; return PZ_OK;
    case CALL_MAP:
        if (bench_flat_map(&alone->flat, alone->root, x[REG_A0], x[REG_A1] * PAGE_SIZE,
                           PTE_R | PTE_W))
            return PZ_OK;
        return no_memory(problem);
    default:
        return problem_set(problem, PZ_FAILED, "the program makes system call %u", x[REG_A7]);
    }
}

static enum pz_err run_on(struct alone *alone, struct problem *problem)
{
    uint64_t start = machine_clock(NULL);
    struct engine_exit exit;

    while (!alone->ended) {
        enum pz_err err = PZ_OK;

        engine_run(alone->flat.engine.engine, &alone->hart, STEP, &exit);
        if (exit.stop == ENGINE_TRAP && exit.trap.cause == CAUSE_ECALL_USER)
            err = serve(alone, problem);
        else if (exit.stop == ENGINE_TRAP)
            err = problem_set(problem, PZ_FAILED, "the program trapped: %s at 0x%x",
                              trace_cause_name(exit.trap.cause), alone->hart.pc);
        else if (machine_clock(NULL) - start > BENCH_RUN_MOST_NS)
            err = problem_set(problem, PZ_FAILED, "the program did not end in time");
        if (err)
            return err;
    }
    return PZ_OK;
}

enum pz_err bench_alone_run(const struct bench_system *system, const struct bench_order *order,
                            struct bench_run *run, struct problem *problem)
{
    struct alone alone = {.marks = &run->marks};
    enum pz_err err = bench_flat_open(&alone.flat, system->engine, problem);

    if (!err)
        err = load(&alone, &order->guest->elf, problem);
    if (!err) {
        alone.hart.x[REG_A0] = load_le32(order->guest->file.bytes + order->guest->at);
        run->marks.hart = &alone.hart;
        bench_flat_enter(&alone.flat, alone.root);
        err = run_on(&alone, problem);
    }
    bench_flat_close(&alone.flat);
    run->marks.hart = NULL;
    return err;
}
