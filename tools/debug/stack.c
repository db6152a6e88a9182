/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stack.c - call stacks: from frame to frame by the program's debug information, or else by
 * analysing its prologue; and from a kernel's trap handler to the code that the trap
 * interrupted, which the log of exits knows for any kernel. A stack may hold anything, so each
 * walk only goes up, and is short.
 */
#include <inttypes.h>

#include "isa/decode.h"
#include "tools/debug/arguments.h"
#include "tools/debug/commands.h"
#include "tools/debug/memory.h"
#include "tools/debug/run.h"
#include "tools/debug/say.h"
#include "tools/debug/source.h"

#define FRAMES_MOST 32u /* of one stack */
#define PROLOGUE_MOST 64u

enum { RA = 1, SP = 2, S0 = 8 };

/* A frame: where the program is in it, and the registers by which its caller is found. */
struct stack_frame {
    unsigned mode;
    uint32_t satp, pc, sp, ra, s0;
    bool called; /* pc is a return address */
};

struct stack {
    struct debug *debug;
    json_t *frames, *rows;
    unsigned number;
    uint64_t most; /* frames that are wanted */
};

static bool read_word(const struct stack *stack, const struct stack_frame *frame, uint32_t at,
                      uint32_t *word)
{
    return debug_read_gva(debug_vm(stack->debug), frame->satp, at, word, sizeof *word);
}

/* The address to look up: the call, not the instruction after it. */
static uint32_t place_of(const struct stack_frame *frame)
{
    return frame->called ? frame->pc - 1 : frame->pc;
}

/* ---- By debug information ---- */

static bool restore(const struct stack *stack, const struct stack_frame *frame, uint32_t cfa,
                    int32_t slot, uint32_t *value)
{
    return slot == LINES_SAME || read_word(stack, frame, cfa + (uint32_t)slot, value);
}

static bool by_table(const struct stack *stack, struct stack_frame *frame,
                     const struct lines_frame *row)
{
    struct stack_frame caller = *frame;

    if (row->cfa_reg != SP && row->cfa_reg != S0)
        return false;
    caller.sp = (row->cfa_reg == SP ? frame->sp : frame->s0) + (uint32_t)row->cfa;
    if (!restore(stack, frame, caller.sp, row->ra, &caller.ra) ||
        !restore(stack, frame, caller.sp, row->s0, &caller.s0) ||
        (row->ra == LINES_SAME && frame->called))
        return false;
    *frame = caller;
    return true;
}

/* ---- By the prologue ---- */

/* What a function's prologue has done by the time that it is at `pc`. */
struct prologue {
    int32_t size;    /* of the stack frame */
    int32_t ra_slot; /* where ra is in it; -1: still in the register */
};

static bool fetch(const struct stack *stack, const struct stack_frame *frame, uint32_t at,
                  uint32_t *raw)
{
    uint16_t low, high = 0;
    struct vm *vm = debug_vm(stack->debug);

    if (!debug_read_gva(vm, frame->satp, at, &low, sizeof low) ||
        (insn_is_wide(low) && !debug_read_gva(vm, frame->satp, at + 2, &high, sizeof high)))
        return false;
    *raw = (uint32_t)high << 16 | low;
    return true;
}

/* "addi sp, sp, -N" and "sw ra, M(sp)". */
static struct prologue prologue_of(const struct stack *stack, const struct stack_frame *frame,
                                   uint32_t start)
{
    struct prologue prologue = {0, -1};
    uint32_t at = start, raw;

    for (unsigned i = 0; i < PROLOGUE_MOST && at < frame->pc && fetch(stack, frame, at, &raw);
         i++) {
        struct insn insn = decode_insn(raw);

        if (insn.id == INSN_addi && insn.rd == SP && insn.rs1 == SP && insn.imm < 0 &&
            !prologue.size)
            prologue.size = -insn.imm;
        if (insn.id == INSN_sw && insn.rs1 == SP && insn.rs2 == RA && prologue.ra_slot < 0)
            prologue.ra_slot = insn.imm;
        at += insn.len;
    }
    return prologue;
}

static bool by_prologue(const struct stack *stack, struct stack_frame *frame)
{
    const struct symbols *symbols =
        debug_source_symbols(stack->debug, stack->debug->vm, frame->mode);
    struct prologue prologue;
    uint32_t offset;

    if (!symbols_find(symbols, place_of(frame), &offset))
        return false;
    prologue = prologue_of(stack, frame, place_of(frame) - offset);
    if (prologue.ra_slot < 0 && frame->called)
        return false;
    if (prologue.ra_slot >= 0 &&
        !read_word(stack, frame, frame->sp + (uint32_t)prologue.ra_slot, &frame->ra))
        return false;
    frame->sp += (uint32_t)prologue.size;
    return true;
}

/* ---- Walking ---- */

