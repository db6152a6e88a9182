/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * states.c - states to start from, and the memory around them.
 *
 *   physical   0x01000  the supervisor's trap handler, the same for all places
 *              0x00000 + virtual  the program, when nothing is translated
 *              0x10000 + virtual  the program here; 0x1e000 root, 0x1f000 the table below it
 *              0x20000 + virtual  the program there; likewise
 *
 * The program has the same bytes in the three places. All else differs between them, so that an
 * instruction which reads physical memory shows it. Pages are the user's in user mode and the
 * supervisor's in supervisor mode, for no page of Sv32 can be executed in both.
 */
#include <string.h>

#include "tools/classify/classify.h"

#define BASE_STEP 0x10000u
#define ROOT 0xe000u
#define LEAF 0xf000u
#define OLD_FIRST_BYTE 0x1d
#define NEW_FIRST_BYTE 0xbe

uint32_t classify_base(enum classify_place place)
{
    return place * BASE_STEP;
}

uint32_t classify_satp(enum classify_place place)
{
    if (place == CLASSIFY_BARE)
        return 0;
    return SATP_SV32 | (classify_base(place) + ROOT) >> PAGE_SHIFT;
}

uint32_t classify_pte_pa(enum classify_place place, uint32_t va)
{
    return classify_base(place) + LEAF + 4 * SV32_INDEX(va, 0);
}

/* ---- Random numbers: splitmix64, after Vigna ---- */

uint32_t classify_random_bits(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ z >> 31) >> 32);
}

/* ---- Memory ---- */

static void fill(uint8_t *from, uint32_t len, uint64_t seed)
{
    for (uint32_t i = 0; i < len; i += 4)
        store_le32(from + i, classify_random_bits(&seed));
}

void classify_image(uint8_t *image)
{
    for (unsigned place = 0; place < CLASSIFY_PLACES; place++) {
        uint8_t *base = image + classify_base((enum classify_place)place);

        fill(base, BASE_STEP, 1000 + place);
        fill(base + CLASSIFY_CODE, CLASSIFY_PROBE + 2 * PAGE_SIZE - CLASSIFY_CODE, 7);
        base[CLASSIFY_PROBE] = OLD_FIRST_BYTE;
        base[CLASSIFY_PROBE + PAGE_SIZE] = NEW_FIRST_BYTE;
        if (place == CLASSIFY_BARE)
            continue;
        memset(base + ROOT, 0, 2 * PAGE_SIZE);
        store_le32(
            base + ROOT,
            PTE_MAKE((classify_base((enum classify_place)place) + LEAF) >> PAGE_SHIFT, PTE_V));
        classify_tables(image, (enum classify_place)place, HART_SUPERVISOR);
    }
}

/* A and D are set beforehand: the walk updates them, not the instruction. */
#define LEAF_FLAGS (PTE_V | PTE_A | PTE_D)

static const struct {
    uint32_t va, pages, rights;
} mapped[] = {{CLASSIFY_CODE, 3, PTE_R | PTE_X},
              {CLASSIFY_DATA, 2, PTE_R | PTE_W},
              {CLASSIFY_READ, 1, PTE_R},
              {CLASSIFY_EXEC, 1, PTE_X},
              {CLASSIFY_PROBE, 1, PTE_R | PTE_W}};

void classify_tables(uint8_t *image, enum classify_place place, enum hart_mode mode)
{
    uint32_t base = classify_base(place), user = mode == HART_USER ? PTE_U : 0;

    for (unsigned i = 0; i < sizeof mapped / sizeof mapped[0]; i++)
        for (uint32_t page = 0; page < mapped[i].pages; page++) {
            uint32_t va = mapped[i].va + page * PAGE_SIZE;

            store_le32(
                image + classify_pte_pa(place, va),
                PTE_MAKE((base + va) >> PAGE_SHIFT, LEAF_FLAGS | mapped[i].rights | user));
        }
    store_le32(image + classify_pte_pa(place, CLASSIFY_HANDLER),
               PTE_MAKE(CLASSIFY_HANDLER >> PAGE_SHIFT, LEAF_FLAGS | PTE_R | PTE_W | PTE_X));
}

/* ---- States ---- */

#define IRQS (IRQ_BIT(IRQ_SSOFT) | IRQ_BIT(IRQ_STIMER) | IRQ_BIT(IRQ_SEXT))

/* What rows.c's operands rely on. */
static void set_registers(struct hart *hart)
{
    for (unsigned i = 1; i < 32; i++)
        hart->x[i] = 0x01010101u * i;
    hart->x[6] = SSTATUS_MASK | IRQS;
    hart->x[9] = 0;
    hart->x[10] = CLASSIFY_DATA + 0x100;
    hart->x[11] = 0x8badf00d;
    hart->x[12] = CLASSIFY_READ + 0x40;
    hart->x[13] = CLASSIFY_EXEC + 0x40;
    hart->x[14] = CLASSIFY_DATA + PAGE_SIZE - 2;
    hart->x[15] = CLASSIFY_DATA + PAGE_SIZE + 0x200;
    hart->x[16] = CLASSIFY_PROBE + 8;
}

