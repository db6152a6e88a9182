/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stack.c - call stacks: from frame to frame by the program's debug information, or else by
 * analysing the function's prologue; and from a kernel's trap handler to the interrupted code,
 * which the log of exits knows for any kernel. A stack may hold anything, so each walk only goes
 * up, and is short.
 */
#include "tools/debug/stack.h"

#include <inttypes.h>
#include <string.h>

#include "isa/decode.h"
#include "tools/debug/arguments.h"
#include "tools/debug/commands.h"
#include "tools/debug/memory.h"
#include "tools/debug/run.h"
#include "tools/debug/say.h"
#include "tools/debug/source.h"

#define FRAMES_MOST 32u /* of one stack */
#define PROLOGUE_MOST 64u

enum { RA = 1, SP = 2, GP = 3, TP = 4, S0 = 8 };

struct stack {
    struct debug *debug;
    json_t *frames, *rows;
    unsigned number;
    uint64_t most;              /* how many frames to walk */
    struct debug_frame *wanted; /* if not NULL, gets the last of them, and none is shown */
    bool found;
};

static bool read_word(const struct stack *stack, const struct debug_frame *frame, uint32_t at,
                      uint32_t *word)
{
    return debug_read(stack->debug, frame->satp, at, word, sizeof *word);
}

/* ---- By debug information ---- */

bool debug_frame_cfa(const struct debug *debug, const struct debug_frame *frame, uint32_t *cfa)
{
    const struct lines_frame *row =
        lines_frame_at(debug_source_lines(debug, debug_self(debug), frame->mode), frame->place);

    if (!row || !(frame->known >> row->cfa_reg & 1))
        return false;
    *cfa = frame->x[row->cfa_reg] + (uint32_t)row->cfa;
    return true;
}

/* The caller's registers: those that the function saved, and those that no function changes. */
static bool restore(const struct stack *stack, struct debug_frame *caller,
                    const struct lines_frame *row, uint32_t cfa)
{
    const uint32_t kept = 1u << GP | 1u << TP | 1;
    uint32_t known = (caller->known & kept) | 1u << SP;

    for (unsigned i = 0; i < LINES_SAVED; i++) {
        unsigned reg = lines_saved[i];

        if (row->saved[i] != LINES_SAME &&
            !read_word(stack, caller, cfa + (uint32_t)row->saved[i], &caller->x[reg]))
            return false;
        if (row->saved[i] != LINES_SAME || (caller->known >> reg & 1))
            known |= 1u << reg;
    }
    caller->known = known;
    caller->x[SP] = cfa;
    return true;
}

static bool by_table(const struct stack *stack, struct debug_frame *frame,
                     const struct lines_frame *row)
{
    struct debug_frame caller = *frame;

    if ((row->cfa_reg != SP && row->cfa_reg != S0) ||
        (row->saved[0] == LINES_SAME && frame->called) ||
        !restore(stack, &caller, row, frame->x[row->cfa_reg] + (uint32_t)row->cfa))
        return false;
    *frame = caller;
    return true;
}

/* ---- By the prologue ---- */

/* What a function's prologue has done before `pc`. */
struct prologue {
    int32_t size;    /* of the stack frame */
    int32_t ra_slot; /* where ra is in it; -1: still in the register */
};

static bool fetch(const struct stack *stack, const struct debug_frame *frame, uint32_t at,
                  uint32_t *raw)
{
    uint16_t low, high = 0;

    if (!debug_read(stack->debug, frame->satp, at, &low, sizeof low) ||
        (insn_is_wide(low) &&
         !debug_read(stack->debug, frame->satp, at + 2, &high, sizeof high)))
        return false;
    *raw = (uint32_t)high << 16 | low;
    return true;
}