static void say_frame(struct stack *stack, const struct stack_frame *frame)
{
    struct debug *debug = stack->debug;
    json_t *row = json_object();
    char name[DEBUG_NAME], line[DEBUG_LINE];
    uint32_t place = place_of(frame);

    (void)debug_name(debug, debug->vm, frame->mode, frame->pc, name);
    fprintf(debug->out, "#%-2u 0x%08" PRIx32 "%s%s\n", stack->number++, frame->pc, name,
            debug_line(debug, debug->vm, frame->mode, place, line));
    (void)json_array_append_new(stack->frames, json_integer(frame->pc));
    json_put_number(row, "pc", frame->pc);
    json_put_number(row, "sp", frame->sp);
    json_put_text(row, "mode", debug_mode(frame->mode));
    json_put_text(row, "symbol", name[0] ? name + 1 : "");
    debug_json_line(debug, row, debug->vm, frame->mode, place);
    (void)json_array_append_new(stack->rows, row);
}

/*
 * Is this the code that every trap enters? Its caller is what the trap interrupted, which is not
 * found by its stack frame.
 */
static bool is_entry(const struct stack *stack, const struct stack_frame *frame)
{
    const struct debug *debug = stack->debug;
    const struct symbols *symbols = debug_source_symbols(debug, debug->vm, frame->mode);
    uint32_t here, there, vector = debug_hart(debug)->stvec & ~3u;
    const char *name = symbols_find(symbols, place_of(frame), &here);

    return frame->mode == HART_SUPERVISOR && name &&
           name == symbols_find(symbols, vector, &there);
}

/*
 * A function that calls itself needs more stack: with the same, ra is where a call that is long
 * over came back to, as in what follows the trap handler's call in assembly.
 */
static bool is_left_over(const struct stack *stack, const struct stack_frame *frame,
                         const struct stack_frame *from)
{
    const struct debug *debug = stack->debug;
    const struct symbols *symbols = debug_source_symbols(debug, debug->vm, frame->mode);
    uint32_t here, there;
    const char *name = symbols_find(symbols, place_of(frame), &here);

    return frame->sp == from->sp &&
           (frame->pc == from->pc ||
            (name && name == symbols_find(symbols, place_of(from), &there)));
}

/* Moves to the caller. False: none is known. */
static bool go_up(const struct stack *stack, struct stack_frame *frame)
{
    const struct lines *lines = debug_source_lines(stack->debug, stack->debug->vm, frame->mode);
    const struct lines_frame *row = lines_frame_at(lines, place_of(frame));
    struct stack_frame from = *frame;

    if (is_entry(stack, frame) ||
        !(row ? by_table(stack, frame, row) : by_prologue(stack, frame)))
        return false;
    frame->pc = frame->ra;
    frame->called = true;
    return frame->pc && frame->sp >= from.sp && !(frame->sp == from.sp && from.called) &&
           !is_left_over(stack, frame, &from);
}

static void walk(struct stack *stack, struct stack_frame frame)
{
    unsigned left = FRAMES_MOST;

    do
        say_frame(stack, &frame);
    while (stack->number < stack->most && --left && go_up(stack, &frame));
    if (!left)
        fprintf(stack->debug->out, "    (and so on: %u frames are shown)\n", FRAMES_MOST);
}

static void say_trap(struct stack *stack, const struct debug_exit *trap)
{
    json_t *row = json_object();

    fprintf(stack->debug->out, "--- trapped in %s mode: %s\n", debug_mode(trap->event.mode),
            trace_cause_name(trap->event.cause));
    json_put_text(row, "trap", trace_cause_name(trap->event.cause));
    (void)json_array_append_new(stack->rows, row);
}

/* Frames of what is running, then of what each trap has interrupted. */
enum pz_err debug_backtrace(struct debug *debug, const char *words, struct problem *problem)
{
    const struct hart *hart = debug_hart(debug);
    struct stack stack = {.debug = debug, .most = UINT64_MAX};
    struct debug_traps traps;

    enum pz_err err = *words ? debug_count(debug, words, &stack.most, problem) : PZ_OK;

    if (err)
        return err;
    stack.frames = json_array();
    stack.rows = json_array();
    walk(&stack, (struct stack_frame){hart->mode, hart->satp, hart->pc, hart->x[SP],
                                      hart->x[RA], hart->x[S0], false});
    debug_open_traps(debug, &traps);
    for (unsigned i = traps.count; i-- > 0 && stack.number < stack.most;) {
        const struct debug_exit *trap = traps.at[i];

        say_trap(&stack, trap);
        walk(&stack, (struct stack_frame){trap->event.mode, trap->satp, trap->event.pc,
                                          trap->sp, trap->ra, trap->s0, false});
        if (trap->event.mode == HART_USER)
            break;
    }
    json_put(debug->data, "frames", stack.frames);
    json_put(debug->data, "stack", stack.rows);
    return PZ_OK;
}
