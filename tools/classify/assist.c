/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * assist.c - experiments with hardware assistance. The program is a whole guest: its hart, and
 * memory of CLASSIFY_GUEST_RAM bytes from guest-physical address 0, behind a second stage.
 *
 *   0x00000  the guest's memory in the first place; in root mode the program is here, too
 *   0x20000  its memory in the second place
 *   0x40000  the second stage of the first place: a root, and the table below it
 *   0x48000  of the second place
 *
 * Of the two places, the one that is not in use holds other bytes: so whatever reads the machine's
 * memory without the second stage shows it. Two of the guest's pages the second stage does not map:
 * in root mode they are there, and an access of the guest's leaves.
 */
#include <string.h>

#include "tools/classify/classify.h"

#define STAGE 0x40000u
#define STAGE_STEP 0x8000u
#define STAGE_LEAF (SV32X4_ROOT_PAGES * PAGE_SIZE)
#define STAGE_FLAGS (PTE_V | PTE_R | PTE_W | PTE_X | PTE_U | PTE_A | PTE_D)
#define NOISE 0xa5

_Static_assert(STAGE + STAGE_STEP + STAGE_LEAF + PAGE_SIZE == CLASSIFY_ASSIST_RAM,
               "the last table ends where the memory does");

static uint32_t stage_of(unsigned where)
{
    return STAGE + where * STAGE_STEP;
}

uint32_t classify_memory(const struct classify_state *state)
{
    return state->world == CLASSIFY_GUEST ? state->where * CLASSIFY_GUEST_RAM : 0;
}

static bool is_hole(uint32_t gpa)
{
    for (unsigned place = 0; place < CLASSIFY_PLACES; place++) {
        uint32_t at = gpa - classify_base((enum classify_place)place);

        if (at == CLASSIFY_DATA + PAGE_SIZE || at == CLASSIFY_READ)
            return true;
    }
    return false;
}

static void make_stage(uint8_t *image, unsigned where)
{
    uint32_t root = stage_of(where), leaf = root + STAGE_LEAF;

    store_le32(image + root, PTE_MAKE(leaf >> PAGE_SHIFT, PTE_V));
    for (uint32_t gpa = 0; gpa < CLASSIFY_GUEST_RAM; gpa += PAGE_SIZE)
        if (!is_hole(gpa))
            store_le32(image + leaf + 4 * (gpa >> PAGE_SHIFT),
                       PTE_MAKE((where * CLASSIFY_GUEST_RAM + gpa) >> PAGE_SHIFT, STAGE_FLAGS));
}

void classify_assist_init(struct classify_bench *bench)
{
    memset(bench->image + CLASSIFY_GUEST_RAM, NOISE, CLASSIFY_GUEST_RAM);
    for (unsigned where = 0; where < 2; where++)
        make_stage(bench->image, where);
}

static void move_program(struct classify_bench *bench, unsigned where)
{
    uint8_t *to = bench->image + where * CLASSIFY_GUEST_RAM;
    uint8_t *from = bench->image + bench->where * CLASSIFY_GUEST_RAM;

    if (where == bench->where)
        return;
    memcpy(to, from, CLASSIFY_GUEST_RAM);
    memset(from, NOISE, CLASSIFY_GUEST_RAM);
    memcpy(bench->ram, bench->image, 2 * CLASSIFY_GUEST_RAM);
    engine_code_changed(bench->engine, 0, 2 * CLASSIFY_GUEST_RAM);
    bench->where = (uint8_t)where;
}

void classify_assist_put(struct classify_bench *bench, const struct classify_state *state)
{
    bool guest = state->world == CLASSIFY_GUEST;
    unsigned where = guest ? state->where : 0;
    const struct engine_space space = {
        .hgatp = guest ? SATP_SV32 | stage_of(where) >> PAGE_SHIFT : 0};

    move_program(bench, where);
    engine_set_space(bench->engine, &space);
    bench->variant.real_sstatus = state->real.sstatus;
    bench->variant.real_stvec = state->real.stvec;
    bench->variant.real_device = state->real.device;
    bench->exits = state->real.exits;
}
