/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * two_stage.c - random two-stage translations, to be made by the walk of isa/sv32.c and by another
 * machine, and compared: tests/cli/isa/isa_two_stage.sh.
 *
 *   two_stage make FILE          the other machine's memory from CASES on
 *   two_stage check FILE RESULT  what it sent, compared with what the walk gives on FILE
 *
 * Memory, in words: how many spaces; for each hgatp, vsatp, MXR, the mode of its accesses (SPVP),
 * where its memory is, how many words, how many accesses; for each access its kind, address, and
 * the value to store. Result: for each access mcause (-1: no trap), mtval, mtval2, mtinst, and the
 * value loaded; behind those of a space a hash of its memory. Every other word of data is an ECALL,
 * which is what fetches are made of: where they succeed, that is the trap.
 *
 * Left out is where QEMU 7.2 does otherwise than the manual; the rest of it is held by
 * tests/unit/isa/test_second_stage.c. Guest-physical addresses have 32 bits on its RV32. To update
 * A and D of a first-stage entry it does not ask the second stage: so pages of first-stage tables
 * that may be read may be written, and are dirty. It calls each access of the first stage's walk a
 * load, whatever it is for. HLV and HSV take SUM for set, and HLVX does not ask for X. Bits 1 and 0
 * of hgatp can be set. MXR of the first stage is that of mstatus.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa/csr_fields.h"
#include "isa/sv32.h"
#include "tests/support/random.h"

#define RAM_BASE 0x80000000u
#define CASES 0x80400000u
#define REGIONS 0x80800000u /* superpages that lead here lead to nothing else */
#define SPACES 64u
#define ACCESSES 96u
#define SUPERPAGE (4u << 20)
#define MEMORY                                                                                 \
    (REGIONS - CASES +                                                                         \
     (SPACES * REGION_PAGES * PAGE_SIZE + SUPERPAGE - 1) / SUPERPAGE * SUPERPAGE)
#define NO_TRAP UINT32_MAX
#define OUTSIDE (UINT32_MAX - 1) /* of all memory: never */

/* The pages of a space's memory. */
enum page {
    SECOND_ROOT = 0, /* four of them */
    SECOND_TABLE = 4,
    SECOND_TABLES = 3,
    ROOT = 7,
    TABLE = 8,
    TABLES = 3,
    DATA = 11,
    REGION_PAGES = 24,
};

enum kind { LOAD, FETCH, STORE, KINDS };

#define ECALL 0x00000073u

static uint8_t memory[MEMORY];

/* ---- Making ---- */

struct making {
    struct rng rng;
    uint32_t base;              /* of the space's memory */
    uint64_t gpa[REGION_PAGES]; /* where each page is in guest-physical memory */
    uint32_t
        parts[SECOND_TABLES + 1]; /* of guest-physical memory: indices of the second root */
    uint32_t regions[TABLES + 1]; /* indices of the first root */
    uint32_t *cases;              /* where the next word goes */
};

static uint32_t page_pa(const struct making *m, unsigned page)
{
    return m->base + page * PAGE_SIZE;
}

static void poke(uint64_t pa, uint32_t word)
{
    store_le32(memory + (pa - CASES), word);
}

/* Flags of a leaf: mostly such as allow much, sometimes whatever comes. */
static uint32_t leaf_flags(struct making *m, uint32_t usual)
{
    uint32_t any = rng_next(&m->rng);

    if (rng_one_in(&m->rng, 8))
        return any & 0x3ff;
    return usual | (any & (PTE_A | PTE_D | PTE_G | PTE_X | 0x300));
}

/* Of a page of tables, as QEMU needs it (above); or the walk cannot read it. */
static uint32_t table_flags(struct making *m)
{
    static const uint32_t bad[] = {0, PTE_V | PTE_R | PTE_W | PTE_A | PTE_D,
                                   PTE_V | PTE_X | PTE_U, PTE_V | PTE_W | PTE_U, PTE_V};
    uint32_t any = rng_next(&m->rng);

    if (rng_one_in(&m->rng, 32))
        return bad[rng_below(&m->rng, sizeof bad / sizeof bad[0])];
    return PTE_V | PTE_R | PTE_W | PTE_U | PTE_D | (any & (PTE_A | PTE_X | PTE_G | 0x300));
}

