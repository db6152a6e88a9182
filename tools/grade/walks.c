/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walks.c - makes the tables, walks them twice, and says what differs. The numbers are the same in
 * each run: so a submission is graded alike everywhere.
 */
#include "tools/grade/walks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "isa/csr_fields.h"
#include "tools/base/base.h"
#include "vmm/trace.h"

#define WALKS 400u

#define BASE 0x80000000u
#define AT(page) (BASE + (page)*PAGE_SIZE)

/* The pages of the memory. */
enum place {
    SECOND_ROOT = 4, /* four of them */
    SECOND_TABLES = 8,
    ROOT = 16, /* of the first stage */
    TABLE,
    DATA,
    PAGES = 20,
};

enum with { FIRST, SECOND, TABLES, USER, ACCESSED, HIGH, SUPER, BARE, WITH_COUNT };

#define RWX (PTE_R | PTE_W | PTE_X)
#define AD (PTE_A | PTE_D)

/* One walk: where its tables are, and what is asked for. */
struct rig {
    uint8_t ram[PAGES * PAGE_SIZE], meant[PAGES * PAGE_SIZE];
    unsigned with;   /* a bit for each */
    uint64_t random; /* state: xorshift64, never 0 */
    struct phys phys, meant_phys;
    struct sv32_space space;
    uint32_t va;
    enum access access;
    unsigned tables; /* of the second stage, so far */
    struct sv32_walk walk, meant_walk;
    enum sv32_result result, meant_result;
};

static uint32_t below(struct rig *rig, uint32_t count)
{
    rig->random ^= rig->random << 13;
    rig->random ^= rig->random >> 7;
    rig->random ^= rig->random << 17;
    return (uint32_t)((rig->random >> 32) * count >> 32);
}

static bool with(const struct rig *rig, enum with what)
{
    return rig->with >> what & 1;
}

static uint32_t get(struct rig *rig, uint64_t pa)
{
    return load_le32(rig->ram + (pa - BASE));
}

static void put(struct rig *rig, uint64_t pa, uint32_t word)
{
    store_le32(rig->ram + (pa - BASE), word);
}

/* ---- Making tables ---- */

/* One in eight invalid; else at least a right, and W seldom without R. */
static uint32_t some_rights(struct rig *rig)
{
    return below(rig, 8) ? PTE_V | (PTE_R << below(rig, 3)) | (below(rig, 8) * PTE_R & RWX) : 0;
}

static uint32_t some_ad(struct rig *rig)
{
    return with(rig, ACCESSED) ? below(rig, 4) * PTE_A : AD;
}

static uint32_t second_flags(struct rig *rig, bool random)
{
    uint32_t user = with(rig, USER) && !below(rig, 4) ? 0 : PTE_U;

    return (random ? some_rights(rig) : PTE_V | RWX) | user | some_ad(rig);
}

/* Where the second stage has its entry for a page, with a table if there is none yet. */
static uint64_t second_entry(struct rig *rig, uint64_t gpa)
{
    uint64_t root = AT(SECOND_ROOT) + 4 * SV32X4_INDEX_ROOT(gpa);

    if (!get(rig, root))
        put(rig, root, PTE_MAKE(AT(SECOND_TABLES + rig->tables++) >> PAGE_SHIFT, PTE_V));
    return ((uint64_t)PTE_PPN(get(rig, root)) << PAGE_SHIFT) + 4 * SV32_INDEX((uint32_t)gpa, 0);
}

/* A guest-physical page in one of four regions, so that no two share a table by chance. */
static uint64_t some_gpa(struct rig *rig, uint32_t region)
{
    uint64_t gpa = (uint64_t)(region << 28 | below(rig, 1u << 16) << PAGE_SHIFT);

    return with(rig, HIGH) ? gpa | (uint64_t)below(rig, 4) << 32 : gpa;
}

static uint64_t map_second(struct rig *rig, uint32_t region, enum place page, bool random)
{
    uint64_t gpa = some_gpa(rig, region);

    put(rig, second_entry(rig, gpa),
        PTE_MAKE(AT(page) >> PAGE_SHIFT, second_flags(rig, random)));
    return gpa;
}

