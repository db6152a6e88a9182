/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench.c - runs one instruction from one state. The instruction is the last word of its page,
 * so that an engine that translates blocks translates it alone; between runs the engine drops
 * all translations, and memory is restored.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "isa/decode.h"
#include "tools/classify/classify.h"

#define PROBE_RD 5
#define PROBE_RS1 6
#define OLD_BYTE 0 /* what is not found is not new */
#define EXIT_INSNS 1000u

bool classify_bench_init(struct classify_bench *bench, struct engine *engine, uint8_t *ram,
                         bool assist)
{
    const struct engine_space native = {.deprivileged = false};

    *bench = (struct classify_bench){.engine = engine, .ram = ram, .assist = assist};
    bench->size = assist ? CLASSIFY_ASSIST_RAM : CLASSIFY_RAM;
    bench->image = calloc(1, bench->size);
    if (!bench->image)
        return false;
    classify_image(bench->image);
    if (assist)
        classify_assist_init(bench);
    memcpy(ram, bench->image, bench->size);
    engine_set_space(engine, &native);
    engine_code_changed(engine, 0, bench->size);
    return true;
}

static uint32_t device_status(void *owner)
{
    return ((const struct classify_bench *)owner)->device;
}

void classify_bench_break(struct classify_bench *bench, uint32_t variants)
{
    bench->variant = (struct variant_cpu){.set = variants,
                                          .device = device_status,
                                          .owner = bench,
                                          .exits = &bench->exits,
                                          .exit_insns = EXIT_INSNS};
    bench->engine->variant = variants ? &bench->variant : NULL;
}

void classify_bench_fini(struct classify_bench *bench)
{
    free(bench->image);
}

/* 2^32 cycles at 1 GHz, which we take to be the slowest clock of any host. */
#define WAIT_NS 4300000000ull
#define NS_PER_S 1000000000ull

void classify_sleep(void)
{
    struct timespec left = {.tv_sec = WAIT_NS / NS_PER_S, .tv_nsec = WAIT_NS % NS_PER_S};

    while (nanosleep(&left, &left))
        ;
}

void classify_wait(struct classify_bench *bench)
{
    if (bench->sleep)
        bench->sleep();
    else
        classify_sleep();
}

/* ---- Before a run ---- */

/* The instruction goes into the image too: it is part of what memory is before the run. */
static void poke(struct classify_bench *bench, uint32_t pa, uint32_t bits)
{
    if (load_le32(bench->ram + pa) == bits)
        return;
    store_le32(bench->ram + pa, bits);
    store_le32(bench->image + pa, bits);
    engine_code_changed(bench->engine, pa, 4);
}

/* LHU t0, 0(t1); or LBU, if LHU is the instruction under test. */
static uint32_t probe_insn(const struct classify_state *state)
{
    bool same = decode_insn(state->insn).id == INSN_lhu;

    return insn_desc(same ? INSN_lbu : INSN_lhu)->match | PROBE_RD << 7 | PROBE_RS1 << 15;
}

static void put_tables(struct classify_bench *bench, const struct classify_state *state)
{
    enum classify_place place = (enum classify_place)state->place;
    uint32_t leaf = classify_memory(state) + classify_pte_pa(place, 0);

    if (place == CLASSIFY_BARE)
        return;
    classify_tables(bench->image + classify_memory(state), place,
                    (enum hart_mode)state->hart.mode);
    memcpy(bench->ram + leaf, bench->image + leaf, PAGE_SIZE);
}

static void put(struct classify_bench *bench, const struct classify_state *state)
{
    uint32_t base = classify_memory(state) + classify_base((enum classify_place)state->place);

    if (bench->assist)
        classify_assist_put(bench, state);
    put_tables(bench, state);
    poke(bench, base + CLASSIFY_PC, state->insn);
    poke(bench, base + CLASSIFY_PROBE_PC, probe_insn(state));
    bench->device = state->device;
    engine_drop_all(bench->engine);
}

/* ---- After it ---- */

/*
 * Is a byte the program's? Then `*at` is its address there: virtual; with assistance, guest-
 * physical.
 */
static bool is_own(const struct classify_state *state, uint32_t pa, uint32_t *at)
{
    uint32_t from = state->place == CLASSIFY_BARE ? 0 : CLASSIFY_CODE; /* untranslated: all */

    if (state->world != CLASSIFY_NATIVE) {
        *at = pa - classify_memory(state);
        return *at < CLASSIFY_GUEST_RAM;
    }
    *at = pa - classify_base((enum classify_place)state->place);
    return *at >= from && *at < CLASSIFY_PROBE + 2 * PAGE_SIZE;
}

static void note_change(const struct classify_bench *bench, const struct classify_state *state,
                        uint32_t pa, struct classify_outcome *outcome)
{
    uint32_t at;
    bool own = is_own(state, pa, &at);

    if (outcome->change_count < CLASSIFY_CHANGES)
        outcome->changes[outcome->change_count] = (struct classify_change){
            .at = own ? at : pa, .value = bench->ram[pa], .elsewhere = !own};
    outcome->change_count++;
}