static bool is_taken(const struct making *m, unsigned pages, uint64_t gpa)
{
    for (unsigned page = ROOT; page < pages; page++)
        if (m->gpa[page] == gpa)
            return true;
    return false;
}

static bool has_part(const struct making *m, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (m->parts[i] == m->parts[count])
            return true;
    return false;
}

/* The last part is a superpage over all of the space's memory, now and then a crooked one. */
static void make_second(struct making *m)
{
    uint32_t super = PTE_MAKE(m->base >> PAGE_SHIFT & ~(SV32_ENTRIES - 1),
                              leaf_flags(m, PTE_V | PTE_R | PTE_W | PTE_U | PTE_D));

    for (unsigned i = 0; i <= SECOND_TABLES; i++) {
        uint32_t flags = rng_one_in(&m->rng, 24) ? PTE_V | PTE_U : PTE_V;

        do
            m->parts[i] = rng_below(&m->rng, SV32_ENTRIES);
        while (has_part(m, i));
        poke(page_pa(m, SECOND_ROOT) + 4 * m->parts[i],
             i == SECOND_TABLES ? super | (rng_one_in(&m->rng, 8) ? 1u << 12 : 0)
                                : PTE_MAKE(page_pa(m, SECOND_TABLE + i) >> PAGE_SHIFT, flags));
    }
    for (unsigned page = ROOT; page < REGION_PAGES; page++) {
        unsigned part = rng_below(&m->rng, SECOND_TABLES);
        uint32_t slot = rng_below(&m->rng, SV32_ENTRIES);
        uint64_t gpa = (uint64_t)m->parts[part] << 22 | slot << PAGE_SHIFT;
        uint32_t flags =
            page < DATA ? table_flags(m) : leaf_flags(m, PTE_V | PTE_R | PTE_W | PTE_U);

        if (is_taken(m, page, gpa)) {
            page--;
            continue;
        }
        m->gpa[page] = gpa;
        poke(page_pa(m, SECOND_TABLE + part) + 4 * slot,
             PTE_MAKE(page_pa(m, page) >> PAGE_SHIFT, flags));
    }
}

/* Where a first-stage entry leads: to a page of data, by either way, or to nothing. */
static uint32_t some_ppn(struct making *m)
{
    unsigned page = DATA + rng_below(&m->rng, REGION_PAGES - DATA);

    if (rng_one_in(&m->rng, 16))
        return rng_next(&m->rng) >> PAGE_SHIFT;
    if (rng_one_in(&m->rng, 4))
        return m->parts[SECOND_TABLES] << 10 | SV32_INDEX(page_pa(m, page), 0);
    return (uint32_t)(m->gpa[page] >> PAGE_SHIFT);
}

static void make_first(struct making *m)
{
    for (unsigned i = 0; i <= TABLES; i++) {
        uint32_t flags = rng_one_in(&m->rng, 24) ? PTE_V | PTE_A : PTE_V;
        uint32_t super = PTE_MAKE(m->parts[rng_below(&m->rng, SECOND_TABLES + 1)] << 10,
                                  leaf_flags(m, PTE_V | PTE_R | PTE_W | PTE_U));

        m->regions[i] = rng_below(&m->rng, SV32_ENTRIES);
        poke(page_pa(m, ROOT) + 4 * m->regions[i],
             i == TABLES ? super : PTE_MAKE(m->gpa[TABLE + i] >> PAGE_SHIFT, flags));
        for (unsigned k = 0; i < TABLES && k < 24; k++)
            poke(page_pa(m, TABLE + i) + 4 * k,
                 PTE_MAKE(some_ppn(m), leaf_flags(m, PTE_V | PTE_R | PTE_W | PTE_U)));
    }
    for (unsigned at = DATA * PAGE_SIZE; at < REGION_PAGES * PAGE_SIZE; at += 4)
        poke(m->base + at, at % 8 ? rng_next(&m->rng) : ECALL);
}

static void put(struct making *m, uint32_t word)
{
    store_le32((uint8_t *)m->cases++, word);
}