/* A superpage of the second stage: its root's entry leads to all of the memory, or amiss. */
static uint64_t map_second_super(struct rig *rig, uint32_t region, enum place page)
{
    uint64_t gpa = (some_gpa(rig, region) & ~0x3fffffull) | page * PAGE_SIZE;
    uint32_t ppn = BASE >> PAGE_SHIFT | !below(rig, 4);

    put(rig, AT(SECOND_ROOT) + 4 * SV32X4_INDEX_ROOT(gpa),
        PTE_MAKE(ppn, second_flags(rig, with(rig, SECOND))));
    return gpa;
}

static uint32_t first_flags(struct rig *rig)
{
    uint32_t user = rig->space.mode == HART_USER ? PTE_U : 0;

    if (with(rig, FIRST))
        return some_rights(rig) | below(rig, 2) * PTE_U | some_ad(rig);
    return PTE_V | RWX | user | some_ad(rig);
}

/* The first stage's entries, for `gpa`. */
static void map_first(struct rig *rig, uint64_t table, uint64_t gpa)
{
    uint64_t root = AT(ROOT) + 4 * SV32_INDEX(rig->va, 1);
    uint32_t ppn = (uint32_t)(gpa >> PAGE_SHIFT);

    put(rig, AT(TABLE) + 4 * SV32_INDEX(rig->va, 0), PTE_MAKE(ppn, first_flags(rig)));
    if (!with(rig, SUPER) || below(rig, 2)) {
        put(rig, root, PTE_MAKE((uint32_t)(table >> PAGE_SHIFT), PTE_V));
        return;
    }
    put(rig, root, PTE_MAKE((ppn & ~(SV32_ENTRIES - 1)) | !below(rig, 4), first_flags(rig)));
    rig->va = (rig->va & ~0x3ff000u) | (ppn & (SV32_ENTRIES - 1)) << PAGE_SHIFT;
}

static void make_space(struct rig *rig)
{
    rig->space = (struct sv32_space){
        .phys = &rig->phys,
        .hgatp =
            SATP_SV32 | AT(SECOND_ROOT) >> PAGE_SHIFT | (with(rig, HIGH) ? below(rig, 4) : 0),
        .mode = (uint8_t)below(rig, 2),
        .sum = with(rig, FIRST) && below(rig, 2),
        .mxr = with(rig, FIRST) && below(rig, 2),
    };
    rig->va = below(rig, 1u << 20) << PAGE_SHIFT | below(rig, PAGE_SIZE / 4) * 4;
    rig->access = (enum access)below(rig, 3);
}

/* Now and then the second stage's own table is not in memory, which is nobody's page fault. */
static void lose_table(struct rig *rig, uint64_t gpa)
{
    if (with(rig, SECOND) && !below(rig, 16))
        put(rig, AT(SECOND_ROOT) + 4 * SV32X4_INDEX_ROOT(gpa), PTE_MAKE(1, PTE_V));
}

static void make_tables(struct rig *rig)
{
    uint64_t root, table, gpa;

    memset(rig->ram, 0, sizeof rig->ram);
    rig->tables = 0;
    make_space(rig);
    root = map_second(rig, 1, ROOT, with(rig, TABLES));
    table = map_second(rig, 2, TABLE, with(rig, TABLES));
    gpa = with(rig, SUPER) && below(rig, 2) ? map_second_super(rig, 3, DATA)
                                            : map_second(rig, 3, DATA, with(rig, SECOND));
    lose_table(rig, gpa);
    if (with(rig, BARE)) {
        rig->va = (uint32_t)gpa | (rig->va & PAGE_MASK);
        return;
    }
    rig->space.satp = SATP_SV32 | (uint32_t)(root >> PAGE_SHIFT);
    map_first(rig, table, gpa);
}

/* ---- Walking them, and comparing ---- */

static void walk_twice(struct rig *rig, sv32_walker *part)
{
    struct sv32_space meant = rig->space;

    memcpy(rig->meant, rig->ram, sizeof rig->ram);
    meant.phys = &rig->meant_phys;
    rig->walk = rig->meant_walk = (struct sv32_walk){.pa = 0};
    rig->meant_result = sv32_translate(&meant, rig->va, rig->access, &rig->meant_walk);
    rig->result = part(&rig->space, rig->va, rig->access, &rig->walk);
}

