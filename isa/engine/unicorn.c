/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn.c - the engine `unicorn`: budgets, traps and counts that are exact, out of a CPU that
 * counts nothing and tells of a trap only its cause. Driving that CPU is unicorn_cpu.c's, reading
 * its blocks unicorn_blocks.c's.
 *
 * Before each block the CPU asks (on_block): the block's instructions are taken off the budget,
 * and when it does not fit, the CPU stops before it and the rest of the budget is interpreted.
 * After a trap inside a block, the instructions from the trap on are given back.
 *
 * Of a trap other than ECALL the interpreter is made to run the very instruction: that gives
 * cause and tval as the specification has them. When it does not trap (the CPU's TLB was stale,
 * or it refuses an encoding that is good), it has retired one instruction, and the run goes on.
 * The same happens when the library stops for reasons of its own: there is always progress.
 */
#include "isa/engine/unicorn.h"

#include <stdio.h>
#include <stdlib.h>

#include "isa/engine/spec.h"
#include "isa/engine/unicorn_blocks.h"
#include "isa/engine/unicorn_cpu.h"

enum stop {
    STOP_NONE,        /* the library stopped by itself */
    STOP_SHORT,       /* the next block does not fit into the budget */
    STOP_INTERPRETED, /* the next block is not for this CPU */
    STOP_TRANSLATED,  /* the next block is new: the TLB must go first */
    STOP_TRAP,        /* cause in `cause` */
};

struct unicorn {
    struct engine engine;
    struct unicorn_cpu cpu;
    struct spec spec; /* the interpreter, on the same RAM */
    struct blocks blocks;

    uint64_t failures;
    char version[16];

    /* Of the current run. */
    uint64_t left;              /* of the budget, the current block taken off */
    uint32_t va, size;          /* the current block; size 0 before the first */
    uint32_t count;             /* its instructions */
    enum stop stop;
    uint32_t cause;
    uint32_t refused;           /* instructions of the block that it stopped before */
    bool translated;            /* the next block is new */
};

static struct unicorn *of(struct engine *engine)
{
    return (struct unicorn *)engine;
}

/* ---- What the CPU calls ---- */

static void stop_before(struct unicorn *unicorn, enum stop stop, const struct block *block)
{
    unicorn->stop = stop;
    unicorn->refused = block->count;
    uc_emu_stop(unicorn->cpu.uc);
}

static void on_block(uc_engine *uc, uint64_t address, uint32_t size, void *owner)
{
    struct unicorn *unicorn = owner;
    const struct block *block;

    (void)uc;
    if (unicorn->cpu.entering) {
        unicorn->cpu.entering = false;
        return;
    }
    block = blocks_find(&unicorn->blocks, unicorn->cpu.root, (uint32_t)address, size);
    if (unicorn->translated) {
        stop_before(unicorn, STOP_TRANSLATED, block);
        return;
    }
    if (block->interpreted) {
        stop_before(unicorn, STOP_INTERPRETED, block);
        return;
    }
    if (block->count > unicorn->left) {
        stop_before(unicorn, STOP_SHORT, block);
        return;
    }
    unicorn->left -= block->count;
    unicorn->va = block->va;
    unicorn->size = block->size;
    unicorn->count = block->count;
}

static void on_trap(uc_engine *uc, uint32_t cause, void *owner)
{
    struct unicorn *unicorn = owner;

    unicorn->stop = STOP_TRAP;
    unicorn->cause = cause;
    uc_emu_stop(uc);
}

/*
 * The bytes of a block may differ from when it was last counted.
 *
 * And stores to it must be noticed from now on. The library sees to that for the mapping that it
 * was fetched through only (version 2.1.4); stores through another that is in the TLB, and that
 * code had been written through before, would leave this translation stale, FENCE.I or not.
 */
static void on_translated(uc_engine *uc, uc_tb *block, uc_tb *previous, void *owner)
{
    struct unicorn *unicorn = owner;

    (void)uc, (void)block, (void)previous;
    blocks_forget(&unicorn->blocks);
    unicorn->translated = true;
}

/* ---- Running ---- */

/* Let the interpreter run up to `count` instructions. False: it trapped, or ended the run. */
static bool interpret(struct unicorn *unicorn, struct hart *hart, uint64_t count,
                      struct engine_exit *exit)
{
    uint64_t before = hart->retired;

    engine_run(&unicorn->spec.engine, hart, count, exit);
    unicorn->engine.interpreted += hart->retired - before;
    unicorn->left -= hart->retired - before;
    return exit->stop == ENGINE_BUDGET;
}

static bool fetch_failed(const struct unicorn *unicorn)
{
    return unicorn->stop == STOP_TRAP && (unicorn->cause == CAUSE_INSN_PAGE_FAULT ||
                                          unicorn->cause == CAUSE_INSN_ACCESS);
}

