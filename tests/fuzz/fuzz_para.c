/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_para.c - a guest that makes any hypercalls, with any words in the page that it shares, in
 * its page tables and in its arrays of updates, among traps, privileged instructions, firmware
 * calls, interrupts and turns of two virtual CPUs. The first byte chooses the policy; the rest are
 * steps of 8 bytes. The engine runs nothing: it traps as it is told to.
 */
#include <string.h>

#include "isa/csr.h"
#include "tests/fuzz/fuzz.h"
#include "vmm/para.h"
#include "vmm/vmm.h"

#define MACHINE (2u << 20)
#define BASE 0x80000000u
#define RAM (256u << 10)
#define CHECK_EVERY 64u /* steps: to look at all shadows takes long */

struct step {
    uint8_t what, pick;
    uint16_t word;
    uint32_t value;
};

static _Alignas(4096) uint8_t machine_ram[MACHINE];
static struct trap next_trap;
static bool trapped; /* it has been reported: the next run uses up its budget */
static struct vmm vmm;
static struct vm vm;

static void run(struct engine *engine, struct hart *hart, uint64_t budget,
                struct engine_exit *exit)
{
    (void)engine;
    *exit = (struct engine_exit){.stop = ENGINE_BUDGET};
    if (trapped || budget < 2) {
        hart->retired += budget;
        return;
    }
    hart->retired++;
    trapped = true;
    *exit = (struct engine_exit){.stop = ENGINE_TRAP, .trap = next_trap};
}

static bool load(void *owner, struct board *board, struct board_entry *entry)
{
    (void)owner, (void)board;
    *entry = (struct board_entry){BASE, 0};
    return true;
}

static const struct engine_ops ops = {.name = "fuzz", .run = run};
static struct engine engine = {.ops = &ops, .phys = {.ram = machine_ram, .size = MACHINE}};

static void begin(uint8_t choice)
{
    const struct vmm_host host = {0};
    const struct vm_config config = {.ram_base = BASE,
                                     .ram_size = RAM,
                                     .shares = 1,
                                     .limit = UINT64_MAX,
                                     .policy = (enum shadow_policy)(choice % SHADOW_POLICIES),
                                     .monitor = VM_PARA,
                                     .cpus = 2,
                                     .quantum = HARTS_QUANTUM_LEAST,
                                     .shadow_tables = 16,
                                     .host.images.load = load};

    memset(machine_ram, 0,
           vmm.allocator.fresh * (size_t)PAGE_SIZE); /* what the last one used */
    MUST(vmm_init(&vmm, &engine, &host));
    MUST(vmm_add(&vmm, &vm, &config));
    vmm_boot(&vm, BASE, 0);
}

/* Addresses that lead somewhere come often. */
static uint32_t address(const struct step *step)
{
    static const uint32_t often[] = {
        BASE, BASE + 0x1000, BASE + 0x2000, BASE + 0x3000, BASE + RAM - 0x1000, BASE + RAM,
        0,    UINT32_MAX};

    return step->pick & 0x80 ? step->value : often[step->pick >> 4 & 7] + step->word % 64 * 4;
}

static void trap(uint32_t cause, uint32_t tval)
{
    next_trap = (struct trap){.cause = cause, .tval = tval};
    trapped = false;
    (void)vmm_step(&vmm, 50, NULL);
}

static void call(uint32_t extension, uint32_t function, const struct step *step)
{
    struct hart *hart = &vm.cpu->hart;
    bool high = step->what & 0x80;

    hart->x[A0] = function == PARA_SHARE ? address(step) & ~PAGE_MASK : address(step);
    hart->x[A1] = high ? step->value >> 8 : 0;
    hart->x[A2] = step->word % 300;
    if (function == PARA_ROOT)
        hart->x[A0] = SATP_SV32 | (address(step) >> PAGE_SHIFT), hart->x[A1] = step->word % 5;
    if (function == PARA_YIELD || extension != PARA_EXTENSION)
        hart->x[A0] = step->value % 4;
    hart->x[A6] = function;
    hart->x[A7] = extension;
    trap(CAUSE_ECALL_USER, 0);
}

static void firmware(const struct step *step)
{
    static const struct {
        uint32_t extension, function;
    } calls[] = {{0x54494d45, 0}, {0x735049, 0},   {0x48534d, 0},   {0x48534d, 1},
                 {0x48534d, 3},   {0x53525354, 0}, {0x52464e43, 1}, {0x10, 3}};

    call(calls[step->pick % 8].extension, calls[step->pick % 8].function, step);
}

/* A privileged instruction: of the CSRs that there are, SRET, SFENCE.VMA. */
static void instruction(const struct step *step)
{
    const struct csr_desc *csr = csr_desc((enum csr_id)(step->pick % CSR_COUNT));
    uint32_t csrrw = 0x00001073u | (uint32_t)csr->number << 20 | step->word % 32 << 15;
    const uint32_t insns[] = {csrrw, csrrw | 0x500, 0x10200073, 0x12000073};

    trap(CAUSE_ILLEGAL_INSN, insns[step->value % 4]);
}

static void poke(uint64_t at, uint32_t value)
{
    (void)!vm_write(&vm, (struct gpa){at}, &value, sizeof value);
}

static void take(const struct step *step)
{
    static const uint8_t causes[] = {CAUSE_LOAD_PAGE_FAULT, CAUSE_STORE_PAGE_FAULT,
                                     CAUSE_INSN_PAGE_FAULT, CAUSE_BREAKPOINT};

    switch (step->what & 15) {
    case 0:
    case 1: poke(vm.cpu->para.page + step->word % 16 * 4, step->value); break;
    case 2: poke(BASE + step->word % 0x1000 * 4, step->value); break;
    case 3:
        poke(BASE + step->word % 0x1000 * 4,
             PTE_MAKE((BASE >> PAGE_SHIFT) + step->pick % 80, step->value & 0x3ff));
        break;
    case 4: trap(causes[step->pick % 4], address(step)); break;
    case 5: instruction(step); break;
    case 6: firmware(step); break;
    case 7: vm.board.deadline = hart_time(&vm.cpu->hart) + step->word % 256; break;
    case 8: trap(CAUSE_ECALL_USER, 0); break;
    default: call(PARA_EXTENSION, step->pick % (PARA_FUNCTIONS + 1), step); break;
    }
}

/* Nothing of the page or of a register has got past the checks. */
static void check_harts(void)
{
    for (unsigned id = 0; id < vm.board.harts.count; id++) {
        const struct vcpu *cpu = &vm.vcpus[id];

        MUST(!(cpu->hart.sstatus & ~SSTATUS_MASK));
        MUST(!(cpu->hart.sepc & 1) && !(cpu->hart.stvec & 2));
        MUST(!cpu->hart.x[0] && cpu->hart.mode <= HART_SUPERVISOR);
        MUST(cpu->para.exchange < 32 && cpu->para.page % PAGE_SIZE == 0);
        MUST(!cpu->para.shared || phys_is_ram(&vm.phys, cpu->para.page, PAGE_SIZE, false));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    unsigned count = 0;
    struct step step;

    if (!len)
        return 0;
    begin(bytes[0]);
    for (size_t at = 1; at + sizeof step <= len && vm_alive(&vm); at += sizeof step) {
        memcpy(&step, bytes + at, sizeof step);
        take(&step);
        check_harts();
        if (++count % CHECK_EVERY == 0)
            MUST(vm_shadow_check(&vm, NULL) == 0);
    }
    MUST(vm_shadow_check(&vm, NULL) == 0);
    return 0;
}
