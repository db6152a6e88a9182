/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wasm.c - the engine: `predecode` with a translator. When a page is hot, when its translated code
 * is entered, and when it dies.
 */
#include "isa/engine/stops.h"
#include "isa/engine/wasm/internal.h"

#define HOT 300000u
#define CALLS_MOST 10u /* for a page: after each but the first, it has to be twice as hot */
#define BUDGET_MOST 0x7fffffffu

static struct wasm *of(struct predecode *predecode)
{
    return (struct wasm *)predecode;
}

/* ---- Life and death ---- */

/* The slots where translated code began are as before; their instructions are still decoded. */
static void dead(struct predecode *predecode, struct predecode_code *code)
{
    struct wasm *wasm = of(predecode);

    for (uint32_t i = 0; i < PREDECODE_SLOTS; i++)
        if (code->slots[i].op == PREDECODE_REGION)
            code->slots[i].op = predecode_code_op(&code->slots[i].insn);
    wasm->host.release(wasm->host.owner, (uint32_t)code->region);
    wasm->stats.dropped++;
    wasm->epoch++;
}

void wasm_fini(struct wasm *wasm)
{
    struct predecode *predecode = &wasm->predecode;

    for (uint32_t i = 0; i < predecode->code_count; i++) {
        struct predecode_code *code = &predecode->codes[i];

        if (code->used && code->region)
            dead(predecode, code);
        code->region = 0;
    }
}

/* Regions made where spinning does not matter have atomic instructions in them. */
static void change_pauses(struct wasm *wasm)
{
    wasm->pauses = wasm->predecode.engine.pauses;
    wasm_fini(wasm);
}

static void set_entries(const struct region *region, struct predecode_code *code)
{
    for (unsigned i = 0; i < region->blocks; i++) {
        struct predecode_slot *slot = &code->slots[region->offset[i] / 2];

        slot->op = PREDECODE_REGION;
        slot->entry = (uint16_t)i;
    }
}

/* When the page is asked for next: never, after too many times. */
static void cool(struct predecode *predecode, struct predecode_code *code)
{
    code->heat = predecode->hot - (predecode->hot << ++code->calls) / 2;
    if (code->calls >= CALLS_MOST)
        code->heat = predecode->hot;
}

/*
 * The first time a page is hot, its decoded instructions are forgotten: what is decoded when it is
 * hot again has run in between. So the host need not compile what has run once.
 */
static void forget(struct predecode_code *code)
{
    for (uint32_t i = 0; i < PREDECODE_SLOTS; i++)
        code->slots[i] = (struct predecode_slot){.op = PREDECODE_UNKNOWN};
}

static void hot(struct predecode *predecode, struct predecode_code *code)
{
    struct wasm *wasm = of(predecode);
    uint32_t len, index;

    if (wasm->pauses != predecode->engine.pauses)
        change_pauses(wasm);
    cool(predecode, code);
    if (code->calls == 1) {
        forget(code);
        return;
    }
    len = region_make(wasm, code);
    if (!len)
        return;
    index = wasm->host.compile(wasm->host.owner, wasm->module, len);
    wasm->stats.refused += !index;
    if (!index)
        return;
    if (code->region)
        dead(predecode, code);
    code->region = index;
    set_entries(&wasm->region, code);
    wasm->stats.regions++;
    wasm->stats.bytes += len;
}

/* ---- Running translated code ---- */

/* Asked before a walk that may set A and D: the hart has to stop without a trace. */
static bool is_watched(const struct predecode *predecode, const struct sv32_space *space,
                       uint32_t va, enum access access)
{
    struct sv32_walk walk;

    return sv32_probe(space, va, access, &walk) == SV32_OK &&
           stops_watch_page(predecode->engine.stops, va, walk.pa, access);
}