/* As the supervisor has it just after an SRET to the program. */
static void set_fresh(struct hart *hart)
{
    hart->sstatus = SSTATUS_SPIE;
    hart->stvec = CLASSIFY_HANDLER;
    hart->sepc = CLASSIFY_PC;
    hart->sscratch = 0x0badcafe;
}

/* Pending interrupts are never enabled: to take one is not an effect of the instruction. */
static void set_busy(struct hart *hart)
{
    hart->sstatus = SSTATUS_SIE | SSTATUS_SPP | SSTATUS_SUM | SSTATUS_MXR;
    hart->sie = IRQ_BIT(IRQ_STIMER) | IRQ_BIT(IRQ_SEXT);
    hart->sip = IRQ_BIT(IRQ_SSOFT);
    hart->stvec = CLASSIFY_HANDLER | STVEC_VECTORED;
    hart->sepc = CLASSIFY_PC - 0x104;
    hart->scause = CAUSE_ECALL_USER;
    hart->stval = 0x12345678;
    hart->sscratch = 0xfeedbee0;
    hart->retired = 1000000;
    hart->skipped = 77;
    hart->reservation = (struct reservation){true, CLASSIFY_DATA + 0x100, 0x5eed};
}

bool classify_state_chosen(unsigned k, struct classify_state *state)
{
    *state = (struct classify_state){.place = CLASSIFY_HERE, .device = 0x60};
    hart_reset(&state->hart, CLASSIFY_PC);
    set_registers(&state->hart);
    if (k == 0)
        set_fresh(&state->hart);
    else
        set_busy(&state->hart);
    *state = classify_state_in(state, HART_USER, CLASSIFY_HERE);
    return k < 2;
}

static uint32_t random_register(uint64_t *seed)
{
    uint32_t bits = classify_random_bits(seed), offset = classify_random_bits(seed);

    switch (bits >> 29) {
    case 0: return bits;
    case 1: return offset & 31;
    case 2: return 0u - (offset & 31);
    default:
        return CLASSIFY_DATA + offset % (CLASSIFY_PROBE - CLASSIFY_DATA) / (bits & 4 ? 1 : 4) *
                                   (bits & 4 ? 1 : 4);
    }
}

void classify_state_random(uint64_t *seed, struct classify_state *state)
{
    struct hart *hart = &state->hart;

    *state = (struct classify_state){.device = classify_random_bits(seed) & 0xff};
    hart_reset(hart, CLASSIFY_PC);
    for (unsigned i = 1; i < 32; i++)
        hart->x[i] = random_register(seed);
    hart->sstatus = classify_random_bits(seed) & SSTATUS_MASK;
    hart->sie = classify_random_bits(seed) & IRQS;
    hart->sip = classify_random_bits(seed) & IRQS & ~hart->sie;
    hart->stvec = CLASSIFY_HANDLER | (classify_random_bits(seed) & STVEC_VECTORED);
    hart->sscratch = classify_random_bits(seed);
    hart->sepc = classify_random_bits(seed) & ~1u;
    hart->scause = classify_random_bits(seed);
    hart->stval = classify_random_bits(seed);
    hart->retired = classify_random_bits(seed);
    hart->skipped = classify_random_bits(seed);
    *state = classify_state_in(state, HART_USER, CLASSIFY_HERE);
}

struct classify_state classify_state_in(const struct classify_state *state, enum hart_mode mode,
                                        enum classify_place place)
{
    struct classify_state moved = *state;

    moved.place = (uint8_t)place;
    moved.hart.mode = (uint8_t)mode;
    moved.hart.satp = classify_satp(place);
    return moved;
}

enum hart_mode classify_side(const struct classify_state *state)
{
    if (state->world == CLASSIFY_NATIVE)
        return (enum hart_mode)state->hart.mode;
    return state->world == CLASSIFY_ROOT ? HART_SUPERVISOR : HART_USER;
}

/* With assistance the hart's mode is the program's, and the same on both sides. */
struct classify_state classify_state_on(const struct classify_state *state, enum hart_mode side,
                                        enum classify_place place)
{
    struct classify_state moved;

    if (state->world == CLASSIFY_NATIVE)
        return classify_state_in(state, side, place);
    moved = classify_state_in(state, (enum hart_mode)state->hart.mode, place);
    moved.world = side == HART_SUPERVISOR ? CLASSIFY_ROOT : CLASSIFY_GUEST;
    return moved;
}