static uint32_t some_va(struct making *m, bool translated)
{
    uint32_t offset = rng_below(&m->rng, PAGE_SIZE / 4) * 4;
    unsigned i = rng_below(&m->rng, TABLES + 1);
    uint32_t slot = rng_below(&m->rng, 25);

    if (!translated)
        return some_ppn(m) << PAGE_SHIFT | offset;
    if (rng_one_in(&m->rng, 32))
        return rng_next(&m->rng) & ~3u;
    if (i == TABLES) /* where the superpage may lead to something */
        slot = SV32_INDEX((uint32_t)m->gpa[DATA + rng_below(&m->rng, REGION_PAGES - DATA)], 0);
    return m->regions[i] << 22 | slot << PAGE_SHIFT | offset;
}

static void make_space(struct making *m, unsigned number)
{
    bool translated = !rng_one_in(&m->rng, 8);
    uint32_t any = rng_next(&m->rng);

    memset(m->gpa, 0, sizeof m->gpa);
    m->base = REGIONS + number * REGION_PAGES * PAGE_SIZE;
    make_second(m);
    make_first(m);
    put(m, SATP_SV32 | page_pa(m, SECOND_ROOT) >> PAGE_SHIFT);
    put(m, translated ? SATP_SV32 | (uint32_t)(m->gpa[ROOT] >> PAGE_SHIFT) : 0);
    put(m, any & SSTATUS_MXR);
    put(m, any & 1);
    put(m, m->base);
    put(m, REGION_PAGES * PAGE_SIZE / 4);
    put(m, ACCESSES);
    for (unsigned i = 0; i < ACCESSES; i++) {
        uint32_t kind = rng_below(&m->rng, KINDS);

        put(m, kind);
        put(m, some_va(m, translated) & ~(kind == FETCH ? 7u : 3u));
        put(m, rng_next(&m->rng) & ~0x7fu); /* no instruction, of any length */
    }
}

