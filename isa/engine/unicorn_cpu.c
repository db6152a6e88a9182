/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn_cpu.c - drives the library's CPU. Behaviour of the library, found by experiment
 * (versions 2.0.1 and 2.1.4):
 *
 *  - Its CPU starts in machine mode, and in user mode no CSR can be written from outside. So
 *    the state before the first MRET is saved; a new page table is set by restoring it.
 *  - The TLB is flushed by a write of satp only if the ASID changes. Ours are 0 before and 1
 *    after the MRET, so that every entry flushes. The library's own call for it does far more.
 *  - It also checks that the *virtual* address of an access is one that has memory. So all 4
 *    GiB are mapped; what is not RAM is mapped only for that, and stays zero.
 *  - With exits enabled, and none set, starting and stopping does not retranslate anything.
 */
#define _GNU_SOURCE
#include "isa/engine/unicorn_cpu.h"

#include <sys/mman.h>

#include "isa/csr.h"

#define CODE_MEMORY ((size_t)1 << 30) /* of the library, for code that it translates */
#define ADDRESS_SPACE (1ull << 32)
#define ENTRY_PC (ADDRESS_SPACE - PAGE_SIZE)
#define MRET 0x30200073u

static const int ids[UNICORN_REGISTERS] = {
    UC_RISCV_REG_X1,  UC_RISCV_REG_X2,  UC_RISCV_REG_X3,  UC_RISCV_REG_X4,  UC_RISCV_REG_X5,
    UC_RISCV_REG_X6,  UC_RISCV_REG_X7,  UC_RISCV_REG_X8,  UC_RISCV_REG_X9,  UC_RISCV_REG_X10,
    UC_RISCV_REG_X11, UC_RISCV_REG_X12, UC_RISCV_REG_X13, UC_RISCV_REG_X14, UC_RISCV_REG_X15,
    UC_RISCV_REG_X16, UC_RISCV_REG_X17, UC_RISCV_REG_X18, UC_RISCV_REG_X19, UC_RISCV_REG_X20,
    UC_RISCV_REG_X21, UC_RISCV_REG_X22, UC_RISCV_REG_X23, UC_RISCV_REG_X24, UC_RISCV_REG_X25,
    UC_RISCV_REG_X26, UC_RISCV_REG_X27, UC_RISCV_REG_X28, UC_RISCV_REG_X29, UC_RISCV_REG_X30,
    UC_RISCV_REG_X31, UC_RISCV_REG_PC,
};

static uc_err map_memory(struct unicorn_cpu *cpu)
{
    uc_err err = unicorn_library.mem_map_ptr(cpu->uc, 0, cpu->size, UC_PROT_ALL, cpu->ram);

    if (err != UC_ERR_OK)
        return err;
    return unicorn_library.mem_map_ptr(cpu->uc, cpu->size, cpu->beyond_size, UC_PROT_ALL,
                                       cpu->beyond);
}

/*
 * Hooks are installed before anything is translated; existing translations would not call them.
 */
static uc_err add_hooks(struct unicorn_cpu *cpu)
{
    const struct unicorn_hooks *hooks = &cpu->hooks;
    uc_hook handle;
    uc_err err;

    err = unicorn_library.hook_add(cpu->uc, &handle, UC_HOOK_BLOCK, (void *)hooks->block,
                                   hooks->owner, 1, 0);
    if (err != UC_ERR_OK)
        return err;
    err = unicorn_library.hook_add(cpu->uc, &handle, UC_HOOK_INTR, (void *)hooks->trap,
                                   hooks->owner, 1, 0);
    if (err != UC_ERR_OK)
        return err;
    return unicorn_library.hook_add(cpu->uc, &handle, UC_HOOK_EDGE_GENERATED,
                                    (void *)hooks->translated, hooks->owner, 1, 0);
}

/* mstatus as after reset, but MPP = user: MRET goes there. FS stays 0: no floating point. */
static uc_err keep_machine_mode(struct unicorn_cpu *cpu)
{
    uint32_t mstatus = 0;
    uc_err err = unicorn_library.reg_write(cpu->uc, UC_RISCV_REG_MSTATUS, &mstatus);

    if (err == UC_ERR_OK)
        err = unicorn_library.context_alloc(cpu->uc, &cpu->machine_mode);
    if (err == UC_ERR_OK)
        err = unicorn_library.context_save(cpu->uc, cpu->machine_mode);
    return err;
}

static uc_err set_up(struct unicorn_cpu *cpu)
{
    uc_err err = unicorn_library.open(UC_ARCH_RISCV, UC_MODE_RISCV32, &cpu->uc);

    if (err == UC_ERR_OK)
        err = uc_ctl_exits_enable(cpu->uc);
    if (err == UC_ERR_OK)
        err = map_memory(cpu);
    if (err == UC_ERR_OK)
        err = add_hooks(cpu);
    if (err == UC_ERR_OK)
        err = keep_machine_mode(cpu);
    return err;
}

static void tear_down(struct unicorn_cpu *cpu)
{
    if (cpu->machine_mode)
        unicorn_library.context_free(cpu->machine_mode);
    if (cpu->uc)
        unicorn_library.close(cpu->uc);
    cpu->machine_mode = NULL;
    cpu->uc = NULL;
    cpu->in_user_mode = false;
}