/* ---- Variations ---- */

static void vary_sstatus(struct classify_state *state)
{
    state->hart.sstatus ^= SSTATUS_MASK;
}

static void vary_sie(struct classify_state *state)
{
    state->hart.sie = ~state->hart.sie & IRQS & ~state->hart.sip;
}

static void vary_sip(struct classify_state *state)
{
    state->hart.sip = ~state->hart.sip & IRQS & ~state->hart.sie;
}

static void vary_stvec(struct classify_state *state)
{
    state->hart.stvec ^= 0x80;
}

static void vary_sscratch(struct classify_state *state)
{
    state->hart.sscratch ^= 0x5a5a5a5a;
}

static void vary_sepc(struct classify_state *state)
{
    state->hart.sepc ^= 0x40;
}

static void vary_scause(struct classify_state *state)
{
    state->hart.scause ^= 0x8000000f;
}

static void vary_stval(struct classify_state *state)
{
    state->hart.stval ^= 0xa5a5a5a5;
}

/* In user mode it remains 0, as the monitor keeps the real CPU's: the counters trap there. */
static void vary_scounteren(struct classify_state *state)
{
    if (state->hart.mode == HART_SUPERVISOR)
        state->hart.scounteren ^= SCOUNTEREN_CY | SCOUNTEREN_TM | SCOUNTEREN_IR;
}

static void vary_senvcfg(struct classify_state *state)
{
    state->hart.senvcfg ^= SENVCFG_FIOM;
}

static void vary_clock(struct classify_state *state)
{
    state->hart.skipped += (1ull << 32) + 0x12345;
}

static void vary_count(struct classify_state *state)
{
    state->hart.retired += (1ull << 32) + 0x54321;
}

static void vary_device(struct classify_state *state)
{
    state->device ^= 0xff;
}

static void vary_untranslated(struct classify_state *state)
{
    *state = classify_state_in(state, (enum hart_mode)state->hart.mode, CLASSIFY_BARE);
}

static void vary_place(struct classify_state *state)
{
    *state = classify_state_in(state, (enum hart_mode)state->hart.mode, CLASSIFY_THERE);
}

struct variation {
    enum classify_kind kind;
    void (*vary)(struct classify_state *state);
};

static const struct variation variations[] = {
    {CLASSIFY_LOCATION, vary_place},   {CLASSIFY_LOCATION, vary_untranslated},
    {CLASSIFY_STATE, vary_sstatus},    {CLASSIFY_STATE, vary_sie},
    {CLASSIFY_STATE, vary_sip},        {CLASSIFY_STATE, vary_stvec},
    {CLASSIFY_STATE, vary_sscratch},   {CLASSIFY_STATE, vary_sepc},
    {CLASSIFY_STATE, vary_scause},     {CLASSIFY_STATE, vary_stval},
    {CLASSIFY_STATE, vary_scounteren}, {CLASSIFY_STATE, vary_senvcfg},
    {CLASSIFY_TIME, vary_clock},       {CLASSIFY_TIME, vary_count},
    {CLASSIFY_DEVICE, vary_device},
};

/* ---- Variations of the machine around a guest ---- */

static void vary_memory(struct classify_state *state)
{
    state->where = !state->where;
}

static void vary_real_sstatus(struct classify_state *state)
{
    state->real.sstatus ^= SSTATUS_MASK;
}

static void vary_real_stvec(struct classify_state *state)
{
    state->real.stvec ^= 0x80;
}

static void vary_real_time(struct classify_state *state)
{
    state->real.exits += 0x12345;
}

static void vary_real_device(struct classify_state *state)
{
    state->real.device ^= 0xff;
}

static const struct variation real_variations[] = {
    {CLASSIFY_LOCATION, vary_memory},    {CLASSIFY_STATE, vary_real_sstatus},
    {CLASSIFY_STATE, vary_real_stvec},   {CLASSIFY_TIME, vary_real_time},
    {CLASSIFY_DEVICE, vary_real_device},
};

/* In root mode the whole machine is the program's: there is nothing to vary. */
bool classify_vary(const struct classify_state *state, unsigned k,
                   struct classify_state *varied, enum classify_kind *kind)
{
    static const struct {
        const struct variation *list;
        unsigned count;
    } all[] = {[CLASSIFY_NATIVE] = {variations, sizeof variations / sizeof variations[0]},
               [CLASSIFY_ROOT] = {NULL, 0},
               [CLASSIFY_GUEST] = {real_variations,
                                   sizeof real_variations / sizeof real_variations[0]}};

    if (k >= all[state->world].count)
        return false;
    *varied = *state;
    *kind = all[state->world].list[k].kind;
    all[state->world].list[k].vary(varied);
    return true;
}
