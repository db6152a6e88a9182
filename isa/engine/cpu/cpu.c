/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu.c - a stay in the guest: plant the trampoline, set the timer, go, and see why it came back.
 * The way itself is in trampoline.S.
 */
#include "isa/engine/cpu/cpu.h"

#include "isa/csr.h"
#include "isa/decode.h"
#include "isa/engine/cpu/fence.h"
#include "isa/engine/cpu/page.h"
#include "isa/engine/cpu/quick.h"
#include "isa/engine/cpu/registers.h"
#include "isa/engine/cpu/space.h"
#include "isa/nested.h"

#define WINDOW_SLOT (SV32_ENTRIES - 1)
#define WINDOW_BASE CPU_REACH
#define OWN_FLAGS (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)
#define SUPERPAGE 0x400000u
#define TRY_TICKS 100000u
#define WAY_LEAST 64u /* instructions from a look at the clock to the next, the guest apart */

extern const uint8_t cpu_code[], cpu_code_exit[], cpu_code_end[], cpu_loop[];
void cpu_switch(uint32_t save, uint32_t code);
extern const uint8_t cpu_near[], cpu_near_exit[];

/* One read instead of three: where CSR accesses trap, as in a VM, each is dear. */
uint64_t cpu_time(struct cpu *cpu)
{
    cpu->now += CSR_READ(time) - (uint32_t)cpu->now;
    return cpu->now;
}

uint32_t cpu_satp(struct cpu *cpu, uint32_t root)
{
    uint32_t asid = find_space(cpu, root);

    return asid ? root | asid << SATP_ASID_SHIFT : 0;
}

/* ---- The trampoline's place ---- */

static uint32_t address(const void *place)
{
    return (uint32_t)(uintptr_t)place;
}

static uint32_t entry_of(const void *page, uint32_t flags)
{
    return PTE_MAKE(address(page) >> PAGE_SHIFT, flags);
}

static uint32_t *table_of(uint32_t entry)
{
    return (uint32_t *)(uintptr_t)(PTE_PPN(entry) << PAGE_SHIFT);
}

/* Where both tables map the trampoline. */
static uint32_t place(const struct cpu *cpu)
{
    return WINDOW_BASE + (cpu->slot << PAGE_SHIFT);
}

/* In the monitor's table. The trap vector goes with it. */
static void move_to(struct cpu *cpu, uint32_t slot)
{
    cpu->window[cpu->slot] = 0;
    cpu->slot = slot;
    cpu->window[slot] = entry_of(cpu->page, OWN_FLAGS);
    fence_all();
}

/* To a page that the guest does not map, if there is one. */
static void make_way(struct cpu *cpu, const uint32_t *leaf)
{
    uint32_t slot = cpu->slot, left = SV32_ENTRIES;

    do
        slot = (slot + 1) % SV32_ENTRIES;
    while (leaf[slot] && --left);
    if (!left)
        slot = (cpu->slot + 1) % SV32_ENTRIES;
    cpu->moves++;
    move_to(cpu, slot);
}

static void plant(struct cpu *cpu)
{
    uint32_t *root = table_of(PTE_MAKE(cpu->engine.space.root & SATP_PPN, 0));

    if (!(root[WINDOW_SLOT] & PTE_V))
        root[WINDOW_SLOT] = entry_of(cpu->spare, PTE_V);
    cpu->leaf = table_of(root[WINDOW_SLOT]);
    if (cpu->leaf[cpu->slot])
        make_way(cpu, cpu->leaf);
    cpu->displaced = cpu->leaf[cpu->slot];
    cpu->leaf[cpu->slot] = entry_of(cpu->page, OWN_FLAGS);
}

static void unplant(struct cpu *cpu)
{
    cpu->leaf[cpu->slot] = cpu->displaced;
    if (cpu->leaf == cpu->spare)
        table_of(PTE_MAKE(cpu->engine.space.root & SATP_PPN, 0))[WINDOW_SLOT] = 0;
}

/* ---- The monitor beside the guest ---- */

/* The monitor's entry of level 1 for these 4 MiB. */
static uint32_t own_superpage(uint32_t slot)
{
    return PTE_MAKE(slot * (SUPERPAGE >> PAGE_SHIFT), OWN_FLAGS);
}

