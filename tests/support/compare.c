/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare.c - running a random program on two engines side by side. */
#include "tests/support/compare.h"

#include <stdlib.h>

#include "isa/csr_fields.h"
#include "isa/insn.h"
#include "tests/support/random.h"
#include "tests/support/stopped.h"

static void open_side(struct side *side, const struct engine_maker *maker)
{
    *side = (struct side){.maker = maker, .ram = ram_new(PROGRAM_RAM)};
    side->engine = maker->create(side->ram, PROGRAM_RAM);
    if (!side->engine)
        abort();
}

void comparison_open(struct comparison *comparison, const struct engine_maker *truth,
                     const struct engine_maker *tested)
{
    memset(comparison, 0, sizeof *comparison);
    open_side(&comparison->sides[0], truth);
    open_side(&comparison->sides[1], tested);
}

void comparison_close(struct comparison *comparison)
{
    for (unsigned i = 0; i < 2; i++) {
        comparison->sides[i].maker->destroy(comparison->sides[i].engine);
        ram_free(comparison->sides[i].ram, PROGRAM_RAM);
    }
}

/* ---- Non-root mode ---- */

/* Physical memory that programs do not use: the second stage's tables. */
#define SECOND_ROOT (2u << 20)
#define SECOND_TABLES (SECOND_ROOT + SV32X4_ROOT_PAGES * PAGE_SIZE)
#define SECOND_REGIONS (PROGRAM_RAM >> 22)
#define SECOND_SIZE ((SV32X4_ROOT_PAGES + SECOND_REGIONS) * PAGE_SIZE)
#define DELIVERED_MOST 5u /* in a run: a handler may trap for ever */

static bool in_non_root(const struct comparison *comparison, const struct program *program)
{
    return program->world != WORLD_DEPRIVILEGED && program->world != WORLD_IN_PLACE &&
           (program->seed & 2) && !comparison->stops &&
           (comparison->sides[0].engine->ops->abilities &
            comparison->sides[1].engine->ops->abilities & ENGINE_SECOND_STAGE);
}

/* One page in 16 lacks something that an access may need; A and D are still to be set. */
static void load_second(struct side *side, uint64_t seed)
{
    struct rng rng = rng_new(seed);

    for (uint32_t page = 0; page < PROGRAM_RAM >> PAGE_SHIFT; page++) {
        uint32_t lacks = rng_one_in(&rng, 16) ? 1u << rng_below(&rng, 5) : 0;

        store_le32(side->ram + SECOND_TABLES + 4 * page,
                   PTE_MAKE(page, (PTE_V | PTE_RWX | PTE_U) & ~lacks));
    }
    for (uint32_t region = 0; region < SECOND_REGIONS; region++)
        store_le32(side->ram + SECOND_ROOT + 4 * region,
                   PTE_MAKE((SECOND_TABLES >> PAGE_SHIFT) + region, PTE_V));
}

static bool deliver(void *owner, struct hart *hart, const struct trap *trap)
{
    struct side *side = owner;

    hart_trap(hart, trap);
    return ++side->delivered < DELIVERED_MOST;
}

/*
 * The program is its own handler of traps; if it rewrites itself not even that, as there it may be
 * entered nowhere but where it goes itself.
 */
static void enter_second(struct side *side, const struct program *program)
{
    struct engine_space to = {.hgatp = SATP_SV32 | SECOND_ROOT >> PAGE_SHIFT};
    unsigned item = (unsigned)(program->seed >> 8) % program->count;

    side->hart.stvec = program_address(program, item) & ~STVEC_MODE;
    side->engine->inside = (struct engine_inside){deliver, side};
    engine_set_space(side->engine, &to);
}

/* ---- One side ---- */

/* Natively the hart itself says where and what it is; it may have changed that. */
static void enter(struct side *side, const struct program *program, unsigned space)
{
    uint32_t root = space_satp(&side->spaces[space]);
    struct engine_space to = {.deprivileged = true, .root = root};

    to.in_place = program->world == WORLD_IN_PLACE;
    if (program->world != WORLD_DEPRIVILEGED) {
        to.deprivileged = to.in_place;
        side->hart.satp = root;
        side->hart.sstatus = program->sstatus;
        side->hart.sie = side->hart.sip = 0;
    }
    /* What is pending becomes deliverable with SIE. */
    if (to.in_place && (program->seed & 4))
        side->hart.sie = side->hart.sip = IRQ_BIT(IRQ_SEXT);
    side->hart.mode = world_is_privileged(program->world) ? HART_SUPERVISOR : HART_USER;
    engine_set_space(side->engine, &to);
    if (side->non_root)
        enter_second(side, program);
}

/* Translations of the space that has just been narrowed. A native hart would fence. */
static void drop_page(struct side *side, const struct program *program, unsigned space,
                      uint32_t va)
{
    if (program->world == WORLD_DEPRIVILEGED || program->world == WORLD_IN_PLACE)
        engine_drop_page(side->engine, space_satp(&side->spaces[space]), va);
    else
        engine_drop_all(side->engine);
}