/*
 * Instructions of the current block that have not run, pc being where the CPU stopped. When it
 * stopped on its way to another block, all have, though that may begin inside this one.
 */
static uint32_t unfinished(struct unicorn *unicorn, uint32_t pc, uc_err err)
{
    bool between_blocks = unicorn->stop == STOP_SHORT || unicorn->stop == STOP_INTERPRETED ||
                          unicorn->stop == STOP_TRANSLATED || fetch_failed(unicorn) || err == UC_ERR_FETCH_UNMAPPED ||
                          err == UC_ERR_FETCH_PROT;

    if (between_blocks || pc - unicorn->va >= unicorn->size)
        return 0;
    return unicorn->count - blocks_count(&unicorn->blocks, unicorn->cpu.root, unicorn->va,
                                         pc - unicorn->va);
}

/* Run on the CPU until it stops; the hart is then exact. */
static void run_cpu(struct unicorn *unicorn, struct hart *hart)
{
    uint64_t budget = unicorn->left;
    uc_err err;

    unicorn->stop = STOP_NONE;
    unicorn->translated = false;
    unicorn->size = 0;
    err = unicorn_cpu_run(&unicorn->cpu, hart, unicorn->engine.space.root);
    if (unicorn->stop == STOP_TRAP)
        hart->pc -= 4; /* the library has moved it on, whatever the instruction's length */
    if (unicorn->cpu.broken)
        unicorn->left = budget; /* nothing of it has come to the hart */
    else
        unicorn->left += unfinished(unicorn, hart->pc, err);
    hart->retired += budget - unicorn->left;
}

/* The library stopped for a reason of its own: an EBREAK, or else something is wrong with it. */
static bool find_reason(struct unicorn *unicorn, struct hart *hart, struct engine_exit *exit)
{
    bool harmless = !interpret(unicorn, hart, unicorn->left ? 1 : 0, exit);

    if (!harmless)
        unicorn->failures++;
    return !harmless;
}

/* After the CPU stopped: what is to be done about it. False: the run has ended. */
static bool go_on(struct unicorn *unicorn, struct hart *hart, struct engine_exit *exit)
{
    switch (unicorn->stop) {
    case STOP_SHORT: return interpret(unicorn, hart, unicorn->left, exit);
    case STOP_INTERPRETED:
        return interpret(unicorn, hart,
                         unicorn->refused < unicorn->left ? unicorn->refused : unicorn->left,
                         exit);
    case STOP_TRANSLATED: unicorn_cpu_drop(&unicorn->cpu); return true;
    case STOP_TRAP:
        if (unicorn->cause == CAUSE_ECALL_USER) {
            *exit = (struct engine_exit){.stop = ENGINE_TRAP, .trap = {CAUSE_ECALL_USER, 0}};
            return false;
        }
        break;
    case STOP_NONE: return find_reason(unicorn, hart, exit);
    }
    /* A fetch may fail where the budget ends already. */
    return interpret(unicorn, hart, unicorn->left ? 1 : 0, exit);
}

static void unicorn_run(struct engine *engine, struct hart *hart, uint64_t budget,
                        struct engine_exit *exit)
{
    struct unicorn *unicorn = of(engine);

    *exit = (struct engine_exit){.stop = ENGINE_BUDGET};
    unicorn->left = budget;
    while (unicorn->left) {
        if (!engine->space.deprivileged || unicorn->cpu.broken) {
            interpret(unicorn, hart, unicorn->left, exit);
            return;
        }
        run_cpu(unicorn, hart);
        if (!go_on(unicorn, hart, exit))
            return;
    }
}

/* ---- Told from outside ---- */

/* The CPU takes a new root when it next runs. */
static void unicorn_set_space(struct engine *engine, const struct engine_space *space)
{
    engine_set_space(&of(engine)->spec.engine, space);
}

static void unicorn_drop_all(struct engine *engine)
{
    unicorn_cpu_drop(&of(engine)->cpu);
    blocks_forget(&of(engine)->blocks);
}

/* Translations of other roots than the CPU's are not kept. */
static void unicorn_drop_root(struct engine *engine, uint32_t root)
{
    if (of(engine)->cpu.root == root)
        unicorn_cpu_drop(&of(engine)->cpu);
    blocks_forget(&of(engine)->blocks);
}

static void unicorn_drop_page(struct engine *engine, uint32_t root, uint32_t va)
{
    (void)va;
    unicorn_drop_root(engine, root);
}

