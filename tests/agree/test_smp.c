/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_smp.c - random programs for several harts: memory that all write, LR/SC and AMOs, PAUSE,
 * timers, WFI, SBI calls that start, stop, suspend, interrupt and fence others, and devices with
 * their interrupts. Bare on `spec` and in VMs on each engine and policy, cut at random places, the
 * results are the same: every hart, whose turn it is, the counts, what was printed and all of RAM.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "isa/engine/spec.h"
#include "tests/support/encode.h"
#include "tests/support/engines.h"
#include "tests/support/loops.h"
#include "tests/support/random.h"
#include "vmm/board/bare.h"
#include "vmm/vmm.h"

#define RAM (1u << 20)
#define MACHINE (16u << 20)
#define LIMIT 30000u
#define PROGRAMS 24u

/* Memory: shared words that x0 reaches, the trap handler, the program, page tables, rings. */
#define SHARED_WORDS 64u
#define HANDLER 0x800u
#define CODE 0x1000u
#define ROOT 0x8000u
#define RINGS                                                                                  \
    0xa000u /* for each virtio slot descriptors and available ring, then the used ring */
#define IMAGE_END (RINGS + 2 * SLOTS * PAGE_SIZE)
#define ITEMS 300u

/*
 * Devices: the UART, the PLIC's blocks of registers, and virtio slots with those that need no
 * host.
 */
#define UART 0x10000000u
#define PLIC 0x0c000000u
#define VIRTIO 0x10001000u
#define SLOTS 2u
#define QUEUE 8u

enum {
    ZERO,
    RA,
    SP,
    T0 = 5,
    T1 = 6,
    A0 = 10,
    A1,
    A2,
    A3,
    A6 = 16,
    A7 = 17,
    S0 = 20,
    ADDRESS = 28,
    X = 30,
    Y = 31
};
enum {
    SSTATUS = 0x100,
    SIE = 0x104,
    STVEC = 0x105,
    SEPC = 0x141,
    SCAUSE = 0x142,
    SIP = 0x144,
    SATP = 0x180,
    TIME_CSR = 0xc01
};
#define TIME 0x54494d45u
#define IPI 0x735049u
#define RFENCE 0x52464e43u
#define HSM 0x48534du

struct making {
    struct rng rng;
    uint8_t *ram;
    uint32_t at;
    uint32_t starts[ITEMS];
    unsigned harts;
};

static void emit(struct making *m, uint32_t insn)
{
    store_le32(m->ram + m->at, insn);
    m->at += 4;
}

static uint32_t any(struct making *m, uint32_t count)
{
    return rng_below(&m->rng, count);
}

static void load_imm(struct making *m, unsigned rd, uint32_t value)
{
    emit(m, encode_u(INSN_lui, rd, value + 0x800));
    emit(m, encode_i(INSN_addi, rd, rd, (int32_t)(value << 20) >> 20));
}

static void sbi(struct making *m, uint32_t extension, uint32_t function)
{
    load_imm(m, A7, extension);
    load_imm(m, A6, function);
    emit(m, insn_desc(INSN_ecall)->match);
}

/* ---- Items ---- */

static void memory_item(struct making *m)
{
    int32_t at = (int32_t)(4 * any(m, SHARED_WORDS));

    if (any(m, 2))
        emit(m, encode_i(INSN_lw, T0 + any(m, 2), ZERO, at));
    else
        emit(m, encode_store(INSN_sw, T0 + any(m, 2), ZERO, at));
}

static void atomic_item(struct making *m)
{
    static const enum insn_id amos[] = {INSN_amoadd_w, INSN_amoswap_w, INSN_amoxor_w,
                                        INSN_amomaxu_w};

    load_imm(m, ADDRESS, 4 * any(m, 4));
    if (any(m, 2)) {
        emit(m, encode_r(amos[any(m, 4)], T0, ADDRESS, T1));
        return;
    }
    emit(m, encode_r(INSN_lr_w, T0, ADDRESS, 0));
    for (unsigned gap = any(m, 6); gap; gap--)
        emit(m, encode_i(INSN_addi, T0, T0, (int32_t)gap));
    emit(m, encode_r(INSN_sc_w, T1, ADDRESS, T0));
}