static uint32_t *table_of_root(uint32_t root)
{
    return table_of(PTE_MAKE(root & SATP_PPN, 0));
}

static uint32_t *guest_table(const struct cpu *cpu)
{
    return table_of_root(cpu->engine.space.root);
}

static bool is_beside(const struct cpu *cpu, const uint32_t *root)
{
    return root[cpu->first] == own_superpage(cpu->first);
}

/* Into a guest's table, where that has nothing at the addresses of all RAM. False: it has. */
static NOINLINE bool move_in(struct cpu *cpu, uint32_t *root)
{
    if (!cpu->slots || cpu->crowded[cpu->asid])
        return false;
    for (uint32_t i = cpu->first; i < cpu->first + cpu->slots; i++)
        if (root[i]) {
            cpu->crowded[cpu->asid] = true;
            return false;
        }
    memcpy(root + cpu->first, cpu->root + cpu->first, cpu->slots * sizeof *root);
    fence_space(cpu->asid);
    return true;
}

/* A page fault: has the guest reached for an address of the monitor's? Then they are its again. */
static void make_room(struct cpu *cpu, uint32_t va)
{
    uint32_t *root = guest_table(cpu);

    if (SV32_INDEX(va, 1) - cpu->first >= cpu->slots || !is_beside(cpu, root))
        return;
    retreat(cpu);
    memset(root + cpu->first, 0, cpu->slots * sizeof *root);
    cpu->crowded[cpu->asid] = true;
    cpu->moves++;
    fence_space(cpu->asid);
}

/* A page fault: has the guest reached for its own page where the trampoline is mapped? */
static bool in_the_way(const struct cpu *cpu, const struct trap *trap)
{
    return cpu->displaced && (trap->tval & ~PAGE_MASK) == place(cpu);
}

/* ---- A stay ---- */

/*
 * Just before the guest is entered: from here to there it is always the same way, if an alarm is
 * set. One that is set already may come early, even at once; that does no harm, the run ends before
 * its budget. So the clock is not read to find out.
 */
static void set_alarm(struct cpu *cpu)
{
    if (cpu->alarm && cpu->alarm <= cpu->now + cpu->left)
        return;
    cpu->alarm = cpu_time(cpu) + cpu->ways[cpu->near].lead + cpu->left;
    cpu->host.alarm(cpu->alarm);
}

static inline void spend(struct cpu *cpu, uint32_t ticks)
{
    cpu->spent += ticks;
    cpu->left -= ticks < cpu->left ? ticks : cpu->left;
}

/* The guest's part of the time between two looks at the clock: what the way costs is taken off. */
static void count(struct cpu *cpu, uint64_t start)
{
    uint32_t ticks = (uint32_t)(cpu_time(cpu) - start);
    uint32_t way = cpu->ways[cpu->near].all + quick_cost(cpu);

    ticks = ticks > way ? ticks - way : 0;
    ticks += !ticks && !cpu->exact;
    spend(cpu, ticks);
}

static uint32_t guest_satp(const struct cpu *cpu)
{
    return cpu->engine.space.root | cpu->asid << SATP_ASID_SHIFT;
}

/*
 * A guest's registers stay in the save area while its exits are short: an emulated instruction
 * needs two of them, and changes one. `away` says that they are there.
 */
static inline void put_registers(struct cpu *cpu, const struct hart *hart, uint32_t *save)
{
    if (!cpu->away || cpu->save != save)
        copy_registers(save, cpu->away ? cpu->save : hart->x);
    cpu->save = save;
    cpu->away = true;
}

static void take_registers(struct cpu *cpu, struct hart *hart)
{
    copy_registers(hart->x, cpu->save);
    cpu->away = false;
}

/* The save area of the trampoline's page. */
static inline uint32_t *far_word(struct cpu *cpu, uint32_t offset)
{
    return (uint32_t *)(void *)(cpu->page + CPU_SAVE + offset);
}

