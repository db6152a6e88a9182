/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * program.c - the surroundings of a random program: its address spaces, registers, runs, and the
 * way into RAM. Its instructions are made in program_insns.c.
 *
 *   physical      frames 0..31   page tables
 *                 32..39         code       40..47  data       48..51  only read or executed
 *                 4 MiB and up   the superpage
 */
#include "tests/support/program.h"

#include "isa/csr.h"
#include "isa/insn.h"
#include "tests/support/encode.h"
#include "tests/support/program_insns.h"

#define TABLES(space) ((space)*16u * PAGE_SIZE)
#define CODE_FRAME 32u
#define DATA_FRAME 40u
#define FROZEN_FRAME 48u
#define CROOKED_VA 0xa0000000u /* a misaligned superpage */

/* ---- Address spaces ---- */

/* Supervisor mode executes no page of user mode's. */
static uint32_t code_flags(const struct program *program, uint32_t flags)
{
    return program->world == WORLD_SUPERVISOR ? flags & ~PTE_U : flags;
}

static void choose_code_pages(struct program *program, struct rng *rng)
{
    static const uint32_t bases[] = {0x00000000, 0x00010000, 0x003fe000,
                                     0x7fffe000, 0xfffff000, 0xffffd000};

    program->code_in_super = rng_one_in(rng, 4);
    program->super_va = 0x40000000;
    program->alias_va = 0x60000000;
    program->code_pages =
        program->code_in_super ? program->super_va + 4 * PAGE_SIZE : bases[rng_below(rng, 6)];
    for (uint32_t i = 0; i < CODE_PAGES; i++) {
        program->code_pa[i] = program->code_in_super
                                  ? PROGRAM_SUPER + (4 + i) * PAGE_SIZE
                                  : (CODE_FRAME + (i * 3 + 1) % 8) * PAGE_SIZE;
        program->code_flags[i] = PTE_USER | PTE_X | (rng_one_in(rng, 2) ? PTE_R : 0);
    }
    if (rng_one_in(rng, 6)) /* one of the later ones may not be executed */
        program->code_flags[1 + rng_below(rng, 3)] = rng_one_in(rng, 2) ? 0 : PTE_USER | PTE_R;
    program->code_va = program->code_pages + PAGE_SIZE - 2 * rng_below(rng, 200);
    if (rng_one_in(rng, 4))
        program->code_va = program->code_pages + 2 * rng_below(rng, 100);
}

/* Any flags that make no frozen page writable, and no other executable. A and D are set. */
static uint32_t random_flags(struct rng *rng, bool frozen)
{
    const uint32_t never = frozen ? PTE_W : PTE_X;
    uint32_t flags = PTE_A | PTE_D | (rng_next(rng) & (PTE_RWX | PTE_G));

    flags |= rng_one_in(rng, 8) ? 0 : PTE_V;
    flags |= rng_one_in(rng, 8) ? 0 : PTE_U;
    return flags & ~never;
}

static bool is_frozen(const struct program *program, unsigned page)
{
    return program->data_pa[page] >= FROZEN_FRAME * PAGE_SIZE;
}

uint32_t program_data_rights(const struct program *program, unsigned page)
{
    return PTE_USER | PTE_R | (is_frozen(program, page) ? PTE_X : PTE_W);
}

static void choose_data_pages(struct program *program, struct rng *rng)
{
    static const uint32_t bases[] = {0x00100000, 0x1fffc000, 0x807fd000, 0xfffe0000};

    program->data_va = bases[rng_below(rng, 4)];
    for (unsigned i = 0; i < PROGRAM_PAGES; i++) {
        bool frozen = rng_one_in(rng, 4);
        uint32_t frame =
            frozen ? FROZEN_FRAME + rng_below(rng, 4) : DATA_FRAME + rng_below(rng, 8);

        program->data_pa[i] = frame * PAGE_SIZE;
        program->data_flags[i] =
            rng_one_in(rng, 3) ? random_flags(rng, frozen) : program_data_rights(program, i);
    }
}