/* "addi sp, sp, -N" and "sw ra, M(sp)". */
static struct prologue prologue_of(const struct stack *stack, const struct debug_frame *frame,
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

static bool by_prologue(const struct stack *stack, struct debug_frame *frame)
{
    const struct symbols *symbols =
        debug_source_symbols(stack->debug, debug_self(stack->debug), frame->mode);
    struct prologue prologue;
    uint32_t offset;

    if (!symbols_find(symbols, frame->place, &offset))
        return false;
    prologue = prologue_of(stack, frame, frame->place - offset);
    if (prologue.ra_slot < 0 && frame->called)
        return false;
    if (prologue.ra_slot >= 0 &&
        !read_word(stack, frame, frame->x[SP] + (uint32_t)prologue.ra_slot, &frame->x[RA]))
        return false;
    frame->x[SP] += (uint32_t)prologue.size;
    frame->known = 1u << SP | 1u << RA | 1;
    return true;
}

/* ---- Walking ---- */

static void say_frame(struct stack *stack, const struct debug_frame *frame)
{
    struct debug *debug = stack->debug;
    json_t *row = json_object();
    char name[DEBUG_NAME], line[DEBUG_LINE];
    uint32_t place = frame->place;

    (void)debug_name(debug, debug_self(debug), frame->mode, frame->pc, name);
    fprintf(debug->out, "#%-2u 0x%08" PRIx32 "%s%s\n", stack->number++, frame->pc, name,
            debug_line(debug, debug_self(debug), frame->mode, place, line));
    (void)json_array_append_new(stack->frames, json_integer(frame->pc));
    json_put_number(row, "pc", frame->pc);
    json_put_number(row, "sp", frame->x[SP]);
    json_put_text(row, "mode", debug_mode(frame->mode));
    json_put_text(row, "symbol", name[0] ? name + 1 : "");
    debug_json_line(debug, row, debug_self(debug), frame->mode, place);
    (void)json_array_append_new(stack->rows, row);
}

/*
 * Is this the code that every trap enters? Its caller is what the trap interrupted, which is not
 * found by its stack frame.
 */
static bool is_entry(const struct stack *stack, const struct debug_frame *frame)
{
    const struct debug *debug = stack->debug;
    const struct symbols *symbols = debug_source_symbols(debug, debug_self(debug), frame->mode);
    uint32_t here, there, vector = debug_hart(debug)->stvec & ~3u;
    const char *name = symbols_find(symbols, frame->place, &here);

    return frame->mode == HART_SUPERVISOR && name &&
           name == symbols_find(symbols, vector, &there);
}

/*
 * A recursive call needs more stack. If sp is the same, ra is left over from an earlier call, as in
 * the assembly after the call of a trap handler.
 */
static bool is_left_over(const struct stack *stack, const struct debug_frame *frame,
                         const struct debug_frame *from)
{
    const struct debug *debug = stack->debug;
    const struct symbols *symbols = debug_source_symbols(debug, debug_self(debug), frame->mode);
    uint32_t here, there;
    const char *name = symbols_find(symbols, frame->place, &here);

    return frame->x[SP] == from->x[SP] &&
           (frame->pc == from->pc ||
            (name && name == symbols_find(symbols, from->place, &there)));
}

/* Moves to the caller. False: none is known. */
static bool go_up(const struct stack *stack, struct debug_frame *frame)
{
    const struct lines *lines =
        debug_source_lines(stack->debug, debug_self(stack->debug), frame->mode);
    const struct lines_frame *row = lines_frame_at(lines, frame->place);
    struct debug_frame from = *frame;

    if (is_entry(stack, frame) ||
        !(row ? by_table(stack, frame, row) : by_prologue(stack, frame)))
        return false;
    frame->pc = frame->x[RA];
    frame->called = true;
    frame->place = frame->pc - 1;
    return frame->pc && frame->x[SP] >= from.x[SP] &&
           !(frame->x[SP] == from.x[SP] && from.called) && !is_left_over(stack, frame, &from);
}

static void meet(struct stack *stack, const struct debug_frame *frame)
{
    if (!stack->wanted) {
        say_frame(stack, frame);
        return;
    }
    stack->found = ++stack->number == stack->most;
    *stack->wanted = *frame;
}

static void walk(struct stack *stack, struct debug_frame frame)
{
    unsigned left = FRAMES_MOST;

    do
        meet(stack, &frame);
    while (stack->number < stack->most && --left && go_up(stack, &frame));
    if (!left && !stack->wanted)
        fprintf(stack->debug->out, "    (and so on: %u frames are shown)\n", FRAMES_MOST);
}

static void say_trap(struct stack *stack, const struct debug_exit *trap)
{
    json_t *row;

    if (stack->wanted)
        return;
    row = json_object();
    fprintf(stack->debug->out, "--- trapped in %s mode: %s\n", debug_mode(trap->event.mode),
            trace_cause_name(trap->event.cause));
    json_put_text(row, "trap", trace_cause_name(trap->event.cause));
    (void)json_array_append_new(stack->rows, row);
}

static struct debug_frame innermost(const struct hart *hart)
{
    struct debug_frame frame = {.mode = hart->mode,
                                .satp = hart->satp,
                                .pc = hart->pc,
                                .place = hart->pc,
                                .known = UINT32_MAX};

    memcpy(frame.x, hart->x, sizeof frame.x);
    return frame;
}

/* What a trap has interrupted, as far as the log knows its registers. */
static struct debug_frame interrupted(const struct debug_exit *trap)
{
    struct debug_frame frame = {.mode = trap->event.mode,
                                .satp = trap->satp,
                                .pc = trap->event.pc,
                                .place = trap->event.pc,
                                .known = 1u << RA | 1u << SP | 1u << S0 | 1};

    frame.x[RA] = trap->ra;
    frame.x[SP] = trap->sp;
    frame.x[S0] = trap->s0;
    return frame;
}

/* Frames of what is running, then of what each trap has interrupted. */
static void walk_all(struct stack *stack)
{
    struct debug *debug = stack->debug;
    struct debug_traps traps;

    walk(stack, innermost(debug_hart(debug)));
    if (stack->number == stack->most || debug->level)
        return;
    debug_open_traps(debug, &traps);
    for (unsigned i = traps.count; i-- > 0 && stack->number < stack->most;) {
        say_trap(stack, traps.at[i]);
        walk(stack, interrupted(traps.at[i]));
        if (traps.at[i]->event.mode == HART_USER)
            break;
    }
}

enum pz_err debug_backtrace(struct debug *debug, const char *words, struct problem *problem)
{
    struct stack stack = {.debug = debug, .most = UINT64_MAX};
    enum pz_err err = *words ? debug_count(debug, words, &stack.most, problem) : PZ_OK;

    if (err)
        return err;
    stack.frames = json_array();
    stack.rows = json_array();
    walk_all(&stack);
    json_put(debug->data, "frames", stack.frames);
    json_put(debug->data, "stack", stack.rows);
    return PZ_OK;
}

bool debug_frame_find(struct debug *debug, unsigned number, struct debug_frame *frame)
{
    struct stack stack = {.debug = debug, .most = (uint64_t)number + 1, .wanted = frame};

    walk_all(&stack);
    return stack.found;
}

/* Selects a frame, and shows it as bt does. */
enum pz_err debug_select_frame(struct debug *debug, const char *words, struct problem *problem)
{
    struct stack stack = {.debug = debug};
    struct debug_frame frame;
    uint64_t number = debug->frame;
    enum pz_err err = *words ? debug_evaluate(debug, words, &number, problem) : PZ_OK;

    if (err)
        return err;
    if (number >= UINT32_MAX || !debug_frame_find(debug, (unsigned)number, &frame))
        return problem_set(problem, PZ_USAGE, "there is no frame %" PRIu64 " (bt lists them)",
                           number);
    debug->frame = stack.number = (unsigned)number;
    stack.frames = json_array();
    stack.rows = json_array();
    say_frame(&stack, &frame);
    json_put(debug->data, "stack", stack.rows);
    json_decref(stack.frames);
    json_put_number(debug->data, "frame", number);
    return PZ_OK;
}