/* One copy, so that it takes as long as when it was tried (calibrate). */
static NOINLINE void go(struct cpu *cpu, struct hart *hart, struct trap *trap)
{
    uint64_t start;

    CSR_WRITE(sepc, hart->pc);
    set_alarm(cpu);
    start = cpu_time(cpu);
    if (cpu->near)
        cpu_switch(address(cpu->beside), address(cpu_near));
    else
        cpu_switch(place(cpu) + CPU_SAVE, place(cpu));
    count(cpu, start);
    hart->pc = CSR_READ(sepc);
    trap->cause = cpu->near ? *quick_word(cpu, CPU_CAUSE) : CSR_READ(scause);
    trap->tval = cpu->near ? *quick_word(cpu, CPU_TVAL) : CSR_READ(stval);
}

/* The same in one call: the firmware counts the guest's instructions, and sets the timer. */
static void go_by_firmware(struct cpu *cpu, struct hart *hart, struct trap *trap)
{
    struct nested *nested = (struct nested *)(void *)cpu->page;
    bool told = (cpu->engine.worlds || cpu->host.for_all) && cpu->host.tell;

    put_registers(cpu, hart, nested->x);
    nested->pc = hart->pc;
    nested->satp = guest_satp(cpu);
    nested->ticks[0] = cpu->left;
    if (told)
        cpu->host.tell(nested);
    cpu->host.enter();
    hart->pc = nested->pc;
    trap->cause = nested->cause;
    trap->tval = nested->tval;
    if (told)
        cpu->host.hear(nested);
    spend(cpu, nested->retired[0]);
}

/* Some CPUs give no bits of a refused instruction: fetch them as the guest did. */
static uint32_t refused_bits(struct cpu *cpu, struct hart *hart)
{
    struct exec_env env = {.hart = hart,
                           .phys = &cpu->engine.phys,
                           .deprivileged = true,
                           .root = cpu->engine.space.root};
    uint32_t raw;

    return exec_fetch(&env, &raw) ? raw : 0;
}

/*
 * The same fault again, after the monitor has made the access possible: a CPU may have cached what
 * the table said before (Privileged ISA 4.2.1). So may it where the trampoline is.
 */
static void forget_fault(struct cpu *cpu, const struct hart *hart, const struct trap *trap)
{
    bool again = trap->cause == cpu->last.cause && trap->tval == cpu->last.tval &&
                 hart->pc == cpu->last_pc;

    if (again || (trap->tval & ~PAGE_MASK) == place(cpu))
        fence_page(trap->tval & ~PAGE_MASK, cpu->asid);
    cpu->last = *trap;
    cpu->last_pc = hart->pc;
}

/* False: the guest goes on, as nothing has happened to it. */
static NOINLINE bool came_back_otherwise(struct cpu *cpu, struct hart *hart,
                                         struct engine_exit *exit)
{
    struct trap *trap = &exit->trap;

    if (trap->cause & CAUSE_INTERRUPT) {
        cpu->alarm = 0;
        return true;
    }
    if (trap->cause >= CAUSE_INSN_PAGE_FAULT) {
        forget_fault(cpu, hart, trap);
        if (cpu->near)
            make_room(cpu, trap->tval);
        else if (in_the_way(cpu, trap))
            return false;
    }
    if (trap->cause == CAUSE_ILLEGAL_INSN)
        trap->tval = refused_bits(cpu, hart);
    exit->stop = ENGINE_TRAP;
    return true;
}

/* Most often an instruction was refused, and the CPU says which. */
static inline bool came_back(struct cpu *cpu, struct hart *hart, struct engine_exit *exit)
{
    if (exit->trap.cause != CAUSE_ILLEGAL_INSN || !exit->trap.tval)
        return came_back_otherwise(cpu, hart, exit);
    exit->stop = ENGINE_TRAP;
    return true;
}

/* The satp of the other mode's table, if the monitor is beside the guest there, too; or 0. */
static inline uint32_t other_satp(struct cpu *cpu)
{
    uint32_t root = cpu->engine.other, satp = root ? cpu_satp(cpu, root) : 0;

    return satp && is_beside(cpu, table_of_root(root)) ? satp : 0;
}