/* Until another hart has changed a word, but not for ever. */
static void spin_item(struct making *m)
{
    int32_t at = (int32_t)(4 * any(m, 4));
    uint32_t pauses = 1 + any(m, 2);

    emit(m, encode_i(INSN_addi, T1, ZERO, 1 + (int32_t)any(m, 60)));
    emit(m, encode_i(INSN_lw, T0, ZERO, at));
    emit(m, encode_i(INSN_lw, A0, ZERO, at));
    for (uint32_t i = 0; i < pauses; i++)
        emit(m, INSN_PAUSE_BITS);
    emit(m, encode_i(INSN_addi, T1, T1, -1));
    emit(m, encode_branch(INSN_beq, T1, ZERO, 8));
    emit(m, encode_branch(INSN_beq, T0, A0, -4 * (int32_t)(3 + pauses)));
}

static void csr_item(struct making *m)
{
    static const uint32_t numbers[] = {SIE, SIP, SSTATUS};

    load_imm(m, T1, any(m, 2) ? 0x222 : any(m, 0x400));
    emit(m, encode_csr(any(m, 2) ? INSN_csrrs : INSN_csrrc, T0, numbers[any(m, 3)], T1));
    emit(m, encode_csr(INSN_csrrs, T1, TIME_CSR, ZERO));
}

static void space_item(struct making *m)
{
    load_imm(m, T0,
             any(m, 2) ? SATP_SV32 | any(m, 2) << SATP_ASID_SHIFT | ROOT >> PAGE_SHIFT : 0);
    emit(m, encode_csr(INSN_csrrw, ZERO, SATP, T0));
    emit(m, encode_r(INSN_sfence_vma, 0, ZERO, ZERO));
}

static void wait_item(struct making *m)
{
    emit(m, encode_csr(INSN_csrrs, A0, TIME_CSR, ZERO));
    load_imm(m, A1, any(m, 2000));
    emit(m, encode_r(INSN_add, A0, A0, A1));
    load_imm(m, A1, 0);
    sbi(m, TIME, 0);
    load_imm(m, T0, any(m, 4) ? 0x22 : 0x20);
    emit(m, encode_csr(INSN_csrrw, ZERO, SIE, T0));
    if (any(m, 2))
        emit(m, insn_desc(INSN_wfi)->match);
}

static void ipi_item(struct making *m)
{
    load_imm(m, A0, any(m, 16));
    load_imm(m, A1, any(m, 4) ? 0 : any(m, 2) ? UINT32_MAX : any(m, 4));
    if (any(m, 2)) {
        sbi(m, IPI, 0);
        return;
    }
    load_imm(m, A2, any(m, 4) << PAGE_SHIFT);
    load_imm(m, A3, any(m, 3) * PAGE_SIZE);
    sbi(m, RFENCE, any(m, 3));
}

static void hsm_item(struct making *m)
{
    unsigned what = any(m, 8);

    load_imm(m, A0, any(m, m->harts + 1));
    load_imm(m, A1, CODE);
    load_imm(m, A2, any(m, 1000));
    if (what < 5) {
        sbi(m, HSM, 0);
    } else if (what == 5) {
        wait_item(m); /* so that there is something to wake it */
        load_imm(m, A0, any(m, 2) << 31);
        load_imm(m, A1, CODE);
        sbi(m, HSM, 3);
    } else if (what == 6) {
        sbi(m, HSM, 2);
    } else if (!any(m, 6)) {
        sbi(m, HSM, 1);
    }
}

/* ---- Devices ---- */

static void store_word(struct making *m, uint32_t at, uint32_t value)
{
    load_imm(m, ADDRESS, at);
    load_imm(m, T0, value);
    emit(m, encode_store(INSN_sw, T0, ADDRESS, 0));
}