/* The library ends the whole program where this is refused: ask before it does. */
static bool has_code_memory(void)
{
    void *memory = mmap(NULL, CODE_MEMORY, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return memory != MAP_FAILED && !munmap(memory, CODE_MEMORY);
}

enum unicorn_error unicorn_cpu_open(struct unicorn_cpu *cpu, uint8_t *ram, uint64_t size,
                                    const struct unicorn_hooks *hooks)
{
    void *beyond;

    *cpu = (struct unicorn_cpu){
        .ram = ram, .size = size, .beyond_size = ADDRESS_SPACE - size, .hooks = *hooks};
    for (unsigned i = 0; i < UNICORN_REGISTERS - 1; i++)
        cpu->slots[i] = &cpu->x[i + 1];
    cpu->slots[UNICORN_REGISTERS - 1] = &cpu->pc;
    beyond = mmap(NULL, cpu->beyond_size, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (beyond == MAP_FAILED)
        return UNICORN_NO_MEMORY;
    cpu->beyond = beyond;
    if (!has_code_memory())
        return UNICORN_NO_MEMORY;
    switch (set_up(cpu)) {
    case UC_ERR_OK: return UNICORN_OK;
    case UC_ERR_NOMEM: return UNICORN_NO_MEMORY;
    default: return UNICORN_REFUSED;
    }
}

void unicorn_cpu_close(struct unicorn_cpu *cpu)
{
    tear_down(cpu);
    if (cpu->beyond)
        munmap(cpu->beyond, cpu->beyond_size);
    *cpu = (struct unicorn_cpu){.broken = true};
}

void unicorn_cpu_renew(struct unicorn_cpu *cpu)
{
    tear_down(cpu);
    cpu->broken = set_up(cpu) != UC_ERR_OK;
}

void unicorn_cpu_drop(struct unicorn_cpu *cpu)
{
    cpu->in_user_mode = false;
}

/* The saved state has zeros in all registers. */
static uc_err enter_machine_mode(struct unicorn_cpu *cpu)
{
    cpu->in_user_mode = false;
    memset(cpu->x, 0, sizeof cpu->x);
    return unicorn_library.context_restore(cpu->uc, cpu->machine_mode);
}

void unicorn_cpu_forget_code(struct unicorn_cpu *cpu, uint64_t pa, uint64_t len)
{
    /* The library takes virtual addresses; in machine mode they are physical ones. */
    if (cpu->broken)
        return;
    if (enter_machine_mode(cpu) != UC_ERR_OK ||
        uc_ctl_remove_cache(cpu->uc, pa, pa + len) != UC_ERR_OK)
        cpu->broken = true;
}

/* Writes only the registers whose values differ from the hart's. */
static uc_err write_registers(struct unicorn_cpu *cpu, const struct hart *hart)
{
    int changed[UNICORN_REGISTERS];
    void *values[UNICORN_REGISTERS];
    int count = 0;

    for (unsigned i = 1; i < 32; i++) {
        if (cpu->x[i] == hart->x[i])
            continue;
        cpu->x[i] = hart->x[i];
        changed[count] = ids[i - 1];
        values[count++] = &cpu->x[i];
    }
    return count ? unicorn_library.reg_write_batch(cpu->uc, changed, values, count) : UC_ERR_OK;
}

/* Ready for the MRET to user mode, at `pc`, under `root` with ASID 1. */
static uc_err prepare_entry(struct unicorn_cpu *cpu, uint32_t pc, uint32_t root)
{
    uint32_t satp = (root & ~(SATP_ASID_MASK << SATP_ASID_SHIFT)) | 1u << SATP_ASID_SHIFT;
    int csrs[2] = {UC_RISCV_REG_SATP, UC_RISCV_REG_MEPC};
    void *values[2] = {&satp, &pc};
    uc_err err = enter_machine_mode(cpu);

    cpu->root = root;
    cpu->entering = true;
    return err == UC_ERR_OK ? unicorn_library.reg_write_batch(cpu->uc, csrs, values, 2) : err;
}

/*
 * From machine mode through the MRET. Its bytes are in memory only for this moment; otherwise
 * the guest could map the page and find them.
 */
static uc_err run_entry(struct unicorn_cpu *cpu)
{
    uint8_t *entry = cpu->beyond + cpu->beyond_size - PAGE_SIZE;
    uc_err err;

    store_le32(entry, MRET);
    err = unicorn_library.emu_start(cpu->uc, ENTRY_PC, 0, 0, 0);
    store_le32(entry, 0);
    cpu->in_user_mode = !cpu->entering;
    return err;
}

static uc_err start(struct unicorn_cpu *cpu, const struct hart *hart, uint32_t root)
{
    bool entry = !cpu->in_user_mode || cpu->root != root;
    uc_err err = entry ? prepare_entry(cpu, hart->pc, root) : UC_ERR_OK;

    if (err == UC_ERR_OK)
        err = write_registers(cpu, hart);
    if (err != UC_ERR_OK) {
        cpu->broken = true;
        return err;
    }
    return entry ? run_entry(cpu) : unicorn_library.emu_start(cpu->uc, hart->pc, 0, 0, 0);
}

uc_err unicorn_cpu_run(struct unicorn_cpu *cpu, struct hart *hart, uint32_t root)
{
    uc_err err = start(cpu, hart, root), failed;

    if (cpu->broken)
        return err;
    failed = unicorn_library.reg_read_batch(cpu->uc, (int *)ids, cpu->slots, UNICORN_REGISTERS);
    if (failed != UC_ERR_OK || cpu->entering) {
        /* It never reached user mode. The hart is unchanged. */
        cpu->broken = true;
        return failed != UC_ERR_OK ? failed : UC_ERR_EXCEPTION;
    }
    memcpy(&hart->x[1], &cpu->x[1], sizeof cpu->x - sizeof cpu->x[0]);
    hart->pc = cpu->pc;
    return err;
}