static void load(struct side *side, const struct program *program)
{
    program_load(program, side->ram, side->spaces);
    engine_code_changed(side->engine, 0, PROGRAM_LOW);
    engine_code_changed(side->engine, PROGRAM_SUPER, PROGRAM_SUPER_USED);
    engine_drop_all(side->engine);
    side->engine->pauses = program->seed & 1;
    side->delivered = program->rewrites ? DELIVERED_MOST : 0;
    if (side->non_root)
        load_second(side, program->seed);
    hart_reset(&side->hart, program->code_va);
    memcpy(side->hart.x, program->x, sizeof side->hart.x);
    enter(side, program, 0);
}

/* The flags of a data page in both spaces; which page is where differs between them. */
static void set_flags(struct side *side, const struct program *program, unsigned page,
                      uint32_t flags, bool drop)
{
    for (unsigned which = 0; which < 2; which++) {
        unsigned at = (page + PROGRAM_PAGES - which) % PROGRAM_PAGES;
        uint32_t va = program->data_va + at * PAGE_SIZE;

        space_map(&side->spaces[which], va, program->data_pa[page], flags);
        if (drop)
            drop_page(side, program, which, va);
    }
}

static void poke(struct side *side, const struct program *program, const struct run *run)
{
    uint32_t va = program_address(program, run->page), bits = run->value;
    uint32_t len = insn_is_wide(program->items[run->page].raw) ? 4 : 2;

    for (uint32_t half = 0; half < len; half += 2, bits >>= 16) {
        memcpy(side->ram + program_code_pa(program, va + half), &bits, 2);
        engine_code_changed(side->engine, program_code_pa(program, va + half), 2);
    }
}

/* What a program's pages and spaces have come to in the course of its runs. */
struct progress {
    unsigned space;
    uint32_t flags[PROGRAM_PAGES];
};

static void note_event(struct progress *progress, const struct program *program,
                       const struct run *run)
{
    uint32_t *flags = &progress->flags[run->page % PROGRAM_PAGES];

    if (run->event == EVENT_OTHER_ROOT)
        progress->space ^= 1;
    if (run->event == EVENT_NARROW)
        *flags = run->value;
    if (run->event == EVENT_WIDEN)
        *flags = (*flags & PTE_V ? *flags : 0) | program_data_rights(program, run->page);
}

static void do_event(struct side *side, const struct program *program, const struct run *run,
                     const struct progress *progress)
{
    switch ((enum event_kind)run->event) {
    case EVENT_NONE:
    case EVENT_KINDS: break;
    case EVENT_OTHER_ROOT: enter(side, program, progress->space); break;
    case EVENT_NARROW:
        set_flags(side, program, run->page, progress->flags[run->page], true);
        break;
    case EVENT_WIDEN:
        /* With U supervisor mode may have fewer rights than without. */
        set_flags(side, program, run->page, progress->flags[run->page],
                  program->world == WORLD_SUPERVISOR);
        break;
    case EVENT_POKE: poke(side, program, run); break;
    case EVENT_DROP_ALL: engine_drop_all(side->engine); break;
    }
}

/* As a monitor that skips what it cannot handle: go on elsewhere, the reservation lost. */
static void after_trap(struct side *side, const struct program *program, const struct run *run,
                       unsigned space)
{
    enter(side, program, space);
    side->hart.pc = program_address(program, run->resume % program->count);
    side->hart.reservation.valid = false;
}

/* ---- Both ---- */

static bool differ(struct comparison *comparison, const char *what, uint32_t a, uint32_t b)
{
    snprintf(comparison->difference, sizeof comparison->difference,
             "%s is %#x on %s, and %#x on %s", what, a, comparison->sides[0].maker->name, b,
             comparison->sides[1].maker->name);
    return false;
}

static bool same_exit(struct comparison *comparison)
{
    const struct engine_exit *a = &comparison->sides[0].exit, *b = &comparison->sides[1].exit;

    if (a->stop != b->stop)
        return differ(comparison, "stop", a->stop, b->stop);
    if (a->stop == ENGINE_EVENT && a->event != b->event)
        return differ(comparison, "event", a->event, b->event);
    if (a->stop != ENGINE_TRAP)
        return true;
    if (a->trap.cause != b->trap.cause)
        return differ(comparison, "cause", a->trap.cause, b->trap.cause);
    if (a->trap.tval != b->trap.tval)
        return differ(comparison, "tval", a->trap.tval, b->trap.tval);
    if (a->trap.cause < CAUSE_INSN_GUEST_PAGE_FAULT || a->trap.cause == CAUSE_VIRTUAL_INSN)
        return true;
    if (a->trap.tval2 != b->trap.tval2)
        return differ(comparison, "tval2", a->trap.tval2, b->trap.tval2);
    return a->trap.tinst == b->trap.tinst ||
           differ(comparison, "tinst", a->trap.tinst, b->trap.tinst);
}