static void register_item(struct making *m)
{
    const uint32_t registers[] = {UART + any(m, 8),
                                  PLIC + 4 * any(m, 96),
                                  PLIC + 0x2000 + 0x80 * any(m, 16) + 4 * any(m, 3),
                                  PLIC + 0x200000 + 0x1000 * any(m, 16) + 4 * any(m, 2),
                                  VIRTIO + 0x1000 * any(m, SLOTS) + 4 * any(m, 66),
                                  VIRTIO + 0x1000 * any(m, SLOTS) + any(m, 0x110)};
    uint32_t at = any(m, sizeof registers / sizeof registers[0]);
    bool bytes = !at || !any(m, 8);

    if (any(m, 4))
        emit(m, encode_csr(INSN_csrrw, ZERO, SATP, ZERO)); /* devices are not mapped */
    load_imm(m, ADDRESS, registers[at]);
    load_imm(m, T0, any(m, 3) ? any(m, 16) : any(m, UINT32_MAX));
    if (any(m, 2))
        emit(m, encode_i(bytes ? INSN_lbu : INSN_lw, T0 + any(m, 2), ADDRESS, 0));
    else
        emit(m, encode_store(bytes ? INSN_sb : INSN_sw, T0, ADDRESS, 0));
}

/* What a driver does, with the legacy registers (virtio 1.2, 4.2.4). */
static void driver_item(struct making *m)
{
    enum { PAGES = 0x28, SELECT = 0x30, NUM = 0x38, ALIGN = 0x3c, PFN = 0x40, NOTIFY = 0x50 };
    enum { STATUS = 0x70, DRIVER_OK = 7 };
    uint32_t slot = any(m, SLOTS), base = VIRTIO + 0x1000 * slot;

    emit(m, encode_csr(INSN_csrrw, ZERO, SATP, ZERO)); /* devices are not mapped */
    if (any(m, 2)) {
        store_word(m, base + STATUS, 0);
        store_word(m, base + PAGES, PAGE_SIZE);
        store_word(m, base + SELECT, any(m, 2));
        store_word(m, base + NUM, QUEUE);
        store_word(m, base + ALIGN, PAGE_SIZE);
        store_word(m, base + PFN, RINGS / PAGE_SIZE + 2 * slot);
        store_word(m, base + STATUS, DRIVER_OK);
    }
    load_imm(m, ADDRESS, RINGS + 2 * slot * PAGE_SIZE + QUEUE * 16);
    emit(m, encode_i(INSN_lhu, T0, ADDRESS, 2));
    emit(m, encode_i(INSN_addi, T0, T0, (int32_t)any(m, 3)));
    emit(m, encode_store(INSN_sh, T0, ADDRESS, 2));
    store_word(m, base + NOTIFY, any(m, 2));
}

/* Most chains are sound: few descriptors, most of them in RAM. */
static void make_rings(struct making *m)
{
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        uint8_t *rings = m->ram + RINGS + 2 * slot * PAGE_SIZE;

        for (uint32_t i = 0; i < QUEUE; i++) {
            store_le32(rings + 16 * i, any(m, 20) ? 4 * any(m, SHARED_WORDS) : UINT32_MAX);
            store_le32(rings + 16 * i + 8, any(m, 40));
            store_le32(rings + 16 * i + 12,
                       (any(m, 4) ? 0 : 1) | 2 * any(m, 2) | any(m, QUEUE) << 16);
        }
        for (uint32_t i = 0; i < QUEUE; i += 2)
            store_le32(rings + 16 * QUEUE + 4 + 2 * i, any(m, QUEUE) | any(m, QUEUE) << 16);
    }
}

static void jump_item(struct making *m, unsigned i)
{
    uint32_t to = m->starts[any(m, i + 1)];

    emit(m, encode_branch(any(m, 2) ? INSN_bne : INSN_bltu, T0, T1, (int32_t)(to - m->at)));
}

static void make_item(struct making *m, unsigned i)
{
    switch (any(m, 15)) {
    case 0:
    case 1:
    case 2: memory_item(m); break;
    case 3:
    case 4: atomic_item(m); break;
    case 5: csr_item(m); break;
    case 6: space_item(m); break;
    case 7: wait_item(m); break;
    case 8: ipi_item(m); break;
    case 9: hsm_item(m); break;
    case 10: jump_item(m, i > 8 ? i - 1 : i); break;
    case 11: spin_item(m); break;
    case 12: register_item(m); break;
    case 13: driver_item(m); break;
    default: emit(m, any(m, 20) ? encode_i(INSN_addi, T0 + any(m, 2), T1, 5) : 0); break;
    }
}

