/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shrink.c - shrinks a failing program by removing one thing after another while it still
 * fails, and prints the rest.
 */
#include "isa/insn.h"
#include "tests/support/compare.h"
#include "tools/show/disasm.h"

#define NOP 0x00000013u
#define C_NOP 0x0001u

/* On engines that have seen nothing else. */
static bool fails(const struct comparison *like, const struct program *program, unsigned *run)
{
    struct comparison comparison;
    bool same;

    comparison_open(&comparison, like->sides[0].maker, like->sides[1].maker);
    same = comparison_run(&comparison, program);
    *run = comparison.failed_run;
    comparison_close(&comparison);
    return !same;
}

/* Keep the change if the program fails with it too. */
static bool keep_if_failing(const struct comparison *like, struct program *program,
                            const struct program *changed)
{
    unsigned run;

    if (!fails(like, changed, &run))
        return false;
    *program = *changed;
    program->run_count = run + 1;
    return true;
}

/* A sequence that rewrites code goes as a whole: without its FENCE.I it would prove nothing. */
static void blank(struct program *program, unsigned item)
{
    uint8_t group = program->items[item].group;

    for (unsigned i = 0; i < program->count; i++)
        if (i == item || (group && program->items[i].group == group))
            program->items[i] = (struct item){
                .raw = insn_is_wide(program->items[i].raw) ? NOP : C_NOP, .target = -1};
}

static bool is_blank(const struct item *item)
{
    return item->raw == NOP || item->raw == C_NOP;
}

static bool shrink_items(const struct comparison *like, struct program *program)
{
    bool changed = false;

    for (unsigned i = 0; i < program->count; i++) {
        struct program with = *program;

        if (is_blank(&program->items[i]))
            continue;
        blank(&with, i);
        changed |= keep_if_failing(like, program, &with);
    }
    return changed;
}

static bool shrink_runs(const struct comparison *like, struct program *program)
{
    bool changed = false;

    for (unsigned i = 0; i < program->run_count; i++) {
        struct program with = *program;

        if (program->runs[i].event != EVENT_NONE) {
            with.runs[i].event = EVENT_NONE;
            changed |= keep_if_failing(like, program, &with);
        }
        with = *program;
        with.run_count--;
        memmove(&with.runs[i], &with.runs[i + 1], (PROGRAM_RUNS - i - 1) * sizeof with.runs[0]);
        changed |= with.run_count && keep_if_failing(like, program, &with);
    }
    return changed;
}

static bool shrink_registers(const struct comparison *like, struct program *program)
{
    bool changed = false;

    for (unsigned i = 1; i < 32; i++) {
        struct program with = *program;

        if (program->x[i] == 0)
            continue;
        with.x[i] = 0;
        changed |= keep_if_failing(like, program, &with);
    }
    return changed;
}

bool comparison_shrink(const struct comparison *comparison, struct program *program)
{
    unsigned run;
    bool changed;

    if (!fails(comparison, program, &run))
        return false;
    program->run_count = run + 1;
    do {
        changed = shrink_items(comparison, program);
        changed |= shrink_runs(comparison, program);
        changed |= shrink_registers(comparison, program);
    } while (changed);
    return true;
}

static void print_items(const struct program *program, FILE *to)
{
    struct disasm disasm;
    char text[DISASM_TEXT];

    disasm_open(&disasm, false);
    for (unsigned i = 0; i < program->count; i++) {
        uint32_t bits = program_bits(program, i), va = program_address(program, i);

        if (is_blank(&program->items[i]))
            continue;
        disasm_text(&disasm, bits, va, text, sizeof text);
        fprintf(to, "  %3u  %08x  %0*x%*s  %s\n", i, va, insn_is_wide(bits) ? 8 : 4, bits,
                insn_is_wide(bits) ? 0 : 4, "", text);
    }
    disasm_close(&disasm);
}

static void print_pages(const struct program *program, FILE *to)
{
    for (unsigned i = 0; i < CODE_PAGES; i++)
        fprintf(to, "  code %08x -> %06x  %03x%s\n", program->code_pages + i * PAGE_SIZE,
                program->code_pa[i], program->code_flags[i],
                program->code_in_super ? " (superpage)" : "");
    for (unsigned i = 0; i < PROGRAM_PAGES; i++)
        fprintf(to, "  data %08x -> %06x  %03x\n", program->data_va + i * PAGE_SIZE,
                program->data_pa[i], program->data_flags[i]);
}

void program_print(const struct program *program, FILE *to)
{
    static const char *const events[] = {"",      "other root", "narrow",
                                         "widen", "poke",       "drop all"};

    static const char *const worlds[] = {"deprivileged", "user mode", "supervisor mode",
                                         "in place"};

    fprintf(to, "seed %llu; %s, sstatus %#x; instructions (those that are no NOP):\n",
            (unsigned long long)program->seed, worlds[program->world], program->sstatus);
    print_items(program, to);
    fprintf(to, "registers that are not 0:\n");
    for (unsigned i = 1; i < 32; i++)
        if (program->x[i])
            fprintf(to, "  x%u = %#x\n", i, program->x[i]);
    fprintf(to, "pages (with their flags; alias %#x, superpage %#x):\n", program->alias_va,
            program->super_va);
    print_pages(program, to);
    fprintf(to, "runs:\n");
    for (unsigned i = 0; i < program->run_count; i++)
        fprintf(to, "  %s %u %#x; budget %u; after a trap go on at %u\n",
                events[program->runs[i].event], program->runs[i].page, program->runs[i].value,
                program->runs[i].budget, program->runs[i].resume % program->count);
}