uint32_t wasm_fill(struct predecode *predecode, uint32_t va, uint32_t access, uint32_t width)
{
    struct sv32_space space = exec_space(&predecode->env);
    const struct predecode_entry *entry = predecode_entry(predecode, va);
    uint64_t epoch = of(predecode)->epoch;
    struct sv32_walk walk;

    if (predecode->engine.stops && is_watched(predecode, &space, va, (enum access)access))
        return false;
    if ((va & (width - 1)) || sv32_translate(&space, va, (enum access)access, &walk) != SV32_OK)
        return false;
    predecode_space_enter(predecode, va, (enum access)access, &walk);
    if (of(predecode)->epoch != epoch) /* the walk has written to code */
        return false;
    return (access == ACCESS_STORE ? entry->store : entry->load) == (va & ~PAGE_MASK);
}

uint32_t wasm_csr(struct predecode *predecode, const struct insn *insn, uint32_t left)
{
    struct exec_env *env = &predecode->env;

    env->hart->retired = predecode->end - predecode->left - left;
    return exec_permitted(env, insn) && exec_insn(env, insn);
}

/* The code at the hart's pc, if it is translated. */
static struct predecode_code *translated_at(struct predecode *predecode, uint32_t pc)
{
    const struct predecode_fetch *fetch = predecode_fetch(predecode, pc);
    struct predecode_code *code = &predecode->codes[fetch->code];

    if (fetch->va != (pc & ~PAGE_MASK) ||
        code->slots[(pc & PAGE_MASK) / 2].op != PREDECODE_REGION)
        return NULL;
    code->writes = 0;
    predecode->running = code;
    return code;
}

/* From region to region, as long as there are any. */
static void enter(struct predecode *predecode, struct predecode_code *code)
{
    struct hart *hart = predecode->env.hart;
    uint32_t result;

    if (of(predecode)->pauses != predecode->engine.pauses) {
        change_pauses(of(predecode));
        return;
    }
    do {
        uint32_t budget =
            predecode->left < BUDGET_MOST ? (uint32_t)predecode->left : BUDGET_MOST;
        region_function *function = (region_function *)code->region;
        uint32_t pc = hart->pc;

        predecode->left -= budget;
        result = function(hart, predecode->space, pc & ~PAGE_MASK,
                          code->slots[(pc & PAGE_MASK) / 2].entry, budget);
        predecode->left += result & ~REGION_INTERPRET;
        if (result & REGION_INTERPRET)
            break;
        code = translated_at(predecode, hart->pc);
    } while (code && predecode->left);
    predecode->once = (result & REGION_INTERPRET) &&
                      code->slots[(hart->pc & PAGE_MASK) / 2].op == PREDECODE_REGION;
}

static const struct engine_ops wasm_ops = PREDECODE_OPS("wasm");
static const struct predecode_translator translator = {enter, hot, dead};

/* ---- Making ---- */

static size_t predecode_part(uint64_t ram_size, const struct wasm_options *options)
{
    return predecode_size(ram_size, &options->predecode) - sizeof(struct predecode);
}

size_t wasm_size(uint64_t ram_size, const struct wasm_options *options)
{
    return sizeof(struct wasm) + predecode_part(ram_size, options) + REGION_BYTES;
}

struct wasm *wasm_init(void *memory, uint8_t *ram, uint64_t base, uint64_t size,
                       const struct wasm_options *options)
{
    struct wasm *wasm = memory;

    predecode_set_up(&wasm->predecode, wasm + 1, ram, base, size, &options->predecode);
    wasm->predecode.engine.ops = &wasm_ops;
    wasm->module = (uint8_t *)(wasm + 1) + predecode_part(size, options);
    wasm->host = options->host;
    wasm->predecode.translator = &translator;
    wasm->predecode.hot = options->hot ? options->hot : HOT;
    return wasm;
}

struct engine *wasm_engine(struct wasm *wasm)
{
    return &wasm->predecode.engine;
}

const struct wasm_stats *wasm_stats(const struct wasm *wasm)
{
    return &wasm->stats;
}