/* Interrupts are taken away, other traps stepped over. */
static void make_handler(struct making *m)
{
    m->at = HANDLER;
    emit(m, encode_csr(INSN_csrrs, X, SCAUSE, ZERO));
    emit(m, encode_branch(INSN_blt, X, ZERO, 20));
    emit(m, encode_csr(INSN_csrrs, X, SEPC, ZERO));
    emit(m, encode_i(INSN_addi, X, X, 4));
    emit(m, encode_csr(INSN_csrrw, ZERO, SEPC, X));
    emit(m, insn_desc(INSN_sret)->match);
    emit(m, encode_csr(INSN_csrrci, ZERO, SIP, 2));
    emit(m, encode_csr(INSN_csrrwi, ZERO, SIE, 2));
    emit(m, insn_desc(INSN_sret)->match);
}

static void make(uint8_t *ram, uint64_t seed, unsigned harts)
{
    struct making m = {.rng = rng_new(seed), .ram = ram, .harts = harts};

    make_handler(&m);
    make_rings(&m);
    store_le32(ram + ROOT, PTE_MAKE(0, PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D));
    m.at = CODE;
    load_imm(&m, T0, HANDLER);
    emit(&m, encode_csr(INSN_csrrw, ZERO, STVEC, T0));
    for (uint32_t id = 1; id < harts; id++) {
        load_imm(&m, A0, id);
        load_imm(&m, A1, CODE);
        sbi(&m, HSM, 0);
    }
    for (unsigned i = 0; i < ITEMS; i++) {
        m.starts[i] = m.at;
        make_item(&m, i);
    }
    emit(&m, encode_jal(ZERO, (int32_t)(CODE - m.at)));
    ck_assert_uint_lt(m.at, ROOT);
}

/* ---- The two machines ---- */

struct result {
    struct hart harts[HARTS_MOST];
    struct harts turns;
    uint8_t power;
    uint64_t traps;
    uint64_t printed; /* a hash of it */
    uint8_t *ram;
};

static void console_out(void *owner, const uint8_t *bytes, uint32_t len)
{
    uint64_t *printed = owner;

    for (uint32_t i = 0; i < len; i++)
        *printed = (*printed ^ bytes[i]) * 0x100000001b3u; /* FNV-1a's step */
}

static int console_in(void *owner)
{
    (void)owner;
    return -1;
}

static struct board_host host_of(uint64_t *printed)
{
    return (struct board_host){
        .console_out = console_out, .console_in = console_in, .owner = printed};
}

static void fit_devices(struct board *board)
{
    board_fit(board, 0,
              &(struct virtio_config){.device = VIRTIO_RNG, .legacy = true, .seed = 7});
    board_fit(board, 1, &(struct virtio_config){.device = VIRTIO_CONSOLE, .legacy = true});
}

static void run_bare(struct result *result, uint64_t seed, unsigned harts, uint64_t quantum)
{
    struct spec *spec = calloc(1, sizeof *spec);
    struct bare *bare = calloc(1, sizeof *bare);
    struct board_host host = host_of(&result->printed);

    ck_assert(spec && bare);
    result->ram = ram_new(RAM);
    make(result->ram, seed, harts);
    spec_init(spec, result->ram, 0, RAM);
    bare_init(bare, &spec->engine, &host);
    fit_devices(&bare->board);
    harts_set(&bare->board.harts, harts, quantum);
    bare_boot(bare, CODE, 0);
    (void)bare_run(bare, LIMIT);
    for (unsigned id = 0; id < harts; id++)
        result->harts[id] = *bare_hart(bare, id);
    result->turns = bare->board.harts;
    result->power = bare->board.power;
    result->traps = bare->board.traps;
    free(bare);
    free(spec);
}

