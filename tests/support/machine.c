/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine.c - setting up the test machine: engine, memory map, hart. */
#include "tests/support/machine.h"

#include <stdlib.h>

#include "isa/insn.h"

#define TABLES_PA 0x1000u
#define SECOND_TABLES_PA 0x10000u

static void map_all(struct space *space, uint32_t data_pa)
{
    space_map(space, CODE_VA, CODE_PA, PTE_USER | PTE_R | PTE_X);
    space_map(space, CODE2_VA, CODE2_PA, PTE_USER | PTE_R | PTE_X);
    space_map(space, DATA_VA, data_pa, PTE_USER | PTE_R | PTE_W);
    space_map(space, DATA2_VA, DATA2_PA, PTE_USER | PTE_R | PTE_W);
    space_map(space, READ_VA, DATA_PA, PTE_USER | PTE_R);
    space_map(space, EXEC_VA, CODE_PA, PTE_USER | PTE_X);
    space_map(space, SUPERVISOR_VA, DATA_PA, PTE_V | PTE_RWX | PTE_A | PTE_D);
    space_map(space, RESERVED_VA, DATA_PA, PTE_USER | PTE_W);
    space_map(space, ALIAS_VA, CODE_PA, PTE_USER | PTE_R | PTE_W);
    space_map(space, OUTSIDE_VA, MACHINE_RAM, PTE_USER | PTE_RWX);
    space_map(space, FAR_VA, 1ull << 32, PTE_USER | PTE_RWX);
    space_map(space, LAST_VA, CODE_PA, PTE_USER | PTE_R | PTE_X);
    space_map(space, FIRST_VA, CODE2_PA, PTE_USER | PTE_R | PTE_X);
    space_map_super(space, SUPER_VA, SUPER_PA, PTE_USER | PTE_RWX);
    space_map_super(space, CROOKED_VA, SUPER_PA + PAGE_SIZE, PTE_USER | PTE_RWX);
}

void machine_init(struct machine *machine, const struct engine_maker *maker)
{
    memset(machine, 0, sizeof *machine);
    machine->maker = maker;
    machine->ram = ram_new(MACHINE_RAM);
    machine->engine = maker->create(machine->ram, MACHINE_RAM);
    if (!machine->engine)
        abort();
    machine->space = space_new(machine->ram, TABLES_PA);
    map_all(&machine->space, DATA_PA);
    machine->second = space_new(machine->ram, SECOND_TABLES_PA);
    map_all(&machine->second, OTHER_PA);
    hart_reset(&machine->hart, CODE_VA);
    machine->hart.mode = HART_USER;
    for (uint32_t i = 1; i < 32; i++)
        machine->hart.x[i] = i * 0x01234567u;
    machine_enter(machine, &machine->space);
}

void machine_fini(struct machine *machine)
{
    machine->maker->destroy(machine->engine);
    ram_free(machine->ram, MACHINE_RAM);
}

void machine_enter(struct machine *machine, const struct space *space)
{
    engine_set_space(machine->engine,
                     &(struct engine_space){.deprivileged = true, .root = space_satp(space)});
}

void machine_code(struct machine *machine, uint32_t pa, const uint32_t *code)
{
    for (; *code; code++) {
        uint32_t len = insn_is_wide(*code) ? 4 : 2;

        memcpy(machine->ram + pa, code, len);
        engine_code_changed(machine->engine, pa, len);
        pa += len;
    }
}

void machine_poke(struct machine *machine, uint32_t pa, uint32_t word)
{
    store_le32(machine->ram + pa, word);
}

uint32_t machine_peek(const struct machine *machine, uint32_t pa)
{
    return load_le32(machine->ram + pa);
}

void machine_run(struct machine *machine, uint64_t budget)
{
    engine_run(machine->engine, &machine->hart, budget, &machine->exit);
}