static bool same_hart(struct comparison *comparison)
{
    const struct hart *a = &comparison->sides[0].hart, *b = &comparison->sides[1].hart;

    if (hart_equal(a, b))
        return true;
    if (a->pc != b->pc)
        return differ(comparison, "pc", a->pc, b->pc);
    if (a->retired != b->retired)
        return differ(comparison, "retired", (uint32_t)a->retired, (uint32_t)b->retired);
    for (unsigned i = 0; i < 32; i++)
        if (a->x[i] != b->x[i]) {
            char name[8];

            snprintf(name, sizeof name, "x%u", i);
            return differ(comparison, name, a->x[i], b->x[i]);
        }
    return differ(comparison, "the rest (reservation, CSRs)", a->reservation.va,
                  b->reservation.va);
}

static bool same_bytes(struct comparison *comparison, uint32_t pa, uint32_t len)
{
    const uint8_t *a = comparison->sides[0].ram + pa, *b = comparison->sides[1].ram + pa;
    char name[32];

    if (memcmp(a, b, len) == 0)
        return true;
    for (uint32_t i = 0; i < len; i++)
        if (a[i] != b[i]) {
            snprintf(name, sizeof name, "the byte at pa %#x", pa + i);
            return differ(comparison, name, a[i], b[i]);
        }
    return true;
}

bool comparison_same_state(struct comparison *comparison)
{
    const struct side *sides = comparison->sides;

    if (sides[0].engine->translated != sides[1].engine->translated)
        return differ(comparison, "translated", (uint32_t)sides[0].engine->translated,
                      (uint32_t)sides[1].engine->translated);
    return same_exit(comparison) && same_hart(comparison) &&
           same_bytes(comparison, 0, PROGRAM_LOW) &&
           (!comparison->sides[0].non_root ||
            same_bytes(comparison, SECOND_ROOT, SECOND_SIZE)) &&
           same_bytes(comparison, PROGRAM_SUPER, PROGRAM_SUPER_USED);
}

bool comparison_same_ram(const struct comparison *comparison)
{
    return memcmp(comparison->sides[0].ram, comparison->sides[1].ram, PROGRAM_RAM) == 0;
}

static bool run_both(struct comparison *comparison, const struct program *program,
                     const struct run *run, const struct progress *progress)
{
    struct side *sides = comparison->sides;

    for (unsigned i = 0; i < 2; i++)
        do_event(&sides[i], program, run, progress);
    if (comparison->stops && !stopped_run(comparison, program, run->budget))
        return false;
    for (unsigned i = 0; i < 2 && !comparison->stops; i++)
        engine_run(sides[i].engine, &sides[i].hart, run->budget, &sides[i].exit);
    if (!comparison_same_state(comparison))
        return false;
    if (sides[0].delivered != sides[1].delivered)
        return differ(comparison, "delivered", sides[0].delivered, sides[1].delivered);
    if (sides[0].exit.stop == ENGINE_TRAP)
        comparison->traps[sides[0].exit.trap.cause % CAUSE_EXCEPTIONS]++;
    for (unsigned i = 0; i < 2; i++) {
        comparison->delivered += i ? 0 : sides[i].delivered;
        sides[i].delivered = program->rewrites ? DELIVERED_MOST : 0;
        if (sides[i].exit.stop == ENGINE_TRAP || sides[i].exit.stop == ENGINE_LEFT)
            after_trap(&sides[i], program, run, progress->space);
    }
    for (unsigned i = 0; i < 2; i++)
        if (sides[i].exit.stop == ENGINE_EVENT)
            sides[i].hart.sie = 0;
    return true;
}

/* A program from the corpus may ask for more than the engine can do. */
static bool both_can(const struct comparison *comparison, const struct program *program)
{
    const struct side *sides = comparison->sides;

    return program->world != WORLD_IN_PLACE ||
           (sides[0].engine->ops->abilities & sides[1].engine->ops->abilities &
            ENGINE_IN_PLACE);
}

bool comparison_run(struct comparison *comparison, const struct program *program)
{
    struct progress progress = {0};
    bool same = true;

    if (!both_can(comparison, program))
        return true;
    memcpy(progress.flags, program->data_flags, sizeof progress.flags);
    for (unsigned i = 0; i < 2; i++) {
        comparison->sides[i].non_root = in_non_root(comparison, program);
        load(&comparison->sides[i], program);
    }
    for (unsigned i = 0; i < program->run_count && same; i++) {
        note_event(&progress, program, &program->runs[i]);
        same = run_both(comparison, program, &program->runs[i], &progress);
        comparison->failed_run = i;
    }
    comparison->retired += comparison->sides[0].hart.retired;
    return same;
}