/* Note the memory that is not as in the image, and restore it. */
static void take_memory(struct classify_bench *bench, const struct classify_state *state,
                        struct classify_outcome *outcome)
{
    for (uint32_t page = 0; page < bench->size; page += PAGE_SIZE) {
        if (!memcmp(bench->ram + page, bench->image + page, PAGE_SIZE))
            continue;
        for (uint32_t pa = page; pa < page + PAGE_SIZE; pa++)
            if (bench->ram[pa] != bench->image[pa])
                note_change(bench, state, pa, outcome);
        memcpy(bench->ram + page, bench->image + page, PAGE_SIZE);
        engine_code_changed(bench->engine, page, PAGE_SIZE);
    }
}

/* A trap that the program takes itself; the engine ends its run then. */
static bool deliver(void *owner, struct hart *hart, const struct trap *trap)
{
    struct classify_outcome *outcome = owner;

    hart_trap(hart, trap);
    outcome->trapped = outcome->delivered = true;
    outcome->trap = *trap;
    return false;
}

/* Run one instruction, from where the outcome's hart is. */
static void step(struct classify_bench *bench, enum classify_world world,
                 struct classify_outcome *outcome)
{
    struct engine_exit exit;

    bench->runs++;
    bench->engine->inside = (struct engine_inside){deliver, outcome};
    engine_run(bench->engine, &outcome->hart, 1, &exit);
    outcome->waits = exit.stop == ENGINE_EVENT && exit.event == EXEC_WFI;
    if (exit.stop != ENGINE_TRAP)
        return;
    outcome->trapped = true;
    outcome->trap = exit.trap;
    if (world == CLASSIFY_ROOT && exit.trap.cause != CAUSE_ECALL_SUPERVISOR)
        (void)deliver(outcome, &outcome->hart, &exit.trap);
}

void classify_run(struct classify_bench *bench, const struct classify_state *state,
                  struct classify_outcome *outcome)
{
    *outcome = (struct classify_outcome){.hart = state->hart};
    put(bench, state);
    step(bench, (enum classify_world)state->world, outcome);
    take_memory(bench, state, outcome);
}

/* ---- Stale translations ---- */

/* Load through the entry for CLASSIFY_PROBE; nothing else of the hart is touched. */
static uint32_t probe(struct classify_bench *bench, const struct hart *hart)
{
    struct hart prober = *hart;
    struct engine_exit exit;

    prober.pc = CLASSIFY_PROBE_PC;
    prober.x[PROBE_RD] = 0;
    prober.x[PROBE_RS1] = CLASSIFY_PROBE;
    engine_run(bench->engine, &prober, 1, &exit);
    return exit.stop == ENGINE_TRAP ? OLD_BYTE : prober.x[PROBE_RD];
}

/* Changes the entry to map the next page, without notifying anything that caches it. */
static void move_entry(struct classify_bench *bench, const struct classify_state *state)
{
    uint32_t at = classify_pte_pa((enum classify_place)state->place, CLASSIFY_PROBE);
    uint32_t pte = load_le32(bench->ram + at) + PTE_MAKE(1, 0);

    store_le32(bench->ram + at, pte);
    store_le32(bench->image + at, pte);
}

/* Was the probe's value loaded from the new page? The two pages differ in their first byte. */
static bool is_moved(const struct classify_bench *bench, const struct classify_state *state,
                     uint32_t loaded)
{
    uint32_t base = classify_base((enum classify_place)state->place);

    return (uint8_t)loaded == bench->image[base + CLASSIFY_PROBE + PAGE_SIZE];
}

void classify_run_stale(struct classify_bench *bench, const struct classify_state *state,
                        struct classify_outcome *outcome)
{
    bool held;

    *outcome = (struct classify_outcome){.hart = state->hart};
    put(bench, state);
    (void)probe(bench, &state->hart);
    move_entry(bench, state);
    held = !is_moved(bench, state, probe(bench, &state->hart));
    step(bench, CLASSIFY_NATIVE, outcome);
    if (held && !outcome->trapped)
        outcome->fenced = is_moved(bench, state, probe(bench, &outcome->hart));
    take_memory(bench, state, outcome);
}

enum classify_stop classify_stopped(const struct classify_outcome *outcome)
{
    if (!outcome->trapped)
        return CLASSIFY_RAN;
    if (outcome->delivered)
        return CLASSIFY_TOOK;
    switch (outcome->trap.cause) {
    case CAUSE_ILLEGAL_INSN:
    case CAUSE_VIRTUAL_INSN: return CLASSIFY_REFUSED;
    case CAUSE_BREAKPOINT:
    case CAUSE_ECALL_USER:
    case CAUSE_ECALL_SUPERVISOR:
    case CAUSE_ECALL_VIRTUAL: return CLASSIFY_CALLED;
    default: return CLASSIFY_MEMORY_TRAP;
    }
}

bool classify_is_illegal(const struct classify_outcome *outcome)
{
    return classify_stopped(outcome) == CLASSIFY_REFUSED ||
           (outcome->delivered && outcome->trap.cause == CAUSE_ILLEGAL_INSN);
}