static int make(const char *path)
{
    static struct making m;
    FILE *file = fopen(path, "wb");

    m.rng = rng_new(rng_seed(1));
    m.cases = (uint32_t *)(void *)memory;
    put(&m, SPACES);
    for (unsigned i = 0; i < SPACES; i++)
        make_space(&m, i);
    if (!file || fwrite(memory, 1, sizeof memory, file) != sizeof memory || fclose(file)) {
        perror(path);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

/* ---- Checking ---- */

struct result {
    uint32_t cause, tval, tval2, tinst, value;
};

static uint32_t next(FILE *file)
{
    uint8_t word[4];

    if (fread(word, 1, sizeof word, file) != sizeof word) {
        fprintf(stderr, "two_stage: the result ends early\n");
        exit(EXIT_FAILURE);
    }
    return load_le32(word);
}

static uint32_t next_case(const uint8_t **at)
{
    *at += 4;
    return load_le32(*at - 4);
}

static struct result walk(struct sv32_space *space, enum kind kind, uint32_t va, uint32_t value)
{
    static const enum access access_of[] = {
        [LOAD] = ACCESS_LOAD, [FETCH] = ACCESS_FETCH, [STORE] = ACCESS_STORE};
    struct sv32_walk walk;
    enum sv32_result result = sv32_translate(space, va, access_of[kind], &walk);
    struct trap trap;
    uint8_t *host;

    if (result != SV32_OK) {
        trap = sv32_trap(result, access_of[kind], va, &walk);
        return (struct result){trap.cause, trap.tval, trap.tval2, trap.tinst, 0};
    }
    host = phys_host(space->phys, walk.pa, kind == STORE);
    if (!host)
        return (struct result){.cause = OUTSIDE};
    if (kind == STORE)
        store_le32(host, value);
    if (kind != FETCH)
        return (struct result){.cause = NO_TRAP, .value = kind == LOAD ? load_le32(host) : 0};
    if (load_le32(host) != ECALL)
        return (struct result){.cause = CAUSE_ILLEGAL_INSN, .tval = load_le32(host)};
    return (struct result){.cause = space->mode == HART_USER ? CAUSE_ECALL_USER
                                                             : CAUSE_ECALL_VIRTUAL};
}

/*
 * Of the trapping instruction's own transformation, which QEMU gives, nothing is compared; nor of
 * implicit accesses what they were for.
 */
static bool same(const struct result *ours, const struct result *theirs)
{
    bool implicit = theirs->tinst == TINST_READ || theirs->tinst == TINST_WRITE;
    uint32_t cause = implicit ? CAUSE_LOAD_GUEST_PAGE_FAULT : ours->cause;

    return cause == theirs->cause && ours->tval == theirs->tval &&
           ours->tval2 == theirs->tval2 && ours->value == theirs->value &&
           ours->tinst == (implicit ? theirs->tinst : 0);
}

static void print(const char *whose, const struct result *result)
{
    fprintf(stderr,
            "  %s: cause %" PRId32 ", tval %08" PRIx32 ", tval2 %08" PRIx32 ", tinst %08" PRIx32
            ", value %08" PRIx32 "\n",
            whose, (int32_t)result->cause, result->tval, result->tval2, result->tinst,
            result->value);
}

static uint32_t hash_of(struct phys *phys, uint32_t base, uint32_t words)
{
    uint32_t hash = 1;

    for (uint32_t i = 0; i < words; i++)
        hash = hash * 31 + load_le32(phys_host(phys, base + 4 * (uint64_t)i, false));
    return hash;
}

struct tally {
    unsigned walks, different, causes[CAUSE_EXCEPTIONS + 1], implicit;
};

static void check_access(struct tally *tally, struct sv32_space *space, const uint8_t **at,
                         FILE *file)
{
    enum kind kind = (enum kind)next_case(at);
    uint32_t va = next_case(at), value = next_case(at);
    struct result ours = walk(space, kind, va, value), theirs;

    theirs.cause = next(file);
    theirs.tval = next(file);
    theirs.tval2 = next(file);
    theirs.tinst = next(file);
    theirs.value = next(file);
    tally->walks++;
    tally->causes[ours.cause < CAUSE_EXCEPTIONS ? ours.cause : CAUSE_EXCEPTIONS]++;
    tally->implicit += ours.tinst != 0;
    if (same(&ours, &theirs) || tally->different++ > 8)
        return;
    fprintf(stderr,
            "walk %u: kind %u of %08" PRIx32 " by hgatp %08" PRIx32 ", satp %08" PRIx32
            ", %s mode%s\n",
            tally->walks, kind, va, space->hgatp, space->satp,
            space->mode == HART_USER ? "user" : "supervisor", space->mxr ? ", MXR" : "");
    print("ours", &ours);
    print("theirs", &theirs);
}

static void check_space(struct tally *tally, struct phys *phys, const uint8_t **at, FILE *file)
{
    struct sv32_space space = {.phys = phys, .sum = true};
    uint32_t base, words, accesses;

    space.hgatp = next_case(at);
    space.satp = next_case(at);
    space.mxr = next_case(at);
    space.mode = (uint8_t)next_case(at);
    base = next_case(at);
    words = next_case(at);
    accesses = next_case(at);
    while (accesses--)
        check_access(tally, &space, at, file);
    if (hash_of(phys, base, words) != next(file)) {
        tally->different++;
        fprintf(stderr, "memory differs behind walk %u\n", tally->walks);
    }
}

static int check(const char *path, const char *result)
{
    struct phys phys = {.ram = memory, .base = CASES, .size = sizeof memory};
    struct tally tally = {0};
    const uint8_t *at = memory;
    FILE *file = fopen(path, "rb");

    if (!file || fread(memory, 1, sizeof memory, file) != sizeof memory) {
        perror(path);
        return EXIT_FAILURE;
    }
    (void)fclose(file);
    file = fopen(result, "rb");
    if (!file) {
        perror(result);
        return EXIT_FAILURE;
    }
    for (uint32_t spaces = next_case(&at); spaces; spaces--)
        check_space(&tally, &phys, &at, file);
    (void)fclose(file);
    printf(
        "%u walks, %u different: %u without a trap, %u page faults, %u guest-page faults, %u of "
        "them by the walk itself\n",
        tally.walks, tally.different, tally.causes[CAUSE_EXCEPTIONS],
        tally.causes[CAUSE_LOAD_PAGE_FAULT] + tally.causes[CAUSE_STORE_PAGE_FAULT],
        tally.causes[CAUSE_LOAD_GUEST_PAGE_FAULT] + tally.causes[CAUSE_STORE_GUEST_PAGE_FAULT],
        tally.implicit);
    return tally.different ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "make"))
        return make(argv[2]);
    if (argc == 4 && !strcmp(argv[1], "check"))
        return check(argv[2], argv[3]);
    fprintf(stderr, "usage: two_stage make FILE, or check FILE RESULT\n");
    return 2;
}