static uint32_t root_of(uint32_t satp)
{
    return satp & ~(SATP_ASID_MASK << SATP_ASID_SHIFT);
}

/* Where the short cut has led to. */
static inline void follow(struct cpu *cpu)
{
    uint32_t satp = *quick_word(cpu, CPU_GUEST_SATP);

    cpu->in_force = satp;
    cpu->asid = SATP_ASID(satp);
    cpu->engine.space.root = root_of(satp);
    cpu->engine.other = root_of(*quick_word(cpu, CPU_OTHER_SATP));
}

/* Where the monitor is beside the guest, in one table: nothing is switched. */
static inline void stay_beside(struct cpu *cpu, struct hart *hart, struct engine_exit *exit)
{
    uint32_t satp = guest_satp(cpu);

    cpu->near = true;
    put_registers(cpu, hart, cpu->beside);
    *quick_word(cpu, CPU_GUEST_SATP) = satp; /* for debuggers: vmm/type1/guide.h */
    quick_allow(cpu, hart, other_satp(cpu));
    set_table(cpu, satp);
    set_vector(cpu, address(cpu_near_exit));
    go(cpu, hart, &exit->trap);
    follow(cpu);
    (void)came_back(cpu, hart, exit);
}

/* Until it is over: where the trampoline was in the way, the guest goes on. */
static NOINLINE void stay_by_trampoline(struct cpu *cpu, struct hart *hart,
                                        struct engine_exit *exit)
{
    bool over;

    cpu->near = false;
    put_registers(cpu, hart, far_word(cpu, 0));
    retreat(cpu);
    do {
        plant(cpu);
        *far_word(cpu, CPU_GUEST_SATP) = guest_satp(cpu);
        set_vector(cpu, place(cpu) + (uint32_t)(cpu_code_exit - cpu_code));
        go(cpu, hart, &exit->trap);
        over = came_back(cpu, hart, exit);
        unplant(cpu);
    } while (!over);
}