static void map_code(const struct program *program, struct space *space)
{
    for (uint32_t i = 0; i < CODE_PAGES; i++) {
        if (program->rewrites)
            space_map(space, program->alias_va + i * PAGE_SIZE, program->code_pa[i],
                      PTE_USER | PTE_R | PTE_W);
        if (!program->code_in_super)
            space_map(space, program->code_pages + i * PAGE_SIZE, program->code_pa[i],
                      code_flags(program, program->code_flags[i]));
    }
}

/* The two spaces differ in which data page is where. */
static void map_data(const struct program *program, struct space *space, unsigned shift)
{
    for (unsigned i = 0; i < PROGRAM_PAGES; i++) {
        unsigned from = (i + shift) % PROGRAM_PAGES;

        space_map(space, program->data_va + i * PAGE_SIZE, program->data_pa[from],
                  program->data_flags[from]);
    }
}

static void make_space(const struct program *program, uint8_t *ram, struct space *space,
                       unsigned which)
{
    *space = space_new(ram, TABLES(which));
    map_code(program, space);
    map_data(program, space, which);
    space_map_super(
        space, program->super_va, PROGRAM_SUPER,
        code_flags(program, PTE_USER | PTE_R | (program->code_in_super ? PTE_X : PTE_W)));
    space_map_super(space, CROOKED_VA, PROGRAM_SUPER + PAGE_SIZE, PTE_USER | PTE_RWX);
}

/* ---- Registers and runs ---- */

static uint32_t random_value(struct rng *rng)
{
    static const uint32_t edges[] = {0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff, 31, 32};

    return rng_one_in(rng, 2) ? rng_next(rng) : edges[rng_below(rng, 8)];
}

static void choose_registers(struct program *program, struct rng *rng)
{
    uint32_t *x = program->x;
    uint32_t page = program->data_va + rng_below(rng, PROGRAM_PAGES) * PAGE_SIZE;

    for (unsigned i = 1; i < 32; i++)
        x[i] = random_value(rng);
    x[2] = program->data_va + 4 * rng_below(rng, PROGRAM_PAGES * PAGE_SIZE / 4);
    x[8] = page + PAGE_SIZE - rng_below(rng, 64);
    x[9] = program->data_va + rng_below(rng, PROGRAM_PAGES * PAGE_SIZE);
    x[18] = program->super_va + rng_below(rng, PROGRAM_SUPER_USED);
    x[19] = page + rng_below(rng, 4);
    if (rng_one_in(rng, 8))
        x[9] = CROOKED_VA + rng_below(rng, 8);
    if (rng_one_in(rng, 8))
        x[18] = 0xfffffffe + rng_below(rng, 4);
    x[REGISTER_CODE] = program_address(program, program_entry_item(program, rng));
    x[REGISTER_ALIAS] = program->alias_va + (program->code_va - program->code_pages);
}

/* Every small one, and some in which a loop becomes hot. */
static uint32_t random_budget(struct rng *rng)
{
    return 1 + rng_below(rng, rng_one_in(rng, 16) ? 4000 : 100);
}

static void choose_runs(struct program *program, struct rng *rng)
{
    program->run_count = PROGRAM_RUNS;
    for (unsigned i = 0; i < PROGRAM_RUNS; i++) {
        struct run *run = &program->runs[i];

        *run = (struct run){
            .budget = random_budget(rng),
            .resume = (uint8_t)program_entry_item(program, rng),
        };
        if (i == 0 || !rng_one_in(rng, 3))
            continue;
        run->event = (uint8_t)rng_below(rng, EVENT_KINDS);
        run->page = (uint8_t)rng_below(rng, PROGRAM_PAGES);
        if (run->event == EVENT_NARROW)
            run->value = random_flags(rng, is_frozen(program, run->page));
        if (run->event == EVENT_POKE) {
            run->page = (uint8_t)program_plain_item(program, rng);
            run->value = program_random_insn(program, rng, program->items[run->page].raw);
        }
    }
}

/* No trap between rewriting code and its FENCE.I: what then runs elsewhere is up to the engine. */
static void make_fences_reachable(struct program *program)
{
    for (unsigned page = 0; program->rewrites && page < CODE_PAGES; page++)
        program->code_flags[page] |= PTE_USER | PTE_X;
}

