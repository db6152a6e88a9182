/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * statehash.c - field by field, so that neither padding nor the host's layout of a struct counts.
 * What the monitor brings into line only at the next entry is hashed as it will then be.
 */
#include "tools/travel/statehash.h"

#include "vmm/memory.h"

#define XXH_STATIC_LINKING_ONLY /* the state of a hash, by value */
#include <xxhash.h>

#define FIELDS_MOST 512u

/* Fields, all as 64 bits. */
struct fields {
    uint64_t at[FIELDS_MOST];
    unsigned count;
};

static void add(struct fields *fields, uint64_t value)
{
    fields->at[fields->count++] = value;
}

/* The registers of a hart, but for those that depend on the time. */
static void add_registers(struct fields *fields, const struct hart *hart, uint32_t sip)
{
    const struct reservation *held = &hart->reservation;
    const uint32_t csrs[] = {hart->sstatus,    hart->sie,     sip,          hart->stvec,
                             hart->sscratch,   hart->sepc,    hart->scause, hart->stval,
                             hart->scounteren, hart->senvcfg, hart->satp};

    for (unsigned i = 0; i < 32; i++)
        add(fields, hart->x[i]);
    for (unsigned i = 0; i < sizeof csrs / sizeof csrs[0]; i++)
        add(fields, csrs[i]);
    add(fields, hart->pc);
    add(fields, hart->mode);
    add(fields, held->valid);
    add(fields, held->valid ? held->va : 0);
    add(fields, held->valid ? held->value : 0);
    add(fields, hart->retired);
}

/* Which page a virtual CPU shares; of one that shares none, nothing. */
static void add_shared(struct fields *fields, const struct para_cpu *para)
{
    if (!para->shared)
        return;
    add(fields, para->page);
    add(fields, para->exchange);
    add(fields, para->pending);
}

/* The one that has its turn first. */
static void add_harts(struct fields *fields, const struct vm *vm)
{
    const struct hart *hart = &vm->cpu->hart;
    uint64_t time = vm->wake ? vm->wake : hart_time(hart); /* a sleeper's: when it wakes */

    add_registers(fields, hart, board_sip(&vm->board, hart, time));
    add(fields, time);
    for (unsigned id = 0; id < vm->board.harts.count; id++) {
        if (&vm->vcpus[id] != vm->cpu)
            add_registers(fields, &vm->vcpus[id].hart, vm->vcpus[id].hart.sip);
        add_shared(fields, &vm->vcpus[id].para);
    }
}

/* Everything that the board's devices name as their state. */
static void add_board(XXH3_state_t *hash, struct board *board)
{
    struct state_part part;

    for (unsigned i = 0; board_part(board, i, &part); i++)
        for (const struct state_field *field = part.fields; field->name; field++)
            (void)XXH3_64bits_update(hash, (const uint8_t *)part.at + field->offset,
                                     (size_t)field->width * field->count);
}

/* A page never touched and one that is zero cannot be told apart by the guest. */
static void add_ram(XXH3_state_t *hash, struct vm *vm)
{
    for (uint64_t at = 0; at < vm->pmap.size; at += PAGE_SIZE) {
        const uint8_t *page = memory_look(vm, (struct gpa){vm->pmap.base + at});

        if (!page || phys_is_zero(page, PAGE_SIZE))
            continue;
        (void)XXH3_64bits_update(hash, &at, sizeof at);
        (void)XXH3_64bits_update(hash, page, PAGE_SIZE);
    }
}

uint64_t statehash_vm(struct vm *vm)
{
    struct fields fields = {.count = 0};
    XXH3_state_t hash;

    add(&fields, vm->id);
    add(&fields, vm->end);
    add_harts(&fields, vm);
    (void)XXH3_64bits_reset(&hash);
    (void)XXH3_64bits_update(&hash, fields.at, fields.count * sizeof fields.at[0]);
    add_board(&hash, &vm->board);
    add_ram(&hash, vm);
    return XXH3_64bits_digest(&hash);
}

uint64_t statehash_all(struct vmm *vmm)
{
    uint64_t all = 0;

    for (unsigned i = 0; i < vmm->vm_count; i++)
        if (vmm->vms[i]) {
            uint64_t pair[] = {all, statehash_vm(vmm->vms[i])};

            all = XXH3_64bits(pair, sizeof pair);
        }
    return all;
}

uint64_t statehash_bytes(const void *bytes, size_t len)
{
    return XXH3_64bits(bytes, len);
}