/* Only what counts: an address without a fault, a guest-physical one with a guest-page fault. */
static bool same_walk(const struct rig *rig)
{
    if (rig->result != rig->meant_result)
        return false;
    switch (rig->result) {
    case SV32_OK: return rig->walk.pa == rig->meant_walk.pa;
    case SV32_GUEST_PAGE_FAULT:
        return rig->walk.gpa >> 2 == rig->meant_walk.gpa >> 2 &&
               rig->walk.tinst == rig->meant_walk.tinst;
    case SV32_PAGE_FAULT:
    case SV32_ACCESS_FAULT: break;
    }
    return true;
}

static void say_walk(enum sv32_result result, enum access access, const struct sv32_walk *walk,
                     char *text, size_t room)
{
    const char *implicit = walk->tinst == TINST_WRITE  ? ", tinst: an entry was written"
                           : walk->tinst == TINST_READ ? ", tinst: an entry was read"
                                                       : ", tinst 0";

    if (result == SV32_OK)
        (void)!snprintf(text, room, "physical address 0x%" PRIx64, walk->pa);
    else if (result == SV32_GUEST_PAGE_FAULT)
        (void)!snprintf(text, room, "%s, gpa 0x%" PRIx64 "%s",
                        trace_cause_name(sv32_cause(result, access)), walk->gpa, implicit);
    else
        (void)!snprintf(text, room, "%s", trace_cause_name(sv32_cause(result, access)));
}

static void say_place(const struct rig *rig, unsigned number, char *message, size_t room)
{
    static const char *const accesses[] = {"fetch from", "load from", "store to"};

    (void)!snprintf(message, room,
                    "random walk %u: a %s va 0x%08" PRIx32 " in %s mode (satp 0x%08" PRIx32
                    ", hgatp 0x%08" PRIx32 ", SUM %u, MXR %u)",
                    number, accesses[rig->access], rig->va,
                    rig->space.mode == HART_USER ? "user" : "supervisor", rig->space.satp,
                    rig->space.hgatp, rig->space.sum, rig->space.mxr);
}

/* The first entry that is not as it should be. */
static void say_entry(const struct rig *rig, char *expected, char *got, size_t room)
{
    uint32_t at = 0;

    while (load_le32(rig->ram + at) == load_le32(rig->meant + at))
        at += 4;
    (void)!snprintf(expected, room, "the entry at physical 0x%08" PRIx32 " is 0x%08" PRIx32,
                    BASE + at, load_le32(rig->meant + at));
    (void)!snprintf(got, room, "0x%08" PRIx32, load_le32(rig->ram + at));
}

/* ---- All ---- */

static bool read_words(const struct exercise_check *check, unsigned *bits)
{
    static const char *const words[WITH_COUNT] = {"first",    "second", "tables", "user",
                                                  "accessed", "high",   "super",  "bare"};

    *bits = 0;
    for (size_t i = 0; i < json_array_size(check->walks); i++) {
        const char *word = json_string_value(json_array_get(check->walks, i));
        unsigned k = 0;

        while (k < WITH_COUNT && word && strcmp(word, words[k]))
            k++;
        if (!word || k == WITH_COUNT)
            return false;
        *bits |= 1u << k;
    }
    return true;
}

static struct phys flat(uint8_t *ram)
{
    return (struct phys){.ram = ram, .base = BASE, .size = PAGES * PAGE_SIZE};
}

enum pz_err grade_walks(const struct exercise_check *check, sv32_walker *part,
                        struct machine_memory *memory, bool *right, char *message,
                        char *expected, char *got, size_t room, struct problem *problem)
{
    struct rig *rig =
        memory ? machine_memory_take(memory, sizeof *rig) : calloc(1, sizeof *rig);

    if (!rig)
        return problem_memory(problem, "the page tables");
    if (!read_words(check, &rig->with))
        return problem_set(problem, PZ_HOST, "%s: 'walks' has an unknown word", check->name);
    rig->random = 0x9e3779b97f4a7c15u;
    rig->phys = flat(rig->ram);
    rig->meant_phys = flat(rig->meant);
    *right = true;
    for (unsigned i = 0; *right && i < WALKS; i++) {
        make_tables(rig);
        walk_twice(rig, part);
        *right = same_walk(rig) && !memcmp(rig->ram, rig->meant, sizeof rig->ram);
        if (*right)
            continue;
        say_place(rig, i, message, room);
        if (same_walk(rig)) {
            say_entry(rig, expected, got, room);
        } else {
            say_walk(rig->meant_result, rig->access, &rig->meant_walk, expected, room);
            say_walk(rig->result, rig->access, &rig->walk, got, room);
        }
    }
    return PZ_OK;
}