static void compare(const struct result *bare, struct vm *vm, const char *what)
{
    unsigned harts = bare->turns.count;

    ck_assert_msg(vm->board.power == bare->power, "%s: power %u, bare %u", what,
                  vm->board.power, bare->power);
    ck_assert_msg(vm->board.harts.current == bare->turns.current, "%s: whose turn", what);
    ck_assert_msg(vm->board.harts.turns == bare->turns.turns, "%s: turns", what);
    ck_assert_msg(vm->board.traps == bare->traps, "%s: traps", what);
    for (unsigned id = 0; id < harts; id++) {
        ck_assert_msg(hart_equal(&vm->vcpus[id].hart, &bare->harts[id]),
                      "%s: hart %u at %x, bare %x", what, id, vm->vcpus[id].hart.pc,
                      bare->harts[id].pc);
        ck_assert_msg(vm->board.harts.of[id].state == bare->turns.of[id].state, "%s: state",
                      what);
    }
    for (uint32_t at = 0; at < RAM; at += PAGE_SIZE) {
        struct mpa mpa = pmap_lookup(&vm->pmap, (struct gpa){at});

        if (mpa.v)
            ck_assert_msg(
                !memcmp(allocate_host(vm->pmap.allocator, mpa), bare->ram + at, PAGE_SIZE),
                "%s: RAM at %x", what, at);
    }
}

/* In pieces of random length: it must not matter. */
static void run_vm(struct vmm *vmm, struct rng *rng)
{
    bool whole = !rng_below(rng, 3);

    while ((whole ? vmm_run(vmm, NULL) : vmm_step(vmm, rng_below(rng, 300), NULL)) == VMM_RAN)
        ;
}

static void check_vm(const struct engine_maker *maker, const struct result *bare, uint64_t seed,
                     enum shadow_policy policy, uint64_t quantum)
{
    const struct vmm_host host = {0};
    uint64_t printed = 0;
    const struct vm_config config = {.name = "random",
                                     .ram_size = RAM,
                                     .shares = VM_SHARES_DEFAULT,
                                     .limit = LIMIT,
                                     .policy = policy,
                                     .shadow_tables = SHADOW_TABLES_LEAST,
                                     .cpus = bare->turns.count,
                                     .quantum = quantum,
                                     .host = host_of(&printed)};
    uint8_t *machine = ram_new(MACHINE), *image = ram_new(RAM);
    struct engine *engine = maker->create(machine, MACHINE);
    struct vmm *vmm = calloc(1, sizeof *vmm);
    struct vm *vm = calloc(1, sizeof *vm);
    struct rng rng = rng_new(seed ^ policy);
    char what[80];

    ck_assert(engine && vmm && vm && vmm_init(vmm, engine, &host) && vmm_add(vmm, vm, &config));
    fit_devices(&vm->board);
    make(image, seed, bare->turns.count);
    ck_assert(vm_write(vm, (struct gpa){0}, image, IMAGE_END));
    vmm_boot(vm, CODE, 0);
    vmm->slice = 1 + rng_below(&rng, 3000);
    run_vm(vmm, &rng);
    (void)!snprintf(what, sizeof what, "%s, policy %u, seed %llu", maker->name, policy,
                    (unsigned long long)seed);
    compare(bare, vm, what);
    ck_assert_msg(printed == bare->printed, "%s: what was printed", what);
    maker->destroy(engine);
    free(vmm);
    free(vm);
    ram_free(machine, MACHINE);
    ram_free(image, RAM);
}

START_TEST(random_programs_are_the_same)
{
    struct rng rng = rng_new((uint64_t)_i);
    unsigned harts = 1 + rng_below(&rng, HARTS_MOST);
    uint64_t quantum = HARTS_QUANTUM_LEAST + rng_below(&rng, 900);
    struct result bare = {0};

    run_bare(&bare, (uint64_t)_i, harts, quantum);
    for (unsigned k = 0; k < engine_maker_count; k++)
        for (unsigned policy = 0; policy < SHADOW_POLICIES; policy++)
            check_vm(&engine_makers[k], &bare, (uint64_t)_i, (enum shadow_policy)policy,
                     quantum);
    ram_free(bare.ram, RAM);
}
END_TEST

int main(void)
{
    const char *more = getenv("PZ_SMP_PROGRAMS");
    const struct loop loops[] = {
        {random_programs_are_the_same, more ? (unsigned)atoi(more) : PROGRAMS},
    };

    return LOOPS_RUN("smp", loops);
}