/* Without identifiers all spaces are one to the CPU: a fence at each entry, and at each exit. */
static PZ_IN_LINE void stay(struct cpu *cpu, struct hart *hart, struct engine_exit *exit)
{
    if (cpu->stale)
        __asm__ volatile("fence.i" ::: "memory");
    cpu->stale = false;
    if (cpu->space_count == 1)
        fence_all();
    if (cpu->fence_count)
        fence_now(cpu);
    if (!cpu->host.enter) {
        uint32_t *root = guest_table(cpu);

        if (is_beside(cpu, root) || move_in(cpu, root))
            stay_beside(cpu, hart, exit);
        else
            stay_by_trampoline(cpu, hart, exit);
    } else {
        go_by_firmware(cpu, hart, &exit->trap);
        (void)came_back(cpu, hart, exit);
    }
    if (cpu->space_count == 1)
        fence_all();
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The budget in ticks, one at least, and no more than a deadline can be away. */
static uint32_t ticks_of(const struct cpu *cpu, uint64_t budget)
{
    uint32_t capped = (uint32_t)smaller(budget, INT32_MAX);

    if (cpu->host.ticks != 1)
        capped /= cpu->host.ticks;
    return capped + !cpu->exact;
}

/* What a guest has retired, by the ticks of a stay. */
static uint64_t retired_of(const struct cpu *cpu, uint64_t budget)
{
    uint64_t retired = cpu->spent;

    if (cpu->host.ticks != 1)
        retired *= cpu->host.ticks;
    return smaller(retired, budget);
}

static void run_to_exit(struct cpu *cpu, struct hart *hart, uint64_t budget,
                        struct engine_exit *exit)
{
    exit->stop = ENGINE_BUDGET;
    if (!budget)
        return;
    choose_space(cpu);
    cpu->spent = 0;
    cpu->left = ticks_of(cpu, budget);
    stay(cpu, hart, exit);
    hart->retired += retired_of(cpu, budget);
}

static const struct insn *decode(struct cpu *cpu, uint32_t raw)
{
    struct insn *insn = &cpu->decoded[raw * CPU_HASH_FACTOR >> (32 - CPU_DECODED_BITS)];

    if (insn->raw != raw || !insn->len)
        *insn = decode_insn(raw);
    return insn;
}

/*
 * The handler of an instruction that was refused needs its operands, and leaves a result: the other
 * registers are taken only if the guest does not go on.
 */
static bool ask_insn(struct cpu *cpu, struct hart *hart, struct engine_exit *exit,
                     uint64_t *budget)
{
    const struct insn *insn = decode(cpu, exit->trap.tval);
    uint32_t *x = cpu->save;

    hart->x[insn->rs1] = x[insn->rs1];
    hart->x[insn->rs2] = x[insn->rs2];
    hart->x[insn->rd] = x[insn->rd];
    if (engine_ask(&cpu->engine, &exit->trap, insn, budget)) {
        x[insn->rd] = hart->x[insn->rd];
        if (cpu->near)
            quick_learn(cpu, insn);
        return true;
    }
    x[insn->rd] = hart->x[insn->rd];
    take_registers(cpu, hart);
    return false;
}

/*
 * In user mode a trap may change worlds, and with them all registers (sbi_nested.c): so the handler
 * has them all.
 */
static bool ask_at_length(struct cpu *cpu, struct hart *hart, struct engine_exit *exit,
                          uint64_t *budget)
{
    const struct insn *insn = NULL;

    if (exit->trap.cause == CAUSE_ILLEGAL_INSN)
        insn = decode(cpu, exit->trap.tval);
    take_registers(cpu, hart);
    return engine_ask(&cpu->engine, &exit->trap, insn, budget);
}

/* A program's system call: its kernel's registers are the same. */
static bool ask_call(struct cpu *cpu, struct hart *hart, struct engine_exit *exit,
                     uint64_t *budget)
{
    if (engine_ask(&cpu->engine, &exit->trap, NULL, budget))
        return true;
    take_registers(cpu, hart);
    return false;
}

/* The most frequent exits are asked about with the instruction: that is the monitor's short way. */
static bool goes_on(struct cpu *cpu, struct hart *hart, struct engine_exit *exit,
                    uint64_t *budget)
{
    bool goes_on;

    if (exit->stop != ENGINE_TRAP || !cpu->engine.handler) {
        if (cpu->away)
            take_registers(cpu, hart);
        return false;
    }
    if (exit->trap.cause == CAUSE_ILLEGAL_INSN && hart->mode == HART_SUPERVISOR)
        goes_on = ask_insn(cpu, hart, exit, budget);
    else if (exit->trap.cause == CAUSE_ECALL_USER && hart->mode == HART_USER &&
             !cpu->engine.worlds)
        goes_on = ask_call(cpu, hart, exit, budget);
    else
        goes_on = ask_at_length(cpu, hart, exit, budget);
    if (!goes_on)
        exit->stop = ENGINE_LEFT;
    return goes_on;
}

static void cpu_run(struct engine *engine, struct hart *hart, uint64_t budget,
                    struct engine_exit *exit)
{
    struct cpu *cpu = (struct cpu *)engine;

    *exit = (struct engine_exit){.stop = ENGINE_BUDGET};
    do
        run_to_exit(cpu, hart, budget, exit);
    while (goes_on(cpu, hart, exit, &budget));
}

static void code_changed(struct engine *engine, uint64_t pa, uint32_t len)
{
    (void)pa;
    (void)len;
    ((struct cpu *)engine)->stale = true;
}

static void fence_i(struct engine *engine)
{
    ((struct cpu *)engine)->stale = true;
}

static const struct engine_ops cpu_ops = {
    .name = "cpu",
    .run = cpu_run,
    .drop_all = drop_all,
    .drop_root = drop_root,
    .drop_page = drop_page,
    .code_changed = code_changed,
    .fence_i = fence_i,
};

/* The bits that can be set say how many there are (Privileged ISA 4.1.11). */
static uint32_t count_spaces(uint32_t satp)
{
    uint32_t most;

    CSR_WRITE(satp, satp | SATP_ASID_MASK << SATP_ASID_SHIFT);
    most = SATP_ASID(CSR_READ(satp)) + 1;
    CSR_WRITE(satp, satp);
    return most < CPU_SPACES ? most : CPU_SPACES;
}

/* A stay at `pc` for so many ticks: how many the guest had. */
static NOINLINE uint32_t try_stay(struct cpu *cpu, uint32_t pc, uint32_t ticks)
{
    struct hart hart = {.pc = pc};
    struct engine_exit exit;

    cpu->alarm = 0;
    cpu_run(&cpu->engine, &hart, ticks, &exit);
    return cpu->spent;
}

/*
 * On a CPU whose `time` counts instructions, as PZ32's does, the way takes the same number of them
 * each time, many; then what the guest retires is known exactly, and so is when to set the alarm.
 * Tried with a page of this program, in a table that leads to itself: where nothing is mapped, and
 * with an instruction that jumps to itself.
 */
static NOINLINE bool try_way(struct cpu *cpu, struct cpu_way *way)
{
    uint32_t loop = 1u << 22 | 2u << PAGE_SHIFT | (address(cpu_loop) & PAGE_MASK);
    uint32_t first = try_stay(cpu, 0, TRY_TICKS), second = try_stay(cpu, 0, TRY_TICKS);
    bool exact = first == second && first > WAY_LEAST && cpu->host.ticks == 1;

    way->all = first < second ? first : second;
    if (exact)
        way->lead = TRY_TICKS - try_stay(cpu, loop, TRY_TICKS);
    return exact;
}

static void calibrate(struct cpu *cpu)
{
    uint32_t slots = cpu->slots;

    cpu->engine.space.root = SATP_SV32 | address(cpu->spare) >> PAGE_SHIFT;
    cpu->spare[1] = entry_of(cpu->spare, PTE_V);
    cpu->spare[2] = entry_of(cpu_loop, PTE_V | PTE_X | PTE_U | PTE_A);
    cpu->exact = true;
    cpu->slots = 0; /* by the trampoline, then beside the guest */
    cpu->exact = try_way(cpu, &cpu->ways[false]);
    cpu->slots = slots;
    cpu->exact = try_way(cpu, &cpu->ways[true]) && cpu->exact;
    drop_root(&cpu->engine, cpu->engine.space.root);
    memset(cpu->spare, 0, sizeof cpu->spare);
    fence_all();
}

/* The monitor's own table: all of RAM one to one, and the trampoline's place. */
static void translate(struct cpu *cpu, uint32_t base, uint32_t size)
{
    uint32_t superpages = (size - 1) / SUPERPAGE + 1;

    for (uint32_t i = 0; i < superpages; i++)
        cpu->root[base / SUPERPAGE + i] = own_superpage(base / SUPERPAGE + i);
    cpu->root[WINDOW_SLOT] = entry_of(cpu->window, PTE_V);
    fence_all();
    cpu->own = cpu->in_force = SATP_SV32 | address(cpu->root) >> PAGE_SHIFT;
    cpu->space_count = count_spaces(cpu->own);
    cpu->first = base / SUPERPAGE;
    cpu->slots = cpu->space_count > 1 ? superpages : 0;
    cpu->next_space = 1;
    fence_all();
}

static void build_trampoline(struct cpu *cpu)
{
    memcpy(cpu->page, cpu_code, (size_t)(cpu_code_end - cpu_code));
    *far_word(cpu, CPU_OWN_SATP) = cpu->own;
    CSR_WRITE(sscratch, 0);
    quick_init(cpu);
    move_to(cpu, WINDOW_SLOT - 1);
    calibrate(cpu);
}

void cpu_init(struct cpu *cpu, const struct cpu_host *host, uint32_t base, uint32_t size,
              const struct phys *pool)
{
    cpu->engine.ops = &cpu_ops;
    cpu->engine.phys = *pool;
    cpu->engine.crosses = !host->enter;
    cpu->host = *host;
    translate(cpu, base, size);
    cpu->now = (uint64_t)CSR_READ(timeh) << 32;
    CSR_WRITE(sstatus, 0);
    CSR_WRITE(scounteren, 0);
    CSR_WRITE(sie, IRQ_BIT(IRQ_STIMER));
    cpu->exact = host->enter && host->ticks == 1;
    if (!host->enter)
        build_trampoline(cpu);
}
