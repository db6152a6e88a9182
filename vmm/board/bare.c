/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bare.c - the bare machine's loop: run until a trap or the end of the budget, then let the
 * board handle it. Compare vmm/vcpu.c, which does the same with a monitor in between.
 */
#include "vmm/board/bare.h"

#include "vmm/board/restart.h"

static bool bare_io(struct phys *phys, uint64_t pa, unsigned width, bool store, uint32_t *value)
{
    struct bare *bare = phys->owner;

    return board_io(&bare->board, hart_time(&bare->hart), pa, width, store, value);
}

/*
 * RAM was written by firmware, or by an instruction emulated here, without the engine noticing.
 */
static void bare_wrote(struct phys *phys, uint64_t pa, uint32_t len)
{
    struct bare *bare = phys->owner;

    engine_code_changed(bare->engine, pa, len);
}

/* All harts share the CPU. */
static void bare_fence(struct board *board, const struct exec_fence *fence)
{
    struct bare *bare = board->phys->owner;

    if (fence)
        engine_drop_all(bare->engine);
    else
        engine_fence_i(bare->engine);
}

/* Zero pages are not written, so that the host need not provide memory for untouched ones. */
static void bare_clear(struct board *board, uint64_t pa, uint64_t len)
{
    struct phys *phys = board->phys;
    uint64_t end = pa + len, next;

    for (; pa < end; pa = next) {
        uint8_t *bytes = phys->ram + (pa - phys->base);

        next = phys_piece_end(pa, end);
        if (phys_is_zero(bytes, (uint32_t)(next - pa)))
            continue;
        memset(bytes, 0, next - pa);
        bare_wrote(phys, pa, (uint32_t)(next - pa));
    }
}

static void bare_give_up(struct board *board, uint64_t pa)
{
    bare_clear(board, pa, PAGE_SIZE);
}

void bare_init(struct bare *bare, struct engine *engine, const struct board_host *host)
{
    const struct engine_space own = {.deprivileged = false};

    memset(bare, 0, sizeof *bare);
    bare->engine = engine;
    bare->phys = engine->phys;
    bare->phys.io = bare_io;
    bare->phys.wrote = bare_wrote;
    bare->phys.owner = bare;
    board_init(&bare->board, &bare->phys, host);
    bare->board.fence = bare_fence;
    bare->board.clear = bare_clear;
    bare->board.give_up = bare_give_up;
    bare->board.ram_base = bare->phys.base;
    bare->board.ram_size = bare->phys.size;
    engine_set_space(engine, &own);
    bare_set_variants(bare, 0);
}

void bare_set_variants(struct bare *bare, uint32_t set)
{
    bare->variant =
        (struct variant_cpu){.set = set, .device = board_status, .owner = &bare->board};
    bare->engine->variant = set ? &bare->variant : NULL;
}

void bare_boot(struct bare *bare, uint32_t entry, uint32_t dtb)
{
    board_boot(&bare->hart, entry, dtb);
}

static bool may_be_device(uint32_t cause)
{
    return cause == CAUSE_LOAD_ACCESS || cause == CAUSE_STORE_ACCESS;
}

/* The engine sees no memory at a device's address, so the instruction is emulated here. */
static void bare_trap(struct bare *bare, const struct trap *trap)
{
    struct exec_env env = {.hart = &bare->hart,
                           .phys = &bare->phys,
                           .trap = *trap,
                           .variant = bare->engine->variant};

    if (may_be_device(trap->cause) && exec_step(&env))
        return;
    board_trap(&bare->board, &bare->hart, &env.trap);
}

static void bare_wait(struct bare *bare)
{
    uint64_t ticks = board_wait(&bare->board, &bare->hart);

    if (ticks != BOARD_NEVER)
        bare->hart.skipped += ticks;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* One stay on the CPU. */
static void bare_enter(struct bare *bare, uint64_t most)
{
    struct hart *hart = &bare->hart;
    struct engine_exit exit;

    bare->engine->pauses = bare->board.harts.count > 1;
    engine_run(bare->engine, hart, smaller(most, board_budget(&bare->board, hart)), &exit);
    if (exit.stop == ENGINE_TRAP)
        bare_trap(bare, &exit.trap);
    else if (exit.stop == ENGINE_EVENT && exit.event == EXEC_WFI)
        bare_wait(bare);
    else if (exit.stop == ENGINE_EVENT && exit.event == EXEC_PAUSE)
        harts_pause(&bare->board);
}

/* Begins the next hart's turn, which may be the same hart's; or, if all wait, advances `time`. */
static void next_turn(struct bare *bare)
{
    uint64_t ticks;
    unsigned last = bare->board.harts.current;
    unsigned next = board_next_hart(&bare->board, &bare->hart, &ticks);

    if (next == HARTS_NOBODY) {
        bare->hart.skipped += ticks == BOARD_NEVER ? 0 : ticks;
        return;
    }
    bare->others[last] = bare->hart;
    if (next != last)
        bare->hart = bare->others[next];
    harts_begin_turn(&bare->board, next, &bare->others[last], &bare->hart);
}

static void restart(struct bare *bare)
{
    unsigned last = bare->board.harts.current;

    bare->others[last] = bare->hart;
    bare->hart = bare->others[0];
    if (!restart_board(&bare->board, &bare->others[last], &bare->hart)) {
        bare->hart = bare->others[last];
        return;
    }
    for (unsigned id = 1; id < bare->board.harts.count; id++)
        harts_reset_registers(&bare->others[id], 0);
}

static void bare_once(struct bare *bare, uint64_t limit)
{
    struct trap trap;

    board_advance(&bare->board, hart_time(&bare->hart));
    trap = (struct trap){.cause = board_interrupt(&bare->board, &bare->hart)};
    if (trap.cause)
        board_trap(&bare->board, &bare->hart, &trap);
    bare_enter(bare, limit - bare_retired(bare));
    while (harts_turn_is_over(&bare->board.harts, &bare->hart) && bare->board.power == BOARD_ON)
        next_turn(bare);
    if (bare->board.power == BOARD_RESTART)
        restart(bare);
}

static bool bare_goes_on(const struct bare *bare, uint64_t limit)
{
    return bare->board.power == BOARD_ON && bare_retired(bare) < limit;
}

enum board_power bare_run(struct bare *bare, uint64_t limit)
{
    while (bare_goes_on(bare, limit))
        bare_once(bare, limit);
    return (enum board_power)bare->board.power;
}

enum board_power bare_run_to_trap(struct bare *bare, uint64_t limit)
{
    uint64_t seen = bare->board.traps;

    while (bare_goes_on(bare, limit) && bare->board.traps == seen)
        bare_once(bare, limit);
    return (enum board_power)bare->board.power;
}