static void unicorn_code_changed(struct engine *engine, uint64_t pa, uint32_t len)
{
    struct unicorn *unicorn = of(engine);

    if (pa >= engine->phys.size)
        return;
    if (len > engine->phys.size - pa)
        len = (uint32_t)(engine->phys.size - pa);
    if (!blocks_holds_code(&unicorn->blocks, pa, len))
        return;
    unicorn_cpu_forget_code(&unicorn->cpu, pa, len);
    blocks_forget(&unicorn->blocks);
}

/* The CPU must hear of what the interpreter stores. */
static void on_interpreted_store(struct phys *phys, uint64_t pa, uint32_t len)
{
    unicorn_code_changed(phys->owner, pa, len);
}

/*
 * CSRRS, CSRRC and their immediate forms that only read (rs1 or the immediate is 0), of the
 * counters: cycle, instret and hpmcounter3 to 31, and their high halves. Found by trying all CSR
 * accesses; `time` does trap. Counters are numbered 0xc00 and up, high halves 0xc80 and up: bit 7
 * of the number is left out, and so are as many low bits as the range is wide.
 */
#define COUNTER_READS(number, wide)                                                           \
    {                                                                                         \
        .match = 0x2073u | (number) << 20, .mask = 0xfa07fu | (0xf7fu & ~((wide)-1u)) << 20   \
    }
static const struct engine_pattern counter_reads[] = {
    COUNTER_READS(0xc00u, 1), COUNTER_READS(0xc02u, 2),  COUNTER_READS(0xc04u, 4),
    COUNTER_READS(0xc08u, 8), COUNTER_READS(0xc10u, 16),
};

static const struct engine_ops unicorn_ops = {
    .name = "unicorn",
    .native = false,
    .untrapped = counter_reads,
    .untrapped_count = sizeof counter_reads / sizeof counter_reads[0],
    .run = unicorn_run,
    .set_space = unicorn_set_space,
    .drop_page = unicorn_drop_page,
    .drop_root = unicorn_drop_root,
    .drop_all = unicorn_drop_all,
    .code_changed = unicorn_code_changed,
};

/* ---- Making and ending it ---- */

static void init(struct unicorn *unicorn, uint8_t *ram, uint64_t size, uint8_t *code_pages)
{
    unsigned major, minor;

    unicorn->engine.ops = &unicorn_ops;
    unicorn->engine.phys = (struct phys){.ram = ram, .size = size};
    spec_init(&unicorn->spec, ram, 0, size);
    unicorn->spec.engine.phys.wrote = on_interpreted_store;
    unicorn->spec.engine.phys.owner = unicorn;
    blocks_init(&unicorn->blocks, &unicorn->engine.phys, code_pages);
    uc_version(&major, &minor);
    snprintf(unicorn->version, sizeof unicorn->version, "%u.%u", major, minor);
}

enum unicorn_error unicorn_create(uint8_t *ram, uint64_t size, struct unicorn **out)
{
    struct unicorn *unicorn;
    uint8_t *code_pages;
    enum unicorn_error error;

    *out = NULL;
    if (!size || size > UNICORN_RAM_LIMIT || (size | (uintptr_t)ram) & PAGE_MASK)
        return UNICORN_BAD_RAM;
    unicorn = calloc(1, sizeof *unicorn);
    code_pages = calloc(1, (size >> (PAGE_SHIFT + 3)) + 1);
    if (!unicorn || !code_pages) {
        free(unicorn);
        free(code_pages);
        return UNICORN_NO_MEMORY;
    }
    init(unicorn, ram, size, code_pages);
    error = unicorn_cpu_open(&unicorn->cpu, ram, size,
                             &(struct unicorn_hooks){.block = on_block,
                                                     .trap = on_trap,
                                                     .translated = on_translated,
                                                     .owner = unicorn});
    if (error != UNICORN_OK) {
        unicorn_destroy(unicorn);
        return error;
    }
    *out = unicorn;
    return UNICORN_OK;
}

void unicorn_destroy(struct unicorn *unicorn)
{
    if (!unicorn)
        return;
    unicorn_cpu_close(&unicorn->cpu);
    free(unicorn->blocks.code_pages);
    free(unicorn);
}

struct engine *unicorn_engine(struct unicorn *unicorn)
{
    return &unicorn->engine;
}

const char *unicorn_error_text(enum unicorn_error error)
{
    switch (error) {
    case UNICORN_OK: return "no error";
    case UNICORN_BAD_RAM: return "RAM must be whole pages, at least one, and under 4 GiB";
    case UNICORN_NO_MEMORY: return "the host has no memory left for the Unicorn library";
    case UNICORN_REFUSED: return "the Unicorn library could not set up its CPU";
    }
    return "an unknown error";
}

uint64_t unicorn_failures(const struct unicorn *unicorn)
{
    return unicorn->failures;
}

const char *unicorn_version(const struct unicorn *unicorn)
{
    return unicorn->version;
}