/*
 * Half of them deprivileged, and where the engine can, half of those in place. Interrupts are
 * off at first, but not for long.
 */
static void choose_world(struct program *program, struct rng *rng)
{
    static const uint8_t worlds[] = {WORLD_DEPRIVILEGED, WORLD_DEPRIVILEGED, WORLD_USER,
                                     WORLD_SUPERVISOR};

    program->world = worlds[rng_below(rng, 4)];
    if (program->world == WORLD_DEPRIVILEGED && program->untrapped &&
        (program->untrapped->abilities & ENGINE_IN_PLACE) && (program->seed & 2))
        program->world = WORLD_IN_PLACE;
    if (program->world == WORLD_DEPRIVILEGED)
        return;
    program->sstatus = rng_next(rng) & (SSTATUS_MXR | SSTATUS_SPIE | SSTATUS_SPP);
    program->sstatus |= rng_one_in(rng, 4) ? 0 : SSTATUS_SUM;
}

void program_make(struct program *program, uint64_t seed, const struct engine_ops *untrapped)
{
    struct rng rng = rng_new(seed);

    *program = (struct program){.seed = seed, .untrapped = untrapped};
    choose_world(program, &rng);
    choose_code_pages(program, &rng);
    choose_data_pages(program, &rng);
    program_choose_insns(program, &rng);
    make_fences_reachable(program);
    choose_registers(program, &rng);
    choose_runs(program, &rng);
}

/* ---- Into RAM ---- */

uint32_t program_address(const struct program *program, unsigned item)
{
    uint32_t va = program->code_va;

    for (unsigned i = 0; i < item; i++)
        va += insn_is_wide(program->items[i].raw) ? 4 : 2;
    return va;
}

uint32_t program_code_pa(const struct program *program, uint32_t va)
{
    uint32_t offset = va - program->code_pages;

    return program->code_pa[offset / PAGE_SIZE % CODE_PAGES] + offset % PAGE_SIZE;
}

/* The offset goes in as the assembler would put it; what cannot reach goes as far as it can. */
uint32_t program_bits(const struct program *program, unsigned item)
{
    const struct item *it = &program->items[item];
    int32_t offset;

    if (it->target < 0)
        return it->raw;
    offset = (int32_t)(program_address(program, (unsigned)it->target) -
                       program_address(program, item));
    if ((it->raw & 0x7f) == 0x6f)
        return it->raw | encode_jal(0, offset);
    return it->raw | encode_branch(INSN_beq, 0, 0, offset);
}

static void place_code(const struct program *program, uint8_t *ram)
{
    uint32_t va = program->code_va;

    for (unsigned i = 0; i < program->count; i++) {
        uint32_t bits = program_bits(program, i);
        uint32_t len = insn_is_wide(bits) ? 4 : 2;

        for (uint32_t half = 0; half < len; half += 2, va += 2, bits >>= 16)
            memcpy(ram + program_code_pa(program, va), &bits, 2);
    }
}

/* Data of all sorts, and around the code instructions of all sorts: stray jumps end there. */
static void fill(const struct program *program, uint8_t *ram)
{
    struct rng rng = rng_new(program->seed ^ 0x5eed);

    memset(ram, 0, PROGRAM_LOW);
    memset(ram + PROGRAM_SUPER, 0, PROGRAM_SUPER_USED);
    for (uint32_t pa = DATA_FRAME * PAGE_SIZE; pa < PROGRAM_LOW; pa += 4)
        store_le32(ram + pa, rng_one_in(&rng, 4) ? 0 : rng_next(&rng) & 0xfff0ffff);
    for (uint32_t i = 0; i < CODE_PAGES; i++)
        for (uint32_t at = 0; at < PAGE_SIZE; at += 16)
            store_le32(ram + program->code_pa[i] + at, program_random_insn(program, &rng, 3));
}

void program_load(const struct program *program, uint8_t *ram, struct space spaces[2])
{
    fill(program, ram);
    place_code(program, ram);
    for (unsigned i = 0; i < 2; i++)
        make_space(program, ram, &spaces[i], i);
}
